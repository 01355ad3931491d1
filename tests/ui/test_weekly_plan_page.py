"""The weekly plan page, driven without a browser."""

from collections.abc import Iterator
from datetime import date, time

import pytest
import streamlit as st
from driving import drafted, labels, press, shown, write
from streamlit.testing.v1 import AppTest

from copilot.ui import plans, state
from copilot.ui.structures import Row, words

JOB = state.WEEKLY_PLAN
BRIEF = """群名：青苔植物交换群
人数：120
本周：2026-11-23 到 2026-11-29
本周目标：让想换植物的人都找到对象
人手：
- 阿苔：运营，工作日 9:00–18:00
- 小杉：答疑，每晚 19:00–21:00
- 小竹：做图
上周数据：没人答的提问 6
大家说：
- 多肉烂根了怎么救
固定活动：11月28日（周六）14:00 线下换植物
限制：22:00 以后不发消息
老板的想法：每天发五条广告"""


def both_pages() -> None:
    from copilot.ui import frame
    from copilot.ui.pages import announcement, weekly_plan

    frame.draw({"weekly_plan": weekly_plan.page, "announcement": announcement.page})


@pytest.fixture
def page() -> Iterator[AppTest]:
    st.cache_resource.clear()
    app = AppTest.from_function(both_pages, default_timeout=60)
    yield app.run()
    assert not app.exception


@pytest.fixture
def written(page: AppTest) -> AppTest:
    return write(page, JOB, BRIEF, "排计划")


def looked_at(app: AppTest) -> Row:
    found = plans.slot(drafted(app, JOB), app.session_state[state.PLAN_SLOT.name])
    assert found is not None
    return found


def of(app: AppTest, owner: str, *, posts: bool = True) -> Row:
    """A slot of this person that is no fixed event."""
    found = plans.slots(drafted(app, JOB), owner=owner)
    return next(one for one in found if bool(words(one, "text")) == posts and not one.get("fixed"))


def move(app: AppTest, slot: Row, day: date, at: time) -> AppTest:
    """The form that moves a slot without dragging."""
    app.selectbox(key=state.PLAN_SLOT.name).set_value(words(slot, "id")).run()
    next(one for one in app.selectbox if one.label == "日期").set_value(day)
    app.time_input[0].set_value(at)
    return press(app, "改好了")


def test_an_empty_page_says_what_to_do_and_offers_a_sample(page: AppTest) -> None:
    assert "排好的一周会出现在这里" in shown(page)
    assert {"看一个样例", "照提纲写"} <= set(labels(page))


def test_the_sample_becomes_a_week_with_what_it_lacks_and_what_was_not_followed(page: AppTest) -> None:
    press(page, "看一个样例")
    assert "这是样例" in shown(page)
    press(page, "排计划")
    draft = drafted(page, JOB)
    assert draft.conflicts
    assert draft.structure["refused"]
    assert "改为：" in shown(page)
    assert len(plans.week(draft)) == 7


def test_the_first_message_of_the_week_is_open_with_what_it_is_for(written: AppTest) -> None:
    slot = looked_at(written)
    assert words(slot, "text")
    assert words(slot, "purpose") in shown(written)


def test_a_slot_moved_out_of_its_owners_hours_says_so(written: AppTest) -> None:
    slot = of(written, "小杉")
    move(written, slot, date(2026, 11, 24), time(9, 30))
    after = looked_at(written)
    assert (words(after, "day"), words(after, "start")) == ("2026-11-24", "09:30")
    assert any("不在小杉的时间里" in told for told in after["warnings"])
    assert "不在小杉的时间里" in shown(written)


def test_a_slot_moved_within_its_owners_hours_is_silent_and_the_sheet_follows(written: AppTest) -> None:
    taken = {(words(one, "day"), words(one, "start")[:2]) for one in plans.slots(drafted(written, JOB))}
    day = next(day for day in plans.week(drafted(written, JOB)) if not {(f"{day}", "19"), (f"{day}", "20")} & taken)
    move(written, of(written, "小杉"), day, time(19, 10))
    draft = drafted(written, JOB)
    assert list(looked_at(written)["warnings"]) == []
    assert "19:10" in draft.parts[0].text
    assert all(draft.text[one.span.start : one.span.end] == one.span.text for one in draft.findings if one.span)


def test_handing_a_slot_over_keeps_its_place(written: AppTest) -> None:
    slot = of(written, "小杉")
    written.selectbox(key=state.PLAN_SLOT.name).set_value(words(slot, "id")).run()
    next(one for one in written.selectbox if one.label == "负责人" and one.key is None).set_value("阿苔")
    press(written, "改好了")
    assert words(looked_at(written), "owner") == "阿苔"
    assert words(looked_at(written), "start") == words(slot, "start")


def test_only_one_persons_slots_can_be_shown(written: AppTest) -> None:
    written.selectbox(key=state.PLAN_OWNER.name).set_value("小杉").run()
    assert written.session_state[state.PLAN_OWNER.name] == "小杉"
    assert plans.slots(drafted(written, JOB), owner="小杉")


def test_the_table_shows_every_slot_with_its_day(written: AppTest) -> None:
    written.segmented_control(key=state.PLAN_VIEW.name).set_value("table").run()
    table = written.dataframe[0].value
    assert len(table) == len(plans.slots(drafted(written, JOB)))
    assert set(table["weekday"]) <= {"周一", "周二", "周三", "周四", "周五", "周六", "周日", ""}


def test_a_price_edited_into_one_message_is_found(written: AppTest) -> None:
    name = words(looked_at(written), "id")
    written.button(key=f"edit-{name}").click().run()
    typed = JOB.edited(name).name
    written.text_area(key=typed).set_value(f"{written.text_area(key=typed).value}\n每人 99 元。")
    written.button(key=f"recheck-{name}").click().run()
    assert any(one.severity == "error" and "99" in one.message for one in drafted(written, JOB).findings)


def test_answers_to_what_is_missing_go_into_the_brief(written: AppTest) -> None:
    gap = next(one for one in drafted(written, JOB).missing if "小竹" in one.question)
    written.text_input(key=JOB.answer(gap.key).name).set_value("小竹周六周日下午有空")
    press(written, "补上")
    assert "小竹周六周日下午有空" in written.session_state[JOB.brief.name]


def test_a_slot_opens_as_an_announcement_with_its_facts(written: AppTest) -> None:
    slot = next(one for one in plans.slots(drafted(written, JOB)) if one.get("brief"))
    written.selectbox(key=state.PLAN_SLOT.name).set_value(words(slot, "id")).run()
    press(written, "写成公告")
    brief = written.session_state[state.ANNOUNCEMENT.brief.name]
    assert all(f"{key}：{value}" in brief for key, value in slot["brief"].items() if value)


def test_switching_the_language_keeps_the_plan_and_the_chosen_slot(written: AppTest) -> None:
    slot = of(written, "小杉")
    written.selectbox(key=state.PLAN_SLOT.name).set_value(words(slot, "id")).run()
    written.segmented_control(key=state.LANGUAGE.name).set_value("en").run()
    assert looked_at(written)["id"] == slot["id"]
    assert "Aim of the week" in shown(written)


def test_markup_in_a_brief_is_shown_and_never_run(page: AppTest) -> None:
    write(page, JOB, f"{BRIEF}\n大家说：<img src=x onerror=alert(1)>怎么养", "排计划")
    assert "<img" not in shown(page)
