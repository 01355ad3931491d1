"""WeCom's archive of conversations (会话内容存档), decrypted: an array of records, or one a line."""

import re
from collections.abc import Mapping
from typing import Any

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.fields import first_text, list_of, mapping_of, records_of
from copilot.chat.formats.finishing import joined
from copilot.chat.formats.gathering import Gathering
from copilot.chat.formats.json_items import JsonItems
from copilot.chat.formats.json_lines import JsonLines, json_records
from copilot.chat.formats.json_shape import json_shape
from copilot.chat.formats.json_walk import BROKEN, Item, read_json
from copilot.chat.formats.scalars import id_of, time_of, words_of
from copilot.chat.formats.wechat_types import kinds
from copilot.chat.records import Note
from copilot.errors import InputError

_PAYLOADS = {"docmsg": "doc", "markdown": "info", "news": "info", "external_redpacket": "redpacket"}
"""Where a record's payload does not stand under the name of its type."""
_WORDS = (
    *("content", "title", "votetitle", "topic", "description", "filename", "displayname", "wish"),
    *("sph_name", "feed_desc", "address", "link_url", "url"),
)
_QUOTE = re.compile(r'\A这是一条引用/回复消息[:：]\s*["“]?(?P<quoted>.*?)["”]?\s*\n-{3,}\n(?P<own>.*)\Z', re.DOTALL)
_QUOTED_NAME = re.compile(r"(?P<name>[^：:\n]{1,40})[：:]\s*(?P<text>.*)", re.DOTALL)
_DEEPEST = 3


class _WeCom:
    name = "wecom"
    title = "企业微信会话存档"
    platform = "wecom"

    def sniff(self, source: Source) -> float:
        shape = json_shape(source)
        if _encrypted(shape.items) or _encrypted([shape.item("chatdata")]):
            return 0.97
        found = shape.items_have("msgid", "msgtype", "from") or shape.items_have("msgid", "action", "user")
        return 0.97 if found or shape.item("chatdata").keys() >= {"msgid", "msgtype"} else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        shape = json_shape(source)
        listed = shape.kind == "object" and shape.has("chatdata")
        records: JsonItems | JsonLines = JsonItems(source.text, "chatdata") if listed else json_records(source.text)
        reading = _Reading()
        for record, line in records:
            reading.take(record, line, records.end_line)
        if reading.sealed and not reading.messages:
            raise InputError(
                f"{reading.sealed} 条记录都还是加密的，里面没有文字",
                hint="先用企业微信的 SDK（DecryptData）和私钥解密，再把解密后的 JSON 给我",
            )
        return reading.chats(records)


def _encrypted(records: Any) -> bool:
    return any("encrypt_chat_msg" in record for record in records)


class _Reading:
    """The records read so far."""

    def __init__(self) -> None:
        self.gathering = Gathering()
        self.messages: dict[str, Entry] = {}
        self.recalls: list[tuple[Entry, str]] = []
        self.rooms: dict[str, str] = {}
        self.switched = 0
        self.sealed = 0
        self._last = ""

    def take(self, record: Item, line: int, end_line: int) -> None:
        """Read one record."""
        if "encrypt_chat_msg" in record:
            self.sealed += 1
            self.gathering.lose(self._last, record, line, end_line, "这一条还是加密的")
            return
        if record.get("action") == "switch":
            self.switched += 1
            return
        sender, kind = id_of(record.get("from")), words_of(record.get("msgtype"))
        if not sender or not kind:
            self.gathering.lose(self._last, record, line, end_line)
            return
        time, precision = time_of(record.get("msgtime"))
        entry = Entry(
            line=line,
            end_line=end_line,
            source_id=id_of(record.get("msgid")),
            time=time,
            precision=precision,
            name=sender,
            sender_id=sender,
            kind=kinds("wecom").get(kind, "other"),
        )
        payload = mapping_of(record.get(_PAYLOADS.get(kind, kind)))
        _unpack(entry, kind, payload)
        key = self._last = self._chat_of(record, sender, payload)
        self.gathering.add(key, entry)
        self.messages.setdefault(entry.source_id, entry)
        if entry.kind == "recall":
            self.recalls.append((entry, id_of(payload.get("pre_msgid"))))

    def _chat_of(self, record: Item, sender: str, payload: Mapping[str, Any]) -> str:
        """The key of a record's chat: its room, or the people in it."""
        if room := id_of(record.get("roomid")):
            self.rooms[room] = first_text(payload, "room_name") or self.rooms.get(room, "") or room
            return room
        key = "、".join(sorted({sender, *(id_of(one) for one in list_of(record.get("tolist")))} - {""}))
        self.rooms.setdefault(key, key)
        return key

    def chats(self, records: JsonItems | JsonLines) -> list[Chat]:
        """The chats. What was taken back is gone, and the record that says so is a notice."""
        for notice, answered in self.recalls:
            original = self.messages.get(answered)
            notice.reply_id = answered
            if original is not None and original is not notice:
                original.kind, original.text, original.enclosed = "recall", "", ""
                notice.kind, notice.notice = "system", "recall"
        for key, name in self.rooms.items():
            self.gathering.chat(key, name)
        chats = self.gathering.chats(records.unread)
        if self.switched:
            message = f"有 {self.switched} 条切换企业的日志，不是消息"
            chats[0].notes.append(Note(code="switched", message=message, count=self.switched))
        return chats


def _unpack(entry: Entry, kind: str, payload: Mapping[str, Any]) -> None:
    """Read a record's payload."""
    if kind == "text":
        entry.text = words_of(payload.get("content"))
        if (quote := _QUOTE.match(entry.text)) is not None:
            entry.kind = "quote"
            entry.text = quote["own"]
            named = _QUOTED_NAME.match(quote["quoted"])
            entry.reply_name = named["name"].strip() if named else ""
            entry.reply_text = (named["text"] if named else quote["quoted"]).strip()
    elif kind == "mixed":
        parts = [(words_of(item.get("type")), _inner(item)) for item in records_of(payload.get("item"))]
        entry.text = joined(*(words_of(inner.get("content")) for part, inner in parts if part == "text"))
        if not entry.text and parts:
            entry.kind = kinds("wecom").get(parts[0][0], "other")
    elif kind == "chatrecord":
        entry.text, entry.enclosed = words_of(payload.get("title")), "\n".join(_record_lines(payload, 1))
    elif kind == "news":
        entry.text = joined(*(_words(item) for item in records_of(payload.get("item"))))
    elif kind not in ("revoke", "agree", "disagree", "meeting_voice_call"):
        questions = (first_text(item, "ques") for item in records_of(payload.get("details")))
        options = (words_of(item) for item in list_of(payload.get("voteitem")))
        entry.text = joined(_words(payload), *questions, *options)


def _words(payload: Mapping[str, Any]) -> str:
    return joined(*(words_of(payload.get(key)) for key in _WORDS))


def _inner(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an item holds as JSON in a text."""
    content = item.get("content")
    if not isinstance(content, str):
        return mapping_of(content)
    try:
        return mapping_of(read_json(content))
    except BROKEN:
        return {"content": content}


def _record_lines(payload: Mapping[str, Any], depth: int) -> list[str]:
    """Merged messages, a line each, their words or their kind; merged ones within them are indented."""
    found: list[str] = []
    for item in records_of(payload.get("item")):
        inner = _inner(item)
        kind = words_of(item.get("type")).removeprefix("ChatRecord")
        found.append(_words(inner) or f"[{kind}]")
        if inner.get("item") and depth < _DEEPEST:
            found += ["  " + line for line in _record_lines(inner, depth + 1)]
    return found


FORMATS: tuple[Format, ...] = (_WeCom(),)
