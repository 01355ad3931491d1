"""Values of every kind: two ways of writing one thing share a canonical form, and harmless words stay words."""

import time as stopwatch
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import grows_with_length

from copilot.facts.numerals import parse_number, parse_span, plain
from copilot.facts.values import Value, read_values, same

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def forms(text: str) -> list[str]:
    return [f"{value.kind} {value.canonical}" for value in read_values(text, NOW)]


def one(text: str) -> Value:
    (value,) = read_values(text, NOW)
    return value


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["40分钟", "四十分钟", "40 min", "约40分钟"], "duration 40min"),
        (["20小时", "20个小时", "二十小时", "约20小时", "20h"], "duration 1200min"),
        (["21天", "二十一天", "三周", "3个星期"], "duration 21d"),
        (["半小时", "半个小时", "30分钟", "两刻钟"], "duration 30min"),
        (["一个半小时", "1.5小时", "90分钟", "1小时30分", "1小时30分钟"], "duration 90min"),
        (["7天内", "七天", "7日内", "一周"], "duration 7d"),
        (["24小时内", "24小时"], "duration 1440min"),
        (["3个工作日内", "三个工作日"], "duration 3wd"),
        (["3个月", "三个月"], "duration 3mo"),
        (["半年"], "duration 0.5y"),
        (["3-5天", "3至5天", "3~5天", "三到五天", "3天-5天"], "duration 3-5d"),
        (
            [
                "39元",
                "￥39",
                "¥39",
                "39块",
                "39块钱",
                "三十九元",
                "３９元",
                "39.00元",
                "39元整",
                "原价39",
                "券后价：39",
            ],
            "money CNY:39",
        ),
        (["3.9万元", "39000元", "39,000元", "三万九千元"], "money CNY:39000"),
        (["1,200元", "１，２００元", "¥1,200.00", "一千二百元"], "money CNY:1200"),
        (["39元/人", "每人39元", "39元每人", "39元一位", "¥39/人", "39元/位", "人均39元"], "money CNY:39/人"),
        (["39.9起", "39.9元起", "¥39.9起"], "money CNY:39.9+"),
        (["39-59元", "39元-59元", "¥39-59", "39～59元"], "money CNY:39-59"),
        (["3块5", "3.5元"], "money CNY:3.5"),
        (["12%", "百分之十二", "12 %", "１２％"], "percent 12%"),
        (["8折", "八折", "8.0折"], "percent discount:0.8"),
        (["85折", "八五折", "8.5折"], "percent discount:0.85"),
        (["三分之一", "1/3的"], "percent ratio:1/3"),
        (["30名", "30人", "三十位", "30个人", "30个名额", "前30名"], "quantity 30人"),
        (["20+人", "20多人", "二十余人", "20+名"], "quantity 20+人"),
        (["3-5人", "3人-5人", "三到五位", "3～5名"], "quantity 3-5人"),
        (["5000行", "五千行", "5k行", "5,000行"], "quantity 5000行"),
        (["4群", "4个群", "四群"], "quantity 4群"),
        (["400字", "约400字", "四百字"], "quantity 400字"),
        (["第三次", "第3次"], "quantity 第3次"),
        (["第3天", "第三天", "Day3", "DAY 3"], "quantity 第3天"),
        (["两百份", "200份"], "quantity 200份"),
        (["二三十个", "20-30个"], "quantity 20-30个"),
        (["1234"], "quantity n:1234"),
        (["3号门"], "quantity 3号门"),
        (
            ["13812345678", "138 1234 5678", "138-1234-5678", "+86 13812345678", "１３８１２３４５６７８"],
            "phone 13812345678",
        ),
        (["400-123-4567", "400 123 4567", "4001234567"], "phone 4001234567"),
        (["010-12345678", "(010)12345678", "（010）12345678"], "phone 01012345678"),
        (["Hi.You@Example.com", "hi.you@example.com"], "email hi.you@example.com"),
        (["https://Example.com/a?b=1", "example.com/a?b=1", "http://example.com/a?b=1/"], "link example.com/a?b=1"),
        (["微信号：abc_123", "微信 abc_123", "VX：abc_123"], "account abc_123"),
        (["会议号：123-456-789", "会议号 123 456 789", "123456789"], "account 123456789"),
        (["房号301", "房间号：301"], "account 301"),
        (["口令：8888"], "account 8888"),
        (["FL2024A"], "account FL2024A"),
        (["《春日 计划》", "《春日计划》"], "title 春日计划"),
        (["3.2.1", "v3.2.1", "版本3.2.1", "V3.2.1", "3.2.1版本"], "version v3.2.1"),
        (["v2.0", "2.0版本", "2.0版"], "version v2.0"),
        (["11月28日20:00", "11/28（周六）晚8点"], "moment 2026-11-28T20:00"),
    ],
)
def test_all_ways_of_writing_one_thing_share_a_form(texts, expected):
    assert {text: forms(text) for text in texts} == {text: [expected] for text in texts}
    assert same(one(texts[0]), one(texts[-1]))


@pytest.mark.parametrize(
    "text",
    [
        "一起加油，一定要来，一下子，万一，一些人，一直在，三思而后行",
        "免费参加",
        "统一回复，唯一入口，第一时间，逐一核对",
        "十分感谢，千万别忘，百忙之中，五花八门，七嘴八舌",
        "H5页面，MP4文件，B2B业务，5G网络，GPT模型",
        "星巴克，三国演义的故事，二维码，四季",
        "大家早上好，晚安",
        "帮我砍一刀，一块儿去",
        "1. 报名\n2. 签到\n3、离场\n(4) 合影\n５）收尾\n①集合②出发\n一、报名\n第一，准时；第二，守约",
        "1️⃣报名 2️⃣签到",
    ],
)
def test_ways_of_speaking_and_list_numbers_are_no_values(text):
    assert [value for value in read_values(text, NOW) if not value.soft] == []


@pytest.mark.parametrize("text", ["一条公告", "一个问题", "两位朋友", "一两个例子", "晚上打卡", "下午集合", "新的一天"])
def test_figures_of_speech_are_soft(text):
    assert [value.soft for value in read_values(text, NOW)] == [True]


@pytest.mark.parametrize("text", ["两场直播", "一周", "一个名额", "三条", "第一名", "明天下午", "晚8点"])
def test_real_figures_are_not_soft(text):
    assert [value.soft for value in read_values(text, NOW)] == [False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/2/3群", ["quantity 1群", "quantity 2群", "quantity 3群"]),
        ("1、2、3群", ["quantity 1群", "quantity 2群", "quantity 3群"]),
        ("3、5、7天各一次", ["duration 3d", "duration 5d", "duration 7d", "quantity 1次"]),
        ("A座2单元301室", ["quantity 2单元", "quantity 301室"]),
        ("原价199，现价99，满200减30", ["money CNY:199", "money CNY:99", "money CNY:200", "money CNY:30"]),
        ("尾款500，定金：100，服务费20", ["money CNY:500", "money CNY:100", "money CNY:20"]),
        ("满3人成团，评价5条", ["quantity 3人", "quantity 5条"]),
        ("5月13日前20名", ["moment 2027-05-13", "quantity 20人"]),
        ("晚8点30人到场", ["moment T20:00", "quantity 30人"]),
        ("比分3:2", ["quantity ratio:3:2"]),
        ("《21天打卡》", ["title 21天打卡", "duration 21d"]),
        ("5-8折", ["percent discount:0.5-0.8"]),
        ("上千人，几百条，十几个", ["quantity ~1000人", "quantity ~100条", "quantity ~10个"]),
        ("第1-3群", ["quantity 第1-3群"]),
        ("价格三百九十九", ["quantity n:399"]),
        ("群1和群2", ["quantity n:1", "quantity n:2"]),
        ("t.cn/A6xyz；www.example.com。", ["link t.cn/A6xyz", "link www.example.com"]),
        ("192.168.1.1", ["link 192.168.1.1"]),
        ("订单号 2024051312", ["account 2024051312"]),
        ("9.9包邮，10w+阅读", ["money CNY:9.9", "quantity n:100000+"]),
    ],
)
def test_values_side_by_side_are_told_apart(text, expected):
    assert forms(text) == expected


def test_a_price_backs_itself_without_its_per_part_but_not_the_other_way():
    with_per, without = one("39元/人"), one("39元")
    assert without.canonical in with_per.offers
    assert with_per.canonical not in without.offers
    assert (with_per.per, with_per.number, with_per.unit) == ("人", "39", "CNY")


def test_a_quantity_backs_its_number_alone():
    assert "n:30" in one("30名").offers
    assert {"n:3", "n:5"} <= one("3-5人").offers


def test_hours_and_days_are_not_converted_into_each_other():
    assert not same(one("24小时"), one("1天"))


def test_numbers_inside_a_link_or_an_account_are_not_read_again():
    assert forms("https://example.com/2024/05/13/8888") == ["link example.com/2024/05/13/8888"]
    assert forms("微信号 run_2024_05") == ["account run_2024_05"]


@given(st.integers(1, 99_999_999))
def test_a_number_in_chinese_words_is_the_number(number):
    assert parse_number(chinese(number)) == number


def chinese(number: int) -> str:
    """A plain speller to test the reader with."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        return chinese(high) + "万" + ("零" if 0 < low < 1000 else "") + (chinese(low) if low else "")
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if gap and text else "") + "一二三四五六七八九"[digit - 1] + name
            gap = False
        else:
            gap = True
    return text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,200", 1200),
        ("3.9万", 39_000),
        ("5k", 5000),
        ("10w", 100_000),
        ("三百五", 350),
        ("一万二", 12_000),
        ("两千零五", 2005),
        ("一亿两千万", 120_000_000),
        ("廿三", 23),
        ("二〇二四", 2024),
    ],
)
def test_numbers_are_read_as_people_write_them(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", "万", "百", "甲", "1.2.3"])
def test_what_is_no_number_gives_none(text):
    assert parse_number(text) is None


def test_neighbouring_digits_are_an_approximate_number():
    assert parse_span("三五") == (3, 5)
    assert parse_span("二三十") == (20, 30)
    assert parse_span("二五") is None


def test_a_plain_number_has_no_exponent_and_no_empty_decimals():
    assert [plain(Decimal(text)) for text in ("39.90", "1E+3", "0.5", "100")] == ["39.9", "1000", "0.5", "100"]


FRAGMENTS = st.sampled_from(
    [
        "39",
        "元",
        "￥",
        "-",
        "人",
        "一",
        "两",
        "半",
        "个",
        "小时",
        "天",
        "第",
        "%",
        "折",
        "/",
        "、",
        "：",
        "群",
        "万",
        "百分之",
        "5月",
        "8点",
        "号",
        "x.cn",
        "@",
        "微信号",
        "138",
        "1234",
        "5678",
        "《",
        "》",
        "+",
        "每",
        " ",
        "\n",
        ".",
        "v1",
        "多",
        "ABC12",
    ]
)


@given(st.lists(FRAGMENTS, max_size=14).map("".join))
def test_any_mixture_is_read_without_error_at_its_place(text):
    values = read_values(text, NOW)
    assert all(text[value.start : value.end] == value.text and value.text for value in values)
    assert all(value.canonical in value.offers for value in values)
    flat = [value for value in values if value.kind != "title"]
    assert all(first.end <= second.start for first, second in pairwise(flat))


@given(st.text(max_size=60))
def test_any_text_at_all_is_read_without_error(text):
    assert all(text[value.start : value.end] == value.text for value in read_values(text, NOW))


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "一",
        "1.",
        "1/",
        "1-",
        "1、",
        "a.",
        "a@",
        "a1",
        "十百",
        "半",
        "第",
        "每",
        "¥",
        "1%",
        "《",
        "微信号 a-",
        "1千",
        "个半",
        "+86 13",
    ],
)
def test_hostile_repetition_takes_time_in_proportion(unit):
    assert grows_with_length(lambda text: read_values(text, NOW), unit)


def test_ten_thousand_characters_take_about_a_tenth_of_a_second():
    notice = "各位邻居，本周六（11月28日）晚8点在3号门集合，名额30人，每人39元，报名截止11月27日18:00前。请提前20分钟到场，带好随身物品和水杯，现场有签到处，迟到的朋友请联系负责人，谢谢大家的支持与理解。"
    text = (notice * 120)[:10_000]
    read_values(text[:500], NOW)
    taken = []
    for _ in range(3):
        started = stopwatch.process_time()
        read_values(text, NOW)
        taken.append(stopwatch.process_time() - started)
    assert min(taken) < 0.4  # about 0.09 on a quiet machine; the margin is for busy ones
