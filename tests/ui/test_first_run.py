"""The first steps on an empty desk, driven without a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from driving import FULL, labels, press, shown
from streamlit.testing.v1 import AppTest

from copilot import Copilot
from copilot.facts.profiles import StaffMember
from copilot.playbook.library import read_library
from copilot.settings import Settings
from copilot.store import Store
from copilot.ui import archive, samples, state

PAGE = """
from copilot.ui import frame
from copilot.ui.pages import announcement, crisis_reply, digest, groups, today, weekly_plan
frame.draw({"today": today.page, "announcement": announcement.page, "crisis_reply": crisis_reply.page,
            "weekly_plan": weekly_plan.page, "digest": digest.page, "groups": groups.page})
"""
TITLE = "先走四步"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A data folder of this test's own, with nothing in it."""
    monkeypatch.setenv("COPILOT_HOME", str(tmp_path / "home"))
    st.cache_resource.clear()
    kept = Copilot().store
    yield kept
    kept.close()
    state.copilot().store.close()
    st.cache_resource.clear()


def opened() -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60).run()
    assert not app.exception
    return app


def typed(app: AppTest) -> AppTest:
    app.text_input(key=state.GUIDE_NAME.name).set_value("青榕里读书群").run()
    app.number_input(key=state.GUIDE_MEMBERS.name).set_value(86).run()
    app.text_area(key=state.GUIDE_STAFF.name).set_value("小满（领读；工作日 19:00–21:00）\n\n阿舟").run()
    return app


def test_all_four_steps_leave_what_was_said(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "群资料"
    folder.mkdir()
    (folder / "规章.md").write_text("# 值班\n\n周六由青禾值班。\n", encoding="utf-8")
    page = press(typed(opened()), "下一步")
    page.selectbox(key=state.setting("tone").name).set_value("formal").run()
    press(page, "下一步")
    page.text_input(key=state.SETTINGS_FOLDER.name).set_value(str(folder)).run()
    press(page, "下一步")
    assert "没有接模型" not in shown(page)
    assert page.selectbox(key=state.SETTINGS_PROVIDER.name).value == ""
    press(page, "开始用")
    assert not page.exception
    assert TITLE not in shown(page)
    profile = store.group("青榕里读书群").profile
    assert profile.members == 86
    assert profile.staff == (
        StaffMember(name="小满", duty="领读", hours="工作日 19:00–21:00"),
        StaffMember(name="阿舟"),
    )
    assert Settings.load().tone == "formal"
    assert [one.path for one in read_library(Settings.load()).added] == [folder]
    assert TITLE not in shown(opened())


def test_every_step_may_be_left_empty(store: Store) -> None:
    page = opened()
    for label in ("下一步", "下一步", "下一步", "开始用"):
        press(page, label)
        assert not page.exception
    assert TITLE not in shown(page)
    assert store.groups() == ()
    assert TITLE not in shown(opened())


def test_nothing_typed_is_lost_between_steps(store: Store) -> None:
    page = press(press(typed(opened()), "下一步"), "下一步")
    page.text_input(key=state.SETTINGS_FOLDER.name).set_value("/not/there").run()
    press(page, "下一步")
    assert page.text_input(key=state.SETTINGS_FOLDER.name).value == "/not/there"
    assert 'role="alert"' in shown(page)
    page.segmented_control(key=state.GUIDE_STEP.name).set_value("group").run()
    assert page.text_input(key=state.GUIDE_NAME.name).value == "青榕里读书群"
    assert page.number_input(key=state.GUIDE_MEMBERS.name).value == 86


def test_put_off_it_does_not_come_back_and_the_group_that_was_typed_is_kept(store: Store) -> None:
    page = press(typed(opened()), "以后再说")
    assert TITLE not in shown(page)
    assert [group.name for group in store.groups()] == ["青榕里读书群"]


def test_a_group_that_cannot_be_kept_is_gone_back_to(store: Store) -> None:
    page = typed(opened())
    page.text_area(key=state.GUIDE_STAFF.name).set_value("（领读）").run()
    for label in ("下一步", "下一步", "下一步", "开始用"):
        press(page, label)
    assert 'role="alert"' in shown(page)
    assert page.text_area(key=state.GUIDE_STAFF.name).value == "（领读）"
    assert store.groups() == ()


def test_a_desk_with_something_of_its_own_does_not_begin_with_it(store: Store) -> None:
    store.save_group(FULL)
    assert TITLE not in shown(opened())


def test_a_group_kept_meanwhile_does_not_end_the_steps_that_are_under_way(store: Store) -> None:
    page = typed(opened())
    store.save_group(FULL)
    assert TITLE in shown(page.run())


def test_the_sample_group_is_kept_marked_and_does_not_end_the_first_steps(store: Store) -> None:
    page = press(opened(), "示例群")
    assert not page.exception
    (group,) = store.groups()
    assert group.name.endswith("（示例）")
    assert group.profile is not None
    assert group.profile.staff
    assert TITLE in shown(opened())


@pytest.mark.parametrize("job", archive.DESKS)
def test_each_sample_lies_on_its_desk_marked_as_one(job: str) -> None:
    page = opened()
    label = f"示例 · {archive.job_name(job)}"
    assert label in labels(page)
    press(page, label)
    assert not page.exception
    assert "这是样例" in shown(page)
    assert "（示例）" in page.text_area(key=archive.DESKS[job].keys.brief.name).value


@pytest.mark.parametrize("job", archive.DESKS)
def test_what_is_drafted_from_a_sample_is_kept_under_a_marked_group(job: str, store: Store) -> None:
    sample: Path = archive.DESKS[job].sample
    text = samples.marked(sample.read_text(encoding="utf-8"))
    Copilot().draft(job, text, writer="offline", **({} if job == "digest" else {"suffix": sample.suffix}))
    (draft,) = store.drafts()
    assert samples.is_sample(draft.group)


def test_a_sample_does_not_take_the_place_of_what_is_typed() -> None:
    page = AppTest.from_string(PAGE, default_timeout=60)
    page.session_state[state.ANNOUNCEMENT.brief.name] = "周六一起慢跑"
    page.run()
    assert "换掉它" in labels(page)
    assert page.session_state[state.ANNOUNCEMENT.brief.name] == "周六一起慢跑"
