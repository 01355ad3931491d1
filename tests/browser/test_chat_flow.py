"""A conversation in a real Chromium: said, answered, gone on with, reloaded, found again, copied."""

from collections.abc import Iterator

import pytest
from serving import open_page, settle

from copilot.store import Store

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

BRIEF = "帮我写个通知：周六晚上8点线上分享会，王老师讲育儿，免费，在群里接龙报名"
CHAT = "小栗 10:02\n明天几点集合？\n阿蒙 10:05\n八点半北门，雨衣我带\n小栗 10:06\n押金什么时候退呀"


@pytest.fixture
def chat(page: "playwright.Page", store: Store) -> Iterator["playwright.Page"]:
    """The page, with no conversation left behind."""
    open_page(page, "对话")
    yield page
    for row in store.conversations():
        store.forget_conversation(row.id)


def say(page: "playwright.Page", text: str) -> None:
    field = page.get_by_test_id("stChatInputTextArea")
    field.fill(text)
    for _ in range(5):  # the field sends nothing while a file is still on its way
        field.press("Enter")
        page.wait_for_timeout(500)
        if not field.input_value():
            break
    settle(page)


def test_from_words_to_a_draft_that_is_corrected_copied_and_found_again(chat: "playwright.Page") -> None:
    say(chat, BRIEF)
    expect(chat.locator(".bubble")).to_contain_text("线上分享会", timeout=60_000)
    say(chat, "不是8点是7点半")
    expect(chat.locator(".bubble").last).to_contain_text("晚上7点半", timeout=60_000)
    expect(chat.locator(".turn.operator")).to_have_count(2)
    address = chat.url
    assert "c=" in address
    again = chat.context.new_page()  # its own, as Streamlit asks for its files below a page's address first: 404
    again.goto(address)
    expect(again.locator(".turn.operator")).to_have_count(2, timeout=60_000)
    settle(again)
    again.get_by_role("button", name="复制").last.click()
    expect(again.get_by_role("button", name="已复制")).to_be_visible()
    assert "7点半" in again.evaluate("navigator.clipboard.readText()")


def test_a_tool_opens_to_its_sources(chat: "playwright.Page") -> None:
    say(chat, "群里有人天天发砍一刀，我该怎么管才不伤和气")
    use = chat.locator("details.use")
    expect(use).to_be_visible(timeout=60_000)
    settle(chat)
    expect(use.locator("q").first).to_be_hidden()
    use.locator("summary").click()
    expect(use.locator("q").first).to_be_visible()


def test_a_chat_comes_as_a_file_and_what_is_typed_outlives_a_rerun(chat: "playwright.Page") -> None:
    chat.locator("[data-testid=stChatInput] input[type=file]").set_input_files(
        [{"name": "群聊.txt", "mimeType": "text/plain", "buffer": CHAT.encode()}]
    )
    settle(chat)
    say(chat, "整理一下")
    expect(chat.locator(".bubble").first).to_contain_text("日报", timeout=60_000)
    settle(chat)
    field = chat.get_by_test_id("stChatInputTextArea")
    field.fill("我们答应过他们")
    chat.get_by_label("找说过的话").fill("整理")
    chat.get_by_label("找说过的话").press("Enter")
    settle(chat)
    expect(field).to_have_value("我们答应过他们")
    expect(chat.locator(".st-key-conversations").get_by_role("button", name="整理一下")).to_be_visible()
