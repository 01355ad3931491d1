"""ChatLab's standard format, JSON and JSONL, which several exporters write too."""

from collections.abc import Iterable, Mapping
from typing import Any

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.fields import first_text, mapping_of, records_of
from copilot.chat.formats.gathering import Gathering
from copilot.chat.formats.json_items import JsonItems
from copilot.chat.formats.json_lines import JsonLines
from copilot.chat.formats.json_shape import json_shape
from copilot.chat.formats.json_walk import Item
from copilot.chat.formats.scalars import id_of, number_of, time_of, words_of
from copilot.chat.formats.wechat_types import kinds
from copilot.chat.formats.wording import is_system_sender

_NAMES = ("groupNickname", "accountName")
_OWN = "我"
_LINES = {"header", "member", "message"}


class _ChatLabJson:
    name = "chatlab"
    title = "ChatLab（JSON）"
    platform = ""

    def sniff(self, source: Source) -> float:
        shape = json_shape(source)
        return 0.99 if shape.kind == "object" and shape.has("chatlab") and "_type" not in shape.top else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        items = JsonItems(source.text, "messages")
        gathering = Gathering()
        for item, line in items:
            _add(gathering, item, line, items.end_line)
        meta = mapping_of(items.around.get("meta"))
        return _named(gathering.chats(items.unread), meta, records_of(items.around.get("members")))


class _ChatLabLines:
    name = "chatlab-jsonl"
    title = "ChatLab（JSONL）"
    platform = ""

    def sniff(self, source: Source) -> float:
        shape = json_shape(source)
        first = shape.items[0] if shape.items else {}
        return 0.99 if shape.kind in ("lines", "object") and first.get("_type") in _LINES else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        lines = JsonLines(source.text)
        gathering = Gathering()
        meta: Mapping[str, Any] = {}
        members: list[Mapping[str, Any]] = []
        for item, line in lines:
            match item.get("_type"):
                case "header":
                    meta = meta or mapping_of(item.get("meta"))
                case "member":
                    members.append(item)
                case "message":
                    _add(gathering, item, line, lines.end_line)
                case _:
                    gathering.lose("", item, line, lines.end_line)
        return _named(gathering.chats(lines.unread), meta, members)


def _add(gathering: Gathering, item: Item, line: int, end_line: int) -> None:
    time, precision = time_of(item.get("timestamp"))
    name, sender = first_text(item, *_NAMES), id_of(item.get("sender"))
    if not (time or name or sender) or not (item.keys() & {"content", "type"}):
        gathering.lose("", item, line, end_line)
        return
    entry = Entry(
        line=line,
        end_line=end_line,
        source_id=id_of(item.get("platformMessageId")),
        time=time,
        precision=precision,
        name=name,
        sender_id=sender,
        kind=kinds("chatlab").get(number_of(item.get("type")), "other") if "type" in item else "text",
        text=words_of(item.get("content")),
        reply_id=id_of(item.get("replyToMessageId")),
    )
    if is_system_sender(name) or is_system_sender(sender) or (entry.kind == "recall" and not sender):
        entry.kind = "system"
    if entry.kind == "recall":
        entry.text = ""  # some exporters keep what was taken back
    answered = mapping_of(item.get("replyTo"))
    if answered:
        entry.reply_id = entry.reply_id or id_of(answered.get("replyTo"))
        entry.reply_name = first_text(answered, "replyToAuthor")
        entry.reply_text = words_of(answered.get("replyToContent"))
    entry.enclosed = "\n".join(
        f"{first_text(record, *_NAMES, 'sender')}: {words_of(record.get('content'))}".strip(": ")
        for record in records_of(item.get("chatRecords"))
    )
    gathering.add("", entry)


def _named(chats: list[Chat], meta: Mapping[str, Any], members: Iterable[Mapping[str, Any]]) -> list[Chat]:
    """Give the chat its name, and members those of the list where their messages have none."""
    names = {id_of(member.get("platformId")): first_text(member, *_NAMES) for member in members}
    for chat in chats:
        chat.group = first_text(meta, "name", "groupId")
        for entry in chat.entries:
            if not entry.name and entry.kind != "system":
                entry.name = names.get(entry.sender_id, "")
        chat.me = _OWN if any(entry.name == _OWN for entry in chat.entries) else ""
    return chats


FORMATS: tuple[Format, ...] = (_ChatLabJson(), _ChatLabLines())
