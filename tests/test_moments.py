"""Dates and times: every way of writing one is read, and nothing else is."""

from collections.abc import Callable
from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moments import NOW, canonical, one
from timing import grows_with_length

from copilot.facts.moments import offers, parts, read_moments

WEEKDAYS = "一二三四五六日"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")


STYLES = (
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year}年{day.month}月{day.day}号（周{WEEKDAYS[day.weekday()]}）",
    lambda day: f"{day.year % 100}年{in_words(day.month)}月{in_words(day.day)}日",
    lambda day: f"星期{WEEKDAYS[day.weekday()]}（{day.year} 年 {day.month} 月 {day.day} 日）",
    lambda day: f"{MONTHS[day.month - 1]} {day.day}, {day.year}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: "".join(f"{digit}" for digit in f"{day.year}年{day.month}月{day.day}日").translate(
        str.maketrans("0123456789", "０１２３４５６７８９")
    ),
)


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.sampled_from(STYLES))
def test_every_style_of_a_date_reads_back_to_the_same_day(day: date, style: Callable[[date], str]) -> None:
    text = f"活动定在{style(day)}，请准时。"
    moment = one(text)
    assert moment.canonical == day.isoformat()
    assert moment.year_stated
    assert not moment.relative
    assert not moment.weekday_mismatch
    assert text[moment.start : moment.end] == moment.text


@given(
    st.integers(0, 23),
    st.sampled_from([0, 5, 15, 30, 45]),
    st.sampled_from(["{h:02}:{m:02}", "{h}：{m:02}", "{h}点{m:02}分", "{h}时{m:02}分"]),
)
def test_every_style_of_a_time_reads_back_to_the_same_minute(hour: int, minute: int, style: str) -> None:
    assert canonical(f"5月13日{style.format(h=hour, m=minute)}集合") == [f"2027-05-13T{hour:02}:{minute:02}"]


@given(st.dates(date(2026, 9, 27), date(2027, 9, 20)))
def test_a_date_without_a_year_is_the_nearest_future_one_or_at_most_sixty_days_back(day: date) -> None:
    assert canonical(f"{day.month}月{day.day}日") == [day.isoformat()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5月13日", ["2027-05-13"]),
        ("5月13号", ["2027-05-13"]),
        ("5/13", ["2027-05-13"]),
        ("五月十三日", ["2027-05-13"]),
        ("五月十三", ["2027-05-13"]),
        ("13号", ["2026-12-13"]),
        ("二十八号", ["2026-11-28"]),
        ("下个月5号", ["2026-12-05"]),
        ("11月28日下午三点", ["2026-11-28T15:00"]),
        ("11.28（周六）晚8点", ["2026-11-28T20:00"]),
        ("时间：12.3", ["2026-12-03"]),
        ("12.1-12.7打卡", ["2026-12-01/2026-12-07"]),
        ("周六 11月28日 14:00", ["2026-11-28T14:00"]),
        ("5月", ["2027-05"]),
        ("明年3月", ["2027-03"]),
        ("2024年", ["2024"]),
        ("12/1零点", ["2026-12-01T00:00"]),
        ("周五八点", ["2026-11-27T08:00"]),
        ("11月30日（下周一）前", ["<=2026-11-30"]),
        ("12.12大促", ["2026-12-12"]),
        ("月底前", ["<=2026-11~底"]),
        ("12月5、12、19日", ["2026-12-05", "2026-12-12", "2026-12-19"]),
        ("12月5日/12日", ["2026-12-05", "2026-12-12"]),
        ("12.5、12.12、12.19", ["2026-12-05", "2026-12-12", "2026-12-19"]),
        ("26/12/31", ["2026-12-31"]),
        ("8pm, Nov 28, Saturday", ["2026-11-28T20:00"]),
        ("8pm, Nov 28", ["2026-11-28T20:00"]),
        ("Sat, Nov 28 at 8:30 pm", ["2026-11-28T20:30"]),
    ],
)
def test_dates_in_other_styles_are_read(text: str, expected: list[str]) -> None:
    assert canonical(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天", ["2026-11-25"]),
        ("明天晚上", ["2026-11-26Tevening"]),
        ("后天", ["2026-11-27"]),
        ("大后天", ["2026-11-28"]),
        ("昨天", ["2026-11-24"]),
        ("今晚8点", ["2026-11-25T20:00"]),
        ("明早7点半", ["2026-11-26T07:30"]),
        ("周三", ["2026-11-25"]),
        ("周二", ["2026-12-01"]),
        ("本周六", ["2026-11-28"]),
        ("这周六", ["2026-11-28"]),
        ("下周三", ["2026-12-02"]),
        ("下下周一", ["2026-12-07"]),
        ("上周五", ["2026-11-20"]),
        ("礼拜天", ["2026-11-29"]),
        ("星期一晚上九点", ["2026-11-30T21:00"]),
        ("本周末", ["2026-11-28/2026-11-29"]),
        ("周末两天", ["2026-11-28/2026-11-29"]),
        ("下周", ["2026-W49"]),
        ("next Monday", ["2026-11-30"]),
    ],
)
def test_relative_days_are_counted_from_now(text: str, expected: list[str]) -> None:
    moments = read_moments(text, NOW)
    assert [moment.canonical for moment in moments] == expected
    assert moments[0].relative


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-11（周六）23:00 至 05-12（周日）02:00", "2024-05-11T23:00/2024-05-12T02:00"),
        ("5/13–6/2", "2027-05-13/2027-06-02"),
        ("11/28-29", "2026-11-28/2026-11-29"),
        ("11月25日-27日", "2026-11-25/2026-11-27"),
        ("5月1日至5日", "2027-05-01/2027-05-05"),
        ("5月13-15日", "2027-05-13/2027-05-15"),
        ("12月28日—1月3日", "2026-12-28/2027-01-03"),
        ("11月28日-3日", "2026-11-28/2026-12-03"),
        ("下周一到周五", "2026-11-30/2026-12-04"),
        ("周一至周五", "2026-11-30/2026-12-04"),
        ("周一至周五 9:00-18:00", "weekly:1,2,3,4,5 T09:00/T18:00"),
        ("周六至周日 9:00-18:00", "2026-11-28T09:00/2026-11-29T18:00"),
        ("即日起至11月30日", "2026-11-25/2026-11-30"),
        ("20:00-21:30", "T20:00/T21:30"),
        ("晚7-9点", "T19:00/T21:00"),
        ("下午3点到5点", "T15:00/T17:00"),
        ("早上9点到5点", "T09:00/T17:00"),
        ("8-9pm", "T20:00/T21:00"),
        ("晚上七点～九点半", "T19:00/T21:30"),
        ("11月28日（周六）14：00－16：30", "2026-11-28T14:00/2026-11-28T16:30"),
        ("11月28日22:00-02:00", "2026-11-28T22:00/2026-11-29T02:00"),
        ("11月28日22:00至次日6:00", "2026-11-28T22:00/2026-11-29T06:00"),
        ("2026年12月20日至1月5日", "2026-12-20/2027-01-05"),
    ],
)
def test_ranges_are_one_moment(text: str, expected: str) -> None:
    assert one(text).canonical == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每天20:00", "daily T20:00"),
        ("每晚8点", "daily T20:00"),
        ("每天早上7点半", "daily T07:30"),
        ("每周日 20:00", "weekly:7 T20:00"),
        ("每周二、四晚8点", "weekly:2,4 T20:00"),
        ("每周二和周四", "weekly:2,4"),
        ("每周一至周五 9:00-18:00", "weekly:1,2,3,4,5 T09:00/T18:00"),
        ("每月15日", "monthly:15"),
        ("每月1号、15号", "monthly:1,15"),
        ("工作日 20：30", "workdays T20:30"),
        ("每个工作日", "workdays"),
    ],
)
def test_repetitions_are_read(text: str, expected: str) -> None:
    assert one(text).canonical == expected


@pytest.mark.parametrize(
    ("text", "expected", "bound"),
    [
        ("5月10日前", "<=2027-05-10", "before"),
        ("5月10日22:00之前", "<=2027-05-10T22:00", "before"),
        ("报名截止：5月10日", "<=2027-05-10", "before"),
        ("截止到5月10日22点", "<=2027-05-10T22:00", "before"),
        ("最晚周五", "<=2026-11-27", "before"),
        ("从12月1日起", ">=2026-12-01", "from"),
        ("12月1日起执行", ">=2026-12-01", "from"),
        ("12月1日以后", ">=2026-12-01", "after"),
        ("早上8点起床", "T08:00", "at"),
        ("5月13日前20名", "2027-05-13", "at"),
        ("5月13日后续安排", "2027-05-13", "at"),
    ],
)
def test_bounds_are_told_from_words_that_only_begin_alike(text: str, expected: str, bound: str) -> None:
    moment = one(text)
    assert (moment.canonical, moment.bound) == (expected, bound)


@pytest.mark.parametrize(
    "text",
    [
        "版本3.2.1",
        "v2.10.5",
        "13812345678",
        "订单号2024051312",
        "5.20元",
        "1/2/3群",
        "24小时内",
        "7天",
        "7日无理由退货",
        "第3天",
        "比分3:2",
        "大比分 21:15",
        "画幅9:16",
        "192.168.1.1",
        "三点建议",
        "看两点：一是态度",
        "学到一点",
        "早一点",
        "注意以下三点",
        "早上好",
        "晚安",
        "以后天天见",
        "三天前",
        "3号门",
        "幸福路12号",
        "幸福路88弄12号301室",
        "2号线",
        "一周五次",
        "618元",
        "评分4.8",
        "1/3的人",
        "十分感谢",
        "天天向上",
        "周边",
        "本周边缘",
        "个月",
        "完成进度3/10",
    ],
)
def test_what_only_looks_like_a_moment_is_not_read(text: str) -> None:
    assert canonical(text) in ([], ["2026-W48"] if text == "本周边缘" else [])


@pytest.mark.parametrize("text", ["11月28日24:00", "11月28日24点", "11月28日晚上12点", "11月29日0点", "11月29日零点"])
def test_midnight_is_one_moment_however_it_is_called(text: str) -> None:
    assert one(text).canonical == "2026-11-29T00:00"


def test_24_o_clock_stays_on_the_day_it_closes() -> None:
    moment = one("11月28日24:00")
    assert (moment.date, moment.time) == (date(2026, 11, 28), time(23, 59, 59))


def test_no_such_day_is_no_date() -> None:
    assert canonical("2月30日") == []
    assert canonical("2026-13-01") == []


FRAGMENTS = st.sampled_from(
    [
        "5月",
        "13日",
        "周",
        "一",
        "三",
        "晚",
        "8点",
        "20:00",
        "-",
        "至",
        "~",
        "（",
        "）",
        "国庆",
        "后",
        "前",
        "第",
        "天",
        "每",
        "、",
        "2024",
        "年",
        "/",
        ".",
        "起",
        "半",
        " ",
        "\n",
        "今",
        "明天",
        "节",
        "0",
        "31",
        "号",
    ]
)


@given(st.lists(FRAGMENTS, max_size=14).map("".join))
def test_any_mixture_is_read_without_error_in_order_and_apart(text: str) -> None:
    moments = read_moments(text, NOW)
    assert all(text[moment.start : moment.end] == moment.text for moment in moments)
    assert all(first.end <= second.start for first, second in pairwise(moments))
    assert all(isinstance(moment.canonical, str) and parts(moment) <= offers(moment) for moment in moments)


@pytest.mark.parametrize(
    "unit",
    ["周一", "周一二三四五六", "5日", "8点", "国庆", "1/", "1:", "2024-", "每月1日、", "一", "5月13日、", "1.", "晚"],
)
def test_hostile_repetition_takes_time_in_proportion(unit: str) -> None:
    assert grows_with_length(lambda text: read_moments(text, NOW), unit)


def test_dates_far_from_now_keep_their_distance() -> None:
    for days in range(-50, 300, 7):
        day = NOW.date() + timedelta(days=days)
        assert canonical(f"{day.month}/{day.day}（周{WEEKDAYS[day.weekday()]}）") == [day.isoformat()]
