"""The days of the week that is planned, what a moment of the brief means in it, and how days and times are said."""

import re
from datetime import UTC, date, datetime, time, timedelta

from copilot.facts.moments import Moment, read_moments
from copilot.tasks.weekly_plan.situation import Situation

WEEKDAYS = "一二三四五六日"


def say_day(day: date) -> str:
    """`5月14日（周二）`."""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def say_clock(minute: int) -> str:
    """`20:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def minute_of(clock: str) -> int:
    """Minutes since midnight of `20:00`."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def week_days(situation: Situation) -> tuple[date, ...]:
    """The dates of the week."""
    first, last = situation.week
    return tuple(first + timedelta(days=ahead) for ahead in range((last - first).days + 1))


def moments_of(text: str, situation: Situation) -> tuple[Moment, ...]:
    """The moments of a text, counted from the first day of the week."""
    start = datetime.combine(situation.week[0], time(0), tzinfo=UTC)
    return read_moments(text, start, situation.week[0].year)


def falls_on(moment: Moment, day: date) -> bool:
    """Whether a moment is on a day, repetitions included."""
    if moment.recurrence:
        kind, _, numbers = moment.recurrence.partition(":")
        if numbers and kind == "weekly":
            return str(day.isoweekday()) in numbers.split(",")
        return kind == "daily" or (kind == "workdays" and day.isoweekday() <= 5)
    if moment.stated_weekday and not moment.end_date and not re.search(r"月|\d[-/.]\d", moment.text):
        return day.isoweekday() == moment.stated_weekday
    if moment.date is None or moment.grain != "day":
        return False
    return moment.date <= day <= (moment.end_date or moment.date)
