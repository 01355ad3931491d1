"""Clocks and the stretches between them, as people write them beside parts of the day: 晚8点半到10点 · 9-18点 · 早九晚六."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from copilot.facts.numerals import parse_number
from copilot.lore import load_yaml

DAY_MINUTES = 24 * 60
NUMBER = r"(?:[0-9]{1,2}|[零〇一二两三四五六七八九十]{1,3})"
_COUNTED = r"\s*(?:小时|钟头|个|分|人|天|条|次|位|名|群|篇|级|h\b|hours?|min|元|块|折|[0-9.%月日号/])"
_TO = re.compile(r"\s*(?:-+|~|至|到|to\b|until\b|till\b)\s*(?:次日|第二天|隔天|翌日|当天)?\s*", re.IGNORECASE)
_AFTER = re.compile(r"\s*(?P<late>[之以]后|过后|后|\+)|\s*(?:起|开始|onwards?\b)", re.IGNORECASE)
_BEFORE = re.compile(r"\s*[之以]?前")
_LEADING = re.compile(
    r"(?:(?P<after>\bafter)|(?P<since>\bfrom|\bsince)|(?P<before>\bbefore|\buntil|\btill))\s*\Z", re.IGNORECASE
)


@cache
def lexicon() -> dict[str, Any]:
    """The contents of `knowledge/hours.yaml`."""
    data: dict[str, Any] = load_yaml("hours.yaml")
    return data


def minutes_of(clock: str) -> int:
    """`"21:30"` in minutes since midnight."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


@dataclass(frozen=True)
class Time:
    """A stretch of the day in minutes, the end possibly after midnight; `days` are the weekdays its words imply."""

    start: int
    end: int
    vague: bool = False
    days: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Part:
    """A part of the day: its usual clock, and the half of the day a bare hour beside it belongs to."""

    clock: Time
    half: str


@dataclass(frozen=True)
class Clock:
    """A clock as written. `bare`: only a number. `loose`: without minutes or am/pm, so of either half of the day."""

    start: int
    end: int
    hour: int
    minute: int
    part: Part | None
    meridiem: str
    bare: bool
    loose: bool


@cache
def parts() -> dict[str, Part]:
    """The parts of the day by their words (regular expressions), longest first."""
    found: dict[str, Part] = {}
    for entry in lexicon()["parts"]:
        first, last = (minutes_of(clock) for clock in entry["clock"])
        time = Time(
            first,
            last if last > first else last + DAY_MINUTES,
            vague=not entry.get("exact", False),
            days=frozenset(entry.get("days", ())),
        )
        found |= dict.fromkeys(map(str, entry["words"]), Part(time, entry["half"]))
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


@cache
def part_pattern() -> str:
    """A part of the day. A lone 早 or 晚 is none in 早点, 晚会, 早餐."""
    words = (rf"\b{word}\b" if word.isascii() and word[0].isalpha() else word for word in parts())
    return rf"(?:{'|'.join(words)})(?!安|餐|饭(?!后)|班|自习|会|报|宴|点(?!半|钟|整))"


def part_named(word: str) -> Part:
    """The part of the day that a match of `part_pattern` stands for."""
    return next(part for name, part in parts().items() if re.fullmatch(name, word, re.IGNORECASE))


@cache
def _clock_pattern() -> re.Pattern[str]:
    minute = r":\s?(?P<m>[0-5][0-9])(?![0-9])(?:\s?(?P<ap>[ap])\.?m\b\.?)?|\s?(?P<ap2>[ap])\.?m\b\.?"
    words = rf"\s?(?:点钟?|时(?!间|段|长|候|期))(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<m2>{NUMBER})分?(?!\s?(?:[-~至到点时个:]|小时))|整)?"
    return re.compile(
        rf"(?:(?P<part>{part_pattern()})[\s(:]{{0,3}}(?:的|从)?\s?)?"
        rf"(?<![0-9.])(?<![0-9]:)(?<![0-9]{{4}}-)(?<!-[0-9]{{2}}-)(?<!第)(?P<h>{NUMBER})(?:{minute}|{words}|(?P<bare>)(?!{_COUNTED}))",
        re.IGNORECASE,
    )


def find_clocks(text: str) -> list[Clock]:
    """The clocks in order, numbers that may be one included."""
    found = []
    for match in _clock_pattern().finditer(text):
        hour = int(parse_number(match["h"]) or 0)
        if hour > 24:
            continue
        minute = match["m"] or match["m2"]
        number = 30 if match["half"] else 15 * int(parse_number(match["quarter"]) or 0) if match["quarter"] else 0
        number = int(parse_number(minute) or 0) if minute else number
        if number > 59:
            continue
        found.append(
            Clock(
                match.start(),
                match.end(),
                hour,
                number,
                part_named(match["part"]) if match["part"] else None,
                (match["ap"] or match["ap2"] or "").lower(),
                match["bare"] is not None,
                match["m"] is None and not match["ap2"],
            )
        )
    return found


def find_times(text: str, *, quiet: bool = False) -> list[tuple[int, int, Time]]:
    """(start, end, stretch) of every stretch given by clocks. In `quiet` times 11点到7点 is a night."""
    found = []
    clocks = find_clocks(text)
    index = 0
    while index < len(clocks):
        left = clocks[index]
        right = clocks[index + 1] if index + 1 < len(clocks) else None
        if right and _is_range(text, left, right):
            found.append((left.start, right.end, _range(left, right, quiet=quiet)))
            index += 2
            continue
        index += 1
        if not left.bare and (bounded := _bounded(text, left)):
            start, end, time = bounded
            found.append((start, end, _till_morning(time) if quiet else time))
    return found


def _till_morning(time: Time) -> Time:
    """The peace asked for "after" midnight or the small hours (0:00 后, 夜里12点后) lasts until the morning, not until
    the next midnight.
    """
    after_midnight = time.start % DAY_MINUTES
    if after_midnight < part_named("凌晨").clock.end and time.end == DAY_MINUTES:
        midnight = time.start - after_midnight
        return Time(time.start, midnight + minutes_of(lexicon()["night"][1]), time.vague, time.days)
    return time


def _is_range(text: str, left: Clock, right: Clock) -> bool:
    gap = text[left.end : right.start]
    if not gap.strip():  # 早九晚六
        return left.part is not None and right.part is not None and left.bare
    return _TO.fullmatch(gap) is not None


def _minutes(clock: Clock, part: Part | None) -> int:
    """The clock in minutes, its hour read beside a part of the day; after midnight of the same night it is over 1440."""
    hour = clock.hour
    if clock.meridiem:
        hour = hour % 12 + (12 if clock.meridiem == "p" else 0)
    elif part and (
        (part.half == "pm" and hour < 12)
        or (part.half == "noon" and 1 <= hour <= 3)
        or (part.half == "night" and 5 <= hour <= 12)
    ):
        hour += 12
    elif part and part.half == "night" and hour < 5:
        hour += 24
    elif part and part.half == "small" and hour == 12:
        hour = 0
    return hour * 60 + clock.minute


def _range(left: Clock, right: Clock, *, quiet: bool) -> Time:
    start = _minutes(left, left.part)
    if left.part is None and not left.meridiem and left.bare and right.meridiem == "p" and left.hour < right.hour:
        start += 12 * 60  # 7-9pm
    undecided = left.part is None and left.loose and right.part is None and right.loose and not right.meridiem
    if quiet and undecided and right.hour < left.hour <= 12:
        return Time(start + 12 * 60, _minutes(right, None) + DAY_MINUTES, vague=True)
    literal = _minutes(right, right.part)
    ends = [literal]
    if right.part is None and not right.meridiem:
        ends.insert(0, _minutes(right, left.part))  # 晚8点到10点
        if start < 12 * 60 and right.hour <= 12:
            ends.append(literal + 12 * 60)  # 9点到6点
    end = next((end for end in ends if end > start), literal + DAY_MINUTES)
    implied = left.part.clock.days if left.part else frozenset()
    return Time(start, end, days=implied)


def _bounded(text: str, clock: Clock) -> tuple[int, int, Time] | None:
    """20:00 后, 9 点前, after 8pm. 8点后 is the evening: the narrower of two readings."""
    minutes = _minutes(clock, clock.part)
    lead = _LEADING.search(text, max(0, clock.start - 8), clock.start)
    start = lead.start() if lead else clock.start
    if after := _AFTER.match(text, clock.end):
        undecided = clock.loose and clock.part is None and 0 < clock.hour < 12 and after["late"] is not None
        return clock.start, after.end(), Time(minutes + 12 * 60 * undecided, DAY_MINUTES, vague=undecided)
    if before := _BEFORE.match(text, clock.end):
        return clock.start, before.end(), Time(0, minutes)
    if lead and (lead["after"] or lead["since"]):
        return start, clock.end, Time(minutes, DAY_MINUTES)
    if lead and lead["before"]:
        return start, clock.end, Time(0, minutes)
    return None
