"""Each action finds the best place that is left, or learns what would have to give way."""

import subprocess
import sys

import pytest
from schedules import KINDS, action, at, faults, where, why

from copilot.tasks.weekly_plan.scheduling.week import Action, Limits, schedule

# ---------------------------------------------------------------- the best of what is allowed


def test_each_action_takes_its_best_opening_where_nothing_stands_in_the_way() -> None:
    plan = schedule([action("导读", at(600, score=2), at(1200, score=9))], Limits())
    assert where(plan) == {"导读": (0, 1200, "阿青")}
    assert plan.status == "optimal"


def test_posts_spread_over_the_days() -> None:
    openings = [at(minute, day=day) for day in range(3) for minute in (600, 900)]
    plan = schedule([action(name, *openings) for name in ("一", "二", "三")], Limits())
    assert {day for day, _, _ in where(plan).values()} == {0, 1, 2}


def test_of_two_actions_for_one_place_the_weightier_wins_and_the_other_learns_why() -> None:
    plan = schedule([action("轻", at(600), weight=1), action("重", at(600), weight=3)], Limits(spacing=0))
    assert set(where(plan)) == {"重"}
    assert why(plan, "轻") == "overlap"


def test_what_is_required_goes_before_any_weight() -> None:
    actions = [
        action("答疑", at(600), required=True, weight=1),
        *(action(f"a{i}", at(600), weight=99) for i in range(3)),
    ]
    assert set(where(schedule(actions, Limits()))) == {"答疑"}


def test_nothing_to_do_is_an_empty_plan() -> None:
    assert schedule([], Limits()).status == "empty"


def test_two_actions_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        schedule([action("一"), action("一")], Limits())


# ---------------------------------------------------------------- orders between actions


def test_a_review_comes_at_least_so_long_after_its_event() -> None:
    event = action("直播", at(1200, score=9), at(600))
    review = action("复盘", at(1230), at(720), after=(("直播", 60),), posts=False, kind="review")
    plan = where(schedule([event, review], Limits()))
    assert plan == {"直播": (0, 600, "阿青"), "复盘": (0, 720, "阿青")}


def test_the_order_is_void_while_the_other_is_optional_and_has_no_place() -> None:
    assert "复盘" in where(schedule([action("直播"), action("复盘", at(600), after=(("直播", 60),))], Limits()))


def test_what_waits_for_a_required_action_needs_that_one_to_have_a_place() -> None:
    plan = schedule([action("海报", required=True), action("发布", at(600), after=(("海报", 60),))], Limits())
    assert where(plan) == {}
    assert why(plan, "发布") == "waits"


def test_two_actions_meant_for_one_day_share_it() -> None:
    first = action("提醒", at(600, day=0, score=9), at(600, day=1))
    second = action("开营", at(1200, day=1), same_day_as="提醒")
    assert where(schedule([first, second], Limits())) == {"提醒": (1, 600, "阿青"), "开营": (1, 1200, "阿青")}


def test_a_circle_of_orders_places_what_it_can() -> None:
    actions = [action("一", at(600), after=(("二", 10),)), action("二", at(900), after=(("一", 10),))]
    assert len(schedule(actions, Limits()).placed) == 1


# ---------------------------------------------------------------- what would have to give way


def test_a_missing_half_hour_is_named_with_its_owner_and_day() -> None:
    actions = [action(f"a{i}", *(at(m) for m in (600, 720, 840)), minutes=50, required=True) for i in range(3)]
    plan = schedule(actions, Limits(load={"阿青": 120}))
    assert len(plan.placed) == 2
    (relaxation,) = plan.relax
    assert (relaxation.code, relaxation.about) == ("load", ("阿青", "2026-03-02"))
    assert (relaxation.needs, relaxation.allowed) == (150, 120)


def test_posts_that_cannot_keep_their_distance_say_how_close_they_would_be() -> None:
    actions = [action(f"a{i}", *(at(m) for m in (600, 605, 645, 690)), minutes=5, required=True) for i in range(3)]
    plan = schedule(actions, Limits())
    assert len(plan.placed) == 2
    assert [(one.code, one.needs, one.allowed) for one in plan.relax] == [("spacing", 45, 90)]


def test_a_required_promotion_alone_is_too_large_a_share() -> None:
    plan = schedule([action("上新", at(600), kind="promotion", required=True)], Limits())
    assert [(one.code, one.needs, one.allowed) for one in plan.relax] == [("promotion_share", 100, 30)]


def test_a_promotion_among_enough_other_posts_is_not_blamed_for_something_else() -> None:
    posts = [action(f"p{i}", at(600, day=i)) for i in range(3)]
    promotion = action("上新", at(900), kind="promotion", required=True)
    rivals = [action(name, at(1200), required=True, posts=False) for name in ("甲事", "乙事")]
    plan = schedule([*posts, promotion, *rivals], Limits())
    assert [one.code for one in plan.relax] == ["overlap"]


def test_without_openings_the_reasons_that_closed_them_are_passed_on() -> None:
    plan = schedule([action("夜话", required=True, blocked=("quiet", "hours:阿青"))], Limits())
    assert [(one.code, one.about) for one in plan.unplaced[0].relax] == [("quiet", ()), ("hours", ("阿青",))]


def test_what_is_optional_is_never_the_reason_that_a_required_action_has_no_place() -> None:
    actions = [action("必做", at(600), required=True, minutes=90), action("可选", at(780), minutes=60)]
    plan = schedule(actions, Limits(load={"阿青": 60}))
    assert [(one.needs, one.allowed) for one in plan.relax] == [(90, 60)]
    assert set(where(plan)) == {"可选"}


# ---------------------------------------------------------------- many groups


def large(groups: int, people: int) -> list[Action]:
    clocks = (480, 540, 600, 720, 750, 1080, 1140, 1170, 1200, 1260)
    return [
        action(
            f"g{group}-{number}",
            *(
                at(
                    clocks[(group + number * 3 + place) % len(clocks)],
                    day=(number + place * 2) % 7,
                    owner=f"p{(group + place) % people}",
                    score=(place * 7 + group) % 10,
                )
                for place in range(12)
            ),
            group=f"g{group}",
            kind=KINDS[number % len(KINDS)],
            weight=1 + (group + number) % 9,
            required=number == 0,
        )
        for group in range(groups)
        for number in range(10)
    ]


def test_more_groups_than_can_be_searched_at_once_still_get_a_sound_plan() -> None:
    actions = large(60, 4)
    limits = Limits(load=dict.fromkeys(("p0", "p1", "p2", "p3"), 240))
    plan = schedule(actions, limits, seconds=0.5)
    assert faults(plan, actions, limits) == []
    assert plan.status == "feasible"
    assert plan == schedule(actions, limits, seconds=0.5)


def test_groups_that_share_nobody_are_planned_apart_and_proven_best() -> None:
    actions = [
        action(
            f"{index}-{number}",
            *(at(600 + 100 * number, day=day, owner=f"p{index}") for day in range(5)),
            group=f"g{index}",
        )
        for index in range(8)
        for number in range(4)
    ]
    assert schedule(actions, Limits()).status == "optimal"


def test_the_solver_is_loaded_without_pandas() -> None:
    code = (
        "import sys, datetime as dt\n"
        "from copilot.tasks.weekly_plan.scheduling.week import Action, Limits, Opening, schedule\n"
        "assert not any(name.startswith('ortools') for name in sys.modules)\n"
        "place = Opening(day=dt.date(2026, 3, 2), minute=600, owner='a')\n"
        "schedule([Action(id='a', group='g', kind='content', minutes=5, weight=1, openings=(place,))], Limits())\n"
        "assert 'ortools.sat.python.cp_model_helper' in sys.modules and 'pandas' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
