"""QQChatExporter: JSON of old and new versions, chunks behind a manifest, and plain text."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from importing import SETTING, chat_of, forced

from copilot.chat.formats.base import Entry, Source
from copilot.chat.formats.registry import find
from copilot.chat.reading import read_chats
from copilot.errors import InputError

HEAD = {
    "metadata": {"name": "QQChatExporter V5", "version": "5.0.1"},
    "chatInfo": {"name": "钓友群", "type": "group", "selfUid": "u_me", "selfUin": "8812000", "selfName": "本人"},
}


def message(number: int, text: str = "早", *elements: dict[str, Any], **fields: Any) -> dict[str, Any]:
    content = {
        "text": text,
        "elements": list(elements) or [{"type": "text", "data": {"text": text}}],
        "resources": [],
        "mentions": [],
    }
    return {
        "id": f"75506618405171067{number}",
        "seq": str(number),
        "timestamp": 1711353600000 + 60_000 * number,
        "time": f"2024-03-25 16:0{number}:00",
        "sender": {"uid": "u_a", "uin": "8812001", "name": "老秦", "nickname": "秦", "groupCard": "老秦-东区"},
        "type": "text",
        "content": content,
        "recalled": False,
        "system": False,
        **fields,
    }


def export(*messages: dict[str, Any], **around: Any) -> str:
    return json.dumps(
        {**HEAD, "statistics": {"totalMessages": len(messages)}, "messages": list(messages), **around},
        ensure_ascii=False,
        indent=2,
    )


def first(*args: Any, **fields: Any) -> Entry:
    return chat_of(export(message(1, *args, **fields), message(2)), "qq-exporter").entries[0]


def test_a_message_has_its_group_card_ids_and_moment() -> None:
    text = export(message(1), message(2, sender={"uid": "u_me", "name": "我自己"}))
    chat = chat_of(text, "qq-exporter")
    assert (chat.group, chat.me, chat.zone_known) == ("钓友群", "我自己", True)
    entry = chat.entries[0]
    assert (entry.source_id, entry.name, entry.sender_id) == ("755066184051710671", "老秦-东区", "u_a")
    assert entry.time == datetime(2024, 3, 25, 8, 1, tzinfo=UTC)
    assert text.split("\n")[entry.line - 1 : entry.line + 1] == ["    {", '      "id": "755066184051710671",']
    assert not chat.notes


def test_a_message_taken_back_is_never_published() -> None:
    quoted = {"type": "reply", "data": {"referencedMessageId": "1", "senderName": "阿坡", "content": "秘密二"}}
    entry = first("[回复消息]秘密一", quoted, {"type": "text", "data": {"text": "秘密一"}}, recalled=True)
    assert entry.kind == "recall"
    assert "秘密" not in repr(entry)
    old = first("秘密三", isRecalled=True)
    assert (old.kind, old.text) == ("recall", "")


def test_grey_lines_are_notices() -> None:
    tip = {"type": "system", "data": {"text": "小林加入了群聊"}}
    entry = first("小林加入了群聊", tip, system=True, sender={"uid": "", "uin": "0", "name": "0"})
    assert (entry.kind, entry.notice, entry.name, entry.sender_id) == ("system", "join", "", "")
    recall = first("老秦 撤回了一条消息", {"type": "system", "data": {}}, system=True, recalled=True)
    assert (recall.kind, recall.notice, recall.text) == ("system", "recall", "老秦 撤回了一条消息")


def test_an_answer_loses_its_mark_and_names_what_it_answers() -> None:
    data = {
        "referencedMessageId": "755066184051710670",
        "senderName": "阿坡",
        "content": "几点",
        "timestamp": 1711353600,
    }
    entry = first("[回复消息]五点", {"type": "reply", "data": data}, {"type": "text", "data": {"text": "五点"}})
    assert (entry.kind, entry.text, entry.reply_id) == ("text", "五点", "755066184051710670")
    assert (entry.reply_name, entry.reply_text, entry.reply_time) == (
        "阿坡",
        "几点",
        datetime(2024, 3, 25, 8, 0, tzinfo=UTC),
    )


def test_forwarded_messages_are_enclosed_however_deep() -> None:
    inner = {"sender": {"name": "乙"}, "content": {"text": "里层", "elements": []}}
    outer = {
        "sender": {"name": "甲"},
        "content": {"text": "外层", "elements": [{"type": "forward", "data": {"messages": [inner]}}]},
    }
    entry = first("[转发消息: 2条]\n  甲: 外层", {"type": "forward", "data": {"title": "记录", "messages": [outer]}})
    assert (entry.kind, entry.text, entry.enclosed) == ("forward", "", "甲：外层\n乙：里层")


@pytest.mark.parametrize(
    ("text", "element", "kind", "shown"),
    [
        ("[图片:a.jpg]", {"type": "image", "data": {"filename": "a.jpg"}}, "image", "[图片:a.jpg]"),
        ("[语音:7秒]", {"type": "audio", "data": {"duration": 7}}, "voice", "[语音:7秒]"),
        ("[doge]", {"type": "market_face", "data": {"name": "doge"}}, "sticker", "[doge]"),
        ("[表情178]", {"type": "face", "data": {"id": "178"}}, "sticker", "[表情178]"),
        ("恭喜发财", {"type": "wallet", "data": {"summary": "恭喜发财"}}, "redpacket", "恭喜发财"),
        ("语音通话 - 已结束", {"type": "av_record", "data": {}}, "call", "语音通话 - 已结束"),
        (
            "[JSON消息]",
            {"type": "json", "data": {"title": "天气", "url": "https://a.example"}},
            "link",
            "天气\nhttps://a.example",
        ),
        ("[Markdown消息]", {"type": "markdown", "data": {"content": "**通知**"}}, "other", "**通知**"),
    ],
)
def test_elements_tell_what_is_no_text(text: str, element: dict[str, Any], kind: str, shown: str) -> None:
    entry = first(text, element)
    assert (entry.kind, entry.text) == (kind, shown)


def test_a_picture_beside_words_is_words() -> None:
    entry = first("看鱼[图片:a.jpg]", {"type": "text", "data": {"text": "看鱼"}}, {"type": "image", "data": {}})
    assert (entry.kind, entry.text) == ("text", "看鱼[图片:a.jpg]")


def test_old_files_have_resources_local_times_and_other_names() -> None:
    old = {
        "messageId": "m-1",
        "timestamp": "2024-03-25T08:01:00.000Z",
        "sender": {"uin": "8812001", "name": "老秦"},
        "messageType": 2,
        "content": {
            "text": "[图片: a.jpg]",
            "resources": [{"type": "image"}],
            "mentions": [{"uid": "all", "type": "all"}],
        },
        "isSystemMessage": False,
    }
    local = {**old, "timestamp": None, "time": "2024-03-25 16:01:00"}
    first_entry, second = chat_of(export(old, local), "qq-exporter").entries
    assert (first_entry.source_id, first_entry.sender_id, first_entry.kind) == ("m-1", "8812001", "image")
    assert first_entry.everyone
    assert first_entry.time == datetime(2024, 3, 25, 8, 1, tzinfo=UTC)
    assert second.time == datetime.fromisoformat("2024-03-25T16:01")


def test_a_count_that_differs_is_said() -> None:
    chat = chat_of(export(message(1), statistics={"totalMessages": 9}), "qq-exporter")
    assert [(note.code, note.count) for note in chat.notes] == [("count_differs", 8)]


def manifest(*chunks: dict[str, Any]) -> str:
    chunked = {"chunked": {"format": "jsonl", "chunks": list(chunks)}}
    return json.dumps({**HEAD, "statistics": {}, **chunked}, ensure_ascii=False)


def lines(*messages: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in messages).encode()


def test_chunks_are_read_in_the_order_of_the_manifest() -> None:
    files = {
        "导出/manifest.json": b"",
        "导出/chunks/c000001.jsonl": lines(message(1), message(2)),
        "导出/chunks/c000002.jsonl": lines(message(3)) + b"\n{broken\n",
    }
    text = manifest(
        {"relativePath": "chunks/c000001.jsonl"}, {"file": "chunks/c000002.jsonl"}, {"fileName": "c000009.jsonl"}
    )
    [chat] = find("qq-exporter").read(Source("导出/manifest.json", text, files), SETTING)
    assert [(entry.source, entry.line) for entry in chat.entries] == [
        ("chunks/c000001.jsonl", 1),
        ("chunks/c000001.jsonl", 2),
        ("chunks/c000002.jsonl", 1),
    ]
    assert {one.source for one in chat.unread} == {"chunks/c000002.jsonl", "c000009.jsonl"}


@pytest.mark.parametrize(
    "path",
    ["../secret.jsonl", "/etc/secret.jsonl", "C:\\secret.jsonl", "chunks/../../secret.jsonl", "..\\secret.jsonl"],
)
def test_a_manifest_cannot_point_out_of_its_folder(path: str) -> None:
    stolen = lines(message(1, "不该读到"))
    files = {
        "a/chunks/ok.jsonl": lines(message(2)),
        "secret.jsonl": stolen,
        "/etc/secret.jsonl": stolen,
        "a/secret.jsonl": stolen,
    }
    text = manifest({"file": path}, {"file": "chunks/ok.jsonl"})
    [chat] = find("qq-exporter").read(Source("a/manifest.json", text, files), SETTING)
    assert len(chat.entries) == 1
    assert [one.text for one in chat.unread] == [path]


def test_a_manifest_without_its_chunks_says_what_to_give() -> None:
    with pytest.raises(InputError, match="chunks"):
        forced(manifest({"file": "chunks/c000001.jsonl"}), "qq-exporter")


def test_a_folder_of_chunks_is_one_chat(tmp_path: Any) -> None:
    (tmp_path / "chunks").mkdir()
    (tmp_path / "manifest.json").write_text(manifest({"file": "chunks/c000001.jsonl"}), encoding="utf-8")
    (tmp_path / "chunks" / "c000001.jsonl").write_bytes(lines(message(1), message(2)))
    [chat] = read_chats(tmp_path, zone=ZoneInfo("Asia/Shanghai"))
    assert (chat.group, len(chat.said), chat.unread) == ("钓友群", 2, ())


PLAIN = "[QQChatExporter V5 / https://x.example]\n\n聊天名称: 钓友群\n聊天类型: 群聊\n参与人数: 3\n导出时间: 2024-03-26 09:00:00\n消息总数: {count}\n\n\n"
END = "\n===============================================\n              导出完成\n===============================================\n总计导出 2 条消息\n导出时间: 2024-03-26 09:00:00"


def test_plain_text_has_names_times_and_contents() -> None:
    chat = chat_of(
        PLAIN.format(count=3)
        + "[群主] 老秦:\n时间: 2024-03-25 16:01:00\n内容: 明早五点\n第二行\n资源: 1 个文件\n  - image: a.jpg\n提及: 阿坡, 小林\n"
        "回复: 03-25 15:58 阿坡 - 几点\n\nA:B:\n时间: 2024-03-25 16:02:00\n\n我:\n时间: 2024-03-25 16:03:00\n内容: 昵称:\n不是人\n"
        + END,
        "qq-exporter-text",
    )
    assert (chat.group, chat.me) == ("钓友群", "我")
    assert [(entry.name, entry.text) for entry in chat.entries] == [
        ("老秦", "明早五点\n第二行"),
        ("A:B", ""),
        ("我", "昵称:\n不是人"),
    ]
    answer = chat.entries[0]
    assert (answer.mentions, answer.reply_name, answer.reply_text) == (("阿坡", "小林"), "阿坡", "几点")
    assert answer.reply_time == datetime.fromisoformat("2024-03-25T15:58")
    assert (answer.line, answer.end_line) == (10, 17)
    assert not chat.unread
    assert not chat.notes


def test_numbered_plain_text_starts_a_message_only_below_a_number() -> None:
    chat = chat_of(
        PLAIN.format(count=2)
        + "[1]\n老秦:\n时间: 2024-03-25 16:01:00\n类型: type_1\n内容: 转给你们\n\n别人:\n时间: 2024-01-01 10:00:00\n内容: 旧话\n\n"
        "[2]\n阿坡：\n时间：2024-03-25 16:02:00\n内容：好\n" + END,
        "qq-exporter-text",
    )
    assert [entry.name for entry in chat.entries] == ["老秦", "阿坡"]
    assert "旧话" in chat.entries[0].text


def test_plain_text_without_words_tells_what_it_is() -> None:
    chat = chat_of(
        PLAIN.format(count=3)
        + "0:\n时间: 2024-03-25 16:01:00\n内容: 小林加入本群\n\n老秦:\n时间: 2024-03-25 16:02:00\n内容: [image消息]\n资源: 1 个文件\n  - image: a.jpg\n\n"
        "老秦:\n时间: 2024-03-25\n内容: [无文本内容]\n" + END,
        "qq-exporter-text",
    )
    assert [(entry.kind, entry.notice) for entry in chat.entries] == [("system", "join"), ("image", ""), ("other", "")]
    assert [entry.precision for entry in chat.entries] == ["second", "second", "day"]


def test_a_plain_text_that_was_cut_says_so() -> None:
    chat = chat_of(PLAIN.format(count=2584) + "老秦:\n时间: 2024-03-25 16:01:00\n内容: 早\n", "qq-exporter-text")
    assert [note.code for note in chat.notes] == ["count_differs"]
