"""WeChat's pasted and mailed chats, in every layout people get them in, with bodies that look like headers."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from copilot.chat.reading import read_chat, read_chats
from copilot.chat.records import Transcript

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 24, 9, 30, tzinfo=ZONE)


def read(text: str, now: datetime | None = None) -> Transcript:
    return read_chat(text, zone=ZONE, now=now)


def said(transcript: Transcript) -> list[tuple[int, str, str]]:
    return [(message.line, message.sender, message.text) for message in transcript.said]


def times(transcript: Transcript) -> list[str]:
    return [message.time.strftime("%m-%d %H:%M") if message.time else "" for message in transcript.said]


def notices(transcript: Transcript) -> list[tuple[int, str]]:
    return [(message.line, message.notice) for message in transcript.messages if message.kind == "system"]


MAIL = """微信群"桂花路物业群"的聊天记录如下:

—————  2026-6-22  —————


3栋-蒋姐  08:12

电梯又停了

物业小邓  08:15

师傅在路上
预计
到场  09:00
修好  10:30

G  (一刀）  08:16

收到

XX 11:00-20:00  08:17

辛苦

—————  2026-6-23  —————


物业小邓  07:30

今天正常

3栋-蒋姐  07:31

发自我的 iPhone
"""


def test_a_mail_is_read_with_its_days_and_its_name() -> None:
    chat = read(MAIL)
    assert chat.group == "桂花路物业群"
    assert [(line, who) for line, who, _ in said(chat)] == [
        (6, "3栋-蒋姐"),
        (10, "物业小邓"),
        (17, "G (一刀）"),
        (21, "XX 11:00-20:00"),
        (28, "物业小邓"),
        (32, "3栋-蒋姐"),
    ] or [who for _, who, _ in said(chat)][2] == "G  (一刀）"
    assert times(chat)[0] == "06-22 08:12"
    assert times(chat)[-1] == "06-23 07:31"
    assert chat.said[1].text == "师傅在路上\n预计\n到场  09:00\n修好  10:30"
    assert chat.said[-1].text == ""
    assert not chat.unread


def test_times_before_the_first_day_line_have_no_day() -> None:
    chat = read(
        "蒋姐  22:10\n\n在吗\n\n小邓  22:11\n\n在\n\n—————  2026-6-23  —————\n\n蒋姐  08:00\n\n早\n\n小邓  08:02\n\n早\n"
    )
    assert times(chat) == ["", "", "06-23 08:00", "06-23 08:02"]
    assert {note.code for note in chat.notes} == {"no_time"}


def test_a_name_and_a_time_may_stand_without_a_space_between_them() -> None:
    chat = read("—————2026-02-15—————\n\nNick08:51\n\nhi all\n\n阿珍💕 08:52\n\n早\n\nNick08:55\n\n走了\n")
    assert [who for _, who, _ in said(chat)] == ["Nick", "阿珍💕", "Nick"]
    assert times(chat)[0] == "02-15 08:51"


def test_three_line_copies_have_the_name_above_the_time() -> None:
    chat = read(
        "Paper Y\n2026年06月23日 08:00\n今天的题发了\n有两道\n橘子\n2026年06月23日 08:01\n[图片]\nPaper Y\n"
        "2026年06月23日 08:03\n好的\n橘子\n2026年06月23日 08:04\n1\n"
    )
    assert said(chat) == [
        (1, "Paper Y", "今天的题发了\n有两道"),
        (5, "橘子", "[图片]"),
        (8, "Paper Y", "好的"),
        (11, "橘子", "1"),
    ]
    assert chat.said[1].kind == "image"


def test_a_header_with_its_date_is_read_in_any_spelling() -> None:
    for stamp in (
        "2026/6/23 21:0{}",
        "2026-06-23 21:0{}:11",
        "2026年6月23日 21:0{}",
        "2026/06/23 9:0{} PM",
        "2026.6.23 21:0{}",
    ):
        chat = read(
            "\n".join(f"{who} {stamp.format(n)}\n第{n}条" for n, who in enumerate(["阿茶", "K歌王", "阿茶", "小雨 v2"]))
        )
        assert [who for _, who, _ in said(chat)] == ["阿茶", "K歌王", "阿茶", "小雨 v2"]
        assert times(chat)[2] == "06-23 21:02", stamp


def test_the_date_may_stand_in_brackets_behind_the_name() -> None:
    chat = read("阿茶(2026-06-23 10:30)\n去不去\n\n老段（2026-06-23 10:31）\n去\n\n阿茶(2026-06-23 10:32)\n好\n")
    assert [who for _, who, _ in said(chat)] == ["阿茶", "老段", "阿茶"]


def test_a_line_with_a_date_and_a_time_in_a_body_is_no_header() -> None:
    chat = read(
        "领队阿川 2026-06-20 09:00\n露营改期通知\n集合时间 2026-06-27 08:00\n返程 2026-06-28 16:00\n带好雨具\n"
        "小鹿 2026-06-20 09:03\n收到\n老段 2026-06-20 09:05\n收到，几点截止\n领队阿川 2026-06-20 09:06\n"
        "报名截止 2026-06-25 20:00\n小鹿 2026-06-20 09:08\n好\n"
    )
    assert [who for _, who, _ in said(chat)] == ["领队阿川", "小鹿", "老段", "领队阿川", "小鹿"]
    assert chat.said[3].text == "报名截止 2026-06-25 20:00"


def test_bare_times_in_bodies_are_no_headers_even_between_blank_lines() -> None:
    chat = read(
        "—————  2026-06-20  —————\n\n合唱团-林老师  09:00\n\n周六排练\n\n签到  13:30\n\n开唱  14:00\n\n散场  16:30\n\n"
        "阿May  09:02\n\n好\n\n合唱团-林老师  09:05\n\n记得带谱\n\n阿May  09:06\n\n嗯\n"
    )
    assert [who for _, who, _ in said(chat)] == ["合唱团-林老师", "阿May", "合唱团-林老师", "阿May"]
    assert "散场  16:30" in chat.said[0].text


def test_somebody_who_speaks_once_is_a_member() -> None:
    names = ["甲", "乙", "明天会更好", "丙", "戊己", "周五不上班", "甲"]
    chat = read("\n".join(f"{who} 2026-06-20 09:{n:02}\n第{n}句" for n, who in enumerate(names)))
    assert [who for _, who, _ in said(chat)] == names


def test_names_may_hold_spaces_marks_numbers_and_emoji() -> None:
    names = [
        "老K  (慢充党)",
        "A:B",
        "🐟🐟",
        "1",
        "2026款",
        "张三@某公司",
        "[管理员]小林",
        "Mr. O'Neil",
        "ㅤ",
        "10:30的约定",
    ]
    lines = [f"{who} 2026/6/20 09:{n:02}\n第{n}句\n" for n, who in enumerate(names + names)]
    assert [message.shown for message in read("\n".join(lines)).said] == names + names


def test_invisible_marks_do_not_make_two_members_of_one() -> None:
    chat = read(
        "\u202a阿木\u202c 2026/6/20 09:00\n在\n\n阿木\u200b 2026/6/20 09:01\n\u200f嗯\n\n阿木 2026/6/20 09:02\n好\n"
    )
    assert {who for _, who, _ in said(chat)} == {"阿木"}


def test_notices_between_messages_are_nobodys_words() -> None:
    chat = read(
        '群主 2026-06-20 09:00\n欢迎\n"小北"通过扫描"群主"分享的二维码加入群聊\n"阿肥" 撤回了一条消息\n'
        "群主 2026-06-20 09:02\n他撤回了一条消息，没看清\n你撤回了一条消息\n小北 2026-06-20 09:03\n大家好\n"
        '"群主" 拍了拍 "小北" 的肩膀\n'
    )
    assert notices(chat) == [(3, "join"), (4, "recall"), (7, "recall"), (10, "pat")]
    assert [text for _, _, text in said(chat)] == ["欢迎", "他撤回了一条消息，没看清", "大家好"]


def test_an_exporters_own_name_makes_a_notice() -> None:
    chat = read(
        '阿茶 2026-06-20 09:00\n在\n系统消息 2026-06-20 09:01\n"老段" 撤回了一条消息\n阿茶 2026-06-20 09:02\n?\n'
    )
    assert notices(chat) == [(3, "recall")]
    assert len(chat.said) == 2


def test_a_quote_is_told_from_the_own_words_and_found_again() -> None:
    chat = read(
        "老段 2026-06-20 09:00\n周六几点出发\n阿茶 2026-06-20 09:01\n6点\n小鹿 2026-06-20 09:05\n「老段：周六几点出发」\n"
        "- - - - - - - - - - - - - - -\n同问\n"
    )
    message = chat.said[2]
    assert (message.kind, message.text) == ("quote", "同问")
    assert message.reply is not None
    assert (message.reply.id, message.reply.name) == (chat.said[0].id, "老段")


def test_mentions_are_whole_names() -> None:
    chat = read(
        "Tom Li 2026-06-20 09:00\n在\n阿茶 2026-06-20 09:01\n@Tom Li\u2005看下 @所有人 a@b.com\n小鹿 2026-06-20 09:02\n@Tom Li 好的 @阿茶你呢\n"
    )
    assert chat.said[1].mentions == ("Tom Li",)
    assert chat.said[1].everyone
    assert chat.said[1].text == "@Tom Li 看下 @所有人 a@b.com"
    assert chat.said[2].mentions == ("Tom Li", "阿茶")


def test_overlapping_pastes_are_one_and_it_is_said() -> None:
    first = [f"{'阿茶' if n % 2 else '老段'} 2026-06-20 09:{n:02}\n第{n}句" for n in range(10)]
    chat = read("\n".join([*first, *first[6:], "小鹿 2026-06-20 09:12\n新的"]))
    assert len(chat.said) == 11
    assert next(note.count for note in chat.notes if note.code == "doubled") == 4


def test_the_same_short_answer_twice_in_one_paste_is_two_messages() -> None:
    chat = read(
        "阿茶 2026-06-20 09:00\n1\n阿茶 2026-06-20 09:00\n1\n老段 2026-06-20 09:00\n1\n阿茶 2026-06-20 09:00\n1\n"
    )
    assert len(chat.said) == 4


def test_pastes_in_the_wrong_order_are_sorted_and_it_is_said() -> None:
    late = "\n".join(f"阿茶 2026-06-21 09:0{n}\n后{n}" for n in range(3))
    early = "\n".join(f"老段 2026-06-20 09:0{n}\n前{n}" for n in range(3))
    chat = read(f"{late}\n{early}\n")
    assert [text for _, _, text in said(chat)] == ["前0", "前1", "前2", "后0", "后1", "后2"]
    assert {note.code for note in chat.notes} == {"sorted"}
    assert [message.id for message in chat.messages] == ["m1", "m2", "m3", "m4", "m5", "m6"]


def test_several_mails_in_one_file_are_several_chats() -> None:
    chats = read_chats(MAIL + MAIL.replace("桂花路物业群", "桂花路团购群"), zone=ZONE)
    assert [chat.group for chat in chats] == ["桂花路物业群", "桂花路团购群"]
    assert [len(chat.said) for chat in chats] == [6, 6]


def test_days_told_from_today_need_a_today() -> None:
    text = "昨天\n\n阿茶  23:10\n\n睡了\n\n老段  23:12\n\n晚安\n\n今天\n\n阿茶  07:10\n\n早\n\n老段  07:11\n\n早\n"
    assert set(times(read(text))) == {""}
    assert times(read(text, NOW)) == ["06-23 23:10", "06-23 23:12", "06-24 07:10", "06-24 07:11"]


def test_without_any_date_the_days_are_counted_back_from_now_and_it_is_said() -> None:
    text = "阿茶  23:10\n\n睡了\n\n老段  23:50\n\n晚安\n\n阿茶  07:10\n\n早\n\n老段  07:11\n\n早\n"
    chat = read(text, NOW)
    assert times(chat) == ["06-23 23:10", "06-23 23:50", "06-24 07:10", "06-24 07:11"]
    assert "assumed_date" in {note.code for note in chat.notes}


def test_a_phone_copy_with_day_lines_is_read_by_them() -> None:
    text = (
        "2026年6月22日 星期一\n\n阿茶 09:00\n今天的团\n\n老段 09:02\n要一份\n\n阿茶 09:03\n备注：\n6月27日 星期六\n到货\n\n"
        "2026年6月23日 星期二\n\n老段 10:00\n到了吗\n\n阿茶 10:05\n到了\n"
    )
    chat = read(text)
    assert times(chat) == ["06-22 09:00", "06-22 09:02", "06-22 09:03", "06-23 10:00", "06-23 10:05"]
    assert "6月27日 星期六" in chat.said[2].text


def test_what_stands_before_the_first_message_is_listed() -> None:
    chat = read("这段后面才是聊天\n\n阿茶 2026-06-20 09:00\n在\n老段 2026-06-20 09:01\n在\n")
    assert [(one.line, one.text) for one in chat.unread] == [(1, "这段后面才是聊天")]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lines_are_counted_as_editors_count_them(newline: str) -> None:
    chat = read(newline.join(["", "阿茶 2026-06-20 09:00", "一\u2028二", "", "老段 2026-06-20 09:01", "三", ""]))
    assert [line for line, _, _ in said(chat)] == [2, 5]


NAMES = some.sampled_from(["阿茶", "老段 3栋", "Mia🌿", "A:B", "小林(物业)", "10号楼"])
LINES = some.sampled_from(
    [
        "在",
        "到场  09:00",
        "[图片]",
        "明天 2026-06-29 08:00",
        "",
        "1. 两份",
        '"阿茶" 撤回了一条消息',
        "费用：98",
        "「阿茶：在」",
        "收到",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    some.lists(some.tuples(NAMES, some.lists(LINES, min_size=1, max_size=4)), min_size=3, max_size=12), some.booleans()
)
def test_no_line_is_lost(messages: list[tuple[str, list[str]]], spaced: bool) -> None:
    lines: list[str] = []
    for number, (who, body) in enumerate(messages):
        lines += [f"{who} 2026-06-20 09:{number:02}", *body, *([""] if spaced else [])]
    text = "\n".join(lines)
    chat = read(text)
    covered = {line for message in chat.messages for line in range(message.line, message.end_line + 1)}
    covered |= {one.line + n for one in chat.unread for n in range(one.lines)}
    filled = {number for number, line in enumerate(text.split("\n"), 1) if line.strip()}
    doubled = sum(note.count for note in chat.notes if note.code == "doubled")
    assert doubled or filled <= covered


def test_a_nickname_that_reads_like_a_label_is_a_member_when_it_comes_again_on_other_days() -> None:
    text = (
        "阿柚 2026/11/02 20:16\n周六共读，大家带书\n\n三日前 2026/11/03 08:41\n好的 已下单\n\n"
        "阿柚 2026/11/05 09:00\n记得带杯子\n\n三日前 2026/11/15 07:48\n读到第四章了\n"
    )
    assert [(line, who) for line, who, _ in said(read(text))] == [
        (1, "阿柚"),
        (4, "三日前"),
        (7, "阿柚"),
        (10, "三日前"),
    ]
