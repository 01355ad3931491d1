"""Dates and times in the headers of pasted chats, whole or in part, and the days they mean."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple

from copilot.chat.records import Precision

_DAYS = "一二三四五六日天"
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RELATIVE = {"今天": 0, "今日": 0, "today": 0, "昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2}
_WEEKDAY = rf"(?:星期|周|週|礼拜)[{_DAYS}]"
_EARLY = ("上午", "凌晨", "清晨", "早上", "早晨", "午前")
_LATE = ("下午", "傍晚", "晚上", "夜晚", "午後")
_HALF = "|".join((*_EARLY, *_LATE, "中午"))

DATE = (
    r"(?:(?P<year>(?:19|20)\d\d)(?:年 ?|[-/.])(?P<month>\d{1,2})(?:月 ?|[-/.])(?P<day>\d{1,2})日?"
    r"|(?P<us_month>\d{1,2})/(?P<us_day>\d{1,2})/(?P<us_year>20\d\d)"
    r"|(?<![^\s(（\[【—\-─=*·~])(?:(?P<short_month>\d{1,2})(?:月 ?|[-/])(?P<short_day>\d{1,2})日?"
    rf"|(?P<relative>今天|今日|昨天|昨日|前天|{_WEEKDAY}|today|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    rf"))(?:[ ,，]?[(（]?(?:{_WEEKDAY})[)）]?)?"
)
CLOCK = (
    rf"(?P<half>{_HALF})? ?(?P<hour>[01]?\d|2[0-4])[:：](?P<minute>[0-5]\d)(?:[:：](?P<second>[0-5]\d))?"
    r"(?: ?(?P<latin>[AaPp])\.? ?[Mm]\.?)?"
)
STAMP = rf"(?:{DATE}[ \t,，T]{{0,3}})?{CLOCK}"


class Stamp(NamedTuple):
    """A date, a clock time, or both. `style` tells ways of writing apart: an exporter has one."""

    style: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    relative: str = ""
    hour: int | None = None
    minute: int = 0
    second: int | None = None

    @property
    def dated(self) -> bool:
        """Whether it says a day, in whatever way."""
        return self.month is not None or bool(self.relative)

    @property
    def precision(self) -> Precision:
        """How exact its time is."""
        return "day" if self.hour is None else "minute" if self.second is None else "second"

    @property
    def seconds(self) -> int:
        """Its seconds since midnight."""
        return (self.hour or 0) * 3600 + self.minute * 60 + (self.second or 0)


def stamp_of(match: re.Match[str]) -> Stamp:
    """The stamp that a pattern with `STAMP`, or `DATE` alone, has found."""
    said, month, day, short_month, short_day, us_month, us_day, us_year, relative = match.group(*_DATE_GROUPS)
    style, year = "clock", None
    if said:
        style, year = "ymd" + match.string[match.end("year")], int(said)
    elif us_year:
        style, year, month, day = "us", int(us_year), us_month, us_day
        if int(month) > 12:
            month, day = day, month
    elif short_month:
        style, month, day = "short", short_month, short_day
    elif relative:
        style = "relative"
    day_said = style, year, int(month) if month else None, int(day) if day else None, (relative or "").lower()
    if "hour" not in match.re.groupindex or not match["hour"]:
        return Stamp(*day_said)
    half, hour, minute, second, latin = match.group(*_CLOCK_GROUPS)
    style += ("s" if second else "") + ("h" if half or latin else "")
    of_the_day = _of_the_day(int(hour), half, latin) if half or latin else int(hour) % 24
    return Stamp(style, *day_said[1:], of_the_day, int(minute), int(second) if second else None)


_DATE_GROUPS = ("year", "month", "day", "short_month", "short_day", "us_month", "us_day", "us_year", "relative")
_CLOCK_GROUPS = ("half", "hour", "minute", "second", "latin")


def _of_the_day(hour: int, half: str | None, latin: str | None) -> int:
    if half in _LATE or latin in {"p", "P"}:
        return hour + 12 if hour < 12 else 0 if half in {"晚上", "夜晚"} and hour == 12 else hour
    if half in _EARLY or latin:
        return 0 if hour == 12 else hour
    if half == "中午":
        return hour + 12 if hour < 10 else hour
    return hour % 24


class Days:
    """The days that stamps of one source mean. Without a year, the year is that of the source's other dates, else the
    latest that is not after `today`; days told from today need `today`.
    """

    def __init__(self, stamps: Iterable[Stamp], today: datetime | None) -> None:
        self._today = today.date() if today else None
        self._years = sorted({stamp.year for stamp in stamps if stamp.year})

    def day_of(self, stamp: Stamp) -> date | None:
        """The day a stamp says, or None where that can't be told."""
        if stamp.relative:
            return self._back_from_today(stamp.relative)
        if stamp.month is None or stamp.day is None:
            return None
        for year in [stamp.year] if stamp.year else self._likely_years():
            day = _valid(year, stamp.month, stamp.day)
            if day and (stamp.year or self._years or self._today is None or day <= self._today):
                return day
        return None

    def _likely_years(self) -> list[int]:
        if self._years:
            return [self._years[0]]
        return [self._today.year, self._today.year - 1] if self._today else []

    def _back_from_today(self, said: str) -> date | None:
        if self._today is None:
            return None
        if said in _RELATIVE:
            return self._today - timedelta(days=_RELATIVE[said])
        weekday = min(_DAYS.index(said[-1]), 6) if said[-1] in _DAYS else _ENGLISH_DAYS.index(said[:3])
        return self._today - timedelta(days=(self._today.weekday() - weekday) % 7)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def moment(day: date, stamp: Stamp) -> datetime:
    """A stamp's time on a day, without a zone."""
    hours, rest = divmod(stamp.seconds, 3600)
    return datetime.combine(day, time(hours, *divmod(rest, 60)))


@cache
def day_line() -> re.Pattern[str]:
    """A line that says the day of what stands below it, with or without rules around it."""
    rule = r"[-—–─=*·~ ]"
    return re.compile(rf"(?P<rule>{rule}{{2,}})?{DATE}(?P<end>{rule}{{2,}})?", re.IGNORECASE)
