"""MemoTrace (留痕, WeChatMsg): its full CSV, the CSV of a session, and its plain text."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.csv_rows import CsvRows, Row, csv_header
from copilot.chat.formats.finishing import finish
from copilot.chat.formats.gathering import Gathering
from copilot.chat.formats.lines import fill_bodies, likeness, physical_lines, unread_lines
from copilot.chat.formats.scalars import first_time, id_of, number_of, time_of, words_of
from copilot.chat.formats.wechat_types import kind_of, kind_of_code
from copilot.chat.formats.wechat_xml import is_xml, unpack_xml
from copilot.chat.formats.wording import is_system_sender, notice_kind

_FULL = ("localId", "TalkerId", "Type", "SubType", "IsSender", "CreateTime", "Status", "StrContent", "StrTime")
_SESSION = ("消息ID", "类型", "发送人", "时间", "内容")
_FOLDER = re.compile(r"(?P<name>.+)[(（][\w@-]+[)）]")
_HEADER = re.compile(r"(?P<time>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}) (?P<name>\S.*)")
_QQ = re.compile(r"(?m)^消息(?:记录|分组|对象)|\(\d{5,12}\)\s*$|<[^<>\s]+@[^<>\s]+>\s*$")
_REFERENCE = re.compile(r"\n引用[:：](?:(?P<name>[^:：\n]{1,60})[:：](?P<text>.*)|未知)\s*\Z", re.DOTALL)
_CARD_KEY = re.compile(r"(?m)^(?:\[链接\]:)?(?:title|description|url|name):")
OWN = "我"
OTHER = "对方"


def chat_name(path: str) -> str:
    """The chat a file is of: MemoTrace puts it into a folder "名称(wxid)", else the file has its name."""
    pure = PurePosixPath(path.replace("\\", "/"))
    for part in (pure.parent.name, pure.stem):
        if match := _FOLDER.fullmatch(part):
            return match["name"].strip()
    return pure.stem


class _FullCsv:
    name = "memotrace-full"
    title = "MemoTrace 留痕（完整 CSV）"
    platform = "wechat"

    def sniff(self, source: Source) -> float:
        return 1.0 if {*csv_header(source)} >= {*_FULL} else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        rows = CsvRows(source.text, fewest=len(_FULL), needs=_FULL)
        gathering = Gathering()
        group = chat_name(source.name)
        gathering.chat("", group)
        for row, line in rows:
            entry = _full_entry(row, line, rows.end_line, group)
            if entry.time is None and not entry.text:
                gathering.lose("", row, line, rows.end_line)
            else:
                gathering.add("", entry, own=row["IsSender"].strip() == "1")
        return gathering.chats(rows.unread)


def _full_entry(row: Row, line: int, end_line: int, group: str) -> Entry:
    time, precision = first_time(row["CreateTime"], row["StrTime"])
    own = row["IsSender"].strip() == "1"
    name = next((found for key in ("Remark", "NickName", "Sender") if (found := row.get(key, "").strip())), "")
    number = id_of(row["localId"])
    entry = Entry(
        line=line,
        end_line=end_line,
        source_id=f"{row['TalkerId'].strip()}:{number}:{row['CreateTime'].strip()}" if number else "",
        time=time,
        precision=precision,
        name=name or (OWN if own else group or OTHER),
        sender_id=id_of(row.get("Sender", "")),
        kind=kind_of_code(number_of(row["Type"]), number_of(row["SubType"])),
        text=words_of(row["StrContent"]),
    )
    if entry.kind == "other" and not is_xml(entry.text):
        entry.kind = "text" if entry.text.strip() else "other"
    unpack_xml(entry)
    return entry


class _SessionCsv:
    name = "memotrace"
    title = "MemoTrace 留痕（CSV）"
    platform = "wechat"

    def sniff(self, source: Source) -> float:
        return 1.0 if {*csv_header(source)} >= {*_SESSION} else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        rows = CsvRows(source.text, fewest=len(_SESSION), needs=_SESSION)
        gathering = Gathering()
        gathering.chat("", chat_name(source.name))
        for row, line in rows:
            time, precision = time_of(row["时间"])
            names = (row["发送人"], row.get("备注", ""), row.get("昵称", ""))
            entry = Entry(
                line=line,
                end_line=rows.end_line,
                source_id=id_of(row["消息ID"]),
                time=time,
                precision=precision,
                name=next((name.strip() for name in names if name.strip()), ""),
                kind=kind_of(row["类型"].strip() or None),
                text=words_of(row["内容"]),
            )
            if not (entry.time or entry.name):
                gathering.lose("", row, line, rows.end_line)
                continue
            if is_system_sender(entry.name):
                entry.kind = "system"
            unpack_xml(entry)
            _take_reference(entry)
            gathering.add("", entry, own=entry.name == OWN)
        return gathering.chats(rows.unread)


class _Text:
    name = "memotrace-text"
    title = "MemoTrace 留痕（TXT）"
    platform = "wechat"

    def sniff(self, source: Source) -> float:
        likely = likeness(source.head, _HEADER.fullmatch)
        return 0.0 if likely and _QQ.search(source.head) else min(likely, 0.8)

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        lines = physical_lines(source.text)
        starts: list[tuple[int, Entry]] = []
        for place, line in enumerate(lines):
            match = _HEADER.fullmatch(line.lstrip("\ufeff"))
            if match is None or (place and lines[place - 1].strip()):
                continue
            time, precision = time_of(match["time"])
            if time is not None:
                starts.append((place + 1, Entry(place + 1, time=time, precision=precision, name=match["name"].strip())))
        if starts:
            fill_bodies(lines, starts)
        entries = [entry for _, entry in starts]
        _tell_notices(entries)
        for entry in entries:
            _take_card(entry)
            _take_reference(entry)
        before = entries[0].line - 1 if entries else len(lines)
        own = OWN if any(entry.name == OWN for entry in entries) else ""
        chat = Chat(entries=entries, group=chat_name(source.name), me=own)
        chat.unread = unread_lines(lines, 0, before, "在第一条消息之前")
        return [finish(chat)]


def _tell_notices(entries: Sequence[Entry]) -> None:
    """A notice is a header without a body, whose name is no name: its words."""
    members = {entry.name for entry in entries if entry.text}
    for entry in entries:
        if not entry.text and entry.name not in members:
            entry.kind, entry.text, entry.name = "system", entry.name, ""
            entry.notice = notice_kind(entry.text) or "other"


def _take_card(entry: Entry) -> None:
    """A shared card: lines of keys and values under a placeholder."""
    if entry.text.startswith("[链接]:"):
        entry.kind = "link"
        entry.text = "\n".join(part.strip() for part in _CARD_KEY.split(entry.text) if part.strip())


def _take_reference(entry: Entry) -> None:
    """A quote: a last line with the quoted member and words, or without both when MemoTrace did not find them."""
    if (
        "引用" in entry.text
        and (match := _REFERENCE.search(entry.text)) is not None
        and entry.kind in ("text", "quote")
    ):
        entry.kind = "quote"
        entry.text = entry.text[: match.start()].strip()
        entry.reply_name, entry.reply_text = match["name"] or "", (match["text"] or "").strip()


FORMATS: tuple[Format, ...] = (_FullCsv(), _SessionCsv(), _Text())
