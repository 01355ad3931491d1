"""The announcement page in a real Chromium: the operator's road from a brief to the clipboard."""

import re

import pytest
from serving import open_page, open_sidebar

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

BRIEF = "目的：周末办一次阳台种菜分享\n时间：2026年11月28日（周六）晚上8点\n地点：群里直播\n报名：在群里接龙"


def write(page: "playwright.Page", brief: str) -> None:
    open_page(page, "公告")
    page.get_by_label("要发的事").fill(brief)
    page.get_by_role("button", name="写公告").click()
    expect(page.locator(".bubble .sentence").first).to_be_visible()


def test_from_a_brief_to_the_clipboard(page: "playwright.Page") -> None:
    write(page, BRIEF)
    bubble = page.locator(".bubble")
    expect(bubble.locator(".mark.gap")).to_have_count(1)

    page.locator(".st-key-missing").get_by_role("textbox").fill("11月27日中午12点")
    page.get_by_role("button", name="补上").click()
    expect(bubble).to_contain_text("11月27日")
    expect(bubble.locator(".mark.gap")).to_have_count(0)

    page.get_by_role("button", name="修改").click()
    editor = page.get_by_label("修改公告")
    expect(editor).to_have_value(re.compile("阳台种菜"))
    text = editor.input_value()
    editor.fill(f"{text}\n每人 99 元。")
    page.get_by_role("button", name="重新检查").click()
    expect(bubble.locator(".mark.error")).to_contain_text("99")
    expect(page.locator(".verdict.error")).to_be_visible()
    page.get_by_role("button", name="修改").click()
    expect(editor).to_have_value(re.compile("99"))
    editor.fill(text)
    page.get_by_role("button", name="重新检查").click()
    expect(bubble).to_be_visible()
    expect(bubble.locator(".mark.error")).to_have_count(0)

    page.get_by_role("button", name="复制").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == text

    open_sidebar(page)
    expect(page.get_by_text("最近复制")).to_be_visible()
    page.get_by_text("English", exact=True).click()
    expect(page.get_by_role("button", name="Copy", exact=True)).to_be_attached()
    expect(bubble).to_contain_text("11月27日")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_pointing_at_a_sentence_lights_up_its_facts_and_back(page: "playwright.Page") -> None:
    write(page, BRIEF)
    page.locator(".bubble .sentence", has_text="晚上8点").hover()
    expect(page.locator(".facts li.lit").first).to_contain_text("晚上8点")
    expect(page.locator(".strip")).to_contain_text("第 2 行")
    page.locator(".facts li", has_text="晚上8点").first.hover()
    expect(page.locator(".bubble .sentence.lit", has_text="晚上8点")).to_be_visible()


def test_what_is_typed_but_not_handed_in_outlives_a_change_of_language(page: "playwright.Page") -> None:
    write(page, BRIEF)
    page.locator(".st-key-missing").get_by_role("textbox").fill("周五中午")
    open_sidebar(page)
    page.get_by_text("English", exact=True).click()
    expect(page.get_by_role("button", name="Fill in")).to_be_attached()
    expect(page.locator(".st-key-missing").get_by_role("textbox")).to_have_value("周五中午")


def test_the_editor_keeps_unchecked_words_when_the_language_changes(page: "playwright.Page") -> None:
    write(page, BRIEF)
    page.get_by_role("button", name="修改").click()
    expect(page.get_by_label("修改公告")).to_have_value(re.compile("阳台种菜"))
    page.get_by_label("修改公告").fill("改到一半")
    open_sidebar(page)
    page.get_by_text("English", exact=True).click()
    expect(page.get_by_label("Edit: Announcement")).to_have_value("改到一半")


def test_two_operators_at_once_do_not_mix(page: "playwright.Page", address: str) -> None:
    other = page.context.new_page()
    other.goto(address)
    write(page, BRIEF)
    write(other, BRIEF.replace("阳台种菜", "旧书交换"))
    expect(page.locator(".bubble")).to_contain_text("阳台种菜")
    expect(other.locator(".bubble")).not_to_contain_text(re.compile("阳台种菜"))
