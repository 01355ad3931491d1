"""No plan breaks a limit or leaves out a better one, whatever the week looks like."""

from collections import Counter
from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from schedules import KINDS, action, at, faults, where

from copilot.tasks.weekly_plan.scheduling.solving import CROWDED, PLACED
from copilot.tasks.weekly_plan.scheduling.week import Action, Limits, Opening, Placed, Schedule, Unplaced, schedule


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
    total = sum(known[name].weight * PLACED + place.score for name, place in plan.items())
    crowds = Counter((known[name].group, place.day) for name, place in plan.items() if known[name].posts)
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
