"""Learning from edits in a real Chromium: the third edit of a kind is asked about where the text was copied, and followed."""

import re
import uuid
from datetime import UTC, datetime

import pytest
from serving import open_page, settle

from copilot import Draft
from copilot.facts.profiles import GroupProfile
from copilot.records import Part, Request
from copilot.store import Store

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

TEXT = "各位书友好呀，{number}号一起换书。\n想来的朋友在群里接龙。"
BRIEF = "群：{group}\n成员：书友\n12月9日上午9点换书，地点：社区小屋，报名找前台登记，12月4日18点截止"


@pytest.fixture
def greeting(page: "playwright.Page") -> str:
    """One for each size: what is done in several groups is a habit of all, and all tests share a server."""
    return "大家好，" if page.viewport_size["width"] > 500 else "书虫们，"


@pytest.fixture
def group(store: Store, greeting: str) -> str:
    """A group of this test's own, with two drafts whose salutation was changed before they were sent."""
    name = f"青榕里换书群{uuid.uuid4().hex[:6]}"
    store.save_group(GroupProfile(name=name))
    for number in range(2):
        text = TEXT.format(number=number)
        made = Draft(
            id=uuid.uuid4().hex[:12],
            kind="announcement",
            writer="offline",
            text=text,
            parts=(Part(name="announcement", text=text),),
            request=Request(brief="换书"),
            created=datetime.now(UTC),
        )
        store.keep(made, group=name)
        store.mark_sent(made.id, text.replace("各位书友好呀，", greeting))
    return name


def write(page: "playwright.Page", group: str) -> None:
    """An announcement for the group, on a page that holds nothing yet."""
    open_page(page, "公告")
    page.get_by_label("要发的事").fill(BRIEF.format(group=group))
    page.get_by_role("button", name="写公告").click()
    expect(page.locator(".bubble .sentence").first).to_be_visible()
    settle(page)


def open_group(page: "playwright.Page", name: str) -> None:
    """The wording of a group's page."""
    open_page(page, "群档案")
    page.get_by_role("button", name=name).click()
    page.get_by_role("tab", name="写法").click()


def test_a_third_edit_is_asked_about_followed_and_taken_back(
    page: "playwright.Page", store: Store, group: str, greeting: str
) -> None:
    write(page, group)
    expect(page.locator(".bubble")).to_contain_text("各位书友好呀")
    page.get_by_role("button", name="修改").click()
    editor = page.get_by_label("修改公告")
    expect(editor).to_have_value(re.compile("各位书友好呀"))
    editor.fill(editor.input_value().replace("各位书友好呀，", greeting))
    page.get_by_role("button", name="重新检查").click()
    expect(page.locator(".bubble")).to_contain_text(greeting)
    settle(page)
    expect(page.get_by_text("从您的改动里看出")).to_have_count(0)
    page.get_by_role("button", name="复制", exact=True).click()
    expect(page.get_by_text(f"您总把开头的称呼改成“{greeting}”")).to_be_visible()
    page.get_by_text("看依据").click()
    expect(page.locator(".compared .lines ins")).to_have_text(greeting)
    settle(page)
    page.get_by_role("button", name="以后都这样写").first.click()
    expect(page.get_by_text(f"您总把开头的称呼改成“{greeting}”")).to_have_count(0)
    assert [row.kept for row in store.habits(group) if row.habit.group] == [True]

    settle(page)
    page.get_by_text("简报", exact=True).click()
    page.get_by_role("button", name="重新写").click()
    expect(page.locator(".bubble")).to_contain_text(greeting)
    expect(page.locator(".bubble")).to_contain_text("12月9日")
    settle(page)

    open_group(page, group)
    expect(page.get_by_text(f"开头称呼用“{greeting}”")).to_be_visible()
    page.get_by_role("button", name="撤回").click()
    expect(page.get_by_text("不照做的")).to_be_visible()
    assert [row.kept for row in store.habits(group) if row.habit.group] == [False]
