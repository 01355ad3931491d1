"""Dates and times in operators' texts, understood against a given now.

`moment_tokens` finds the words, `moment_points` groups and reads them; here points become moments: ranges are
joined, lists share their clock, and the words around state a bound (X前, 截止X, X起, X后).
"""

import datetime as dt
import re
from dataclasses import replace
from functools import lru_cache

from copilot.facts.identifiers import find_identifiers
from copilot.facts.moment_dates import Context, Day
from copilot.facts.moment_points import Point, Reading, fit, group, is_range, read_end, read_point
from copilot.facts.moment_record import END_OF_DAY, MIDNIGHT, Bound, Moment, offers, parts
from copilot.facts.spelling import mask, plain_spelling

__all__ = ["Bound", "Moment", "moments_in", "offers", "parts", "read_moments"]


OPEN_DAYS = 3
"""From this many days between them, two lone weekdays with hours are opening hours, not an event."""


def read_moments(text: str, now: dt.datetime, year_hint: int | None = None) -> tuple[Moment, ...]:
    """The moments of a text in order, apart from each other. `year_hint` is the year of dates that give none."""
    return _read(text, now.date(), year_hint)


@lru_cache(maxsize=1 << 12)  # the readers of a chat ask for the same words one after the other
def _read(text: str, today: dt.date, year_hint: int | None) -> tuple[Moment, ...]:
    folded = plain_spelling(text)
    return moments_in(
        text, mask(folded, [(found.start, found.end) for found in find_identifiers(folded)]), today, year_hint
    )


def moments_in(text: str, folded: str, today: dt.date, year_hint: int | None) -> tuple[Moment, ...]:
    """`read_moments` on a text already folded and masked."""
    context = Context(today=today, year=year_hint, year_fixed=year_hint is not None)
    points = group(folded)
    found: list[Moment] = []
    waiting: list[tuple[Point, Reading]] = []
    previous: Reading | None = None
    index = 0
    while index < len(points):
        point = points[index]
        if index and _SENTENCE_END.search(folded, points[index - 1].end, point.start):
            previous = None
        first, last = read_point(point, context, previous), None
        if _shares_clock(folded, points, index, first):
            waiting.append((point, first))
            index += 1
            continue
        if index + 1 < len(points) and is_range(folded, point, points[index + 1]):
            first, last, index = _read_range(folded, points, index, first, context)
        end = points[index].end
        index += 1
        for listed, reading in waiting:
            same_end = replace(last, day=None) if last and last.day is None else None
            found.append(
                _moment(
                    text,
                    folded,
                    listed.start,
                    listed.end,
                    replace(reading, minute=first.minute, part=first.part),
                    same_end,
                )
            )
        waiting = []
        if first.day is None and first.minute is None and not first.part and not first.repeat:
            continue
        found.append(_moment(text, folded, point.start, end, first, last))
        previous = last or first
    return tuple(found)


def _read_range(
    folded: str, points: list[Point], index: int, first: Reading, context: Context
) -> tuple[Reading, Reading, int]:
    """Both ends of the range that begins at a point, and the index of its last point."""
    first, last = fit(first, read_end(points[index + 1], first, context))
    index += 1
    days_then_hours = first.minute is None and last.minute is not None and index + 1 < len(points)
    if days_then_hours and is_range(folded, points[index], points[index + 1], clocks=True):
        # 11月28日-29日 9:00-18:00: the hours are those of each day.
        index += 1
        closing = read_end(points[index], last, context)
        first, last = replace(first, minute=last.minute), replace(last, minute=closing.minute)
        return *_opening_hours(first, last), index
    return first, last, index


def _opening_hours(first: Reading, last: Reading) -> tuple[Reading, Reading]:
    """周二至周日 10:00-17:00 is every week; 周六至周日 10:00-17:00 is the coming weekend."""
    start, end = (reading.day.first if reading.day and reading.day.bare_weekday else None for reading in (first, last))
    if start is None or end is None or (end - start).days < OPEN_DAYS:
        return first, last
    weekdays = sorted((start + dt.timedelta(days=days)).isoweekday() for days in range((end - start).days + 1))
    return replace(first, day=None, repeat="weekly:" + ",".join(map(str, weekdays))), replace(last, day=None)


def _shares_clock(folded: str, points: list[Point], index: int, reading: Reading) -> bool:
    """Whether a date is one of a list whose clock comes at the end: 13日、14日晚8点."""
    if (
        index + 1 == len(points)
        or reading.day is None
        or reading.minute is not None
        or reading.part
        or points[index].get("repeat")
    ):
        return False
    following = points[index + 1]
    gap = folded[points[index].end : following.start]
    weekdays = points[index].get("weekday") and following.get("weekday")
    return (
        _LIST.fullmatch(gap) is not None
        and bool(gap.strip() or (weekdays and not gap))
        and not following.get("repeat")
        and bool(following.get("date") or following.get("weekday"))
    )


_SENTENCE_END = re.compile(r"[。！？!?;\n]")
_LIST = re.compile(r"[ \t]?[、和及/,]?[ \t]?")


_BEFORE_PREFIX = re.compile(
    r"(?:截止|截至|最晚|最迟|不晚于|不迟于|早于|deadline|before|until|by)(?:时间|日期)?[ \t:是为]{0,3}(?:到|至|于|在)?[ \t]{0,2}\Z",
    re.IGNORECASE,
)
_FROM_PREFIX = re.compile(r"(?:自从|自|从|不早于|from|since)[ \t]{0,2}\Z", re.IGNORECASE)
_AFTER_PREFIX = re.compile(r"(?:晚于|after)[ \t]{0,2}\Z", re.IGNORECASE)
_SUFFIXES: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    (
        "before",
        re.compile(
            r"[ )]{0,2}(?:之前|以前|截止|截团|截单|为止|前(?!往|后|来|台|期|端|提|面|天|[ ]?[0-9一二两三四五六七八九十]))"
        ),
    ),
    ("from", re.compile(r"[ )]{0,2}起(?!床|点|来|步|立|草|飞|跑|伏|码|因|源|止|至|到)")),
    ("after", re.compile(r"[ )]{0,2}(?:之后|以后|过后|后(?!台|续|期|面|来|天|勤|援|方|补|缀|半))")),
)


def _moment(text: str, folded: str, start: int, end: int, first: Reading, last: Reading | None) -> Moment:
    bound: Bound = "at"
    words = folded[start:end]
    if words.count("(") > words.count(")") and folded[end : end + 1] == ")":
        end += 1
    before = folded[max(0, start - 14) : start]
    if last is None:
        for name, suffix in _SUFFIXES:
            if (match := suffix.match(folded, end)) is not None:
                bound, end = name, match.end()
                break
        else:
            bound = (
                "before"
                if _BEFORE_PREFIX.search(before)
                else "from"
                if _FROM_PREFIX.search(before)
                else "after"
                if _AFTER_PREFIX.search(before)
                else "at"
            )
    day, end_day = first.day or Day(None), (last.day if last else None) or Day(None)
    end_date = (end_day.last or end_day.first) if last else day.last
    if last and last.minute is not None and first.minute is not None and end_date is None:
        end_date = day.last or day.first
    return Moment(
        start=start,
        end=end,
        text=text[start:end],
        date=day.first,
        end_date=end_date,
        time=_time(first.minute),
        end_time=_time(last.minute) if last else None,
        day_part=first.part,
        end_day_part=last.part if last else None,
        recurrence=first.repeat,
        bound=bound,
        stated_weekday=first.weekday
        or (day.first.isoweekday() if day.first and day.bare_weekday and day.last is None else None),
        end_stated_weekday=last.weekday if last else None,
        year_stated=day.year_stated,
        relative=day.relative or end_day.relative,
        grain=day.grain,
        bare_weekday=day.bare_weekday,
        anaphoric=day.anaphoric,
        rival=first.rival,
        key=day.key,
        unknown_reason=day.reason,
    )


def _time(minute: int | None) -> dt.time | None:
    if minute is None:
        return None
    return END_OF_DAY if minute >= MIDNIGHT else dt.time(minute // 60, minute % 60)
