"""LINE exports: languages, lines over several lines, days, notices, and the desktop app's spaces."""

from datetime import datetime

import pytest
from importing import chat_of

from copilot.chat.formats.base import Chat

JAPANESE = "[LINE] 山歩きの会のトーク履歴\n保存日時：2025/6/14 21:09\n\n"


def read(text: str) -> Chat:
    return chat_of(text, "line")


def test_tabs_part_time_name_and_text_below_the_day() -> None:
    chat = read(f"{JAPANESE}2025/5/3(土)\n9:20\t健太\tおはよう\n午後9:21\tMei Lin\t你好\n")
    assert chat.group == "山歩きの会"
    assert [(entry.line, entry.name, entry.text, entry.time) for entry in chat.entries] == [
        (5, "健太", "おはよう", datetime.fromisoformat("2025-05-03T09:20")),
        (6, "Mei Lin", "你好", datetime.fromisoformat("2025-05-03T21:21")),
    ]
    assert not chat.unread
    assert not chat.notes


@pytest.mark.parametrize(
    ("head", "group"),
    [
        ("[LINE] Chat history in Hikers", "Hikers"),
        ("[LINE] Chat history with Kim", "Kim"),
        ("[LINE] 健太とのトーク履歴", "健太"),
        ("[LINE] 與登山隊的聊天記錄", "登山隊"),
        ("[LINE] 登山队的聊天记录", "登山队"),
    ],
)
def test_the_first_line_names_the_chat_in_every_language(head: str, group: str) -> None:
    assert read(f"{head}\nSaved on: 2025/5/3 20:00\n\n2025/5/3(土)\n9:20\tA\thi\n").group == group


@pytest.mark.parametrize(
    "day",
    ["2025/5/3(土)", "2025/5/3（六）", "2025.05.03 Saturday", "2025.05.03 星期六", "Sat, 5/3/2025", "2025/5/3周六"],
)
def test_a_day_is_read_however_it_is_written(day: str) -> None:
    chat = read(f"{JAPANESE}{day}\n下午04:46\tA\thi\n7:18 AM\tB\tyo\nSat, 5/31/2025\n9:00\tA\tx\n")
    assert chat.entries[0].time == datetime.fromisoformat("2025-05-03T16:46")
    assert chat.entries[1].time == datetime.fromisoformat("2025-05-03T07:18")


def test_a_body_over_several_lines_loses_its_quotes_and_may_hold_a_day() -> None:
    chat = read(
        f'{JAPANESE}2025/5/3(土)\n9:20\tA\t"予定です\n2025/05/09(金)\n""六時""に集合"\n9:25\tB\t"了解\n\n2025/5/4(日)\n8:00\tA\tはい\n'
    )
    assert [entry.text for entry in chat.entries] == ['予定です\n2025/05/09(金)\n"六時"に集合', '"了解', "はい"]
    assert [entry.time.day for entry in chat.entries if entry.time] == [3, 3, 4]
    assert (chat.entries[0].line, chat.entries[0].end_line) == (5, 7)


def test_a_day_in_the_middle_of_a_body_without_quotes_is_the_members_own() -> None:
    chat = read(
        f"{JAPANESE}2025/5/3(土)\n9:20\tA\t候補日\n2025/05/09(金)\nどうですか\n9:25\tB\tいいね 2025/05/09(金)\n"
    )
    assert [entry.text for entry in chat.entries] == ["候補日\n2025/05/09(金)\nどうですか", "いいね 2025/05/09(金)"]
    assert {entry.time.day for entry in chat.entries if entry.time} == {3}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("[スタンプ]", "sticker"),
        ("[照片]", "image"),
        ("[Video]", "video"),
        ("[ボイスメッセージ]", "voice"),
        ("[檔案]", "file"),
        ("☎ 通話時間0:53", "call"),
        ("Photos", "image"),
        ("[null] https://maps.google.com/?q=1,2", "location"),
        ("写真を送ったよ", "text"),
    ],
)
def test_what_is_no_text_is_told(body: str, kind: str) -> None:
    chat = read(f"{JAPANESE}2025/5/3(土)\n9:20\tA\t{body}\n9:21\tB\tはい\n")
    assert chat.entries[0].kind == kind


@pytest.mark.parametrize(
    ("line", "notice"),
    [
        ("9:20\tAがメッセージの送信を取り消しました", "recall"),
        ("9:20\t\tA已收回訊息", "recall"),
        ("9:20\t\tKimがグループに参加しました。", "join"),
        ("9:20\tKim left the group.", "leave"),
        ("9:20\t\tA已離開群組", "leave"),
    ],
)
def test_lines_without_a_sender_are_notices(line: str, notice: str) -> None:
    chat = read(f"{JAPANESE}2025/5/3(土)\n{line}\n9:21\tB\tはい\n")
    assert (chat.entries[0].kind, chat.entries[0].notice, chat.entries[0].name) == ("system", notice, "")


def test_a_members_own_unsent_message_has_no_text() -> None:
    chat = read(f"{JAPANESE}2025/5/3(土)\n9:20\tA\tMessage unsent.\n9:21\tB\tはい\n")
    assert (chat.entries[0].kind, chat.entries[0].name, chat.entries[0].text) == ("recall", "A", "")


def test_the_one_line_layout_has_the_day_in_each_line() -> None:
    chat = read("2025/05/03(土) 10:32\t健太\tこんにちは\n2025/05/04(日) 9:00\tMei\tはい\n")
    assert [entry.time for entry in chat.entries] == [
        datetime.fromisoformat("2025-05-03T10:32"),
        datetime.fromisoformat("2025-05-04T09:00"),
    ]


def test_the_desktop_layout_finds_names_with_spaces_by_how_often_they_return() -> None:
    lines = [f"16:1{minute} Mary Ann {text}" for minute, text in enumerate(["hi", "see you", "ok then", "good", "yes"])]
    chat = read(
        "[LINE] Chat history in Hikers\nSaved on: 2025/5/3 20:00\n\n2025.05.03 Saturday\n"
        + "\n".join([*lines, "16:20 Bo fine by me", "16:21 Kim已收回訊息"])
        + "\n"
    )
    assert {entry.name for entry in chat.entries[:5]} == {"Mary Ann"}
    assert (chat.entries[5].name, chat.entries[5].text) == ("Bo", "fine by me")
    assert (chat.entries[6].kind, chat.entries[6].notice) == ("system", "recall")


def test_words_above_the_messages_are_listed() -> None:
    chat = read("履歴です\n\n2025/5/3(土)\n9:20\tA\tおはよう\n9:21\tB\tはい\n")
    assert [(one.line, one.text) for one in chat.unread] == [(1, "履歴です")]
