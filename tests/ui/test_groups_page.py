"""The page of group profiles, driven without a browser."""

from pathlib import Path

import pytest
import streamlit as st
from driving import FULL
from streamlit.testing.v1 import AppTest

from copilot import Copilot
from copilot.facts.profiles import GroupProfile, StaffMember
from copilot.store import Store
from copilot.ui import state
from copilot.ui.state import GroupForm

PAGE = """
from copilot.ui import frame
from copilot.ui.pages import announcement, crisis_reply, groups, history, weekly_plan
frame.draw({"groups": groups.page, "weekly_plan": weekly_plan.page, "announcement": announcement.page,
            "crisis_reply": crisis_reply.page, "history": history.page})
"""


def opened(group: str | None = None) -> AppTest:
    """The page as a new session sees it, with one group open."""
    app = AppTest.from_string(PAGE, default_timeout=60)
    if group is not None:
        app.session_state[state.GROUPS_OPEN.name] = group
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def write(app: AppTest, form: GroupForm, name: str, value: str) -> AppTest:
    kind = app.text_area if name in ("purpose", "audience", "assets", "constraints", "notes") else app.text_input
    kind(key=form.field(name).name).set_value(value).run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    return "\n".join([*(piece.body for piece in app.get("html")), *(piece.value for piece in app.code)])


def test_an_empty_page_says_what_a_profile_is_for(store: Store) -> None:
    page = opened()
    assert "还没有群档案" in shown(page)
    assert page.button(key="new-group").label == "新建群档案"


def test_a_new_group_is_typed_and_kept(store: Store) -> None:
    page, form = press(opened(), "new-group"), GroupForm("")
    write(page, form, "name", "青榕里读书群")
    write(page, form, "constraints", "不发红包\n\n 22 点以后不发 ")
    page.number_input(key=form.field("members").name).set_value(86).run()
    press(page, "add-person")
    page.text_input(key=form.person(0, "name").name).set_value("小满").run()
    page.text_input(key=form.person(0, "hours").name).set_value("工作日 19:00–21:00").run()
    assert "读作：工作日 19:00–21:00" in shown(page)
    press(page, "save")
    kept = store.group("青榕里读书群").profile
    assert kept.constraints == ("不发红包", "22 点以后不发")
    assert kept.members == 86
    assert kept.staff == (StaffMember(name="小满", hours="工作日 19:00–21:00"),)
    press(page, "back")
    assert "小满" in shown(page)
    assert page.button(key="new-group").label == "新建群档案"


def test_every_field_of_a_profile_comes_back_from_the_form(store: Store) -> None:
    store.save_group(FULL)
    page = opened(FULL.name)
    write(page, GroupForm(FULL.name), "stage", "第三年")
    press(page, "save")
    assert store.group(FULL.name).profile == FULL.model_copy(update={"stage": "第三年"})
    assert store.group(FULL.name).version == 2


def test_saving_what_did_not_change_makes_no_version(store: Store) -> None:
    store.save_group(FULL)
    press(opened(FULL.name), "save")
    assert len(store.group_versions(FULL.name)) == 1


def test_what_is_typed_stays_when_another_group_or_page_is_looked_at(store: Store) -> None:
    store.save_group(FULL)
    store.save_group(GroupProfile(name="青榕里晨跑群"))
    page = opened(FULL.name)
    write(page, GroupForm(FULL.name), "stage", "写到一半")
    press(page, "back")
    assert "有没存的改动" in shown(page)
    press(page, "open-0")
    press(page, "back")
    page.segmented_control(key=state.LANGUAGE.name).set_value("en").run()
    press(page, "open-1")
    assert page.text_input(key=GroupForm(FULL.name).field("stage").name).value == "写到一半"
    assert "not saved yet: Stage" in shown(page)


def test_somebody_without_a_name_is_asked_for_and_nothing_is_lost(store: Store) -> None:
    store.save_group(GroupProfile(name="青榕里读书群"))
    page, form = opened("青榕里读书群"), GroupForm("青榕里读书群")
    press(page, "add-person")
    page.text_input(key=form.person(0, "duty").name).set_value("领读").run()
    press(page, "save")
    assert "没有名字" in shown(page)
    assert page.text_input(key=form.person(0, "duty").name).value == "领读"
    press(page, "remove-0")
    press(page, "save")
    assert "没有名字" not in shown(page)


def test_a_group_without_a_name_is_not_kept(store: Store) -> None:
    page = press(opened(), "new-group")
    write(page, GroupForm(""), "purpose", "一起读书")
    press(page, "save")
    assert "群名" in shown(page)
    assert not store.groups()


def test_a_name_that_is_taken_is_told(store: Store) -> None:
    store.save_group(FULL)
    page = press(opened(), "new-group")
    write(page, GroupForm(""), "name", FULL.name)
    press(page, "save")
    assert "已经有一份叫" in shown(page)
    assert store.group(FULL.name).profile == FULL


def test_a_group_with_a_new_name_leaves_the_old_one(store: Store) -> None:
    store.save_group(FULL)
    page = opened(FULL.name)
    write(page, GroupForm(FULL.name), "name", "青榕里共读群")
    press(page, "save")
    assert [group.name for group in store.groups()] == ["青榕里共读群"]
    assert len(store.group_versions(FULL.name)) == 2
    assert page.session_state[state.GROUPS_OPEN.name] == "青榕里共读群"


def test_when_somebody_else_saved_both_are_shown_and_either_can_be_taken(store: Store) -> None:
    store.save_group(FULL)
    page, form = opened(FULL.name), GroupForm(FULL.name)
    write(page, form, "stage", "我改的阶段")
    write(page, form, "quiet", "我改的免打扰")
    store.save_group(FULL.model_copy(update={"quiet": "别人改的免打扰", "stage": "别人改的阶段"}))
    press(page, "save")
    told = shown(page)
    for words in ("你和别人写的不一样", "我改的阶段", "别人改的阶段", "我改的免打扰", "别人改的免打扰"):
        assert words in told, words
    assert store.group(FULL.name).version == 2
    press(page, "take-quiet")
    press(page, "keep-mine")
    assert "你和别人写的不一样" not in shown(page)
    press(page, "save")
    kept = store.group(FULL.name)
    assert kept.version == 3
    assert (kept.profile.quiet, kept.profile.stage) == ("别人改的免打扰", "我改的阶段")


def test_when_somebody_else_saved_other_fields_both_edits_stand(store: Store) -> None:
    store.save_group(FULL)
    page, form = opened(FULL.name), GroupForm(FULL.name)
    write(page, form, "stage", "我改的阶段")
    store.save_group(FULL.model_copy(update={"members": 99, "staff": ()}))
    press(page, "save")
    assert "人数、人手已经换成对方的" in shown(page)
    assert store.group(FULL.name).version == 2
    press(page, "save")
    assert "已经换成对方的" not in shown(page)
    assert store.group(FULL.name).profile == FULL.model_copy(update={"members": 99, "staff": (), "stage": "我改的阶段"})


def test_when_somebody_else_saved_theirs_can_be_taken(store: Store) -> None:
    store.save_group(FULL)
    page, form = opened(FULL.name), GroupForm(FULL.name)
    write(page, form, "stage", "我改的阶段")
    store.save_group(FULL.model_copy(update={"stage": "别人改的阶段"}))
    press(page.run(), "take-all")
    assert page.text_input(key=form.field("stage").name).value == "别人改的阶段"
    assert "还没存" not in shown(page)


def test_a_form_nobody_typed_in_follows_what_was_saved(store: Store) -> None:
    store.save_group(FULL)
    page = opened(FULL.name)
    store.save_group(FULL.model_copy(update={"stage": "别人改的阶段"}))
    page.run()
    assert page.text_input(key=GroupForm(FULL.name).field("stage").name).value == "别人改的阶段"
    assert "换成对方的" not in shown(page)


def test_what_is_typed_outlives_somebody_elses_removal_and_saving_brings_it_back(store: Store) -> None:
    store.save_group(FULL)
    page = opened(FULL.name)
    write(page, GroupForm(FULL.name), "stage", "我改的阶段")
    store.remove_group(FULL.name)
    page.run()
    assert "已经删掉" in shown(page)
    press(page, "save")
    assert store.group(FULL.name).profile.stage == "我改的阶段"


def test_versions_are_compared_and_an_earlier_one_is_had_back(store: Store) -> None:
    store.save_group(FULL)
    store.save_group(FULL.model_copy(update={"quiet": "23:00–7:00"}))
    page = opened(FULL.name)
    assert "<ins>3</ins>" in shown(page)
    press(page, "restore-1")
    assert store.group(FULL.name).profile == FULL
    assert store.group(FULL.name).version == 3
    assert page.text_input(key=GroupForm(FULL.name).field("quiet").name).value == "22:00–7:00"


def test_a_removal_can_be_undone(store: Store) -> None:
    store.save_group(FULL)
    page = press(opened(FULL.name), "remove")
    assert "已经删掉" in shown(page)
    assert not store.groups()
    press(page, "undo")
    assert store.group(FULL.name).profile == FULL


def test_a_group_removed_long_ago_is_found_by_its_name(store: Store) -> None:
    store.save_group(FULL)
    store.remove_group(FULL.name)
    page = opened()
    page.text_input(key="recover-name").set_value("没有这个群")
    next(one for one in page.button if one.label == "看它的各版").click().run()
    assert "没有存过" in shown(page)
    page.text_input(key="recover-name").set_value(FULL.name)
    next(one for one in page.button if one.label == "看它的各版").click().run()
    press(page, "restore-1")
    assert store.group(FULL.name).profile == FULL


def upload(page: AppTest, name: str, text: str | bytes) -> AppTest:
    data = text.encode() if isinstance(text, str) else text
    page.file_uploader(key="upload").upload(name, data, "text/plain").run()
    assert not page.exception
    return page


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "群名: 青榕里读书群\n人数: 86\n人手:\n- {姓名: 小满, 时间: 每天晚上}\n"),
        ("a.json", '{"群名": "青榕里读书群", "人数": 86, "人手": [{"姓名": "小满", "时间": "每天晚上"}]}'),
        ("a.txt", "群名：青榕里读书群\n人数：86\n人手：小满（；每天晚上）"),
    ],
)
def test_a_file_fills_the_form_and_is_kept_only_when_saved(store: Store, name: str, text: str) -> None:
    page = upload(opened(), name, text)
    assert not store.groups()
    press(page, "save")
    kept = store.group("青榕里读书群").profile
    assert kept.members == 86
    assert kept.staff == (StaffMember(name="小满", hours="每天晚上"),)


def test_a_file_for_a_group_that_is_kept_opens_it_with_the_new_words(store: Store) -> None:
    store.save_group(FULL)
    page = upload(opened(), "a.txt", f"群名：{FULL.name}\n人数：120")
    assert "还没存：" in shown(page)
    press(page, "save")
    assert store.group(FULL.name).profile == GroupProfile(name=FULL.name, members=120)
    assert store.group_versions(FULL.name)[0].profile == FULL


def test_a_file_does_not_push_aside_what_is_typed(store: Store) -> None:
    store.save_group(FULL)
    page = opened(FULL.name)
    write(page, GroupForm(FULL.name), "stage", "写到一半")
    press(page, "back")
    upload(page, "a.txt", f"群名：{FULL.name}\n人数：120")
    assert page.text_input(key=GroupForm(FULL.name).field("stage").name).value == "写到一半"
    assert "文件里的" in shown(page)


@pytest.mark.parametrize(
    ("text", "words"), [("群名：甲\n星座：水瓶", "不认识"), (bytes(range(256)) * 4, "不是文本"), ("", "空")]
)
def test_a_file_that_cannot_be_read_is_told_with_what_to_do(store: Store, text: str | bytes, words: str) -> None:
    page = upload(opened(), "a.txt", text)
    assert words in shown(page)
    assert 'role="alert"' in shown(page)


def test_the_profile_goes_into_the_weeks_brief(store: Store) -> None:
    store.save_group(FULL)
    page = opened(FULL.name)
    page.session_state[state.WEEKLY_PLAN.brief.name] = "目标: 多来些人"
    press(page, "plan")
    brief = page.session_state[state.WEEKLY_PLAN.brief.name]
    assert brief.startswith("目标: 多来些人\n群档案:\n- 群名: 青榕里读书群\n")
    assert "<h1>周计划</h1>" in shown(page)
    plan = Copilot().draft_weekly_plan(brief, suffix=page.session_state[state.WEEKLY_PLAN.format.name])
    assert {row["owner"] for row in plan.structure["slots"]} <= {"小满", "阿舟", ""}


def test_a_version_that_cannot_be_read_is_told_and_an_earlier_one_is_had_back(store: Store) -> None:
    from sqlalchemy import update

    from copilot.store.schema import group_versions

    store.save_group(FULL)
    store.save_group(FULL.model_copy(update={"members": 90}))
    with store.database.writing() as connection:
        connection.execute(update(group_versions).where(group_versions.c.number == 2).values(profile="{}"))
    page = opened()
    assert "读不出来" in shown(page)
    press(page, "open-0")
    press(page, "restore-1")
    assert store.group(FULL.name).profile == FULL


def test_a_database_that_cannot_be_used_is_told_with_what_to_do(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COPILOT_DATABASE_URL", f"sqlite:///{tmp_path}")  # a folder
    st.cache_resource.clear()
    assert 'role="alert"' in shown(opened())


def test_markup_in_a_profile_is_shown_and_never_run(store: Store) -> None:
    evil = "<img src=x onerror=alert(1)>"
    store.save_group(FULL.model_copy(update={"name": evil, "group_type": evil}))
    store.save_group(FULL.model_copy(update={"name": evil, "group_type": evil + evil}))
    page = opened()
    assert "<img" not in shown(page)
    press(page, "open-0")
    assert "<img" not in shown(page)
