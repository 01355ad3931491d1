"""The digest's page in a real Chromium: from a chat to the report on the clipboard, the messages behind a claim, the files."""

import re
from pathlib import Path

import pytest
from serving import exported, open_page, settle

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

CHAT = """微信群"白鹭湾晨泳队"的聊天记录如下:

领队阿满 2026-11-20 07:02
大家早，周日下水改到 6:40 集合，地点还是二号码头

海带 2026-11-20 07:30
请问更衣室的储物柜怎么租？

浪花 2026-11-20 07:45
今天浪有点大

海带 2026-11-20 12:20
更衣室储物柜到底怎么租，有人知道吗？
"""


@pytest.fixture
def digest(page: "playwright.Page") -> "playwright.Page":
    """The digest of a pasted chat."""
    open_page(page, "群日报")
    page.get_by_label("群聊记录").fill(CHAT)
    page.get_by_role("button", name="整理", exact=True).click()
    expect(page.locator(".digest-head")).to_be_visible(timeout=60_000)
    settle(page)
    return page


def bubble(page: "playwright.Page") -> "playwright.Locator":
    return page.locator(".st-key-post-group")


def test_from_a_pasted_chat_to_the_report_on_the_clipboard(digest: "playwright.Page") -> None:
    expect(digest.locator(".digest-head")).to_contain_text("白鹭湾晨泳队")
    expect(digest.locator(".digest-head")).to_contain_text("4 条消息")
    text = bubble(digest).locator(".bubble").inner_text()
    bubble(digest).get_by_role("button", name="复制").click()
    expect(bubble(digest).get_by_role("button", name="已复制")).to_be_visible()
    assert digest.evaluate("navigator.clipboard.readText()").strip() == text.strip()
    open_page(digest, "历史")
    expect(digest.locator(".kept-meta .tag", has_text="已发").first).to_be_visible()


def test_a_claim_opens_its_messages_as_they_were_sent(digest: "playwright.Page") -> None:
    first = digest.locator(".st-key-first details", has_text="储物柜").first
    expect(first.locator(".excerpt")).to_be_hidden()
    first.locator("summary").click()
    expect(first.locator(".line.cited").first).to_contain_text("请问更衣室的储物柜怎么租？")
    expect(first.locator(".line.cited").first).to_contain_text("07:30")
    expect(first.locator(".line.near", has_text="周日下水")).to_be_visible()
    digest.get_by_role("tab", name=re.compile("待答")).click()
    asked = digest.locator("[role=tabpanel]:visible details", has_text="储物柜").first
    asked.locator("summary").press("Enter")
    expect(asked.locator(".line.cited")).to_have_count(2)


def test_the_files_open_in_their_readers(digest: "playwright.Page", tmp_path: Path) -> None:
    from docx import Document

    digest.get_by_role("button", name="导出").click()
    written = exported(digest, "Word 文档", tmp_path)
    assert written.name == "群日报-白鹭湾晨泳队-2026-11-20.docx"
    text = "\n".join(paragraph.text for paragraph in Document(str(written)).paragraphs)
    assert "储物柜" in text
    assert "海带" in text
    assert "先处理" in exported(digest, "Markdown", tmp_path).read_text(encoding="utf-8")
    picture = exported(digest, "分享图（PNG）", tmp_path).read_bytes()
    assert picture.startswith(b"\x89PNG")


def test_two_dropped_files_become_two_digests_and_an_overview(page: "playwright.Page", tmp_path: Path) -> None:
    other = CHAT.replace("白鹭湾晨泳队", "石榴巷合唱团").replace("储物柜", "谱架")
    (tmp_path / "晨泳.txt").write_text(CHAT, encoding="utf-8")
    (tmp_path / "合唱.txt").write_text(other, encoding="utf-8")
    open_page(page, "群日报")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files([tmp_path / "晨泳.txt", tmp_path / "合唱.txt"])
    expect(page.locator(".handed")).to_have_count(2)
    page.get_by_role("button", name="整理", exact=True).click()
    rows = page.locator(".st-key-groups-list button")
    expect(rows).to_have_count(2, timeout=60_000)
    page.get_by_role("button", name="石榴巷合唱团").click()
    expect(page.locator(".digest-head")).to_contain_text("石榴巷合唱团")
    expect(page.locator(".st-key-first")).to_contain_text("谱架")


def test_the_chat_and_its_digest_outlive_a_visit_to_another_page(digest: "playwright.Page") -> None:
    text = bubble(digest).locator(".bubble").inner_text()
    open_page(digest, "公告")
    open_page(digest, "群日报")
    expect(bubble(digest).locator(".bubble")).to_have_text(text)
    digest.get_by_text("聊天记录", exact=True).first.click()
    expect(digest.get_by_label("群聊记录")).to_have_value(CHAT)


def test_a_kept_digest_opens_again_with_its_messages(digest: "playwright.Page") -> None:
    open_page(digest, "历史")
    digest.locator("[class*='st-key-open-'] button").first.click()
    digest.get_by_role("button", name="在群日报里打开").click()
    expect(digest.get_by_role("heading", level=1, name="群日报")).to_be_visible()
    question = digest.locator(".st-key-first details").first
    question.locator("summary").click()
    expect(question.locator(".line.cited").first).to_be_visible()
