"""LINE's own export: a day's line, then time, name and text between tabs (the desktop app writes spaces)."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.clock import CLOCK, DATE, DayOrder, day_order
from copilot.chat.formats.lines import fill_bodies, likeness, physical_lines, unread_lines
from copilot.chat.formats.wording import notice_kind, placeholder_kind, visible
from copilot.chat.records import Kind, Notice
from copilot.errors import InputError
from copilot.lore import load_yaml

_WEEKDAY = r"(?:[(（]\w{1,4}[)）]|(?:星期|周|週)[一二三四五六日天]|[A-Za-z]{3,9}|[월화수목금토일]요일)"
_DAY = re.compile(rf"\ufeff?(?:[A-Za-z]{{3,9}},\s?)?(?P<date>{DATE})\s?{_WEEKDAY}?")
_HEADER = re.compile(rf"\ufeff?(?:(?P<date>{DATE})\s?{_WEEKDAY}?\s)?(?P<clock>{CLOCK})\t(?P<rest>.*)")
_SPACED = re.compile(rf"(?P<clock>{CLOCK}) (?P<rest>\S.*)")
_LONGEST_NAME = 4
"""How many words a name may have where nothing but spaces sets it off."""
_ENOUGH = 4
"""How often the same words must begin a line to be a name of several words."""


class _Head(NamedTuple):
    """The first line of a message or notice; `date` is the text of its day."""

    place: int
    date: str
    clock: str
    rest: str


class _Line:
    name = "line"
    title = "LINE 导出的聊天"
    platform = "line"

    def sniff(self, source: Source) -> float:
        if _title(source.head.lstrip("\ufeff").split("\n", 1)[0]) is not None:
            return 0.97
        likely = likeness(source.head, lambda line: _HEADER.match(line) or _DAY.fullmatch(line))
        if likely and any(_HEADER.match(line) for line in source.head.split("\n")):
            return likely
        spaced = likeness(source.head, lambda line: _SPACED.match(line) or _DAY.fullmatch(line))
        return spaced - 0.2 if re.match(rf"\s*{_DAY.pattern}\r?\n{CLOCK} ", source.head) else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        lines = physical_lines(source.text)
        header = _HEADER if any(_HEADER.match(line) for line in lines) else _SPACED
        heads, days = _heads(lines, header)
        if not heads:
            raise InputError("里面没有 LINE 的消息", hint="从 LINE 的“传送聊天记录”取 txt，或去掉 --format")
        order = day_order((head.date for head in heads if head.date), today=setting.today)
        chat = Chat(entries=[], notes=order.notes())
        first = min(heads[0].place, min(days, default=heads[0].place))
        for place in range(first):
            if title := _title(lines[place].lstrip("\ufeff")):
                chat.group = title
            elif not lines[place].startswith(tuple(_data()["saved_on"])):
                chat.unread += unread_lines(lines, place, place + 1, "在第一条消息之前")
        names = _SpacedNames(heads, chat.group) if header is _SPACED else None
        chat.entries = list(_entries(lines, heads, days, order, names))
        return [chat]


def _title(line: str) -> str | None:
    """Whose chat an export's first line says it is."""
    found = (re.fullmatch(pattern, line.strip()) for pattern in _data()["titles"])
    return next((str(match["name"]).strip() for match in found if match), None)


def _heads(lines: Sequence[str], header: re.Pattern[str]) -> tuple[list[_Head], list[int]]:
    """The headers, and the places of the lines that name a day. Neither is looked for inside quotes over several lines."""
    heads: list[_Head] = []
    days: list[int] = []
    day = ""
    place = 0
    while place < len(lines):
        line = lines[place]
        if match := header.match(line):
            heads.append(_Head(place, match.groupdict().get("date") or day, match["clock"], match["rest"]))
            place = _end_of_quotes(lines, place, header)
        elif (match := _DAY.fullmatch(line.strip())) and _opens_a_day(lines, place, header):
            day = match["date"]
            days.append(place)
        place += 1
    return heads, days


def _end_of_quotes(lines: Sequence[str], place: int, header: re.Pattern[str]) -> int:
    """The last line of a body in quotes that begins on this line; this line when it is none.

    A quote that isn't closed before the next message is a member's own.
    """
    body = lines[place].rsplit("\t", 1)[-1]
    if not body.startswith('"') or _closes(body[1:]):
        return place
    for later in range(place + 1, len(lines)):
        if header.match(lines[later]):
            return place
        if _closes(lines[later]):
            return later
    return place


def _closes(text: str) -> bool:
    """Whether a text ends in a quote mark that is no doubled one."""
    return (len(text) - len(text.rstrip('"'))) % 2 == 1


def _opens_a_day(lines: Sequence[str], place: int, header: re.Pattern[str]) -> bool:
    """Whether a line that is a day and nothing else is followed by that day's messages: a message's own line is not."""
    for later in range(place + 1, len(lines)):
        if line := lines[later].strip():
            return bool(header.match(lines[later]) or _DAY.fullmatch(line))
    return True


class _SpacedNames:
    """Names where only a space parts them from the text: one word, or more where all lines that begin so agree."""

    def __init__(self, heads: Sequence[_Head], title: str) -> None:
        self.title = title
        self.counts: Counter[tuple[str, ...]] = Counter()
        self.bare: set[tuple[str, ...]] = set()
        for head in heads:
            words = head.rest.split(" ")
            for size in range(1, min(len(words), _LONGEST_NAME) + 1):
                self.counts[tuple(words[:size])] += 1
            self.bare.add(tuple(words))

    def split(self, rest: str) -> tuple[str, str] | None:
        """The name and the text; None for a notice."""
        if self.title and rest.startswith(f"{self.title} "):
            return self.title, rest[len(self.title) + 1 :]
        words = rest.split(" ")
        if len(words) < 2 or (_notice(rest) != "other" and self.counts[(words[0],)] < _ENOUGH):
            return None
        size = 1
        while size < min(len(words) - 1, _LONGEST_NAME):
            longer = tuple(words[: size + 1])
            if self.counts[longer] < max(_ENOUGH, self.counts[longer[:-1]]) or longer in self.bare:
                break
            size += 1
        return " ".join(words[:size]), " ".join(words[size:])


def _entries(
    lines: Sequence[str], heads: Sequence[_Head], days: Sequence[int], order: DayOrder, names: _SpacedNames | None
) -> Iterator[Entry]:
    starts: list[tuple[int, Entry]] = []
    for head in heads:
        entry = Entry(line=head.place + 1)
        entry.time, entry.precision = order.moment(head.date, head.clock)
        said = names.split(head.rest) if names else _by_tabs(head.rest)
        if said:
            entry.name, entry.text = said
        else:
            entry.kind, entry.text = "system", head.rest.strip()
        starts.append((head.place + 1, entry))
    ends = [(place + 1, Entry(line=place + 1)) for place in days]  # a day's line ends the body above it
    fill_bodies(lines, sorted(starts + ends, key=lambda start: start[0]))
    for _, entry in starts:
        _finish(entry)
        yield entry


def _by_tabs(rest: str) -> tuple[str, str] | None:
    name, tab, text = rest.partition("\t")
    return (visible(name).strip(), text) if tab and name.strip() else None


def _finish(entry: Entry) -> None:
    """Take the quotes off a text over several lines, and tell its kind."""
    text = entry.text
    if entry.kind == "system":
        entry.notice = _notice(text)
        return
    if "\n" in text and text.startswith('"') and _closes(text[1:]):
        text = entry.text = text[1:-1].replace('""', '"').strip()
    if text in _data()["unsent"]:
        entry.kind, entry.notice, entry.text = "recall", "recall", ""
        return
    entry.kind = _kind(text) or "text"


def _kind(text: str) -> Kind | None:
    if "\n" in text or len(text) > 300:
        return placeholder_kind(text)
    if kind := _placeholders().get(text):
        return kind
    if text.startswith("[null]") and "maps" in text:
        return "location"
    if text.startswith("☎") or (len(text) < 30 and any(text.startswith(word) for word in _data()["calls"])):
        return "call"
    return placeholder_kind(text)


@cache
def _placeholders() -> dict[str, Kind]:
    return {word: kind for group in ("bare", "brackets") for kind, listed in _data()[group].items() for word in listed}


def _notice(text: str) -> Notice:
    """What kind of notice a line without a sender is."""
    if kind := notice_kind(text):
        return kind
    return next((kind for kind, signs in _data()["notices"].items() if any(sign in text for sign in signs)), "other")


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = load_yaml("chat_line.yaml")
    return data


FORMATS: tuple[Format, ...] = (_Line(),)
