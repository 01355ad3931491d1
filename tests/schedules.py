"""Weeks to schedule for tests, and what no plan may break, told a second time."""

import datetime as dt
from itertools import pairwise

from copilot.tasks.weekly_plan.scheduling.week import Action, ActionKind, Limits, Opening, Placed, Schedule

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


def faults(plan: Schedule, actions: list[Action], limits: Limits) -> list[str]:
    known = {one.id: one for one in actions}
    found = []
    told = [*(one.action for one in plan.placed), *(one.action for one in plan.unplaced)]
    if set(told) != set(known):
        found.append("an action stands nowhere")
    if len(set(told)) < len(told):
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
