"""How long things take here: whole processes from a cold start, and calls in a warm one.

Run by `make benchmark`. Nothing is written outside a temporary folder and no network is used.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("河边凉亭", "社区活动室二楼", "小满咖啡馆", "线上会议室")
EVENTS = ("晨跑", "共读会", "旧书交换", "亲子手工", "健身打卡开营")
QUESTIONS = ("群里没人说话怎么办", "有人发广告", "怎么写活动预告", "新人进群要做什么", "什么时候该解散一个群")


def timed(call: Callable[..., object], *arguments: object) -> float:
    """Seconds that one call takes."""
    started = perf_counter()
    call(*arguments)
    return perf_counter() - started


def cold(*arguments: str) -> float:
    """The median of five whole processes, in seconds."""
    return statistics.median(
        timed(lambda: subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=ROOT))
        for _ in range(5)
    )


def brief(event: str, place: str, number: int) -> str:
    """One of twenty invented briefs, in three formats."""
    day, price, seats = number % 27 + 1, number * 3, number + 10
    lines = [
        f"{event}，4月{day}日晚上7点到9点",
        f"地点：{place}",
        f"费用：{price} 元",
        f"名额：{seats} 人",
        f"报名截止：4月{day}日中午12点",
    ]
    if number % 3 == 0:
        return "\n".join(lines)
    if number % 3 == 1:
        return "群名: 测试群\n事实:\n" + "".join(f"  - {line}\n" for line in lines)
    return "帮我发个通知。" + "；".join(lines) + "。接龙报名，报满为止。"


def main() -> None:
    """Measure and print the table."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"COPILOT_HOME": home, "COPILOT_WRITER": "offline"}
        rows = [
            *warm(),
            ("import copilot, cold", cold("-c", "import copilot"), 0.15),
            ("copilot --help, cold", cold("-m", "copilot.cli", "--help"), 0.4),
            (
                "copilot draft announcement, cold",
                cold("-m", "copilot.cli", "draft", "announcement", "examples/brief.yaml"),
                3.0,
            ),
            ("copilot search, cold", cold("-m", "copilot.cli", "search", QUESTIONS[0]), None),
        ]
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    for name, seconds, most in rows:
        print(f"{name:<36}{seconds * 1000:>9.1f} ms" + (f"   (at most {most * 1000:.0f})" if most else ""))


def warm() -> list[tuple[str, float, float | None]]:
    """Calls in this process, after one that loads everything and builds the index."""
    from datetime import datetime

    from copilot import Copilot

    copilot = Copilot()
    now = datetime(2026, 3, 30, 9, tzinfo=copilot.settings.zone)
    briefs = [brief(event, place, number) for number, (event, place) in enumerate(product(EVENTS, PLACES))]
    first = timed(copilot.search, "预热")
    copilot.draft_announcement(briefs[0], now=now)
    drafts = [timed(partial(copilot.draft_announcement, text, now=now)) for text in briefs]
    searches = [timed(copilot.search, text) for text in QUESTIONS * 4]
    return [
        ("first search (builds the index)", first, None),
        ("draft, warm, median of 20", statistics.median(drafts), 0.15),
        ("draft, warm, 95th percentile", statistics.quantiles(drafts, n=20)[-1], 0.15),
        ("search, warm, median of 20", statistics.median(searches), None),
    ]


if __name__ == "__main__":
    main()
