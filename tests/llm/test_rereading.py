"""The second reading sees what was planted, and has nothing against a true text. These need no model."""

import pytest
from rereading import own_words, unbacked

from copilot import Copilot, Settings
from copilot.evaluation.scenarios import read_scenarios
from copilot.settings import PROMPTS

BRIEF = """
时间：2026-11-29（周日）9:00–16:00，8:00 起可以进场
摊位费：每个摊位 20 元，现场交；45 个摊位；接龙截止 11月27日（周五）18:00；请周老师讲 40 分钟，读《边城》
本周：2026-11-23 到 2026-11-29
"""


@pytest.mark.parametrize(
    "text",
    [
        "周日（11月29日）上午九点到下午4点，8点起进场",
        "11-29 9：00 开始，摊位费二十元，共45个摊位",
        "11 月 27 日（周五）晚6点截止，请周老师讲四十分钟《边城》",
        "11月24日（周二）先预告一次",
        "两位朋友回复 【待补充:在 12月3日 几点?】".replace("两位", "各位"),
        "11月23日至29日都可以",
    ],
)
def test_a_true_text_has_nothing_unbacked(text: str) -> None:
    assert unbacked(text, BRIEF) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("12月1日见", "date: 12月1日"),
        ("11月29日（周六）见", "weekday: 11月29日(周六"),
        ("10:30 集合", "time: 10:30"),
        ("下午三点半集合", "time: 3点半"),
        ("摊位费 25 元", "amount: 25元"),
        ("摊位费八折", "amount: 8折"),
        ("仅需 45 元", "amount: 45元"),
        ("满 100 送一份", "number: 100"),
        ("报名：https://example.com/go", "address: https://example.com/go"),
        ("问 @阿槿", "mention: @阿槿"),
        ("有请李老师", "person: 有请李老师"),
        ("改到B座", "place: 改到B座"),
        ("市立医院支持", "place: 市立医院"),
        ("共读《活着》", "title: 《活着》"),
        ("进 VIP 群", "latin: VIP"),
        ("扫码入场", "word: 扫码"),
        ("名额有限", "word: 名额有限"),
    ],
)
def test_what_is_planted_is_seen(text: str, said: str) -> None:
    assert unbacked(text, BRIEF) == [said]


def test_what_is_said_in_words_of_its_own_is_for_a_reader() -> None:
    text = "周日9:00可以进场，现场交摊位费。经核实是有人捣乱，组织者已经道歉"
    assert own_words(text, BRIEF) == ["经核实是有人捣乱", "组织者已经道歉"]


def test_the_offline_announcements_of_the_examples_say_nothing_that_is_not_in_their_briefs() -> None:
    scenarios = read_scenarios((PROMPTS.parent / "examples" / "scenarios.yaml").read_text(encoding="utf-8"))
    announcements = [one for one in scenarios if one.job == "announcement"]
    for one in announcements:
        draft = Copilot(Settings.load()).draft_announcement(one.brief, writer="offline", now=one.options.now)
        assert unbacked(draft.text, str(one.brief), "2026-11-23 到 2026-11-29", "回复 1") == []
    assert announcements
