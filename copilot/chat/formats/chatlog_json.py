"""chatlog's JSON (the API's array, a webhook's body, files with fewer fields) and chatlog-keeper's array."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.fields import first_text, list_of, mapping_of
from copilot.chat.formats.finishing import joined
from copilot.chat.formats.gathering import Gathering
from copilot.chat.formats.json_items import JsonItems
from copilot.chat.formats.json_shape import json_shape
from copilot.chat.formats.json_walk import Item
from copilot.chat.formats.scalars import id_of, time_of, words_of
from copilot.chat.formats.wechat_types import kind_of
from copilot.chat.formats.wording import is_system_sender

_ID_SLOT = re.compile(r"\$\{([\w@.-]{1,64})\}")
_DEEPEST = 3


class _ChatlogJson:
    name = "chatlog"
    title = "chatlog（JSON）"
    platform = "wechat"

    def sniff(self, source: Source) -> float:
        shape = json_shape(source)
        if shape.kind == "array":
            if shape.items_have("seq", "talker", "sender") or shape.items_have("seq", "talkerName", "content"):
                return 0.97
            return 0.7 if shape.items_have("senderName", "time", "content") else 0.0
        if shape.has("talker", "messages") and (shape.has("lastTime") or "seq" in shape.item("messages")):
            return 0.96
        return 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        items = JsonItems(source.text, *(["messages"] if json_shape(source).kind == "object" else []))
        gathering = Gathering()
        talker = ""
        for item, line in items:
            talker = first_text(item, "talker") or talker or first_text(items.around, "talker")
            gathering.chat(talker, first_text(item, "talkerName"))
            entry = _entry(item, line, items.end_line, talker)
            if entry is None:
                gathering.lose(talker, item, line, items.end_line)
            else:
                gathering.add(talker, entry, own=item.get("isSelf") is True)
        chats = gathering.chats(items.unread)
        for chat in chats:
            _name_all(chat)
        return chats


def _entry(item: Item, line: int, end_line: int, talker: str) -> Entry | None:
    time, precision = time_of(item.get("time"))
    content, contents = words_of(item.get("content")), mapping_of(item.get("contents"))
    name, sender = first_text(item, "senderName"), id_of(item.get("sender"))
    if not (time or name or sender) or not (item.keys() & {"content", "contents", "type"}):
        return None
    number = id_of(item.get("seq")) or id_of(item.get("id"))
    entry = Entry(
        line=line,
        end_line=end_line,
        source_id=f"{talker}:{number}" if number else "",
        time=time,
        precision=precision,
        name=name,
        sender_id=sender,
        kind=kind_of(item.get("type"), item.get("subType")),
        text=content,
    )
    if is_system_sender(sender) or is_system_sender(name):
        entry.kind = "system"
    elif contents:
        _unpack(entry, contents)
    return entry


def _unpack(entry: Entry, contents: Mapping[str, Any]) -> None:
    """Read what chatlog keeps beside the words: titles and addresses, what is forwarded, what is quoted."""
    if entry.kind in ("link", "file", "card", "location", "poll"):
        keys = ("title", "desc", "label", "cityname", *(["url"] if entry.kind == "link" else []))
        entry.text = joined(entry.text, *(words_of(contents.get(key)) for key in keys))
    elif entry.kind == "forward":
        record = mapping_of(contents.get("recordInfo"))
        entry.text = joined(entry.text, first_text(contents, "title") or first_text(record, "Title"))
        entry.enclosed = "\n".join(_record_lines(record, 1)) or words_of(contents.get("desc"))
    elif entry.kind == "quote":
        quoted = mapping_of(contents.get("refer"))
        entry.reply_name = first_text(quoted, "senderName", "sender")
        entry.reply_text = words_of(quoted.get("content")) or first_text(mapping_of(quoted.get("contents")), "title")
        entry.reply_time = time_of(quoted.get("time"))[0]


def _record_lines(record: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Merged messages, one "name: words" each; merged ones within them are indented."""
    for each in list_of(mapping_of(record.get("DataList")).get("DataItems")):
        item = mapping_of(each)
        inner = mapping_of(mapping_of(item.get("RecordXML")).get("RecordInfo"))
        words = words_of(item.get("DataDesc")) or words_of(item.get("DataTitle"))
        yield f"{first_text(item, 'SourceName')}: {words}".strip(": ")
        if inner and depth < _DEEPEST:
            yield from ("  " + line for line in _record_lines(inner, depth + 1))


def _name_all(chat: Chat) -> None:
    """Give names to senders that only some rows name, and to the ids in a pat's template."""
    names = {entry.sender_id: entry.name for entry in chat.entries if entry.sender_id and entry.name}
    for entry in chat.entries:
        entry.name = entry.name or names.get(entry.sender_id, "")
        entry.reply_name = names.get(entry.reply_name, entry.reply_name)
        if "${" in entry.text and entry.kind in ("pat", "system"):
            entry.text = _ID_SLOT.sub(lambda slot: names.get(slot[1], slot[1]), entry.text)


class _ChatlogKeeper:
    name = "chatlog-keeper"
    title = "chatlog-keeper（JSON）"
    platform = "wechat"

    def sniff(self, source: Source) -> float:
        return 0.98 if json_shape(source).items_have("ts", "conversation_id", "sender_wxid") else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        items = JsonItems(source.text)
        gathering = Gathering()
        key = ""
        for item, line in items:
            key = first_text(item, "thread_id", "conversation_id") or key
            gathering.chat(key, first_text(item, "chat_room", "conversation_id"))
            entry = _kept_entry(item, line, items.end_line)
            if entry is None:
                gathering.lose(key, item, line, items.end_line)
            else:
                gathering.add(key, entry, own=item.get("is_self") is True)
        return gathering.chats(items.unread)


def _kept_entry(item: Item, line: int, end_line: int) -> Entry | None:
    time, precision = time_of(item.get("ts"))
    name, sender = first_text(item, "sender"), id_of(item.get("sender_wxid"))
    if not (time or name or sender) or not (item.keys() & {"content", "msg_type"}):
        return None
    system = is_system_sender(name) or is_system_sender(sender)
    return Entry(
        line=line,
        end_line=end_line,
        source_id=id_of(item.get("server_id")) or id_of(item.get("source_offset")),
        time=time,
        precision=precision,
        name=name,
        sender_id=sender,
        kind="system" if system else kind_of(item.get("msg_type")),
        text=words_of(item.get("content")),
    )


FORMATS: tuple[Format, ...] = (_ChatlogJson(), _ChatlogKeeper())
