import json
from datetime import UTC, datetime
from typing import Any

import pytest
from importing import chat_of, chats_of, forced

from copilot.errors import InputError


def record(msgtype: str = "text", payload: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "msgid": "100_1",
        "action": "send",
        "from": "LiWei",
        "tolist": ["wmAbc", "ZhaoQin"],
        "roomid": "wrRoom1",
        "msgtime": 1791766800123,
        "msgtype": msgtype,
        more.pop("key", msgtype): payload or {},
        **more,
    }


def lines(*records: dict[str, Any]) -> str:
    return "\n".join(json.dumps(each, ensure_ascii=False) for each in records) + "\n"


def test_lines_and_arrays_are_read_alike() -> None:
    records = [record(payload={"content": "物业费怎么交"}), record(payload={"content": "前台"}, msgid="100_2")]
    for text in (lines(*records), json.dumps(records, ensure_ascii=False, indent=1)):
        chat = chat_of(text, "wecom")
        assert [entry.text for entry in chat.entries] == ["物业费怎么交", "前台"]
        assert chat.entries[0].time == datetime(2026, 10, 12, 1, 0, 0, 123000, tzinfo=UTC)
        assert (chat.entries[0].sender_id, chat.zone_known) == ("LiWei", True)


def test_people_who_talk_outside_rooms_are_a_chat_in_both_directions() -> None:
    there = record(payload={"content": "a"}, roomid="", tolist=["wmAbc"])
    back = record(payload={"content": "b"}, roomid="", tolist=["LiWei"], msgid="2", **{"from": "wmAbc"})
    chats = chats_of(lines(there, back, record()), "wecom")
    assert [(chat.group, len(chat.entries)) for chat in chats] == [("LiWei、wmAbc", 2), ("wrRoom1", 1)]


@pytest.mark.parametrize(
    ("made", "kind", "text"),
    [
        (record("file", {"filename": "缴费单.pdf"}), "file", "缴费单.pdf"),
        (record("link", {"title": "报修", "description": "小程序", "link_url": "https://r.example"}), "link", "报修\n小程序\nhttps://r.example"),
        (record("docmsg", {"title": "值班表", "link_url": "https://d.example"}, key="doc"), "file", "值班表\nhttps://d.example"),
        (record("markdown", {"content": "停水通知"}, key="info"), "text", "停水通知"),
        (record("news", {"item": [{"title": "停水", "url": "https://n.example"}]}, key="info"), "link", "停水\nhttps://n.example"),
        (record("external_redpacket", {"wish": "开工大吉"}, key="redpacket"), "redpacket", "开工大吉"),
        (record("collect", {"title": "体温", "details": [{"ques": "楼栋"}]}), "poll", "体温\n楼栋"),
        (record("vote", {"votetitle": "选颜色", "voteitem": ["红", "蓝"]}), "poll", "选颜色\n红\n蓝"),
        (record("voice", {"play_length": 3}), "voice", ""),
        (record("brand_new", {"title": "x"}), "other", "x"),
    ],
)  # fmt: skip
def test_payloads_stand_under_their_own_names_and_give_their_words(made: dict[str, Any], kind: str, text: str) -> None:
    (entry,) = chat_of(lines(made), "wecom").entries
    assert (entry.kind, entry.text) == (kind, text)


def test_mixed_messages_join_their_texts_and_merged_ones_are_enclosed() -> None:
    def item(kind: str, **inner: Any) -> dict[str, Any]:
        return {"type": kind, "msgtime": 1791766800, "content": json.dumps(inner, ensure_ascii=False)}

    mixed = record(
        "mixed", {"item": [item("text", content="看图\n"), item("image", md5sum="a"), item("text", content="漏水")]}
    )
    merged = record(
        "chatrecord",
        {"title": "群聊", "item": [item("ChatRecordText", content="几点来水"), item("ChatRecordImage", md5sum="x"), {"type": "ChatRecordText", "content": "坏的 JSON"}]},
        msgid="2",
    )  # fmt: skip
    first, second = chat_of(lines(mixed, merged), "wecom").entries
    assert (first.kind, first.text) == ("text", "看图\n漏水")
    assert (second.kind, second.text, second.enclosed) == ("forward", "群聊", "几点来水\n[Image]\n坏的 JSON")


def test_a_quote_is_plain_text_with_a_rule_below_the_quoted_words() -> None:
    content = '这是一条引用/回复消息："赵琴：\n几点来水"\n------\n下午三点'
    (entry,) = chat_of(lines(record(payload={"content": content})), "wecom").entries
    assert (entry.kind, entry.text, entry.reply_name, entry.reply_text) == ("quote", "下午三点", "赵琴", "几点来水")


def test_what_was_taken_back_is_gone() -> None:
    text = lines(
        record(payload={"content": "我家门锁密码是 1234"}, msgid="7_1"),
        record("revoke", {"pre_msgid": "7_1"}, msgid="7_2", action="recall"),
        record("revoke", {"pre_msgid": "not in this file"}, msgid="7_3", action="recall"),
    )
    taken, notice, lone = chat_of(text, "wecom").entries
    assert (taken.kind, taken.text) == ("recall", "")
    assert (notice.kind, notice.notice, notice.reply_id) == ("system", "recall", "7_1")
    assert (lone.kind, lone.name) == ("recall", "LiWei")


def test_switches_of_company_are_counted_and_a_time_of_zero_is_none() -> None:
    switch = {"msgid": "1", "action": "switch", "time": 1791766800000, "user": "LiWei"}
    chat = chat_of(lines(switch, record(msgtime=0)), "wecom")
    assert [entry.time for entry in chat.entries] == [None]
    assert [(note.code, note.count) for note in chat.notes] == [("switched", 1)]


@pytest.mark.parametrize("wrapped", [True, False])
def test_an_archive_that_is_still_encrypted_is_refused_with_what_to_do(wrapped: bool) -> None:
    sealed = {"seq": 1, "msgid": "1", "publickey_ver": 1, "encrypt_random_key": "x", "encrypt_chat_msg": "y"}
    text = json.dumps({"errcode": 0, "errmsg": "ok", "chatdata": [sealed]}) if wrapped else lines(sealed, sealed)
    with pytest.raises(InputError, match="加密") as caught:
        chats_of(text, "wecom")
    assert "解密" in caught.value.hint


def test_a_broken_line_is_listed_and_a_file_of_others_is_refused() -> None:
    chat = chat_of(lines(record()) + '{"msgid": "2", \n' + lines(record(msgid="3")), "wecom")
    assert [(one.line, len(chat.entries)) for one in chat.unread] == [(2, 2)]
    with pytest.raises(InputError):
        forced("大家好\n明天见\n", "wecom")
