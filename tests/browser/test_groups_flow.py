"""The group profiles in a real Chromium: typed, kept, met by somebody else's, taken from a file and into the week."""

import uuid
from pathlib import Path

import pytest
from serving import exported, open_page, settle

from copilot.facts.profiles import GroupProfile, StaffMember, read_profile
from copilot.store import Store

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

HOURS = "工作日 19:00–21:00"


@pytest.fixture
def name() -> str:
    """A group of this test's own: all tests share a server."""
    return f"青榕里读书群{uuid.uuid4().hex[:6]}"


@pytest.fixture
def kept(store: Store, name: str) -> None:
    """The group as `type_group` and `save` make it by hand."""
    store.save_group(GroupProfile(name=name, staff=(StaffMember(name="小满", hours=HOURS),)))


@pytest.fixture
def group(kept: None, page: "playwright.Page", name: str) -> "playwright.Page":
    """The page of a kept group."""
    open_group(page, name)
    return page


def type_group(page: "playwright.Page", name: str) -> None:
    """A new group with a name and one person, not saved yet."""
    open_page(page, "群档案")
    page.get_by_role("button", name="新建群档案").click()
    page.get_by_label("群名").fill(name)
    page.get_by_role("button", name="加一个人").click()
    page.get_by_label("姓名").fill("小满")
    page.get_by_label("什么时候有空").fill(HOURS)
    page.get_by_label("什么时候有空").press("Tab")
    expect(page.get_by_text(f"读作：{HOURS}")).to_be_visible()


def save(page: "playwright.Page", version: int) -> None:
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text(f"第 {version} 版 · ").first).to_be_visible()


def change(page: "playwright.Page", label: str, words: str) -> None:
    page.get_by_label(label, exact=True).fill(words)
    page.get_by_label(label, exact=True).press("Tab")
    expect(page.get_by_text("还没存：")).to_be_visible()


def open_group(page: "playwright.Page", name: str) -> None:
    open_page(page, "群档案")
    page.get_by_role("button", name=name).click()
    expect(page.get_by_label("群名")).to_have_value(name)


def test_a_group_is_typed_kept_and_there_in_another_session(page: "playwright.Page", name: str, address: str) -> None:
    type_group(page, name)
    save(page, 1)
    other = page.context.new_page()
    other.goto(address)
    open_group(other, name)
    expect(other.get_by_label("姓名")).to_have_value("小满")
    expect(other.get_by_text(f"读作：{HOURS}")).to_be_visible()


def test_what_is_typed_outlives_another_page(page: "playwright.Page", name: str) -> None:
    type_group(page, name)
    open_page(page, "公告")
    open_page(page, "群档案")
    expect(page.get_by_label("群名")).to_have_value(name)
    expect(page.get_by_label("什么时候有空")).to_have_value(HOURS)


def test_two_who_edit_at_once_both_keep_their_words(group: "playwright.Page", name: str, address: str) -> None:
    other = group.context.new_page()
    other.goto(address)
    open_group(other, name)
    change(other, "阶段", "别人写的阶段")
    change(group, "阶段", "我写的阶段")
    save(other, 2)
    group.get_by_role("button", name="保存", exact=True).click()
    expect(group.get_by_text("你和别人写的不一样")).to_be_visible()
    sides = group.locator(".st-key-rival-stage .two-sides")
    expect(sides).to_contain_text("我写的阶段")
    expect(sides).to_contain_text("别人写的阶段")
    group.get_by_role("button", name="其余留我写的").click()
    expect(group.get_by_text("你和别人写的不一样")).to_have_count(0)
    save(group, 3)
    group.get_by_role("tab", name="各版").click()
    expect(group.locator(".compared .lines ins", has_text="我")).to_be_visible()


def test_an_earlier_version_is_had_back(group: "playwright.Page", name: str) -> None:
    change(group, "免打扰", "22:00–7:00")
    expect(group.get_by_text("读作：每天 22:00–次日 07:00")).to_be_visible()
    save(group, 2)
    group.get_by_role("tab", name="各版").click()
    group.get_by_role("button", name="换回这一版").click()
    expect(group.get_by_role("tab", name="各版 · 3")).to_be_visible()
    group.get_by_role("tab", name="资料").click()
    expect(group.get_by_label("免打扰")).to_have_value("")


def test_a_profile_leaves_as_a_file_and_comes_back(group: "playwright.Page", name: str, tmp_path: Path) -> None:
    path = exported(group, "导出 YAML", tmp_path)
    assert path.name == f"{name}.yaml"
    profile = read_profile(path.read_text(encoding="utf-8"), suffix=".yaml")
    assert profile.staff == (StaffMember(name="小满", hours=HOURS),)
    path.write_text(path.read_text(encoding="utf-8") + "人数: 86\n", encoding="utf-8")
    group.get_by_role("button", name="所有群").click()
    group.get_by_role("button", name="从文件读入").click()
    group.locator("input[type=file]").set_input_files(path)
    expect(group.get_by_text("还没存：人数")).to_be_visible()
    expect(group.get_by_label("人数", exact=True)).to_have_value("86")
    save(group, 2)


def test_a_group_is_removed_after_being_asked_and_had_back(group: "playwright.Page", name: str) -> None:
    group.get_by_role("button", name="删除").click()
    group.get_by_role("button", name="确定删除").click()
    expect(group.get_by_text("已经删掉")).to_be_visible()
    settle(group)
    group.get_by_role("button", name="撤销").click()
    expect(group.get_by_label("群名")).to_have_value(name)


def test_the_profile_becomes_the_weeks_brief(group: "playwright.Page", name: str) -> None:
    group.get_by_role("button", name="用它做周计划").click()
    expect(group.get_by_role("heading", level=1, name="周计划")).to_be_visible()
    brief = group.get_by_label("这周的情况")
    expect(brief).to_be_visible()
    assert f"- 群名: {name}\n" in brief.input_value()
    assert "姓名: 小满" in brief.input_value()
