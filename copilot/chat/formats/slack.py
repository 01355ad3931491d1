"""Slack's export: a folder a channel, a file a day; `users.json` beside them has the names. A day's file also reads alone."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.fields import files_kind, first_text, records_of, zones_known
from copilot.chat.formats.json_items import JsonItems
from copilot.chat.formats.json_shape import json_shape
from copilot.chat.formats.scalars import time_of, words_of
from copilot.chat.formats.slack_names import COMPANIONS, Names
from copilot.chat.records import Note, Notice
from copilot.errors import InputError

_SAID = {
    "",
    "bot_message",
    "file_share",
    "file_comment",
    "file_mention",
    "me_message",
    "thread_broadcast",
    "reply_broadcast",
    "slackbot_response",
    "assistant_app_thread",
    "huddle_thread",
}
_NOTICES: dict[str, Notice] = {"join": "join", "leave": "leave", "name": "rename"}


class _Slack:
    name = "slack"
    title = "Slack 导出（zip、文件夹或一天的 JSON）"
    platform = "slack"

    def sniff(self, source: Source) -> float:
        items = json_shape(source).items
        if any(_is_message(item) for item in items):
            return 0.97
        if PurePosixPath(source.name).name in COMPANIONS or any(_is_companion(item) for item in items):
            return 0.7
        return 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        items = JsonItems(source.text)
        names = Names(source)
        entries = list(_entries(items, names))
        if not entries and items.found and not items.unread:
            raise InputError("这是 Slack 导出里的名单，没有消息", hint="给整个导出的 zip，名单会一起读")
        if not entries:
            raise InputError("里面没有 Slack 的消息", hint="给整个导出的 zip，或某个频道某一天的 JSON")
        chat = Chat(entries=entries, group=names.channel, zone_known=zones_known(entries), unread=items.unread)
        _drop_doubles(chat)
        return [chat]


def _is_message(item: Mapping[str, Any]) -> bool:
    ts = words_of(item.get("ts"))
    return ts.replace(".", "", 1).isdigit() and any(
        key in item for key in ("user", "bot_id", "subtype", "username", "text")
    )


def _is_companion(item: Mapping[str, Any]) -> bool:
    return ("id" in item and ("profile" in item or "members" in item)) or {"change_type", "user_id"} <= item.keys()


def _entries(items: JsonItems, names: Names) -> Iterator[Entry]:
    for item, line in items:
        if not _is_message(item):
            continue
        ts = words_of(item.get("ts"))
        entry = Entry(line=line, end_line=items.end_line, source_id=ts)
        entry.time, entry.precision = time_of(ts)
        entry.sender_id = first_text(item, "user", "bot_id")
        entry.name = names.sender(item)
        thread = words_of(item.get("thread_ts"))
        entry.reply_id = thread if thread != ts else ""
        _read_content(entry, item, names)
        subtype = words_of(item.get("subtype"))
        if subtype == "tombstone":
            entry.kind, entry.notice, entry.text, entry.enclosed = "recall", "recall", "", ""
        elif subtype == "huddle_thread":
            entry.kind = "call"
        elif subtype not in _SAID:
            entry.kind, entry.notice = "system", _NOTICES.get(subtype.rpartition("_")[2], "other")
            entry.name = entry.sender_id = ""
        yield entry


def _read_content(entry: Entry, item: Mapping[str, Any], names: Names) -> None:
    """The words, and what else the message is made of."""
    said = names.read(words_of(item.get("text")))
    entry.text, entry.mentions, entry.everyone = said.text, said.mentions, said.everyone
    attached = records_of(item.get("attachments"))
    shared = [each for each in attached if each.get("is_share") or each.get("is_msg_unfurl")]
    if shared:
        entry.enclosed = "\n".join(names.read(first_text(each, "text", "fallback")).text for each in shared)
        entry.kind = "forward" if not entry.text else "text"
    if entry.text or shared:
        return
    files = records_of(item.get("files")) or records_of([item.get("file")])
    if files:
        titles = [first_text(each, "name", "title") for each in files]
        entry.kind = files_kind(titles)
        entry.text = ", ".join(titles) if entry.kind == "file" else ""
    elif attached:
        entry.kind = "card"
        entry.text = "\n".join(filter(None, (_card(each, names) for each in attached)))
    else:
        entry.text = names.read(" ".join(_in_blocks(item.get("blocks")))).text
        entry.kind = "text" if entry.text else "other"


def _card(attached: Mapping[str, Any], names: Names) -> str:
    """What a card says, read as far as people see it."""
    words = [names.read(first_text(attached, key)).text for key in ("pretext", "title", "text")]
    return "\n".join(filter(None, words)) or names.read(first_text(attached, "fallback")).text


def _in_blocks(value: Any) -> Iterator[str]:
    """The words in blocks of any depth."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            text = value.get("text")
            if isinstance(text, str) and text.strip():
                yield text.strip()
            waiting += [
                part for part in (value.get("fields"), value.get("elements"), text) if not isinstance(part, str)
            ]


def _drop_doubles(chat: Chat) -> None:
    """A reply that was also sent to the channel may stand twice: its time stamp is its id."""
    once = {(entry.source_id, entry.sender_id): entry for entry in reversed(chat.entries)}
    if doubled := len(chat.entries) - len(once):
        chat.entries = [entry for entry in chat.entries if once[entry.source_id, entry.sender_id] is entry]
        chat.notes.append(Note(code="doubled", message=f"{doubled} 条重复的 Slack 消息只算一次", count=doubled))


FORMATS: tuple[Format, ...] = (_Slack(),)
