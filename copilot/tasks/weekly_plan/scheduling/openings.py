"""Where a slot of the week may go: inside its owner's hours, outside the group's quiet times and the night."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from copilot.facts.calendar import Unpublished, coming_break, is_workday
from copilot.facts.hour_clocks import DAY_MINUTES, lexicon, minutes_of
from copilot.facts.hours import Hours, Quiet
from copilot.records import Record
from copilot.tasks.weekly_plan.scheduling.actions import Opening

GRID = 5
"""Openings start at multiples of so many minutes."""
HALF_HOUR = 30

Spans = tuple[tuple[int, int], ...]


class Openings(Record):
    """The places, best first, and why others were turned down.

    `blocked` are codes for `Action.blocked`, the most frequent first: `hours:NAME` (out of that person's hours),
    `quiet`, `closed` and `holiday` (the group's), `night`, `no_owner`. `unknown_days` are days of which the calendar
    does not know whether they are worked: their weekday decided. `assumed` are people whose hours are not known, and
    who were taken to have the usual day.
    """

    openings: tuple[Opening, ...]
    blocked: tuple[str, ...] = ()
    unknown_days: tuple[date, ...] = ()
    assumed: tuple[str, ...] = ()


class DayKind(Record):
    """What the official calendar says of a day; `known` is false where it says nothing and the weekday decides."""

    workday: bool
    holiday: bool
    known: bool


def day_kind(day: date) -> DayKind:
    """Whether people work that day, and whether it belongs to a public holiday."""
    try:
        workday = is_workday(day)
    except Unpublished:
        return DayKind(workday=day.isoweekday() < 6, holiday=False, known=False)
    try:
        holiday = not workday and coming_break(day)[0] <= day
    except Unpublished:  # the next holiday is not published yet: this day lies in none
        holiday = False
    return DayKind(workday=workday, holiday=holiday, known=True)


def working_spans(hours: Hours, day: date) -> Spans:
    """When somebody works on a day, in minutes since midnight. Hours that nobody stated count as the usual day."""
    if not hours.stated:
        return (_clock("usual_day"),)
    kind = day_kind(day)
    if (hours.only_workdays and not kind.workday) or (hours.rests_on_holidays and kind.holiday):
        return ()
    weekday = day.isoweekday()
    if hours.only_workdays and weekday > 5 and hours.windows:  # a Saturday that is worked goes by the week's first day
        weekday = hours.windows[0].weekday
    return tuple((window.start, window.end) for window in hours.windows if window.weekday == weekday)


def quiet_spans(quiet: Sequence[Quiet], day: date) -> Spans:
    """When a group may not be written to on a day; the whole day where it is closed."""
    return tuple((start, end) for start, end, _ in _closed(quiet, day))


def openings(
    days: Sequence[date],
    minutes: int,
    people: Mapping[str, Hours],
    preferred: Mapping[tuple[int, int], int],
    *,
    quiet: Sequence[Quiet] = (),
    posts: bool = True,
    night: bool = False,
    most: int = 24,
) -> Openings:
    """The places for `minutes` of work on these days, at most `most`.

    `people` are those who may do it; `preferred` gives the score of a (weekday, minute since midnight), and 0 is
    everybody's score at the fallbacks: starts and half-hours of working spans, the nearest to a preferred time first.
    An owner is there, and no quiet time touches a post, from start to end. `posts` is false for work that members do
    not see: quiet times do not matter then. `night` is true for an event that the brief itself puts there.
    """
    days = sorted(set(days))
    refused: dict[str, int] = {} if people else {"no_owner": 1}
    wanted: list[Opening] = []
    fallbacks: dict[date, list[Opening]] = {day: [] for day in days}
    for day in days:
        closed = [] if night else _night()
        closed += _closed(quiet, day) if posts else []
        times = {
            _aligned(minute): score
            for (weekday, minute), score in sorted(preferred.items())
            if weekday == day.isoweekday()
        }
        for owner in sorted(people):
            spans = _joined(working_spans(people[owner], day))
            for minute, score in times.items():
                if reason := _refusal(minute, minutes, owner, spans, closed):
                    refused[reason] = refused.get(reason, 0) + 1
                else:
                    wanted.append(Opening(day=day, minute=minute, owner=owner, score=score))
            free = [minute for minute in _candidates(spans, closed) if minute not in times]
            free = [minute for minute in free if not _refusal(minute, minutes, owner, spans, closed)]
            if not free and not times:
                reason = next((name for _, _, name in closed if name in {"closed", "holiday"}), "") or f"hours:{owner}"
                refused[reason] = refused.get(reason, 0) + 1
            near = list(times) or [minute for _, minute in preferred]
            free.sort(key=lambda minute: (min((abs(minute - time) for time in near), default=0), minute))
            fallbacks[day] += [Opening(day=day, minute=minute, owner=owner, score=0) for minute in free]
    wanted.sort(key=lambda opening: (-opening.score, opening.day, opening.minute, opening.owner))
    found = [*wanted, *_in_turns(fallbacks.values())][:most]
    return Openings(
        openings=tuple(found),
        blocked=tuple(sorted(refused, key=lambda reason: (-refused[reason], reason))),
        unknown_days=tuple(day for day in days if _asks_calendar(people, quiet) and not day_kind(day).known),
        assumed=tuple(sorted(name for name, hours in people.items() if not hours.stated)),
    )


def _clock(name: str) -> tuple[int, int]:
    start, end = lexicon()[name]
    return minutes_of(start), minutes_of(end)


def _night() -> list[tuple[int, int, str]]:
    start, end = _clock("night")
    return [(0, end, "night"), (start, DAY_MINUTES, "night")]


def _closed(quiet: Sequence[Quiet], day: date) -> list[tuple[int, int, str]]:
    """(start, end, reason) of the group's quiet times on a day."""
    found = []
    for rule in quiet:
        kind = day_kind(day) if rule.closed_holidays or rule.only_workdays else None
        if kind and rule.closed_holidays and kind.holiday:
            found.append((0, DAY_MINUTES, "holiday"))
        elif (kind and rule.only_workdays and not kind.workday) or (
            day.isoweekday() in rule.closed_weekdays and not (kind and rule.only_workdays)
        ):
            found.append((0, DAY_MINUTES, "closed"))
        weekday = day.isoweekday()
        if (
            rule.only_workdays and weekday > 5 and rule.windows
        ):  # a Saturday that is worked keeps the week's quiet times
            weekday = rule.windows[0].weekday
        found += [(window.start, window.end, "quiet") for window in rule.windows if window.weekday == weekday]
    return found


def _asks_calendar(people: Mapping[str, Hours], quiet: Sequence[Quiet]) -> bool:
    return any(hours.only_workdays or hours.rests_on_holidays for hours in people.values()) or any(
        rule.closed_holidays or rule.only_workdays for rule in quiet
    )


def _refusal(minute: int, length: int, owner: str, spans: Spans, closed: Iterable[tuple[int, int, str]]) -> str:
    """Why a place is none, or ""."""
    end = minute + max(length, 1)
    for first, last, reason in closed:
        if minute < last and first < end:
            return reason
    return "" if any(first <= minute and end <= last for first, last in spans) else f"hours:{owner}"


def _joined(spans: Spans) -> Spans:
    """Spans in order, those that touch made one: work may go on over the seam."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _candidates(spans: Spans, closed: Iterable[tuple[int, int, str]]) -> list[int]:
    """Starts of spans, ends of quiet times inside them, and the half-hours."""
    found = {_aligned(end) for _, end, _ in closed}
    for start, end in spans:
        found |= {_aligned(start), *range(-(-start // HALF_HOUR) * HALF_HOUR, end, HALF_HOUR)}
    return sorted(minute for minute in found if minute < DAY_MINUTES)


def _aligned(minute: int) -> int:
    return -(-minute // GRID) * GRID


def _in_turns(lists: Iterable[list[Opening]]) -> Iterator[Opening]:
    """The first of every day, then the second of every day …: a short list still spreads over the week."""
    rest = [list(entries) for entries in lists]
    for index in range(max(map(len, rest), default=0)):
        for entries in rest:
            if index < len(entries):
                yield entries[index]
