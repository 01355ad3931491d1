import json
from datetime import datetime

import pytest
from importing import chat_of, chats_of, forced

from copilot.errors import InputError

ROOM = "5012@chatroom"


def message(seq: int, text: str = "", **more: object) -> dict[str, object]:
    return {
        "seq": seq,
        "time": "2026-10-12T09:00:00+08:00",
        "talker": ROOM,
        "talkerName": "露营搭子",
        "isChatRoom": True,
        "sender": "wxid_lin",
        "senderName": "林子",
        "isSelf": False,
        "type": 1,
        "subType": 0,
        "content": text,
        **more,
    }


def written(*messages: dict[str, object]) -> str:
    return json.dumps(messages, ensure_ascii=False, indent=1)


def test_an_array_of_the_api_is_read_with_times_ids_and_lines() -> None:
    text = written(message(1760230800001, "周末去不去"), message(1760230800002, "去", isSelf=True, senderName="阿木"))
    chat = chat_of(text, "chatlog")
    assert (chat.group, chat.me, chat.zone_known) == ("露营搭子", "阿木", True)
    first, second = chat.entries
    assert first.source_id == f"{ROOM}:1760230800001"
    assert first.time == datetime.fromisoformat("2026-10-12T09:00:00+08:00")
    assert (first.name, first.sender_id, first.text) == ("林子", "wxid_lin", "周末去不去")
    assert [text.split("\n")[entry.line - 1].strip() for entry in (first, second)] == ["{", "{"]
    assert first.end_line < second.line


def test_a_webhook_holds_its_messages_in_an_object() -> None:
    body = {"keyword": "", "lastTime": "", "length": 1, "messages": [message(1, "在吗")], "sender": "", "talker": ROOM}
    assert [entry.text for entry in chat_of(json.dumps(body), "chatlog").entries] == ["在吗"]


def test_a_file_with_fewer_fields_is_read_too() -> None:
    rows = [{"id": 3, "senderName": "小鹿", "time": "2026-10-12 21:00:03", "content": "[图片]", "type": "图片"}]
    (entry,) = chat_of(json.dumps(rows), "chatlog").entries
    assert (entry.name, entry.kind, entry.time) == ("小鹿", "image", datetime.fromisoformat("2026-10-12T21:00:03"))


def test_several_talkers_are_several_chats() -> None:
    text = written(message(1, "a"), message(1, "b", talker="wxid_dan", talkerName="大丹"), message(2, "c"))
    assert [(chat.group, len(chat.entries)) for chat in chats_of(text, "chatlog")] == [("露营搭子", 2), ("大丹", 1)]


def test_a_quote_keeps_own_words_apart_from_the_quoted_ones() -> None:
    refer = {
        "time": "2026-10-12T08:59:00+08:00",
        "sender": "wxid_mu",
        "senderName": "",
        "type": 1,
        "content": "谁带炉子",
    }
    text = written(
        message(1, "谁带炉子", sender="wxid_mu", senderName="阿木"),
        message(2, "我带", type=49, subType=57, contents={"refer": refer}),
    )
    quote = chat_of(text, "chatlog").entries[1]
    assert (quote.kind, quote.text, quote.reply_name, quote.reply_text) == ("quote", "我带", "阿木", "谁带炉子")
    assert quote.reply_time == datetime.fromisoformat("2026-10-12T08:59:00+08:00")


def test_a_merged_forward_encloses_its_children_and_theirs() -> None:
    inner = {"RecordInfo": {"DataList": {"DataItems": [{"SourceName": "老周", "DataDesc": "第二层"}]}}}
    record = {
        "Title": "群聊的聊天记录",
        "DataList": {
            "DataItems": [
                {"SourceName": "小鹿", "SourceTime": "09:00", "DataDesc": "营位订了吗？"},
                {"SourceName": "阿木", "DataType": "17", "DataTitle": "转来的", "RecordXML": inner},
            ]
        },
    }
    (entry,) = chat_of(written(message(1, type=49, subType=19, contents={"recordInfo": record})), "chatlog").entries
    assert (entry.kind, entry.text) == ("forward", "群聊的聊天记录")
    assert entry.enclosed == "小鹿: 营位订了吗？\n阿木: 转来的\n  老周: 第二层"


@pytest.mark.parametrize(
    ("code", "subtype", "contents", "kind", "text"),
    [
        (3, 0, {"md5": "a"}, "image", ""),
        (34, 0, {}, "voice", ""),
        (47, 0, {"cdnurl": "http://x"}, "sticker", ""),
        (48, 0, {"label": "湖边营地"}, "location", "湖边营地"),
        (49, 5, {"title": "装备清单", "url": "https://c.example/1"}, "link", "装备清单\nhttps://c.example/1"),
        (49, 6, {"title": "名单.xlsx"}, "file", "名单.xlsx"),
        (49, 2001, {}, "redpacket", ""),
        (49, 99, {}, "other", ""),
        (21474836529, 0, {"title": "装备清单"}, "link", "装备清单"),
    ],
)
def test_types_become_kinds_and_titles_words(
    code: int, subtype: int, contents: dict[str, str], kind: str, text: str
) -> None:
    (entry,) = chat_of(written(message(1, type=code, subType=subtype, contents=contents)), "chatlog").entries
    assert (entry.kind, entry.text) == (kind, text)


def test_notices_have_no_sender_and_are_told_by_their_words() -> None:
    text = written(
        message(1, '"林子"撤回了一条消息', type=10000, sender="系统消息", senderName=""),
        message(2, '"阿木"邀请"小鹿"加入了群聊', type=10000, sender="系统消息", senderName=""),
        message(3, '"${wxid_lin}" 拍了拍 "${wxid_x}"', type=49, subType=62),
    )
    recall, join, pat = chat_of(text, "chatlog").entries
    assert [(entry.kind, entry.notice, entry.name) for entry in (recall, join)] == [
        ("system", "recall", ""),
        ("system", "join", ""),
    ]
    assert (pat.kind, pat.text) == ("pat", '"林子" 拍了拍 "wxid_x"')


def test_a_name_that_only_some_rows_give_is_given_to_all() -> None:
    chat = chat_of(written(message(1, "a", senderName=""), message(2, "b")), "chatlog")
    assert [entry.name for entry in chat.entries] == ["林子", "林子"]


def test_what_is_no_message_is_listed_and_a_cut_file_says_so() -> None:
    text = written(message(1, "a"), {"talker": ROOM, "note": "x"}, message(2, "b"))
    chat = chat_of(text[:-8], "chatlog")
    assert [entry.text for entry in chat.entries] == ["a"]
    assert len(chat.unread) == 2
    assert text.split("\n")[chat.unread[0].line - 1].strip() == "{"


def test_a_file_of_nothing_but_ruins_is_refused() -> None:
    with pytest.raises(InputError):
        forced(written(message(1, "a"))[:60], "chatlog")


def test_chatlog_keeper_tells_rooms_of_two_accounts_apart() -> None:
    def kept(account: str, **more: object) -> dict[str, object]:
        return {
            "ts": 1791766800.25,
            "sender": "小鹿",
            "sender_wxid": "wxid_lu",
            "chat_room": "露营搭子",
            "conversation_id": ROOM,
            "content": "到了",
            "msg_type": 1,
            "is_self": False,
            "account_id": account,
            "thread_id": f"{account}::{ROOM}",
            "server_id": None,
            "source_offset": f"{account}:1",
            **more,
        }

    rows = [kept("wxid_a"), kept("wxid_b"), kept("wxid_a", is_self=True, sender="我家", server_id="99", msg_type=3)]
    chats = chats_of(json.dumps(rows), "chatlog-keeper")
    assert [len(chat.entries) for chat in chats] == [2, 1]
    assert len({chat.group for chat in chats}) == 2
    assert chats[0].me == "我家"
    assert [entry.source_id for entry in chats[0].entries] == ["wxid_a:1", "99"]
    assert chats[0].entries[1].kind == "image"
