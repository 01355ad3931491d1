"""Feishu (Lark): messages as its open API gives them (list, get message, events), in pages, arrays or lines."""

from collections.abc import Iterator, Mapping
from typing import Any

from copilot.chat.formats import feishu_content
from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.fields import first_text, mapping_of, records_of
from copilot.chat.formats.gathering import Gathering
from copilot.chat.formats.json_items import JsonItems
from copilot.chat.formats.json_lines import JsonLines, json_records
from copilot.chat.formats.json_shape import json_shape
from copilot.chat.formats.scalars import id_of, time_of, words_of
from copilot.chat.formats.wechat_types import kinds

_IDS = ("open_id", "user_id", "union_id")


class _Feishu:
    name = "feishu"
    title = "飞书（开放接口）"
    platform = "feishu"

    def sniff(self, source: Source) -> float:
        shape = json_shape(source)
        candidates = (shape.item("data", "items"), *(message for item in shape.items for message in _messages(item)))
        return 0.97 if any(_is_message(message) for message in candidates) else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        shape = json_shape(source)
        listed = shape.kind == "object" and isinstance(shape.top.get("data"), Mapping)
        records: JsonItems | JsonLines = (
            JsonItems(source.text, "data", "items") if listed else json_records(source.text)
        )
        reading = _Reading()
        for record, line in records:
            for message in _messages(record):
                reading.take(message, line, records.end_line)
        return reading.chats(records)


def _messages(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The messages of a record: itself, an event's, or those of a page."""
    event = mapping_of(record.get("event"))
    if "message" in event:
        yield {**mapping_of(event["message"]), "sender": mapping_of(event.get("sender"))}
    elif "items" in mapping_of(record.get("data")):
        yield from records_of(mapping_of(record["data"])["items"])
    else:
        yield record


def _is_message(message: Mapping[str, Any]) -> bool:
    return "message_id" in message and bool(message.keys() & {"msg_type", "message_type"})


class _Reading:
    """The messages read so far."""

    def __init__(self) -> None:
        self.gathering = Gathering()
        self.entries: dict[str, Entry] = {}
        self.parts: list[tuple[str, Entry, str]] = []
        self.names: dict[str, str] = {}
        self._last = ""

    def take(self, message: Mapping[str, Any], line: int, end_line: int) -> None:
        """Read one message."""
        if not _is_message(message):
            self.gathering.lose(self._last, message, line, end_line)
            return
        key = self._last = id_of(message.get("chat_id")) or self._last
        entry = _entry(message, line, end_line)
        for person in records_of(message.get("mentions")):
            if name := first_text(person, "name"):
                self.names.update(dict.fromkeys(_ids(person.get("id")), name))
        self.gathering.chat(key)
        self.entries.setdefault(entry.source_id, entry)
        self.parts.append((key, entry, id_of(message.get("upper_message_id"))))

    def chats(self, records: JsonItems | JsonLines) -> list[Chat]:
        """The chats. A message of a merged forward that is in the file too is part of that one."""
        for key, entry, upper in self.parts:
            entry.name = entry.name or self.names.get(entry.sender_id, "")
            whole = self.entries.get(upper)
            if whole is None or whole is entry:
                self.gathering.add(key, entry)
                continue
            line = f"{entry.name or entry.sender_id}: {entry.text or entry.enclosed}".strip(": ")
            whole.enclosed = f"{whole.enclosed}\n{line}".strip("\n")
            whole.end_line = max(whole.end_line, entry.end_line)
        return self.gathering.chats(records.unread)


def _entry(message: Mapping[str, Any], line: int, end_line: int) -> Entry:
    time, precision = time_of(message.get("create_time"))
    sender = mapping_of(message.get("sender"))
    answered = id_of(message.get("parent_id")) or id_of(message.get("root_id"))
    kind = words_of(message.get("msg_type") or message.get("message_type"))
    entry = Entry(
        line=line,
        end_line=end_line,
        source_id=id_of(message.get("message_id")),
        time=time,
        precision=precision,
        name=first_text(sender, "name", "sender_name"),
        sender_id=next(iter(_ids(sender.get("id") or sender.get("sender_id"))), ""),
        kind=kinds("feishu").get(kind, "other"),
        reply_id=answered if answered != id_of(message.get("message_id")) else "",
    )
    if message.get("deleted") is True:
        entry.kind = "recall"
        return entry
    body = message.get("content") or mapping_of(message.get("body")).get("content")
    said = feishu_content.read(kind, body, records_of(message.get("mentions")))
    entry.text, entry.mentions, entry.everyone = said.text, said.mentions, said.everyone
    if said.picture and not said.text and entry.kind == "text":
        entry.kind = "image"
    return entry


def _ids(value: Any) -> list[str]:
    """The ids of a person: one, or one of each kind."""
    if isinstance(value, Mapping):
        return [found for key in _IDS if (found := id_of(value.get(key)))]
    return [found] if (found := id_of(value)) else []


FORMATS: tuple[Format, ...] = (_Feishu(),)
