"""Dates and clock times as chat apps write them, and one decision a file on what is the day and what the month."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from itertools import groupby, pairwise

from copilot.chat.records import Note, Precision

DATE = r"\d{1,4}\s?[./\-年]\s?\d{1,4}\s?[./\-月]\s?\d{1,4}[.日]?"
"""Three numbers; which is which is told by `day_order`."""

_EARLY = ("上午", "凌晨", "清晨", "早上", "早晨", "午前", "오전")
_LATE = ("下午", "傍晚", "晚上", "夜晚", "午後", "오후")
_NOON = ("中午",)
_HALF = "|".join((*_EARLY, *_LATE, *_NOON))
_LATIN = r"[AaPp]\s?\.?\s?[Mm](?![A-Za-z])\.?"
CLOCK = rf"(?:(?:{_HALF}|{_LATIN})\s?)?\d{{1,2}}[:.：]\d{{2}}(?:[:.：]\d{{2}})?(?:\s?(?:{_HALF}|{_LATIN}))?"
"""A clock time, with what tells the half of the day before or after it."""
EXACT_CLOCK = CLOCK.replace(r"(?:[:.：]\d{2})?", r"[:：]\d{2}", 1)
"""The same, with seconds."""

_Runs = Sequence[tuple[str, ...]]

_NUMBER = re.compile(r"\d+")
_LATIN_HALF = re.compile(r"([AaPp])\s?\.?\s?[Mm]")
_YEAR_AT = {0: ("ymd", "ydm"), 1: ("myd",), 2: ("dmy", "mdy")}
_SAID = {"ymd": "年-月-日", "ydm": "年-日-月", "myd": "月-年-日", "dmy": "日-月-年", "mdy": "月-日-年"}
_REASONS = {
    "number": "有的数字大于 12，只能是日",
    "order": "这样读时间不倒退",
    "future": "别的读法会落在将来",
    "close": "这样读各天紧挨着",
    "assumed": "文件里分不出日和月，这是假定，请核对",
}


@lru_cache(maxsize=10_000)
def read_clock(text: str) -> tuple[time, Precision] | None:
    """The time of day of a `CLOCK`, and how exact it is; None when there is no such time."""
    numbers = [int(number) for number in _NUMBER.findall(text)]
    if len(numbers) not in (2, 3):
        return None
    hour = _of_the_day(numbers[0], text)
    if hour > 23 or numbers[1] > 59 or numbers[-1] > 59:
        return None
    second = numbers[2] if len(numbers) == 3 else 0
    return time(hour, numbers[1], second), "second" if len(numbers) == 3 else "minute"


def _of_the_day(hour: int, text: str) -> int:
    latin = _LATIN_HALF.search(text)
    late = latin is not None and latin[1] in "Pp"
    if late or any(word in text for word in _LATE):
        return hour + 12 if hour < 12 else hour
    if latin or any(word in text for word in _EARLY):
        return 0 if hour == 12 else hour
    if any(word in text for word in _NOON):
        return hour + 12 if hour < 10 else hour
    return hour


@dataclass(frozen=True)
class DayOrder:
    """In which order a file writes year, month and day, and how that was told."""

    order: str
    reason: str = ""

    def read(self, text: str) -> date | None:
        """The date of a `DATE`; None when the calendar has no such day."""
        return _day(text, self.order)

    def moment(self, day: str, clock: str) -> tuple[datetime | None, Precision]:
        """The time that a `DATE` and a `CLOCK` say, and how exact it is; none where there is no such day or time."""
        found, at = self.read(day), read_clock(clock)
        return (datetime.combine(found, at[0]), at[1]) if found and at else (None, "none")

    def notes(self) -> list[Note]:
        """What the operator should know of it: nothing where only one reading is possible."""
        if not self.reason:
            return []
        return [Note(code="date_order", message=f"日期按“{_SAID[self.order]}”读：{_REASONS[self.reason]}")]


def day_order(dates: Iterable[str], *, today: datetime | None = None, american: bool = False) -> DayOrder:
    """The one order that fits all dates of a file, given in the order of the file.

    Numbers that can only be a day decide, then that time should not run backwards, that nothing is said in the future,
    and that people talk on days close together; otherwise it is assumed, the American way where `american`.
    """
    runs = [parts for parts, _ in groupby(_parts(text) for text in dates)]
    kept: Sequence[str] = _candidates(runs)
    if len(kept) == 1:
        return DayOrder(kept[0])
    told = ""
    for reason, trouble in _TROUBLES:
        kept = _least(kept, [trouble(runs, order, today) for order in kept])
        if kept[0] == "ymd" and reason == "number":
            return DayOrder("ymd")
        if not told and not {"dmy", "mdy"} <= {*kept}:
            told = reason
        if len(kept) == 1:
            return DayOrder(kept[0], reason)
    if told:  # what is left beside it is a year of two digits that stands first, which is rare
        return DayOrder(kept[0], told)
    return DayOrder("mdy" if american else kept[0], "assumed")


def _candidates(runs: _Runs) -> tuple[str, ...]:
    """The orders worth trying, the likeliest first. A year of four digits shows where it stands."""
    for parts in runs:
        for place, part in enumerate(parts):
            if len(part) > 2:
                return _YEAR_AT[place]
    return ("dmy", "mdy", "ymd") if runs else ("ymd",)


def _least(orders: Sequence[str], troubles: Sequence[int]) -> list[str]:
    return [order for order, trouble in zip(orders, troubles, strict=True) if trouble == min(troubles)]


def _days(runs: _Runs, order: str) -> list[date]:
    return [day for parts in runs if (day := _as_date(parts, order))]


def _impossible(runs: _Runs, order: str, _: datetime | None) -> int:
    return len(runs) - len(_days(runs, order))


def _backwards(runs: _Runs, order: str, _: datetime | None) -> int:
    days = _days(runs, order)
    return sum(later < earlier for earlier, later in pairwise(days))


def _future(runs: _Runs, order: str, today: datetime | None) -> int:
    return sum(day > today.date() for day in _days(runs, order)) if today else 0


def _span(runs: _Runs, order: str, _: datetime | None) -> int:
    days = _days(runs, order)
    return (max(days) - min(days)).days if days else 0


_TROUBLES = (("number", _impossible), ("order", _backwards), ("future", _future), ("close", _span))


@lru_cache(maxsize=1000)
def _day(text: str, order: str) -> date | None:
    return _as_date(_parts(text), order)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(_NUMBER.findall(text))


def _as_date(parts: tuple[str, ...], order: str) -> date | None:
    if len(parts) != 3:
        return None
    number = {name: int(part) for name, part in zip(order, parts, strict=True)}
    year = number["y"] + 2000 if len(parts[order.index("y")]) <= 2 else number["y"]
    try:
        return date(year, number["m"], number["d"])
    except ValueError:
        return None
