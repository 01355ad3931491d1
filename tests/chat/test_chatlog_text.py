"""chatlog's text export: ids in headers, quotes behind `> `, forwarded messages set in."""

from datetime import datetime
from zoneinfo import ZoneInfo

from copilot.chat.reading import read_chat, read_chats
from copilot.chat.records import Transcript

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 24, 9, 30, tzinfo=ZONE)

TEXT = """牙牙(wxid_yaya00112233) 2026-06-20 08:00:01
早

狗舍-阿森(我) 2026-06-20 08:01:02
@牙牙 早，小的
打完针了
没有

系统消息 2026-06-20 08:01:30
"老尤" 撤回了一条消息

老尤 (养了三只)(laoyou_88) 2026-06-20 08:02:03
> 牙牙(wxid_yaya00112233) 06-20 08:00:01
> 早

还没

牙牙(wxid_yaya00112233) 2026-06-20 08:03:00
[合并转发|隔壁群的聊天记录]
  鱼姐 2026-06-19 22:14:07
  那家医院不行

  老猫 2026-06-19 22:15:33
  同感

wxid_noname998877 2026-06-20 08:04:00
[转账|发送 ￥20.00](打车)

老尤(laoyou_88) 2026-06-20 08:05:00
牙牙(wxid_yaya00112233) 2026-06-19 20:00:00
我昨天看到这条

牙牙(wxid_yaya00112233) 2026-06-20 08:06:00
![图片](http://127.0.0.1:5030/image/aabb)
"""


def read(text: str, now: datetime | None = None) -> Transcript:
    return read_chat(text, zone=ZONE, now=now)


def test_each_header_is_a_message_of_one_member() -> None:
    chat = read(TEXT)
    assert (chat.format, chat.me) == ("chatlog-text", "狗舍-阿森")
    assert [(message.line, message.sender) for message in chat.said] == [
        (1, "牙牙"),
        (4, "狗舍-阿森"),
        (12, "老尤 (养了三只)"),
        (18, "牙牙"),
        (26, "wxid_noname998877"),
        (29, "老尤 (养了三只)"),
        (33, "牙牙"),
    ]
    assert [(message.line, message.notice) for message in chat.messages if message.kind == "system"] == [(9, "recall")]


def test_quotes_and_forwards_are_apart_from_the_own_words() -> None:
    chat = read(TEXT)
    quote, forward = chat.said[2], chat.said[3]
    assert quote.text == "还没"
    assert quote.reply is not None
    assert quote.reply.id == chat.said[0].id
    assert (forward.kind, forward.text) == ("forward", "[合并转发|隔壁群的聊天记录]")
    assert "那家医院不行" in forward.enclosed
    assert "鱼姐" not in {message.sender for message in chat.said}


def test_a_copied_header_in_a_body_stays_there() -> None:
    assert read(TEXT).said[5].text.startswith("牙牙(wxid_yaya00112233) 2026-06-19 20:00:00")


def test_placeholders_tell_the_kind() -> None:
    chat = read(TEXT)
    assert [chat.said[4].kind, chat.said[6].kind] == ["transfer", "image"]


def test_times_without_a_date_are_of_the_day_the_operator_says() -> None:
    text = "牙牙(wxid_yaya00112233) 08:00:01\n早\n\n阿森(我) 08:01:02\n早\n\n牙牙(wxid_yaya00112233) 08:03:02\n吃了吗\n"
    assert [message.time for message in read(text).said] == [None] * 3
    chat = read(text, NOW)
    assert [message.time.day for message in chat.said if message.time] == [24] * 3
    assert "assumed_date" in {note.code for note in chat.notes}


def test_a_query_over_several_talkers_gives_several_chats() -> None:
    chats = read_chats(
        "牙牙(wxid_yaya00112233) [遛狗群(123@chatroom)] 06-20 08:00:01\n早\n\n阿森(我) [训犬群(456@chatroom)] 06-20 08:01:02\n早\n\n"
        "牙牙(wxid_yaya00112233) [遛狗群(123@chatroom)] 06-20 08:02:01\n在\n",
        zone=ZONE,
        now=NOW,
    )
    assert [(chat.group, len(chat.said)) for chat in chats] == [("遛狗群", 2), ("训犬群", 1)]
    assert chats[0].said[0].time == datetime(2026, 6, 20, 8, 0, 1, tzinfo=ZONE)
