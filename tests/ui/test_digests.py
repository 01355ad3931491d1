"""A digest's record as the claims of its page, and its figures as charts."""

from datetime import UTC, datetime
from typing import Any

from copilot import Draft
from copilot.records import Part, Request
from copilot.ui import charts, digests
from copilot.ui.digests import Claim

DESK = """一句话：最要紧的是谱架【19:05 阿澜】。
依据：3 条消息。

■ 先处理
1. 没有答复：谱架在哪【19:05 阿澜】【19:40 阿澜】

■ 私下跟进（只给运营看，不进群日报）
· 阿澜：追问多次【19:40 阿澜】"""


def digest(**structure: Any) -> Draft:
    return Draft(
        id="1",
        kind="digest",
        writer="offline",
        text=DESK,
        parts=(Part(name="desk", readers="team", text=DESK),),
        structure=structure,
        request=Request(brief={"name": "合唱团 11 月.txt"}),
        created=datetime.now(UTC),
    )


def claims(draft: Draft, sheet: str, place: int = 0) -> tuple[Claim, ...]:
    found = next(one for one in digests.sheets(draft) if one.name == sheet)
    return found.lists[place].claims(99)


def test_what_comes_first_names_its_messages_by_their_receipts() -> None:
    (claim,) = digests.told(digest(), "first")
    assert claim == Claim("没有答复：谱架在哪", receipts="【19:05 阿澜】【19:40 阿澜】")
    assert digests.headline(digest()) == "一句话：最要紧的是谱架。"


def test_the_most_asked_question_stands_first_with_all_its_messages() -> None:
    once = {"asker": "阿澜", "question": "几点开始", "message": "m1"}
    twice = {"asker": "小九", "question": "谱架在哪", "message": "m2", "repeats": ["m5"], "replies": ["m3"]}
    first, second = claims(digest(unanswered=[once, twice]), "open")
    assert (first.text, first.messages) == ("谱架在哪", ("m2", "m5", "m3"))
    assert first.tags == (("追问 1 次", "warning"),)
    assert second.tags == ()


def test_a_replaced_decision_stands_with_the_one_that_replaces_it() -> None:
    old = {"id": "d1", "text": "周三 19:00", "by": "团长", "messages": ["m1"], "status": "superseded"}
    new = {"id": "d2", "text": "周三 19:30", "by": "团长", "messages": ["m4"], "status": "in_force", "supersedes": "d1"}
    idea = {"id": "d3", "text": "去河边唱", "by": "", "messages": ["m6"], "status": "proposed"}
    first, second = claims(digest(decisions=[idea, old, new]), "decided")
    assert (first.text, first.note, first.messages) == ("周三 19:30", "团长 · 原定：周三 19:00", ("m4", "m1"))
    assert second.tags == (("只是提议", ""),)


def test_what_is_overdue_stands_before_what_is_done() -> None:
    rows = [
        {"owner": "团长", "task": "发谱子", "status": "done", "messages": ["m1"]},
        {"owner": "", "task": "订场地", "status": "overdue", "messages": ["m2"], "due": "2026-11-20T18:00:00+08:00"},
    ]
    first, second = claims(digest(action_items=rows), "todo")
    assert (first.text, first.note, first.tags) == ("订场地", "没说由谁 · 11-20 18:00", (("逾期", "error"),))
    assert second.tags == (("已完成", ""),)


def test_an_order_to_the_assistant_is_told_without_its_words() -> None:
    (claim,) = claims(digest(injections=[{"message": "m9", "why": "要求助手忽略指令", "where": "body"}]), "watch", 3)
    assert claim.text == "要求助手忽略指令"
    assert "没有照做" in claim.note


def test_only_open_things_are_counted_and_the_gravest_make_a_group_needy() -> None:
    calm = digest(unanswered=[{}, {}], complaints=[{"status": "resolved"}], ads=[{"handled": ["m2"]}])
    grave = digest(action_items=[{"status": "overdue"}, {"status": "open"}])
    assert digests.counts(calm) == [("unanswered", 2, "warning")]
    assert digests.counts(grave) == [("overdue", 1, "error")]
    assert digests.need(grave) > digests.need(calm)


def test_a_chat_without_a_name_goes_by_its_file() -> None:
    assert digests.group_of(digest()) == "合唱团 11 月"
    assert digests.group_of(digest(group="石榴巷合唱团")) == "石榴巷合唱团"


def test_a_record_that_lacks_fields_shows_nothing_instead_of_failing() -> None:
    for sheet in digests.sheets(digest(unanswered=[{}], decisions=["旧"], action_items=None, topics="x")):
        for listed in sheet.lists:
            listed.claims(9)


def test_days_on_which_nobody_spoke_are_in_the_chart() -> None:
    rows = charts.by_day({"2026-11-20": 3, "2026-11-23": 1}, "日期", "消息").data.values
    assert [(row["日期"][-2:], row["消息"]) for row in rows] == [("20", 3), ("21", 0), ("22", 0), ("23", 1)]


def test_a_day_has_all_its_hours_and_people_keep_their_order() -> None:
    hours = charts.by_hour([0] * 23 + [5], "钟点", "消息")
    assert [row["消息"] for row in hours.data.values] == [0] * 23 + [5]
    people = charts.by_person({"小九": 4, "阿澜": 1}, "成员", "次数")
    assert [row["成员"] for row in people.data.values] == ["小九", "阿澜"]
    assert people.to_dict()["encoding"]["y"]["sort"] is None


def test_one_date_far_away_does_not_make_a_chart_of_centuries() -> None:
    rows = charts.by_day({"2026-11-20": 3, "2199-01-01": 1}, "日期", "消息").data.values
    assert [row["日期"] for row in rows] == ["2026-11-20", "2199-01-01"]
