"""QQ's own export: its newlines, numbers, titles, several chats in a file, and notices."""

from datetime import datetime

import pytest
from importing import chat_of, chats_of

BANNER = "消息记录（此消息记录为文本格式，不支持重新导入）\r\n\r\n"
RULE = "=" * 64


def section(group: str, *records: tuple[str, str]) -> str:
    said = "".join(f"{header}\r\n{body}\r\n\r\n" for header, body in records)
    return f"{RULE}\r\n消息分组:我的QQ群\r\n{RULE}\r\n消息对象:{group}\r\n{RULE}\r\n\r\n{said}"


def export(*records: tuple[str, str]) -> str:
    return BANNER + section("钓友群", *records)


def test_records_have_numbers_times_and_lines() -> None:
    chat = chat_of(
        export(
            ("2024-10-13 8:04:30 【管理员】老秦(8812001)", "明早五点集合"),
            ("2024-10-13 20:05:18 小满(补考版)(3001220)", "收到"),
        ),
        "qq-text",
    )
    assert chat.group == "钓友群"
    assert [(entry.line, entry.name, entry.sender_id, entry.text) for entry in chat.entries] == [
        (9, "老秦", "8812001", "明早五点集合"),
        (12, "小满(补考版)", "3001220", "收到"),
    ]
    assert [entry.time for entry in chat.entries] == [
        datetime.fromisoformat("2024-10-13T08:04:30"),
        datetime.fromisoformat("2024-10-13T20:05:18"),
    ]
    assert not chat.unread


def test_newlines_inside_words_are_lf_or_cr_and_a_record_ends_in_crlf() -> None:
    pasted = "看这段\n2024-10-01 09:00:00 别人(5550001)\n转来的话\r最后一行"
    chat = chat_of(
        export(("2024-10-13 8:04:30 老秦(8812001)", pasted), ("2024-10-13 8:05:00 阿坡(8812002)", "\n\n晚点")),
        "qq-text",
    )
    assert [entry.text for entry in chat.entries] == [
        "看这段\n2024-10-01 09:00:00 别人(5550001)\n转来的话\n最后一行",
        "晚点",
    ]
    assert [(entry.line, entry.end_line) for entry in chat.entries] == [(9, 12), (14, 17)]


def test_a_header_stuck_to_words_is_pasted_where_blank_lines_part_the_records() -> None:
    text = export(
        ("2024-10-13 8:04:30 老秦(8812001)", "早"),
        ("2024-10-13 8:05:30 阿坡(8812002)", "他昨天说\r\n2024-10-12 21:00:00 老秦(8812001)\r\n不去了"),
        ("2024-10-13 8:06:30 老秦(8812001)", "我没说过"),
        ("2024-10-13 8:07:30 阿坡(8812002)", "好吧"),
    )
    for written in (text, text.replace("\r\n", "\n")):
        chat = chat_of(written, "qq-text")
        assert len(chat.entries) == 4
        assert "不去了" in chat.entries[1].text


@pytest.mark.parametrize(
    ("who", "name", "number"),
    [
        ("老秦<qin@example.com>", "老秦", "qin@example.com"),
        ("(30012201)", "", "30012201"),
        ("30012201(30012201)", "30012201", "30012201"),
        ("【专业】林工(30012201)", "【专业】林工", "30012201"),
        ("【LV4 冒泡】【群主】林工(30012201)", "林工", "30012201"),
        ("系统消息(30012201)", "系统消息", "30012201"),
    ],
)
def test_the_last_brackets_are_the_number_and_only_known_titles_go(who: str, name: str, number: str) -> None:
    chat = chat_of(export((f"2024-10-13 8:04:30 {who}", "早"), ("2024-10-13 8:05:30 阿坡(8812002)", "早")), "qq-text")
    assert (chat.entries[0].name, chat.entries[0].sender_id, chat.entries[0].kind) == (name, number, "text")


def test_notices_come_under_qqs_own_number_or_without_any() -> None:
    chat = chat_of(
        export(
            ("2024-10-13 8:04:30 系统消息(10000)", "阿坡撤回了一条消息"),
            ("2024-10-13 8:05:30 系统消息(1000000)", "小林加入本群。"),
            ("2024-10-13 8:06:30 阿坡(8812002)", "说错了\r\n\r\n阿坡撤回了一条消息"),
            ("2024-10-13 8:07:30 阿坡(8812002)", "谁撤回了一条消息\r\n我没看到"),
            ("2024-10-13 8:08:30 阿坡(8812002)", ""),
        ),
        "qq-text",
    )
    told = [(entry.kind, entry.notice, entry.name, entry.text) for entry in chat.entries]
    assert told[:4] == [
        ("system", "recall", "", "阿坡撤回了一条消息"),
        ("system", "join", "", "小林加入本群。"),
        ("text", "", "阿坡", "说错了"),
        ("system", "recall", "", "阿坡撤回了一条消息"),
    ]
    assert told[4:] == [("text", "", "阿坡", "谁撤回了一条消息\n我没看到"), ("text", "", "阿坡", "")]
    assert chat.entries[3].line == 18


def test_a_file_of_all_records_holds_several_chats() -> None:
    text = (
        BANNER
        + section("钓友群", ("2024-10-13 8:04:30 老秦(8812001)", "早"))
        + section("老秦", ("2024-10-13 9:04:30 老秦", "在吗"), ("2024-10-13 9:05:30 我(2024)", "在"))
    )
    group, private = chats_of(text, "qq-text")
    assert (group.group, len(group.entries), private.group) == ("钓友群", 1, "老秦")
    assert [(entry.name, entry.sender_id) for entry in private.entries] == [("老秦", ""), ("我(2024)", "")]


def test_english_clocks_are_read() -> None:
    chat = chat_of("2019-09-23 8:43:38 PM 小林(30012201)\n早\n\n2019-09-24 12:01:00 AM 阿坡(8812002)\n晚\n", "qq-text")
    assert [entry.time for entry in chat.entries] == [
        datetime.fromisoformat("2019-09-23T20:43:38"),
        datetime.fromisoformat("2019-09-24T00:01"),
    ]


def test_words_above_the_records_are_listed() -> None:
    chat = chat_of(
        "我整理的\n\n2019-09-23 8:43:38 小林(30012201)\n早\n\n2019-09-24 12:01:00 阿坡(8812002)\n晚\n", "qq-text"
    )
    assert [(one.line, one.text) for one in chat.unread] == [(1, "我整理的")]
