"""Whether a text is true to its brief."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from copilot.checks.coverage import lost_items, lost_placeholders
from copilot.checks.facts import fact_findings, trace
from copilot.checks.mending import mend
from copilot.checks.screening import Screened, screen
from copilot.facts.brief import read_brief
from copilot.records import Finding, Missing, Span

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
BRIEF = {
    "purpose": "发布晨跑活动公告",
    "facts": [
        "时间：2026-11-28（周六）7:00",
        "集合：东湖公园北门",
        "费用：15 元，含早餐",
        "领跑：阿川",
        "报名：群里接龙，11月26日截止",
        "限 20 人",
    ],
    "internal_notes": "赞助商给了 600 元",
}


@pytest.fixture(scope="module")
def screened() -> Screened:
    return screen(read_brief(BRIEF, now=NOW, now_given=True))


@pytest.mark.parametrize(
    "text",
    [
        "11月28日早上7点，东湖公园北门见",
        "周六 7:00 集合，15元含早餐",
        "2026年11月28日（星期六）07:00",
        "限20人，11月26日（周四）前接龙",
        "阿川带大家跑",
        "报好名回复“1”",
        "时间：【待核实:11月29日】",
        "膝盖不舒服的，先去看医生，听医生的建议再跑",
        "退不退报名费还没定",
    ],
)
def test_what_the_brief_says_may_be_said_in_other_forms(screened: Screened, text: str) -> None:
    assert fact_findings(text, screened.ledger) == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("11月29日见", "untraced-moment"),
        ("周日见", "untraced-moment"),
        ("早上8点集合", "untraced-moment"),
        ("只要10元", "untraced-money"),
        ("座位快满了，早点来", "untraced-claim-scarcity"),
        ("由医生带着跑", "untraced-claim-authority"),
        ("限30人", "untraced-quantity"),
        ("打8折", "untraced-percent"),
        ("报名 https://example.com/x", "untraced-link"),
        ("咨询 13912345678", "untraced-phone"),
        ("现场有抽奖", "untraced-claim-gift"),
        ("名额有限", "untraced-claim-scarcity"),
        ("没跑完全额退款", "untraced-claim-refund"),
        ("保证不受伤", "untraced-claim-guarantee"),
        ("王建国老师带队", "untraced-name"),
        ("赞助了600元", "untraced-money"),
    ],
)
def test_what_the_brief_does_not_say_in_public_is_found(screened: Screened, text: str, code: str) -> None:
    assert code in {finding.code for finding in fact_findings(text, screened.ledger)}


def test_a_set_phrase_of_ours_needs_no_backing_but_its_words_do_elsewhere(screened: Screened) -> None:
    own = ("先问过医生再决定",)
    assert fact_findings("先问过医生再决定。", screened.ledger, own=own) == ()
    assert fact_findings("有医生在场。", screened.ledger, own=own) != ()


def test_each_sentence_is_traced_to_its_facts(screened: Screened) -> None:
    text = "欢迎来跑步。11月28日7:00集合，15元。"
    first, second = trace(text, screened.ledger)
    facts = {fact.id: fact for fact in screened.ledger.facts}
    assert first.facts == ()
    assert {facts[name].origin.field for name in second.facts} >= {"facts[0]", "facts[2]"}


def test_a_dropped_fact_and_a_dropped_placeholder_are_noticed(screened: Screened) -> None:
    lost = lost_items("11月28日7:00东湖公园北门，接龙，11月26日截止，限20人，阿川领跑", screened.items, screened.ledger)
    assert [item.label for item in lost] == ["费用"]
    gap = Missing(key="where", question="在哪？", placeholder="【待补充:地点】")
    assert lost_placeholders("没有写", [gap]) == (gap,)


def test_another_way_to_take_part_is_not_the_one_given(screened: Screened) -> None:
    text = "11月28日7:00东湖公园北门，15元含早餐，11月26日前在微信群报名，限20人，阿川领跑"
    assert "报名" in [item.label for item in lost_items(text, screened.items, screened.ledger)]


def test_mending_marks_a_value_and_drops_a_promise(screened: Screened) -> None:
    mended = mend("周六7:00集合，只要10元，保证不受伤。", lambda text: fact_findings(text, screened.ledger))
    assert "【待核实:10元】" in mended
    assert "保证" not in mended
    assert mended.startswith("周六7:00集合")


def test_mending_ends_on_any_text(screened: Screened) -> None:
    hostile = "保证" * 50 + "8折" * 50 + "，" * 20
    assert fact_findings(mend(hostile, lambda text: fact_findings(text, screened.ledger)), screened.ledger) == ()


def test_own_phrases_side_by_side_are_exempt_from_end_to_end(screened: Screened) -> None:
    phrases = ("【20:52 阿芦-8月1号】", "【20:58 阿芦-8月1号】")
    assert not fact_findings("".join(phrases), screened.ledger, own=phrases)
    assert fact_findings("房间还有8月1号】【20:58", screened.ledger, own=phrases)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("先看看，保证不受伤。七点见。", "先看看。七点见。"),
        ("先看看，保证不受伤\n七点见", "先看看\n七点见"),
        ("保证不受伤\n七点见", "\n七点见"),
        ("先看看，保证不受伤，七点见。", "先看看，七点见。"),
        ("保证不受伤。七点见。", "七点见。"),
    ],
)
def test_a_clause_taken_out_leaves_sentences_and_lines_as_they_were(text: str, mended: str) -> None:
    def check(words: str) -> tuple[Finding, ...]:
        start = words.find("保证不受伤")
        span = Span(start=start, end=start + 5, text="保证不受伤")
        return (Finding(severity="error", code="x", message="x", span=span, fix=""),) if start >= 0 else ()

    assert mend(text, check) == mended
