"""QQ's own export (消息管理器 → 导出 → 文本文件). What is copied from its windows is `qq_clipboard`."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from copilot.chat.formats import qq_clipboard
from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.clock import EXACT_CLOCK, DayOrder
from copilot.chat.formats.lines import likeness, unread_lines
from copilot.chat.formats.qq_headers import below_blanks, entries_of, who, words_of_qq
from copilot.errors import InputError

_HEADER = re.compile(rf"\ufeff?(?P<date>\d{{4}}-\d{{1,2}}-\d{{1,2}}) (?P<clock>{EXACT_CLOCK}) ?(?P<who>\S[^\r\n]*)\r?")
_RULE = re.compile(r"\s*={20,}\s*")
_ORDER = DayOrder("ymd")


class _Section(NamedTuple):
    """The messages of one chat: its name, where what stands above them begins, where they begin, where they end."""

    group: str
    above: int
    first: int
    stop: int


class _QQText:
    name = "qq-text"
    title = "QQ 导出的文本文件"
    platform = "qq"

    def sniff(self, source: Source) -> float:
        if (
            source.head.lstrip("\ufeff\r\n ").startswith(words_of_qq("banners"))
            or _sections(source.head.split("\n"))[0].group
        ):
            return 0.98
        likely = likeness(source.head, _HEADER.fullmatch)
        if not likely:
            return 0.0
        found = [match for line in source.head.split("\n") if len(line) < 300 and (match := _HEADER.fullmatch(line))]
        numbered = sum(bool(who(match["who"])[1]) for match in found)
        if 2 * numbered > len(found):
            return likely
        single = any(re.match(r"\d:", match["clock"]) or "M" in match["clock"] for match in found)
        return likely - (0.15 if single else 0.45)

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        lines = source.text.split("\n")
        chats = [_chat(lines, section) for section in _sections(lines)]
        chats = [chat for chat in chats if chat.entries or chat.unread]
        if not any(chat.entries for chat in chats):
            raise InputError(
                "里面没有 QQ 的消息", hint="在 QQ 的消息管理器里导出为文本文件，或直接复制聊天窗口里的消息"
            )
        return chats


def _sections(lines: Sequence[str]) -> list[_Section]:
    """The chats of a file: each has its name between two rules; a file without any is one chat."""
    named = [
        place
        for place in range(1, len(lines) - 1)
        if lines[place].startswith(words_of_qq("chats"))
        and _RULE.fullmatch(lines[place - 1])
        and _RULE.fullmatch(lines[place + 1])
    ]
    if not named:
        return [_Section("", 0, 0, len(lines))]
    above = [_above(lines, place) for place in named]
    found = []
    for place, begins, ends in zip(named, [0, *above[1:]], [*above[1:], len(lines)], strict=True):
        group = re.split("[:：]", lines[place], maxsplit=1)[1].strip()
        found.append(_Section(group, begins, place + 2, ends))
    return found


def _above(lines: Sequence[str], place: int) -> int:
    """Where a chat's name and what stands above it begins."""
    grouped = place >= 3 and lines[place - 2].startswith(words_of_qq("groups")) and _RULE.fullmatch(lines[place - 3])
    return place - 3 if grouped else place - 1


def _chat(lines: Sequence[str], section: _Section) -> Chat:
    places = list(_headers(lines, section))
    chat = Chat(entries=[], group=section.group)
    first = places[0] if places else section.stop
    for place in range(section.above, first):
        line = lines[place].lstrip("\ufeff")
        if not _RULE.fullmatch(line) and not line.startswith(
            (*words_of_qq("banners"), *words_of_qq("groups"), *words_of_qq("chats"))
        ):
            chat.unread += unread_lines(lines, place, place + 1, "在第一条消息之前")
    chat.entries = list(_entries(lines, places, section.stop))
    return chat


def _headers(lines: Sequence[str], section: _Section) -> Iterator[int]:
    """The places of the headers.

    QQ ends its own lines with CRLF and a member's with LF or CR: in such a file only what stands between CRLFs counts.
    """
    found = [
        place
        for place in range(section.first, section.stop)
        if lines[place][:1].strip("\ufeff").isdigit() or lines[place][:1] == "\ufeff"
    ]
    found = [place for place in found if _HEADER.fullmatch(lines[place])]
    ended = [
        place for place in found if lines[place].endswith("\r") and (place == 0 or lines[place - 1].endswith("\r"))
    ]
    if 2 * len(ended) > len(found):
        found = ended
    yield from below_blanks(lines, found)


def _entries(lines: Sequence[str], places: Sequence[int], stop: int) -> Iterator[Entry]:
    if not places:
        return
    matches = [match for place in places if (match := _HEADER.fullmatch(lines[place]))]
    people = [who(match["who"]) for match in matches]
    numbered = 2 * sum(bool(number) for _, number in people) > len(people)
    for place, match, (name, number), end in zip(places, matches, people, [*places[1:], stop], strict=True):
        entry = Entry(line=place + 1, name=name, sender_id=number)
        if number and not numbered:  # a private chat has no numbers: the brackets are the name's own
            entry.name, entry.sender_id = match["who"].strip(), ""
        entry.time, entry.precision = _ORDER.moment(match["date"], match["clock"])
        yield from entries_of(entry, lines, end)


FORMATS: tuple[Format, ...] = (_QQText(), *qq_clipboard.FORMATS)
