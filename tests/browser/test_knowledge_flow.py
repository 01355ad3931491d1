"""The page of documents in a real Chromium: from a dropped file to its words in their place, an answer with its sources."""

from collections.abc import Iterator

import pytest
from serving import open_page, settle

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

NAME = "灯塔书店值班手册.md"
DOCUMENT = """# 灯塔书店值班手册

值班的人每天先看一遍交接本，把没做完的事写在最前面。

## 书寄丢了怎么办

先查物流单号，三天没有动静就补寄一本，运费由书店出。

<img src=x onerror="document.title='stolen'">

## 读者在群里吵架

先把两个人分开私聊，群里只说一句“我来处理”。

版权所有 © 2026 灯塔书店 未经授权不得转载
"""


@pytest.fixture
def knowledge(page: "playwright.Page") -> Iterator["playwright.Page"]:
    """The page with one document dropped on it, which is taken out again."""
    open_page(page, "知识库")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        [{"name": NAME, "mimeType": "text/markdown", "buffer": DOCUMENT.encode()}]
    )
    expect(document(page)).to_be_visible()
    settle(page)
    yield page
    view(page, "资料")
    if page.get_by_role("button", name="回到资料").is_visible():
        page.get_by_role("button", name="回到资料").click()
    document(page).click()
    page.get_by_role("button", name="拿掉").click()
    page.get_by_role("button", name="确定拿掉").click()
    expect(document(page)).to_have_count(0)
    assert page.title() != "stolen"


def document(page: "playwright.Page") -> "playwright.Locator":
    return page.locator(".st-key-kept-list").get_by_role("button", name="灯塔书店值班手册")


def view(page: "playwright.Page", name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()
    settle(page)


def ask(page: "playwright.Page", question: str) -> None:
    page.get_by_label("问题").fill(question)
    page.get_by_label("问题").press("Enter")


def test_from_a_dropped_file_to_its_words_in_their_place(knowledge: "playwright.Page") -> None:
    view(knowledge, "搜索")
    ask(knowledge, "书寄丢了，物流单号三天没动静")
    hit = knowledge.locator(".hit", has_text=NAME).filter(has_text="补寄一本")
    expect(hit.locator(".snippet mark").first).to_be_visible()
    hit.locator("summary").click()
    expect(hit.locator(".original")).to_contain_text("先查物流单号，三天没有动静就补寄一本")
    expect(hit.locator(".where")).to_contain_text(f"{NAME} · 第 5–7 行")
    view(knowledge, "资料")
    view(knowledge, "问答")
    expect(knowledge.get_by_label("问题")).to_have_value("书寄丢了，物流单号三天没动静")


def test_what_was_left_out_is_kept_and_dropped_again(knowledge: "playwright.Page") -> None:
    document(knowledge).click()
    stretch = knowledge.locator("[class*=st-key-stretch-]", has_text="未经授权")
    expect(stretch).to_contain_text("版权、备案或免责文字")
    expect(knowledge.locator(".stretch", has_text="<img src=x")).to_be_visible()
    stretch.get_by_role("button", name="保留").click()
    knowledge.get_by_role("tab", name="您留下的 · 1").click()
    knowledge.get_by_role("button", name="丢弃").click()
    expect(knowledge.get_by_role("tab", name="略去的 · 2")).to_be_visible()
    knowledge.get_by_role("tab", name="全文").click()
    expect(knowledge.locator("del.dropped", has_text="未经授权")).to_be_visible()
    expect(knowledge.locator("del.dropped", has_text="<img src=x")).to_be_visible()


def test_the_number_of_an_answer_opens_its_source_and_the_answer_is_copied(page: "playwright.Page") -> None:
    open_page(page, "知识库")
    view(page, "问答")
    ask(page, "群里有人发广告怎么处理")
    number = page.locator("button.cite").first
    expect(number).to_be_visible(timeout=60_000)
    settle(page)
    source = page.locator(".sources li").first
    expect(source.locator(".original")).to_be_hidden()
    number.click()
    expect(source.locator(".original .cited").first).to_be_visible()
    page.get_by_role("button", name="复制").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    assert "出处：\n[1]" in page.evaluate("navigator.clipboard.readText()")
