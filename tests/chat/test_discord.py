"""DiscordChatExporter's JSON, CSV and plain text."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from importing import chat_of

from copilot.chat.formats.base import Entry


def message(number: int, content: str = "早", **fields: Any) -> dict[str, Any]:
    return {
        "id": f"99000000000000000{number}",
        "type": "Default",
        "timestamp": f"2024-03-25T20:0{number}:03.853+08:00",
        "content": content,
        "author": {"id": "11", "name": "agui", "nickname": "阿桂"},
        "attachments": [],
        "embeds": [],
        "stickers": [],
        "mentions": [],
        **fields,
    }


def export(*messages: dict[str, Any], **fields: Any) -> str:
    around = {"guild": {"id": "5", "name": "桌游社"}, "channel": {"id": "6", "name": "闲聊"}}
    return json.dumps({**around, "messages": list(messages), "messageCount": len(messages), **fields}, indent=2)


def first(*args: Any, **fields: Any) -> Entry:
    return chat_of(export(message(1, *args, **fields), message(2)), "discord").entries[0]


def test_a_message_has_its_snowflake_nickname_and_moment() -> None:
    chat = chat_of(export(message(1)), "discord")
    assert chat.group == "桌游社 #闲聊"
    assert chat.zone_known
    [entry] = chat.entries
    assert (entry.source_id, entry.name, entry.sender_id) == ("990000000000000001", "阿桂", "11")
    assert entry.time == datetime(2024, 3, 25, 20, 1, 3, 853000, tzinfo=timezone(timedelta(hours=8)))
    assert not chat.notes


def test_only_a_reply_answers() -> None:
    reference = {"messageId": "990000000000000001"}
    assert first(type="Reply", reference=reference).reply_id == "990000000000000001"
    assert first(type="ChannelPinnedMessage", reference=reference).reply_id == ""


@pytest.mark.parametrize(
    ("kind", "notice"),
    [("GuildMemberJoin", "join"), ("RecipientRemove", "leave"), ("ChannelNameChange", "rename"), ("46", "other")],
)
def test_types_that_nobody_says_are_notices(kind: str, notice: str) -> None:
    entry = first("Joined the server.", type=kind)
    assert (entry.kind, entry.notice, entry.name) == ("system", notice, "")


def test_tags_are_read_and_mentions_named() -> None:
    entry = first("<@!22> 看 <:ok:123> @everyone", mentions=[{"id": "22", "name": "kim", "nickname": "小金"}])
    assert entry.text == "@小金 看 :ok: @everyone"
    assert entry.mentions == ("小金",)
    assert entry.everyone


@pytest.mark.parametrize(
    ("fields", "kind", "text"),
    [
        ({"attachments": [{"fileName": "雾.png"}]}, "image", ""),
        ({"attachments": [{"fileName": "规则.pdf"}]}, "file", "规则.pdf"),
        ({"stickers": [{"name": "Wave"}]}, "sticker", ""),
        ({"embeds": [{"title": "新帖", "url": "https://a.example", "description": "一句"}]}, "link", "新帖\n一句"),
    ],
)
def test_a_message_without_words_is_told(fields: dict[str, Any], kind: str, text: str) -> None:
    entry = first("", **fields)
    assert (entry.kind, entry.text) == (kind, text)


def test_forwarded_words_are_enclosed() -> None:
    entry = first("", forwardedMessage={"content": "别处的话"})
    assert (entry.kind, entry.text, entry.enclosed) == ("forward", "", "别处的话")


def test_a_count_that_differs_is_said() -> None:
    chat = chat_of(export(message(1), messageCount=40), "discord")
    assert [(note.code, note.count) for note in chat.notes] == [("count_differs", 39)]


def test_csv_rows_have_ids_zones_and_old_dates() -> None:
    chat = chat_of(
        "AuthorID,Author,Date,Content,Attachments,Reactions\n"
        '"11","阿桂","2024-03-25T20:01:00.0000000+08:00","两行\n的话","",""\n'
        '"22","kim#0420","2024-03-25T20:02:00.0000000+08:00","","https://cdn.example/雾.png?ex=1","",\n',
        "discord-csv",
    )
    assert [(entry.line, entry.end_line, entry.name, entry.sender_id) for entry in chat.entries] == [
        (2, 3, "阿桂", "11"),
        (4, 4, "kim", "22"),
    ]
    assert chat.entries[1].kind == "image"
    assert chat.zone_known
    old = chat_of('AuthorID,Author,Date,Content\n"1","a","01-Jan-20 01:33 PM","hi"\n', "discord-csv")
    assert old.entries[0].time == datetime.fromisoformat("2020-01-01T13:33")
    assert not old.zone_known


def test_plain_text_has_a_banner_blocks_and_a_footer() -> None:
    rule = "=" * 62
    chat = chat_of(
        f"{rule}\nGuild: 桌游社\nChannel: 闲聊\nTopic: 规则\n{rule}\n\n"
        "[1/15/2024 10:30 AM] 阿桂 (pinned)\n第一行\n[1/16/2024 9:00 AM] 不是人\n\n\n"
        "[1/15/2024 1:31 PM] kim\n\n\n{Attachments}\nhttps://cdn.example/a.png\n\n\n"
        "[1/15/2024 1:35 PM] kim\n说一句\n\n\n{Reactions}\n👍\n\n\n"
        f"{rule}\nExported 3 message(s)\n{rule}\n",
        "discord-text",
    )
    assert chat.group == "桌游社 #闲聊"
    assert [(entry.line, entry.name, entry.kind, entry.text) for entry in chat.entries] == [
        (7, "阿桂", "text", "第一行\n[1/16/2024 9:00 AM] 不是人"),
        (12, "kim", "image", ""),
        (19, "kim", "text", "说一句"),
    ]
    assert chat.entries[1].time == datetime.fromisoformat("2024-01-15T13:31")
    assert not chat.unread
