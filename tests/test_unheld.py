"""What sounds kind and stands in no row: reassurance, denials, measures, improvements, faults, what to hand in."""

import pytest

from copilot.checks.authority import authority_findings
from copilot.checks.bounds import Bounds
from copilot.checks.facts import PLACEHOLDER
from copilot.checks.mending import mend

PIANO = Bounds(
    verified=(
        "3 月 2 日暖气爆管，二楼三间琴房进水",
        "3 月 5 日 10:00 恢复上课",
        "一楼两间琴房已停用，地面在烘干",
        "本周有 4 节陪练课没有按时开",
    ),
    unverified=("有几台琴受潮", "谱架是谁搬走的"),
    allowed=("停掉的课顺延 1 次", "每天 17:00 在群里更新", "店长 3 月 4 日 15:00 在店里答疑"),
    forbidden=("退整期学费",),
    owned=True,
    own=("本周有 4 节陪练课没有按时开，是我们没有做到，也没有及时在群里告诉大家", "先回答大家最担心的：不是关门"),
)
LAUNDRY = Bounds(
    verified=("6 月 9 日送洗的大衣共 31 件，挂签号 K0609", "已联系染料供应商要说明"),
    unverified=("掉色是不是洗涤造成的",),
    allowed=("凭挂签取回衣物", "6 月 11 日 20:00 在群里更新"),
)

BAD = [
    (PIANO, "大家的课时照常使用。"),
    (PIANO, "这次进水不影响考级报名。"),
    (PIANO, "请放心，剩余课时一直有效。"),
    (PIANO, "二楼的钢琴课正常进行。"),
    (PIANO, "陪练老师不是辞职。"),
    (PIANO, "我们没有挪用大家的学费。"),
    (PIANO, "已经请了专家来看琴。"),
    (PIANO, "我们已经更换了供暖管道。"),
    (PIANO, "琴房已全部消毒完毕。"),
    (PIANO, "今后遇到停课会提前一天通知大家。"),
    (PIANO, "以后临时停课，会提前在群里通知大家。"),
    (PIANO, "我们会加强设备巡检。"),
    (PIANO, "陪练老师病了，我们没有安排别的老师代课。"),
    (PIANO, "我们忘了给水管做保温。"),
    (PIANO, "你说的连着三周没人接听电话，确实是我们没做到。"),
    (PIANO, "您反映的琴键发霉的确存在。"),
    (PIANO, "其他琴房都没进水。"),
    (PIANO, "其余学员的课都按时上了。"),
    (PIANO, "麻烦把姓名、身份证发给前台登记。"),
    (LAUNDRY, "其余的大衣都没有掉色。"),
    (LAUNDRY, "掉色的大衣已经送检。"),
    (LAUNDRY, "门店照常营业。"),
    (LAUNDRY, "您放心，不会有任何影响。"),
    (LAUNDRY, "我们已经联系了保险公司。"),
]
GOOD = [
    (PIANO, "3 月 5 日 10:00 照常上课。"),
    (PIANO, "3 月 5 日 10:00 恢复上课，停掉的课顺延 1 次。"),
    (PIANO, "不是关门，3 月 5 日 10:00 恢复上课。"),
    (PIANO, "一楼两间琴房已经停用了。"),
    (PIANO, "让大家白跑一趟，心里着急，我们很抱歉。"),
    (PIANO, "本周有 4 节陪练课没按时开，我们没有做到，也没有及时告诉大家，对不起。"),
    (PIANO, "我们没有及时在群里告诉大家，这是我们的疏忽。"),
    (PIANO, "有几台琴受潮，还在核实，没有结论之前不猜。"),
    (PIANO, "会不会影响考级，现在还没有结论。"),
    (PIANO, "课时能不能照常使用？"),
    (PIANO, "看到您说的情况了，正在核实。"),
    (PIANO, "您说的我们都记下来了，有结果就告诉您。"),
    (PIANO, "有意见照样可以提，也可以私聊我们。"),
    (PIANO, "方便的话，请留下一个方便的时间，我们逐个回复。"),
    (PIANO, "接下来每天 17:00 在群里更新。"),
    (PIANO, "后续有结果会在群里说一声。"),
    (PIANO, "更换水管的事：【待补充:进展】。"),
    (PIANO, "谢谢愿意等一等的家长，也谢谢提醒我们的朋友。"),
    (PIANO, "如果已经更换了上课时间，请告诉我们。"),
    (PIANO, "有人说琴行要倒闭，我们看到了。"),
    (PIANO, "请把挂在门口的通知拍下来留好，收据也留好。"),
    (PIANO, "我们还没有拿到物业的说明。"),
    (LAUNDRY, "已经联系了供应商，等对方的说明。"),
    (LAUNDRY, "掉色是不是洗涤造成的，正在一件一件核对。"),
    (LAUNDRY, "凭挂签取回衣物，其他要求先记下，由负责人确认。"),
]


def found(text: str, bounds: Bounds) -> list[str]:
    return [
        one.span.text for one in authority_findings(text, "group", bounds) if one.code == "unsupported" and one.span
    ]


@pytest.mark.parametrize(("bounds", "text"), BAD)
def test_a_kind_word_without_a_row_is_found(bounds: Bounds, text: str) -> None:
    assert found(text, bounds)


@pytest.mark.parametrize(("bounds", "text"), GOOD)
def test_care_questions_open_points_and_rows_in_other_words_pass(bounds: Bounds, text: str) -> None:
    assert found(text, bounds) == []


@pytest.mark.parametrize(("bounds", "text"), BAD)
def test_what_is_found_can_be_taken_out(bounds: Bounds, text: str) -> None:
    mended = mend(text, lambda words: authority_findings(words, "group", bounds))
    assert not found(mended, bounds)
    assert len(PLACEHOLDER.sub("", mended)) < len(text)


def test_a_promise_over_two_clauses_goes_with_both() -> None:
    text = "谢谢大家。以后临时停课，会提前在群里通知大家。谢谢监督。"
    assert mend(text, lambda words: authority_findings(words, "group", PIANO)) == "谢谢大家。谢谢监督。"


def test_what_to_hand_in_becomes_a_placeholder() -> None:
    text = "麻烦把姓名、卡号和书面申请发到前台。"
    mended = mend(text, lambda words: authority_findings(words, "private", PIANO))
    assert mended == "麻烦把【待补充:要提供的材料】和书面申请发到前台。"
    asked = PIANO.model_copy(update={"allowed": (*PIANO.allowed, "凭姓名和卡号登记顺延")})
    assert not found(text, asked)


def test_a_time_to_call_one_person_back_needs_a_row() -> None:
    text = "3 月 4 日 18:00 前后我会再联系您。"
    assert {one.code for one in authority_findings(text, "private", PIANO)} == {"beyond-authority"}
    given = PIANO.model_copy(update={"allowed": (*PIANO.allowed, "3 月 4 日 18:00 逐个电话回复家长")})
    assert authority_findings(text, "private", given) == ()
    assert authority_findings("有结果我会马上告诉您。", "private", PIANO) == ()


def test_the_day_of_a_month_is_no_amount() -> None:
    bounds = Bounds(allowed=("受影响的课程顺延 1 次",))
    assert authority_findings("3 月 4 日晚受影响的课程顺延 1 次。", "group", bounds) == ()
    assert authority_findings("受影响的课程顺延 3 次。", "group", bounds) != ()


def test_what_code_says_itself_may_be_said_in_other_words() -> None:
    bare = PIANO.model_copy(update={"own": (), "verified": (), "owned": False})
    assert found("琴行没有关门。", bare)
    assert not found("琴行没有关门。", PIANO)
