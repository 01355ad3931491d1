"""The history in a real Chromium: a draft is found again, compared, copied, started again from and deleted."""

import uuid
from datetime import UTC, datetime

import pytest
from serving import open_page, settle

from copilot import Draft
from copilot.records import Request
from copilot.store import Store

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

TEXT = "【旧书交换】\n周六下午三点，社区小屋见。\n想来的接龙。"


def keep(store: Store, words: str, text: str = TEXT) -> str:
    """A kept draft whose brief says `words`."""
    kept = Draft(
        id=uuid.uuid4().hex[:12],
        kind="announcement",
        writer="offline",
        text=text,
        request=Request(brief=f"周六旧书交换，{words}"),
        created=datetime.now(UTC),
    )
    store.keep(kept)
    return kept.id


def open_draft(row: "playwright.Locator") -> None:
    """Open a draft of the list and wait until it is drawn to its end."""
    row.click()
    expect(row.page.locator(".bubble")).to_be_visible()
    settle(row.page)


def look_up(page: "playwright.Page", words: str) -> None:
    """Open the one draft with these words."""
    open_page(page, "历史")
    page.get_by_label("找", exact=True).fill(words)
    page.get_by_label("找", exact=True).press("Enter")
    expect(page.locator("[class*='st-key-open-'] button")).to_have_count(1)
    open_draft(page.locator("[class*='st-key-open-'] button"))


def test_what_was_drafted_is_in_the_history(page: "playwright.Page") -> None:
    words = uuid.uuid4().hex[:8]
    open_page(page, "公告")
    page.get_by_label("要发的事").fill(f"周六晚上 8 点直播讲堆肥，地点：群里直播，主讲：{words}")
    page.get_by_role("button", name="写公告").click()
    expect(page.locator(".bubble .sentence").first).to_be_visible()
    look_up(page, words)
    expect(page.locator(".bubble")).to_contain_text("堆肥")
    page.locator(".bubble .sentence", has_text="8").first.hover()
    expect(page.locator(".facts li.lit").first).to_be_visible()


def test_an_edit_is_compared_with_what_was_drafted(page: "playwright.Page", store: Store) -> None:
    words = uuid.uuid4().hex[:8]
    store.revise(keep(store, words), TEXT.replace("三点", "四点"))
    look_up(page, words)
    expect(page.locator(".bubble")).to_contain_text("四点")
    page.get_by_role("tab", name="改动").click()
    expect(page.locator(".compared .lines del")).to_have_text("三")
    expect(page.locator(".compared .lines ins")).to_have_text("四")
    expect(page.locator(".compared .gone .sign")).to_have_text("−")
    decoration = "element => getComputedStyle(element).textDecorationLine"
    assert page.locator(".compared .lines del").evaluate(decoration) == "line-through"
    assert page.locator(".compared .lines ins").evaluate(decoration) == "underline"


def test_two_drafts_are_compared(page: "playwright.Page", store: Store) -> None:
    words = uuid.uuid4().hex[:8]
    keep(store, words)
    other = uuid.uuid4().hex[:8]
    keep(store, other, TEXT.replace("【旧书交换】", f"【{other}】").replace("社区小屋", "河边凉亭"))
    look_up(page, words)
    page.get_by_role("button", name="回到列表").click()
    page.get_by_role("button", name="清空条件").click()
    expect(page.get_by_label("找", exact=True)).to_have_value("")  # else the next click brings the old words back
    open_draft(page.locator("[class*='st-key-open-'] button", has_text="旧书交换").first)
    page.get_by_role("tab", name="改动").click()
    page.get_by_role("combobox", name="到").click()
    page.get_by_role("option", name=other).click()
    expect(page.locator(".compared .lines ins", has_text="河边凉亭")).to_be_visible()


def test_copying_is_recorded_as_sent(page: "playwright.Page", store: Store) -> None:
    words = uuid.uuid4().hex[:8]
    draft = keep(store, words)
    look_up(page, words)
    page.get_by_role("button", name="复制").click()
    expect(page.get_by_role("tab", name="发出 · 1")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == TEXT
    assert [sending.text for sending in store.draft(draft).sendings] == [TEXT]


def test_the_brief_is_used_again_and_a_half_written_one_is_asked_about(page: "playwright.Page", store: Store) -> None:
    words = uuid.uuid4().hex[:8]
    keep(store, words)
    open_page(page, "公告")
    page.get_by_label("要发的事").fill("写到一半的事")
    page.get_by_label("要发的事").blur()  # a click without a pause would overtake what was typed
    look_up(page, words)
    page.get_by_role("button", name="再用一次").click()
    expect(page.get_by_text("写到一半的事")).to_be_visible()
    page.get_by_role("button", name="换掉它").click()
    expect(page.get_by_role("heading", level=1, name="公告")).to_be_visible()
    expect(page.get_by_label("要发的事")).to_have_value(f"周六旧书交换，{words}")
    page.get_by_role("button", name="写公告").click()
    expect(page.locator(".bubble")).to_contain_text("旧书交换")


def test_a_draft_is_deleted_for_good_after_being_asked(page: "playwright.Page", store: Store) -> None:
    words = uuid.uuid4().hex[:8]
    keep(store, words)
    look_up(page, words)
    page.get_by_role("button", name="删除").click()
    page.get_by_role("button", name="确定删除").click()
    expect(page.get_by_text("没有符合这些条件的")).to_be_visible()
    assert not store.drafts(text=words)
