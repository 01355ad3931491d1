import json
from datetime import UTC, datetime

from importing import chats_of

ARCHIVE = {
    "format": "wetrace-plus",
    "version": 1,
    "account": {"id": "wxid_me", "name": "我"},
    "conversations": [
        {
            "id": "31@chatroom",
            "name": "钓友会",
            "messages": [
                {"id": "a", "time": "2026-10-12T06:00:00+08:00", "sender_id": "wxid_h", "sender_name": "老胡", "type": 1, "content": "出发"},
                {"id": "b", "timestamp": 1791756060, "sender_id": "wxid_me", "sender_name": "我", "direction": "outgoing", "type": 3, "content": ""},
            ],
        },
        {"id": "wxid_k", "name": "阿宽", "messages": [{"id": "c", "time": 1791756120, "sender_id": "wxid_k", "sender_name": "阿宽", "type": "文本", "content": "在"}]},
        {"id": "empty@chatroom", "name": "空群", "messages": []},
    ],
}  # fmt: skip


def test_every_conversation_is_a_chat_with_lines_and_both_kinds_of_times() -> None:
    text = json.dumps(ARCHIVE, ensure_ascii=False, indent=2)
    room, friend = chats_of(text, "wetrace-plus")
    assert (room.group, room.me, friend.group, friend.me) == ("钓友会", "我", "阿宽", "我")
    assert [entry.time for entry in room.entries] == [
        datetime.fromisoformat("2026-10-12T06:00:00+08:00"),
        datetime.fromtimestamp(1791756060, UTC),
    ]
    assert [entry.kind for entry in room.entries] == ["text", "image"]
    assert all(text.split("\n")[entry.line - 1].strip() == "{" for chat in (room, friend) for entry in chat.entries)


def test_a_broken_conversation_does_not_give_its_messages_to_the_next() -> None:
    text = json.dumps(ARCHIVE, ensure_ascii=False).replace('"direction": "outgoing"', '"direction": outgoing')
    room, friend = chats_of(text, "wetrace-plus")
    assert [entry.text for entry in room.entries] == ["出发"]
    assert [entry.text for entry in friend.entries] == ["在"]
    assert room.unread
