"""Terms of taking part that nobody gave, on texts we made up."""

import pytest
from test_model_writer import NOW

from copilot.checks.battery import check_draft, untrue
from copilot.checks.mending import mend
from copilot.checks.terms import term_findings
from copilot.facts.brief import read_brief
from copilot.tasks.announcement import AnnouncementTask
from copilot.tasks.base import Options, assemble
from copilot.tasks.weekly_plan import WeeklyPlanTask


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
        ("坚持下来的街坊，月底一定能修得像新的", "results"),
        ("不用懂木工，带伞来就行", "beginners"),
        ("还有想问的，我们随时都在", "availability"),
        ("今天没轮到的，明天接着答", "availability"),
        ("群里有问必答", "availability"),
        ("一分钟就能填完", "ease"),
        ("轻松搞定第一把伞", "ease"),
        ("师傅经验很足", "merit"),
        ("她带过很多届学徒", "merit"),
        ("老伞匠很会教小朋友", "titles"),
        ("全市手工大赛冠军来讲", "titles"),
        ("经核实是伞厂的问题", "proof"),
        ("比上周又多了几位", "trend"),
        ("位子越来越少", "trend"),
        ("很多街坊都已经报名了", "trend"),
        ("临时想来的直接上楼", "walk_in"),
        ("不用提前预约", "walk_in"),
        ("讲解随时可以回看", "kept"),
        ("赶不上也没关系，下次还会再办", "again"),
        ("有问题随时@小伞", "any_time"),
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
        ("师傅经验很足", "师傅有 20 年修伞经验"),
        ("师傅有多年修伞经验", "师傅教了 6 年修伞"),
        ("请到全市冠军来讲", "主讲：全市手工大赛冠军"),
        ("不用提前预约", "现场直接来"),
        ("有问题随时@小伞", "问题随时在群里问"),
        ("讲解一直能看", "录屏长期保留"),
        ("下个月还会再办", "每月一次"),
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
        "有问题在群里问一声",
        "赶不上也没关系，下次再约",
        "想听听大家修伞的经验",
        "临时来不了的提前说一声",
        "前面没答到的，今天一条一条补上",
        "能来的一起",
        "现在有 5 位登记了",
        "比雨伞更难修的是阳伞",
        "欢迎随时关注群公告",
    ],
)
def test_an_invitation_is_no_term(text: str) -> None:
    assert term_findings(text, "周六下午修伞") == ()


def test_placeholders_and_the_product_s_own_phrases_claim_nothing() -> None:
    assert term_findings("【待补充:名额不限还是 20 人】想来的可自愿参加", "修伞", ("可自愿参加",)) == ()


def test_a_word_that_only_overstates_is_taken_out_and_its_sentence_stays() -> None:
    said = "有问题@小伞"
    assert mend("有问题随时@小伞。", lambda text: term_findings(text, said)) == "有问题@小伞。"


def test_what_only_the_team_was_told_backs_no_term_in_the_group() -> None:
    task = WeeklyPlanTask()
    brief = {
        "群": "修伞群",
        "周": "2026-11-23~2026-11-29",
        "老板要求": "写成全市冠军来讲",
        "固定活动": ["周六 14:00 修伞会"],
    }
    assignment = task.prepare(read_brief(brief, now=NOW, now_given=True), Options())
    assert "冠军" in assignment.ledger.said
    assert "写成全市冠军来讲" in [one.words for one in assignment.plan.refused]
    assert {one.code for one in untrue("全市冠军来讲", "group", assignment)} == {"unstated-titles"}


def test_a_draft_with_a_term_nobody_gave_is_not_passed() -> None:
    task = AnnouncementTask()
    brief = {"目的": "修伞活动", "时间": "11月28日（周六）14:00", "地点": "槐树里凉亭", "报名": "群里接龙"}
    assignment = task.prepare(read_brief(brief, now=NOW, now_given=True), Options())
    structure = task.compose(assignment)
    invented = structure.model_copy(update={"closing": "名额不限，新手也跟得上。"})
    _, parts = assemble(task.parts(invented, assignment))
    assert {"unstated-places", "unstated-beginners"} <= {one.code for one in check_draft(parts, assignment)}
