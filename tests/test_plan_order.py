"""A plan's programme holds together: sign-ups before the event, the review after it, quiet hours with their exceptions."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from copilot.facts.brief import read_brief
from copilot.tasks.base import Options
from copilot.tasks.weekly_plan import WeeklyPlanTask
from copilot.tasks.weekly_plan.aims import aims_of
from copilot.tasks.weekly_plan.plan import Slot, WeeklyPlan
from copilot.tasks.weekly_plan.reading.sorting import read_situation
from copilot.tasks.weekly_plan.rendering import plan_text
from copilot.tasks.weekly_plan.situation import Situation
from copilot.tasks.weekly_plan.task import PlanAssignment

NOW = datetime(2026, 11, 29, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
BRIEF = {
    "群": "窑火陶艺群",
    "周": "2026-11-30~2026-12-06",
    "周目标": "周六的拉坯会凑到12人报名，已报5人",
    "人手": [{"name": "小陶", "role": "运营，周二到周日 10:00–19:00"}, {"name": "老窑", "role": "讲师，每天晚上有空"}],
    "固定活动": ["12-05（周六）14:00–16:30 店里拉坯会"],
}


def situation(**changes: object) -> Situation:
    return read_situation(read_brief({**BRIEF, **changes}, now=NOW, now_given=True))


def assignment(**changes: object) -> PlanAssignment:
    return WeeklyPlanTask().prepare(read_brief({**BRIEF, **changes}, now=NOW, now_given=True), Options())


def plan(**changes: object) -> WeeklyPlan:
    return assignment(**changes).plan


def placed(found: WeeklyPlan, words: str) -> list[Slot]:
    return [slot for slot in found.slots if words in slot.action and slot.day]


def at(slot: Slot) -> tuple[object, int]:
    return slot.day, slot.start or 0


def test_an_event_is_called_by_its_name() -> None:
    assert [aim.topic for aim in aims_of(situation())] == ["拉坯会"]


@pytest.mark.parametrize(
    ("rule", "free"),
    [
        ("19:00 后除老窑答疑和周日转发外不发消息", {1, 2, 3, 4, 5, 6, 7}),
        ("除周末外不发消息", {6, 7}),
    ],
)
def test_what_may_be_posted_all_the_same_closes_no_other_day(rule: str, free: set[int]) -> None:
    (group,) = situation(限制=[rule]).groups
    (quiet,) = group.quiet
    assert set(range(1, 8)) - set(quiet.closed_weekdays) == free


def test_nobody_is_asked_to_sign_up_for_what_is_over() -> None:
    found = plan(限制=["周一到周五不发消息"])
    (event,) = placed(found, "店里拉坯会")
    steps = [slot for words in ("开放报名", "再说一次报名", "确认人数") for slot in placed(found, words)]
    assert all(at(slot) < at(event) for slot in steps)
    assert any("开放报名：拉坯会" in line for line in found.unplaced)


def test_the_review_waits_for_the_last_event_and_for_what_is_told_of_it() -> None:
    found = plan(固定活动=["12-06（周日）20:00 线上讨论"])
    (event,) = placed(found, "线上讨论＋") or [slot for slot in placed(found, "线上讨论") if slot.fixed]
    (told,) = placed(found, "发出要点汇总")
    (review,) = placed(found, "复盘")
    assert (event.start or 0) + 60 <= (told.start or 0) < (review.start or 0)


def test_an_event_after_the_review_is_told_with_what_is_carried_over() -> None:
    people = [{"name": "小陶", "role": "运营，周二到周日 10:00–19:00"}]
    found = plan(人手=people, 固定活动=["12-06（周日）20:00 同行直播间的分享，我们只转发"])
    (review,) = placed(found, "复盘")
    (event,) = [slot for slot in found.slots if slot.fixed]
    assert at(review) < at(event)
    assert any("在复盘以后才办" in line and "同行直播间" in line for line in found.review.next_week)


def test_the_number_a_goal_starts_from_is_last_weeks() -> None:
    made = assignment(周目标="打卡率从 31% 提到 40%")
    sheet = plan_text(made.plan, WeeklyPlanTask().compose(made), 1, lambda rule: "")
    assert "上周 31% → 这周 ____" in sheet
