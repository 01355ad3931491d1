"""The quiet times of groups, and what cannot be together with them: fixed events in them, people who only work in them, weeks that are all quiet."""

import re
from collections.abc import Iterable
from datetime import date

from copilot.facts.hour_clocks import DAY_MINUTES, minutes_of
from copilot.facts.hour_clocks import lexicon as hour_lexicon
from copilot.facts.hour_weeks import WHOLE_DAY, merged, whole_week, without
from copilot.facts.hour_weeks import Week as Minutes
from copilot.facts.hours import Quiet, Window
from copilot.records import Conflict, Origin
from copilot.tasks.weekly_plan.reading.entries import Entry
from copilot.tasks.weekly_plan.reading.group_names import groups_named
from copilot.tasks.weekly_plan.reading.groups import quiet_of
from copilot.tasks.weekly_plan.reading.lexicon import Notices, lexicon
from copilot.tasks.weekly_plan.reading.week import days_of
from copilot.tasks.weekly_plan.situation import FixedEvent, Group, Person


def with_quiet(groups: tuple[Group, ...], entries: tuple[Entry, ...], scopes: dict[str, str]) -> tuple[Group, ...]:
    """The groups with the quiet times that constraints set: for the group a constraint names, else for all."""
    own: dict[str, list[Quiet]] = {}
    shared: list[Quiet] = []
    for entry in entries:
        if entry.topic != "constraints" or not (quiet := quiet_of(entry)):
            continue
        if entry.scope in scopes:
            named = [scopes[entry.scope]]
        elif len(groups) > 1 and "群" in entry.text:
            named = groups_named(entry.text, tuple(group.name for group in groups))
        else:
            named = []
        for name in named:
            own.setdefault(name, []).append(quiet)
        if not named:
            shared.append(quiet)
    return tuple(
        group.model_copy(update={"quiet": (*group.quiet, *shared, *own[group.name])})
        if group.name in own
        else (group.model_copy(update={"quiet": (*group.quiet, *shared)}) if shared else group)
        for group in groups
    )


def check_quiet(
    groups: tuple[Group, ...],
    fixed: tuple[FixedEvent, ...],
    people: tuple[Person, ...],
    entries: tuple[Entry, ...],
    week: tuple[date, date],
    notices: Notices,
) -> None:
    """Fixed events in quiet time, weeks without a minute to write in, and people who can only work in quiet time:
    shown, not settled. Public holidays are not looked up.
    """
    _check_events(groups, fixed, entries, notices)
    by_rules = {group.quiet: closed_minutes(group.quiet) for group in groups}
    closed = {group.name: by_rules[group.quiet] for group in groups}
    silent = _check_weeks(groups, closed, entries, week, notices)
    for person in people:
        served = [group for group in groups if group.name in (person.groups or closed) and group.name not in silent]
        if not served or not person.hours.stated or not person.hours.windows:
            continue
        hours = minutes_in(person.hours.windows)
        if any(any(without(hours, closed[group.name]).values()) for group in served):
            continue
        rules = [quiet for quiet in served[0].quiet if _meet(hours, closed_minutes([quiet]))]
        told = "、".join(dict.fromkeys(quiet.words for quiet in rules if quiet.words))
        message = f"{person.name}的时间（{person.hours.words}）全在不发消息的时间（{told}）里，排不了要发消息的事"
        origins = (person.origin, *(_origin(quiet, served[0], entries) for quiet in rules[:1]))
        notices.conflicts.append(Conflict(code="hours-in-quiet", message=message, origins=origins))


def minutes_in(windows: Iterable[Window]) -> Minutes:
    """The minutes of windows by weekday."""
    found: Minutes = {}
    for window in windows:
        found = merged(found, {window.weekday: ((window.start, window.end),)})
    return found


def closed_minutes(quiets: Iterable[Quiet]) -> Minutes:
    """The minutes of the week in which nothing may be sent."""
    closed: Minutes = {}
    for quiet in quiets:
        closed = merged(closed, dict.fromkeys(quiet.closed_weekdays, WHOLE_DAY))
        closed = merged(closed, minutes_in(quiet.windows))
    return closed


def _meet(first: Minutes, second: Minutes) -> bool:
    return first != without(first, second)


def is_quiet(quiet: Quiet, day: date, minute: int | None) -> bool:
    """Whether a moment (a whole day, where `minute` is None) lies in a quiet time; public holidays are not looked up."""
    if day.isoweekday() in quiet.closed_weekdays:
        return True
    return minute is not None and any(
        window.weekday == day.isoweekday() and window.start <= minute < window.end for window in quiet.windows
    )


def _check_events(
    groups: tuple[Group, ...], fixed: tuple[FixedEvent, ...], entries: tuple[Entry, ...], notices: Notices
) -> None:
    for event in fixed:
        for group in groups:
            if (event.group and event.group != group.name) or lexicon().outage.search(event.name):
                continue
            clash = next(
                (quiet for quiet in group.quiet for day in event.days if is_quiet(quiet, day, event.minute)), None
            )
            if clash:
                message = f"固定活动“{event.text}”落在不发消息的时间（{clash.words}）里，先照原样保留，请确认以哪个为准"
                origins = (event.origin, _origin(clash, group, entries))
                notices.conflicts.append(Conflict(code="event-in-quiet", message=message, origins=origins))
                break


def _check_weeks(
    groups: tuple[Group, ...],
    closed: dict[str, Minutes],
    entries: tuple[Entry, ...],
    week: tuple[date, date],
    notices: Notices,
) -> set[str]:
    """The groups whose quiet times leave nothing of the week but the night, or nothing at all; each set of rules is
    told once.
    """
    start, end = (minutes_of(clock) for clock in hour_lexicon()["night"])
    night: Minutes = dict.fromkeys(range(1, 8), ((0, end), (start, DAY_MINUTES)))
    weekdays = {day.isoweekday() for day in days_of(week)}
    planned = {day: spans for day, spans in whole_week().items() if day in weekdays}
    silent: dict[str, tuple[Quiet, ...]] = {}
    told: set[tuple[Quiet, ...]] = set()
    for group in groups:
        left = without(planned, closed[group.name])
        if not group.quiet or any(without(left, night).values()):
            continue
        silent[group.name] = group.quiet
        if group.quiet in told:
            continue
        told.add(group.quiet)
        alike = [one.name for one in groups if one.quiet == group.quiet]
        called = f"{group.name}等 {len(alike)} 个群" if len(alike) > 1 else group.name
        origins = tuple(_origin(quiet, group, entries) for quiet in group.quiet)
        rules = "”和“".join(
            dict.fromkeys(_clause(quiet, origin) for quiet, origin in zip(group.quiet, origins, strict=True))
        )
        rest = "只剩夜里的时间了" if any(left.values()) else "没有剩下能发消息的时间"
        message = f"{called}：按“{rules}”，这一周{rest}，请确认哪些时间可以发"
        notices.conflicts.append(Conflict(code="no-time-left", message=message, origins=origins))
    return set(silent)


def _clause(quiet: Quiet, origin: Origin) -> str:
    """The words of a quiet time with the refusal in them, as far as its place in the brief shows them."""
    clauses = re.split(r"[，,；;。\n]", origin.quote)
    return next((clause.strip() for clause in clauses if quiet.words and quiet.words in clause), quiet.words)


def _origin(quiet: Quiet, group: Group, entries: tuple[Entry, ...]) -> Origin:
    """Where a group's quiet time stands."""
    for entry in entries:
        if entry.topic in ("constraints", "quiet") and quiet.words and quiet.words in entry.text:
            return entry.origin
    return group.origin.model_copy(update={"quote": quiet.words or group.origin.quote})
