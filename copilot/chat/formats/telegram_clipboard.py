"""Messages copied from Telegram Desktop: `name, [date time]`, the words below (`> name:` where there is no time)."""

import re
from collections.abc import Iterator, Sequence

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.clock import CLOCK, DATE, DayOrder, day_order
from copilot.chat.formats.finishing import finish
from copilot.chat.formats.lines import fill_bodies, likeness, physical_lines, unread_lines
from copilot.errors import InputError

_TIMED = re.compile(rf"(?P<name>\S.{{0,80}}?), \[(?P<date>{DATE}),? (?P<clock>{CLOCK})\]\s*")
_UNTIMED = re.compile(r"> (?P<name>\S[^:\n]{0,60}):\s*")
_BEFORE = re.compile(
    r"\A\[(?P<what>In reply to|Forwarded from|В ответ на|Переслано от|回复|转发自) (?P<name>[^\]\n]+)\]\s*"
)


class _TelegramClipboard:
    name = "telegram-text"
    title = "从 Telegram 复制的消息"
    platform = "telegram"

    def sniff(self, source: Source) -> float:
        if likely := likeness(source.head, _TIMED.fullmatch):
            return likely
        if not source.head.lstrip("\ufeff\r\n ").startswith("> "):
            return 0.0
        found = [match["name"] for match in re.finditer(rf"^{_UNTIMED.pattern}$", source.head, re.MULTILINE)]
        return 0.6 if len(found) > len({*found}) >= 2 else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        lines = physical_lines(source.text.lstrip("\ufeff"))
        header = _TIMED if any(_TIMED.fullmatch(line) for line in lines) else _UNTIMED
        heads = list(_heads(lines, header))
        if not heads:
            raise InputError("里面没有从 Telegram 复制的消息", hint="在 Telegram 里选中几条消息再复制一次")
        dated = [match["date"] for _, match in heads] if header is _TIMED else []
        order = day_order(dated, today=setting.today)
        chat = Chat(entries=list(_entries(lines, heads, order)), notes=order.notes())
        chat.unread = unread_lines(lines, 0, heads[0][0], "在第一条消息之前")
        return [finish(chat)]


def _heads(lines: Sequence[str], header: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """The headers: a blank line stands above each but the first."""
    for place, line in enumerate(lines):
        if len(line) < 300 and (match := header.fullmatch(line)) and (place == 0 or not lines[place - 1].strip()):
            yield place, match


def _entries(lines: Sequence[str], heads: Sequence[tuple[int, re.Match[str]]], order: DayOrder) -> Iterator[Entry]:
    starts = []
    for place, match in heads:
        entry = Entry(line=place + 1, name=match["name"].strip())
        found = match.groupdict()
        entry.time, entry.precision = order.moment(found.get("date", ""), found.get("clock", ""))
        starts.append((place + 1, entry))
    fill_bodies(lines, starts)
    for _, entry in starts:
        if before := _BEFORE.match(entry.text):
            rest = entry.text[before.end() :].strip()
            if before["what"] in ("In reply to", "В ответ на", "回复"):
                entry.reply_name, entry.text = before["name"], rest
            else:
                entry.kind, entry.enclosed, entry.text = "forward", rest, ""
        yield entry


FORMATS: tuple[Format, ...] = (_TelegramClipboard(),)
