"""The hours of people from more than one place: said twice, said beside their names, taken away by an absence."""

from collections.abc import Iterator
from datetime import date

from copilot.facts.brief import Brief
from copilot.facts.hours import Hours, Window
from copilot.facts.moments import read_moments
from copilot.records import Conflict
from copilot.tasks.weekly_plan.reading.entries import Entry
from copilot.tasks.weekly_plan.reading.events import days_in_week
from copilot.tasks.weekly_plan.reading.lexicon import Notices, lexicon
from copilot.tasks.weekly_plan.reading.prose import cut
from copilot.tasks.weekly_plan.situation import Person, Said


def without_absences(
    people: tuple[Person, ...], entries: tuple[Entry, ...], week: tuple[date, date], brief: Brief
) -> tuple[Person, ...]:
    """The people without the hours of the week's days on which the brief says they are away (小周 5月18日请假)."""
    away: dict[str, set[int]] = {}
    cue = lexicon().people["away"]
    for entry in entries:
        if entry.topic in ("wish", "voices", "goal") or not cue.search(entry.text):
            continue
        for clause, _ in cut(entry.text):
            if not cue.search(clause):
                continue
            days = days_in_week(read_moments(clause, brief.now), week)
            for person in people:
                if person.name in clause or (person.name == "我" and clause.startswith("我")):
                    away.setdefault(person.name, set()).update(day.isoweekday() for day in days)
    found = []
    for person in people:
        gone = away.get(person.name)
        if gone:
            windows = tuple(window for window in person.hours.windows if window.weekday not in gone)
            person = person.model_copy(update={"hours": person.hours.model_copy(update={"windows": windows})})
        found.append(person)
    return tuple(found)


def _lacks(own: Hours, said: Hours) -> bool:
    """Whether somebody's hours lack what is said apart: when, or how long a day."""
    return bool(said.stated and not own.stated) or bool(said.minutes_a_day and not own.minutes_a_day)


def share_out(shared: list[tuple[Entry, Hours]], people: dict[str, Person]) -> Iterator[Said]:
    """Give hours that stand apart to the people who have none of their own; those that fit nobody are left over."""
    for entry, hours in shared:
        needy = [one for one in people.values() if _lacks(one.hours, hours)]
        called = [one for one in needy if one.name in entry.origin.field]
        for one in called or needy:
            both = one.hours
            if hours.stated and not both.stated:
                both = hours.model_copy(update={"minutes_a_day": hours.minutes_a_day or both.minutes_a_day})
            elif hours.minutes_a_day and not both.minutes_a_day:
                both = both.model_copy(update={"minutes_a_day": hours.minutes_a_day})
            origin = one.origin.model_copy(update={"quote": f"{one.origin.quote}；{entry.text}"})
            people[one.name] = one.model_copy(update={"hours": both, "origin": origin})
        if not needy:
            yield Said(text=f"{entry.label or entry.origin.field}：{entry.text}", origin=entry.origin)


def merged(known: Person, other: Person, notices: Notices) -> Person:
    """One person said twice: duties and groups together; hours that differ on one weekday are a conflict, and only
    what both allow is planned with.
    """
    duty = known.duty if other.duty in known.duty else "，".join(part for part in (known.duty, other.duty) if part)
    hours = known.hours if known.hours.stated else other.hours
    if known.hours.stated and other.hours.stated and known.hours.windows != other.hours.windows:
        hours, differ = _both(known.hours, other.hours)
        if differ:
            message = f"{known.name}的时间有两种说法：“{known.hours.words or known.origin.quote}”与“{other.hours.words or other.origin.quote}”，先只排两边都行的时间"
            notices.conflicts.append(
                Conflict(code="person-hours", message=message, origins=(known.origin, other.origin))
            )
    served = () if not known.groups or not other.groups else tuple(dict.fromkeys((*known.groups, *other.groups)))
    return known.model_copy(
        update={
            "duty": duty,
            "duties": tuple(dict.fromkeys((*known.duties, *other.duties))),
            "only": known.only or other.only,
            "hours": hours,
            "groups": served,
        }
    )


def _both(first: Hours, second: Hours) -> tuple[Hours, bool]:
    """The hours of two statements: days that only one names are added, on shared days what both allow."""
    days = {window.weekday for window in first.windows} & {window.weekday for window in second.windows}
    windows, differ = [], False
    for day in range(1, 8):
        mine = [window for window in first.windows if window.weekday == day]
        theirs = [window for window in second.windows if window.weekday == day]
        if day not in days or mine == theirs:
            windows += mine or theirs
            continue
        if all(one.end <= other.start or other.end <= one.start for one in mine for other in theirs):
            windows += sorted((*mine, *theirs), key=lambda window: window.start)  # two shifts
            continue
        differ = True
        windows += [
            Window(weekday=day, start=max(one.start, other.start), end=min(one.end, other.end))
            for one in mine
            for other in theirs
            if max(one.start, other.start) < min(one.end, other.end)
        ]
    words = "；".join(part for part in (first.words, second.words) if part)
    minutes = min((one for one in (first.minutes_a_day, second.minutes_a_day) if one is not None), default=None)
    both = first.model_copy(
        update={
            "windows": tuple(windows),
            "minutes_a_day": minutes,
            "stated": bool(windows) or not differ,
            "only_workdays": first.only_workdays or second.only_workdays,
            "vague": first.vague or second.vague,
            "words": words,
        }
    )
    return both, differ
