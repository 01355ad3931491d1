"""The crisis reply page in a real Chromium: from what happened to the replies on the clipboard and the next one."""

import re

import pytest
from serving import open_page

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]


@pytest.fixture
def crisis(page: "playwright.Page") -> "playwright.Page":
    """The sample's replies."""
    open_page(page, "危机回复")
    page.get_by_role("button", name="看一个样例").click()
    page.get_by_text("这是样例").wait_for()
    page.get_by_role("button", name="写回复").click()
    expect(page.locator(".alarm")).to_be_visible()
    return page


def statement(page: "playwright.Page") -> "playwright.Locator":
    return page.locator(".st-key-post-statement")


def test_from_what_happened_to_the_first_words_on_the_clipboard(crisis: "playwright.Page") -> None:
    expect(crisis.locator(".ledger section")).to_have_count(3)
    expect(crisis.locator(".ledger")).to_contain_text("17:20")
    first = crisis.locator(".st-key-post-holding")
    first.get_by_role("button", name="复制").click()
    expect(first.get_by_role("button", name="已复制")).to_be_visible()
    assert crisis.evaluate("navigator.clipboard.readText()").strip() == first.locator(".bubble").inner_text().strip()


def test_a_promise_edited_into_the_statement_is_found_there(crisis: "playwright.Page") -> None:
    statement(crisis).get_by_role("button", name="修改").click()
    editor = statement(crisis).get_by_role("textbox")
    expect(editor).to_have_value(re.compile("侧门"))
    editor.fill(f"{editor.input_value()}\n每户赔 800 元。")
    statement(crisis).get_by_role("button", name="重新检查").click()
    expect(statement(crisis).locator(".bubble .mark.error").first).to_be_visible()
    expect(statement(crisis).locator(".verdict.error")).to_be_visible()
    expect(crisis.locator(".st-key-post-holding .verdict.error")).to_have_count(0)


def test_private_replies_later_updates_and_the_teams_sheet_have_tabs_of_their_own(crisis: "playwright.Page") -> None:
    crisis.get_by_role("tab", name=re.compile("私聊")).click()
    expect(crisis.locator(".chat-head", has_text="豆包妈妈").first).to_be_visible()
    crisis.get_by_role("tab", name=re.compile("之后更新")).click()
    expect(crisis.locator("[class*='st-key-post-update']").first).to_be_visible()
    crisis.get_by_role("tab", name="内部").click()
    expect(crisis.locator(".steps li").first).to_be_visible()
    expect(crisis.locator(".turned-down").first).to_contain_text("移出群")


def test_the_next_statement_is_written_from_the_news(crisis: "playwright.Page") -> None:
    news = crisis.locator(".st-key-news")
    news.get_by_role("textbox").fill("11月23日 21:40 豆包在小区东门找到")
    news.get_by_role("button", name="写下一条进展").click()
    expect(statement(crisis).locator(".bubble")).to_contain_text("东门找到")
    expect(crisis.get_by_text("和上一条相比")).to_be_visible()
    expect(news.get_by_role("textbox")).to_have_value("")


def test_the_brief_and_the_replies_outlive_a_visit_to_another_page(crisis: "playwright.Page") -> None:
    text = crisis.locator(".st-key-post-holding .bubble").inner_text()
    open_page(crisis, "公告")
    open_page(crisis, "危机回复")
    expect(crisis.locator(".st-key-post-holding .bubble")).to_have_text(text)
