"""Complaints: what is one, whose it is, what belongs together, how it was handled and how it stands."""

import pytest
from staged import Row, scene_of

from copilot.chat.claims import Complaint
from copilot.chat.complaints import read_complaints
from copilot.chat.grievances import weigh

GRIEVANCES = [
    "三号楼电梯又坏了，这个月第二次了，到底修不修",
    "说好周五发货，今天周二了还没动静",
    "私教课临时改时间也没人通知我，白跑一趟",
    "收到的杯子碎了两个，盒子都湿透了",
    "客服让我找仓库，仓库让我找客服，踢皮球呢",
    "押金拖了两个月不退，打电话也没人接",
    "你们前台态度太差了，问一句翻一个白眼",
    "报名的时候说包教材，现在又让我另外交80",
    "后台又崩了，一下午一单都没接到",
    "楼上晾的拖把水一直滴到我家被子上",
    "打包箱里鸡蛋碎了四个",
    "会员卡里莫名少了两次",
    "付了定金人就不回了，电话也没人接",
]
TALK = [
    "今天好热，空调都不想离开",
    "这道题我错了三次，崩溃",
    "公司电梯又坏了，爬楼爬到怀疑人生",
    "希望下次能多安排几场",
    "快递还在路上，不急",
    "修好了，谢谢师傅",
    "请问退款流程是怎样的",
    "我自己忘交了，不好意思",
    "上一家店服务好差，还好换到你们这",
    "听说隔壁小区停水了",
    "哈哈哈我又把手机摔了",
    "扑到我怀里撒娇的猫太可爱了",
    "推后半小时 那我就不算迟到了",
    "鸡蛋收到了，一个没坏",
]


def complaints(rows: list[Row], *staff: str) -> tuple[Complaint, ...]:
    return read_complaints(scene_of(rows, *staff))


@pytest.mark.parametrize("text", GRIEVANCES)
def test_a_grievance_opens_a_complaint(text: str) -> None:
    (one,) = complaints([("09:00", "阿水", text), ("20:00", "店长", "大家晚安")], "店长")
    assert (one.members, one.messages, one.status) == (("阿水",), ("m1",), "open")


@pytest.mark.parametrize("text", TALK)
def test_everyday_moaning_wishes_and_thanks_open_none(text: str) -> None:
    assert complaints([("09:00", "阿水", text)], "店长") == ()


def test_praise_beside_a_broken_promise_is_irony() -> None:
    assert weigh("说好三天寄，都第八天了，承诺得挺好的") > weigh("说明书写得挺好的，三天就寄到了")


STORY: list[Row] = [
    ("09:00", "阿水", "昨天取的蛋糕塌了半边，里面还有根头发"),
    ("09:01", "阿水", "[图片]"),
    ("09:03", "小麦", "我家上回也有头发"),
    ("09:04", "豆豆", "我的挺好的呀"),
    ("09:05", "店长", "@阿水 @小麦 实在对不起，我今晚8点前给两位答复"),
    ("09:06", "阿水", "行，等你"),
    ("10:00", "豆豆", "周末有亲子课吗"),
    ("20:10", "阿水", "8点过了"),
    ("20:11", "阿水", "？"),
    ("20:30", "店长", "@阿水 抱歉晚了，钱已经原路退给您，后厨今天全部换了帽子"),
    ("20:40", "阿水", "退到了，这样可以"),
]


def test_a_complaint_gathers_its_own_lines_others_who_met_the_same_and_what_was_done() -> None:
    (one,) = complaints(STORY, "店长")
    assert one.members == ("阿水", "小麦")
    assert one.messages == ("m1", "m2", "m3", "m8", "m9")
    assert one.handling == ("m5", "m6", "m10", "m11")
    assert one.status == "resolved"
    assert one.summary == "昨天取的蛋糕塌了半边，里面还有根头发"


@pytest.mark.parametrize(("until", "status"), [(4, "open"), (6, "answered"), (9, "open"), (10, "answered")])
def test_a_complaint_stands_as_the_last_word_leaves_it(until: int, status: str) -> None:
    assert complaints(STORY[:until], "店长")[0].status == status


def test_a_settled_complaint_that_comes_up_again_is_reopened() -> None:
    again: Row = ("1/09:00", "阿水", "蛋糕的头发又出现了，昨天怎么跟我说的")
    assert [one.status for one in complaints([*STORY, again], "店长")] == ["reopened"]


def test_troubles_that_share_nothing_stay_apart() -> None:
    rows: list[Row] = [
        ("09:00", "阿水", "地下车库漏水漏到我车顶上了，到底谁来修"),
        ("11:00", "阿水", "还有快递柜的门坏了一个星期没人管"),
        ("15:00", "小麦", "楼上半夜拖椅子吵死人，物业管不管"),
    ]
    assert [one.messages for one in complaints(rows, "管家")] == [("m1",), ("m2",), ("m3",)]


def test_an_apology_shows_that_something_plainly_told_was_a_complaint() -> None:
    told: Row = ("09:00", "阿水", "我拿到的号比先来的还靠后")
    assert complaints([told, ("09:10", "小麦", "今天人真多")], "店长") == ()
    (one,) = complaints([told, ("09:02", "店长", "@阿水 是我们的疏忽，马上给您安排")], "店长")
    assert one.messages == ("m1",)


def test_gravity_follows_words_and_numbers() -> None:
    light = complaints([("09:00", "阿水", "收到的橙子烂了两个，箱子都湿透了")], "店长")
    grave = complaints([("09:00", "阿水", "孩子吃了你们的面包上吐下泻，已经送急诊了，太离谱了")], "店长")
    assert light[0].level == "low"
    assert grave[0].level == "high"


def test_a_summary_hides_what_points_at_a_person() -> None:
    (one,) = complaints(
        [("09:00", "阿水", "退款拖了三周还没到，卡号6222021234567890128，打13912345678也没人接")], "店长"
    )
    assert "6222" not in one.summary
    assert "139" not in one.summary


def test_what_a_complainer_asks_later_about_something_else_is_not_taken_in() -> None:
    complaints = read_complaints(
        scene_of(
            [
                ("09:00", "轩妈", "上个月报的夏令营,说好送一个书包,到现在也没给,打了两次电话都说在走流程"),
                ("09:15", "教务阿晚", "@轩妈 抱歉,我今天去核,下午5点前给您日期"),
                ("17:12", "轩妈", "5点过了 @教务阿晚"),
                ("17:48", "教务阿晚", "@轩妈 不好意思,书包6/29到货,7/1前台领"),
                ("1/20:00", "轩妈", "夏令营能不能换成周末上 我们月底要回老家"),
            ],
            "教务阿晚",
        )
    )

    assert [(one.messages, one.status) for one in complaints] == [(("m1", "m3"), "answered")]


def test_thanks_for_an_answer_to_something_else_settle_no_complaint() -> None:
    (complaint,) = read_complaints(
        scene_of(
            [
                ("09:03", "启明陈姐", "导出报表一直转圈 转了20分钟 10点要给老板看,太耽误事"),
                ("09:05", "瑞丰小吴", "我们也是 一直转圈 504"),
                ("09:10", "客服小林", "抱歉,我拉研发一起看"),
                ("11:05", "瑞丰小吴", "请问接口的密钥在哪里换"),
                ("11:08", "客服小林", "@瑞丰小吴 去后台重置一个新的"),
                ("11:12", "瑞丰小吴", "@客服小林 已经重置 好了 感谢"),
            ],
            "客服小林",
        )
    )

    assert "m6" not in complaint.handling


def test_a_complaint_that_is_raised_as_one_of_its_own_is_no_part_of_the_last() -> None:
    complaints = read_complaints(
        scene_of(
            [
                ("09:40", "夏天", "5月云台那次取消了 说好的15个工作日退款 这都一个多月了还没到"),
                ("09:41", "雪糕", "我也没有退到"),
                ("09:50", "财务小枫", "不好意思,今晚22点前给大家明确时间"),
                ("1/12:10", "雪糕", "投诉一下 上次云台有人把垃圾袋扔在营地,不是要求带下山么,带队也没管"),
            ],
            "财务小枫",
        )
    )

    assert [one.messages for one in complaints] == [("m1", "m2"), ("m4",)]
