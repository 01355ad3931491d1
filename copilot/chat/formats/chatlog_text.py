"""chatlog's plain text (`format=text`): `昵称(wxid) 2024-01-01 10:00:00`, the words below, quotes behind `> `."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import pairwise

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.bodies import fill
from copilot.chat.formats.header_choice import Header, choose, set_order
from copilot.chat.formats.lines import physical_lines, unread_lines
from copilot.chat.formats.stamps import STAMP, Days, Stamp, moment, stamp_of
from copilot.chat.formats.wording import is_system_sender, placeholder_kind, words
from copilot.chat.records import Note

OWN = "我"
_LOOKED_AT = 600
_WHY = "在第一条消息之前，看不出是谁说的"


@dataclass
class ChatlogText:
    """Headers with the sender's id; the date is left out of them when all is of one day, the year when of one year."""

    name: str = "chatlog-text"
    title: str = "chatlog 文本导出"
    platform: str = "wechat"

    def sniff(self, source: Source) -> float:
        """Ids that only WeChat has, or one's own mark, make it sure."""
        lines = physical_lines(source.head)[:_LOOKED_AT]
        found = _candidates(lines)
        if not found or sum(bool(line.strip()) for line in lines[: found[0].line]) > 3:
            return 0.0
        sure = [
            header for header in found if _ids(lines[header.line])[1] == OWN or _is_wechat(_ids(lines[header.line])[1])
        ]
        return 0.98 if len(sure) * 3 > len(found) else 0.55 if sure else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        """The chat, or one for each talker of a query over several."""
        lines = physical_lines(source.text)
        found = _candidates(lines)
        days = Days([header.stamp for header in found], setting.today)
        said = {header.line: _day(header.stamp, days, setting.today) for header in found}
        set_order(found, said)
        headers = choose(found)
        chats: dict[str, Chat] = {}
        stops = [*(header.line for header in headers), len(lines)][1:]
        for header, stop in zip(headers, stops, strict=True):
            group = _group(lines[header.line])
            chat = chats.setdefault(group, Chat([], group=group))
            entry = _entry(lines, header, stop, said[header.line], days)
            if entry.sender_id == OWN:
                chat.me = entry.name
            chat.entries.append(entry)
        whole = next(iter(chats.values()), Chat([]))
        whole.unread += unread_lines(lines, 0, headers[0].line if headers else len(lines), _WHY)
        if setting.today is not None and any(not header.stamp.dated for header in headers):
            message = "导出的时间没有日期，按指定的那一天算"
            whole.notes.append(Note(code="assumed_date", message=message))
        return list(chats.values()) or [whole]


def _day(stamp: Stamp, days: Days, today: datetime | None) -> date | None:
    if stamp.dated:
        return days.day_of(stamp)
    return today.date() if today else None


def _candidates(lines: Sequence[str]) -> list[Header]:
    """All lines that may be headers. Those of forwarded messages are set in by two spaces, those of quotes behind `> `."""
    found = []
    for place, line in enumerate(lines):
        if len(line) > 200 or line[-3:-2] != ":" or line[0] in " >" or (match := _header().fullmatch(line)) is None:
            continue
        stamp = stamp_of(match)
        if stamp.second is None:
            continue
        before = not lines[place - 1].strip() if place else None
        blank = (before, place + 1 < len(lines) and not lines[place + 1].strip())
        name, sender = _ids(line)
        found.append(Header(place, place + 1, name, sender or name, stamp, "chatlog", blank))
    for header, following in pairwise(found):
        header.empty = not any(one.strip() for one in lines[header.body : following.line])
    return found


def _ids(line: str) -> tuple[str, str]:
    """The name and the id of a header."""
    match = _header().fullmatch(line)
    assert match is not None
    return (match["name"] or "", match["id"]) if match["id"] else ("", match["bare"])


def _group(line: str) -> str:
    match = _header().fullmatch(line)
    return (match["group"] or match["group_id"] or "") if match else ""


def _is_wechat(sender: str) -> bool:
    return re.fullmatch(r"wxid_\w+|gh_\w+|\d+@\w+|\w+@(?:openim|chatroom)", sender) is not None


@cache
def _header() -> re.Pattern[str]:
    system = "|".join(map(re.escape, words("system_senders")))
    return re.compile(
        rf"(?:(?P<name>.{{0,64}}?)\((?P<id>{OWN}|[A-Za-z0-9_@.-]{{2,64}})\)"
        rf"|(?P<bare>{system}|wxid_\w+|gh_\w+|[A-Za-z][A-Za-z0-9_-]{{5,31}}|\d+@\w+))"
        rf" (?:\[(?:(?P<group>[^\n]{{1,64}}?)\()?(?P<group_id>[\w@.-]+)\)?\] )?{STAMP}"
    )


def _entry(lines: Sequence[str], header: Header, stop: int, day: date | None, days: Days) -> Entry:
    while stop > header.body and not lines[stop - 1].strip():
        stop -= 1
    name, sender = _ids(lines[header.line])
    entry = Entry(line=header.line + 1, end_line=max(stop, header.body), name=name, sender_id=sender)
    if not name and is_system_sender(sender):
        entry.name, entry.sender_id = sender, ""
    if day is not None:
        entry.time, entry.precision = moment(day, header.stamp), header.stamp.precision
    body = list(lines[header.body : stop])
    quoted = next((place for place, line in enumerate(body) if not line.startswith(">")), len(body))
    fill(entry, "\n".join(body[quoted:]))
    if quoted and entry.kind != "system":
        _quote(entry, [line[1:].removeprefix(" ") for line in body[:quoted]], days)
    elif body and placeholder_kind(body[0]) == "forward":
        entry.kind, entry.text = "forward", body[0].strip()
        entry.enclosed = "\n".join(body[1:]).strip("\n")
    return entry


def _quote(entry: Entry, quoted: list[str], days: Days) -> None:
    """What stands behind `> `: who said it and when, then the words."""
    entry.kind = "quote"
    if (match := _header().fullmatch(quoted[0])) is not None:
        name, sender = _ids(quoted[0])
        entry.reply_name = name or sender
        stamp = stamp_of(match)
        day = days.day_of(stamp) if stamp.dated else entry.time.date() if entry.time else None
        entry.reply_time = moment(day, stamp) if day is not None else None
        quoted = quoted[1:]
    entry.reply_text = "\n".join(quoted).strip()


FORMATS: tuple[Format, ...] = (ChatlogText(),)
