"""Moments beside each other: what one takes over from another, where two disagree, which back which."""

from datetime import date

import pytest
from moments import NOW, canonical, one

from copilot.facts.moments import offers, parts, read_moments


def test_a_stated_year_carries_over_to_later_dates() -> None:
    assert canonical("2024-05-10开营，5月20日结营，05-21（周二）复盘") == ["2024-05-10", "2024-05-20", "2024-05-21"]
    assert canonical("2024年12月20日报名，1月5日开课") == ["2024-12-20", "2025-01-05"]
    assert canonical("5月10日", year_hint=2025) == ["2025-05-10"]


def test_a_day_alone_belongs_to_the_month_before_it() -> None:
    assert canonical("11月28号、29号两天，30日复盘") == ["2026-11-28", "2026-11-29", "2026-11-30"]


def test_a_list_of_days_shares_the_clock_at_its_end() -> None:
    assert canonical("11月28日、29日晚8点") == ["2026-11-28T20:00", "2026-11-29T20:00"]
    assert canonical("本周二、四 20:00") == ["2026-11-24T20:00", "2026-11-26T20:00"]
    assert canonical("周六、周日两天下午2点") == ["2026-11-28T14:00", "2026-11-29T14:00"]
    assert canonical("周一三五晚8点") == ["2026-11-30T20:00", "2026-11-25T20:00", "2026-11-27T20:00"]


def test_the_part_of_the_day_holds_on_within_a_sentence_only() -> None:
    assert canonical("今晚7点签到，7点半开始") == ["2026-11-25T19:00", "T19:30"]
    assert canonical("今晚7点签到。7点半开始") == ["2026-11-25T19:00", "T07:30"]
    assert canonical("20:00开场，8点半") == ["T20:00", "T08:30"]


@pytest.mark.parametrize(
    ("text", "mismatch"),
    [
        ("11月28日（周六）", False),
        ("11月28日（周日）", True),
        ("周日（11月28日）", True),
        ("本周日（11月28日）", True),
        ("周日", False),
    ],
)
def test_a_weekday_the_date_does_not_have_is_reported(text: str, mismatch: bool) -> None:
    moment = one(text)
    assert moment.weekday_mismatch is mismatch
    if moment.text != "周日":
        assert moment.date == date(2026, 11, 28)


def test_two_dates_in_one_breath_that_disagree_leave_a_rival() -> None:
    assert one("明天（11月26日）").rival is None
    moment = one("明天（11月27日）")
    assert (moment.date, moment.rival) == (date(2026, 11, 27), date(2026, 11, 26))


def backed(draft: str, brief: str, *, generous: bool = False) -> bool:
    known = frozenset().union(*((offers if generous else parts)(moment) for moment in read_moments(brief, NOW)))
    return all(parts(moment) <= known for moment in read_moments(draft, NOW, 2024))


@pytest.mark.parametrize(
    "draft", ["5月10日", "周五", "周五22点", "晚上10点", "5月10日（星期五）22:00", "2024年5月", "5月10日晚上", "22:00"]
)
def test_a_part_of_a_known_moment_is_backed(draft: str) -> None:
    assert backed(draft, "2024-05-10（周五）22:00")


@pytest.mark.parametrize("draft", ["5月11日", "周六", "21:00", "上午", "每周五", "5月10日（周六）"])
def test_what_a_known_moment_does_not_say_is_not_backed(draft: str) -> None:
    assert not backed(draft, "2024-05-10（周五）22:00")


def test_a_weekday_in_the_brief_also_offers_its_date() -> None:
    moment = one("周六20:00")
    assert "2026-11-28" not in parts(moment)
    assert "2026-11-28" in offers(moment)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("六月一起养多肉", "六月"),
        ("四月一同去赏花", "四月"),
        ("六月一块儿来", "六月"),
        ("七月一家人来露营", "七月"),
        ("每周一起夜跑", "每周"),
        ("每周一本绘本", "每周"),
        ("这周一起收拾", "这周"),
        ("下星期一起复盘", "下星期"),
        ("六月一号收拾", "六月一号"),
        ("六月一日一起收拾", "六月一日"),
        ("下周一起停水", "下周一起"),
        ("下周一同学会", "下周一"),
        ("每周一直播", "每周一"),
        ("每周一、三开练", "每周一、三"),
        ("星期一起床打卡", "星期一"),
        ("本周一一起复盘", "本周一"),
    ],
)
def test_one_that_belongs_to_the_next_word_is_no_day(text: str, moment: str) -> None:
    assert [one.text for one in read_moments(text, NOW)] == [moment]
