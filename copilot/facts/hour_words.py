"""The words of working hours and quiet times in a text of one spelling: days, stretches of the day, budgets, yes and no."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from copilot.facts.hour_clocks import DAY_MINUTES, Time, find_times, lexicon, part_named, part_pattern
from copilot.facts.numerals import parse_number
from copilot.facts.spelling import MASK, mask

_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HAN_DAYS = "一二三四五六日"


@dataclass(frozen=True)
class Days:
    """A set of weekdays (1 Monday); `workdays`: the official calendar decides; `holidays`: public holidays are meant."""

    days: frozenset[int] = frozenset()
    workdays: bool = False
    holidays: bool = False


@dataclass(frozen=True)
class Budget:
    """Minutes of work, a day or a week."""

    minutes: int
    weekly: bool


Kind = Literal["days", "time", "budget", "rest", "except", "except_end", "can", "cannot"]
Value = Days | Time | Budget
_SIGNS: tuple[Kind, ...] = ("except", "cannot", "can", "except_end")


@dataclass(frozen=True)
class Word:
    """One word: its kind, its place, and for days, times and budgets its value. `text` is how it was written."""

    kind: Kind
    start: int
    end: int
    text: str
    value: Value | None = None


@cache
def _day_list() -> re.Pattern[str]:
    """周一三五 · 周一到周五 · 周二、四 · Mon-Fri · Tue & Thu. 每周一次 and 周六七点 keep their numbers."""
    week = r"(?:周|星期|礼拜)"
    english = r"(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:days?)?\b\.?"
    first = r"[一二三四五六日天末1-7](?![0-9]|[次个回遍条篇场]|天(?!天))"
    further = r"(?:[一二三四五六日天末](?!\s?[点时:十个次天人条月号分]))"
    link = r"\s*(?:[、,/和及与&+]|and\b|-+|~|至|到|to\b)\s*"
    named = rf"(?:{week}{first}{further}{{0,6}}|\b{english})"
    return re.compile(
        rf"(?:每逢?个?|逢|every\s)?{named}(?:(?:{link}|\s?){named}|{link}(?:{further}|[1-7](?![0-9:点.])))*",
        re.IGNORECASE,
    )


_DAY = re.compile(
    r"(?P<range>-+|~|至|到|\bto\b)?\s*(?:周|星期|礼拜)?"
    rf"(?:(?P<day>[一二三四五六日天末1-7])|\b(?P<english>{'|'.join(_ENGLISH)})[a-z]*)",
    re.IGNORECASE,
)


def _weekdays(text: str) -> frozenset[int]:
    found: list[int] = []
    for match in _DAY.finditer(text):
        word = match["day"] or match["english"].lower()
        if word == "末":
            found += [6, 7]
            continue
        if word in _ENGLISH:
            day = _ENGLISH.index(word) + 1
        else:
            day = int(word) if word.isdigit() else _HAN_DAYS.index(word.replace("天", "日")) + 1
        if match["range"] and found:
            last = found[-1]
            found += [(last + step - 1) % 7 + 1 for step in range(1, (day - last) % 7 + 1)]
        else:
            found.append(day)
    return frozenset(found)


@cache
def _budget() -> re.Pattern[str]:
    filler = r"[共总计约可能有最多投入大概至各只\s]{0,8}"
    week = r"(?P<week>(?:每周|一周|每星期|每礼拜|周均)(?![一二三四五六日天末1-6]))"
    amount = r"(?:(?P<n>[0-9]+(?:\.[0-9]+)?|[一二两三四五六七八九十]{1,3})(?:\s?[-~至到]\s?[0-9]+)?\s*(?P<half>个半)?个?|(?P<only>半)个?)"
    unit = r"(?P<unit>小时|钟头|分钟|hours?\b|hrs?\b|h\b|minutes?\b|mins?\b)"
    per = r"(?:\s*(?:/\s*(?:天|日|day\b)|每[天日]|an? day|per day|(?P<perweek>/\s*(?:周|week\b)|每周|an? week|per week)))?"
    return re.compile(
        rf"(?<!提前)(?<!提前\s)(?:(?:每人?每?[天日晚早]|一天|日均|{week}){filler})?(?<![0-9.:每隔超满])(?<![每隔]\s)"
        rf"{amount}\s*{unit}{per}(?!\s*(?:之?内|以内|回复|响应|一次|[之以]?[前后]))",
        re.IGNORECASE,
    )


def _read_budget(match: re.Match[str]) -> Budget | None:
    amount = float(parse_number(match["n"]) or 0) if match["n"] else 0.0
    amount += 0.5 if match["half"] or match["only"] else 0
    minutes = round(amount * (1 if match["unit"].lower().startswith(("分", "min")) else 60))
    weekly = bool(match["week"] or match["perweek"])
    return Budget(minutes, weekly) if minutes and (weekly or minutes < DAY_MINUTES) else None


@cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile(lexicon()[name], re.IGNORECASE)


@cache
def _day_sets() -> tuple[tuple[re.Pattern[str], Days], ...]:
    return tuple(
        (
            re.compile("|".join(entry["words"]), re.IGNORECASE),
            Days(frozenset(entry["days"]), entry.get("workdays", False), entry.get("holidays", False)),
        )
        for entry in lexicon()["days"]
    )


class _Page:
    """A text whose words are taken one after the other: what is taken no later pattern reads."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left = text
        self.words: list[Word] = []

    def take(self, kind: Kind, start: int, end: int, value: Value | None = None) -> None:
        self.words.append(Word(kind, start, end, self.text[start:end], value))
        self.left = mask(self.left, [(start, end)])

    def find(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, re.Match[str]]]:
        for match in pattern.finditer(self.left):
            end = match.start() + len(match[0].rstrip())
            if end > match.start():
                yield match.start(), end, match


def find_words(text: str, *, quiet: bool = False) -> list[Word]:
    """The words in order, apart from each other."""
    page = _Page(text)
    for start, end, _ in page.find(re.compile(rf"(?:{'|'.join(lexicon()['rests'])})(?!日)")):
        page.take("rest", start, end)
    for start, end, match in page.find(_budget()):
        if budget := _read_budget(match):
            page.take("budget", start, end, budget)
    for pattern, days in _day_sets():
        for start, end, _ in page.find(pattern):
            page.take("days", start, end, days)
    for start, end, match in page.find(_day_list()):
        page.take("days", start, end, Days(_weekdays(match[0])))
    for start, end, time in find_times(page.left, quiet=quiet):
        page.take("time", start, end, time)
    for start, end, match in page.find(re.compile(part_pattern(), re.IGNORECASE)):
        if end - start > 1 or _stands_alone(page, start, end):
            page.take("time", start, end, part_named(match[0]).clock)
    for kind in _SIGNS:
        for start, end, _ in page.find(_words(kind)):
            page.take(kind, start, end)
    return _without_headings(sorted(page.words, key=lambda word: word.start), text)


def _stands_alone(page: _Page, start: int, end: int) -> bool:
    """A lone 早 or 晚 is a part of the day behind a day (周五晚), or in 早晚."""
    return page.left[max(0, start - 1) : start] == MASK or page.text[start : end + 1] in {"早晚", "早、"}


_HEADING_GAP = re.compile(r"[\s(:为是]{0,3}")


def _without_headings(words: list[Word], text: str) -> list[Word]:
    """上课时间(8:00-17:30): the clock says what the words mean; the weekdays these imply stay."""
    kept: list[Word] = []
    for word in words:
        before = kept[-1] if kept else None
        if (
            before
            and isinstance(word.value, Time)
            and isinstance(before.value, Time)
            and before.value.vague
            and not word.value.vague
            and before.end < word.start
            and _HEADING_GAP.fullmatch(text, before.end, word.start)
            and text[before.end : word.start].strip()
        ):
            time = Time(word.value.start, word.value.end, days=before.value.days)
            kept[-1] = Word("time", before.start, word.end, text[before.start : word.end], time)
        else:
            kept.append(word)
    return kept
