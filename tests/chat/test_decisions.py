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
    "三号机先停用,等厂家来人",
    "这几天大家先别喂流浪猫",
    "地下车库B区封闭三天",
    "展厅禁烟,请到室外",
    "【进展通报】仓库清点完毕,周四恢复发货",
]
SETTLES_NOTHING = [
    "早上好呀,今天天气真好",
    "收到,谢谢大家",
    "我去问一下师傅,稍后回复",
    "辛苦各位了,早点休息",
    "欢迎新朋友",
    "@小满 恭喜呀",
    "先别急,我看看",
    "这个规定挺好的",
    "先别睡 还有一道题",
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


def test_the_last_message_that_says_the_whole_of_it_is_told_and_not_two_glued_together() -> None:
    (decision,) = decisions_of(
        [
            ("14:02", "老师阿宽", "我看了下行程 来得及 那就19:40"),
            ("14:03", "班长小芷", "好的,定了:周六(5/23)读谱课从19:00改到19:40,还是原来的教室"),
            ("20:00", "班长小芷", "【通知】5/23周六读谱课改为19:40"),
        ],
        "班长小芷",
        "老师阿宽",
    )

    assert decision.text == "好的,定了:周六(5/23)读谱课从19:00改到19:40,还是原来的教室"
    assert decision.messages == ("m1", "m2", "m3")


def test_what_follows_from_a_notice_is_told_with_the_notice() -> None:
    (decision,) = decisions_of(
        [
            ("10:12", "店长阿桂", "各位,刚接到通知:这批冬枣到货不足,缺30箱"),
            ("10:13", "店长阿桂", "方案:默认原路退款;想换苹果的,今天18:00前登记"),
        ],
        "店长阿桂",
    )

    assert decision.text.startswith("各位,刚接到通知:这批冬枣到货不足")
    assert "默认原路退款" in decision.text
    assert decision.messages == ("m1", "m2")


def test_what_was_confirmed_in_a_short_answer_is_replaced_by_a_change_of_what_was_asked() -> None:
    first, second = decisions_of(
        [
            ("20:10", "小满", "周四插花沙龙还是8点吗"),
            ("20:12", "馆长阿岚", "对 周四5/21 20:00,链接当天发"),
            (
                "1/09:15",
                "馆长阿岚",
                "说个事:讲师临时有门诊,插花沙龙改到 周五5/22 20:00,主题不变,材料照带,直播间还是原来那个",
            ),
        ],
        "馆长阿岚",
    )

    assert second.supersedes == first.id
    assert (first.status, second.status) == ("superseded", "in_force")


def test_which_copy_of_a_file_holds_replaces_no_date() -> None:
    decisions = decisions_of(
        [
            ("19:05", "团长阿禾", "各位,本周排练:5月23日(周六)14:00-17:00,老地方302,重点《远山》和《归舟》第二段"),
            ("1/15:05", "谱务小卉", "新谱来了,远山_0519.pdf,37小节的以这版为准"),
        ],
        "团长阿禾",
        "谱务小卉",
    )

    assert [decision.supersedes for decision in decisions if "37小节" in decision.text] in ([], [""])
    assert decisions[0].status == "in_force"


def test_what_a_rule_for_the_future_takes_the_place_of_is_told_with_it() -> None:
    (decision,) = decisions_of(
        [("22:30", "助教阿棠", "先休息🙏 名次榜是机器人自动发的,我这就关掉。以后统一只发“今天有多少人完成”")],
        "助教阿棠",
    )

    assert decision.text.startswith("名次榜是机器人自动发的")
    assert "休息" not in decision.text
