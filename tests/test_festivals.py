"""Festivals and holidays have their day; one that is not published yet is left open."""

from datetime import date, datetime

import pytest
from moments import NOW, canonical, one

from copilot.facts.calendar import festival_date
from copilot.facts.moments import read_moments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("国庆", "2026-10-01"),
        ("国庆假期", "2026-10-01/2026-10-07"),
        ("国庆前一天", "2026-09-30"),
        ("国庆后第二天", "2026-10-09"),
        ("国庆后第一个工作日", "2026-10-08"),
        ("节后第一个工作日", "2027"),
        ("双十一", "2026-11-11"),
        ("双12", "2026-12-12"),
        ("圣诞节", "2026-12-25"),
        ("除夕", "2027-02-05"),
        ("元宵节", "2027-02-20"),
        ("春节", "2027-02-06"),
        ("清明", "2027-04-05"),
        ("端午节", "2027-06-09"),
        ("中秋", "2027-09-15"),
        ("三八妇女节", "2027-03-08"),
        ("六一", "2027-06-01"),
        ("618大促", "2027-06-18"),
        ("2025年国庆", "2025-10-01"),
        ("母亲节", "2027-05-09"),
    ],
)
def test_festivals_have_their_day(text: str, expected: str) -> None:
    found = read_moments(text, NOW)
    if text.startswith("节后"):
        assert found[0].date is None
        assert expected in found[0].unknown_reason
    else:
        assert found[0].canonical == expected


def test_a_holiday_beyond_the_published_calendar_is_left_open_and_says_why() -> None:
    moment = one("明年国庆假期")
    assert moment.date is None
    assert "2027" in moment.unknown_reason
    assert moment.canonical == "国庆假期@2027"
    assert one("明年国庆").date == date(2027, 10, 1)


def test_after_the_holiday_last_spoken_of() -> None:
    now = datetime(2026, 9, 20, tzinfo=NOW.tzinfo)
    assert canonical("国庆假期停更，节后第一个工作日恢复", now) == ["2026-10-01/2026-10-07", "2026-10-08"]
    assert canonical("节后第一个工作日恢复", now) == ["2026-09-28"]  # the Mid-autumn break comes first


@pytest.mark.parametrize("year", range(2019, 2027))
def test_the_lunar_table_agrees_with_the_published_holidays(year: int) -> None:
    import chinese_calendar

    for name in ("春节", "清明", "端午", "中秋"):
        day = festival_date(name, year)
        assert day is not None
        assert chinese_calendar.get_holiday_detail(day)[1] is not None
