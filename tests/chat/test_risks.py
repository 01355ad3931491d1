"""Risks: found with what shows them, graded, never quoting whose mood is low; and nothing where nothing is there."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from staged import Row, scene_of

from copilot.chat.claims import Action, Risk
from copilot.chat.complaints import read_complaints
from copilot.chat.risks import read_risks
from copilot.chat.rumours import read_rumours

QUIET: list[Row] = [
    ("09:00", "阿水", "早上好，今天读到第三章"),
    ("09:10", "小麦", "累死了，作业写到半夜哈哈"),
    ("09:20", "豆豆", "晚上八点直播别忘了"),
    ("09:30", "阿水", "笑死我了，想死你们"),
    ("09:40", "小麦", "一本一百二十块有点贵"),
]


def risks(rows: list[Row], *staff: str, actions: tuple[Action, ...] = ()) -> tuple[Risk, ...]:
    scene = scene_of(rows, *staff)
    return read_risks(scene, read_complaints(scene), read_rumours(scene), actions)


def test_nothing_where_nothing_is_there() -> None:
    assert risks(QUIET, "老师") == ()


@pytest.mark.parametrize(
    ("text", "code", "level"),
    [
        ("再不退钱我就去12315投诉你们", "threat", "high"),
        ("刚才电梯突然急停，孩子摔破了膝盖在流血", "safety", "high"),
        ("有人加我自称客服，让我转账500解冻", "fraud", "high"),
        ("每天都在哭，感觉自己一无是处", "low_mood", "high"),
        ("不想活了，遗书都写好了", "self_harm", "critical"),
        ("咳嗽吃两片头孢就好了，我家都这样", "medical", "medium"),
        ("我的身份证号11010519491231002X，帮我登记", "private", "medium"),
        ("调试的密钥是 sk-live-9f8e7d6c5b4a3210", "private", "medium"),
    ],
)
def test_what_needs_an_eye_is_found(text: str, code: str, level: str) -> None:
    found = {risk.code: risk for risk in risks([*QUIET, ("10:00", "阿月", text)], "老师")}
    assert found[code].level == level
    assert found[code].messages == ("m6",)


def test_whose_mood_is_low_is_never_quoted() -> None:
    for risk in risks([("23:00", "阿月", "撑不下去了，每天都想一了百了，不想活了")], "老师"):
        assert "撑不" not in risk.message
        assert "阿月" not in risk.message
        assert "私下" in risk.message or "单独" in risk.message


def test_two_who_go_at_each_other_are_in_conflict() -> None:
    rows: list[Row] = [
        ("09:00", "阿水", "你懂什么，别在这阴阳怪气"),
        ("09:01", "小麦", "你有病吧，谁阴阳怪气了"),
        ("09:02", "豆豆", "都少说两句"),
    ]
    (risk,) = risks(rows, "老师")
    assert (risk.code, risk.messages) == ("conflict", ("m1", "m2"))


def test_a_grave_complaint_says_how_it_stands() -> None:
    rows: list[Row] = [
        ("09:00", "阿水", "孩子在你们那烫伤了手，老师放学都没告诉我"),
        ("09:05", "园长", "@阿水 非常抱歉，我马上查监控，今天给您说法"),
        ("18:00", "阿水", "一天了，说法呢"),
    ]
    found = [risk for risk in risks(rows, "园长") if risk.code == "complaint"]
    assert [risk.level for risk in found] == ["high"]
    assert "又被追问" in found[0].message
    assert found[0].messages == ("m1", "m3")


def test_a_promise_of_the_groups_people_that_was_not_kept_is_a_risk() -> None:
    due = datetime(2026, 5, 18, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
    late = Action(id="a1", owner="老师", task="发成绩", due=due, status="overdue", messages=("m1",))
    others = late.model_copy(update={"owner": "阿水"})
    found = risks([*QUIET, ("20:00", "阿水", "还在等")], "老师", actions=(late, others))
    assert [(risk.code, risk.level) for risk in found] == [("broken_promise", "medium")]


def test_an_open_rumour_is_a_risk_and_an_answered_one_is_not() -> None:
    rows: list[Row] = [("09:00", "阿水", "听说机构要跑路？朋友说的"), ("09:01", "小麦", "真的假的")]
    assert [risk.code for risk in risks(rows, "老师")] == ["rumour"]
    assert risks([*rows, ("09:10", "老师", "@阿水 没有的事，执照和校区照常，欢迎来看")], "老师") == ()


def test_the_gravest_come_first() -> None:
    levels = [
        risk.level
        for risk in risks(
            [
                ("09:00", "阿水", "咳嗽吃两片头孢就好了"),
                ("09:10", "小麦", "不想活了"),
                ("09:20", "豆豆", "我明天就去教育局投诉你们"),
            ],
            "老师",
        )
    ]
    assert levels == sorted(levels, key=["critical", "high", "medium", "low"].index)
    assert levels[0] == "critical"
