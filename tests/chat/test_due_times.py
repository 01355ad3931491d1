"""By when something is due, counted from when it was said."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from copilot.chat.due_times import read_due

SAID = datetime(2026, 10, 14, 20, 50, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Wednesday evening


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("今晚22点前发回来", "10-14 22:00"),
        ("9点前弄完", "10-14 21:00"),
        ("我明天上午找仓库,中午12点前回大家", "10-15 12:00"),
        ("下午给大家说", "10-15 18:59"),
        ("周日13:30集合", "10-18 13:30"),
        ("会议号周六晚发", "10-17 23:59"),
        ("半小时后发", "10-14 21:20"),
        ("24小时内回复", "10-15 20:50"),
        ("月底前一定可用", "10-31 23:59"),
    ],
)
def test_the_time_is_counted_from_the_message(text: str, due: str) -> None:
    found, words = read_due(text, SAID)

    assert found is not None
    assert found.strftime("%m-%d %H:%M") == due
    assert found.tzinfo == SAID.tzinfo
    assert words in text


@pytest.mark.parametrize(("text", "words"), [("现在退", "现在"), ("我马上看", "马上"), ("好的", "")])
def test_a_vague_time_is_kept_in_words_only(text: str, words: str) -> None:
    assert read_due(text, SAID) == (None, words)


def test_an_hour_that_has_passed_looks_back() -> None:
    assert read_due("厂家9点更新的公告", SAID)[0] is None
