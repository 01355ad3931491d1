"""Dates and clock times of many locales, and the one decision on day and month."""

from datetime import date, datetime, time

import pytest

from copilot.chat.formats.clock import day_order, read_clock


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9:20", time(9, 20)),
        ("23:55:07", time(23, 55, 7)),
        ("7:18 AM", time(7, 18)),
        ("12:05 am", time(0, 5)),
        ("12:05 PM", time(12, 5)),
        ("3:04:05 p. m.", time(15, 4, 5)),
        ("下午04:46", time(16, 46)),
        ("午後9:20", time(21, 20)),
        ("上午 12:01", time(0, 1)),
        ("中午1:05", time(13, 5)),
        ("21.25.15", time(21, 25, 15)),
        ("晚上11:30", time(23, 30)),
    ],
)
def test_a_clock_time_is_read_whichever_way_it_says_the_half_of_the_day(text: str, expected: time) -> None:
    found = read_clock(text)
    assert found is not None
    assert found[0] == expected
    assert found[1] == ("second" if text.count(":") + text.count(".25.") * 2 == 2 else "minute")


@pytest.mark.parametrize("text", ["25:00", "9:61", "9", "", "13:00:99"])
def test_a_time_that_no_clock_shows_is_none(text: str) -> None:
    assert read_clock(text) is None


def test_a_number_over_twelve_tells_the_day() -> None:
    assert day_order(["03/04/24", "25/04/24"]).read("03/04/24") == date(2024, 4, 3)
    assert day_order(["03/04/24", "03/25/24"]).read("03/04/24") == date(2024, 3, 4)


def test_time_must_not_run_backwards() -> None:
    order = day_order(["01/03/2024", "02/03/2024", "01/04/2024"])
    assert (order.order, order.reason) == ("dmy", "order")


def test_days_close_together_are_likelier_than_months_apart() -> None:
    order = day_order(["10/11/24", "10/12/24"])
    assert (order.order, order.reason) == ("mdy", "close")


def test_nothing_is_said_in_the_future_when_today_is_known() -> None:
    order = day_order(["10/11/24"], today=datetime.fromisoformat("2024-10-20T00:00"))
    assert (order.order, order.reason) == ("mdy", "future")


def test_what_cannot_be_told_is_assumed_and_said() -> None:
    order = day_order(["05/06/24"])
    assert (order.order, order.reason) == ("dmy", "assumed")
    assert "假定" in order.notes()[0].message
    assert day_order(["05/06/24"], american=True).order == "mdy"


def test_a_year_of_four_digits_in_front_needs_no_note() -> None:
    order = day_order(["2024/5/6", "2024/5/7"])
    assert order.read("2024/5/6") == date(2024, 5, 6)
    assert order.notes() == []


def test_a_year_of_two_digits_may_stand_first() -> None:
    assert day_order(["24. 5. 6.", "24. 5. 7."]).read("24. 5. 7.") == date(2024, 5, 7)


def test_a_day_that_is_not_in_the_calendar_is_none() -> None:
    assert day_order(["2024/2/30"]).read("2024/2/30") is None
    assert day_order([]).read("") is None
