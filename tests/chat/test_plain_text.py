"""One message a line, and names with a colon above the words."""

from zoneinfo import ZoneInfo

import pytest

from copilot.chat.reading import read_chat
from copilot.chat.records import Transcript
from copilot.errors import InputError

ZONE = ZoneInfo("Asia/Shanghai")


def read(text: str) -> Transcript:
    return read_chat(text, zone=ZONE)


def pairs(chat: Transcript) -> list[tuple[str, str]]:
    return [(message.sender, message.text) for message in chat.said]


def test_names_that_come_again_make_messages() -> None:
    chat = read("阿茶：周六去吗\n老段：去\n阿茶：几点\n老段：8点，注意：带伞\n小鹿：我也去\n阿茶：好\n")
    assert pairs(chat)[3] == ("老段", "8点，注意：带伞")
    assert len(chat.said) == 6
    assert "plain_names" in {note.code for note in chat.notes}
    assert {message.time for message in chat.said} == {None}


@pytest.mark.parametrize(
    "line",
    [
        "[2026-06-20 09:0{n}] {who}: {text}",
        "2026-06-20 09:0{n}:00 {who}：{text}",
        "{who} (2026-06-20 09:0{n}):{text}",
        "{who} 2026/6/20 09:0{n}：{text}",
        "【2026年6月20日 09:0{n}】{who}：{text}",
    ],
)
def test_a_time_may_stand_before_or_behind_the_name(line: str) -> None:
    said = [("阿茶", "周六去吗"), ("老段", "8:30 出发：别迟到"), ("小鹿", "[图片]"), ("阿茶", "http://a.example/x")]
    chat = read("\n".join(line.format(n=n, who=who, text=text) for n, (who, text) in enumerate(said)))
    assert pairs(chat) == said
    assert [message.time.minute for message in chat.said if message.time] == [0, 1, 2, 3]
    assert chat.said[2].kind == "image"


def test_a_name_and_a_colon_alone_have_the_words_below() -> None:
    chat = read("阿茶:\n周六去吗\n8点\n\n老段: \n去\n\n阿茶:\n好\n")
    assert pairs(chat) == [("阿茶", "周六去吗\n8点"), ("老段", "去"), ("阿茶", "好")]


def test_lines_after_a_message_belong_to_it() -> None:
    chat = read("09:01 阿茶：清单\n1. 米\n2. 面\n09:03 老段：收到\n09:04 阿茶：好\n")
    assert pairs(chat)[0] == ("阿茶", "清单\n1. 米\n2. 面")


def test_an_announcement_with_fields_is_no_chat() -> None:
    with pytest.raises(InputError):
        read("时间：周六\n地点：北门\n费用：98\n时间：周日\n地点：南门\n费用：68\n")
