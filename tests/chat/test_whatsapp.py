"""WhatsApp exports: Android and iOS, locales, notices, media, and what only looks like a header."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from copilot.chat.formats.base import Chat, Setting, Source
from copilot.chat.formats.whatsapp import FORMATS

SHANGHAI = ZoneInfo("Asia/Shanghai")
[WHATSAPP] = FORMATS


def read(text: str, name: str = "_chat.txt") -> Chat:
    source = Source(name, text)
    assert WHATSAPP.sniff(source) >= 0.5
    [chat] = WHATSAPP.read(source, Setting(SHANGHAI))
    return chat


def test_android_lines_become_messages_with_names_times_and_lines() -> None:
    chat = read("25/03/24, 20:10 - 阿桂: 明天几点集合\n25/03/24, 20:12 - Li Na: 八点\n八点半也行\n")
    assert [(entry.line, entry.end_line, entry.name, entry.text) for entry in chat.entries] == [
        (1, 1, "阿桂", "明天几点集合"),
        (2, 3, "Li Na", "八点\n八点半也行"),
    ]
    assert chat.entries[0].time == datetime.fromisoformat("2024-03-25T20:10")
    assert chat.entries[0].precision == "minute"
    assert not chat.zone_known


def test_ios_lines_with_crlf_and_chinese_half_days_are_read() -> None:
    chat = read("[2024/3/25 下午8:10:05] 阿桂: 到了\r\n\u200e[2024/3/25 上午12:01:00] 小鹿: \u200e图片已略去\r\n")
    assert [entry.time for entry in chat.entries] == [
        datetime.fromisoformat("2024-03-25T20:10:05"),
        datetime.fromisoformat("2024-03-25T00:01"),
    ]
    assert [entry.kind for entry in chat.entries] == ["text", "image"]
    assert chat.notes == []


def test_messages_copied_from_whatsapp_web_are_read() -> None:
    chat = read("[20:10, 2024/3/25] 阿桂: 到了\n[20:11, 2024/3/25] 小鹿: 好\n")
    assert [(entry.name, entry.time) for entry in chat.entries] == [
        ("阿桂", datetime.fromisoformat("2024-03-25T20:10")),
        ("小鹿", datetime.fromisoformat("2024-03-25T20:11")),
    ]


def test_lines_without_a_sender_are_notices_and_one_with_a_colon_in_quotes_too() -> None:
    chat = read(
        "3/25/24, 08:00 - Messages and calls are end-to-end encrypted. Tap to learn more.\n"
        "3/25/24, 08:01 - Bo created group “Trail crew”\n"
        "3/25/24, 08:02 - Bo added Kim\n"
        "3/25/24, 08:03 - Bo changed the subject to “Trail: spring”\n"
        "3/25/24, 08:04 - Kim left\n"
        "3/25/24, 08:05 - Bo: I added sugar, who removed the salt?\n"
        "3/25/24, 08:06 - Bo: ok\n"
    )
    assert [entry.kind for entry in chat.entries] == ["system"] * 5 + ["text"] * 2
    assert [entry.notice for entry in chat.entries[:5]] == ["other", "setting", "join", "rename", "leave"]
    assert chat.group == "Trail: spring"


def test_the_chats_own_name_in_front_of_notices_is_nobody() -> None:
    chat = read(
        "[25.03.24, 08:00:00] Trail crew: \u200eMessages and calls are end-to-end encrypted.\n"
        "[25.03.24, 08:00:10] Trail crew: \u200eBo created this group\n"
        "[25.03.24, 08:01:00] Bo: hi\n"
    )
    assert [(entry.kind, entry.name) for entry in chat.entries] == [("system", ""), ("system", ""), ("text", "Bo")]


def test_a_sender_of_real_messages_is_no_notice_board() -> None:
    chat = read(
        "[25.03.24, 08:00:00] Bo: \u200eMessages and calls are end-to-end encrypted.\n"
        "[25.03.24, 08:01:00] Bo: hi\n[25.03.24, 08:02:00] Kim: hello\n"
    )
    assert [entry.kind for entry in chat.entries] == ["system", "text", "text"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<Media omitted>", "other"),
        ("<省略多媒体文件>", "other"),
        ("\u200eimage omitted", "image"),
        ("\u200e影片已略去", "video"),
        ("\u200e貼圖已略去", "sticker"),
        ("\u200eAudio weggelassen", "voice"),
        ("IMG-20240325-WA0001.jpg (file attached)", "image"),
        ("\u200e<attached: 00000012-PTT-2024.opus>", "voice"),
        ("\u200e<附件: 合同.pdf>", "file"),
        ("\u200e报名表.pdf • \u200e3 pages \u200edocument omitted", "file"),
        ("location: https://maps.google.com/?q=31.2,121.4", "location"),
        ("Missed voice call", "call"),
        ("POLL:\n去哪里?\nOPTION: 山里 (2 votes)", "poll"),
        ("这是午饭 <Media omitted>", "text"),
        ("IMG-20240325-WA0001.jpg (file attached)\n早上的雾", "text"),
        ("<3 大家", "text"),
    ],
)
def test_a_medium_without_words_is_told_from_words(body: str, kind: str) -> None:
    chat = read(f"25/03/24, 20:10 - 阿桂: {body}\n25/03/24, 20:12 - Li Na: 好的\n")
    assert chat.entries[0].kind == kind


@pytest.mark.parametrize(
    "body", ["This message was deleted", "\u200e此訊息已刪除", "你已刪除此訊息。", "这条消息已删除"]
)
def test_a_deleted_message_is_a_recall_without_text(body: str) -> None:
    chat = read(f"25/03/24, 20:10 - 阿桂: {body}\n25/03/24, 20:12 - Li Na: 好的\n")
    assert (chat.entries[0].kind, chat.entries[0].text) == ("recall", "")


def test_the_mark_of_an_edit_is_taken_off() -> None:
    chat = read("25/03/24, 20:10 - 阿桂: 九点 \u200e<This message was edited>\n25/03/24, 20:12 - Li Na: 好的\n")
    assert chat.entries[0].text == "九点"


def test_mentions_are_names_between_isolates_and_numbers_of_members() -> None:
    chat = read(
        "25/03/24, 20:10 - +86 138 0000 0000: 我来\n"
        "25/03/24, 20:11 - 阿桂: @\u2068Li Na\u2069 和 @8613800000000 一起\n25/03/24, 20:12 - Li Na: 好的\n"
    )
    assert chat.entries[1].mentions == ("Li Na", "+86 138 0000 0000")


def test_an_unsaved_contacts_tilde_and_invisible_marks_are_no_part_of_the_name() -> None:
    chat = read("[25.03.24, 08:01:00] ~\u202fBo: hi\n[25.03.24, 08:02:00] \u200eBo: again\n")
    assert {entry.name for entry in chat.entries} == {"Bo"}


def test_a_body_that_looks_like_another_styles_header_stays_in_its_message() -> None:
    pasted = "[20:03, 5/6/2024] Kim: can you come?\n[20:04, 5/6/2024] Bo: yes"
    rows = "".join(f"25/03/24, 20:{minute} - Bo: line {minute}\n" for minute in range(20, 42))
    chat = read(f"{rows}25/03/24, 20:45 - Bo: he wrote this:\n{pasted}\n25/03/24, 20:46 - Kim: I see\n")
    assert len(chat.entries) == 24
    assert chat.entries[22].text == f"he wrote this:\n{pasted}"


def test_a_line_that_begins_with_a_date_is_no_header() -> None:
    chat = read("25/03/24, 20:10 - 阿桂: 时间表\n26/03/24 上山\n27/03/24, 8:00 下山\n25/03/24, 20:12 - Li Na: 好\n")
    assert [entry.line for entry in chat.entries] == [1, 4]


def test_a_text_right_after_the_colon_belongs_to_a_known_sender() -> None:
    chat = read("2026/7/9, 02:28 - Bob: Hi\n2026/7/9, 02:29 - Bob:ok?\n2026/7/9, 02:30 - 12:30 is fine\n")
    assert [(entry.kind, entry.name, entry.text) for entry in chat.entries[:2]] == [
        ("text", "Bob", "Hi"),
        ("text", "Bob", "ok?"),
    ]


def test_day_and_month_are_one_decision_said_in_a_note() -> None:
    chat = read("03/04/24, 20:10 - 阿桂: 一\n28/04/24, 20:12 - Li Na: 二\n")
    assert [entry.time for entry in chat.entries] == [
        datetime.fromisoformat("2024-04-03T20:10"),
        datetime.fromisoformat("2024-04-28T20:12"),
    ]
    assert [note.code for note in chat.notes] == ["date_order"]


@pytest.mark.parametrize(
    "name",
    [
        "WhatsApp Chat with 登山队.txt",
        "WhatsApp Chat - 登山队.zip",
        "与登山队的 WhatsApp 聊天.txt",
        "與「登山队」的 WhatsApp 對話.txt",
    ],
)
def test_the_file_name_gives_the_chats_name(name: str) -> None:
    chat = read("25/03/24, 20:10 - 阿桂: 早\n25/03/24, 20:12 - Li Na: 早\n", name)
    assert chat.group == "登山队"


def test_what_stands_before_the_first_message_is_listed() -> None:
    chat = read("导出说明\n25/03/24, 20:10 - 阿桂: 早\n25/03/24, 20:12 - Li Na: 早\n")
    assert [(unread.line, unread.text) for unread in chat.unread] == [(1, "导出说明")]


@pytest.mark.parametrize(
    "text",
    [
        "阿桂 2024-05-06 08:00\n早\n小鹿 2024-05-06 08:01\n早\n",
        "[1/15/2024 10:30 AM] Alice\nHello\n",
        "9:20\tA\tおは\n9:21\tB\tはい\n",
    ],
)
def test_other_apps_chats_are_not_taken(text: str) -> None:
    assert WHATSAPP.sniff(Source("", text)) == 0


def test_a_name_may_hold_a_colon() -> None:
    chat = read("2026/9/9 12:40 - 今日心情:晴转多云: 有人在吗\n2026/9/9 12:41 - 阿芦: 在\n")
    assert [(entry.name, entry.text) for entry in chat.entries] == [("今日心情:晴转多云", "有人在吗"), ("阿芦", "在")]
