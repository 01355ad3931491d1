"""What becomes of a model's reply in a crisis: read on the right day, mended without holes, completed without doubles."""

from datetime import datetime
from typing import Any

import pytest
from crisis_replies import TASK, ZONE, assignment_of

from copilot.checks.battery import untrue
from copilot.settings import PROMPTS
from copilot.tasks.crisis_reply.rendering import statement_text
from copilot.tasks.crisis_reply.reply import Answer, CrisisWords, Statement, Update
from copilot.writers.prompts import newest, render

POOL: dict[str, Any] = {
    "群名": "海豚游泳馆会员群",
    "经过": "7 月 8 日晚有人发视频说游泳馆灯黑着、“老板跑了”，6 人要求退卡",
    "已核实": [
        "游泳馆因水泵检修今晚 19:00 提前闭馆，通知贴在前台",
        "教练小麦、阿海今天正常下班",
        "7 月 9 日 08:00 恢复开放",
    ],
    "未核实": ["视频是谁拍的、拍摄时间"],
    "可以承诺": ["明天 10:00 馆长现场答疑", "今晚的泳课顺延 1 次", "凭次卡全额退当晚课费"],
    "不能承诺": ["全额退卡"],
    "更新": "每天 09:00、20:00 在群里更新",
}


def mended(words: CrisisWords) -> CrisisWords:
    assignment = assignment_of(POOL)
    return TASK.complete(TASK.mend(words, lambda text, readers: untrue(text, readers, assignment)), assignment)


def said(**fields: Any) -> CrisisWords:
    statement = {"title": "说明", "opening": "看到大家的担心了。", "doing": (), "known": (), "checking": (), **fields}
    return CrisisWords(holding="视频看到了。", statement=Statement.model_validate(statement))


def test_relative_days_are_those_of_the_matter_and_not_of_the_clock() -> None:
    assignment = assignment_of(POOL)  # the clock stands in November
    for text in (
        "7 月 8 日 19:00 提前闭馆。",
        "今晚 19:00 提前闭馆。",
        "明天 10:00 馆长现场答疑。",
        "今天 20:00 更新。",
    ):
        assert not [one for one in untrue(text, "group", assignment) if one.code == "untraced-moment"], text
    assert [one.code for one in untrue("后天 10:00 馆长现场答疑。", "group", assignment)]


def test_a_settled_time_is_not_marked_as_open() -> None:
    words = mended(said(next_update="今天 20:00 在群里更新。"))
    assert words.statement.next_update == "今天 20:00 在群里更新。"


@pytest.mark.parametrize(
    ("when", "text", "dated"),
    [
        ("7 月 9 日 08:00", "今天 08:00 已恢复开放，昨晚的泳课顺延。", "7月9日 08:00 已恢复开放，7月8日晚的泳课顺延。"),
        ("8月1日 9:00", "昨天登记的都回复了，明早再说。", "7月31日登记的都回复了，8月2日早上再说。"),
        ("3月1日 9:00", "昨天登记的，今天回复。", "昨天登记的，3月1日回复。"),
        ("收口时", "昨天的事，今天收尾。", "昨天的事，今天收尾。"),
        ("2月31日", "今天收尾。", "今天收尾。"),
    ],
)
def test_an_update_names_days_as_they_are_on_its_own(when: str, text: str, dated: str) -> None:
    update = Update(id="u1", when=when, text=text)
    assert update.text == dated
    assert Update.model_validate(update.model_dump()) == update


def test_an_update_sent_the_next_day_keeps_its_sentence() -> None:
    text = "今天 08:00 已恢复开放，昨晚的泳课顺延 1 次。"
    words = mended(said().model_copy(update={"updates": (Update(id="u1", when="7月9日 09:00", text=text),)}))
    assert words.updates[0].text == "7月9日 08:00 已恢复开放，7月8日晚的泳课顺延 1 次。"


def test_an_answer_goes_with_its_question_and_an_empty_line_goes() -> None:
    answers = (
        Answer(question="年卡都保证能用吗", answer="年卡照常使用。"),
        Answer(question="什么时候开放", answer="7 月 9 日 08:00 恢复开放。"),
    )
    words = mended(said(answers=answers, doing=("赔偿每人一张年卡", "今晚的泳课顺延 1 次")))
    assert [one.question for one in words.statement.answers] == ["什么时候开放"]
    assert words.statement.doing[0] == "今晚的泳课顺延 1 次"
    assert all(words.statement.doing)
    assert "· ？" not in statement_text(words.statement)


def test_what_the_model_said_as_it_was_told_is_not_said_again() -> None:
    assignment = assignment_of(POOL)
    words = said(
        known=(
            "游泳馆因水泵检修今晚 19:00 提前闭馆，通知贴在前台",
            "两位教练今天是正常下班",
            "7 月 9 日 08:00 恢复开放",
        ),
        checking=("视频是谁拍的、什么时候拍的，还在核实",),
    )
    whole = TASK.complete(words, assignment).statement
    assert whole.known == words.statement.known
    assert whole.checking == words.statement.checking
    bare = TASK.complete(said(), assignment).statement
    assert len(bare.known) == 3
    assert len(bare.checking) == 1


def test_a_refund_that_is_allowed_may_be_called_one_and_asked_for() -> None:
    assignment = assignment_of(POOL)

    def refunds(text: str) -> list[str]:
        return [one.code for one in untrue(text, "group", assignment) if one.code == "untraced-claim-refund"]

    assert not refunds("能退款吗？")
    assert not refunds("退卡和赔偿现在还没有结论。")
    assert refunds("给大家补偿一次。")
    cake = assignment_of({"事件": "蛋糕有异味", "已核实": ["6 月 2 日发出 26 份"], "可以承诺": ["凭订单退蛋糕款"]})
    assert not [one for one in untrue("退款凭订单办。", "group", cake) if one.code.startswith("untraced-claim")]
    plain = assignment_of({"事件": "蛋糕有异味", "已核实": ["6 月 2 日发出 26 份"], "可以承诺": ["上门取样"]})
    assert [one for one in untrue("退款凭订单办。", "group", plain) if one.code == "untraced-claim-refund"]


def test_whether_there_is_a_problem_is_no_claim_that_there_is_none() -> None:
    assignment = assignment_of(POOL)
    assert untrue("水质有没有问题，还在核实。", "group", assignment) == ()
    assert untrue("水质没有问题。", "group", assignment) != ()


def test_the_prompt_tells_the_rhythm_and_the_gaps_that_may_be_needed() -> None:
    assignment = assignment_of({**POOL, "now": "2026-07-08 20:30"}, now=datetime(2026, 7, 8, 20, 30, tzinfo=ZONE))
    details = TASK.details(assignment)
    assert "每天 09:00、20:00 在群里更新" in details["rhythm"]
    spare = {gap["placeholder"] for gap in details["spare_gaps"]}
    assert spare == {
        gap.placeholder for gap in assignment.missing if gap not in assignment.to_write and gap.placeholder
    }
    assert spare
    known = {"length": None, "brief": {}, "gaps": [], "sections": [], **details}
    text = render(newest("crisis-reply.user", PROMPTS), folder=PROMPTS, **known)
    assert all(mark in text for mark in spare)
    assert details["rhythm"] in text
    bare = render(newest("crisis-reply.user", PROMPTS), folder=PROMPTS, **{**known, "spare_gaps": [], "rhythm": ""})
    assert "spare_gaps" not in bare
    assert "更新的节奏" not in bare


def test_a_matter_that_is_only_named_is_not_answered() -> None:
    camp = assignment_of({"事件": "营员擦伤", "已核实": ["8 月 3 日一名营员擦伤"], "未核实": ["是不是有人推搡"]})
    assert untrue("有人推搡这件事，我们还没有核实。", "group", camp) == ()
    assert untrue("有人推搡，我们看到了。", "group", camp) != ()
