"""One message a line, as people type and many small tools write it: `名字：正文`, with or without a time before or behind.

Also a name and a colon alone, and the words below (WeChat for Windows copies several messages so).
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.bodies import fill, notices_below, read_outside
from copilot.chat.formats.frame import read_frame
from copilot.chat.formats.lines import physical_lines
from copilot.chat.formats.stamps import STAMP, Days, Stamp, moment, stamp_of
from copilot.chat.formats.wording import label_words, visible, words
from copilot.chat.members import folded, tidied
from copilot.chat.records import Note

_LOOKED_AT = 600
_LONGEST_NAME = 32
_NO_STAMP = Stamp("none")
_WHY = "看不出是谁说的"


@dataclass(slots=True)
class _Head:
    """A line with a name and a colon; `first` are the words on it."""

    place: int
    name: str
    key: str
    stamp: Stamp
    style: str
    first: str
    blank: bool


@dataclass
class PlainText:
    """Names come again, or a time stands with each: else a colon says little."""

    name: str = "plain-text"
    title: str = "普通文本（名字：正文）"
    platform: str = ""

    def sniff(self, source: Source) -> float:
        """Never very sure: people also write `时间：周六` and dialogues."""
        lines = physical_lines(source.head)[:_LOOKED_AT]
        heads = _heads(lines)
        filled = [place for place, line in enumerate(lines) if line.strip()]
        if not heads or not filled or heads[0].place > filled[min(3, len(filled) - 1)]:
            return 0.0
        share = len(heads) / len(filled)
        if heads[0].stamp is not _NO_STAMP:
            inline = sum(bool(head.first) for head in heads) >= 0.9 * len(heads) and share >= 0.5
            if len(heads) == 1 and len(filled) > 3:
                return 0.0
            return 0.95 if inline and heads[0].style == "before/ymd-" else 0.85 if inline else 0.5 + 0.1 * share
        counted = Counter(head.key for head in heads)
        again = sum(count for count in counted.values() if count > 1)
        if len(counted) > 1 and again * 2 >= len(heads) and (share >= 0.3 or all(not head.first for head in heads)):
            return 0.45
        alone = all(not head.first and head.blank and ":" in lines[head.place] for head in heads)
        return 0.32 if alone and len(heads) > 1 and not _has_lists(lines) else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        """The one chat."""
        lines = physical_lines(source.text)
        heads = _heads(lines)
        frame = read_frame(lines)
        ruled = frame.days(lines, {head.place for head in heads})
        days = Days([*(head.stamp for head in heads), *ruled.values()], setting.today)
        names = {tidied(head.name) for head in heads}
        chat = Chat([], group=next(iter(frame.preambles.values()), ""))
        starts = {head.place: head for head in heads}
        marks = sorted({*starts, *ruled, *frame.preambles})
        day: date | None = None
        for mark, stop in pairwise([-1, *marks, len(lines)]):
            if mark in starts:
                head = starts[mark]
                day = days.day_of(head.stamp) if head.stamp.dated else day
                chat.entries += _message(lines, head, stop, day, names)
                continue
            day = days.day_of(ruled[mark]) if mark in ruled else None
            read_outside(chat, lines, mark + 1, stop, _WHY)
        if all(head.stamp is _NO_STAMP for head in heads):
            message = "按“名字：正文”读的，没有时间；如果这不是聊天记录，请不要采用"
            chat.notes.append(Note(code="plain_names", message=message))
        return [chat]


def _message(lines: Sequence[str], head: _Head, stop: int, day: date | None, names: set[str]) -> list[Entry]:
    first = head.place if head.first else head.place + 1
    end, notices = notices_below(lines, first, stop, names)
    entry = Entry(line=head.place + 1, end_line=max(end, head.place + 1), name=head.name)
    if day is not None and head.stamp.hour is not None:
        entry.time, entry.precision = moment(day, head.stamp), head.stamp.precision
    return [fill(entry, "\n".join([head.first, *lines[head.place + 1 : end]])), *notices]


def _heads(lines: Sequence[str]) -> list[_Head]:
    """The lines that begin a message: of the commonest style, by names that come again or stand where names stand."""
    found = [head for place, line in enumerate(lines) if (head := _read(lines, place, line)) is not None]
    if not found:
        return []
    counted = Counter(head.style for head in found)
    timed = [style for style in counted if style != "none" and counted[style] * 3 >= len(found)]
    found = [head for head in found if (head.style in timed if timed else head.style == "none")]
    names = Counter(head.key for head in found)
    firm = [head for head in found if names[head.key] > 1] or found
    blanks = sum(head.blank for head in firm) >= 0.9 * len(firm)
    filled = sum(bool(line.strip()) for line in lines)
    tight = len(found) >= 0.8 * filled or bool(timed)
    return [head for head in found if names[head.key] > 1 or tight or (blanks and head.blank)]


def _read(lines: Sequence[str], place: int, line: str) -> _Head | None:
    mark = min((at for at in (line.find(":", 0, 120), line.find("：", 0, 120)) if at >= 0), default=-1)
    if (mark < 0 and not line[:1].isdigit()) or line[:1] in {"", " ", "\t", ">"}:
        return None
    text = visible(line).strip()
    stamp, rest = _NO_STAMP, text
    style = "none"
    if (match := _leading().match(text)) is not None:
        stamp, rest, style = stamp_of(match), text[match.end() :], "before"
        if stamp.hour is None:
            return None
    if (match := _trailing().fullmatch(rest)) is not None and stamp is _NO_STAMP:
        stamp, style = stamp_of(match), "behind"
    elif (match := _bare().fullmatch(rest)) is None and (
        stamp is _NO_STAMP or (match := _cells().fullmatch(rest)) is None
    ):
        return None
    name, first = match["name"].strip(), match["body"].strip()
    if not _may_be_name(name) or (first.startswith("//") and name.lower().endswith(("http", "https"))):
        return None
    style = style if stamp is _NO_STAMP else f"{style}/{stamp.style}"
    return _Head(place, name, folded(name), stamp, style, first, place == 0 or not lines[place - 1].strip())


def _may_be_name(name: str) -> bool:
    """Whether a name may stand here: no number, no sentence, and no word that heads a field of a form."""
    if not name or len(name) > _LONGEST_NAME or name.isdigit() or re.search(r"[。！？!?；;]", name):
        return False
    if re.match(r"(?:\d+[.、)）]|[-*•·#]+ |[一二三四五六七八九十]+、)", name):
        return False
    _, ends = label_words()
    return not name.endswith(tuple(words("fields"))) and not (name.endswith(ends) and len(name) > 1)


def _has_lists(lines: Sequence[str]) -> bool:
    return any(re.match(r"\s*(?:\d+[.、)）]|[-*•·]\s)", line) for line in lines)


@cache
def _leading() -> re.Pattern[str]:
    return re.compile(rf"[(（\[【|]?[ \t]?{STAMP}[)）\]】]?[ \t]*[,，|\-–]?[ \t]*", re.IGNORECASE)


@cache
def _trailing() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<name>[^:：\n]{{1,{_LONGEST_NAME}}}?)[ \t]*[(（\[【]?{STAMP}[)）\]】]?[ \t]*[:：](?!\d\d\s*\Z)(?P<body>.*)",
        re.IGNORECASE | re.DOTALL,
    )


@cache
def _bare() -> re.Pattern[str]:
    return re.compile(rf"(?P<name>[^:：\n]{{1,{_LONGEST_NAME + 8}}}?)[:：](?P<body>.*)", re.DOTALL)


@cache
def _cells() -> re.Pattern[str]:
    """The rest of a row of a table, as spreadsheets and Markdown give it."""
    return re.compile(rf"(?P<name>[^\t|,，\n]{{1,{_LONGEST_NAME}}}?)[ ]*[\t|,，](?P<body>[^\n]*?)[ ]?\|?")


FORMATS: tuple[Format, ...] = (PlainText(),)
