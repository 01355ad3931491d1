"""A server and a Chromium for all browser tests, and a fresh session of the pages at each size."""

from collections.abc import Iterator

import pytest
from serving import ARGUMENTS, CHROMIUM, served

playwright = pytest.importorskip("playwright.sync_api")
playwright.expect.set_options(timeout=20_000)

SIZES = {"laptop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("server")) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator["playwright.Browser"]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, chromium: "playwright.Browser", address: str) -> Iterator["playwright.Page"]:
    """A fresh session; whatever the console complains of, or asks of another machine, fails the test."""
    context = chromium.new_context(viewport=SIZES[request.param], permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda sent: None if sent.url.startswith((address, "data:", "blob:")) else complaints.append(sent.url),
    )
    page.goto(address)
    yield page
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()
    assert complaints == []
    assert not wide, "the page scrolls sideways"
