"""How an announcement is put together: its kind, what it asks for, its title, opening and action; on invented briefs."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from copilot import Copilot, Draft, Settings

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday


@pytest.fixture
def copilot() -> Copilot:
    return Copilot(Settings.load())


def draft(copilot: Copilot, brief: str | Mapping[str, object], length: int | None = None) -> Draft:
    return copilot.draft_announcement(brief, writer="offline", now=NOW, length=length)


def lines(result: Draft) -> list[str]:
    return [line for line in result.text.splitlines() if line]


PRICES = {
    "group_name": "梧桐路面包房会员群",
    "purpose": "吐司和贝果调价，提前告诉大家",
    "facts": [
        "调价生效：2026-12-01（周二）起下单的订单",
        "白吐司：18 元 → 20 元",
        "原味贝果：9 元 → 8 元",
        "原因：面粉进货价上涨；贝果换了供货商",
        "其他面包价格不变",
        "有疑问 @店长小满",
    ],
}


def test_a_price_change_says_first_from_when_and_for_whom(copilot: Copilot) -> None:
    result = draft(copilot, PRICES)
    assert result.structure["kind"] == "price_change"
    assert "12月1日（周二）起下单的订单" in "".join(lines(result)[:2])
    assert "18 元 → 20 元" in result.text
    assert result.missing == ()


@pytest.mark.parametrize(
    ("purpose", "facts", "kind"),
    [
        ("亲子徒步报名", ["时间：11月28日 9:00", "下雨改到下周", "报名：接龙", "集合：南门"], "activity"),
        ("家长会通知", ["时间：11月27日 18:30", "地点：三楼报告厅", "请带笔"], "notice"),
        ("秋游通知", ["时间：11月27日 8:00", "地点：植物园", "下雨：改期，另行通知"], "notice"),
        ("招募观鸟志愿者", ["时间：11月28日", "报名：填小表", "地点：东湖"], "activity"),
        ("期中考试时间调整", ["改到：11月30日 8:30"], "change"),
        ("停水通知", ["时间：11月26日 9:00–17:00", "范围：2、4 号楼"], "maintenance"),
        ("会费从下月起由 30 元改为 35 元", ["生效时间：12月1日"], "price_change"),
        ("游戏停机更新维护", ["时间：11月26日 6:00–10:00", "不可用：登录"], "maintenance"),
        ("露营行前须知，发给已经报名的家庭", ["时间：11月28日 13:00 签到", "带睡袋"], "notice"),
    ],
)
def test_the_purpose_decides_the_kind_and_a_condition_does_not(
    copilot: Copilot, purpose: str, facts: list[str], kind: str
) -> None:
    assert draft(copilot, {"purpose": purpose, "facts": facts}).structure["kind"] == kind


@pytest.mark.parametrize(
    ("purpose", "facts"),
    [
        (
            "新品上架",
            ["商品：手工桂花糕 18 元一盒", "到店时间：11月28日（周六）起", "地址：梧桐路 12 号桂花铺"],
        ),
        (
            "两个群合并",
            ["旧群停用：2026-12-01（周二）20:00", "新群：常驻群，入口在群公告", "前台小唐负责问题解答"],
        ),
        (
            "为发错货道歉",
            ["情况：11月20日发出的 12 单发成了旧款", "处理：补寄新款", "负责人：店长阿眠，群内 @"],
        ),
        (
            "周末读书会",
            ["时间：11月28日（周六）14:00，城南图书馆三楼", "参加：直接来，无需报名"],
        ),
    ],
)
def test_what_the_brief_gives_in_its_own_words_is_not_asked_for(
    copilot: Copilot, purpose: str, facts: list[str]
) -> None:
    assert draft(copilot, {"purpose": purpose, "facts": facts}).missing == ()


@pytest.mark.parametrize(
    ("purpose", "title"),
    [
        ("两个群合并成“梧桐会员群”", "两个群合并成“梧桐会员群”"),
        ("“冬至包饺子”报名", "“冬至包饺子”报名"),
        ("为发错货道歉并说明处理办法", "关于发错货的致歉"),
        ("公布“冬日的光”月赛结果并说明领奖方式", "“冬日的光”月赛结果"),
        ("请大家留意，科目二考试时间调整", "科目二考试时间调整"),
        ("下周起鸡蛋调价", "鸡蛋调价"),
    ],
)
def test_a_title_names_the_matter_whole(copilot: Copilot, purpose: str, title: str) -> None:
    result = draft(copilot, {"purpose": purpose, "facts": ["时间：11月30日（周一）10:00"]})
    assert result.structure["title"] == title


def test_a_long_change_keeps_the_plain_title(copilot: Copilot) -> None:
    brief = {
        "purpose": "排练地点变更",
        "facts": ["改到：老干部活动中心后面那栋新装修的楼的三楼最里面靠窗户的音乐教室，门牌上写着三零六"],
    }
    result = draft(copilot, brief)
    assert result.structure["title"] == "排练地点变更"
    assert "三零六" in result.text


def test_the_action_uses_the_entry_and_its_deadline(copilot: Copilot) -> None:
    brief = {
        "purpose": "秋游通知和回执",
        "audience": "二年级家长",
        "facts": {
            "时间": "2026-11-27（周五）08:00",
            "回执": "填班级小程序里的秋游回执",
            "回执截止": "2026-11-25（周三）20:00",
            "不参加": "到校自习，由刘老师看班",
        },
    }
    result = draft(copilot, brief)
    assert result.structure["action"] == "请大家11月25日（周三）20:00前填班级小程序里的秋游回执。"
    assert "感兴趣" not in result.text


def test_what_happened_opens_an_apology_and_the_entry_closes_it(copilot: Copilot) -> None:
    brief = {
        "purpose": "为发错货道歉",
        "audience": "订书的读者",
        "facts": [
            "情况：11月20日发出的 12 单，误将普通版当签名版发出",
            "处理：补寄签名版，普通版不用寄回",
            "登记：小程序“我的订单”，11月27日 24:00 前选择",
            "负责人：店长阿眠，群内 @",
        ],
    }
    result = draft(copilot, brief)
    assert lines(result)[1].startswith("各位读者：对不起")
    assert "12 单" in lines(result)[1]
    assert "在小程序“我的订单”登记" in result.structure["action"]


def test_entries_of_a_list_stay_together(copilot: Copilot) -> None:
    brief = {
        "purpose": "水果开团",
        "团品": [
            {"名称": "秋月梨", "规格": "5斤装", "价": "36 元"},
            {"名称": "石榴", "规格": "6个装", "价": "42 元"},
        ],
        "下单": "群里接龙",
        "截单": "2026-11-26（周四）21:00",
    }
    text = draft(copilot, brief).text
    assert any("秋月梨" in line and "36" in line and "石榴" not in line for line in text.splitlines())


def test_a_placeholder_is_never_cut_into_the_opening(copilot: Copilot) -> None:
    brief = {"purpose": "观鸟报名", "facts": ["时间：2026-11-28（周日）7:00 东湖", "报名：填小表，11月26日截止"]}
    opening = draft(copilot, brief).structure["opening"]
    assert "待核实" not in opening


def test_a_start_and_an_end_given_apart_are_said_together(copilot: Copilot) -> None:
    brief = {
        "purpose": "服务器维护",
        "开始": "2026-11-26（周四）02:00",
        "结束": "2026-11-26（周四）06:00",
        "不可用": ["登录", "交易"],
    }
    assert "登录、交易用不了" in draft(copilot, brief).structure["opening"]
    assert "02:00 至 11月26日（周四）06:00" in draft(copilot, brief).structure["opening"]


def test_items_under_one_heading_share_a_line(copilot: Copilot) -> None:
    brief = {"purpose": "秋游通知", "facts": {"时间": "2026-11-27（周五）", "携带": ["水壶", "午餐", "雨衣"]}}
    assert "水壶、午餐、雨衣" in draft(copilot, brief).text


@pytest.mark.parametrize(("audience", "cautioned"), [("附近养猫的老客户", False), ("附近的老客户", True)])
def test_a_line_of_care_is_for_people(copilot: Copilot, audience: str, cautioned: bool) -> None:
    brief = {"purpose": "新品试吃", "audience": audience, "facts": ["试吃：11月28日到店领 1 份", "价格：30 元"]}
    assert ("问过医生" in draft(copilot, brief).text) is cautioned


def test_the_form_of_address_comes_from_who_they_are_not_from_the_facts(copilot: Copilot) -> None:
    brief = {"purpose": "讲座", "facts": ["志愿者会在门口引导", "时间：11月28日 14:00"], "tone": "亲切"}
    assert "各位志愿者" not in draft(copilot, brief).text
    assert "各位家长" in draft(copilot, brief | {"group_name": "一（3）班"}).text


def test_colleagues_are_only_spoken_of_among_customers(copilot: Copilot) -> None:
    brief = {"purpose": "停水通知", "facts": ["时间：11月26日 9:00–17:00", "范围：2 号楼"], "audience": "业主"}
    assert "同事" not in draft(copilot, brief).text
    assert "同事" in draft(copilot, brief | {"audience": "客户公司的财务"}).text


def test_a_reason_that_is_given_is_not_advised_against(copilot: Copilot) -> None:
    brief = {"purpose": "为发错货道歉", "facts": ["情况：12 单发成了旧款", "为什么：仓库贴错标签"]}
    assert not any("不要写原因" in note for note in draft(copilot, brief).structure["notes"])


def test_far_too_much_is_named_for_a_second_message(copilot: Copilot) -> None:
    notes = draft(copilot, PRICES, length=90).structure["notes"]
    assert any("第二条" in note for note in notes)


@pytest.mark.parametrize("tone", ["亲切", "正式", "简短", "有仪式感"])
@pytest.mark.parametrize("purpose", ["停水通知", "群规更新", "新品上架", "周末徒步", "家长会", "为发错货道歉", "散群"])
def test_no_template_leaves_a_hole(copilot: Copilot, tone: str, purpose: str) -> None:
    result = draft(copilot, {"purpose": purpose, "tone": tone, "facts": ["时间：11月28日 9:00"]})
    for hole in ("{", "；\n", "，。", "。。", "，，", "：：", "None"):
        assert hole not in f"{result.text}\n"
    assert not result.text.endswith("；")
