"""The Chinese calendar: when festivals fall, which days are off, which are worked.

Days off are known for the years the `chinesecalendar` package covers; beyond them `Unpublished` is
raised, for the government sets each year's days off in the autumn before.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

from copilot.lore import load_yaml

DAY = timedelta(days=1)


class Unpublished(LookupError):
    """The days off of that year are not known to this machine."""


@cache
def calendar_words() -> dict[str, Any]:
    """The contents of `knowledge/calendar.yaml`."""
    data: dict[str, Any] = load_yaml("calendar.yaml")
    return data


def _month_day(text: str, year: int) -> date:
    month, day = text.split("-")
    return date(year, int(month), int(day))


@cache
def festival_names() -> tuple[str, ...]:
    """All names a festival goes by, longest first."""
    words = calendar_words()
    names = {*words["fixed"], *words["nth_weekday"], *words["after"], *words["lunar"], *words["aliases"], "清明"} - {
        "first_year"
    }
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def festival_date(name: str, year: int) -> date | None:
    """The day of a festival in a year; None for a lunar festival outside the table."""
    words = calendar_words()
    name = words["aliases"].get(name, name)
    if name in words["fixed"]:
        return _month_day(words["fixed"][name], year)
    if name in words["nth_weekday"]:
        month, which, weekday = words["nth_weekday"][name]
        first = date(year, month, 1)
        return first + timedelta(days=(int(weekday) - first.isoweekday()) % 7, weeks=int(which) - 1)
    if name in words["after"]:
        base, days = words["after"][name]
        start: date | None = festival_date(base, year)
        return start + timedelta(days=int(days)) if start else None
    if name == "清明":
        return _tomb_sweeping(year)
    index = year - words["lunar"]["first_year"]
    dates = words["lunar"][name]
    return _month_day(dates[index], year) if 0 <= index < len(dates) else None


def _tomb_sweeping(year: int) -> date:
    """Qingming, the 15th solar term: the usual formula for the 21st century."""
    short = year % 100
    return date(year, 4, int(short * 0.2422 + 4.81) - short // 4)


def _detail(day: date) -> tuple[bool, str | None]:
    import chinese_calendar

    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        raise Unpublished(f"{day.year} 年的放假安排不在本机的日历数据里") from None
    return bool(off), name


def is_workday(day: date) -> bool:
    """Whether people work that day, adjusted workdays included. Raises `Unpublished`."""
    return not _detail(day)[0]


def break_around(day: date) -> tuple[date, date]:
    """First and last day of the public holiday that holds a day (that day alone when it is none). Raises `Unpublished`."""

    def off(other: date) -> bool:
        try:
            is_off, name = _detail(other)
        except Unpublished:
            return False
        return is_off and name is not None

    _detail(day)
    first = last = day
    while off(first - DAY):
        first -= DAY
    while off(last + DAY):
        last += DAY
    return first, last


def coming_break(today: date) -> tuple[date, date]:
    """The public holiday that holds today or comes next. Raises `Unpublished`."""
    day = today
    while True:
        off, name = _detail(day)
        if off and name:
            return break_around(day)
        day += DAY


def count_days(start: date, number: int, counts: Callable[[date], bool]) -> date:
    """The `number`-th day after `start` (before it, when negative) that counts."""
    step = DAY if number > 0 else -DAY
    day, left = start, abs(number)
    while left:
        day += step
        left -= counts(day)
    return day
