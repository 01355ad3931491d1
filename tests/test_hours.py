"""Working hours and quiet times are read from the words operators use, and never beyond what these say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.facts.hours import Hours, Window, read_hours, read_quiet

WEEK = "1234567"


def told(windows: tuple[Window, ...]) -> set[str]:
    """`{"135 20:00-21:30"}`: the weekdays of each stretch."""
    days: dict[str, str] = {}
    for one in windows:
        span = f"{one.start // 60}:{one.start % 60:02}-{one.end // 60}:{one.end % 60:02}"
        days[span] = days.get(span, "") + str(one.weekday)
    return {f"{weekdays} {span}" for span, weekdays in days.items()}


@pytest.mark.parametrize(
    ("words", "windows"),
    [
        ("每天 8:30-17:30", {"1234567 8:30-17:30"}),
        ("８：３０－１７：３０", {"1234567 8:30-17:30"}),
        ("早八点到晚七点", {"1234567 8:00-19:00"}),
        ("早十晚七", {"1234567 10:00-19:00"}),
        ("晚 7 点半到 9 点三刻", {"1234567 19:30-21:45"}),
        ("下午 1 点-5 点", {"1234567 13:00-17:00"}),
        ("晚上 6-9 点", {"1234567 18:00-21:00"}),
        ("中午十一点半到一点", {"1234567 11:30-13:00"}),
        ("十九点到二十一点", {"1234567 19:00-21:00"}),
        ("晚上 9 点到凌晨 1 点", {"1234567 21:00-24:00", "1234567 0:00-1:00"}),
        ("21:00 之后", {"1234567 21:00-24:00"}),
        ("上午 10 点前", {"1234567 0:00-10:00"}),
        ("周一、三、五 19:00-20:00", {"135 19:00-20:00"}),
        ("星期二至星期四 10点-16点", {"234 10:00-16:00"}),
        ("周六日 10:00-12:00", {"67 10:00-12:00"}),
        ("周五到周一 9:00-10:00", {"1567 9:00-10:00"}),
        ("周二八点到十点", {"2 8:00-10:00"}),
        ("周四可以", {"4 0:00-24:00"}),
        ("周日整天", {"7 0:00-24:00"}),
        ("周一至周四 9:00-11:00、15:00-17:00", {"1234 9:00-11:00", "1234 15:00-17:00"}),
        ("周一至周四 9:00-11:00，15:00-17:00", {"1234 9:00-11:00", "1234 15:00-17:00"}),
        ("周一 9:00-10:00，周末 14:00-16:00", {"1 9:00-10:00", "67 14:00-16:00"}),
        ("19:00-21:00（周二、周四）", {"24 19:00-21:00"}),
        ("19:00-21:00（周日除外）", {"123456 19:00-21:00"}),
        ("除周一外每天 19:00-21:00", {"234567 19:00-21:00"}),
        ("周四不上班", {"123567 0:00-24:00"}),
        ("周四 14:00-16:00 没空，其他都可以", {"123567 0:00-24:00", "4 0:00-14:00", "4 16:00-24:00"}),
        ("20:30 以后不行", {"1234567 0:00-20:30"}),
        ("Tue-Thu 10am-4:30pm", {"234 10:00-16:30"}),
        ("7-9pm on Mondays and Fridays", {"15 19:00-21:00"}),
        ("after 8pm", {"1234567 20:00-24:00"}),
        ("7*24 小时", {"1234567 0:00-24:00"}),
    ],
)
def test_stated_clocks_are_read_to_the_minute(words: str, windows: set[str]) -> None:
    hours = read_hours(words)
    assert told(hours.windows) == windows
    assert hours.stated
    assert not hours.vague


@pytest.mark.parametrize(
    ("words", "windows"),
    [
        ("晚上在线", {"1234567 19:00-22:00"}),
        ("周五晚", {"5 19:00-22:00"}),
        ("周一周四午休", {"14 12:00-13:30"}),
        ("每天早上和傍晚", {"1234567 7:00-9:00", "1234567 17:30-19:00"}),
        ("下班以后", {"12345 18:30-22:00"}),
        ("8 点后在线", {"1234567 20:00-24:00"}),
        ("工作日", {"12345 9:00-18:00"}),
        ("单休", {"123456 0:00-24:00"}),
        ("weekday mornings", {"12345 7:00-9:00"}),
    ],
)
def test_parts_of_the_day_without_a_clock_are_read_and_marked_as_vague(words: str, windows: set[str]) -> None:
    hours = read_hours(words)
    assert told(hours.windows) == windows
    assert hours.vague


def test_a_part_of_the_day_beside_its_clock_is_not_vague() -> None:
    assert not read_hours("每晚 19:30-21:00").vague
    assert not read_hours("晚上（19:30-21:00）").vague


def test_workdays_follow_the_official_calendar_unless_weekends_are_named_too() -> None:
    assert read_hours("工作日 10:00-18:00").only_workdays
    assert not read_hours("周一到周五 10:00-18:00").only_workdays
    both = read_hours("工作日晚上和周末全天")
    assert told(both.windows) == {"12345 19:00-22:00", "67 0:00-24:00"}
    assert not both.only_workdays


def test_rest_on_holidays_is_kept() -> None:
    assert read_hours("每天 9:00-17:00，法定节假日休息").rests_on_holidays


@pytest.mark.parametrize(
    ("words", "a_day", "a_week"),
    [
        ("每天 3 小时", 180, None),
        ("一天半小时", 30, None),
        ("每日一个半小时", 90, None),
        ("45 分钟/天", 45, None),
        ("每周 6 小时", None, 360),
        ("1.5h a day", 90, None),
    ],
)
def test_a_budget_of_time_says_how_long_and_not_when(words: str, a_day: int | None, a_week: int | None) -> None:
    hours = read_hours(words)
    assert (hours.minutes_a_day, hours.minutes_a_week) == (a_day, a_week)
    assert not hours.stated
    assert hours.windows == ()


@pytest.mark.parametrize(
    "words", ["", "负责答疑", "2 小时内回复", "每 3 小时巡一次群", "看情况", "主持晚会", "提前 1 小时到", "第 3 组"]
)
def test_words_that_say_nothing_about_time_leave_it_unknown(words: str) -> None:
    assert read_hours(words) == Hours()


def test_days_and_a_budget_go_together() -> None:
    hours = read_hours("周二、周日各 1 小时，晚上")
    assert told(hours.windows) == {"27 19:00-22:00"}
    assert hours.minutes_a_day == 60


def test_the_stretch_that_was_read_is_kept_in_the_operators_spelling() -> None:
    assert read_hours("阿青（群管；工作日 ９：００–１８：００）").words == "工作日 ９：００–１８：００"


@pytest.mark.parametrize(
    ("words", "windows"),
    [
        ("22:15 后不发消息", {"1234567 22:15-24:00"}),
        ("晚上九点半以后别发", {"1234567 21:30-24:00"}),
        ("22:00–7:00 免打扰", {"1234567 22:00-24:00", "1234567 0:00-7:00"}),
        ("11 点到 6 点不打扰", {"1234567 23:00-24:00", "1234567 0:00-6:00"}),
        ("午睡（12:30-14:00）不发", {"1234567 12:30-14:00"}),
        ("不要在早上 8 点前推送", {"1234567 0:00-8:00"}),
        ("只在 9:00-20:00 发消息", {"1234567 0:00-9:00", "1234567 20:00-24:00"}),
        ("9:00-20:00 可以发，其余时间不打扰", {"1234567 0:00-9:00", "1234567 20:00-24:00"}),
        ("22:15 后，不发消息", {"1234567 22:15-24:00"}),
        ("静音时段：13:00-14:00，22:00-23:00", {"1234567 13:00-14:00", "1234567 22:00-23:00"}),
        ("no messages after 9:30pm", {"1234567 21:30-24:00"}),
    ],
)
def test_quiet_times_are_read_from_what_may_not_be_sent(words: str, windows: set[str]) -> None:
    quiet = read_quiet(words)
    assert quiet is not None
    assert told(quiet.windows) == windows


def test_whole_days_without_messages_are_closed() -> None:
    sunday, holidays, workdays = (read_quiet(words) for words in ("周日不发消息", "周六和节假日不发", "只在工作日发"))
    assert sunday is not None
    assert sunday.closed_weekdays == (7,)
    assert holidays is not None
    assert (holidays.closed_weekdays, holidays.closed_holidays) == ((6,), True)
    assert workdays is not None
    assert workdays.only_workdays
    assert (workdays.closed_weekdays, workdays.closed_holidays) == ((6, 7), True)


@pytest.mark.parametrize(
    "words",
    [
        "不发红包",
        "不承诺上线日期",
        "周末不发红包",
        "午休不发广告",
        "晚上有直播，不刷屏点赞",
        "每天最多发 3 条",
        "20:00 开播",
        "",
    ],
)
def test_what_does_not_keep_a_time_free_of_messages_is_no_quiet_time(words: str) -> None:
    assert read_quiet(words) is None


def test_a_field_of_quiet_times_needs_no_verb() -> None:
    assert read_quiet("22:00-7:30") is None
    quiet = read_quiet("22:00-7:30", labelled=True)
    assert quiet is not None
    assert told(quiet.windows) == {"1234567 22:00-24:00", "1234567 0:00-7:30"}


@given(
    st.text(alphabet="每天周一三五日末工作晚早上下午休息不发消息除外到后前点半小时分钟0123456789:-~，、（）可有空 amp")
)
def test_any_text_is_read_into_sound_windows(text: str) -> None:
    hours, quiet = read_hours(text), read_quiet(text)
    for windows in (hours.windows, quiet.windows if quiet else ()):
        assert all(1 <= one.weekday <= 7 and 0 <= one.start < one.end <= 1440 for one in windows)
        assert list(windows) == sorted(windows, key=lambda one: (one.weekday, one.start))
    assert hours.words in text
    assert hours.stated or not hours.windows


@pytest.mark.parametrize(
    ("words", "start"),
    [("0:00 后不@", 0), ("零点后别发", 0), ("夜里12点后不发消息", 0), ("半夜12点以后别群发", 0), ("24:00 以后别发", 0), ("凌晨1点后不发", 60)],
)  # fmt: skip
def test_peace_from_midnight_on_ends_in_the_morning(words: str, start: int) -> None:
    quiet = read_quiet(words)
    assert quiet
    assert {(one.start, one.end) for one in quiet.windows} == {(start, 7 * 60 + 30)}
    assert not quiet.closed_weekdays


@pytest.mark.parametrize("words", ["周末只看不发", "周末只看，不发消息", "周末只答疑不群发"])
def test_looking_on_in_place_of_writing_is_peace_then_and_not_the_rest_of_the_week(words: str) -> None:
    quiet = read_quiet(words)
    assert quiet
    assert (quiet.closed_weekdays, quiet.windows) == ((6, 7), ())
