import json
from typing import Any

import pytest
from importing import chat_of

HEAD = {"version": "1.0.3", "generator": "WeFlow"}
SESSION = {
    "wxid": "8@chatroom",
    "nickname": "合唱团",
    "displayName": "合唱团（周三）",
    "type": "群聊",
    "messageCount": 1,
}


def row(**more: Any) -> dict[str, Any]:
    return {
        "localId": 1,
        "createTime": 1791766800,
        "formattedTime": "2026-10-12 09:00:00",
        "type": "文本消息",
        "localType": 1,
        "content": "今晚排练",
        "isSend": 0,
        "senderUsername": "wxid_gu",
        "senderDisplayName": "顾老师",
        "platformMessageId": "6600112233445566778",
        **more,
    }


def file(*messages: dict[str, Any], **more: Any) -> str:
    session = {**SESSION, "messageCount": len(messages)}
    return json.dumps({"weflow": HEAD, "session": session, "messages": messages, **more}, ensure_ascii=False, indent=2)


def test_the_standard_file_is_read() -> None:
    chat = chat_of(file(row(), row(isSend=1, senderDisplayName="小满", senderUsername="wxid_man")), "weflow")
    assert (chat.group, chat.me, chat.zone_known, chat.notes) == ("合唱团（周三）", "小满", True, [])
    assert (chat.entries[0].source_id, chat.entries[0].name) == ("6600112233445566778", "顾老师")


def test_arkme_keeps_names_in_a_list_of_senders_even_behind_the_messages() -> None:
    message = row(senderID=7)
    del message["senderUsername"], message["senderDisplayName"]
    text = json.dumps(
        {
            "weflow": {**HEAD, "format": "arkme-json"},
            "session": SESSION,
            "messages": [message],
            "senders": [{"senderID": 7, "wxid": "wxid_gu", "displayName": "顾", "groupNickname": "顾老师（声部长）"}],
        }
    )
    (entry,) = chat_of(text, "weflow").entries
    assert (entry.name, entry.sender_id) == ("顾老师（声部长）", "wxid_gu")


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ({"session": SESSION}, "echotrace"),
        ({"exportInfo": {"generator": "CipherTalk"}, "session": SESSION}, "ciphertalk"),
    ],
)
def test_its_relatives_are_told_apart(top: dict[str, Any], expected: str) -> None:
    text = json.dumps({**top, "messages": [row()]}, ensure_ascii=False)
    assert [entry.text for entry in chat_of(text, expected).entries] == ["今晚排练"]


def test_a_quote_is_taken_out_of_the_words_it_is_written_into() -> None:
    content = "几点到[引用 顾老师：今晚排练]"
    (entry,) = chat_of(file(row(type="引用消息", localType=244813135921, content=content)), "weflow").entries
    assert (entry.kind, entry.text, entry.reply_name, entry.reply_text) == ("quote", "几点到", "顾老师", "今晚排练")
    known = row(localType=244813135921, content=content, replyToMessageId="66", quotedSender="顾", quotedContent="今晚")
    (entry,) = chat_of(file(known), "weflow").entries
    assert (entry.text, entry.reply_id, entry.reply_name, entry.reply_text) == ("几点到", "66", "顾", "今晚")


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"type": "图片消息", "localType": 3, "content": None}, "image"),
        ({"type": "红包卡片", "localType": 49}, "redpacket"),
        ({"type": "聊天记录合并转发", "localType": (19 << 32) | 49}, "forward"),
        ({"type": "系统消息", "localType": 10000, "isSend": None, "senderUsername": "8@chatroom"}, "system"),
        ({"type": "没见过的", "localType": 7777}, "other"),
        ({"type": None, "localType": None, "chatLabType": 2}, "voice"),
    ],
)
def test_kinds_are_told_by_code_word_or_chatlabs_code(more: dict[str, Any], kind: str) -> None:
    assert [entry.kind for entry in chat_of(file(row(**more)), "weflow").entries] == [kind]


def test_fewer_messages_than_the_file_states_are_said() -> None:
    text = file(row()).replace('"messageCount": 1', '"messageCount": 900')
    assert [note.code for note in chat_of(text, "weflow").notes] == ["count_differs"]


def test_text_has_literal_quotes_around_names_that_may_hold_quotes() -> None:
    text = (
        "2026-10-12 09:00:00 '顾老师'\n今晚排练\n\n带谱子\n\n2026-10-12 09:01:00 'O'Neil'\n"
        "2026-10-12 09:00:00 '像标题的一行'\n\n2026-10-12 09:02:00 '小满'\n[图片]\n"
    )
    chat = chat_of(text, "weflow-text")
    assert [(entry.name, entry.line, entry.kind) for entry in chat.entries] == [
        ("顾老师", 1, "text"),
        ("O'Neil", 6, "text"),
        ("小满", 9, "image"),
    ]
    assert chat.entries[0].text == "今晚排练\n\n带谱子"


def test_markdown_needs_the_whole_time_in_a_heading() -> None:
    text = (
        "# 合唱团\n\n- 会话ID: `8@chatroom`\n- 会话类型: 群聊\n- 消息数量: 2\n- 导出时间: 2026-10-13 09:00:00\n"
        "- 导出工具: WeFlow\n\n---\n\n## 2026-10-12 09:00:00 顾老师\n\n## 今天的安排\n\n![图片](../images/a.jpg)\n\n"
        "## 2026-10-12 09:01:00 小满\n\n![图片](../images/b.jpg)\n"
    )
    chat = chat_of(text, "weflow-markdown")
    assert chat.group == "合唱团"
    assert [(entry.name, entry.line, entry.kind, entry.text) for entry in chat.entries] == [
        ("顾老师", 11, "text", "## 今天的安排"),
        ("小满", 17, "image", "![图片](../images/b.jpg)"),
    ]
    assert not chat.unread
