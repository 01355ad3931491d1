"""The content of a message in QQChatExporter's JSON: its words, its kind, what it answers, whom it mentions."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from copilot.chat.formats.base import Entry
from copilot.chat.formats.fields import first_text, list_of, mapping_of, records_of
from copilot.chat.formats.finishing import joined
from copilot.chat.formats.scalars import time_of, words_of
from copilot.chat.formats.wording import placeholder_kind
from copilot.chat.records import Kind

_KINDS: dict[str, Kind] = {
    "image": "image",
    "video": "video",
    "audio": "voice",
    "voice": "voice",
    "ptt": "voice",
    "file": "file",
    "market_face": "sticker",
    "face": "sticker",
    "face_bubble": "sticker",
    "giphy": "sticker",
    "location": "location",
    "json": "card",
    "wallet": "redpacket",
    "av_record": "call",
    "forward": "forward",
    "system": "system",
}
_BESIDE = {"reply", "at"}
_REPLY_MARK = re.compile(r"\A\s*\[回复(?:消息|\s[^\[\]\n]*)?\]\s*")
_FORWARD_MARK = re.compile(r"\[(?:转发消息|合并转发|聊天记录)[^\[\]\n]*\](?:\n  [^\n]*)*")
_DEEPEST = 5


def read_content(entry: Entry, content: Mapping[str, Any]) -> None:
    """Fill an entry's words, kind, reply and mentions from a message's `content`."""
    elements = records_of(content.get("elements"))
    by_type: dict[str, Mapping[str, Any]] = {}
    for element in elements:
        by_type.setdefault(words_of(element.get("type")), mapping_of(element.get("data")))
    entry.text = words_of(content.get("text"))
    reply = by_type.get("reply") or mapping_of(content.get("reply"))
    if reply:
        _read_reply(entry, reply)
        entry.text = _REPLY_MARK.sub("", entry.text, count=1)
    for mention in records_of(content.get("mentions")):
        if mention.get("type") == "all" or mention.get("uid") == "all":
            entry.everyone = True
        elif name := first_text(mention, "name", "uid").lstrip("@"):
            entry.mentions = tuple(dict.fromkeys((*entry.mentions, name)))
    entry.text = entry.text.strip()
    entry.kind = _kind(elements, content) or placeholder_kind(entry.text) or "text"
    if forward := by_type.get("forward"):
        inner = "\n".join(_forwarded(forward, _DEEPEST))
        entry.enclosed = inner or "\n".join(words_of(line) for line in list_of(forward.get("preview")))
        entry.text = _FORWARD_MARK.sub("", entry.text).strip()
    elif entry.kind == "card":
        card = by_type["json"]
        entry.text = joined(*(first_text(card, key) for key in ("title", "description", "url")))
        entry.kind = "link" if first_text(card, "url") else "card"
    elif "markdown" in by_type:
        entry.text = first_text(by_type["markdown"], "content") or entry.text


def _kind(elements: Sequence[Mapping[str, Any]], content: Mapping[str, Any]) -> Kind | None:
    """What the message is, when it is one kind of thing and has no words of its own."""
    types = {
        words_of(element.get("type"))
        for element in elements
        if element.get("type") != "text" or first_text(mapping_of(element.get("data")), "text")
    } - _BESIDE
    if not elements:
        types = {words_of(resource.get("type")) for resource in records_of(content.get("resources"))}
        if placeholder_kind(words_of(content.get("text"))) is None and words_of(content.get("text")).strip():
            return None
    if types == {"face", "text"} or not types:
        return None
    return _KINDS.get(types.pop(), "other" if elements else None) if len(types) == 1 and types != {"text"} else None


def _read_reply(entry: Entry, reply: Mapping[str, Any]) -> None:
    entry.reply_id = first_text(reply, "referencedMessageId")
    entry.reply_name = first_text(reply, "senderName")
    entry.reply_text = first_text(reply, "content", "text")
    entry.reply_time = time_of(reply.get("timestamp"))[0]


def _forwarded(forward: Mapping[str, Any], depth: int) -> list[str]:
    """The forwarded messages, a line each."""
    found: list[str] = []
    for message in records_of(forward.get("messages")):
        content, sender = mapping_of(message.get("content")), mapping_of(message.get("sender"))
        nested = [
            mapping_of(each.get("data"))
            for each in records_of(content.get("elements"))
            if each.get("type") == "forward"
        ]
        text = " ".join(words_of(content.get("text")).split())
        found.append(f"{first_text(sender, 'name', 'uin')}：{text}")
        if depth:
            found += [line for one in nested for line in _forwarded(one, depth - 1)]
    return found
