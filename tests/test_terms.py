"""Terms of taking part that nobody gave, on texts we made up."""

import pytest
from test_model_writer import NOW

from copilot.checks.battery import check_draft
from copilot.checks.terms import term_findings
from copilot.facts.brief import read_brief
from copilot.tasks.announcement import AnnouncementTask
from copilot.tasks.base import Options, assemble


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("名额不限，想来就来", "places"),
        ("来多少都欢迎", "places"),
        ("新手也能跟上", "beginners"),
        ("没摸过琴的小白也学得会", "beginners"),
        ("无需任何基础", "beginners"),
        ("这次不收费", "free"),
        ("大家不用交钱", "free"),
        ("不满意可以退", "refund"),
        ("随时可退", "refund"),
        ("大家可自愿参加", "voluntary"),
        ("听完就懂怎么修", "results"),
        ("一学就会", "results"),
    ],
)
def test_a_term_nobody_gave_is_pointed_out(text: str, code: str) -> None:
    found = term_findings(text, "周六下午修伞，带一把坏伞来")
    assert [one.code for one in found] == [f"unstated-{code}"]
    assert found[0].span
    assert text[found[0].span.start : found[0].span.end] == found[0].span.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("名额不限，想来就来", "人数：不限"),
        ("新手也能跟上", "面向零基础的街坊"),
        ("大家不用交钱", "费用：免费"),
        ("开课前可以退", "开课前退全款，开课后不退"),
        ("大家可自愿参加", "自愿报名"),
    ],
)
def test_other_words_on_a_matter_the_operator_spoke_of_pass(text: str, said: str) -> None:
    assert term_findings(text, said) == ()


@pytest.mark.parametrize(
    "text",
    [
        "新手也欢迎",
        "不方便也没关系",
        "名额 12 个",
        "费用不可退",
        "想走可以退群",
        "听完回放再提问",
        "不用带现金",
        "免费的那把伞",
    ],
)
def test_an_invitation_is_no_term(text: str) -> None:
    assert term_findings(text, "周六下午修伞") == ()


def test_placeholders_and_the_product_s_own_phrases_claim_nothing() -> None:
    assert term_findings("【待补充:名额不限还是 20 人】想来的可自愿参加", "修伞", ("可自愿参加",)) == ()


def test_a_draft_with_a_term_nobody_gave_is_not_passed() -> None:
    task = AnnouncementTask()
    brief = {"目的": "修伞活动", "时间": "11月28日（周六）14:00", "地点": "槐树里凉亭", "报名": "群里接龙"}
    assignment = task.prepare(read_brief(brief, now=NOW, now_given=True), Options())
    structure = task.compose(assignment)
    invented = structure.model_copy(update={"closing": "名额不限，新手也跟得上。"})
    _, parts = assemble(task.parts(invented, assignment))
    assert {"unstated-places", "unstated-beginners"} <= {one.code for one in check_draft(parts, assignment)}
