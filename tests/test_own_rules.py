"""An operator's own rules add, silence and weigh, but never against the truth; their patterns can't run long."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st
from timing import at_most

from copilot import Copilot
from copilot.checks.battery import check_text
from copilot.checks.own_patterns import MOST_WAYS, WINDOW, PatternRefused, bounded
from copilot.checks.own_rules import NO_RULES, OwnRules, own_rules
from copilot.checks.rulebook import catalogue
from copilot.errors import SettingsError
from copilot.records import Origin
from copilot.settings import Settings
from copilot.tasks.weekly_plan.judgement import judge
from copilot.tasks.weekly_plan.situation import Group, Said, Situation


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def copilot(home: Path, rules: str) -> Copilot:
    (home / "rules.yaml").write_text(rules, encoding="utf-8")
    return Copilot(Settings.load(home=home))


def codes(findings: Any) -> list[str]:
    return [one.code for one in findings]


def test_without_a_file_there_are_no_own_rules(home: Path) -> None:
    assert own_rules(Settings.load(home=home)) is NO_RULES


def test_a_silenced_code_is_not_reported(home: Path) -> None:
    text = "手慢无，最后机会！"
    assert "promo-urgency" in codes(check_text(text, "wechat"))
    assert "promo-urgency" not in codes(copilot(home, "silence: [promo-urgency]").check(text))
    elsewhere = "silence: [{code: promo-urgency, jobs: [draft_crisis_reply]}]"
    assert "promo-urgency" in codes(copilot(home, elsewhere).check(text))


def test_a_code_is_reported_with_the_severity_it_is_given(home: Path) -> None:
    (found,) = copilot(home, "change: {shouting: error}").check("今晚八点开始！！！！！！")
    assert (found.code, found.severity) == ("shouting", "error")


RIVAL = "add: [{code: rival, severity: error, message: '“{words}”是同行', fix: 换掉, words: [青鸟商城, AB店], unless: [不是]}]"


def test_an_added_rule_finds_its_words_however_they_are_spelled(home: Path) -> None:
    text = "来ａｂ店，也去青/鸟/商/城。我们不是青鸟商城。"
    found = copilot(home, RIVAL).check(text)
    assert codes(found) == ["own:rival"] * 2
    for one in found:
        assert one.span
        assert one.span.text == text[one.span.start : one.span.end]
        assert one.span.text in one.message
        assert one.severity == "error"


def test_an_added_pattern_is_searched_in_each_sentence(home: Path) -> None:
    rules = "add: [{code: price, message: 价格写成元, pattern: '\\d{1,5}块（?钱', jobs: [check]}]"
    assert (
        codes(copilot(home, rules).check("只要35块钱。" + "好" * 70 + "\n" + "好，" * 30 + "共20块(钱"))
        == ["own:price"] * 2
    )


BRIEF = {
    "事由": "周六试吃",
    "时间": "2026-03-07 10:00",
    "地点": "东门凉亭",
    "说明": "比青鸟商城便宜",
    "带什么": "自带水杯",
}


def test_a_draft_holds_back_what_an_added_rule_forbids(home: Path) -> None:
    plain = Copilot(Settings.load(home=home)).draft_announcement(BRIEF, writer="offline")
    assert "青鸟商城" in plain.text
    ruled = copilot(home, RIVAL).draft_announcement(BRIEF, writer="offline")
    assert "青鸟商城" not in ruled.text
    assert "held-own:rival" in codes(ruled.findings)
    assert "东门凉亭" in ruled.text


def test_a_draft_says_what_a_silenced_rule_would_hold_back(home: Path) -> None:
    brief = {**BRIEF, "说明": "全网最低价"}
    assert "最低价" not in Copilot(Settings.load(home=home)).draft_announcement(brief, writer="offline").text
    assert "最低价" in copilot(home, "silence: [adlaw-absolute]").draft_announcement(brief, writer="offline").text


def test_more_weight_deletes_nothing_from_a_draft(home: Path) -> None:
    brief = {**BRIEF, "说明": "请大家提前十分钟到，" * 12 + "在凉亭签到"}
    before = Copilot(Settings.load(home=home)).draft_announcement(brief, writer="offline")
    after = copilot(home, "change: {platform-line-too-long: error}").draft_announcement(brief, writer="offline")
    assert after.text == before.text
    assert {one.severity for one in after.findings if one.code == "platform-line-too-long"} == {"error"}


def test_a_plan_hears_a_wish_that_only_a_silenced_rule_refuses(home: Path) -> None:
    origin = Origin(field="text", line=1, quote="")
    situation = Situation(
        groups=(Group(name="甲群", origin=origin),),
        week=(date(2026, 11, 30), date(2026, 12, 6)),
        week_given=True,
        wishes=(Said(text="写一句国家机关特供产品", origin=origin),),
    )
    assert len(judge(situation).refused) == 1
    desk = copilot(home, "silence: [authority-endorse]")
    assert judge(situation, own_rules(desk.settings)).refused == ()


@pytest.mark.parametrize(
    "code", ["untraced-money", "privacy-phone", "beyond-authority", "injection", "omitted-fact", "placeholder-open"]
)
@pytest.mark.parametrize("way", ["silence: [{code}]", "change: {{{code}: info}}"])
def test_what_guards_the_truth_can_be_neither_silenced_nor_changed(code: str, way: str, home: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        copilot(home, way.format(code=code)).check("好")
    assert f"第 1 行：{code} 不能改也不能关" in caught.value.message
    assert catalogue()[code].guard in caught.value.message


@pytest.mark.parametrize(
    ("rules", "line", "named"),
    [
        ("silence:\n  - promo-urgent", 2, "没有代号 promo-urgent"),
        ("silence: [", 1, "不是 YAML"),
        ("# 我的\nsillence: []", 2, "没有 sillence"),
        ("add:\n  - code: a\n    words: [x]", 2, "少了 message"),
        ("add:\n  - code: a\n    message: m", 2, "words 或 pattern"),
        ("add:\n  - code: a\n    message: m\n    words: [x]\n    severity: 高", 5, "只能是 error"),
        ("add:\n  - code: a\n    message: m\n    words: [x]\n    jobs: [群发]", 5, "没有叫 群发 的工作"),
        ("add:\n  - code: a\n    message: m\n    words:\n      - x\n      - 1", 6, "文字"),
        ("add:\n  - code: a\n    message: m\n    pattern: (好+)+", 4, "走法太多"),
        ("add:\n  - {code: a, message: m, words: [x]}\n  - {code: a, message: m, words: [y]}", 2, "两条"),
        ("- a", 1, "整个文件"),
        ("a: &a [*a]", 1, "a"),
    ],
)
def test_a_bad_file_is_an_error_that_names_the_line_and_the_fix(rules: str, line: int, named: str, home: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        copilot(home, rules).check("好")
    assert named in caught.value.message
    assert abs(int(re.findall(r"第 (\d+) 行", caught.value.message)[0]) - line) <= 1
    assert caught.value.hint


def test_a_file_that_is_set_but_absent_not_text_or_too_large_is_an_error(home: Path) -> None:
    for content in (None, b"\xff\xfe\x00", b"#" * 1_000_001):
        path = home / "mine.yaml"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(SettingsError, match=r"mine\.yaml"):
            Copilot(Settings.load(home=home, rules=path)).check("好")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [("^好", [0]), ("好$", [400]), ("(?<=啊)好", [199, 300, 400]), ("好(?!啊)", [400]), (r"\b", [])],
)
def test_a_pattern_sees_the_whole_of_a_long_sentence(pattern: str, found: list[int]) -> None:
    text = f"好{'啊' * 198}好{'啊' * 100}好{'啊' * 99}好"
    rules = OwnRules.model_validate({"add": [{"code": "x", "message": "m", "pattern": pattern}]})
    assert [one.span.start for one in rules.findings(text, "check") if one.span] == found


@pytest.mark.parametrize("width", range(90, 112))
def test_a_pattern_is_found_once_wherever_it_stands(width: int) -> None:
    rules = OwnRules.model_validate({"add": [{"code": "x", "message": "m", "pattern": "好.{0,5}坏"}]})
    text = "啊" * width + "好一二三坏" + "啊" * 150
    assert [one.span.start for one in rules.findings(text, "check") if one.span] == [width]


def test_an_edited_file_is_in_force_at_once(home: Path) -> None:
    desk = copilot(home, "silence: [shouting]")
    assert desk.check("今晚八点！！！！！！") == ()
    (home / "rules.yaml").write_text("silence: [ shouting , insult ]\nchange: {}\n", encoding="utf-8")
    assert desk.check("今晚八点！！！！！！") == ()
    (home / "rules.yaml").unlink()
    assert codes(desk.check("今晚八点！！！！！！")) == ["shouting"]


@pytest.mark.parametrize(
    "pattern", ["(a+)+b", "(a|a)*b", ".*.*x", r"(\w)\1", "(?i)a", "(", "[[]a]", "x?", "a{0,99999}", "a" * 201]
)
def test_a_pattern_that_could_run_long_or_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(PatternRefused) as caught:
        bounded(pattern)
    assert len(caught.value.args) == 2


_PIECE = st.sampled_from(["a", "[ab]", ".", r"\w", "(a|b)", "(?:a{0,4})", "(a|ab)", "(?=a)", "[^]c]"])
_TIMES = st.sampled_from(["", "?", "{0,3}", "+", "*?", "{2,20}", "{,9}", "{1,2}+"])
_ROW = st.lists(st.tuples(_PIECE, _TIMES), min_size=1, max_size=6).map(lambda row: "".join(map("".join, row)))


@given(_ROW, _TIMES, _ROW)
@trying(max_examples=300, deadline=None)
def test_a_pattern_that_is_taken_is_fast_on_any_text(inner: str, times: str, rest: str) -> None:
    try:
        pattern = bounded(f"(?:{inner}){times}{rest}c")
    except PatternRefused:
        return
    with at_most(MOST_WAYS * WINDOW * 1e-6):
        list(pattern.finditer(("ab" * WINDOW)[: WINDOW // 2] + "a" * (WINDOW // 2)))
