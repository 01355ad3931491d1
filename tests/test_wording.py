"""Wording that must not be posted is found, whole and in place; its harmless neighbours are left alone."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from timing import at_most

from copilot.checks.wording import _detectors, _View, wording_findings, wording_rules
from copilot.facts.folding import fold
from copilot.facts.prefilter import grams, required
from copilot.settings import KNOWLEDGE

DATA: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "data" / "wording.yaml").read_text(encoding="utf-8"))
VIOLATING = [(code, text) for code, texts in DATA["violating"].items() for text in texts]
TEXTS = [*(text for _, text in VIOLATING), *DATA["harmless"]]


def codes(text: str) -> set[str]:
    return {finding.code for finding in wording_findings(text)}


@pytest.mark.parametrize(("code", "text"), VIOLATING)
def test_a_violating_sentence_is_found_under_its_code(code: str, text: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize("text", DATA["harmless"])
def test_a_harmless_sentence_has_no_finding(text: str) -> None:
    assert wording_findings(text) == ()


def test_spans_are_exact_and_in_reading_order() -> None:
    for text in TEXTS:
        findings = wording_findings(text)
        for finding in findings:
            assert finding.span is not None
            assert finding.span.text == text[finding.span.start : finding.span.end] != ""
            assert finding.message.strip()
            assert finding.fix.strip()
            assert finding.quote is None
        starts = [finding.span.start for finding in findings if finding.span]
        assert starts == sorted(starts)


def test_a_replacement_removes_the_finding_it_belongs_to() -> None:
    for code, text in VIOLATING:
        before = [finding for finding in wording_findings(text) if finding.code == code]
        for finding in before:
            if finding.replacement is not None and finding.span is not None:
                mended = text[: finding.span.start] + finding.replacement + text[finding.span.end :]
                assert len([other for other in wording_findings(mended) if other.code == code]) < len(before), mended


def test_deleted_neighbours_do_not_share_a_mark() -> None:
    first, second = wording_findings("最后机会，手慢无！")
    assert first.span is not None
    assert second.span is not None
    assert first.span.end <= second.span.start


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("请全员必须报名", "欢迎报名"),
        ("今晚10点前必须打卡", "欢迎今晚10点前打卡"),
        ("大家必须在周五前完成投票", "欢迎在周五前完成投票"),
        ("必须转发！", "欢迎转发！"),
        ("我们提供顶级的服务", "我们提供服务"),
    ],
)
def test_a_softer_wording_keeps_every_fact(text: str, mended: str) -> None:
    (finding,) = wording_findings(text)
    assert finding.span is not None
    assert text[: finding.span.start] + (finding.replacement or "") + text[finding.span.end :] == mended


@pytest.mark.parametrize(
    "text",
    [
        "全/网/最/低价",
        "全网最.低价",
        "zuì低价",
        "ｚｕì低價",
        "全網最低價",
        "全\u200b网\u200d最低价",
        "全 网 最 低 价",
        "**全网**最低价",
    ],
)
def test_a_disguised_superlative_is_found_in_the_original(text: str) -> None:
    (finding,) = wording_findings(f"本周{text}，欢迎选购")
    assert finding.code == "adlaw-absolute"
    assert finding.span is not None
    assert finding.span.text[-1] in "价價"


@given(st.lists(st.sampled_from(["", "\u200b", "\ufeff", "\u2060"]), min_size=5, max_size=5))
def test_invisible_characters_hide_nothing(gaps: list[str]) -> None:
    text = "".join(letter + gap for letter, gap in zip("全网最低价", gaps, strict=True))
    assert codes(text) == {"adlaw-absolute"}


@given(st.text(alphabet="全网最低 ./*ＶＸvxzuiì①㎡\u200b薇信價，。a1", max_size=40))
def test_folding_keeps_the_way_back(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))
    assert folded.origin(len(folded.text)) <= len(text)


@given(st.text(max_size=200))
@settings(max_examples=60)
def test_any_text_can_be_checked(text: str) -> None:
    for finding in wording_findings(text):
        assert finding.span is not None
        assert finding.span.text == text[finding.span.start : finding.span.end]


def test_list_items_are_read_with_the_line_that_introduces_them() -> None:
    items = "\n1. 刷单兼职\n2. 集赞领奖\n3. 保本理财"
    assert codes("以下内容会被删除：" + items) == set()
    assert codes("本周福利：" + items) == {"scam-risk", "induced-share", "financial-promise"}


@pytest.mark.parametrize(
    ("harmless", "violating"),
    [
        ("请不要发布全网最低价的广告", "全网最低价的广告位"),
        ("不强制转发", "强制转发"),
        ("这款产品能根治鼻炎吗？", "这款产品能根治鼻炎"),
        ("有人打着内部渠道的旗号收费，请警惕", "我们有内部渠道"),
        ("想参加的同学必须周五前报名", "全员必须周五前报名"),
        ("发广告的，第三次移出群", "不打卡的移出群"),
        ("再发广告就移出群", "再质疑就移出群"),
    ],
)
def test_context_decides_not_the_word(harmless: str, violating: str) -> None:
    assert wording_findings(harmless) == ()
    assert any(finding.severity == "error" for finding in wording_findings(violating))


def test_reports_by_weight() -> None:
    severities = {code: rule.severity for code, rule in wording_rules().items()}
    assert severities["adlaw-absolute"] == severities["coercion"] == severities["threat"] == "error"
    assert severities["promo-urgency"] == "warning"
    assert severities["shouting"] == severities["internal-jargon"] == "info"


@pytest.mark.parametrize("text", ["快来报名！！！！", "THIS IS VERY IMPORTANT", "🎉🎉🎉🎉🎉报名啦"])
def test_shouting_is_only_a_remark(text: str) -> None:
    assert [(finding.code, finding.severity) for finding in wording_findings(text)] == [("shouting", "info")]


def test_every_rule_named_is_taught_in_the_handbook() -> None:
    taught = set()
    for chapter in (KNOWLEDGE / "playbooks").glob("*.md"):
        for listed in re.findall(r"<!-- rules: (.+?) -->", chapter.read_text(encoding="utf-8")):
            taught |= {name.strip() for name in listed.split(",")}
    named = {rule.rule for rule in wording_rules().values()} | {detector.pattern.rule for detector in _detectors()}
    assert named - {None} <= taught


def test_the_prefilter_hides_no_match() -> None:
    for text in TEXTS:
        view = _View(text)
        for detector in _detectors():
            if not detector.pattern.raw and (needed := required(detector.source)):
                for match in detector.expression.finditer(view.folded.text):
                    assert not needed.isdisjoint(grams(match[0]))


@pytest.mark.parametrize("unit", ["啊", "不", "请", "1", "最", "“", "a ", "如需退款请联系客服，"])
def test_a_long_text_costs_no_more_than_its_length(unit: str) -> None:
    text = (unit * 10_000)[:10_000]
    wording_findings("预热")
    with at_most(1):
        wording_findings(text)
