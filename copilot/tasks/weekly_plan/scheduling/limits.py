"""Every limit of a plan as rows of whole numbers over the openings: the one definition that all of scheduling uses.

A literal is one opening of one action, true when the action takes it. A row holds while the coefficients of its true
literals sum up to its bound at most. All limits have this form: a person's overlapping openings, posts too close to
each other and orders that are broken are each a set of which one may be true.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from copilot.tasks.weekly_plan.scheduling.actions import Action, Limits, Opening

DAY_MINUTES = 24 * 60

COSTS = {
    "load": 10,
    "week_load": 10,
    "posts_a_day": 10,
    "shared_posts_a_day": 10,
    "promotions_a_day": 10,
    "spacing": 20,
    "promotion_share": 20,
    "shared_theme": 20,
    "after": 40,
    "same_day": 40,
    "waits": 40,
    "overlap": 60,
}
"""The codes of the limits that can give way, and how dear that is: more minutes come before a second person."""


@dataclass(frozen=True)
class Literal:
    """One opening of one action; `start` is in minutes since the first year, `index` its number."""

    index: int
    action: Action
    opening: Opening
    start: int

    @property
    def end(self) -> int:
        """When its owner is free again."""
        return self.start + max(self.action.minutes, 1)


@dataclass(frozen=True)
class Row:
    """Σ coefficient · literal ≤ bound, `terms` giving each literal's coefficient. `code` is "place" (one place an action)
    or a key of `COSTS`.
    """

    code: str
    about: tuple[str, ...]
    terms: Mapping[int, int]
    bound: int


def literals_of(actions: Sequence[Action]) -> tuple[Literal, ...]:
    """The literals, numbered by action and opening, each place once."""
    found: list[Literal] = []
    for action in actions:
        best: dict[tuple[date, int, str], Opening] = {}
        for opening in sorted(action.openings, key=lambda opening: -opening.score):
            best.setdefault((opening.day, opening.minute, opening.owner), opening)
        for place in sorted(best):
            start = place[0].toordinal() * DAY_MINUTES + place[1]
            found.append(Literal(len(found), action, best[place], start))
    return tuple(found)


def rows_of(literals: Sequence[Literal], actions: Sequence[Action], limits: Limits) -> list[Row]:
    """All rows that can be broken."""
    by_action: dict[str, list[Literal]] = {action.id: [] for action in actions}
    for literal in literals:
        by_action[literal.action.id].append(literal)
    rows = [
        *(_at_most(1, "place", (name,), members) for name, members in by_action.items()),
        *_people(literals, limits),
        *_groups(literals, limits),
        *_shared(literals, limits),
        *_orders(actions, by_action),
    ]
    return [row for row in rows if sum(max(coefficient, 0) for coefficient in row.terms.values()) > row.bound]


def _at_most(bound: int, code: str, about: tuple[str, ...], members: Iterable[Literal]) -> Row:
    return Row(code, about, {literal.index: 1 for literal in members}, bound)


def _by_day(members: Iterable[Literal]) -> dict[date, list[Literal]]:
    days: dict[date, list[Literal]] = defaultdict(list)
    for literal in members:
        days[literal.opening.day].append(literal)
    return days


def _people(literals: Sequence[Literal], limits: Limits) -> Iterator[Row]:
    by_owner: dict[str, list[Literal]] = defaultdict(list)
    for literal in literals:
        by_owner[literal.opening.owner].append(literal)
    for owner, members in sorted(by_owner.items()):
        for clique in _cliques([(literal.start, literal.end, literal) for literal in members]):
            yield _at_most(1, "overlap", (owner, clique[-1].opening.day.isoformat()), clique)
        if owner in limits.week_load:
            yield _work("week_load", (owner,), members, limits.week_load[owner])
        if owner in limits.load:
            for day, todays in sorted(_by_day(members).items()):
                yield _work("load", (owner, day.isoformat()), todays, limits.load[owner])


def _work(code: str, about: tuple[str, ...], members: Iterable[Literal], bound: int) -> Row:
    return Row(code, about, {literal.index: literal.action.minutes for literal in members}, bound)


def _groups(literals: Sequence[Literal], limits: Limits) -> Iterator[Row]:
    by_group: dict[str, list[Literal]] = defaultdict(list)
    for literal in literals:
        if literal.action.posts:
            by_group[literal.action.group].append(literal)
    for group, posts in sorted(by_group.items()):
        yield from _spacing((group,), posts, limits)
        promotions = [literal for literal in posts if literal.action.kind == "promotion"]
        for day, todays in sorted(_by_day(posts).items()):
            yield _at_most(limits.posts_a_day, "posts_a_day", (group, day.isoformat()), todays)
        for day, todays in sorted(_by_day(promotions).items()):
            yield _at_most(limits.promotions_a_day, "promotions_a_day", (group, day.isoformat()), todays)
        if limits.promotion_share is not None and promotions:
            share = limits.promotion_share
            weights = {lit.index: (100 if lit.action.kind == "promotion" else 0) - share for lit in posts}
            yield Row("promotion_share", (group,), weights, 0)


def _spacing(groups: tuple[str, ...], posts: list[Literal], limits: Limits) -> Iterator[Row]:
    if limits.spacing > 0:
        for clique in _cliques([(literal.start, literal.start + limits.spacing, literal) for literal in posts]):
            yield _at_most(1, "spacing", (*groups, clique[-1].opening.day.isoformat()), clique)


def _shared(literals: Sequence[Literal], limits: Limits) -> Iterator[Row]:
    for people in limits.same_people:
        groups = tuple(sorted(people))
        posts = [literal for literal in literals if literal.action.posts and literal.action.group in people]
        yield from _spacing(groups, posts, limits)
        for day, todays in sorted(_by_day(posts).items()):
            yield _at_most(limits.shared_posts_a_day, "shared_posts_a_day", (*groups, day.isoformat()), todays)
            yield from _themes(groups, day, todays)


def _themes(groups: tuple[str, ...], day: date, posts: list[Literal]) -> Iterator[Row]:
    """No theme in two of the groups on one day; twice in one group is that group's own matter."""
    themes: dict[str, dict[str, list[Literal]]] = defaultdict(lambda: defaultdict(list))
    for literal in posts:
        if literal.action.theme:
            themes[literal.action.theme][literal.action.group].append(literal)
    for theme, by_group in sorted(themes.items()):
        about = (theme, *groups, day.isoformat())
        if all(len({literal.action.id for literal in members}) == 1 for members in by_group.values()):
            yield _at_most(1, "shared_theme", about, (literal for members in by_group.values() for literal in members))
            continue
        names = sorted(by_group)
        for index, first in enumerate(names):
            for second in names[index + 1 :]:
                for one in _by_action(by_group[first]):
                    for other in _by_action(by_group[second]):
                        yield _at_most(1, "shared_theme", about, [*one, *other])


def _by_action(members: Iterable[Literal]) -> list[list[Literal]]:
    found: dict[str, list[Literal]] = defaultdict(list)
    for literal in members:
        found[literal.action.id].append(literal)
    return list(found.values())


def _orders(actions: Sequence[Action], by_action: dict[str, list[Literal]]) -> Iterator[Row]:
    """Orders bind while both actions have a place; one that waits for a required action needs that one's place."""
    known = {action.id: action for action in actions}
    for action in actions:
        mine = by_action[action.id]
        others = {name for name in (*(name for name, _ in action.after), action.same_day_as) if name in known}
        others.discard(action.id)
        for other, gap in action.after:
            if other in others:
                yield from _order(action.id, other, gap, mine, by_action[other])
        if action.same_day_as in others:
            theirs = by_action[action.same_day_as]
            about = (action.id, action.same_day_as)
            for day, todays in sorted(_by_day(mine).items()):
                elsewhere = [literal for literal in theirs if literal.opening.day != day]
                yield _at_most(1, "same_day", about, [*todays, *elsewhere])
        for other in sorted(others):
            if known[other].required:
                waits = {literal.index: 1 for literal in mine} | {literal.index: -1 for literal in by_action[other]}
                yield Row("waits", (action.id, other), waits, 0)


def _order(name: str, other: str, gap: int, mine: list[Literal], theirs: list[Literal]) -> Iterator[Row]:
    """Mine at `time` or before, and theirs less than `gap` before `time` or later: not both."""
    covered: set[int] = set()
    for time in sorted({literal.start for literal in mine}, reverse=True):
        late = [literal for literal in theirs if literal.start > time - gap]
        if {literal.index for literal in late} == covered:
            continue  # the row of a later time says the same and more
        covered = {literal.index for literal in late}
        yield _at_most(1, "after", (name, other), [*(lit for lit in mine if lit.start <= time), *late])


def _cliques(spans: list[tuple[int, int, Literal]]) -> Iterator[list[Literal]]:
    """The largest sets of spans that all overlap. Spans on a line overlap in pairs only where they share a point."""
    spans.sort(key=lambda span: (span[0], span[1], span[2].index))
    running: list[tuple[int, Literal]] = []
    grown = False
    for start, end, literal in spans:
        if any(other_end <= start for other_end, _ in running):
            if grown and len(running) > 1:
                yield [member for _, member in running]
            running = [(other_end, member) for other_end, member in running if other_end > start]
            grown = False
        running.append((end, literal))
        grown = True
    if len(running) > 1:
        yield [member for _, member in running]
