"""Telegram Desktop's `result.json`: one chat, or all of an account's. Copied text is `telegram_clipboard`."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from copilot.chat.formats import telegram_clipboard
from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.fields import file_kind, first_text, list_of, mapping_of, own_name, zones_known
from copilot.chat.formats.json_items import JsonGroups, JsonItems
from copilot.chat.formats.json_shape import json_shape
from copilot.chat.formats.scalars import time_of, words_of
from copilot.chat.records import Kind, Notice
from copilot.errors import InputError

_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\x([0-9A-Fa-f]{2})")
_TYPES = {"message", "service", "unsupported"}
_MEDIA: dict[str, Kind] = {
    "sticker": "sticker",
    "animation": "sticker",
    "voice_message": "voice",
    "audio_file": "voice",
    "video_message": "video",
    "video_file": "video",
}
_SHARED: dict[str, Kind] = {
    "photo": "image",
    "poll": "poll",
    "location_information": "location",
    "live_location_period_seconds": "location",
    "contact_information": "card",
    "game_title": "card",
    "invoice_information": "transfer",
    "giveaway_information": "redpacket",
}
_NOTICES: dict[str, Notice] = {
    "invite_members": "join",
    "join_group_by_link": "join",
    "join_group_by_request": "join",
    "remove_members": "leave",
    "edit_group_title": "rename",
    "edit_group_photo": "setting",
    "delete_group_photo": "setting",
    "pin_message": "setting",
    "create_group": "setting",
    "create_channel": "setting",
}


class _Telegram:
    name = "telegram"
    title = "Telegram 导出的 result.json"
    platform = "telegram"

    def sniff(self, source: Source) -> float:
        shape = json_shape(source)
        if mapping_of(shape.top.get("chats")).get("list") is not None:
            return 0.97
        item = shape.item("messages")
        if words_of(item.get("type")) in _TYPES and ("date" in item or "date_unixtime" in item):
            return 0.97
        return 0.9 if '"text_entities"' in source.head and '"date_unixtime"' in source.head else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        text = _as_json(source.text)
        chats = _all_chats(text) if '"chats"' in source.head else [_chat(JsonItems(text, "messages"))]
        chats = [chat for chat in chats if chat.entries or chat.unread]
        if not any(chat.entries for chat in chats):
            raise InputError("里面没有 Telegram 的消息", hint="在 Telegram Desktop 里再导出一次，格式选 JSON")
        return chats


def _as_json(text: str) -> str:
    r"""Telegram writes control characters as `\x0B`, which no JSON reader takes."""
    return _ESCAPE.sub(r"\1\\u00\2", text) if "\\x" in text else text


def _all_chats(text: str) -> list[Chat]:
    """The chats of a full export, left ones too."""
    found: list[Chat] = []
    for key in ("chats", "left_chats"):
        if f'"{key}"' not in text:
            continue
        groups = JsonGroups(text, key, "list", inner="messages")
        listed = [_chat(group) for group in groups.groups()]
        own = words_of(mapping_of(groups.around.get("personal_information")).get("user_id"))
        for chat in listed:
            chat.me = own_name(chat.entries, {f"user{own}"})
        if listed:
            listed[-1].unread += groups.unread
        found += listed
    return found


def _chat(items: JsonItems) -> Chat:
    chat = Chat(entries=list(_entries(items)), unread=items.unread)
    chat.group = words_of(items.around.get("name"))
    chat.zone_known = zones_known(chat.entries)
    return chat


def _entries(items: JsonItems) -> Iterator[Entry]:
    for item, line in items:
        entry = Entry(line=line, end_line=items.end_line, source_id=words_of(item.get("id")))
        entry.time, entry.precision = time_of(item.get("date_unixtime") or item.get("date"))
        if item.get("type") == "service":
            _read_service(entry, item)
        else:
            entry.name, entry.sender_id = words_of(item.get("from")).strip(), words_of(item.get("from_id"))
            _read_message(entry, item)
        yield entry


def _read_service(entry: Entry, item: Mapping[str, Any]) -> None:
    """A notice, or a call in a private chat."""
    action, actor = words_of(item.get("action")), words_of(item.get("actor")).strip()
    if action == "phone_call":
        entry.kind, entry.name, entry.sender_id = "call", actor, words_of(item.get("actor_id"))
        return
    members = [words_of(member) for member in list_of(item.get("members"))]
    words = [actor, action.replace("_", " "), first_text(item, "title"), ", ".join(filter(None, members))]
    entry.kind, entry.notice = "system", _NOTICES.get(action, "other")
    entry.text = " ".join(filter(None, words))


def _read_message(entry: Entry, item: Mapping[str, Any]) -> None:
    parts = item.get("text")
    entry.text = "".join(_words(part) for part in parts) if isinstance(parts, list) else words_of(parts)
    entry.mentions = tuple(dict.fromkeys(_mentioned([*list_of(parts), *list_of(item.get("text_entities"))])))
    if "reply_to_peer_id" not in item:
        entry.reply_id = words_of(item.get("reply_to_message_id"))
    kind = _kind(item)
    if "forwarded_from" in item:
        entry.kind, entry.enclosed, entry.text = "forward", entry.text, ""
    elif kind == "poll":
        question = words_of(mapping_of(item.get("poll")).get("question"))
        entry.kind, entry.text = "poll", entry.text or question
    elif not entry.text.strip():
        entry.kind = kind or "other"
        entry.text = first_text(item, "file_name") if entry.kind == "file" else ""


def _words(part: Any) -> str:
    return part if isinstance(part, str) else words_of(mapping_of(part).get("text"))


def _mentioned(parts: list[Any]) -> Iterator[str]:
    """The names after an @, and those written as links to an account."""
    for part in parts:
        kind, text = mapping_of(part).get("type"), words_of(mapping_of(part).get("text"))
        if kind in ("mention", "mention_name") and text.strip("@ "):
            yield text.strip("@ ")


def _kind(item: Mapping[str, Any]) -> Kind | None:
    """What a message carries beside words."""
    if kind := _MEDIA.get(words_of(item.get("media_type"))):
        return kind
    if shared := next((kind for key, kind in _SHARED.items() if key in item), None):
        return shared
    return file_kind(first_text(item, "file_name", "file")) if "file" in item else None


FORMATS: tuple[Format, ...] = (_Telegram(), *telegram_clipboard.FORMATS)
