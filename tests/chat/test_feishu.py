import json
from datetime import UTC, datetime
from typing import Any

import pytest
from importing import chat_of, chats_of

TOM = {"key": "@_user_1", "id": "ou_tom", "id_type": "open_id", "name": "汤姆"}
TEN = {"key": "@_user_10", "id": "ou_ten", "id_type": "open_id", "name": "十号"}


def item(number: int, content: Any, msg_type: str = "text", **more: Any) -> dict[str, Any]:
    return {
        "message_id": f"om_{number}",
        "msg_type": msg_type,
        "create_time": str(1791766800000 + number * 1000),
        "deleted": False,
        "chat_id": "oc_code",
        "sender": {"id": "ou_amy", "id_type": "open_id", "sender_type": "user"},
        "body": {"content": content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)},
        **more,
    }


def page(*items: dict[str, Any]) -> str:
    return json.dumps({"code": 0, "data": {"has_more": False, "items": items}}, ensure_ascii=False, indent=2)


def test_keys_of_mentions_become_names_and_names_are_given_to_senders() -> None:
    text = page(
        item(1, {"text": "@_user_10 和 @_user_1 看下 @_all"}, mentions=[TOM, TEN]),
        item(2, {"text": "好"}, parent_id="om_1", root_id="om_1", sender={"id": "ou_tom"}),
    )
    chat = chat_of(text, "feishu")
    first, second = chat.entries
    assert first.text == "@十号 和 @汤姆 看下 @所有人"
    assert (first.mentions, first.everyone) == (("十号", "汤姆"), True)
    assert first.time == datetime(2026, 10, 12, 1, 0, 1, tzinfo=UTC)
    assert (second.name, second.reply_id, first.name, first.sender_id) == ("汤姆", "om_1", "", "ou_amy")
    assert text.split("\n")[first.line - 1].strip() == "{"


@pytest.mark.parametrize("wrapped", [True, False])
def test_posts_are_read_with_and_without_their_locale(wrapped: bool) -> None:
    post = {
        "title": "周会",
        "content": [
            [{"tag": "text", "text": "请看 "}, {"tag": "a", "text": "纪要", "href": "https://d.example"}],
            [{"tag": "at", "user_id": "@_user_1", "user_name": ""}, {"tag": "img", "image_key": "i"}],
            [{"tag": "at", "user_id": "all"}, {"tag": "emotion", "emoji_type": "SMILE"}],
        ],
    }
    (entry,) = chat_of(page(item(1, {"zh_cn": post} if wrapped else post, "post", mentions=[TOM])), "feishu").entries
    assert (entry.kind, entry.text) == ("text", "周会\n请看 纪要 https://d.example\n@汤姆\n@所有人 [SMILE]")
    assert (entry.mentions, entry.everyone) == (("汤姆",), True)


def test_a_post_of_a_picture_alone_is_a_picture() -> None:
    post = {"title": "", "content": [[{"tag": "img", "image_key": "i"}]]}
    assert [entry.kind for entry in chat_of(page(item(1, post, "post")), "feishu").entries] == ["image"]


@pytest.mark.parametrize(
    ("msg_type", "content", "kind", "text"),
    [
        ("file", {"file_key": "f", "file_name": "课件.pptx"}, "file", "课件.pptx"),
        ("audio", {"file_key": "f", "duration": 2000}, "voice", ""),
        ("interactive", {"title": "审批", "elements": [[{"tag": "text", "text": "已通过"}]]}, "card", "审批\n已通过"),
        ("vote", {"topic": "选日子", "options": ["周五", "周六"]}, "poll", "选日子\n周五\n周六"),
        ("todo", {"summary": {"title": "", "content": [[{"tag": "text", "text": "交作业"}]]}}, "other", "交作业"),
        ("text", "已经是纯文本", "text", "已经是纯文本"),
        ("strange", {"text": "x"}, "other", "x"),
    ],
)
def test_types_have_contents_of_their_own(msg_type: str, content: Any, kind: str, text: str) -> None:
    (entry,) = chat_of(page(item(1, content, msg_type)), "feishu").entries
    assert (entry.kind, entry.text) == (kind, text)


def test_notices_have_names_in_their_template() -> None:
    content = {
        "template": "{from_user} 邀请 {to_chatters} 加入群聊",
        "from_user": ["艾米"],
        "to_chatters": ["汤姆", "小五"],
    }
    (entry,) = chat_of(page(item(1, content, "system")), "feishu").entries
    assert (entry.kind, entry.notice, entry.text) == ("system", "join", "“艾米” 邀请 “汤姆”、“小五” 加入群聊")


def test_merged_messages_in_the_file_are_enclosed_in_theirs() -> None:
    text = page(
        item(1, "Merged and Forwarded Message", "merge_forward"),
        item(2, {"text": "作业写完了吗？"}, upper_message_id="om_1"),
        item(3, {"text": "没有"}, upper_message_id="om_1", sender={"id": "ou_tom"}, mentions=[TOM]),
        item(4, {"text": "别的"}, upper_message_id="om_elsewhere"),
    )
    merged, other = chat_of(text, "feishu").entries
    assert (merged.kind, merged.text) == ("forward", "")
    assert merged.enclosed == "ou_amy: 作业写完了吗？\n汤姆: 没有"
    assert other.text == "别的"


def test_a_deleted_message_is_taken_back() -> None:
    (entry,) = chat_of(page(item(1, {"text": "This message was recalled"}, deleted=True)), "feishu").entries
    assert (entry.kind, entry.text) == ("recall", "")


def test_events_and_pages_come_one_a_line_too() -> None:
    event = {
        "schema": "2.0",
        "header": {"event_type": "im.message.receive_v1"},
        "event": {
            "sender": {"sender_id": {"union_id": "on_1", "open_id": "ou_amy"}},
            "message": {
                "message_id": "om_9",
                "create_time": "1791766800000",
                "chat_id": "oc_code",
                "message_type": "text",
                "content": '{"text":"@_user_1 在吗"}',
                "mentions": [{"key": "@_user_1", "id": {"open_id": "ou_tom"}, "name": "汤姆"}],
            },
        },
    }
    (single,) = chat_of(json.dumps(event, indent=1), "feishu").entries
    assert (single.text, single.sender_id, single.mentions) == ("@汤姆 在吗", "ou_amy", ("汤姆",))
    pages = json.dumps({"data": {"items": [item(1, {"text": "a"}), item(2, {"text": "b"}, chat_id="oc_other")]}})
    chats = chats_of(json.dumps(event) + "\n" + pages, "feishu")
    assert [[entry.text for entry in chat.entries] for chat in chats] == [["@汤姆 在吗", "a"], ["b"]]
