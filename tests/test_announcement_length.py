"""An announcement by a model against the length that was asked for, on briefs and replies we made up."""

from typing import Any

from test_model_writer import assignment

from copilot.checks.battery import check_draft, for_writer
from copilot.tasks.announcement import Announcement, AnnouncementTask
from copilot.tasks.announcement.kinds import Point
from copilot.tasks.base import Assignment, assemble
from copilot.writers.prompts import newest, render

TASK = AnnouncementTask()
BRIEF = {
    "群名": "旧书交换群",
    "目的": "周末办一次旧书市集",
    "事实": [
        "时间：11月28日（周六）9:30",
        "地点：槐树里 3 号院凉亭",
        "报名：填群置顶的小表",
        "报名截止：11月26日（周四）18:00",
        "每人带 2 本书，摊位先到的先选",
    ],
}
POINTS = (
    Point(label="时间", text="11月28日（周六） 9:30"),
    Point(label="地点", text="槐树里 3 号院凉亭"),
    Point(label="报名", text="填群置顶的小表，11月26日（周四）18:00 截止"),
)
WRITTEN = Announcement(
    title="旧书市集",
    opening="各位书友，看过的书换一本没看过的，来凉亭坐坐。",
    points=POINTS,
    action="想来的朋友填群置顶的小表，填好回复 1。",
    closing="这次没空也没关系。",
)


def known(length: int | None = None) -> Assignment:
    return assignment(BRIEF, length=length)


def whole(length: int | None) -> str:
    return TASK.render(TASK.complete(WRITTEN, known(length)))


def test_what_a_model_left_out_comes_back_and_trimmings_make_room_for_it() -> None:
    full = whole(None)
    assert "每人带 2 本书" in full
    assert "这次没空也没关系" in full
    limit = len(full) - 3
    assert len(whole(limit)) <= limit
    assert "每人带2本书" in whole(limit)
    assert "这次没空也没关系" in whole(limit), "spaces go before the word to those who can't come"
    assert "这次没空也没关系" not in whole(30)


def test_no_fact_goes_however_short_it_is_to_be() -> None:
    said = whole(30)
    for words in ("11月28日（周六）", "9:30", "槐树里3号院凉亭", "小表", "11月26日（周四）18:00", "每人带2本书"):
        assert words in said


def test_a_closing_that_holds_a_fact_stays() -> None:
    holding = WRITTEN.model_copy(update={"points": POINTS[:1] + POINTS[2:], "closing": "我们在槐树里 3 号院凉亭等你。"})
    assert "凉亭等你" in TASK.render(TASK.complete(holding, known(60)))


def told(limit: int) -> dict[str, str]:
    asked = known(limit)
    _, parts = assemble(TASK.parts(WRITTEN, asked))
    _, completed = assemble(TASK.parts(TASK.complete(WRITTEN, asked), asked))
    return {one.code: one.message for one in for_writer(check_draft(parts, asked), completed, asked)}


def test_a_writer_is_told_the_length_with_what_code_adds() -> None:
    shortest = len(whole(20))
    assert told(shortest - 1)["too-long"] == f"全文 {shortest} 字，要求 {shortest - 1} 字以内"
    assert "too-long" not in told(shortest), "what code can shorten by itself is no round for the writer"


def prompt(**changes: Any) -> str:
    given: dict[str, Any] = {
        "kind": "activity",
        "tone": "plain",
        "platform": "qq",
        "length": 180,
        "taken": 100,
        "left": 80,
        "added": [],
        "brief": {},
        "items": [],
        "gaps": [],
        "sections": [],
    }
    return render(newest("announcement.user"), **{**given, **changes})


def test_the_budget_counts_the_facts_the_open_points_and_what_code_adds() -> None:
    asked = assignment({**BRIEF, "事实": [*BRIEF["事实"][:4], "试吃：自带的点心"]}, length=200)
    budget = TASK.details(asked)
    assert budget["added"] == ["有过敏史或身体特殊情况的，先问过医生再决定。"]
    assert budget["taken"] > sum(len(item.text) for item in asked.items) + len(budget["added"][0])
    assert budget["taken"] + budget["left"] == 200


def test_the_prompt_says_how_much_is_taken_and_how_much_is_left() -> None:
    assert "条目、空位和标题已占约 100 字，开头、好处、动作和收尾合计不超过 80 字" in prompt()
    assert "几乎没有余地" in prompt(left=-5)
    assert "已占约" not in prompt(length=None)
    assert "你不用写（字数已经算进去了）：\n· 先问医生。" in prompt(added=["先问医生。"])


def test_the_note_on_a_text_that_is_too_long_never_asks_to_drop_facts() -> None:
    row = {"id": "c1", "code": "too-long", "words": "", "problem": "全文 200 字", "fix": "删去次要的几条"}
    note = render(newest("announcement.repair"), findings=[row], length=180)
    assert "条目里的事实一条不删" in note
    assert "次要" not in note
