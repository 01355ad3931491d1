"""What QQ's export and what is copied from its windows share: names with numbers and titles, bodies, loose notices."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from copilot.chat.formats.base import Entry
from copilot.chat.formats.bodies import fill, fill_said
from copilot.chat.formats.wording import notice_kind, visible
from copilot.lore import load_yaml

_NUMBERED = re.compile(r"(?P<name>.*?)(?:\((?P<number>\d{4,12})\)|<(?P<mail>[^<>\s]{3,64})>)", re.DOTALL)
_MOSTLY = 0.8


def who(text: str) -> tuple[str, str]:
    """A sender's name without titles, and the number, mail or phone in the last brackets; "" where there is none."""
    text = visible(text).strip()
    number = ""
    if match := _NUMBERED.fullmatch(text):
        text, number = match["name"].rstrip(), match["number"] or match["mail"]
    return _title().sub("", text).strip(), number


def below_blanks(lines: Sequence[str], places: Sequence[int]) -> list[int]:
    """The places that stand below a blank line, where nearly all do: the others are pasted words that look alike.

    Where many do not, the blank lines were lost, and all places are kept.
    """
    below = [place for place in places if place == 0 or not lines[place - 1].strip()]
    return below if len(below) >= _MOSTLY * len(places) else list(places)


def entries_of(entry: Entry, lines: Sequence[str], stop: int) -> Iterator[Entry]:
    """An entry with the words below its header (the lines down to `stop`), then the notices stuck to its end.

    A notice without a header stands below a blank line, at the end; lone CRs inside words are line breaks too.
    """
    first = entry.line
    notices: list[Entry] = []
    while True:
        while stop > first and not lines[stop - 1].strip():
            stop -= 1
        line = visible(lines[stop - 1]).strip() if stop > first + 1 and not lines[stop - 2].strip() else ""
        kind = notice_kind(line) if line else None
        if kind is None:
            break
        notices.append(Entry(line=stop, end_line=stop, kind="system", notice=kind, text=line))
        stop -= 1
    entry.end_line = max(stop, entry.line)
    body = "\n".join(lines[first:stop]).replace("\r\n", "\n").replace("\r", "\n")
    # a member may call himself what QQ's notices are called
    member = entry.sender_id and entry.sender_id not in words_of_qq("system_ids")
    yield fill_said(entry, body) if member else fill(entry, body)
    yield from reversed(notices)


@cache
def words_of_qq(name: str) -> tuple[str, ...]:
    """One of the lists of knowledge/chat_qq.yaml."""
    return tuple(_data()[name])


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = load_yaml("chat_qq.yaml")
    return data


@cache
def _title() -> re.Pattern[str]:
    titles = "|".join(map(re.escape, words_of_qq("titles")))
    return re.compile(rf"\A(?:【(?:LV\s?\d+\s?)?(?:{titles})】|【LV\s?\d+[^】\n]{{0,12}}】)+")
