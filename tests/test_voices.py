"""Two people who give one matter differently: shown to the operator, never chosen."""

import pytest
from test_model_writer import NOW

from copilot.client import Copilot
from copilot.facts.voices import two_voices
from copilot.records import Draft
from copilot.settings import Settings


@pytest.mark.parametrize(
    ("text", "first", "second", "words"),
    [
        (
            "老板说一位150，可是群里海报写的是120，含一盒颜料",
            "一位150",
            "120",
            "老板说一位150，可是群里海报写的是120",
        ),
        ("店长说周六，财务说周日，说法不一", "周六", "周日", "店长说周六，财务说周日，说法不一"),
        (
            "教室在装修，校长那边说换到青年宫二楼，教务说换到文化馆 205，还没对上",
            "青年宫二楼",
            "文化馆 205",
            "校长那边说换到青年宫二楼，教务说换到文化馆 205，还没对上",
        ),
        ("小吴说名额18家，后来又说最多14家", "名额18家", "最多14家", "小吴说名额18家，后来又说最多14家"),
        ("Tina说集合6:45，Leo说还是7:00", "集合6:45", "还是7:00", "Tina说集合6:45，Leo说还是7:00"),
        ("集合地点老板说在东门，领队说在南广场，还没对上", "东门", "南广场", "老板说在东门，领队说在南广场，还没对上"),
    ],
)
def test_two_sayings_that_differ_are_read_with_the_words_that_hold_both(
    text: str, first: str, second: str, words: str
) -> None:
    told = two_voices(text)
    assert told
    assert (told.first, told.second, told.words) == (first, second, words)


@pytest.mark.parametrize(
    "text",
    [
        "老板说6点开始，但是海报写的也是6点",
        "上午张老师讲2节，下午李老师讲3节",
        "店长说周六开门，周日休息",
        "老板说带水杯，但是不提供热水",
        "一位150，含颜料",
    ],
)
def test_one_voice_and_sayings_that_agree_are_left_alone(text: str) -> None:
    assert two_voices(text) is None


BRIEF = "你给写一下发群里的通知：这周六14:00办手作课，报名找小竹接龙。老板说一位150，可是群里海报写的是120，含一盒颜料。限20人，现在报了9个，老板让写“只剩最后3个名额”催一催。"


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    home = tmp_path_factory.mktemp("home")
    return Copilot(Settings.load(home=home)).draft("announcement", BRIEF, writer="offline", now=NOW)


class TestAnAnnouncement:
    def test_shows_both_prices_and_leaves_the_place_open(self, draft: Draft) -> None:
        assert [one.code for one in draft.conflicts] == ["two-values"]
        assert "【待核实:一位150 还是 120】，含一盒颜料" in draft.text

    def test_says_nothing_of_what_the_boss_wants_written(self, draft: Draft) -> None:
        assert "老板" not in draft.text
        assert "名额" not in draft.text
        assert "限20人，现在报了9个" in draft.text
        assert any("只剩最后3个名额" in one.message for one in draft.findings)

    def test_is_not_titled_by_the_request(self, draft: Draft) -> None:
        assert "你给写" not in draft.text
