"""Wetrace-Plus: an archive of several conversations in one JSON."""

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.fields import first_text, mapping_of
from copilot.chat.formats.gathering import Gathering
from copilot.chat.formats.json_items import JsonGroups
from copilot.chat.formats.json_shape import json_shape
from copilot.chat.formats.json_walk import Item
from copilot.chat.formats.scalars import first_time, id_of, words_of
from copilot.chat.formats.wechat_types import kind_of
from copilot.chat.formats.wechat_xml import unpack_xml
from copilot.chat.formats.wording import is_system_sender


class _Wetrace:
    name = "wetrace-plus"
    title = "Wetrace-Plus（JSON）"
    platform = "wechat"

    def sniff(self, source: Source) -> float:
        shape = json_shape(source)
        if shape.top.get("format") == "wetrace-plus":
            return 0.99
        return 0.6 if shape.has("account", "conversations") else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        archive = JsonGroups(source.text, "conversations", inner="messages")
        gathering = Gathering()
        for number, conversation in enumerate(archive.groups(), 1):
            key = f"#{number}"
            for item, line in conversation:
                entry = _entry(item, line, conversation.end_line)
                if entry is None:
                    gathering.lose(key, item, line, conversation.end_line)
                else:
                    own = item.get("direction") == "outgoing" or item.get("is_self") is True
                    gathering.add(key, entry, own=own)
            chat = gathering.chat(key, first_text(conversation.around, "name", "id"))
            chat.unread.extend(conversation.unread)
        chats = gathering.chats(archive.unread)
        account = first_text(mapping_of(archive.around.get("account")), "name")
        for chat in chats:
            chat.me = chat.me or account
        return chats


def _entry(item: Item, line: int, end_line: int) -> Entry | None:
    time, precision = first_time(item.get("time"), item.get("timestamp"))
    name, sender = first_text(item, "sender_name"), id_of(item.get("sender_id"))
    if not (time or name or sender) or not (item.keys() & {"content", "type"}):
        return None
    entry = Entry(
        line=line,
        end_line=end_line,
        source_id=id_of(item.get("id")),
        time=time,
        precision=precision,
        name=name,
        sender_id=sender,
        kind=kind_of(item.get("type"), item.get("subtype")),
        text=words_of(item.get("content")),
    )
    if is_system_sender(name) or is_system_sender(sender):
        entry.kind = "system"
    unpack_xml(entry)
    return entry


FORMATS: tuple[Format, ...] = (_Wetrace(),)
