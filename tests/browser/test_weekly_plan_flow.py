"""The weekly plan page in a real Chromium: from notes to a week that can be moved about, exported and posted."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from serving import exported, open_page, settle

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]


@pytest.fixture
def plan(page: "playwright.Page") -> "playwright.Page":
    """The sample's week."""
    open_page(page, "周计划")
    page.get_by_role("button", name="看一个样例").click()
    page.get_by_text("这是样例").wait_for()
    page.get_by_role("button", name="排计划").click()
    expect(page.locator(".week .slot").first).to_be_visible()
    return page


def is_phone(page: "playwright.Page") -> bool:
    return bool(page.viewport_size["width"] < 500)


def card(page: "playwright.Page", words: str) -> "playwright.Locator":
    return page.locator(".week .slot", has_text=words).first


def test_a_card_opens_its_slot_and_its_message_goes_to_the_clipboard(plan: "playwright.Page") -> None:
    card(plan, "现场开窑").click()
    post = plan.locator("[class*='st-key-post-']").first
    expect(post.locator(".bubble")).to_contain_text("开窑")
    expect(card(plan, "现场开窑")).to_have_attribute("aria-pressed", "true")
    post.get_by_role("button", name="复制").click()
    expect(post.get_by_role("button", name="已复制")).to_be_visible()
    assert plan.evaluate("navigator.clipboard.readText()").strip() == post.locator(".bubble").inner_text().strip()


def test_a_price_edited_into_a_message_is_found(plan: "playwright.Page") -> None:
    card(plan, "现场开窑").click()
    post = plan.locator("[class*='st-key-post-']").first
    expect(post.locator(".bubble")).to_contain_text("开窑")
    post.get_by_role("button", name="修改").click()
    editor = post.get_by_role("textbox")
    expect(editor).to_have_value(re.compile("开窑"))
    editor.fill(f"{editor.input_value()}\n门票 68 元。")
    post.get_by_role("button", name="重新检查").click()
    expect(post.locator(".bubble .mark.error").first).to_contain_text("68")


def test_a_card_dragged_to_another_day_moves_and_says_what_is_against_it(plan: "playwright.Page") -> None:
    if is_phone(plan):
        pytest.skip("a finger scrolls; the form below moves slots on a phone")
    slot = card(plan, "现场开窑")
    name = slot.get_attribute("data-slot")
    slot.drag_to(plan.locator(".week .cell[data-place='2026-11-24 14']"))
    moved = plan.locator(f".week .slot[data-slot='{name}']")
    expect(plan.locator(".notice", has_text="不在阿陶的时间里")).to_be_visible()
    expect(plan.locator("[data-testid='stSelectbox'] input[value*='11月24日']")).to_have_count(1)
    expect(moved).to_have_class(re.compile("warning"))


def test_a_slot_is_moved_by_its_form(plan: "playwright.Page") -> None:
    card(plan, "现场开窑").click()
    settle(plan)  # a list that is open while the page is drawn closes again
    plan.get_by_role("button", name="改时间或人").click()
    plan.get_by_role("combobox", name="负责人").last.click()
    plan.get_by_role("option", name="小釉").click()
    plan.get_by_role("button", name="改好了").last.click()
    expect(plan.locator(".notice", has_text="不在小釉的时间里")).to_be_visible()
    expect(card(plan, "现场开窑")).to_contain_text("小釉")


def test_the_exports_open_in_their_readers(plan: "playwright.Page", tmp_path: Path) -> None:
    from icalendar import Calendar
    from openpyxl import load_workbook

    plan.get_by_role("button", name="导出").click()
    book = load_workbook(exported(plan, "Excel 表", tmp_path))
    assert book.worksheets[0].freeze_panes
    rows = list(csv.reader(StringIO(exported(plan, "CSV 表", tmp_path).read_text(encoding="utf-8-sig"))))
    assert any("现场开窑" in cell for row in rows for cell in row)
    events = list(Calendar.from_ical(exported(plan, "日历（ics）", tmp_path).read_bytes()).walk("VEVENT"))
    assert len(events) + 1 == len(rows)
    assert "现场开窑" in exported(plan, "Markdown", tmp_path).read_text(encoding="utf-8")
    assert "阿陶" in exported(plan, "按人的文字", tmp_path).read_text(encoding="utf-8")
    assert "周六" in exported(plan, "按天的文字", tmp_path).read_text(encoding="utf-8")


def test_what_was_not_followed_is_shown_with_what_is_done_instead(plan: "playwright.Page") -> None:
    plan.get_by_role("tab", name=re.compile("没照做的")).click()
    expect(plan.locator(".turned-down li").first).to_be_visible()
    expect(plan.locator(".turned-down .instead").first).to_contain_text("改为")


def test_the_table_and_the_calendar_are_two_views_of_one_week(plan: "playwright.Page") -> None:
    plan.get_by_text("表格", exact=True).click()
    expect(plan.get_by_test_id("stDataFrame")).to_be_visible()
    plan.get_by_text("日历", exact=True).click()
    expect(plan.locator(".week .slot").first).to_be_visible()


def test_a_slot_is_written_as_an_announcement(plan: "playwright.Page") -> None:
    card(plan, "现场开窑").click()
    plan.get_by_role("button", name="写成公告").click()
    expect(plan.get_by_role("heading", level=1, name="公告")).to_be_visible()
    expect(plan.get_by_label("要发的事")).to_have_value(re.compile("开窑"))


def test_a_cell_edited_in_the_table_changes_the_plan(plan: "playwright.Page") -> None:
    if is_phone(plan):
        pytest.skip("the table is edited with a keyboard; a phone has the form")
    plan.get_by_text("表格", exact=True).click()
    table = plan.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    header, row = 35, 35  # pixels
    box = table.bounding_box()
    plan.wait_for_timeout(1_000)  # the grid is drawn on a canvas: there is nothing to wait for
    plan.mouse.dblclick(box["x"] + box["width"] * 0.5, box["y"] + header + row / 2)
    plan.locator("textarea.gdg-input").fill("改过的动作")
    plan.keyboard.press("Enter")
    plan.wait_for_timeout(1_000)  # the grid hands its edits over after a moment
    plan.get_by_text("日历", exact=True).click()
    expect(card(plan, "改过的动作")).to_be_visible()
