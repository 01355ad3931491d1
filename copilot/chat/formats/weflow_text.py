"""WeFlow's plain text and Markdown."""

import re

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.finishing import finish
from copilot.chat.formats.lines import fill_bodies, likeness, physical_lines, unread_lines
from copilot.chat.formats.scalars import time_of
from copilot.chat.formats.wording import is_system_sender, notice_kind

_TIME = r"(?P<time>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})"
_TEXT_HEADER = re.compile(rf"{_TIME} '(?P<name>.*)'\s*")
_HEADING = re.compile(rf"## {_TIME} (?P<name>.*?)\s*")
_FACT = re.compile(r"- (?P<name>会话ID|会话类型|消息数量|导出时间|导出工具): ?(?P<value>.*)")
_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)\s*")


class _WeflowText:
    name = "weflow-text"
    title = "WeFlow（TXT）"
    platform = "wechat"

    def sniff(self, source: Source) -> float:
        found = likeness(source.head, _TEXT_HEADER.fullmatch)
        return found + 0.08 if found >= 0.5 else found

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        lines = physical_lines(source.text)
        return [_read(lines, _TEXT_HEADER, 0, Chat(entries=[]))]


class _WeflowMarkdown:
    name = "weflow-markdown"
    title = "WeFlow（Markdown）"
    platform = "wechat"

    def sniff(self, source: Source) -> float:
        if source.head.lstrip("\ufeff\r\n").startswith("# ") and re.search(
            r"^- 导出工具: ?WeFlow", source.head, re.MULTILINE
        ):
            return 0.98
        return 0.8 if likeness(source.head, _HEADING.fullmatch) >= 0.5 else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        lines = physical_lines(source.text)
        chat = Chat(entries=[])
        first = 0
        for place, line in enumerate(lines):
            if line.startswith("# ") and not chat.group:
                chat.group = line[2:].strip()
            elif line.strip() and line.strip() != "---" and not _FACT.fullmatch(line):
                break
            first = place + 1
        chat = _read(lines, _HEADING, first, chat)
        for entry in chat.entries:
            if entry.kind == "text" and (words := _PICTURE.sub("", entry.text).strip()):
                entry.text = words
        return [chat]


def _read(lines: list[str], header: re.Pattern[str], first: int, chat: Chat) -> Chat:
    """The messages under such headers; a line is one where it begins the file or follows a blank line."""
    starts: list[tuple[int, Entry]] = []
    for place in range(first, len(lines)):
        match = header.fullmatch(lines[place].lstrip("\ufeff") if place == 0 else lines[place])
        if match is None or (place > first and lines[place - 1].strip()):
            continue
        time, precision = time_of(match["time"])
        if time is not None:
            starts.append((place + 1, Entry(place + 1, time=time, precision=precision, name=match["name"].strip())))
    end = starts[0][0] - 1 if starts else len(lines)
    chat.unread.extend(unread_lines(lines, first, end, "在第一条消息之前"))
    if starts:
        fill_bodies(lines, starts)
    for _, entry in starts:
        if is_system_sender(entry.name) or (entry.name.endswith("@chatroom") and notice_kind(entry.text)):
            entry.kind = "system"
        chat.entries.append(entry)
    return finish(chat)


FORMATS: tuple[Format, ...] = (_WeflowText(), _WeflowMarkdown())
