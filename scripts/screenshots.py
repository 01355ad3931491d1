"""The pictures of the README, made from the sample brief: docs/screenshot.png and docs/screenshot-phone.png.

Run with `.venv/bin/python scripts/screenshots.py` (needs the `dev` extra and a Chromium).
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))
from serving import ARGUMENTS, CHROMIUM, open_page, served  # noqa: E402

SHOTS = {"screenshot": (1280, 800, 1.5), "screenshot-phone": (390, 844, 2)}


def shoot(browser: Browser, address: str, name: str) -> Path:
    """One picture of the sample's draft, with one sentence pointed at."""
    width, height, scale = SHOTS[name]
    size: ViewportSize = {"width": width, "height": height}
    page = browser.new_context(viewport=size, device_scale_factor=scale, is_mobile=width < 500).new_page()
    page.goto(address)
    open_page(page, "公告")
    page.get_by_role("button", name="看一个样例").click()
    page.get_by_text("这是样例").wait_for()
    page.get_by_role("button", name="写公告").click()
    page.locator("button.copy").wait_for(timeout=60_000)
    page.locator(".facts li").first.wait_for()
    page.locator(".bubble .sentence", has_text="时间").first.hover()
    page.wait_for_timeout(1_000)  # fonts and the fold of the brief settle
    path = ROOT / "docs" / f"{name}.png"
    path.parent.mkdir(exist_ok=True)
    page.screenshot(path=path)
    return path


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name in SHOTS:
            print(shoot(browser, address, name))
        browser.close()
