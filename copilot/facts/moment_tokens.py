"""The words of dates and times in a folded text: dates, weekdays, parts of the day, clocks, repetitions.

Each word is a `Token`. Where several readings start at one place the longest wins; a `weak` one ("5.13",
"05-12", a bare "晚") counts only next to another token that makes it a date or a time.
"""

import re
from dataclasses import dataclass, replace
from itertools import zip_longest

from copilot.facts.calendar import calendar_words
from copilot.facts.moment_forms import SEPARATOR, WEEK, WEEKDAY_NUMBERS, TokenKind, forms
from copilot.facts.numerals import parse_number


@dataclass(frozen=True)
class Token:
    """One word of a date or time, with what its pattern caught."""

    kind: TokenKind
    form: str
    start: int
    end: int
    data: dict[str, str]
    weak: bool = False

    def number(self, name: str) -> int | None:
        """A caught numeral as a number, or None when it was not caught or is none."""
        value = parse_number(self.data[name]) if self.data.get(name) else None
        return int(value) if value is not None else None


_LATIN = re.compile(r"[A-Za-z]{2}")


def scan(text: str) -> list[Token]:
    """The tokens of a folded text in order, apart from each other; weak ones without company are left out."""
    found = []
    has_latin = _LATIN.search(text) is not None
    characters = frozenset(text)
    for order, form in enumerate(forms()):
        if form.needs.isdisjoint(characters) or (form.name.startswith("english") and not has_latin):
            continue
        for match in form.pattern.finditer(text):
            if form.accept(match):
                data = {name: value for name, value in match.groupdict().items() if value}
                end = match.start() + len(match[0].rstrip())
                found.append(
                    (
                        match.start(),
                        form.weak,
                        -end,
                        order,
                        Token(form.kind, form.name, match.start(), end, data, form.weak),
                    )
                )
    found.sort(key=lambda item: item[:4])
    apart: list[Token] = []
    for *_, token in found:
        if token.end > token.start >= (apart[-1].end if apart else 0):
            apart += _split(token, text)
    tokens: list[Token] = []
    for token, following in zip_longest(apart, apart[1:]):
        if not token.weak or _has_company(text, tokens[-1] if tokens else None, token, following):
            tokens.append(token)
    return tokens


def _split(token: Token, text: str) -> list[Token]:
    """本周二、四 as two weekdays."""
    if token.form != "week" or len(token.data["w"]) < 2:
        return [token]
    first = text.index(token.data["w"], token.start)
    days = [index for index in range(first, first + len(token.data["w"])) if text[index] in WEEKDAY_NUMBERS]
    starts = [token.start]
    for index in days[1:]:
        word = re.search(rf"{WEEK}\Z", text[token.start : index])
        starts.append(token.start + word.start() if word else index)
    ends = [*(index + 1 for index in days[:-1]), token.end]
    return [
        replace(token, start=start, end=end, data=token.data | {"w": text[index]})
        for start, end, index in zip(starts, ends, days, strict=True)
    ]


_DATE_LABEL = re.compile(r"(?:时间|日期|档期|date|time)\s?[:为是]?\s?\(?\Z", re.IGNORECASE)
_NEAR = re.compile(r"[\s()\[\],，]{0,3}")
_RANGE_GAP = re.compile(rf"[\s()\]]{{0,3}}起?\s?{SEPARATOR}[\s(]{{0,3}}")


def _has_company(text: str, before: Token | None, token: Token, after: Token | None) -> bool:
    """Whether a weak token stands by one that makes it part of a date or a time."""
    near_before = before if before is not None and _NEAR.fullmatch(text, before.end, token.start) else None
    near_after = after if after is not None and _NEAR.fullmatch(text, token.end, after.start) else None
    start = before if before is not None and _RANGE_GAP.fullmatch(text, before.end, token.start) else None
    end = after if after is not None and _RANGE_GAP.fullmatch(text, token.end, after.start) else None
    if token.kind == "part":
        return before is not None and before.end == token.start and before.kind in {"date", "weekday", "repeat"}
    if token.kind == "clock":
        if (near_before and near_before.kind != "clock") or (start and start.kind == "clock"):
            return True
        guards = calendar_words()["guards"]
        told = re.search(rf"{guards['clock_lead']}\Z", text[max(0, token.start - 8) : token.start]) or re.match(
            guards["clock_tail"], text[token.end : token.end + 6]
        )
        return token.data["h"] != "一" and told is not None
    listed = before if before is not None and text[before.end : token.start] == "、" else None
    if token.form == "dayonly":
        return bool((start and "m" in start.data) or (listed and ("d2" in listed.data or listed.form == "dayonly")))
    if start and start.kind == "date":
        return True
    if (near_before and near_before.kind in {"weekday", "part"}) or (
        near_after and near_after.kind in {"weekday", "part", "clock"}
    ):
        return True
    if _DATE_LABEL.search(text, max(0, token.start - 8), token.start):
        return True

    def tail(date_token: Token) -> bool:
        return re.match(calendar_words()["guards"]["date_tail"], text[date_token.end : date_token.end + 8]) is not None

    if token.form == "fraction":
        return bool(end and end.kind == "date") or tail(token)
    if token.form != "dotted":
        return False
    following = after if after is not None and after.form == "dotted" else None
    if following and text[token.end : following.start] == "、":
        end = following
    paired = end is not None and end.form == "dotted" and (tail(end) or _dotted_range(token, end))
    return paired or tail(token) or (listed is not None and listed.form == "dotted")


def _dotted_range(first: Token, last: Token) -> bool:
    """5.13-5.20 is a range of days where 4.5-5.5 might be one of numbers: one with a day past the ninth, in order, a month apart at most."""
    (month, day), (end_month, end_day) = ((int(token.data["m"]), int(token.data["d"])) for token in (first, last))
    return (month, day) < (end_month, end_day) and end_month - month <= 1 and max(day, end_day) > 9
