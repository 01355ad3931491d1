"""The pictures of the README, made from the samples: docs/screenshot*.png.

Run with `.venv/bin/python scripts/screenshots.py` (needs the `dev` extra and a Chromium).
"""

import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))
from serving import ARGUMENTS, CHROMIUM, open_page, served, settle  # noqa: E402

LAPTOP, PHONE = (1280, 800, 1.5), (390, 844, 2.0)
COLOURS = 128  # of a picture: flat areas and letters need no more


def drafted(page: Page, name: str, button: str) -> None:
    """The sample of a job, drafted."""
    open_page(page, name)
    page.get_by_role("button", name="看一个样例").click()
    page.get_by_text("这是样例").wait_for()
    page.get_by_role("button", name=button, exact=True).click()
    page.locator("button.copy").first.wait_for(timeout=60_000)
    settle(page)


def announcement(page: Page) -> None:
    """One sentence pointed at."""
    drafted(page, "公告", "写公告")
    page.locator(".facts li").first.wait_for()
    page.locator(".bubble .sentence", has_text="时间").first.hover()


def digest(page: Page) -> None:
    drafted(page, "群日报", "整理")


def weekly_plan(page: Page) -> None:
    drafted(page, "周计划", "排计划")


def today(page: Page) -> None:
    """After a day's work, without the first steps."""
    open_page(page, "今天")
    if (later := page.get_by_role("button", name="以后再说")).is_visible():
        later.click()
    page.locator("[class*='st-key-need-']").first.wait_for()
    settle(page)


SHOTS: dict[str, tuple[Callable[[Page], None], tuple[int, int, float]]] = {
    "screenshot": (announcement, LAPTOP),
    "screenshot-phone": (announcement, PHONE),
    "screenshot-digest": (digest, LAPTOP),
    "screenshot-plan": (weekly_plan, LAPTOP),
    "screenshot-today": (today, LAPTOP),  # the last: it shows what the others have left
}


def shoot(browser: Browser, address: str, name: str) -> Path:
    """One picture, in few colours."""
    lay, (width, height, scale) = SHOTS[name]
    size: ViewportSize = {"width": width, "height": height}
    page = browser.new_context(viewport=size, device_scale_factor=scale, is_mobile=width < 500).new_page()
    page.goto(address)
    lay(page)
    page.wait_for_timeout(1_000)  # fonts and the fold of the brief settle
    path = ROOT / "docs" / f"{name}.png"
    path.parent.mkdir(exist_ok=True)
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    page.context.close()
    return path


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name in SHOTS:
            print(shoot(browser, address, name))
        browser.close()
