"""What is copied from QQ's windows: headers of every locale, days carried on, notices between messages."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from importing import chat_of

from copilot.chat.formats.base import Chat, Setting, Source
from copilot.chat.formats.registry import find


def read(text: str, today: datetime | None = None) -> Chat:
    [chat] = find("qq-clipboard").read(Source("", text), Setting(ZoneInfo("Asia/Shanghai"), today))
    return chat


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ("2022-11-17\u00a0 21:37:26", datetime.fromisoformat("2022-11-17T21:37:26")),
        ("2022/11/7 9:07:26", datetime.fromisoformat("2022-11-07T09:07:26")),
        ("11/17/2022 9:37:26 PM", datetime.fromisoformat("2022-11-17T21:37:26")),
        ("2022/11/17 星期四 下午 9:37:26", datetime.fromisoformat("2022-11-17T21:37:26")),
    ],
)
def test_headers_follow_the_locale_of_windows(stamp: str, moment: datetime) -> None:
    chat = chat_of(f"【冒泡】阿 坡 {stamp}\n早\n第二行\n\n老秦 {stamp}\n好\n", "qq-clipboard")
    assert [(entry.line, entry.name, entry.text, entry.time) for entry in chat.entries] == [
        (1, "阿 坡", "早\n第二行", moment),
        (5, "老秦", "好", moment),
    ]


def test_todays_messages_have_a_clock_only() -> None:
    text = "【群友】阿坡\u00a0 23:19:33  \n睡了\n  \n【群主】老秦\u00a0 0:20:22  \n还早\n"
    chat = chat_of(text, "qq-clipboard")
    assert [entry.time for entry in chat.entries] == [None, None]
    assert [entry.precision for entry in chat.entries] == ["none", "none"]
    told = read(text, datetime.fromisoformat("2024-05-06T10:00"))
    assert [entry.time for entry in told.entries] == [
        datetime.fromisoformat("2024-05-05T23:19:33"),
        datetime.fromisoformat("2024-05-06T00:20:22"),
    ]


def test_a_date_is_carried_on_and_past_midnight_and_said() -> None:
    chat = read("阿坡 5/8/2020 11:59:47 PM\n1\n\n老秦 11:59:40 PM\n2\n\n老秦 12:03:01 AM\n3\n")
    assert [entry.time for entry in chat.entries] == [
        datetime.fromisoformat("2020-05-08T23:59:47"),
        datetime.fromisoformat("2020-05-08T23:59:40"),
        datetime.fromisoformat("2020-05-09T00:03:01"),
    ]
    assert [note.code for note in chat.notes] == ["date_order", "midnight"]


def test_the_message_manager_has_numbers_days_and_no_blank_lines() -> None:
    chat = chat_of(
        "阿坡(958884) 3:13:28 AM\n“早”\n老秦<qin@example.com> 上午 3:14:30\n好\n 2020-02-27\n8:35:36 PM你撤回了一条消息\n"
        " 2020-03-03\n阿坡(958884) 12:11:41 AM\n再说\n",
        "qq-clipboard",
    )
    assert [(entry.line, entry.name, entry.sender_id, entry.kind) for entry in chat.entries] == [
        (1, "阿坡", "958884", "text"),
        (3, "老秦", "qin@example.com", "text"),
        (6, "", "", "system"),
        (8, "阿坡", "958884", "text"),
    ]
    assert [entry.time for entry in chat.entries[2:]] == [
        datetime.fromisoformat("2020-02-27T20:35:36"),
        datetime.fromisoformat("2020-03-03T00:11:41"),
    ]
    assert chat.entries[1].text == "好"


def test_the_phone_writes_the_day_between_rules() -> None:
    chat = chat_of("— —  2020-2-21  — —\n\n阿坡  23:50:12 \n1\n\na dark idea  23:50:40 \n2\n", "qq-clipboard")
    assert [(entry.name, entry.time) for entry in chat.entries] == [
        ("阿坡", datetime.fromisoformat("2020-02-21T23:50:12")),
        ("a dark idea", datetime.fromisoformat("2020-02-21T23:50:40")),
    ]
    assert not chat.unread


def test_a_dice_bots_log_has_the_number_before_the_time() -> None:
    chat = chat_of("暗(12345) 2021-11-08 04:07:37\n1\n\n骰娘(7890) 2021-11-08 04:07:39\nD100=50\n", "qq-clipboard")
    assert [(entry.name, entry.sender_id) for entry in chat.entries] == [("暗", "12345"), ("骰娘", "7890")]


def test_notices_between_messages_are_peeled_off() -> None:
    chat = read(
        "阿坡 2020/3/28 19:02:31\n说错了\n\n阿坡撤回了一条消息\n\n小林加入本群。\n\n老秦 2020/3/28 19:03:31\n\n你撤回了一条消息\n\n"
        "老秦 2020/3/28 19:04:31\n有人撤回了一条消息，我看到了\n"
    )
    assert [(entry.line, entry.kind, entry.notice, entry.text) for entry in chat.entries] == [
        (1, "text", "", "说错了"),
        (4, "system", "recall", "阿坡撤回了一条消息"),
        (6, "system", "join", "小林加入本群。"),
        (8, "text", "", ""),
        (10, "system", "recall", "你撤回了一条消息"),
        (12, "text", "", "有人撤回了一条消息，我看到了"),
    ]


def test_a_time_inside_words_is_no_header() -> None:
    chat = read(
        "阿坡 2020/3/28 19:02:31\n安排如下\n比赛开始 2020/4/1 09:00:00\n结束 12:00:00\n\n老秦 2020/3/28 19:03:31\n好\n\n"
        "阿坡 2020/3/28 19:04:31\n嗯\n\n老秦 2020/3/28 19:05:31\n走\n\n阿坡 2020/3/28 19:06:31\n走\n\n老秦 2020/3/28 19:07:31\n在\n\n"
        "阿坡 2020/3/28 19:08:31\n在\n\n老秦 2020/3/28 19:09:31\n收\n\n"
    )
    assert len(chat.entries) == 8
    assert chat.entries[0].end_line == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("阿坡(wxid_a1b2) 2024-01-01 10:00:00\n早\n\n老秦(我) 2024-01-01 10:01:00\n早\n\n", "chatlog-text"),
        ("阿坡 2024-05-06 12:03\n早\n\n老秦 2024-05-06 12:04\n早\n", "wechat-text"),
    ],
)
def test_other_exporters_headers_are_not_taken(text: str, expected: str) -> None:
    chat_of(text, expected)
