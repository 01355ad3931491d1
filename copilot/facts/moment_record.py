"""The record of a date or time, its canonical form, and the atoms by which one moment backs another."""

import datetime as dt
from typing import Literal

from copilot.facts.calendar import DAY, calendar_words
from copilot.records import Record

Bound = Literal["at", "before", "from", "after"]
MIDNIGHT = 24 * 60
HALF_DAY = MIDNIGHT // 2
END_OF_DAY = dt.time(23, 59, 59)


class Moment(Record):
    """A date, a time, a range of them, or a repetition. Offsets are code points of the text read.

    `recurrence` is "daily", "workdays", "weekly", "weekly:1,3" (Monday is 1), "monthly" or "monthly:15".
    24:00 is `time(23, 59, 59)` of the day it closes, so that comparing stays simple. A month, week or year
    (`grain`) has its first and last day in `date` and `end_date`. `bare_weekday`: only a weekday was said.
    `rival` is a second date the same words give, when it is another one. `unknown_reason` says why `date` is None
    though the words mean a day.
    """

    start: int
    end: int
    text: str
    date: dt.date | None = None
    end_date: dt.date | None = None
    time: dt.time | None = None
    end_time: dt.time | None = None
    day_part: str | None = None
    end_day_part: str | None = None
    recurrence: str | None = None
    bound: Bound = "at"
    stated_weekday: int | None = None
    end_stated_weekday: int | None = None
    year_stated: bool = False
    relative: bool = False
    grain: str = "day"
    bare_weekday: bool = False
    anaphoric: bool = False
    rival: dt.date | None = None
    key: str = ""
    unknown_reason: str = ""

    @property
    def weekday_mismatch(self) -> bool:
        """Whether a weekday is stated that its date does not have."""
        pairs = ((self.stated_weekday, self.date), (self.end_stated_weekday, self.end_date))
        return any(stated and day and day.isoweekday() != stated for stated, day in pairs)

    @property
    def canonical(self) -> str:
        """The form two ways of writing the same thing share: `2026-11-28T20:00`, `A/B`, `daily T20:00`, `<=…`, `>=…`."""
        first = _form(self.date, self.time, self.day_part, self.grain, self.key)
        last_day = self.end_date if self.grain == "day" else None
        if self.grain.startswith("month") and self.date and self.end_date and self.end_date.month != self.date.month:
            first, last = self.date.isoformat()[:7], self.end_date.isoformat()[:7]
        elif last_day or self.end_time is not None or self.end_day_part:
            last = _form(last_day or self.date, self.end_time, self.end_day_part, "day", "")
        else:
            last = ""
        span = f"{first}/{last}" if last and last != first else first
        bound = {"at": "", "before": "<=", "from": ">=", "after": ">="}[self.bound]
        return bound + " ".join(part for part in (self.recurrence, span) if part)


def _form(day: dt.date | None, clock: dt.time | None, part: str | None, grain: str, key: str) -> str:
    if day is None:
        return key + (f"T{_clock(clock)}" if clock is not None else f"T{part}" if part else "")
    if grain != "day":
        base, _, third = grain.partition("~")
        iso = day.isocalendar()
        name = {"month": day.isoformat()[:7], "year": str(day.year), "week": f"{iso.year}-W{iso.week:02}"}[base]
        return name + (f"~{third}" if third else "") + (f"T{_clock(clock)}" if clock is not None else "")
    if clock == END_OF_DAY:
        return f"{day + DAY}T00:00"
    return day.isoformat() + (f"T{_clock(clock)}" if clock is not None else f"T{part}" if part else "")


def _clock(clock: dt.time) -> str:
    return "24:00" if clock == END_OF_DAY else f"{clock:%H:%M}"


def parts(moment: Moment) -> frozenset[str]:
    """The atoms a moment is made of: dates, weekdays, months, times, parts of the day, repetitions.

    A moment of a draft is backed when all its atoms are among those of the brief. A lone weekday is that
    weekday and nothing more; a date brings its weekday, week, month and year with it; a time its part of the day.
    当天 and 次日 bring no date, for the date they stand for is said beside them.
    """
    found: set[str] = set()
    if moment.recurrence:
        found |= _recurrence_parts(moment.recurrence)
    if not moment.anaphoric:
        found |= _date_parts(moment)
    for clock, part in ((moment.time, moment.day_part), (moment.end_time, moment.end_day_part)):
        if clock is not None:
            found |= {f"T{_clock(clock)}", "T00:00"} if clock == END_OF_DAY else {f"T{_clock(clock)}"}
            minute = MIDNIGHT if clock == END_OF_DAY else clock.hour * 60 + clock.minute
            hours = {name: entry["hours"] for name, entry in calendar_words()["day_parts"].items()}
            found |= {name for name, (low, high) in hours.items() if low * 60 <= minute <= high * 60}
        elif part:
            found.add(part)
    found |= {f"weekday:{stated}" for stated in (moment.stated_weekday, moment.end_stated_weekday) if stated}
    return frozenset(found)


def offers(moment: Moment) -> frozenset[str]:
    """The atoms a brief's moment makes known: its parts, and for a lone weekday or 当天 also the date it means."""
    return parts(moment) | parts(moment.model_copy(update={"bare_weekday": False, "anaphoric": False}))


def _recurrence_parts(recurrence: str) -> set[str]:
    kind, _, numbers = recurrence.partition(":")
    if not numbers:
        return {kind}
    atoms = {f"{kind}:{number}" for number in numbers.split(",")}
    return atoms | {kind} | ({f"weekday:{number}" for number in numbers.split(",")} if kind == "weekly" else set())


def _date_parts(moment: Moment) -> set[str]:
    if moment.date is None:
        return {moment.key} if moment.key else set()
    if moment.grain != "day":
        found = {_form(moment.date, None, None, moment.grain, "")}
        if moment.grain == "month" and moment.end_date and moment.end_date.month != moment.date.month:
            found.add(moment.end_date.isoformat()[:7])
        return found
    found = set()
    for day in (moment.date, moment.end_date):
        if day is None:
            continue
        found.add(f"weekday:{day.isoweekday()}")
        if not moment.bare_weekday:
            iso = day.isocalendar()
            found |= {day.isoformat(), day.isoformat()[:7], str(day.year), f"{iso.year}-W{iso.week:02}"}
    return found
