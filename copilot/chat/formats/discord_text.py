"""DiscordChatExporter's plain text: a banner, then `[date time] name`, the words, and blocks in braces."""

import re
from collections.abc import Iterator, Sequence

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.clock import CLOCK, DATE, DayOrder, day_order
from copilot.chat.formats.fields import files_kind
from copilot.chat.formats.finishing import finish
from copilot.chat.formats.lines import fill_bodies, physical_lines, unread_lines
from copilot.chat.records import Kind
from copilot.errors import InputError

_MONTHS = {
    name: place
    for place, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_NAMED = r"\d{1,2}-[A-Za-z]{3}-\d{2,4}"
_HEADER = re.compile(rf"\[(?P<date>{DATE}|{_NAMED}),? (?P<clock>{CLOCK})\] (?P<name>.+?)(?P<pinned> \(pinned\))?\s*")
_RULE = re.compile(r"={20,}")
_BANNER = re.compile(r"\A\ufeff?\s*={20,}\r?\nGuild: ")
_FACT = re.compile(r"(?P<key>Guild|Channel|Topic|After|Before): (?P<value>.*)")
_COUNT = re.compile(r"Exported [\d,.]+ message\(s\)")
_BLOCK = re.compile(r"^\{(?P<block>Attachments|Embed|Stickers|Reactions|Forwarded Message|Poll)\}[ \t]*$", re.MULTILINE)


class _DiscordText:
    name = "discord-text"
    title = "Discord（DiscordChatExporter，纯文本）"
    platform = "discord"

    def sniff(self, source: Source) -> float:
        return 0.98 if _BANNER.match(source.head) else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        lines = physical_lines(source.text)
        heads = [(place, match) for place, match in _headers(lines)]
        if not heads:
            raise InputError("里面没有 Discord 的消息", hint="用 DiscordChatExporter 再导出一次，最好选 JSON")
        dates = [_numbers(match["date"]) for _, match in heads]
        american = any("M" in match["clock"] for _, match in heads[:50])
        order = day_order(dates, today=setting.today, american=american)
        end = _end(lines, heads[-1][0])
        chat = Chat(entries=list(_entries(lines[:end], heads, order)), notes=order.notes())
        chat.unread = [
            one for one in unread_lines(lines, end, len(lines), "在导出的结尾之后") if not _is_frame(one.text)
        ]
        facts = {match["key"]: match["value"] for line in lines[: heads[0][0]] if (match := _FACT.fullmatch(line))}
        chat.group = " #".join(filter(None, (facts.get("Guild", ""), facts.get("Channel", ""))))
        for place in range(heads[0][0]):
            if not _is_frame(lines[place]):
                chat.unread += unread_lines(lines, place, place + 1, "在第一条消息之前")
        return [finish(chat)]


def _headers(lines: Sequence[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """The headers: each stands below a blank line or the banner."""
    for place, line in enumerate(lines):
        if line.startswith("[") and (match := _HEADER.fullmatch(line)):
            above = lines[place - 1].strip() if place else ""
            if not above or _RULE.fullmatch(above):
                yield place, match


def _is_frame(line: str) -> bool:
    """Whether a line is of the banner or of the closing lines."""
    return bool(_RULE.fullmatch(line) or _FACT.fullmatch(line) or _COUNT.fullmatch(line))


def _end(lines: Sequence[str], last: int) -> int:
    """Where the closing lines begin, somewhere below the last header."""
    for place in range(len(lines) - 1, last + 1, -1):
        if _COUNT.fullmatch(lines[place]) and _RULE.fullmatch(lines[place - 1]):
            return place - 1
    return len(lines)


def _numbers(date: str) -> str:
    """A date with its month as a number, and its year in four digits so that it tells the order."""
    if not re.fullmatch(_NAMED, date):
        return date
    day, month, year = date.split("-")
    year = year if len(year) == 4 else f"20{year}"
    return f"{year}-{_MONTHS.get(month.casefold(), 0)}-{day}"


def _entries(lines: Sequence[str], heads: Sequence[tuple[int, re.Match[str]]], order: DayOrder) -> Iterator[Entry]:
    starts = []
    for place, match in heads:
        entry = Entry(line=place + 1, name=match["name"].strip())
        entry.time, entry.precision = order.moment(_numbers(match["date"]), match["clock"])
        starts.append((place + 1, entry))
    fill_bodies(lines, starts)
    for _, entry in starts:
        _read_blocks(entry)
        yield entry


def _read_blocks(entry: Entry) -> None:
    """Tell the words from the blocks below them."""
    parts = _BLOCK.split(entry.text)
    blocks = {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}
    entry.text = parts[0].strip()
    if "Forwarded Message" in blocks:
        entry.kind, entry.enclosed = "forward", blocks["Forwarded Message"]
    elif not entry.text:
        entry.kind = _kind(blocks)
        entry.text = blocks.get("Embed", "")


def _kind(blocks: dict[str, str]) -> Kind:
    if files := blocks.get("Attachments", "").split():
        return files_kind(files)
    if "Stickers" in blocks:
        return "sticker"
    if "Embed" in blocks:
        return "link"
    return "poll" if "Poll" in blocks else "other"


FORMATS: tuple[Format, ...] = (_DiscordText(),)
