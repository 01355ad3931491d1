"""A server, a Chromium and a tab of each size for all browser tests, and a fresh session of the pages for each."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import ARGUMENTS, CHROMIUM, served

from copilot import Settings
from copilot.store import Store

playwright = pytest.importorskip("playwright.sync_api")
playwright.expect.set_options(timeout=20_000)

SIZES = {"laptop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps everything."""
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="session")
def address(folder: Path) -> Iterator[str]:
    with served(folder) as found:
        yield found


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """The database of the server, from another process."""
    kept = Store(Settings(home=folder / "home", database_url=None))
    yield kept
    kept.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator["playwright.Browser"]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def tabs(chromium: "playwright.Browser") -> Iterator[dict[str, "playwright.Page"]]:
    """A tab of each size. They keep the scripts they have read, which are most of what opening a page costs."""
    granted = ["clipboard-read", "clipboard-write"]
    contexts = {
        name: chromium.new_context(viewport=size, permissions=granted, reduced_motion="reduce")
        for name, size in SIZES.items()
    }
    yield {name: context.new_page() for name, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture(scope="module", params=SIZES)
def tab(request: pytest.FixtureRequest, tabs: dict[str, "playwright.Page"]) -> "playwright.Page":
    return tabs[request.param]


@pytest.fixture
def page(tab: "playwright.Page", address: str) -> Iterator["playwright.Page"]:
    """A fresh session; whatever the console complains of, or asks of another machine, fails the test."""
    complaints: list[str] = []
    listeners: dict[str, Callable[[Any], None]] = {
        "console": lambda message: complaints.append(message.text) if message.type == "error" else None,
        "pageerror": lambda error: complaints.append(str(error)),
        "request": lambda sent: (
            None if sent.url.startswith((address, "data:", "blob:")) else complaints.append(sent.url)
        ),
    }
    for event, listener in listeners.items():
        tab.on(event, listener)
    tab.set_default_timeout(20_000)
    tab.goto(address)
    yield tab
    wide = tab.evaluate("document.documentElement.scrollWidth > innerWidth")
    for event, listener in listeners.items():
        tab.remove_listener(event, listener)
    _leave(tab, address)
    assert complaints == []
    assert not wide, "the page scrolls sideways"


def _leave(tab: "playwright.Page", address: str) -> None:
    """End the session, then forget what it kept in the browser: while it lives, it writes that again."""
    tab.goto(f"{address}/_stcore/health")
    tab.evaluate("localStorage.clear(), sessionStorage.clear()")
    tab.goto("about:blank")
    tab.context.clear_cookies()
    for other in tab.context.pages:
        if other is not tab:
            other.close()
