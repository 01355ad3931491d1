"""A week's messages by a model: each is held to its own slot's day, facts, conditions and place."""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fakes import ChatEndpoint, streamed

from copilot.checks.facts import fact_findings
from copilot.client import Copilot
from copilot.facts.brief import read_brief
from copilot.records import Part
from copilot.settings import Settings
from copilot.tasks.weekly_plan.holding import belongs_to, binding, losses, restored
from copilot.tasks.weekly_plan.plan import PlanWords, Review, Slot, SlotText, WeeklyPlan
from copilot.tasks.weekly_plan.slot_ledger import SlotLedger, ledger_over, slot_ledgers, statement
from copilot.tasks.weekly_plan.task import PlanAssignment, WeeklyPlanTask
from copilot.writers.prompts import render

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
BRIEF = {
    "群名": "青石巷修车群",
    "群类型": "自行车维修兴趣群",
    "周期": "2026-11-30~2026-12-06",
    "人手": ["阿榕：运营，工作日 10:00–21:30", "陶师傅：答疑，每晚 19:30–21:00"],
    "上周数据": {"未答提问": 6},
    "群友说": ["想学冬天怎么保养链条"],
    "限制": ["21:30 后不发消息", "群友大多骑车通勤"],
    "固定活动": ["12/3（周四）20:00 线上调刹车"],
}
LESSON = "12月3日（周四） 20:00，线上调刹车，一次 ≤40 分钟。\n怎么进：【待补充:入口】\n报名不代表一定排得上。\n拆刹车前先问师傅，这里说的不能代替当面检查。"
RECAP = "“线上调刹车”的要点在这里：【待补充:要点】\n想补充的接着说。"


def slot(name: str, day: int, hour: int, action: str, message: str, **changes: Any) -> Slot:
    return Slot(
        id=name, group="", day=date(2026, 12, day), start=hour * 60, kind="content", action=action, message=message
    ).model_copy(update=changes)


SLOTS = (
    slot("s1", 2, 12, "预热：线上调刹车", LESSON),
    slot("s2", 3, 20, "线上调刹车", "线上调刹车开始了，由陶师傅来讲。"),
    slot("s3", 4, 12, "要点汇总：线上调刹车", RECAP),
    slot("s4", 5, 12, "实用小知识一条", "今天说一个用得上的小知识：【待补充:具体内容】"),
)
READ = read_brief("青石巷修车群", now=NOW)
PUBLIC = ledger_over(READ, iter([statement("青石巷修车群，骑行群，头盔 12 顶，陶师傅")]))
LEDGERS = slot_ledgers(
    WeeklyPlan(
        week=(date(2026, 11, 30), date(2026, 12, 6)), slots=SLOTS, review=Review(done=(), not_done=(), learned=())
    ),
    READ,
    PUBLIC,
)


def untraced(text: str, name: str = "s1") -> list[str]:
    return [one.span.text for one in fact_findings(text, LEDGERS[name]) if one.span]


@pytest.mark.parametrize(
    "text",
    [
        "今天先打个招呼。",
        "明天 20:00 一起调刹车。",
        "明晚见。",
        "后天给大家发要点。",
        "12月3日晚上 20:00 见，头盔 12 顶。",
        "这周四 20:00，别忘了。",
        "周末还有一条。",
        "第一次来的也欢迎，这是第一条。",
        "这次讲三件事，一样一样来：\n刹车线\n刹车皮\n手感",
        "约好的两样，记一下：\n· 扳手\n· 抹布\n带了就行。",
    ],
)
def test_days_are_counted_from_the_day_a_message_goes_out(text: str) -> None:
    assert untraced(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("周五晚上见。", "周五晚上"),
        ("12月4日 20:00 一起调刹车。", "12月4日 20:00"),
        ("今晚 20:00 一起调刹车。", "今晚 20:00"),
        ("12月3日 19:00 一起调刹车。", "12月3日 19:00"),
        ("昨晚讲过一遍。", "昨晚"),
        ("第3次办了。", "第3次"),
        ("这次讲五件事：\n刹车线\n刹车皮", "五件"),
        ("12月5日有一条小知识。", "12月5日"),
    ],
)
def test_another_day_or_hour_than_the_slots_own_is_untraced(text: str, words: str) -> None:
    assert untraced(text) == [words]


def test_a_day_is_right_or_wrong_whatever_the_clock_says() -> None:
    later = read_brief("青石巷修车群", now=datetime(2027, 3, 1, tzinfo=NOW.tzinfo))
    plan = WeeklyPlan(
        week=(date(2026, 11, 30), date(2026, 12, 6)), slots=SLOTS, review=Review(done=(), not_done=(), learned=())
    )
    ledger = slot_ledgers(plan, later, PUBLIC)["s3"]
    assert not fact_findings("昨晚的要点在这里。", ledger)
    assert [one.code for one in fact_findings("今晚发要点。", ledger)] == ["untraced-moment"]


KEPT = (
    "下次想请大家一起：12月3日（周四） 20:00 线上调刹车，最多 40 分钟。\n【待补充:入口】\n"
    "先说清楚，报名不代表一定能排得上。拆刹车之前先问师傅，这里说的不能代替当面检查。"
)


def lost(written: str, program: str = LESSON, name: str = "s1") -> list[str]:
    return [one.words for one in losses(program, written, LEDGERS[name], PUBLIC)]


@pytest.mark.parametrize(
    "written",
    [
        LESSON,
        KEPT,
        KEPT.replace("12月3日（周四） 20:00", "明天 20:00"),
        KEPT.replace("最多 40 分钟", "40 分钟以内"),
        KEPT.replace("拆刹车之前先问师傅，", "动手拆刹车前，先问师傅，"),
    ],
)
def test_another_wording_that_keeps_everything_passes(written: str) -> None:
    assert lost(written) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("报名不代表一定能排得上", "报名就能排上", "报名不代表一定排得上。"),
        ("报名不代表一定能排得上", "报名代表一定能排得上", "报名不代表一定排得上。"),
        ("拆刹车之前先问师傅，这里说的不能代替当面检查。", "", "拆刹车前先问师傅，这里说的不能代替当面检查。"),
        ("不能代替", "能代替", "拆刹车前先问师傅，这里说的不能代替当面检查。"),
        ("最多 40 分钟", "不到 40 分钟", "一次 ≤40 分钟"),
        ("最多 40 分钟", "40 分钟", "一次 ≤40 分钟"),
        ("12月3日（周四） 20:00", "明晚", "12月3日（周四） 20:00"),
        ("【待补充:入口】", "链接在公告里", "【待补充:入口】"),
    ],
)
def test_what_is_lost_or_turned_round_is_named(old: str, new: str, words: str) -> None:
    assert lost(KEPT.replace(old, new)) == [words]


def test_sentences_that_bind_are_told_from_those_that_do_not() -> None:
    text = "发的时候请标明“借来的”。想来的都欢迎。名单以周五公布的为准。来不了也没关系。"
    assert binding(text) == ("发的时候请标明“借来的”。", "名单以周五公布的为准。")


def test_a_lost_sentence_is_put_back() -> None:
    without = KEPT.replace("拆刹车之前先问师傅，这里说的不能代替当面检查。", "")
    whole = restored(LESSON, without, LEDGERS["s1"], PUBLIC)
    assert whole.startswith(without)
    assert whole.endswith("\n拆刹车前先问师傅，这里说的不能代替当面检查。")


@pytest.mark.parametrize(
    ("old", "new"),
    [("报名不代表一定能排得上", "报名就人人都有"), ("最多 40 分钟", "不到 40 分钟"), ("12月3日（周四） 20:00", "明晚")],
)
def test_what_may_say_the_opposite_gives_way_to_the_programs_message(old: str, new: str) -> None:
    assert restored(LESSON, KEPT.replace(old, new), LEDGERS["s1"], PUBLIC) == LESSON


def test_a_message_in_another_slot_is_recognised_by_its_words_or_its_placeholder() -> None:
    assert belongs_to(RECAP, SLOTS[3], SLOTS) == SLOTS[2]
    assert belongs_to("没来的看这一条：【待补充:要点】", SLOTS[3], SLOTS) == SLOTS[2]
    assert belongs_to("今天聊一个顺手的小办法：【待补充:具体内容】", SLOTS[3], SLOTS) is None
    assert belongs_to(KEPT, SLOTS[0], SLOTS) is None
    assert belongs_to("陶师傅来了，刹车有问题的现在问。", SLOTS[1], SLOTS) is None


def test_the_same_message_in_several_slots_is_in_its_own_in_each() -> None:
    again = slot("s5", 6, 12, SLOTS[3].action, SLOTS[3].message)
    assert belongs_to(SLOTS[3].message, again, (*SLOTS, again)) is None


@pytest.fixture(scope="module")
def assignment() -> PlanAssignment:
    copilot = Copilot(Settings())
    return copilot._flow.prepare(WeeklyPlanTask(), copilot._request(BRIEF, {"now": NOW}))


def words_with(assignment: PlanAssignment, **changed: str) -> PlanWords:
    texts = {one.id: one.message for one in assignment.plan.slots if one.message} | changed
    return PlanWords(focus=(), messages=tuple(SlotText(id=name, text=text) for name, text in texts.items()))


def test_every_message_of_ours_is_backed_by_its_own_slot(assignment: PlanAssignment) -> None:
    assert assignment.ledgers
    for name, ledger in assignment.ledgers.items():
        own = assignment.for_slot(name)
        assert isinstance(own.ledger_for("group"), SlotLedger)
        assert own.slot
        assert not fact_findings(own.slot.message, ledger, own=assignment.phrases)
        assert not own.objections(own.slot.message, "group")


def test_what_can_not_be_used_gives_way_and_the_operator_is_told(assignment: PlanAssignment) -> None:
    task = WeeklyPlanTask()
    name, other = list(assignment.ledgers)[:2]
    own = assignment.for_slot(name).slot
    assert own
    there = assignment.for_slot(other).slot
    assert there
    for text in ("1月9日下午五点老地方见，人人有 300 元。", there.message):
        written = words_with(assignment, **{name: text})
        settled = task.settle(assignment, written)
        whole = task.complete(written, settled)
        assert next(one.text for one in whole.messages if one.id == name) == own.message
        assert [one.code for one in task.remarks(whole, settled)].count("plan-program-words") == 1


def test_our_own_words_need_no_telling(assignment: PlanAssignment) -> None:
    task = WeeklyPlanTask()
    settled = task.settle(assignment, words_with(assignment))
    assert settled.findings == assignment.findings


def test_an_operators_edit_is_not_held_to_the_programs_words(assignment: PlanAssignment) -> None:
    draft = Copilot(Settings()).draft_weekly_plan(BRIEF, now=NOW, writer="offline")
    part = draft.parts[1]
    edited = Copilot(Settings()).recheck(draft, "有事私聊我们就好。", part.name)
    assert not [one for one in edited.findings if one.code in ("plan-lost", "plan-slot")]


def test_bare_counts_of_the_brief_may_be_counted_in_the_teams_lines(assignment: PlanAssignment) -> None:
    ledger = assignment.ledger_for("team")
    assert not fact_findings("先还欠账：6 个提问都要有下文。", ledger)
    assert fact_findings("先还欠账：7 个提问都要有下文。", ledger)


def test_a_line_of_focus_that_nothing_backs_is_dropped_whole(assignment: PlanAssignment) -> None:
    task = WeeklyPlanTask()

    def check(text: str, readers: Any) -> Any:
        return fact_findings(text, assignment.ledger_for(readers))

    structure = PlanWords(focus=("先答 6 个提问。", "再拉 900 人进群。"), messages=())
    assert task.mend(structure, check).focus == ("先答 6 个提问。",)


def test_a_writer_is_told_the_slot_and_a_fix_of_its_own(assignment: PlanAssignment) -> None:
    name = next(iter(assignment.ledgers))
    part = Part(name=name, title="", text="周六晚上九点半见。", start=40)
    found = [one.moved(40) for one in fact_findings(part.text, assignment.ledgers[name])]
    told = assignment.addressed(found, (part,))
    assert told[0].message.startswith(f"{name}（")
    own = assignment.for_slot(name).slot
    assert own
    assert own.message in told[0].fix
    assert "简报里补上" not in told[0].fix


def test_a_model_is_told_what_each_slot_must_keep_and_no_other_gap(assignment: PlanAssignment) -> None:
    details = WeeklyPlanTask().details(assignment)
    marks = [mark for row in details["slots"] for mark in row["marks"]]
    assert {gap.placeholder for gap in assignment.to_write} == set(marks)
    assert details["known"] == ["群友大多骑车通勤"]
    assert any("21:30" in line for line in details["never"])
    assert any("20:00" in value for row in details["slots"] for value in row["values"])


def test_a_repair_prompt_says_how_to_mend_a_slot() -> None:
    findings = [{"id": "c1", "words": "周五", "problem": "s4（12月3日（周四））：找不到", "fix": "删掉"}]
    prompt = render("weekly-plan.repair.v2.jinja", findings=findings, length=None)
    assert "问题：s4（12月3日（周四））：找不到\n怎么改：删掉\n" in prompt
    assert "只改那一格" in prompt


def test_a_model_that_loses_a_condition_is_asked_for_it_and_then_helped(tmp_path: Any) -> None:
    brief = {**BRIEF, "群名": "木勺辅食群", "群类型": "母婴辅食群", "群友说": ["想学几月龄加蛋黄"]}
    offline = Copilot(Settings()).draft_weekly_plan(brief, now=NOW, writer="offline")
    rows = [row for row in offline.structure["slots"] if row["text"]]
    bound = next(row for row in rows if "不能代替" in row["text"])
    sentence = next(line for line in bound["text"].split("\n") if "不能代替" in line)
    texts = {row["id"]: row["text"] for row in rows}
    texts[bound["id"]] = bound["text"].replace(sentence, "").strip()
    reply = {"focus": [], "messages": [{"id": name, "text": text} for name, text in texts.items()]}
    asked = []

    def answer(request: Any) -> Any:
        asked.append(request.json["messages"][-1]["content"])
        return streamed(json.dumps(reply, ensure_ascii=False), size=400)

    with ChatEndpoint(answer=answer) as endpoint:
        settings = endpoint.settings(home=tmp_path, context_tokens=64000, output_tokens=8000)
        draft = Copilot(settings).draft_weekly_plan(brief, now=NOW, writer="model")
    assert len(asked) == 3
    assert f"{bound['id']}（" in asked[1]
    assert sentence in asked[1]
    assert sentence in next(row["text"] for row in draft.structure["slots"] if row["id"] == bound["id"])
    assert "plan-program-words" in [one.code for one in draft.findings]
