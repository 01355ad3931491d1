"""What a change to a finished plan runs against, and the draft that follows it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from copilot import Copilot, Draft
from copilot.exports import to_text
from copilot.tasks.weekly_plan.redrafting import plan_of, revise_draft
from copilot.tasks.weekly_plan.sheet import plan_sheet

ZONE = ZoneInfo("Asia/Shanghai")
BRIEF = """群名：青苔植物交换群
本周：2026-11-23 到 2026-11-29
人手：
- 阿苔：运营，工作日 9:00–18:00
- 小杉：答疑，每晚 19:00–21:00
上周数据：没人答的提问 6
大家说：
- 多肉烂根了怎么救
固定活动：11月28日（周六）14:00 线下换植物
限制：
- 20:30 以后不发消息
- 周日不发消息
老板的想法：每天发五条广告"""


@pytest.fixture(scope="module")
def draft() -> Draft:
    return Copilot().draft_weekly_plan(BRIEF, now=datetime(2026, 11, 20, 9, tzinfo=ZONE), writer="offline")


def slot(draft: Draft, name: str) -> Mapping[str, Any]:
    return next(row for row in draft.structure["slots"] if row["id"] == name)


def of(draft: Draft, owner: str, *, posts: bool = True) -> str:
    rows = draft.structure["slots"]
    return str(
        next(row["id"] for row in rows if row["owner"] == owner and bool(row["text"]) == posts and not row["fixed"])
    )


def told(draft: Draft, name: str, **change: str) -> str:
    return "\n".join(map(str, slot(revise_draft(draft, {name: change}, ZONE), name)["warnings"]))


def test_nothing_is_held_against_slots_that_nobody_touched(draft: Draft) -> None:
    same = revise_draft(draft, {}, ZONE)
    assert not any(row["warnings"] for row in same.structure["slots"])
    assert same.text == draft.text
    assert same.findings == draft.findings
    assert same.trace == draft.trace


def test_the_plan_in_a_draft_is_the_plan_it_was_made_from(draft: Draft) -> None:
    plan = plan_of(draft)
    assert [one.id for one in plan.slots] == [row["id"] for row in draft.structure["slots"]]
    assert plan.week == (date(2026, 11, 23), date(2026, 11, 29))


def test_a_slot_outside_its_owners_hours_is_told_with_the_operators_words(draft: Draft) -> None:
    assert "不在小杉的时间里（“每晚 19:00–21:00”）" in told(draft, of(draft, "小杉"), day="2026-11-24", start="10:00")


def test_work_must_end_within_the_hours_and_not_only_begin(draft: Draft) -> None:
    assert "不在小杉的时间里" in told(draft, of(draft, "小杉"), day="2026-11-24", start="20:55")


def test_a_message_in_quiet_time_or_on_a_closed_day_is_told(draft: Draft) -> None:
    assert "这时不该往群里发消息" in told(draft, of(draft, "小杉"), day="2026-11-24", start="20:35")
    assert "这时不该往群里发消息" in told(draft, of(draft, "小杉"), day="2026-11-29", start="19:00")


def test_somebody_who_is_not_there_is_told(draft: Draft) -> None:
    assert "没有叫老王的人" in told(draft, of(draft, "小杉"), owner="老王")


def test_a_day_outside_the_week_is_told(draft: Draft) -> None:
    assert "不在这一周里" in told(draft, of(draft, "小杉"), day="2026-12-01")


def test_two_messages_close_together_are_told(draft: Draft) -> None:
    fixed = next(row for row in draft.structure["slots"] if row["fixed"])
    warned = told(draft, of(draft, "小杉"), day=str(fixed["day"]), start="14:20")
    assert "只隔 20 分钟" in warned or "同一时间还有" in warned


def test_the_sheet_the_title_and_the_day_follow_a_moved_slot(draft: Draft) -> None:
    name = of(draft, "小杉")
    moved = revise_draft(draft, {name: {"day": "2026-11-24", "start": "19:20"}}, ZONE)
    assert slot(moved, name)["weekday"] == "周二"
    assert "19:20" in moved.parts[0].text
    assert any("11月24日（周二） 19:20" in part.title for part in moved.parts if part.name == name)
    assert all(moved.text[one.span.start : one.span.end] == one.span.text for one in moved.findings if one.span)
    rows = {row.id: row for row in plan_sheet(moved).rows}
    assert rows[f"{draft.id}-{name}"].start == "19:20"
    assert "19:20" in to_text(plan_sheet(moved))


def test_moving_there_and_back_gives_the_same_text(draft: Draft) -> None:
    name = of(draft, "小杉")
    there = revise_draft(draft, {name: {"day": "2026-11-24", "start": "19:20"}}, ZONE)
    back = revise_draft(
        there, {name: {"day": str(slot(draft, name)["day"]), "start": str(slot(draft, name)["start"])}}, ZONE
    )
    assert [part.text for part in back.parts[1:]] == [part.text for part in draft.parts[1:]]
    assert slot(back, name)["start"] == slot(draft, name)["start"]


def test_a_sheet_that_the_operator_has_edited_is_never_written_over(draft: Draft) -> None:
    sheet = draft.parts[0].model_copy(update={"text": "我自己写的表"})
    edited = draft.model_copy(update={"parts": (sheet, *draft.parts[1:])})
    moved = revise_draft(edited, {of(draft, "小杉"): {"start": "19:20"}}, ZONE)
    assert moved.parts[0].text == "我自己写的表"


def test_a_status_is_kept_and_exported(draft: Draft) -> None:
    name = of(draft, "小杉")
    done = revise_draft(draft, {name: {"status": "已完成"}}, ZONE)
    again = revise_draft(done, {name: {"owner": "阿苔"}}, ZONE)
    assert next(row for row in plan_sheet(again).rows if row.id.endswith(f"-{name}")).status == "已完成"


def test_exports_hold_what_was_refused_and_what_is_open(draft: Draft) -> None:
    sheet = plan_sheet(draft)
    assert any("每天发五条广告" in line for line in sheet.refused)
    assert sheet.review
    assert sheet.title == "青苔植物交换群 周计划"
