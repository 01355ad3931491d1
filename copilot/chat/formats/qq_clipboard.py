"""Messages copied from QQ: its chat window, message manager or phone app, and dice bots' logs of the same shape."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.clock import DATE, EXACT_CLOCK, DayOrder, day_order, read_clock
from copilot.chat.formats.lines import likeness, physical_lines, unread_lines
from copilot.chat.formats.qq_headers import below_blanks, entries_of, who
from copilot.chat.formats.wording import notice_kind
from copilot.chat.records import Note, Notice
from copilot.errors import InputError

_SPACE = r"[ \t\u00a0\u2005\u3000]"
_WEEKDAY = rf"(?:(?:星期|周)[一二三四五六日天]{_SPACE}*)?"
_HEADER = re.compile(
    rf"(?P<who>\S?.*?\S){_SPACE}+(?:(?P<date>{DATE}){_SPACE}+)?{_WEEKDAY}(?P<clock>{EXACT_CLOCK}){_SPACE}*"
)
_MAY_END = re.compile(r"\d[ \t\u00a0]*(?:[AaPp][Mm])?[ \t\u00a0]*\Z")
_DAY = re.compile(rf"[\s—–\-]*(?P<date>{DATE})[\s—–\-]*")
_GLUED = re.compile(rf"(?P<clock>{EXACT_CLOCK})(?P<notice>[^\s\d:].*)")
_OTHERS_ID = re.compile(r"\((?:我|[A-Za-z][\w@.-]*)\)\s*\Z")
_DISORDER = timedelta(hours=1)
"""A clock that goes back less than this is out of order, more than this is past midnight."""


class _Head(NamedTuple):
    """A header, or a notice with its time before it (`notice`); `date` and `day` are texts of dates, `day` one above."""

    place: int
    who: str
    date: str
    clock: time
    day: str
    notice: Notice | None = None
    text: str = ""


class _QQClipboard:
    name = "qq-clipboard"
    title = "从 QQ 复制的消息"
    platform = "qq"

    def sniff(self, source: Source) -> float:
        likely = likeness(source.head, _header)
        if not likely:
            return 0.0
        found = [match for line in source.head.split("\n") if (match := _header(line.rstrip("\r")))]
        if 2 * sum(bool(_OTHERS_ID.search(match["who"])) for match in found) > len(found):
            return 0.0  # other exporters write ids there
        marked = sum(_is_marked(match) for match in found)
        return likely if 3 * marked > len(found) else likely - 0.35

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        lines = physical_lines(source.text.lstrip("\ufeff"))
        heads = _heads(lines)
        if not heads:
            raise InputError("里面没有从 QQ 复制的消息", hint="在 QQ 窗口里选中消息再复制一次，时间要带到秒")
        dates = [text for head in heads for text in (head.day, head.date) if text]
        american = any("M" in lines[head.place].upper()[-4:] for head in heads[:50])
        order = day_order(dates, today=setting.today, american=american)
        times, rolled = _times(heads, order, setting.today)
        chat = Chat(entries=list(_entries(lines, heads, times)), notes=order.notes())
        if rolled:
            chat.notes.append(
                Note(code="midnight", message=f"有 {rolled} 处没写日期而钟点变小，当作过了零点", count=rolled)
            )
        first = next((place for place, line in enumerate(lines) if _DAY.fullmatch(line)), heads[0].place)
        chat.unread = unread_lines(lines, 0, min(first, heads[0].place), "在第一条消息之前")
        return [chat]


def _header(line: str) -> re.Match[str] | None:
    return _HEADER.fullmatch(line) if len(line) < 200 and _MAY_END.search(line) else None


def _is_marked(match: re.Match[str]) -> bool:
    """Whether a header shows what only QQ writes: a title, a number, a space that does not break, a clock alone, a.m."""
    _, number = who(match["who"])
    titled = match["who"].lstrip().startswith("【")
    spaced = "\u00a0" in match[0] or match[0].endswith("  ") or match[0] != match[0].rstrip()
    dated = match["date"] or ""
    return bool(titled or number or spaced or "-" not in dated or not dated[:4].isdigit() or "午" in match["clock"])


def _heads(lines: Sequence[str]) -> list[_Head]:
    """The headers, and the notices that have a time before them; a line that is a day dates what follows."""
    found = {place: match for place, line in enumerate(lines) if (match := _header(line))}
    ruled = {
        place: match["date"]
        for place, line in enumerate(lines)
        if line and len(line) < 60 and (match := _DAY.fullmatch(line))
    }
    glued: Mapping[int, re.Match[str]] = {
        place: match
        for place, line in enumerate(lines)
        if line[:1].isdigit() and len(line) < 200 and place not in found and (match := _GLUED.fullmatch(line))
    }
    kept = set(below_blanks(lines, [place for place in found if place - 1 not in ruled]))
    kept |= {place for place in found if place - 1 in ruled}
    heads: list[_Head] = []
    day = ""
    for place in range(len(lines)):
        if place in ruled:
            day = ruled[place]
        elif place in kept and (clock := read_clock(found[place]["clock"])):
            match = found[place]
            heads.append(_Head(place, match["who"], match["date"] or "", clock[0], day))
        elif place in glued and (clock := read_clock(glued[place]["clock"])):
            text = glued[place]["notice"].strip()
            if kind := notice_kind(text):
                heads.append(_Head(place, "", "", clock[0], day, kind, text))
    return heads


def _times(heads: Sequence[_Head], order: DayOrder, today: datetime | None) -> tuple[list[datetime | None], int]:
    """Each header's time, and how often the day was told from a clock that went back.

    A header without a date is of the day before it; without any, of today or the days before, when today is known.
    """
    times: list[datetime | None] = []
    rolled = 0
    latest: datetime | None = None
    start = _first_day(heads, today)
    above = ""
    for head in heads:
        said = order.read(head.date) if head.date else None
        if said is None and head.day and head.day != above:
            said = order.read(head.day)
        above = head.day
        if said is not None:
            latest = datetime.combine(said, head.clock)
        elif latest is not None:
            back = datetime.combine(latest.date(), head.clock)
            past = not head.day and latest - back > _DISORDER
            rolled += past
            latest = back + timedelta(days=past)
        elif start is not None:
            latest = datetime.combine(start, head.clock)
        times.append(latest)
    return times, rolled


def _first_day(heads: Sequence[_Head], today: datetime | None) -> date | None:
    """The day of the first header, where none before it says one: today's messages have no date in QQ."""
    if today is None:
        return None
    clocks = []
    for head in heads:
        if head.date or head.day:
            break
        clocks.append(timedelta(hours=head.clock.hour, minutes=head.clock.minute, seconds=head.clock.second))
    nights = sum(earlier - later > _DISORDER for earlier, later in pairwise(clocks))
    return today.date() - timedelta(days=nights)


def _entries(lines: Sequence[str], heads: Sequence[_Head], times: Sequence[datetime | None]) -> Iterator[Entry]:
    stops = [head.place for head in heads[1:]] + [len(lines)]
    for head, moment, stop in zip(heads, times, stops, strict=True):
        entry = Entry(
            line=head.place + 1, end_line=head.place + 1, time=moment, precision="second" if moment else "none"
        )
        while stop - 1 > head.place and _DAY.fullmatch(lines[stop - 1]):
            stop -= 1
        if head.notice:
            entry.kind, entry.notice, entry.text = "system", head.notice, head.text
            yield entry
        else:
            entry.name, entry.sender_id = who(head.who)
            yield from entries_of(entry, lines, stop)


FORMATS: tuple[Format, ...] = (_QQClipboard(),)
