"""WeChat's chats as people copy, mail and paste them: a name and a time, on one line or two, and the words below.

The same shape is what other apps' windows give when copied (WeCom, Feishu, DingTalk), and what people type by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.bodies import fill, notices_below, read_outside
from copilot.chat.formats.frame import Frame, is_frame, read_frame, set_out
from copilot.chat.formats.header_choice import Header, choose, set_order
from copilot.chat.formats.lines import physical_lines
from copilot.chat.formats.stamps import Days, Stamp, moment
from copilot.chat.formats.wechat_headers import candidates, own_style
from copilot.chat.formats.wording import notice_kind
from copilot.chat.members import tidied
from copilot.chat.records import Note

_LOOKED_AT = 600
_HALF_A_DAY = 12 * 3600
_WHY = "在第一条消息之前，看不出是谁说的"


@dataclass
class WechatText:
    """Headers with a time: `昵称  18:44` under lines for the days, `昵称 2026/10/05 21:07`, or name and time on two lines."""

    name: str = "wechat-text"
    title: str = "微信聊天记录文本（复制、邮件、多选转发）"
    platform: str = "wechat"

    def sniff(self, source: Source) -> float:
        """Dated headers or lines for the days make it sure; bare times alone do not."""
        lines = set_out(physical_lines(source.head)[:_LOOKED_AT])
        frame = read_frame(lines)
        headers, _ = _headers(lines, frame, None)
        if not headers:
            return 0.4 if _only_notices(lines) else 0.0
        filled = sum(bool(line.strip()) for line in lines)
        first = sum(bool(line.strip()) for line in lines[: headers[0].line])
        if len(headers) == 1 and filled > 12 and not frame.preambles:
            return 0.0
        if first > 5 and first * 3 > filled:
            return 0.3
        dense = min(1.0, 5 * len(headers) / filled)
        if frame.preambles:
            return 0.9 + 0.05 * dense
        if not any(header.stamp.dated for header in headers):
            return (0.7 if frame.ruled else 0.55) + 0.1 * dense
        if headers[0].style.startswith("first/"):
            return 0.4 + 0.1 * dense
        if headers[0].stamp.style.startswith("short"):  # no other app's windows leave out the year alone
            return 0.97
        exact = sum(header.stamp.second is not None and header.stamp.year is not None for header in headers)
        return (0.65 if exact * 2 > len(headers) else 0.84) + 0.1 * dense

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        """The chat, or one for each group that a preamble names."""
        lines = set_out(physical_lines(source.text))
        frame = read_frame(lines)
        return _Reader(lines, frame, setting).chats()


def _only_notices(lines: Sequence[str]) -> bool:
    filled = [line for line in lines if line.strip()]
    return bool(filled) and sum(notice_kind(line) is not None for line in filled) * 2 > len(filled)


def _mark_empty(found: Sequence[Header], lines: Sequence[str]) -> None:
    """Say of each candidate whether nothing stands below it, down to the next."""
    for header, stop in zip(found, [*(header.line for header in found), len(lines)][1:], strict=True):
        header.empty = not any(lines[place].strip() for place in range(header.body, stop))


def _headers(lines: Sequence[str], frame: Frame, today: datetime | None) -> tuple[list[Header], dict[int, date | None]]:
    """The headers of a source, in order, and the day of each by its line (None where it can't be told)."""
    found = candidates(lines)
    _mark_empty(found, lines)
    found = own_style(found)
    _mark_empty(found, lines)
    ruled = frame.days(lines, {header.line for header in found})
    known = Days([*(header.stamp for header in found), *ruled.values()], today)
    days = _days(found, ruled, sorted(frame.preambles), known)
    set_order(found, days)
    chosen = choose(found)
    return chosen, _days(chosen, ruled, sorted(frame.preambles), known)


def _days(
    headers: Sequence[Header], ruled: dict[int, Stamp], preambles: Sequence[int], known: Days
) -> dict[int, date | None]:
    """The day of each header: its own, else that of the line above it, else that of the dated header above it."""
    marks = sorted(
        [*((line, known.day_of(stamp)) for line, stamp in ruled.items()), *((line, None) for line in preambles)]
    )
    days: dict[int, date | None] = {}
    day: date | None = None
    latest, passed = 0, 0
    for header in headers:
        while passed < len(marks) and marks[passed][0] < header.line:
            day, latest = marks[passed][1], 0
            passed += 1
        if header.stamp.dated:
            day = known.day_of(header.stamp)
        elif day is not None and latest - header.stamp.seconds > _HALF_A_DAY:
            coming = next((said for _, said in marks[passed : passed + 1]), None)
            if coming is None or (coming - day).days > 1:  # it has passed midnight, and no line said so
                day += timedelta(days=1)
        latest = header.stamp.seconds
        days[header.line] = day
    return days


class _Reader:
    """One pass over a source whose headers are known."""

    def __init__(self, lines: Sequence[str], frame: Frame, setting: Setting) -> None:
        self._lines = lines
        self._frame = frame
        self._headers, self._days = _headers(lines, frame, setting.today)
        self._names = {tidied(header.name) for header in self._headers}
        self._chats: dict[str, Chat] = {}
        self._assumed = False
        if setting.today is not None and self._headers and not any(self._days.values()):
            self._assume(setting.today)

    def chats(self) -> list[Chat]:
        """All chats of the source."""
        starts = {header.line: header for header in self._headers}
        ruled = self._frame.days(self._lines, starts)
        marks = sorted({*starts, *ruled, *self._frame.preambles})
        chat = self._chat("")
        read_outside(chat, self._lines, 0, marks[0] if marks else len(self._lines), _WHY, self._names)
        for mark, stop in pairwise([*marks, len(self._lines)]):
            if mark in starts:
                chat.entries += self._message(starts[mark], stop)
            else:
                if mark in self._frame.preambles:
                    chat = self._chat(self._frame.preambles[mark])
                read_outside(chat, self._lines, mark + 1, stop, _WHY)
        if self._assumed and chat.entries:
            message = "复制的文字里没有日期，按最后一条是最近一天、往前推算的，请核对"
            chat.notes.append(Note(code="assumed_date", message=message))
        return [chat for chat in self._chats.values() if chat.entries or chat.unread]

    def _chat(self, group: str) -> Chat:
        """The chat of this name; what stands above the first name belongs to it."""
        if group and list(self._chats) == [""]:
            self._chats[group] = self._chats.pop("")
            self._chats[group].group = group
        return self._chats.setdefault(group, Chat([], group=group))

    def _message(self, header: Header, stop: int) -> list[Entry]:
        """The message below a header, and the notices between it and the next mark."""
        if stop == len(self._lines) or stop in self._frame.preambles:
            while stop > header.body and (not self._lines[stop - 1].strip() or is_frame(self._lines[stop - 1])):
                stop -= 1
        end, notices = notices_below(self._lines, header.body, stop, self._names)
        entry = Entry(line=header.line + 1, end_line=max(end, header.body), name=header.name)
        if (day := self._days[header.line]) is not None:
            entry.time, entry.precision = moment(day, header.stamp), header.stamp.precision
        return [fill(entry, "\n".join(self._lines[header.body : end])), *notices]

    def _assume(self, today: datetime) -> None:
        """Days for a paste without any: the last message is of the latest day it can be, the others of those before."""
        back = 1 if self._headers[-1].stamp.seconds > today.hour * 3600 + today.minute * 60 + 59 else 0
        day, later = today.date() - timedelta(days=back), 86400
        for header in reversed(self._headers):
            if header.stamp.seconds - later > _HALF_A_DAY:
                day -= timedelta(days=1)
            later = header.stamp.seconds
            self._days[header.line] = day
        self._assumed = True


FORMATS: tuple[Format, ...] = (WechatText(),)
