"""What stands already: fixed events with their days in the week, and dates after it to plan back from."""

import re
from datetime import date, timedelta

from copilot.facts.brief import Brief
from copilot.facts.calendar import Unpublished, is_workday
from copilot.facts.moments import Moment, read_moments
from copilot.facts.values import read_values
from copilot.records import Conflict, Origin
from copilot.tasks.weekly_plan.reading.entries import Entry
from copilot.tasks.weekly_plan.reading.lexicon import Notices, lexicon
from copilot.tasks.weekly_plan.reading.prose import cut
from copilot.tasks.weekly_plan.reading.week import days_of
from copilot.tasks.weekly_plan.situation import Deadline, FixedEvent, Person, Said

Week = tuple[date, date]


def read_fixed(
    entries: tuple[Entry, ...],
    week: Week,
    brief: Brief,
    people: tuple[Person, ...],
    scopes: dict[str, str],
    notices: Notices,
) -> tuple[tuple[FixedEvent, ...], tuple[Said, ...]]:
    """The fixed events of the week, and what is dated outside it. One without a day is asked about, its days empty."""
    found: list[FixedEvent] = []
    elsewhere: list[Said] = []
    for entry in entries:
        for text in _texts(entry) if entry.topic == "fixed" else ():
            event = _event(text, entry, week, brief, people, scopes, notices)
            if event:
                found.append(event)
            else:
                elsewhere.append(Said(text=text, origin=entry.origin))
    return tuple(found), tuple(elsewhere)


def _texts(entry: Entry) -> list[str]:
    """The events of an entry; a record is one."""
    if len(entry.cells) > 1:
        return [entry.text]
    label = (
        f"{entry.label}："
        if entry.label and entry.cells and entry.cells[0][0] == "" and entry.label not in entry.text
        else ""
    )
    return [f"{label}{part.strip()}" for part in re.split(r"[；;\n。]", entry.text) if part.strip()]


def _event(
    text: str,
    entry: Entry,
    week: Week,
    brief: Brief,
    people: tuple[Person, ...],
    scopes: dict[str, str],
    notices: Notices,
) -> FixedEvent | None:
    """One event; None where it is dated outside the week, which is told."""
    when = f"{entry.cell('when')} " if entry.cell("when") else ""
    moments = read_moments(when or text, brief.now)
    name = entry.cell("what") or name_without(text, moments)
    owner = entry.cell("owner") or next(
        (person.name for person in people if person.name in text and person.name != "我"), ""
    )
    days, minute, minutes = days_in_week(moments, week), _minute(moments), _minutes(text, moments, brief)
    event = FixedEvent(
        text=text,
        name=name or text,
        days=days,
        minute=minute,
        minutes=minutes,
        owner=owner,
        group=scopes.get(entry.scope, entry.cell("group")),
        origin=entry.origin,
    )
    for moment in moments:
        if moment.weekday_mismatch and moment.date and moment.stated_weekday:
            message = f"“{text}”写的是周{_HAN[moment.stated_weekday - 1]}，但 {moment.date:%Y-%m-%d} 是周{_HAN[moment.date.weekday()]}，先按日期排"
            notices.conflicts.append(Conflict(code="weekday-mismatch", message=message, origins=(entry.origin,)))
    if not days:
        dated = [moment for moment in moments if moment.date and not moment.bare_weekday]
        if dated:
            notices.tell("info", "event-outside-week", f"“{text}”不在这一周里，没有排进来", "日期写错了就改正")
            return None
        notices.ask(f"event:{event.name}", f"“{event.name}”在这一周的哪一天？")
    elif minute is None and not lexicon().outage.search(event.name):
        notices.ask(f"event-time:{event.name}", f"“{event.name}”几点开始？")
    return event


_HAN = "一二三四五六日"


def days_in_week(moments: tuple[Moment, ...], week: Week) -> tuple[date, ...]:
    """The days of the week that moments fall on: dates, ranges, lone weekdays (of this week), repetitions."""
    days = days_of(week)
    found: set[date] = set()
    for moment in moments:
        if moment.recurrence:
            found |= {day for day in days if _repeats(moment.recurrence, day)}
        elif moment.bare_weekday and moment.stated_weekday:
            last = moment.end_date.isoweekday() if moment.end_date else moment.stated_weekday
            found |= {day for day in days if _between(day.isoweekday(), moment.stated_weekday, last)}
        elif moment.date and moment.grain == "day" and not moment.anaphoric:
            found |= {day for day in days if moment.date <= day <= (moment.end_date or moment.date)}
    return tuple(day for day in days if day in found)


def _between(weekday: int, first: int, last: int) -> bool:
    return first <= weekday <= last if first <= last else weekday >= first or weekday <= last


def _repeats(recurrence: str, day: date) -> bool:
    kind, _, numbers = recurrence.partition(":")
    if kind == "daily":
        return True
    if kind == "workdays":
        try:
            return is_workday(day)
        except Unpublished:
            return day.isoweekday() <= 5
    if kind == "weekly":
        return str(day.isoweekday()) in numbers.split(",")
    return kind == "monthly" and str(day.day) in numbers.split(",")


def _minute(moments: tuple[Moment, ...]) -> int | None:
    return next((moment.time.hour * 60 + moment.time.minute for moment in moments if moment.time), None)


def _minutes(text: str, moments: tuple[Moment, ...], brief: Brief) -> int | None:
    """How long an event is: from its end, else from a length that is said."""
    for moment in moments:
        if moment.time and moment.end_time and (moment.end_date in (None, moment.date)):
            length = (moment.end_time.hour - moment.time.hour) * 60 + moment.end_time.minute - moment.time.minute
            return length if length > 0 else None
    lengths = [value for value in read_values(text, brief.now) if value.kind == "duration" and value.unit == "min"]
    return int(float(lengths[0].number)) if lengths and re.fullmatch(r"\d+(?:\.\d+)?", lengths[0].number) else None


def name_without(text: str, moments: tuple[Moment, ...]) -> str:
    """What a text is about besides its dates and times."""
    for moment in sorted(moments, key=lambda one: -one.start):
        text = text[: moment.start] + text[moment.end :]
    trimmed, before = text, ""
    while trimmed != before:
        before, trimmed = trimmed, lexicon().event_words.sub("", trimmed)
    return re.sub(r"\s{2,}", " ", trimmed)


def _matter(text: str, moments: tuple[Moment, ...], moment: Moment) -> str:
    """What is due at a moment: the clause that holds it, else all of the text, without dates. A date between words
    goes with the small words that hold it (v2.3 released on 4月16日, 让…; 赶在 6 月 1 日之前上新).
    """
    start = 0
    for clause, _ in cut(text):
        start = text.index(clause, start)
        end = start + len(clause)
        if start <= moment.start and moment.end <= end:
            own = _DUE.sub("", clause[: moment.start - start]) + "\0" + _WHEN.sub("", clause[moment.end - start :])
            before, after = own.split("\0")
            others = [one for one in moments if one is not moment and start <= one.start and one.end <= end]
            apart = " " if before[-1:].isascii() and after.strip()[:1].isascii() else ""
            joined = f"{before.rstrip()}{apart}{after.lstrip()}"
            joined = _AHEAD.sub("", joined)
            name = name_without(joined, ()) if not others else name_without(clause, _within(moments, start, end))
            if len(name) >= SHORTEST_NAME:
                return name
        start = end
    return name_without(text, moments)


def _within(moments: tuple[Moment, ...], start: int, end: int) -> tuple[Moment, ...]:
    """The moments of a clause, counted from where it starts."""
    return tuple(
        one.model_copy(update={"start": one.start - start, "end": one.end - start})
        for one in moments
        if start <= one.start and one.end <= end
    )


SHORTEST_NAME = 2
_AHEAD = re.compile(r"前?(?:的)?(?:倒数)?第?\s*[\d一二两三四五六七八九十]+\s*个?(?:周|天|月|星期)$")
_DUE = re.compile(r"(?:赶?在|截至|截止到?|到|至|于|定于|定在|\b(?i:on|by|at|before|until|till|from|due))\s*$")
_WHEN = re.compile(r"^\s*(?:之前|以前|前后|前|之后|当天|那天|这天|这一天)?的?")


_SHORT_DAY = re.compile(r"(?<![\d.])(1[0-2]|[1-9])\s*[·•]\s*(3[01]|[12]\d|[1-9])(?!\d)|(?<!\d)(618|1111|1212)(?!\d)")


_DATED = ("deadline", "goal", "week_goal", "stage", "group_words", "constraints", "note")


def read_deadlines(entries: tuple[Entry, ...], week: Week, brief: Brief) -> tuple[Deadline, ...]:
    """Dates from the week's first day on that goals, stages and deadlines name, one for each day."""
    found: dict[date, Deadline] = {}
    for entry in sorted((one for one in entries if one.topic in _DATED), key=lambda one: _DATED.index(one.topic)):
        text = _SHORT_DAY.sub(_month_and_day, entry.text)
        moments = read_moments(text, brief.now)
        for moment in moments:
            day = _last_day(moment, week)
            least = week[0] if entry.topic == "deadline" else week[0] + timedelta(days=1)
            dated = entry.topic not in ("constraints", "note") or bool(
                moment.bound == "before" or (entry.topic == "note" and lexicon().deadline.search(text))
            )
            if day and day >= least and dated and day not in found:
                origin = Origin(field=entry.origin.field, line=entry.origin.line, quote=entry.origin.quote)
                label = entry.label if entry.topic == "deadline" and entry.label else ""
                name = entry.cell("what") or _matter(text, moments, moment) or label or entry.text
                found[day] = Deadline(text=entry.text, name=name, day=day, origin=origin)
    return tuple(found[day] for day in sorted(found))


def _month_and_day(match: re.Match[str]) -> str:
    if match[3]:
        return f"{match[3][:-2]}月{match[3][-2:]}日"
    return f"{match[1]}月{match[2]}日"


def _last_day(moment: Moment, week: Week) -> date | None:
    """The day to be ready by: a date, the end of a range, or a month's end; a whole month is none."""
    if not moment.date or moment.recurrence or moment.anaphoric:
        return None
    if moment.bare_weekday and moment.stated_weekday:
        return next((day for day in days_of(week) if day.isoweekday() == moment.stated_weekday), None)
    if moment.grain == "day":
        return moment.date
    return moment.end_date if moment.grain == "month~底" else None
