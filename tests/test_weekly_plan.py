"""The weekly plan end to end: every day told, nobody out of hours, nothing invented, what a writer drops comes back."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.checks.battery import blocking
from copilot.client import Copilot
from copilot.facts.hours import Hours, Quiet, Window
from copilot.records import Draft, Origin
from copilot.settings import Settings
from copilot.tasks.weekly_plan.composing import compose_words
from copilot.tasks.weekly_plan.plan import PlanWords, SlotText, WeeklyPlan
from copilot.tasks.weekly_plan.planning import build_plan
from copilot.tasks.weekly_plan.rendering import message_parts, plan_text, shared_lines
from copilot.tasks.weekly_plan.situation import Deadline, Figure, FixedEvent, Group, Person, Said, Situation
from copilot.tasks.weekly_plan.task import WeeklyPlanTask

ORIGIN = Origin(field="text", line=1, quote="")
WEEK = (date(2026, 11, 30), date(2026, 12, 6))
NOW = datetime(2026, 11, 27, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
BRIEF = {
    "群名": "木兰里园艺群",
    "群类型": "园艺兴趣群",
    "人数": 130,
    "周期": "2026-11-30~2026-12-06",
    "本周目标": "让 30 位成员晒一次自己的阳台",
    "人手": ["阿榕：运营，工作日 10:00–19:00", "陶老师：答疑，每晚 19:30–21:00"],
    "上周数据": {"未答提问": 4, "潜水": 60},
    "群友说": ["想学冬天怎么控水", "资料翻不到"],
    "限制": ["21:30 后不发消息", "不点名潜水的人"],
    "老板想法": "每天发三条花盆广告，谁不晒图就踢",
    "固定活动": ["12/3（周四）20:00 线上分享会"],
}


def person(name: str, duty: str, *spans: tuple[int, int, int], **changes: Any) -> Person:
    windows = tuple(Window(weekday=day, start=start, end=end) for day, start, end in spans)
    hours = Hours(windows=windows, stated=bool(windows))
    return Person(name=name, duty=duty, duties=(duty,), hours=hours, origin=ORIGIN, **changes)


def situation(**changes: Any) -> Situation:
    every_day = [(day, 540, 1260) for day in range(1, 8)]
    given = {
        "groups": (Group(name="甲群", members=80, origin=ORIGIN),),
        "week": WEEK,
        "week_given": True,
        "people": (person("小樟", "operation", *every_day), person("老柏", "expert", (3, 1140, 1260))),
    }
    return Situation.model_validate({**given, **changes})


def plan_of(**changes: Any) -> WeeklyPlan:
    return build_plan(situation(**changes)).plan


@pytest.fixture(scope="module")
def draft() -> Draft:
    return Copilot(Settings()).draft_weekly_plan(BRIEF, now=NOW, writer="offline")


def test_the_sheet_comes_first_and_each_message_is_a_part_for_the_group(draft: Draft) -> None:
    assert draft.parts[0].readers == "team"
    assert len(draft.parts) > 5
    assert all(part.readers == "group" and "发群里" in part.title for part in draft.parts[1:])


def test_every_day_of_the_week_is_told(draft: Draft) -> None:
    for day in ("11月30日（周一）", "12月1日（周二）", "12月2日（周三）", "12月5日（周六）", "12月6日（周日）"):
        assert f"▪ {day}" in draft.text


def test_a_draft_of_ours_has_no_blocking_finding(draft: Draft) -> None:
    assert not [(one.code, one.span and one.span.text) for one in blocking(draft.findings)]


def test_last_weeks_figures_and_the_weeks_aims_stay_within_the_team(draft: Draft) -> None:
    for part in draft.parts[1:]:
        assert "60" not in part.text
        assert "30 位" not in part.text
        assert "潜水" not in part.text


def test_a_fixed_event_stays_where_it_is_with_work_around_it(draft: Draft) -> None:
    slots = draft.structure["slots"]
    event = next(slot for slot in slots if slot["fixed"])
    assert (event["day"], event["start"], event["owner"]) == ("2026-12-03", "20:00", "陶老师")
    assert any("收集提纲" in slot["action"] and slot["day"] < "2026-12-03" for slot in slots)
    assert any("要点汇总" in slot["action"] and slot["day"] >= "2026-12-03" for slot in slots)


def test_what_members_asked_for_is_a_slot_by_whoever_knows(draft: Draft) -> None:
    topic = next(slot for slot in draft.structure["slots"] if "冬天怎么控水" in slot["action"])
    assert topic["owner"] == "陶老师"
    assert topic["answers"] == ["想学冬天怎么控水"]


def test_refusals_carry_the_handbooks_words_and_what_is_done_instead(draft: Draft) -> None:
    rows = {one["rule"]: one for one in draft.structure["refused"]}
    assert rows["ads-overreliance"]["quote"]
    assert "营销" in rows["ads-overreliance"]["instead"]
    assert "踢" in rows["encourage-not-force"]["words"]


def test_what_is_missing_is_asked_for_where_it_is_needed(draft: Draft) -> None:
    gaps = {gap.placeholder for gap in draft.missing if gap.placeholder}
    assert gaps
    assert all(gap in draft.text for gap in gaps)


def test_measures_show_only_the_briefs_own_figures(draft: Draft) -> None:
    known = {(one["name"], one["now"]) for one in draft.structure["measures"] if one["now"]}
    assert known == {("未答提问", "4"), ("潜水", "60")}
    assert [one["count"] for one in draft.structure["measures"] if "30 位" in one["count"]]


def test_what_a_writer_drops_comes_back_and_what_it_invents_goes() -> None:
    copilot, task = Copilot(Settings()), WeeklyPlanTask()
    assignment = copilot._flow.prepare(task, copilot._request(BRIEF, {"now": NOW}))
    offline = task.compose(assignment)
    first, second = offline.messages[:2]
    written = PlanWords(
        focus=(),
        messages=(
            SlotText(id=first.id, text="  "),
            SlotText(id="s99", text="多出来的一条"),
            SlotText(id=second.id, text="好呀"),
        ),
    )
    whole = task.complete(written, assignment)
    assert [one.id for one in whole.messages] == [one.id for one in offline.messages]
    assert whole.messages[0].text == first.text
    assert whole.messages[1].text.startswith("好呀")
    assert whole.focus == offline.focus


def test_a_message_that_shames_or_breaks_a_ban_is_objected_to() -> None:
    copilot, task = Copilot(Settings()), WeeklyPlanTask()
    assignment = copilot._flow.prepare(task, copilot._request({**BRIEF, "限制": ["不做排名", "不花钱"]}, {"now": NOW}))
    for text in ("不晒图就踢出去。", "本周排行榜来了。", "发个红包热闹一下。"):
        assert assignment.objections(text, "group"), text
        assert not assignment.objections(text, "team"), text


def test_somebody_confined_or_without_hours_gets_no_timed_work() -> None:
    people = (
        person("小樟", "operation", (1, 540, 1080), (3, 540, 1080)),
        person("机修", "technical", (1, 540, 1080), only=True),
        person("小鹭", "content"),
    )
    plan = plan_of(people=people)
    assert {slot.owner for slot in plan.slots if slot.start is not None} == {"小樟"}
    assert {slot.kind for slot in plan.slots if slot.owner == "小鹭"} == {"preparation"}
    assert any("小鹭" in note for note in plan.staffing)


def test_a_closing_group_gets_a_farewell_and_no_filler() -> None:
    groups = (Group(name="老群", stage="closing", stage_words="课程已结束", origin=ORIGIN),)
    plan = plan_of(groups=groups)
    assert set(plan.closing) == {"老群"}
    assert {slot.kind for slot in plan.slots if slot.message} == {"service"}
    message = next(slot.message for slot in plan.slots if "以后去哪里" in slot.action)
    assert "【待补充:解散日期】" in message


def test_one_person_with_many_groups_gets_what_one_person_can_do() -> None:
    groups = tuple(Group(name=f"{number}号群", origin=ORIGIN) for number in range(12))
    plan = plan_of(groups=groups, people=(person("小樟", "operation", *[(day, 540, 1260) for day in range(1, 8)]),))
    minutes: dict[Any, int] = {}
    for slot in plan.slots:
        minutes[slot.day] = minutes.get(slot.day, 0) + slot.minutes
    assert max(minutes.values()) <= 180
    assert {slot.group for slot in plan.slots} >= {group.name for group in groups}
    assert any("12 个群" in note for note in plan.notes)


def test_without_a_budget_no_slot_costs_money() -> None:
    wishes = (Said(text="发红包拉人，周五抽奖", origin=ORIGIN),)
    plan = plan_of(budget=0, wishes=wishes)
    assert not [slot for slot in plan.slots if "红包" in slot.action or "抽奖" in slot.action or "小样" in slot.action]
    assert len(plan.refused) >= 1


def test_nobody_at_all_leaves_the_owner_to_be_named() -> None:
    plan = plan_of(people=())
    assert plan.slots
    assert all(not slot.owner for slot in plan.slots)


def test_days_that_are_worked_or_off_are_told_and_unknown_years_are_said() -> None:
    holiday = plan_of(week=(date(2024, 9, 30), date(2024, 10, 6)))
    assert any("放假" in note for note in holiday.notes)
    unknown = plan_of(week=(date(2031, 3, 3), date(2031, 3, 9)))
    assert any("没有到这一周" in note for note in unknown.notes)


def test_a_habit_of_the_week_is_one_message_and_a_short_line_a_day() -> None:
    week = tuple(date.fromordinal(WEEK[0].toordinal() + ahead) for ahead in range(7))
    event = FixedEvent(text="每天 11:00 截单", name="每天 11:00 截单", days=week, minute=660, origin=ORIGIN)
    plan = plan_of(fixed=(event,))
    words = compose_words(plan)
    parts = [part for part in message_parts(plan, words, 1) if "截单" in part.title]
    assert len(parts) == 1
    assert "11:00" in parts[0].text
    assert "开始" not in parts[0].text
    assert plan_text(plan, words, 1, lambda _: "").count("同前") == 6


def test_what_stops_is_announced_ahead_and_never_opened_like_a_session() -> None:
    event = FixedEvent(text="12/4 停水检修", name="停水检修", days=(date(2026, 12, 4),), minute=480, origin=ORIGIN)
    plan = plan_of(fixed=(event,))
    told = [slot for slot in plan.slots if "停水检修" in slot.action]
    assert len({slot.day for slot in told}) >= 3
    assert not [slot for slot in told if "能来的" in slot.message]


def test_a_meeting_point_asks_for_the_place() -> None:
    event = FixedEvent(text="12/6 7:00 集合出发", name="集合出发", days=(date(2026, 12, 6),), minute=420, origin=ORIGIN)
    plan = plan_of(fixed=(event,))
    assert any("【待补充:集合地点】" in slot.message for slot in plan.slots)


def test_everybody_with_hours_has_a_line_or_the_plan_says_why_not() -> None:
    people = (
        person("小樟", "owner", *[(day, 540, 1260) for day in range(1, 8)]),
        person("阿榆", "volunteer", (6, 600, 720)).model_copy(update={"duty": "帮邻居代收快递"}),
    )
    plan = plan_of(people=people)
    assert any(slot.owner == "阿榆" for slot in plan.slots)


def test_the_boss_words_never_stand_in_a_message() -> None:
    wishes = (Said(text="周三发一份问卷摸底，周四办一次线下茶话会", origin=ORIGIN),)
    plan = plan_of(wishes=wishes)
    assert [slot for slot in plan.slots if "摸底" in slot.action]
    assert not [slot for slot in plan.slots if "摸底" in slot.message or "茶话会" in slot.message]


def test_titles_are_short_and_shared_messages_are_listed_once_in_the_sheet() -> None:
    groups = tuple(Group(name=f"城西第{number}号楼业主互助交流群", origin=ORIGIN) for number in range(3))
    plan = plan_of(groups=groups)
    words = compose_words(plan)
    assert all(len(part.title) <= 60 for part in message_parts(plan, words, 3))
    assert shared_lines(plan)


def test_a_deadline_beyond_the_week_is_planned_back_with_dates() -> None:
    deadline = Deadline(text="12月20日年会", name="年会", day=date(2026, 12, 20), origin=ORIGIN)
    (note,) = [note for note in plan_of(deadlines=(deadline,)).notes if note.startswith("倒推")]
    assert "12月20日" in note
    assert "12月7日" in note


SPANS = st.lists(
    st.tuples(st.integers(1, 7), st.integers(16, 40), st.integers(2, 8)).map(
        lambda row: (row[0], row[1] * 30, min(row[1] * 30 + row[2] * 30, 1440))
    ),
    min_size=1,
    max_size=6,
)
DUTIES = st.sampled_from(["operation", "expert", "content", "service", "owner", "logistics"])
STAGES = st.sampled_from(["new", "launch", "running", "promotion", "fading", "dead", "closing"])
COMMUNITIES = st.sampled_from(["general", "commerce", "tool", "fitness", "reading", "property"])


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(
    team=st.lists(st.tuples(DUTIES, SPANS), min_size=1, max_size=3),
    quiet_from=st.sampled_from([1230, 1290, 1320]),
    closed=st.sampled_from([(), (6, 7), (3,)]),
    stage=STAGES,
    community=COMMUNITIES,
    wish=st.sampled_from(["", "每天发五条广告，搞个排行榜", "周三办一次分享"]),
)
def test_no_slot_leaves_its_owners_hours_or_falls_into_quiet_time(
    team: list[tuple[str, list[tuple[int, int, int]]]],
    quiet_from: int,
    closed: tuple[int, ...],
    stage: str,
    community: str,
    wish: str,
) -> None:
    people = tuple(person(f"队员{number}", duty, *spans) for number, (duty, spans) in enumerate(team))
    quiet = Quiet(
        windows=tuple(Window(weekday=day, start=quiet_from, end=1440) for day in range(1, 8)), closed_weekdays=closed
    )
    groups = (Group(name="甲群", stage=stage, community=community, quiet=(quiet,), origin=ORIGIN),)
    figures = (Figure(name="未答提问", value="6", number=6, about="unanswered", origin=ORIGIN),)
    wishes = (Said(text=wish, origin=ORIGIN),) if wish else ()
    plan = plan_of(groups=groups, people=people, figures=figures, wishes=wishes)
    windows = {one.name: one.hours.windows for one in people}
    for slot in plan.slots:
        assert slot.day
        assert slot.start is not None
        own = [one for one in windows[slot.owner] if one.weekday == slot.day.isoweekday()]
        worked = range(slot.start, slot.start + slot.minutes)
        assert all(any(one.start <= minute < one.end for one in own) for minute in worked), slot
        if slot.message:
            assert slot.start < quiet_from
            assert slot.day.isoweekday() not in closed
    assert set(plan.days) == {date.fromordinal(WEEK[0].toordinal() + ahead).isoformat() for ahead in range(7)}
    told = {slot.day.isoformat() for slot in plan.slots if slot.day}
    assert all(plan.days[day] for day in plan.days if day not in told)
    assert not [slot for slot in plan.slots if "排行榜" in slot.action]


def test_a_fixed_event_in_quiet_time_is_kept() -> None:
    quiet = Quiet(windows=tuple(Window(weekday=day, start=1260, end=1440) for day in range(1, 8)))
    event = FixedEvent(text="周三21:30 读诗会", name="读诗会", days=(date(2026, 12, 2),), minute=1290, origin=ORIGIN)
    plan = plan_of(groups=(Group(name="甲群", quiet=(quiet,), origin=ORIGIN),), fixed=(event,))
    assert [(slot.day, slot.start) for slot in plan.slots if slot.fixed] == [(date(2026, 12, 2), 1290)]
