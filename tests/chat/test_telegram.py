"""Telegram exports: one chat or all, texts in pieces, notices, forwards, broken escapes, and copied messages."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from importing import chat_of, chats_of

from copilot.chat.formats.base import Entry


def message(number: int, text: Any = "早", **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "message",
        "date": f"2024-03-25T16:0{number}:00",
        "date_unixtime": str(1711353600 + 60 * number),
        "from": "阿桂",
        "from_id": "user11",
        "text": text,
        **fields,
    }


def export(*messages: dict[str, Any], **fields: Any) -> str:
    chat = {"name": "登山队", "type": "private_supergroup", "id": 7, "messages": list(messages), **fields}
    return json.dumps(chat, ensure_ascii=False, indent=1)


def first(**fields: Any) -> Entry:
    return chat_of(export(message(1, **fields), message(2)), "telegram").entries[0]


def test_a_message_has_its_id_sender_moment_and_lines() -> None:
    chat = chat_of(export(message(1), message(2, reply_to_message_id=1)), "telegram")
    assert chat.group == "登山队"
    assert chat.zone_known
    entry, answer = chat.entries
    assert (entry.source_id, entry.name, entry.sender_id) == ("1", "阿桂", "user11")
    assert entry.time == datetime(2024, 3, 25, 8, 1, tzinfo=UTC)
    assert entry.line == 6
    assert answer.line > entry.end_line
    assert answer.reply_id == "1"


def test_an_old_export_has_local_times_only() -> None:
    old = message(1)
    del old["date_unixtime"]
    chat = chat_of(export(old), "telegram")
    assert chat.entries[0].time == datetime.fromisoformat("2024-03-25T16:01")
    assert not chat.zone_known


def test_a_text_in_pieces_is_joined_and_gives_its_mentions() -> None:
    pieces = ["看 ", {"type": "link", "text": "https://a.example"}, " ", {"type": "mention", "text": "@bo_k"}]
    entry = first(text=[*pieces, {"type": "mention_name", "text": "李娜", "user_id": 5}])
    assert entry.text == "看 https://a.example @bo_k李娜"
    assert entry.mentions == ("bo_k", "李娜")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"media_type": "sticker", "file": "(File not included.)"}, "sticker"),
        ({"media_type": "voice_message"}, "voice"),
        ({"photo": "(File not included. Change data exporting settings to download.)"}, "image"),
        ({"file": "x/表.xlsx", "file_name": "表.xlsx"}, "file"),
        ({"location_information": {"latitude": 1}}, "location"),
        ({"contact_information": {"first_name": "Bo"}}, "card"),
    ],
)
def test_what_is_no_text_is_told_and_words_beside_it_win(fields: dict[str, Any], kind: str) -> None:
    assert first(text="", **fields).kind == kind
    captioned = first(text="看这个", **fields)
    assert (captioned.kind, captioned.text) == ("text", "看这个")


def test_forwarded_words_are_not_the_senders_own() -> None:
    entry = first(text="转来的话", forwarded_from=None)
    assert (entry.kind, entry.text, entry.enclosed) == ("forward", "", "转来的话")


def test_a_poll_says_its_question() -> None:
    entry = first(text="", poll={"question": "去哪里", "answers": []})
    assert (entry.kind, entry.text) == ("poll", "去哪里")


def test_a_reply_into_another_chat_is_not_linked() -> None:
    assert first(reply_to_message_id=99, reply_to_peer_id="channel5").reply_id == ""


@pytest.mark.parametrize(
    ("fields", "notice"),
    [
        ({"action": "invite_members", "members": ["Kim", None]}, "join"),
        ({"action": "remove_members", "members": ["Kim"]}, "leave"),
        ({"action": "edit_group_title", "title": "新名字"}, "rename"),
        ({"action": "pin_message", "actor": None}, "setting"),
    ],
)
def test_service_messages_are_notices(fields: dict[str, Any], notice: str) -> None:
    service = {**message(1), "type": "service", "actor": "Bo", "actor_id": "user2", "text": "", **fields}
    entry = chat_of(export(service, message(2)), "telegram").entries[0]
    assert (entry.kind, entry.notice, entry.name) == ("system", notice, "")


def test_control_characters_that_are_no_json_are_mended() -> None:
    text = export(message(1, "竖@@线"), message(2, "C:\\\\x0Bed")).replace("@@", "\\x0B")
    chat = chat_of(text, "telegram")
    assert chat.entries[0].text == "竖\x0b线"
    assert chat.entries[1].text == "C:\\\\x0Bed"
    assert not chat.unread


def test_a_full_export_gives_every_chat_and_whose_account_it_is() -> None:
    chats = [
        {"name": "登山队", "type": "private_group", "id": 1, "messages": [message(1), message(2)]},
        {"type": "saved_messages", "id": 2, "messages": []},
        {
            "name": None,
            "type": "personal_chat",
            "id": 3,
            "messages": [message(3, **{"from": None, "from_id": "user9"})],
        },
    ]
    full = {"about": "x", "personal_information": {"user_id": 11}, "chats": {"about": "", "list": chats}}
    group, private = chats_of(json.dumps(full, ensure_ascii=False), "telegram")
    assert (group.group, group.me, len(group.entries)) == ("登山队", "阿桂", 2)
    assert (private.group, private.entries[0].name, private.entries[0].sender_id) == ("", "", "user9")


def test_a_file_that_breaks_off_gives_what_is_whole_and_says_so() -> None:
    text = export(message(1), message(2), message(3))
    chat = chat_of(text[: text.rindex('"date"')], "telegram")
    assert len(chat.entries) == 2
    assert chat.unread


def test_copied_messages_have_answers_and_forwards() -> None:
    chat = chat_of(
        "阿桂, [2024-03-25 16:05]\n明天去吗\n\nLi, Na, [2024-03-25 16:06]\n[In reply to 阿桂]\n去\n第二行\n\n"
        "阿桂, [2024-03-25 16:07]\n[Forwarded from 频道]\n停电通知\n",
        "telegram-text",
    )
    assert [(entry.line, entry.name) for entry in chat.entries] == [(1, "阿桂"), (4, "Li, Na"), (9, "阿桂")]
    assert (chat.entries[1].text, chat.entries[1].reply_name) == ("去\n第二行", "阿桂")
    assert (chat.entries[2].kind, chat.entries[2].enclosed) == ("forward", "停电通知")
