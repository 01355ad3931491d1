"""What the scheduler is given and what it hands back: actions with their openings, limits, places, and reasons."""

from datetime import date
from typing import Literal

from copilot.records import Record

ActionKind = Literal["service", "content", "interaction", "promotion", "ritual", "preparation", "review"]


class Opening(Record):
    """A place an action may take: minutes since midnight of that day, by one person, with a score (higher is better)."""

    day: date
    minute: int
    owner: str
    score: int = 0


class Action(Record):
    """One thing to do in one group.

    `minutes` is the owner's work, from the opening's minute on; `weight` what placing it is worth. `after` names
    actions and the least minutes from their start to this one's; `same_day_as` one that falls on the same day. Both
    are void while the other has no place, unless the other is required: then this one waits for it. `posts` is false
    for the team's own work, which no member sees. `theme` is the content, where several groups get the same.
    `blocked` are the reasons why openings were turned down, `code` or `code:what`.
    """

    id: str
    group: str
    kind: ActionKind
    minutes: int
    weight: int
    required: bool = False
    openings: tuple[Opening, ...] = ()
    after: tuple[tuple[str, int], ...] = ()
    same_day_as: str = ""
    posts: bool = True
    theme: str = ""
    blocked: tuple[str, ...] = ()


class Limits(Record):
    """What no plan may break.

    `spacing` is in minutes from one post's start to the next one's in a group; `promotion_share` in percent of a
    group's posts in the week (None: no such limit); `load` and `week_load` are a person's minutes a day and a week.
    `same_people` are groups with largely the same members: spacing holds across them, together they get at most
    `shared_posts_a_day`, and no theme stands in two of them on one day.
    """

    spacing: int = 90
    posts_a_day: int = 3
    promotions_a_day: int = 1
    promotion_share: int | None = 30
    load: dict[str, int] = {}
    week_load: dict[str, int] = {}
    same_people: tuple[frozenset[str], ...] = ()
    shared_posts_a_day: int = 3


class Placed(Record):
    """An action in its place."""

    action: str
    day: date
    minute: int
    owner: str


class Relaxation(Record):
    """A limit that would have to give way: its code, what it is about, what is needed and what is allowed."""

    code: str
    about: tuple[str, ...] = ()
    needs: int | None = None
    allowed: int | None = None


class Unplaced(Record):
    """An action without a place: the main reason, and the limits whose giving way would make a place."""

    action: str
    reason: str
    relax: tuple[Relaxation, ...] = ()
    required: bool = False


class Schedule(Record):
    """A week. `status` is `optimal` (proven), `feasible` (the best found in time) or `empty` (nothing to place).

    `relax`: what would have to give way, all together, so that every required action has a place.
    """

    placed: tuple[Placed, ...]
    unplaced: tuple[Unplaced, ...]
    status: Literal["optimal", "feasible", "empty"]
    relax: tuple[Relaxation, ...] = ()
