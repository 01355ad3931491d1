import json
from datetime import UTC, datetime
from typing import Any

import pytest
from importing import chat_of

HEADER = {
    "chatlab": {"version": "0.0.2", "exportedAt": 1791766800},
    "meta": {"name": "家长群", "platform": "qq", "type": "group"},
}
MEMBERS = [
    {"platformId": "501", "accountName": "果果妈", "groupNickname": "三班果果妈妈"},
    {"platformId": "502", "accountName": "班主任"},
]


def message(**more: Any) -> dict[str, Any]:
    return {
        "sender": "501",
        "accountName": "果果妈",
        "timestamp": 1791766800,
        "type": 0,
        "content": "明天穿校服吗",
        **more,
    }


def as_json(*messages: dict[str, Any]) -> str:
    return json.dumps({**HEADER, "messages": messages, "members": MEMBERS}, ensure_ascii=False, indent=1)


def as_lines(*messages: dict[str, Any]) -> str:
    rows = [{"_type": "header", **HEADER}, *({"_type": "message", **one} for one in messages)]
    rows += [{"_type": "member", **one} for one in MEMBERS]
    return "# 导出说明\n\n" + "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


@pytest.mark.parametrize(("write", "name"), [(as_json, "chatlab"), (as_lines, "chatlab-jsonl")])
def test_both_writings_give_the_same_chat(write: Any, name: str) -> None:
    second = message(
        sender="502", accountName=None, platformMessageId="m2", replyToMessageId="m1", type=25, content="穿"
    )
    text = write(message(platformMessageId="m1", groupNickname="三班果果妈妈"), second)
    chat = chat_of(text, name)
    assert (chat.group, chat.zone_known) == ("家长群", True)
    asked, answered = chat.entries
    assert (asked.name, asked.sender_id, asked.time) == ("三班果果妈妈", "501", datetime.fromtimestamp(1791766800, UTC))
    assert (answered.name, answered.kind, answered.reply_id) == ("班主任", "quote", "m1")
    assert "校服" in "".join(text.split("\n")[asked.line - 1 : asked.end_line])


@pytest.mark.parametrize(
    ("code", "kind"),
    [(0, "text"), (1, "image"), (5, "sticker"), (20, "redpacket"), (24, "link"), (80, "system"), (81, "recall"), (99, "other"), (777, "other")],
)  # fmt: skip
def test_codes_become_kinds(code: int, kind: str) -> None:
    assert [entry.kind for entry in chat_of(as_json(message(type=code)), "chatlab").entries] == [kind]


def test_times_in_milliseconds_are_taken_as_such_and_what_was_taken_back_is_gone() -> None:
    late, taken = chat_of(
        as_json(message(timestamp=1791766800000), message(type=81, content="撤回前的话")), "chatlab"
    ).entries
    assert late.time == datetime.fromtimestamp(1791766800, UTC)
    assert (taken.text, taken.notice) == ("", "recall")


def test_other_writers_replies_and_forwards_are_read() -> None:
    reply = {"replyTo": "m1", "replyToAuthor": "班主任", "replyToContent": "穿"}
    records = [{"accountName": "班主任", "content": "周三春游"}, {"sender": "503", "content": "收到"}]
    first, second = chat_of(
        as_json(message(replyTo=reply), message(type=26, content="聊天记录", chatRecords=records)), "chatlab"
    ).entries
    assert (first.reply_id, first.reply_name, first.reply_text) == ("m1", "班主任", "穿")
    assert second.enclosed == "班主任: 周三春游\n503: 收到"


def test_a_private_chat_marks_its_exporter_as_me() -> None:
    assert chat_of(as_json(message(accountName="我"), message(sender="502")), "chatlab").me == "我"


def test_lines_of_no_known_type_and_broken_ones_are_listed() -> None:
    text = as_lines(message()) + '\n{"_type": "reaction", "emoji": "x"}\n{"_type": "message", "sender'
    chat = chat_of(text, "chatlab-jsonl")
    assert len(chat.entries) == 1
    assert len(chat.unread) == 2
