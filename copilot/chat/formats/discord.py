"""DiscordChatExporter: JSON and CSV. Its plain text is `discord_text`."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from copilot.chat.formats import discord_csv, discord_text
from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.fields import check_count, files_kind, first_text, mapping_of, records_of, zones_known
from copilot.chat.formats.json_items import JsonItems
from copilot.chat.formats.json_shape import json_shape
from copilot.chat.formats.scalars import number_of, time_of, words_of
from copilot.chat.formats.wording import placeholder_kind
from copilot.chat.records import Kind, Notice
from copilot.errors import InputError

_SAID = {"Default", "Reply", "19", "20", "23"}  # 20 and 23: what a bot answers to a command
_NOTICES: dict[str, Notice] = {
    "RecipientAdd": "join",
    "RecipientRemove": "leave",
    "GuildMemberJoin": "join",
    "ChannelNameChange": "rename",
    "ChannelIconChange": "setting",
    "ChannelPinnedMessage": "setting",
}
_MENTION = re.compile(r"<@!?(\d+)>")
_EMOJI = re.compile(r"<a?:(\w+):\d+>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")


class _DiscordJson:
    name = "discord"
    title = "Discord（DiscordChatExporter，JSON）"
    platform = "discord"

    def sniff(self, source: Source) -> float:
        return 0.98 if json_shape(source).has("guild", "channel") else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        items = JsonItems(source.text, "messages")
        entries = list(_entries(items))
        if not entries:
            raise InputError("里面没有 Discord 的消息", hint="用 DiscordChatExporter 再导出一次，格式选 JSON")
        guild, channel = mapping_of(items.around.get("guild")), mapping_of(items.around.get("channel"))
        server = "" if words_of(guild.get("id")) == "0" else words_of(guild.get("name"))
        room = words_of(channel.get("name"))
        group = f"{server} #{room}" if server and room else room or server
        chat = Chat(entries=entries, group=group, zone_known=zones_known(entries), unread=items.unread)
        return [check_count(chat, number_of(items.around.get("messageCount")))]


def _entries(items: JsonItems) -> Iterator[Entry]:
    for item, line in items:
        author = mapping_of(item.get("author"))
        entry = Entry(
            line=line,
            end_line=items.end_line,
            source_id=words_of(item.get("id")),
            name=first_text(author, "nickname", "name", "id"),
            sender_id=words_of(author.get("id")),
        )
        entry.time, entry.precision = time_of(item.get("timestamp"))
        kind = words_of(item.get("type")) or "Default"
        _read_content(entry, item)
        if kind == "Call":
            entry.kind = "call"
        elif kind not in _SAID:
            entry.kind, entry.notice = "system", _NOTICES.get(kind, "other")
            entry.text = f"{entry.name} {entry.text}".strip() if entry.text else kind
            entry.name = entry.sender_id = ""
        elif kind in ("Reply", "19"):
            entry.reply_id = words_of(mapping_of(item.get("reference")).get("messageId"))
        yield entry


def _read_content(entry: Entry, item: Mapping[str, Any]) -> None:
    """The words, and what else the message is made of."""
    names = {
        words_of(user.get("id")): first_text(user, "nickname", "name") for user in records_of(item.get("mentions"))
    }
    text = words_of(item.get("content"))
    if "<" in text:
        text = _MENTION.sub(lambda match: f"@{names.get(match[1]) or match[1]}", text)
        text = _EMOJI.sub(r":\1:", text)
    entry.text = text.strip()
    entry.mentions = tuple(dict.fromkeys(name for name in names.values() if name))
    entry.everyone = "@" in text and _EVERYONE.search(text) is not None
    forwarded = mapping_of(item.get("forwardedMessage"))
    if forwarded:
        entry.kind, entry.enclosed = "forward", words_of(forwarded.get("content")).strip()
    elif entry.text:
        entry.kind = placeholder_kind(entry.text) or "text"
    else:
        entry.kind, entry.text = _kind_without_words(item)


def _kind_without_words(item: Mapping[str, Any]) -> tuple[Kind, str]:
    """What a message without words is, and the words of its file's or card's own."""
    if files := [first_text(each, "fileName", "url") for each in records_of(item.get("attachments"))]:
        kind = files_kind(files)
        return kind, ", ".join(files) if kind == "file" else ""
    if records_of(item.get("stickers")):
        return "sticker", ""
    if embeds := records_of(item.get("embeds")):
        words = [first_text(embed, key) for embed in embeds for key in ("title", "description")]
        return "link" if any(first_text(embed, "url") for embed in embeds) else "card", "\n".join(filter(None, words))
    if mapping_of(item.get("poll")):
        return "poll", ""
    return "other", ""


FORMATS: tuple[Format, ...] = (_DiscordJson(), *discord_csv.FORMATS, *discord_text.FORMATS)
