from datetime import UTC, datetime

from importing import chat_of, chats_of

LOCAL = "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime\n"
UNIVERSAL = "\ufeffid,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime\r\n"


def test_local_times_without_seconds_come_with_ids() -> None:
    text = LOCAL + (
        "1,7437000000000000543,文本,0,wxid_hua,园艺群,绣球怎么修剪,,2026/3/4 9:05\n"
        "2,7437000000000000544,图片,1,wxid_own,园艺群,图片,File\\a.dat,2026/3/4 9:06\n"
        "3,7.437E+18,系统通知,0,wxid_hua,园艺群,wxid_hua撤回了一条消息,,2026/3/4 9:07\n"
    )
    chat = chat_of(text, "weclone")
    first, image, notice = chat.entries
    assert (chat.group, chat.me, chat.zone_known) == ("园艺群", "wxid_own", False)
    assert (first.time, first.precision) == (datetime.fromisoformat("2026-03-04T09:05:00"), "minute")
    assert (first.source_id, first.sender_id) == ("7437000000000000543", "wxid_hua")
    assert image.kind == "image"
    assert (notice.kind, notice.notice, notice.source_id) == ("system", "recall", "")


def test_universal_times_come_with_names_where_ids_would_stand() -> None:
    text = UNIVERSAL + (
        "1,7437000000000000543,text,0,花姐,多浇水,,2026-03-04T01:05:00.000Z\r\n"
        '2,7437000000000000544,text,1,小满,"好的[引用 花姐：多浇水]",,2026-03-04T01:06:00.000Z\r\n'
    )
    chat = chat_of(text, "weclone")
    first, quote = chat.entries
    assert chat.zone_known
    assert (first.name, first.sender_id) == ("花姐", "")
    assert first.time == datetime(2026, 3, 4, 1, 5, tzinfo=UTC)
    assert (quote.kind, quote.text, quote.reply_name, quote.reply_text) == ("quote", "好的", "花姐", "多浇水")


def test_rooms_are_chats() -> None:
    rows = "1,1,文本,0,a,甲,x,,2026/3/4 9:05\n2,2,文本,0,b,乙,y,,2026/3/4 9:05\n"
    assert [chat.group for chat in chats_of(LOCAL + rows, "weclone")] == ["甲", "乙"]
