"""Decisions: what was settled by whoever may, what replaces what, and what was only proposed or thought about."""

import pytest
from staged import Row, scene_of

from copilot.chat.claims import Decision
from copilot.chat.decisions import read_decisions


def decisions_of(rows: list[Row], *staff: str) -> tuple[Decision, ...]:
    return read_decisions(scene_of(rows, *staff))


SETTLED = [
    "通知:周三晚的读书会改到周五19:30,地点不变",
    "以后材料一律发邮箱,群里不收",
    "从下周一起早班车提前到6:20发车",
    "公会仓库的药水每人限领5瓶,多拿的扣分",
    "今晚团本20:30准时开,20:20前进组,迟到的让替补上",
    "碎了的一律全额退,今天24点前登记",
    "关于高空抛物:即日起抓到一次公示一次",
    "定了:露营改到6月20日,费用235/人",
    "双人帐40/晚,睡袋15,押金各100,周五晚20点前登记",
    "自提点不受影响,明天照常16:30",
]
SETTLES_NOTHING = [
    "早上好呀,今天天气真好",
    "收到,谢谢大家",
    "我去问一下师傅,稍后回复",
    "辛苦各位了,早点休息",
    "欢迎新朋友",
    "@小满 恭喜呀",
]


@pytest.mark.parametrize("text", SETTLED)
def test_what_the_staff_announce_is_settled(text: str) -> None:
    decisions = decisions_of([("09:00", "管家小何", text)], "管家小何")

    assert [decision.status for decision in decisions] == ["in_force"]
    assert decisions[0].text in text or text in decisions[0].text


@pytest.mark.parametrize("text", SETTLES_NOTHING)
def test_talk_of_the_staff_settles_nothing(text: str) -> None:
    assert decisions_of([("09:00", "管家小何", text)], "管家小何") == ()


@pytest.mark.parametrize("text", SETTLED)
def test_the_same_from_a_member_settles_nothing(text: str) -> None:
    assert decisions_of([("09:00", "路人甲", text)], "管家小何") == ()


def test_a_correction_replaces_what_was_said() -> None:
    first, second = decisions_of(
        [
            ("09:00", "团长Grace", "周六合唱排练14:00-17:00,文化馆302,带谱"),
            ("1/10:00", "团长Grace", "更正:周六合唱排练改到15:00-18:00,文化馆302有活动,换到一楼小剧场"),
        ],
        "团长Grace",
    )

    assert first.status == "superseded"
    assert (second.status, second.supersedes) == ("in_force", first.id)


def test_saying_it_again_adds_a_message_and_no_decision() -> None:
    (decision,) = decisions_of(
        [
            ("09:00", "管家小何", "定了:亲子市集6月20日10:00在中心花园,自带零钱"),
            ("12:00", "雷子", "收到"),
            ("20:00", "管家小何", "【通知】亲子市集6月20日10:00在中心花园,自带零钱"),
        ],
        "管家小何",
    )

    assert decision.messages == ("m1", "m3")


def test_a_proposal_is_not_a_decision() -> None:
    decisions = decisions_of([("09:00", "老师阿凯", "周四的直播可能要调一下,21:00可以吗?")], "老师阿凯")

    assert all(decision.status in ("proposed", "considering") for decision in decisions)


def test_what_is_being_thought_about_is_said_to_be_so() -> None:
    (decision,) = decisions_of([("09:00", "团长阿梅", "包车在考虑,要看人数,还没定")], "团长阿梅")

    assert decision.status == "considering"


def test_what_is_over_has_expired() -> None:
    (decision,) = decisions_of(
        [("09:00", "站长", "通知:5月20日闭馆一天,5月21日照常"), ("9/09:00", "雷子", "早")], "站长"
    )

    assert decision.status == "expired"


def test_who_sets_up_a_group_purchase_may_settle_its_terms() -> None:
    rows = [
        ("09:00", "胖达", "坐垫开团!单买168/套,满20套138/套,周五18:00截,要的接龙报颜色"),
        ("09:05", "小雨", "有灰色吗"),
        ("09:06", "胖达", "有"),
        ("09:10", "老周", "#接龙\n1. 老周 黑"),
        ("1/18:00", "胖达", "截团!坐垫一共26套,统一128/套,发货改5月28日"),
    ]
    last = decisions_of(rows, "会长老岳")[-1]

    assert last.by == "胖达"
    assert "128" in last.text
