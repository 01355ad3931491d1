"""The week's actions find their places, and no plan breaks a limit, whatever the week looks like."""

import datetime as dt
import subprocess
import sys
from collections import defaultdict
from itertools import pairwise, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.tasks.weekly_plan.scheduling.solving import CROWDED, PLACED
from copilot.tasks.weekly_plan.scheduling.week import (
    Action,
    ActionKind,
    Limits,
    Opening,
    Placed,
    Schedule,
    Unplaced,
    schedule,
)

MONDAY = dt.date(2026, 3, 2)
KINDS: tuple[ActionKind, ...] = ("service", "content", "interaction", "promotion", "ritual", "preparation", "review")


def at(minute: int, *, day: int = 0, owner: str = "阿青", score: int = 0) -> Opening:
    return Opening(day=MONDAY + dt.timedelta(day), minute=minute, owner=owner, score=score)


def action(name: str, *places: Opening, **changes: object) -> Action:
    values = {
        "id": name,
        "group": "读书群",
        "kind": "content",
        "minutes": 30,
        "weight": 5,
        "openings": places,
    } | changes
    return Action.model_validate(values)


def where(plan: Schedule) -> dict[str, tuple[int, int, str]]:
    return {one.action: ((one.day - MONDAY).days, one.minute, one.owner) for one in plan.placed}


def why(plan: Schedule, name: str) -> str:
    return next(one.reason for one in plan.unplaced if one.action == name)


# ---------------------------------------------------------------- what no plan may break, told a second time


def faults(plan: Schedule, actions: list[Action], limits: Limits) -> list[str]:
    known = {one.id: one for one in actions}
    found = []
    if {one.action for one in (*plan.placed, *plan.unplaced)} != set(known):
        found.append("an action stands nowhere")
    if len({one.action for one in (*plan.placed, *plan.unplaced)}) < len(plan.placed) + len(plan.unplaced):
        found.append("an action stands twice")
    for one in plan.placed:
        places = {(place.day, place.minute, place.owner) for place in known[one.action].openings}
        if (one.day, one.minute, one.owner) not in places:
            found.append(f"{one.action} is at none of its openings")
    posts = [one for one in plan.placed if known[one.action].posts]
    for people in [*({known[one.action].group} for one in posts), *limits.same_people]:
        found += group_faults([one for one in posts if known[one.action].group in people], known, limits, len(people))
    return [*found, *person_faults(plan, known, limits), *order_faults(plan, known)]


def clock(one: Placed) -> int:
    return (one.day - MONDAY).days * 1440 + one.minute


def person_faults(plan: Schedule, known: dict[str, Action], limits: Limits) -> list[str]:
    found = []
    for person in {one.owner for one in plan.placed}:
        mine = sorted((one for one in plan.placed if one.owner == person), key=clock)
        if any(clock(first) + known[first.action].minutes > clock(second) for first, second in pairwise(mine)):
            found.append(f"{person} does two things at once")
        if sum(known[one.action].minutes for one in mine) > limits.week_load.get(person, 10**6):
            found.append(f"{person} works too much in the week")
        for day in {one.day for one in mine}:
            worked = sum(known[one.action].minutes for one in mine if one.day == day)
            if worked > limits.load.get(person, 10**6):
                found.append(f"{person} works too much on {day}")
    return found


def group_faults(posts: list[Placed], known: dict[str, Action], limits: Limits, groups: int) -> list[str]:
    """What is wrong with the posts of one group, or of several with the same members."""
    found = []
    in_order = sorted(posts, key=clock)
    if any(clock(second) - clock(first) < limits.spacing for first, second in pairwise(in_order)):
        found.append("posts too close")
    promoted = [one for one in posts if known[one.action].kind == "promotion"]
    share = 100 if limits.promotion_share is None else limits.promotion_share
    if groups == 1 and len(promoted) * 100 > share * len(posts):
        found.append("too large a share of promotions")
    for day in {one.day for one in posts}:
        today = [known[one.action] for one in posts if one.day == day]
        themes = {(one.theme, one.group) for one in today if one.theme}
        if len(today) > (limits.posts_a_day if groups == 1 else limits.shared_posts_a_day):
            found.append(f"too many posts on {day}")
        if len({theme for theme, _ in themes}) < len(themes):
            found.append(f"one theme twice on {day}")
        if groups == 1 and sum(one.kind == "promotion" for one in today) > limits.promotions_a_day:
            found.append(f"too many promotions on {day}")
    return found


def order_faults(plan: Schedule, known: dict[str, Action]) -> list[str]:
    found = []
    placed = {one.action: one for one in plan.placed}
    for name, one in placed.items():
        for other, gap in known[name].after:
            if other in placed and clock(one) < clock(placed[other]) + gap:
                found.append(f"{name} comes too early after {other}")
        same = known[name].same_day_as
        if same in placed and placed[same].day != one.day:
            found.append(f"{name} is not on the day of {same}")
        for other in (*(other for other, _ in known[name].after), same):
            if other in known and known[other].required and other not in placed:
                found.append(f"{name} does not wait for {other}")
    return found


@st.composite
def weeks(draw: st.DrawFn) -> tuple[list[Action], Limits]:
    groups = draw(st.integers(1, 3))
    people = ["甲", "乙"][: draw(st.integers(1, 2))]
    names = [f"a{index}" for index in range(draw(st.integers(1, 9)))]
    places = st.builds(
        at,
        st.sampled_from([480, 540, 570, 720, 725, 1200, 1260]),
        day=st.integers(0, 2),
        owner=st.sampled_from(people),
        score=st.integers(0, 9),
    )
    actions = [
        action(
            name,
            *draw(st.lists(places, max_size=6)),
            group=f"群{draw(st.integers(1, groups))}",
            kind=draw(st.sampled_from(KINDS)),
            minutes=draw(st.sampled_from([5, 30, 60, 90])),
            weight=draw(st.integers(1, 9)),
            required=draw(st.booleans()),
            posts=draw(st.booleans()),
            theme=draw(st.sampled_from(["", "", "上新"])),
            after=draw(st.lists(st.tuples(st.sampled_from([*names, "别处"]), st.integers(0, 1500)), max_size=1)),
            same_day_as=draw(st.sampled_from(["", "", *names])),
        )
        for name in names
    ]
    # An action that waits for itself is a mistake of the caller's, and void.
    actions = [one.model_copy(update={"after": tuple(x for x in one.after if x[0] != one.id)}) for one in actions]
    limits = Limits(
        spacing=draw(st.sampled_from([0, 30, 90, 1500])),
        posts_a_day=draw(st.integers(1, 3)),
        promotion_share=draw(st.sampled_from([None, 30, 50])),
        load={person: draw(st.sampled_from([30, 90, 240])) for person in people},
        week_load={people[0]: draw(st.sampled_from([60, 600]))},
        same_people=(frozenset({"群1", "群2"}),) if draw(st.booleans()) else (),
        shared_posts_a_day=2,
    )
    return actions, limits


@settings(max_examples=120)
@given(weeks())
def test_no_plan_breaks_a_limit_and_every_action_is_placed_or_explained(week: tuple[list[Action], Limits]) -> None:
    actions, limits = week
    plan = schedule(actions, limits)
    assert faults(plan, actions, limits) == []
    assert all(one.reason for one in plan.unplaced)
    assert plan.status == "optimal"
    assert {one.action for one in plan.unplaced if one.required} == {
        one.id for one in actions if one.required and one.id not in where(plan)
    }


def worth(plan: dict[str, Opening], known: dict[str, Action]) -> tuple[int, int]:
    """Required actions first; then weight, scores and how crowded the days are, as `solving` weighs them."""
    crowds: dict[tuple[str, dt.date], int] = defaultdict(int)
    total = 0
    for name, place in plan.items():
        total += known[name].weight * PLACED + place.score
        if known[name].posts:
            crowds[known[name].group, place.day] += 1
    crowded = sum(max(0, posts - 1) + max(0, posts - 2) for posts in crowds.values())
    return sum(known[name].required for name in plan), total - CROWDED * crowded


@settings(max_examples=25)
@given(weeks())
def test_no_other_sound_plan_is_better(week: tuple[list[Action], Limits]) -> None:
    actions = [one.model_copy(update={"openings": one.openings[:3]}) for one in week[0][:4]]
    limits = week[1]
    known = {one.id: one for one in actions}
    found = schedule(actions, limits)
    best = (0, 0)
    for choice in product(*([None, *one.openings] for one in actions)):
        plan = {one.id: place for one, place in zip(actions, choice, strict=True) if place}
        rest = tuple(Unplaced(action=name, reason="?") for name in known if name not in plan)
        placed = tuple(Placed(action=name, day=p.day, minute=p.minute, owner=p.owner) for name, p in plan.items())
        if worth(plan, known) > best:
            told = Schedule(placed=placed, unplaced=rest, status="optimal")
            best = best if faults(told, actions, limits) else worth(plan, known)
    chosen = {
        one.action: max(
            (p for p in known[one.action].openings if (p.day, p.minute, p.owner) == (one.day, one.minute, one.owner)),
            key=lambda place: place.score,
        )
        for one in found.placed
    }
    assert worth(chosen, known) == best


@settings(max_examples=25)
@given(weeks(), st.randoms())
def test_the_order_in_which_actions_are_given_changes_nothing(
    week: tuple[list[Action], Limits], random: Random
) -> None:
    actions, limits = week
    shuffled = list(actions)
    random.shuffle(shuffled)
    assert schedule(shuffled, limits) == schedule(actions, limits)


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
