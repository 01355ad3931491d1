"""WhatsApp's own export (`_chat.txt`, Android and iOS, any locale), and messages copied from WhatsApp Web."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import NamedTuple

from copilot.chat.formats import whatsapp_wording as wording
from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.clock import CLOCK, DATE, DayOrder, day_order, read_clock
from copilot.chat.formats.lines import fill_bodies, likeness, physical_lines, unread_lines
from copilot.chat.formats.wording import read_mentions
from copilot.chat.records import Precision
from copilot.errors import InputError

_MARKS = "\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069"
_AT = r"[\s\u202f\u00a0]*[,،]?[\s\u202f\u00a0]+(?:(?:at|um|klo|kl\.|à|a las|às)[\s\u202f\u00a0]+)?"
_CLOCK = CLOCK.replace(r"\s?", r"[\s\u202f\u00a0]?")
_STYLES = {
    "brackets": re.compile(rf"[{_MARKS}]*\[(?P<date>{DATE}){_AT}(?P<clock>{_CLOCK})\]\s?(?P<rest>.*)"),
    "web": re.compile(rf"[{_MARKS}]*\[(?P<clock>{_CLOCK}),?\s+(?P<date>{DATE})\]\s?(?P<rest>.*)"),
    "dash": re.compile(rf"[{_MARKS}]*(?P<date>{DATE}){_AT}(?P<clock>{_CLOCK})\s+[-–]\s(?P<rest>.*)"),
}
_MAY_BEGIN = re.compile(rf"[{_MARKS}]*\[?\s?(?:\d|[^\W\d_]{{1,3}}\.?\s?\d)")
_SENDER = re.compile(
    r"(?P<name>[^\n]{1,80}?):(?:\s(?P<body>.*)|$)", re.DOTALL
)  # a name may hold a colon without a space
_TIGHT = re.compile(r"(?P<name>[^:\n]{1,80}?):(?P<body>.*)", re.DOTALL)
_QUOTE_MARKS = re.compile('[“”"«»「」„]')
_MENTION = re.compile("@\u2068(?P<name>[^\u2069\n]{1,80})\u2069")
_NUMBER = re.compile(r"@(\d{7,15})\b")
_INVISIBLE = re.compile(f"[{_MARKS}]")
_RARE = 0.1
"""Headers of another style than most are believed when they are more than this share: else they were pasted."""


class _Head(NamedTuple):
    """The first line of a message or notice."""

    place: int
    date: str
    clock: str
    rest: str


def _header(line: str) -> tuple[str, re.Match[str]] | None:
    """The style of a line that begins a message or a notice, and what it is made of."""
    if not _MAY_BEGIN.match(line):
        return None
    return next(((style, match) for style, pattern in _STYLES.items() if (match := pattern.match(line))), None)


def _is_header(line: str) -> bool:
    """Whether a line begins a message or a notice of any style. A bracket alone is other apps' way too."""
    if (header := _header(line)) is None:
        return False
    style, match = header
    return style == "dash" or ":" in match["rest"] or wording.is_secured(match["rest"])


def _heads(lines: Sequence[str]) -> list[_Head]:
    """The headers of a file. A look-alike of a rarer style stands in a message somebody pasted."""
    found: list[tuple[str, _Head]] = []
    for place, line in enumerate(lines):
        if header := _header(line):
            style, match = header
            found.append((style, _Head(place, match["date"], match["clock"], match["rest"])))
    counts = Counter(style for style, _ in found)
    return [head for style, head in found if counts[style] > _RARE * len(found)]


class _Names:
    """Who speaks in a file: told from all its lines, so that a notice with a colon is no speaker."""

    def __init__(self, heads: Sequence[_Head]) -> None:
        split = [match for head in heads if (match := _SENDER.match(head.rest))]
        self.counts = Counter(match["name"] for match in split)
        self.notice_board = self._notice_board(split)

    def _notice_board(self, split: Sequence[re.Match[str]]) -> str:
        """The chat's own name, where notices are written under it: it says nothing but what is marked as a notice."""
        for match in split[:20]:
            if wording.is_secured(match["body"] or ""):
                bodies = [other["body"] or "" for other in split if other["name"] == match["name"]]
                if all(_is_notice_body(body) for body in bodies):
                    return match["name"]
        return ""

    def split(self, rest: str) -> tuple[str, str] | None:
        """The sender's name and the text, or None for a notice."""
        match = _SENDER.match(rest)
        if match is None and (tight := _TIGHT.match(rest)) and tight["name"] in self.counts:
            match = tight
        if match is None:
            return None
        name, body = match["name"], match["body"] or ""
        if name == self.notice_board or wording.is_secured(body):
            return None
        if self.counts[name] <= 2 and len(_QUOTE_MARKS.findall(name)) % 2:
            return None
        return name, body


def _is_notice_body(body: str) -> bool:
    return wording.is_secured(body) or (body.startswith("\u200e") and wording.media_kind(body) is None)


class _WhatsApp:
    name = "whatsapp"
    title = "WhatsApp 导出的聊天"
    platform = "whatsapp"

    def sniff(self, source: Source) -> float:
        return likeness(source.head, _is_header)

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        lines = physical_lines(source.text)
        heads = _heads(lines)
        if not heads:
            raise InputError("里面没有 WhatsApp 的消息", hint="从 WhatsApp 的“导出聊天”取 _chat.txt，或去掉 --format")
        american = any(mark in head.clock for head in heads[:50] for mark in ("AM", "PM"))
        order = day_order((head.date for head in heads), today=setting.today, american=american)
        chat = Chat(entries=list(_entries(lines, heads, order)), notes=order.notes())
        chat.unread = unread_lines(lines, 0, heads[0].place, "在第一条消息之前")
        chat.group = wording.group_name(source.name, [entry.text for entry in chat.entries if entry.kind == "system"])
        return [chat]


def _entries(lines: Sequence[str], heads: Sequence[_Head], order: DayOrder) -> Iterator[Entry]:
    names = _Names(heads)
    starts: list[tuple[int, Entry]] = []
    for head in heads:
        moment, precision = _moment(head, order)
        entry = Entry(line=head.place + 1, time=moment, precision=precision)
        if said := names.split(head.rest):
            entry.name, entry.text = _plain(said[0]), said[1]
        else:
            board = names.notice_board
            entry.kind, entry.text = "system", head.rest.removeprefix(f"{board}:") if board else head.rest
        starts.append((head.place + 1, entry))
    fill_bodies(lines, starts)
    shown = {entry.name for _, entry in starts}
    phones = {"".join(filter(str.isdigit, name)): name for name in shown if name.startswith("+")}
    for _, entry in starts:
        if entry.kind == "system":
            entry.text = _INVISIBLE.sub("", entry.text).strip()
            entry.notice = wording.notice(entry.text)
        else:
            _finish(entry, phones, shown)
        yield entry


def _plain(name: str) -> str:
    """A name without invisible marks, and without the tilde of a contact that isn't saved."""
    return _INVISIBLE.sub("", name).strip().removeprefix("~").strip()


def _moment(head: _Head, order: DayOrder) -> tuple[datetime | None, Precision]:
    day, clock = order.read(head.date), read_clock(head.clock)
    if day is None:
        return None, "none"
    return (datetime.combine(day, clock[0]), clock[1]) if clock else (datetime.combine(day, time()), "day")


def _finish(entry: Entry, phones: Mapping[str, str], shown: Collection[str]) -> None:
    """Tell a member's message's kind, mentions and whether it was taken back."""
    entry.text = wording.without_edit_mark(entry.text)
    if "@" in entry.text:
        marked = [_plain(match["name"]) for match in _MENTION.finditer(entry.text)]
        numbers = [phones.get(number, number) for number in _NUMBER.findall(entry.text)]
        others, entry.everyone = read_mentions(_NUMBER.sub("", _MENTION.sub("", entry.text)), shown)
        entry.mentions = tuple(dict.fromkeys((*marked, *numbers, *others)))
    kind = wording.media_kind(entry.text)
    if not entry.text.isascii():
        entry.text = _INVISIBLE.sub("", entry.text).strip()
    if len(entry.text) < 80 and wording.is_deleted(entry.text):
        entry.kind, entry.notice, entry.text = "recall", "recall", ""
    elif kind is not None:
        entry.kind = kind


FORMATS: tuple[Format, ...] = (_WhatsApp(),)
