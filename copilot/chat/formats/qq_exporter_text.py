"""QQChatExporter's plain text: `name:`, then lines `时间:`, `内容:`, `资源:`, `提及:`, `回复:`."""

import re
from collections.abc import Iterator, Sequence

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.fields import check_count
from copilot.chat.formats.finishing import read_words
from copilot.chat.formats.lines import physical_lines, unread_lines
from copilot.chat.formats.scalars import latest_before, time_of
from copilot.chat.formats.wording import notice_kind
from copilot.chat.records import Kind
from copilot.errors import InputError

_BANNER = re.compile(r"\[QQChatExporter V\d", re.IGNORECASE)
_TIME = re.compile(r"时间[:：]\s*(?P<time>\S.*)?")
_NUMBER = re.compile(r"\[\d+\]")
_FACT = re.compile(r"(?P<key>聊天名称|聊天类型|参与人数|导出时间|消息总数|时间范围)[:：]\s?(?P<value>.*)")
_TITLE = re.compile(r"\[[^\[\]]{1,20}\] (?=\S)")
_TYPE = re.compile(r"\A类型[:：][^\n]*(?:\n|\Z)")
_CONTENT = re.compile(r"\A内容[:：] ?")
_TAIL = re.compile(
    r"(?:(?:^|\n)资源[:：] ?\d+ 个文件(?P<files>(?:\n[ \t]+- [^\n]*)*))?"
    r"(?:(?:^|\n)提及[:：] ?(?P<mentions>[^\n]*))?"
    r"(?:(?:^|\n)回复[:：] ?(?:(?P<when>\d\d-\d\d \d\d:\d\d) )?(?P<who>[^\n]*?) - (?P<what>.*))?\Z",
    re.DOTALL,
)
_EMPTY: dict[str, Kind] = {"[无文本内容]": "other", "[系统消息]": "system", "[表情消息]": "sticker"}
_MEDIA: dict[str, Kind] = {"image": "image", "video": "video", "audio": "voice", "file": "file"}
_MEDIA_ONLY = re.compile(r"\[(?:(?:image|video|audio|file)、?)+消息\]")
_DONE = re.compile(r"\s*导出完成\s*")
_RULE = re.compile(r"={10,}")
_NOBODY = {"", "0", "未知"}


class _QQExporterText:
    name = "qq-exporter-text"
    title = "QQChatExporter（纯文本）"
    platform = "qq"

    def sniff(self, source: Source) -> float:
        starts = list(_starts(physical_lines(source.head)))
        if _BANNER.match(source.head.lstrip("\ufeff \r\n")):
            return 0.97 if starts or "聊天名称" in source.head else 0.0
        return 0.9 if starts and (len(starts) > 1 or "聊天名称" in source.head) else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        lines = physical_lines(source.text.lstrip("\ufeff"))
        stop = _end(lines)
        starts = list(_starts(lines[:stop]))
        if not starts:
            raise InputError("里面没有 QQChatExporter 的消息", hint="重新导出，最好选 JSON")
        facts = {match["key"]: match["value"] for line in lines[: starts[0]] if (match := _FACT.fullmatch(line))}
        chat = Chat(entries=_entries(lines, starts, stop), group=facts.get("聊天名称", ""))
        chat.me = "我" if any(entry.name == "我" for entry in chat.entries) else ""
        chat.unread = [
            one for one in unread_lines(lines, 0, starts[0], "在第一条消息之前") if not _is_preamble(one.text)
        ]
        chat.unread += [
            one for one in unread_lines(lines, stop, len(lines), "在导出的结尾之后") if not _is_end(one.text)
        ]
        stated = facts.get("消息总数", "").strip()
        return [check_count(chat, int(stated) if stated.isdecimal() else None)]


def _is_preamble(line: str) -> bool:
    known = line.startswith(("[QQChatExporter", "[本软件")) or line == "QQ聊天记录导出文件"
    return known or bool(_FACT.fullmatch(line) or _RULE.fullmatch(line) or _NUMBER.fullmatch(line))


def _is_end(line: str) -> bool:
    closing = line == "导出完成" or line.startswith(("总计导出 ", "导出时间"))
    return closing or bool(_RULE.fullmatch(line))


def _starts(lines: Sequence[str]) -> Iterator[int]:
    """The places of the lines `name:`: one that is followed by `时间:`, below a blank line or its number."""
    numbered = sum(1 for line in lines if _NUMBER.fullmatch(line))
    found = [
        place
        for place in range(len(lines) - 1)
        if lines[place].rstrip().endswith((":", "：")) and _TIME.fullmatch(lines[place + 1])
    ]
    for place in found:
        above = lines[place - 1].strip() if place else ""
        if _NUMBER.fullmatch(above) or (not above and 2 * numbered < len(found)):
            yield place


def _end(lines: Sequence[str]) -> int:
    """Where the closing lines of an export begin."""
    for place in range(len(lines) - 1, 0, -1):
        if _DONE.fullmatch(lines[place]) and _RULE.fullmatch(lines[place - 1]):
            return place - 1
    return len(lines)


def _entries(lines: Sequence[str], starts: Sequence[int], stop: int) -> list[Entry]:
    labels = {lines[place].rstrip()[:-1] for place in starts}
    bare = [_TITLE.sub("", label, count=1) for label in labels]
    found: list[Entry] = []
    for place, following in zip(starts, [*starts[1:], stop], strict=True):
        label = lines[place].rstrip()[:-1]
        name = _TITLE.sub("", label, count=1)
        entry = Entry(line=place + 1, name=name if bare.count(name) == 1 else label)
        match = _TIME.fullmatch(lines[place + 1])
        entry.time, entry.precision = time_of(match["time"]) if match else (None, "none")
        last = following
        while last > place + 2 and (not lines[last - 1].strip() or _NUMBER.fullmatch(lines[last - 1])):
            last -= 1
        entry.end_line = last
        _read_body(entry, "\n".join(lines[place + 2 : last]))
        found.append(entry)
    for entry in found:
        if entry.kind == "text":
            read_words(entry)
    return found


def _read_body(entry: Entry, body: str) -> None:
    body = _TYPE.sub("", body, count=1)
    tail = _tail(body)
    text = _CONTENT.sub("", body[: tail.start()], count=1).strip()
    if tail["mentions"]:
        entry.mentions = tuple(name.strip() for name in tail["mentions"].split(", ") if name.strip())
    if tail["who"] is not None:
        entry.reply_name, entry.reply_text = tail["who"].strip(), tail["what"].strip()
        if entry.time and tail["when"]:
            entry.reply_time = latest_before(tail["when"], entry.time.replace(second=59))
        text = text.removeprefix("[回复消息]").strip()
    entry.text = text
    files = re.findall(r"- (\w+):", tail["files"] or "")
    if text in _EMPTY:
        entry.text, entry.kind = "", _EMPTY[text]
    elif _MEDIA_ONLY.fullmatch(text):
        kinds: set[Kind] = {_MEDIA.get(one, "file") for one in files} or {"file"}
        entry.kind = kinds.pop() if len(kinds) == 1 else "file"
    if entry.kind == "system" or (entry.name in _NOBODY and notice_kind(text)):
        entry.kind, entry.notice, entry.name = "system", notice_kind(text) or "other", ""


def _tail(body: str) -> re.Match[str]:
    """The lines below the words; an empty match at the end when there are none."""
    for match in re.finditer(r"^(?:资源[:：] ?\d+ 个文件|提及[:：]|回复[:：])", body, re.MULTILINE):
        start = max(match.start() - 1, 0)
        if (found := _TAIL.match(body, start)) is not None:
            return found
    end = _TAIL.match(body, len(body))
    assert end is not None
    return end


FORMATS: tuple[Format, ...] = (_QQExporterText(),)
