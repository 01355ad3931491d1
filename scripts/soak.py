"""Many operators at once: so many browser sessions draft, digest and change pages; counts what went wrong, and the memory.

Run with `.venv/bin/python scripts/soak.py --sessions 20 --minutes 3` (needs the `dev` extra, a Chromium and Linux). The
server is started for it, with a folder of its own, and ended with it. Exit 1 if anything went wrong.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright
from playwright.async_api import Error as BrowserError

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))
from serving import ARGUMENTS, CHROMIUM, served  # noqa: E402

PATIENCE = 60_000  # milliseconds for one step
PAGES = ("weekly_plan", "history", "groups", "crisis_reply", "knowledge", "chat")


@dataclass
class Tally:
    """What was done and what went wrong. `waits` are the seconds from a click to the text."""

    done: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("drafts", "digests", "page changes"), 0))
    waits: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Operator:
    """One session. Its group has a name that no other session's has, so that mixed work is seen."""

    def __init__(self, page: Page, number: int, tally: Tally) -> None:
        self.page = page
        self.name = f"第{number}号码头"
        self.tally = tally
        self.numbers = count(number)  # no two briefs or walks in a row are the same

    async def draft(self) -> None:
        """An announcement from a brief; the first goes on to another."""
        await self._ask(
            "announcement",
            f"主题：{self.name}换书会\n时间：12月{next(self.numbers) % 28 + 1}日 19:30\n地点：{self.name}\n费用：免费",
        )
        self.tally.done["drafts"] += 1

    async def digest(self) -> None:
        """A digest of a short chat."""
        lines = [f"小栗 10:0{minute}\n{self.name}几点开门？第{next(self.numbers)}次问了" for minute in range(6)]
        await self._ask("digest", "\n".join(lines))
        self.tally.done["digests"] += 1

    async def walk(self) -> None:
        """Two other pages."""
        for _ in range(2):
            await self._open(PAGES[next(self.numbers) % len(PAGES)])
            self.tally.done["page changes"] += 1

    async def _open(self, name: str) -> None:
        await self.page.locator(f"[data-testid=stSidebar] a[href$='{name}']").click()
        await self.page.wait_for_url(f"**/{name}*")
        await self._settle()

    async def _ask(self, job: str, words: str) -> None:
        await self._open(job)
        typed = self.page.locator(f".st-key-{job}-brief textarea")
        if not await typed.is_visible():
            await self.page.locator("[data-testid=stExpander] summary").first.click()
        await typed.fill(words)
        began = time.monotonic()
        await self.page.locator(".st-key-write button").click()
        await self._settle()
        bubble = self.page.locator(".bubble", has_text=self.name).first
        await bubble.wait_for()
        self.tally.waits.append(time.monotonic() - began)
        told = "\n".join(await self.page.locator(".bubble").all_inner_texts())
        if "号码头" in told.replace(self.name, ""):
            self.tally.errors.append(f"{self.name} sees another session's work")

    async def _settle(self) -> None:
        """Wait until the page stays drawn: a run may begin another."""
        rest = self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
        await rest.wait_for()
        await self.page.wait_for_timeout(150)
        await rest.wait_for()
        if await self.page.get_by_test_id("stException").count():
            self.tally.errors.append(f"an exception on {self.page.url}")


async def work(browser: Browser, address: str, number: int, until: float, tally: Tally) -> None:
    """One session from its first page to the end of the time; what goes wrong is counted, and it goes on afresh."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: tally.errors.append(f"in the browser: {error}"))
    operator = Operator(page, number, tally)
    steps = cycle((operator.draft, operator.walk, operator.draft, operator.digest, operator.walk, operator.draft))
    afresh = True
    while time.monotonic() < until:
        try:
            if afresh:
                await page.goto(address)
                await page.get_by_role("heading", level=1).wait_for()
                afresh = False
            await next(steps)()
        except BrowserError as error:
            tally.errors.append(f"{operator.name}: {str(error).splitlines()[0]}")
            afresh = True
    await context.close()


async def soak(address: str, server: int, sessions: int, seconds: float) -> tuple[Tally, dict[str, int]]:
    """All sessions at once for so long; the server's memory in megabytes before, half way, at the end and afterwards."""
    tally, memory = Tally(), {"start": resident(server)}
    until = time.monotonic() + seconds
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        tasks = [asyncio.create_task(work(browser, address, number, until, tally)) for number in range(1, sessions + 1)]
        await asyncio.sleep(seconds / 2)
        memory["middle"] = resident(server)
        await asyncio.sleep(seconds / 2)
        memory["end"] = resident(server)
        await asyncio.gather(*tasks)
        await browser.close()
    await asyncio.sleep(5)
    memory["afterwards"] = resident(server)
    return tally, memory


def resident(process: int) -> int:
    """Megabytes of memory that a process holds."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def only_child() -> int:
    """The server's process: the one that this one has started."""
    own = os.getpid()
    (child,) = Path(f"/proc/{own}/task/{own}/children").read_text(encoding="ascii").split()
    return int(child)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with served(Path(folder)) as address:
            tally, memory = asyncio.run(soak(address, only_child(), given.sessions, given.minutes * 60))
        logged = (Path(folder) / "server.log").read_text(encoding="utf-8").count("Traceback")
    waits = sorted(tally.waits) or [0.0]
    print(
        f"{given.sessions} sessions, {given.minutes:g} min: "
        + ", ".join(f"{n} {what}" for what, n in tally.done.items())
    )
    print(f"to the text: median {statistics.median(waits):.1f} s, 95 % {waits[int(len(waits) * 0.95) - 1]:.1f} s")
    print("memory: " + ", ".join(f"{megabytes} MB ({when})" for when, megabytes in memory.items()))
    print(f"{len(tally.errors)} errors, {logged} exceptions in the server's log")
    for error in tally.errors[:10]:
        print(f"  {error}")
    return 1 if tally.errors or logged or not tally.waits else 0


if __name__ == "__main__":
    raise SystemExit(main())
