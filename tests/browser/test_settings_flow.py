"""The settings in a real Chromium: a model saved and tried, its key never sent back, the language kept after a reload."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import ChatEndpoint, streamed
from serving import open_page, served, settle

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

KEY = "invented-0123456789-secret"
COUNTED = '{"words": "一，二，三，四，五，六，七，八，九，十"}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a server of this test's own keeps everything: settings are those of a whole server."""
    return tmp_path


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    with served(folder) as found:
        yield found


@pytest.fixture
def endpoint() -> Iterator[ChatEndpoint]:
    with ChatEndpoint(answer=lambda request: streamed(COUNTED)) as found:
        yield found


def choose(page: "playwright.Page", label: str, name: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=name, exact=True).click()
    settle(page)


def save(page: "playwright.Page", endpoint: ChatEndpoint) -> None:
    """A model at an address of one's own, its key typed, saved and tried."""
    open_page(page, "设置")
    choose(page, "用谁的模型", "别的地址（OpenAI 格式的接口）")
    for label, words in (("地址", endpoint.url), ("模型", "house")):
        field = page.get_by_role("textbox", name=label, exact=True)
        field.fill(words)
        field.press("Tab")
        settle(page)
    page.get_by_label("127.0.0.1 的密钥").fill(KEY)
    page.get_by_role("button", name="保存并试一下").click()
    expect(page.get_by_text("连得上，密钥和模型都对")).to_be_visible(timeout=60_000)
    settle(page)


def test_a_model_is_saved_and_tried_and_its_key_never_comes_back(
    page: "playwright.Page", endpoint: ChatEndpoint, folder: Path, address: str
) -> None:
    received: list[str | bytes] = []

    def hear(frame: str | bytes) -> None:
        received.append(frame)

    def listen(socket: "playwright.WebSocket") -> None:
        socket.on("framereceived", hear)

    page.on("websocket", listen)
    page.goto(address)
    save(page, endpoint)
    assert {request.headers["authorization"] for request in endpoint.requests} == {f"Bearer {KEY}"}
    assert KEY in (folder / "home" / "settings.toml").read_text(encoding="utf-8")
    expect(page.get_by_label("127.0.0.1 的密钥")).to_have_value("")
    expect(page.get_by_label("127.0.0.1 的密钥")).to_have_attribute("placeholder", "已设置；要换就填新的")
    page.goto(address)
    open_page(page, "设置")
    expect(page.get_by_label("127.0.0.1 的密钥")).to_have_value("")
    settle(page)
    page.remove_listener("websocket", listen)
    assert KEY not in page.content()
    assert page.evaluate("JSON.stringify([localStorage, sessionStorage])").count(KEY) == 0
    frames = b"".join(frame if isinstance(frame, bytes) else frame.encode() for frame in received)
    assert b"house" in frames, "the frames that the page received were not seen"
    assert KEY.encode() not in frames
    assert KEY not in (folder / "server.log").read_text(encoding="utf-8")


def test_the_language_is_chosen_and_there_after_a_reload(page: "playwright.Page", address: str) -> None:
    open_page(page, "设置")
    choose(page, "页面的语言", "English")
    expect(page.get_by_role("heading", level=1, name="Settings")).to_be_visible()
    page.goto(address)
    open_page(page, "Settings")
    expect(page.get_by_role("combobox", name="Language of the pages")).to_have_value("English")
    settle(page)


def test_rules_are_dropped_in_listed_and_refused_where_they_cannot_be_read(
    page: "playwright.Page", folder: Path
) -> None:
    open_page(page, "设置")
    rules = folder / "mine.yaml"
    rules.write_text("silence: [shouting]\nadd: [{code: old, message: 旧名, words: [旧名]}]\n", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(rules)
    expect(page.get_by_text("加了的")).to_be_visible()
    rules.write_text("silence:\n  - nobody\n", encoding="utf-8")
    settle(page)
    page.locator("input[type=file]").set_input_files(rules)
    expect(page.get_by_text("规则文件 mine.yaml 第 2 行")).to_be_visible()
    expect(page.get_by_text("加了的")).to_be_visible()
    settle(page)
