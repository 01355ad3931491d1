"""A reply in a crisis says nothing beyond the authority given, nothing unverified, and nothing against anyone."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from timing import at_most

from copilot.checks.authority import authority_findings
from copilot.checks.bounds import Bounds
from copilot.checks.stance import Speech
from copilot.playbook.rules import rule_citation
from copilot.records import Audience
from copilot.settings import Settings
from copilot.tasks.crisis_reply.situation import Bounds as SameBounds

DATA: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "data" / "authority_cases.yaml").read_text(encoding="utf-8")
)
READERS: dict[str, Audience] = {"p": "private", "t": "team"}


def bounds_of(name: str) -> Bounds:
    return Bounds.model_validate(
        {key: tuple(value) if isinstance(value, list) else value for key, value in DATA[name]["bounds"].items()}
    )


BAD = [
    (name, code, text, READERS[readers[0]] if readers else "group")
    for name, case in DATA.items()
    for code, text, *readers in case["bad"]
]
GOOD = [
    (name, *((row, "group") if isinstance(row, str) else (row[1], READERS[row[0]])))
    for name, case in DATA.items()
    for row in case["good"]
]
OPEN = Bounds(verified=("8 月 1 日 9:00 停水",), unverified=("停水原因",))


def codes(text: str, bounds: Bounds = OPEN, readers: Audience = "group") -> set[str]:
    return {finding.code for finding in authority_findings(text, readers, bounds)}


@pytest.mark.parametrize(("name", "code", "text", "readers"), BAD)
def test_a_sentence_that_goes_too_far_is_found_under_its_code(
    name: str, code: str, text: str, readers: Audience
) -> None:
    assert code in codes(text, bounds_of(name), readers)


@pytest.mark.parametrize(("name", "text", "readers"), GOOD)
def test_a_careful_sentence_has_no_finding(name: str, text: str, readers: Audience) -> None:
    assert authority_findings(text, readers, bounds_of(name)) == ()


@pytest.mark.parametrize("name", DATA)
def test_the_rows_that_may_be_said_can_be_said_word_for_word(name: str) -> None:
    bounds = bounds_of(name)
    for row in (*bounds.verified, *bounds.allowed, *(f"{row}：还在核实" for row in bounds.unverified)):
        assert authority_findings(row, "private", bounds) == (), row


def test_spans_are_exact_and_every_finding_says_what_to_do() -> None:
    for name, _, text, readers in BAD:
        found = authority_findings(text, readers, bounds_of(name))
        for finding in found:
            assert finding.span is not None
            assert finding.span.text == text[finding.span.start : finding.span.end] != ""
            assert finding.message
            assert finding.fix
        assert [one.span.start for one in found if one.span] == sorted(one.span.start for one in found if one.span)


def test_every_rule_behind_a_finding_stands_in_the_handbook() -> None:
    found = [
        finding for name, _, text, readers in BAD for finding in authority_findings(text, readers, bounds_of(name))
    ]
    for rule in {finding.rule for finding in found} | {"crisis-monitor-realtime"}:
        assert rule
        assert rule_citation(rule, Settings()) is not None


def test_the_team_may_read_what_must_not_be_said_but_no_secret() -> None:
    bounds = Bounds(secrets=("zk-prod-44Lm9Qa1",))
    assert codes("内部：不能说“假一赔十”，不能禁言", bounds, "team") == set()
    assert codes("密钥 zk-prod-44Lm9Qa1 要重置", bounds, "team") == {"secret-repeated"}


@pytest.mark.parametrize(
    "text", ["全额退款", "全 额 退 款", "全\u200b额退款", "全额退款！", "可以全額退款", "我们全*额*退款"]
)
def test_a_disguised_promise_is_still_a_promise(text: str) -> None:
    assert "beyond-authority" in codes(text)


def test_a_condition_of_the_authority_is_part_of_it() -> None:
    bounds = Bounds(allowed=("未拆封的可全额退款",), forbidden=("全额退款",))
    assert codes("未拆封的可以全额退款", bounds) == set()
    assert codes("拆封的也可以全额退款", bounds) == {"beyond-authority"}
    assert codes("大家都可以全额退款", bounds) == {"beyond-authority"}


def test_more_than_was_granted_is_beyond_the_authority() -> None:
    bounds = Bounds(allowed=("会员期顺延 7 天",))
    assert codes("会员期顺延 7 天", bounds) == set()
    assert codes("会员期顺延 7 日", bounds) == set()
    assert codes("会员期顺延一个月", bounds) == {"beyond-authority"}


def test_a_hedge_in_what_is_verified_must_stay() -> None:
    bounds = Bounds(verified=("师傅说最快 18:00 恢复供水",))
    assert codes("师傅说最快 18:00 恢复供水", bounds) == set()
    assert codes("18:00 恢复供水", bounds) == {"beyond-authority"}


def test_a_verified_cause_may_be_given_and_another_not() -> None:
    bounds = Bounds(verified=("停水是因为主管道爆裂",))
    assert codes("停水是因为主管道爆裂", bounds) == set()
    assert codes("停水是因为业主装修挖断了管道", bounds) == {"cause-unverified"}


def test_an_open_question_is_answered_in_neither_direction() -> None:
    bounds = Bounds(unverified=("水质是否受污染",))
    for text in ("水质没有受污染", "水质确实受到污染了"):
        assert "cause-unverified" in codes(text, bounds)
    for text in ("水质是否受污染，还在检测", "如果水质受污染，会第一时间通知", "有邻居担心水质受污染"):
        assert codes(text, bounds) == set()


def test_our_own_fault_is_named_only_when_it_is_verified() -> None:
    assert codes("这件事是我们的责任，对不起") == {"admission"}
    assert codes("这件事是我们的责任，对不起", Bounds(owned=True)) == set()
    assert codes("没有及时通知大家，是我们的疏忽，对不起") == set()


def test_a_private_message_may_name_its_reader_and_a_group_message_nobody() -> None:
    bounds = Bounds(names=("栗子妈", "Leo-采购"))
    assert codes("栗子妈您好，您的情况我登记了", bounds, "private") == set()
    for text in ("栗子妈的情况我们登记了", "@栗子妈 请看私信", "leo 说的我们看到了"):
        assert codes(text, bounds) == {"named-member"}


def test_a_name_of_everyday_words_counts_only_where_it_is_called() -> None:
    bounds = Bounds(names=("慢慢来",))
    assert codes("大家不用急，慢慢来", bounds) == set()
    assert codes("@慢慢来 你的问题收到了", bounds) == {"named-member"}


def test_a_childs_details_are_an_error_in_the_group_and_a_reminder_elsewhere() -> None:
    text = "受伤的是一位 6 岁的小朋友"
    (group,) = authority_findings(text, "group", Bounds(minors=True))
    (private,) = authority_findings(text, "private", Bounds(minors=True))
    assert (group.code, group.severity) == ("minor-exposed", "error")
    assert (private.code, private.severity) == ("minor-exposed", "warning")
    assert codes("您家 6 岁的小朋友现在好些了吗", Bounds(minors=True), "private") == set()


def test_a_named_hospital_must_stand_in_the_brief() -> None:
    assert codes("请到市中心医院就诊") == {"diagnosis"}
    assert codes("已送市中心医院", Bounds(verified=("孩子已送市中心医院",))) == set()
    assert codes("请尽快到附近医院就诊") == set()


def test_the_bounds_are_the_situations() -> None:
    assert SameBounds is Bounds


def test_a_replacement_takes_its_finding_away() -> None:
    bounds = Bounds(names=("栗子妈",), secrets=("zk-prod-44Lm9Qa1",))
    for text in ("家长栗子妈的情况我们登记了", "密钥 zk-prod-44Lm9Qa1 已失效"):
        (finding,) = authority_findings(text, "group", bounds)
        assert finding.span is not None
        assert finding.replacement is not None
        mended = text[: finding.span.start] + finding.replacement + text[finding.span.end :]
        assert authority_findings(mended, "group", bounds) == ()


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet=st.sampled_from("全额退款我们不会删贴，。！？“”@\n 18:00 是因为造谣孩子3岁：- "), max_size=60))
def test_any_text_is_read_with_spans_that_fit(text: str) -> None:
    for finding in authority_findings(text, "group", OPEN):
        assert finding.span is not None
        assert text[finding.span.start : finding.span.end] == finding.span.text
    speech = Speech(text)
    assert all(speech.text[one.start : one.end] == one.text for one in speech.clauses)


def test_a_long_text_is_checked_quickly() -> None:
    text = "大家的问题我们都看到了，正在一条一条核对。" * 200 + "，一" * 2000
    with at_most(8):
        authority_findings(text, "group", bounds_of("saas"))
