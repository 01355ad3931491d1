"""The desk as a whole in a real Chromium: nothing typed is lost, the chat knows what is open, two operators stay apart."""

import re

import pytest
from serving import open_page, open_sidebar, settle

from copilot.store import Store

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

BRIEF = "目的：周末办一次阳台种菜分享\n时间：2026年11月28日（周六）晚上8点\n地点：群里直播\n报名：在群里接龙"


def write(page: "playwright.Page", brief: str) -> None:
    open_page(page, "公告")
    page.get_by_label("要发的事").fill(brief)
    page.get_by_role("button", name="写公告").click()
    expect(page.locator(".bubble .sentence").first).to_be_visible()
    settle(page)


def again(page: "playwright.Page", address: str, name: str) -> None:
    """A new session in the same tab, on that page."""
    page.wait_for_timeout(500)  # the tab keeps what the fields show once the page is at rest
    page.goto(address)
    open_page(page, name)
    settle(page)


def test_a_brief_that_was_not_handed_in_outlives_other_pages_and_a_reload(
    page: "playwright.Page", address: str
) -> None:
    field = page.get_by_label("要发的事")
    open_page(page, "公告")
    field.fill("周六换书，还没写完")
    open_page(page, "群日报")
    again(page, address, "公告")
    expect(field).to_have_value("周六换书，还没写完")
    field.fill("")
    field.press("Tab")
    settle(page)
    again(page, address, "公告")
    expect(field).to_have_value("")
    settle(page)


def test_a_draft_with_its_edits_and_answers_outlives_a_reload(page: "playwright.Page", address: str) -> None:
    write(page, BRIEF)
    editor, answer = page.get_by_label("修改公告"), page.locator(".st-key-missing").get_by_role("textbox").first
    page.get_by_role("button", name="修改").click()
    expect(editor).to_have_value(re.compile("阳台种菜"))
    editor.fill(f"{editor.input_value()}\n一起来。")
    page.get_by_role("button", name="重新检查").click()
    expect(page.locator(".bubble")).to_contain_text("一起来")
    settle(page)
    page.get_by_role("button", name="修改").click()
    expect(editor).to_have_value(re.compile("一起来"))
    editor.fill("改到一半")
    answer.fill("周五中午")
    again(page, address, "公告")
    expect(editor).to_have_value("改到一半")
    expect(answer).to_have_value("周五中午")
    page.get_by_role("button", name="不改了").click()
    expect(page.locator(".bubble")).to_contain_text("一起来")
    settle(page)


def test_a_week_a_digest_and_a_profile_outlive_a_reload(page: "playwright.Page", address: str) -> None:
    for name, press, shown in (("周计划", "排计划", ".week .slot"), ("群日报", "整理", ".digest-head")):
        open_page(page, name)
        page.get_by_role("button", name="看一个样例").click()
        page.get_by_text("这是样例").wait_for()
        page.get_by_role("button", name=press, exact=True).click()
        expect(page.locator(shown).first).to_be_visible(timeout=60_000)
        settle(page)
        again(page, address, name)
        expect(page.locator(shown).first).to_be_visible()
        settle(page)
    open_page(page, "群档案")
    page.get_by_role("button", name="新建群档案").click()
    page.get_by_label("群名").fill("晨读群")
    page.get_by_role("button", name="加一个人").click()
    page.locator(".st-key-person-0 input").first.fill("小满")
    again(page, address, "群档案")
    expect(page.get_by_label("群名")).to_have_value("晨读群")
    expect(page.locator(".st-key-person-0 input").first).to_have_value("小满")
    settle(page)


def test_half_a_sentence_to_the_copilot_outlives_other_pages_and_a_reload(
    page: "playwright.Page", address: str, store: Store
) -> None:
    open_page(page, "对话")
    field = page.get_by_test_id("stChatInputTextArea")
    field.fill("说到一半")
    open_page(page, "公告")
    again(page, address, "对话")
    expect(field).to_have_value("说到一半")
    field.press("Enter")
    expect(page.locator(".turn.operator")).to_have_count(1)
    settle(page)
    expect(field).to_have_value("")
    again(page, address, "对话")
    page.wait_for_timeout(500)
    expect(field).to_have_value("")
    for row in store.conversations():
        store.forget_conversation(row.id)


def test_the_chat_shortens_the_draft_that_was_open(page: "playwright.Page", store: Store) -> None:
    write(page, f"{BRIEF}\n请带一盆自己的苗，可以当场换。听完留下来聊聊，想学的提前说。")
    page.get_by_role("button", name="聊这份").click()
    expect(page.get_by_role("heading", level=1, name="对话")).to_be_visible()
    expect(page.locator(".bubble")).to_contain_text("阳台种菜")
    before = len(page.locator(".bubble").inner_text())
    settle(page)
    field = page.get_by_test_id("stChatInputTextArea")
    field.fill("短一点")
    field.press("Enter")
    expect(page.locator(".bubble")).to_have_count(2, timeout=60_000)
    assert len(page.locator(".bubble").last.inner_text()) < before
    settle(page)
    page.get_by_role("button", name="在“公告”打开").last.click()
    expect(page.get_by_role("heading", level=1, name="公告")).to_be_visible()
    settle(page)
    for row in store.conversations():
        store.forget_conversation(row.id)


def test_two_operators_in_two_browsers_keep_their_drafts_and_their_languages(
    page: "playwright.Page", address: str
) -> None:
    context = page.context.browser.new_context(viewport=page.viewport_size, reduced_motion="reduce")
    other = context.new_page()
    other.goto(address)
    write(page, BRIEF)
    write(other, BRIEF.replace("阳台种菜", "旧书交换"))
    open_sidebar(other)
    other.get_by_text("English", exact=True).click()
    expect(other.get_by_role("button", name="Copy", exact=True)).to_be_attached()
    settle(other)
    page.get_by_role("button", name="修改").click()
    expect(page.get_by_label("修改公告")).to_have_value(re.compile("阳台种菜"))
    expect(other.locator(".bubble")).to_contain_text("旧书交换")
    expect(other.locator(".bubble")).not_to_contain_text("阳台种菜")
    settle(page)
    context.close()
