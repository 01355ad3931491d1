"""The first steps in a real Chromium: typed, reloaded, switched to English, kept; and the samples."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import open_page, open_sidebar, served, settle

from copilot.store import Store

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

NAME = "青榕里读书群"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a server of this test's own keeps everything: nothing is kept there yet."""
    return tmp_path


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    with served(folder) as found:
        yield found


def fill(page: "playwright.Page", label: str, words: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(words)
    field.press("Tab")
    settle(page)


def press(page: "playwright.Page", name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settle(page)


def test_the_four_steps_outlast_a_reload_and_another_language(page: "playwright.Page", store: Store) -> None:
    expect(page.get_by_text("先走四步")).to_be_visible()
    fill(page, "群名", NAME)
    fill(page, "人数", "86")
    fill(page, "谁在管，一行一位", "小满（领读；工作日 19:00–21:00）")
    press(page, "下一步")
    expect(page.get_by_text("平时的语气")).to_be_visible()
    page.reload()
    expect(page.get_by_text("平时的语气")).to_be_visible()
    settle(page)
    open_sidebar(page)
    page.get_by_role("radio", name="English").or_(page.get_by_role("button", name="English")).click()
    if page.viewport_size["width"] < 500:
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(page.get_by_text("Four steps to start")).to_be_visible()
    settle(page)
    page.get_by_role("radio", name="1 Your group").or_(page.get_by_role("button", name="1 Your group")).click()
    expect(page.get_by_label("Group name", exact=True)).to_have_value(NAME)
    settle(page)
    for field in ("Usual tone", "Path of a folder or file", "Whose model"):
        press(page, "Next")
        expect(page.get_by_label(field).first).to_be_visible()
        settle(page)
    press(page, "Start")
    expect(page.get_by_text("Four steps to start")).to_have_count(0)
    profile = store.group(NAME).profile
    assert (profile.members, [person.name for person in profile.staff]) == (86, ["小满"])
    page.reload()
    expect(page.get_by_role("heading", level=1, name="今天")).to_be_visible()
    settle(page)
    expect(page.get_by_text("先走四步")).to_have_count(0)


def test_a_sample_is_looked_at_in_two_clicks_and_marked_everywhere(page: "playwright.Page", store: Store) -> None:
    page.get_by_role("button", name="示例 · 公告").click()
    expect(page.get_by_role("heading", level=1, name="公告", exact=True)).to_be_visible()
    expect(page.get_by_text("这是样例")).to_be_visible()
    page.get_by_role("button", name="写公告").click()
    expect(page.locator(".bubble .sentence").first).to_be_visible(timeout=60_000)
    settle(page)
    assert [draft.group for draft in store.drafts()] == ["青榕里晨跑群（示例）"]
    open_page(page, "今天")
    expect(page.get_by_text("先走四步")).to_be_visible()
    press(page, "示例群")
    expect(page.get_by_label("群名")).to_have_value("泥上见陶艺·会员群（示例）")
