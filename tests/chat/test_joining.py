"""Entries become one transcript: one name a member, replies found, order restored, doubles dropped once."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from copilot.chat.formats.base import Chat, Entry
from copilot.chat.formats.wechat_text import FORMATS
from copilot.chat.joining import join
from copilot.chat.records import Transcript

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime.fromisoformat("2026-06-20T09:00:00")


def entry(line: int, name: str = "阿茶", minute: int | None = None, text: str = "在", **fields: Any) -> Entry:
    time = None if minute is None else START + timedelta(minutes=minute)
    return Entry(line=line, name=name, time=time, precision="minute", text=text, **fields)


def joined(*pieces: list[Entry]) -> Transcript:
    return join([Chat(piece) for piece in pieces], FORMATS[0], ZONE)


def test_a_member_is_shown_under_the_name_used_most() -> None:
    chat = joined(
        [entry(n, name, n, sender_id="7") for n, name in enumerate(["旧名", "新名", "新名", "", "123456"], 1)]
    )
    assert {message.sender for message in chat.messages} == {"新名"}
    assert [message.shown for message in chat.messages][:2] == ["旧名", "新名"]


def test_a_member_without_a_name_has_its_id() -> None:
    assert joined([entry(1, "", 0, sender_id="30012211")]).messages[0].sender == "30012211"


def test_two_members_of_one_name_are_told_apart_and_it_is_said() -> None:
    chat = joined(
        [entry(1, "小王", 0, sender_id="1"), entry(2, "小王", 1, sender_id="2"), entry(3, "小王", 2, sender_id="1")]
    )
    assert [message.sender for message in chat.messages] == ["小王", "小王(2)", "小王"]
    assert [note.code for note in chat.notes] == ["same_name"]


def test_replies_are_found_by_id_and_by_words() -> None:
    first = entry(1, "老段", 0, "周六几点出发，从北门还是南门", source_id="a")
    chat = joined(
        [
            first,
            entry(2, "老段", 1, "周六几点"),
            entry(3, "阿茶", 2, "北门", reply_id="a"),
            entry(4, "小鹿", 3, "南门", reply_name="老段", reply_text="周六几点出发，从北门还是…"),
            entry(5, "小鹿", 4, "?", reply_name="老段", reply_text="没说过这句"),
        ]
    )
    assert [message.reply and message.reply.id for message in chat.messages] == [None, None, "m1", "m1", ""]


def test_what_has_no_time_stays_behind_what_stands_before_it() -> None:
    notice = Entry(line=2, kind="system", notice="join", text="x")
    chat = joined([entry(1, minute=5, text="晚"), notice, entry(3, minute=0, text="早")])
    assert [message.line for message in chat.messages] == [3, 1, 2]
    assert next(note.count for note in chat.notes if note.code == "sorted") == 1


def test_times_of_other_zones_are_put_in_the_operators() -> None:
    utc = Entry(line=1, name="A", time=datetime.fromisoformat("2026-06-20T01:00:00+00:00"), precision="second")
    moment = joined([utc]).messages[0].time
    assert moment is not None
    assert moment.hour == 9


def test_a_paste_that_overlaps_but_lacks_a_recalled_message_is_still_the_same() -> None:
    first = [entry(n, f"成员{n % 3}", n, f"第{n}句话") for n in range(1, 9)]
    second = [entry(20 + n, f"成员{n % 3}", n, f"第{n}句话") for n in range(4, 12) if n != 6]
    chat = joined(first, second)
    assert len(chat.messages) == 11


def test_pastes_without_times_overlap_only_end_to_beginning() -> None:
    words = [entry(n, text=f"第{n}句") for n in range(1, 6)]
    again = [entry(10 + n, text=f"第{n}句") for n in range(4, 9)]
    assert len(joined(words, again).messages) == 8
    assert len(joined(words, [entry(20, text="第2句"), entry(21, text="别的")]).messages) == 7


@given(
    some.lists(some.tuples(some.integers(0, 30), some.sampled_from("甲乙丙"), some.sampled_from("12是")), max_size=40)
)
def test_within_one_paste_nothing_is_dropped(said: list[tuple[int, str, str]]) -> None:
    entries = [entry(n, who, minute, text) for n, (minute, who, text) in enumerate(sorted(said), 1)]
    assert len(joined(entries).messages) == len(entries)


@given(some.integers(2, 30), some.integers(0, 30), some.integers(0, 30))
def test_two_pastes_of_one_chat_give_each_message_once(size: int, cut: int, back: int) -> None:
    whole = [(n, f"成员{n % 4}", n // 2, f"第{n}句话，长一点") for n in range(size)]
    cut, back = min(cut, size), min(back, cut := min(cut, size))
    first, second = whole[:cut], whole[cut - back :]
    chat = joined([entry(*one) for one in first], [entry(100 + one[0], *one[1:]) for one in second])
    assert [message.text for message in chat.messages] == [one[3] for one in whole]
