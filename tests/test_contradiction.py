"""A new statement is held against the earlier ones; what changed has to be said openly."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.checks.contradiction import contradictions, overdue
from copilot.playbook.rules import rule_citation
from copilot.settings import Settings

NOW = datetime(2026, 5, 12, 16, 0, tzinfo=UTC)


def reasons(text: str, *earlier: str, now: datetime = NOW) -> list[str]:
    return [finding.message.partition("：")[0] for finding in contradictions(text, earlier, now)]


@pytest.mark.parametrize(
    ("text", "earlier", "reason"),
    [
        ("这批酸奶共售出 63 杯。", "这批酸奶一共卖出 36 杯。", "前后数字不一样"),
        ("受影响的门店有 5 家。", "受影响的门店有 3 家。", "前后数字不一样"),
        ("差价每单退 8 元。", "差价每单退 12 元。", "前后数字不一样"),
        ("门店 5 月 15 日 9:00 恢复营业。", "门店 5 月 14 日 9:00 恢复营业。", "前后时间不一样"),
        ("答疑会 20:00 开始。", "答疑会 19:30 开始。", "前后时间不一样"),
        ("下一次更新在今天 20:00。", "今天 18:00 再更新一次。", "说好的更新时间被推后了"),
        ("登录服务还没有恢复。", "登录服务已经恢复。", "前后说法相反"),
        ("订单数据有丢失。", "订单数据没有丢失。", "前后说法相反"),
        ("运费我们做不到承担。", "运费由我们承担。", "之前答应过，现在又说不行"),
        ("全额退款我们做不到。", "不想等的可以全额退款。", "之前答应过，现在又说不行"),
    ],
)
def test_a_silent_change_is_told_with_both_quotes(text: str, earlier: str, reason: str) -> None:
    (finding,) = contradictions(text, (earlier,), NOW)
    assert finding.message.startswith(reason)
    assert finding.severity == "warning"
    assert finding.span is not None
    assert text[finding.span.start : finding.span.end] == finding.span.text
    assert finding.span.text in finding.message
    assert finding.message.count("“") == 2


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("之前说卖出 36 杯，核对后更正为 63 杯。", "这批酸奶一共卖出 36 杯。"),
        ("更正：门店 5 月 15 日 9:00 恢复营业。", "门店 5 月 14 日 9:00 恢复营业。"),
        ("登录服务已经恢复。", "登录服务还没有恢复。"),
        ("检测结果已经出来。", "检测结果还没有出来。"),
        ("订单数据是否丢失，还在核实。", "订单数据没有丢失。"),
        ("目前已登记 18 人。", "目前已登记 9 人。"),
        ("下一次更新在今天 18:00。", "今天 18:00 再更新一次。"),
        ("今天 20:00 再更新一次。", "今天 16:00 再更新一次。"),
        ("2 号店 5 月 15 日恢复营业。", "1 号楼 5 月 14 日停水。"),
        ("退款 3 个工作日到账。", "每 2 小时更新一次。"),
        ("这批酸奶共售出 63 杯。", "这批酸奶一共卖出 63 杯。"),
        ("补偿这一项还不能答应。", "不想等的可以全额退款。"),
        ("不想等的可以全额退款。", "不想等的可以全额退款。"),
        ("大家问到的 2 个问题都回复了。", "群里有 5 个人问到退款。"),
        ("报名页写的是 72 小时内批改。", "先说对不起：报名页写的是 72 小时内批改。"),
        ("门店 9:00 开门，店长 10:00 答疑。", "门店 9:00 开门，店长 10:00 答疑。"),
    ],
)
def test_progress_corrections_and_other_matters_are_no_contradiction(text: str, earlier: str) -> None:
    assert contradictions(text, (earlier,), NOW) == ()


def test_a_promised_hour_that_passed_is_owned_up_to() -> None:
    earlier = "今天 14:00 再更新一次进展。"
    assert [one.code for one in contradictions("酸奶已经送检。", (earlier,), NOW)] == ["update-overdue"]
    assert contradictions("说好 14:00 更新，我们晚了，对不起。酸奶已经送检。", (earlier,), NOW) == ()
    assert overdue("酸奶已经送检。", (earlier,), NOW.replace(hour=14, minute=5)) == ()
    assert overdue("酸奶已经送检。", (), NOW) == ()


def test_only_the_last_statements_hour_counts() -> None:
    assert contradictions("酸奶已经送检。", ("今天 12:00 再更新。", "今天 16:00 再更新。"), NOW) == ()


def test_every_earlier_statement_is_compared() -> None:
    found = reasons("受影响的门店有 5 家。", "受影响的门店有 3 家。", "明天再说。")
    assert found == ["前后数字不一样"]


def test_without_earlier_statements_there_is_nothing_to_contradict() -> None:
    assert contradictions("受影响的门店有 5 家。", (), NOW) == ()


def test_the_rules_behind_the_findings_stand_in_the_handbook() -> None:
    for rule in ("crisis-docs-and-mechanism", "crisis-monitor-realtime"):
        assert rule_citation(rule, Settings()) is not None


TEXTS = st.lists(
    st.sampled_from(
        [
            "共售出 63 份。",
            "今天 18:00 更新。",
            "已经恢复。",
            "可以退款，",
            "对不起，",
            "\n",
            "没有丢失。",
            "3 号楼停水，",
        ]
    ),
    max_size=6,
).map("".join)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_no_statement_contradicts_itself_in_numbers_or_times(text: str) -> None:
    assert all(
        one.code == "update-overdue" for one in contradictions(text, (text,), datetime(2026, 5, 12, 17, 0, tzinfo=UTC))
    )
