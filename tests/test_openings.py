"""A slot goes where its owner is, where the group may be written to, and never into the night."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.facts.hours import Hours, Quiet, Window, read_hours, read_quiet
from copilot.tasks.weekly_plan.scheduling.openings import Openings, day_kind, openings, quiet_spans, working_spans

MONDAY = dt.date(2026, 3, 2)
WEEK = tuple(MONDAY + dt.timedelta(index) for index in range(7))
UNPUBLISHED = dt.date(2093, 3, 2)


def clocks(found: Openings) -> set[tuple[int, int]]:
    return {(one.day.isoweekday(), one.minute) for one in found.openings}


def quiet(text: str) -> tuple[Quiet, ...]:
    found = read_quiet(text)
    assert found is not None
    return (found,)


windows = st.builds(
    lambda weekday, start, length: Window(weekday=weekday, start=start, end=min(start + length, 1440)),
    st.integers(1, 7),
    st.integers(0, 1430),
    st.integers(1, 700),
)


@settings(max_examples=150)
@given(
    st.lists(windows, max_size=6),
    st.lists(windows, max_size=4),
    st.integers(1, 120),
    st.dictionaries(st.tuples(st.integers(1, 7), st.integers(0, 1435)), st.integers(1, 9), max_size=5),
    st.booleans(),
)
def test_every_opening_lies_in_its_owners_hours_and_in_no_quiet_time(
    works: list[Window], silent: list[Window], minutes: int, preferred: dict[tuple[int, int], int], posts: bool
) -> None:
    people = {"阿青": Hours(windows=tuple(works), stated=True)}
    found = openings(WEEK, minutes, people, preferred, quiet=(Quiet(windows=tuple(silent)),), posts=posts)
    assert len(found.openings) <= 24
    for one in found.openings:
        worked = {m for w in works if w.weekday == one.day.isoweekday() for m in range(w.start, w.end)}
        hushed = {m for w in silent if w.weekday == one.day.isoweekday() for m in range(w.start, w.end)}
        span = set(range(one.minute, one.minute + minutes))
        assert one.minute % 5 == 0
        assert span <= worked
        assert span <= set(range(450, 1320))
        assert not posts or not span & hushed


def test_preferred_times_come_first_with_their_scores() -> None:
    found = openings(WEEK, 20, {"阿青": read_hours("每天 9:00-21:00")}, {(2, 1200): 9, (4, 720): 5})
    first, second = found.openings[:2]
    assert (first.day.isoweekday(), first.minute, first.score) == (2, 1200, 9)
    assert (second.day.isoweekday(), second.minute, second.score) == (4, 720, 5)
    assert all(one.score == 0 for one in found.openings[2:])


def test_a_short_list_still_reaches_every_day() -> None:
    found = openings(WEEK, 20, {"阿青": read_hours("每天 9:00-21:00")}, {}, most=7)
    assert {one.day for one in found.openings} == set(WEEK)


def test_a_preferred_time_outside_the_owners_hours_is_turned_down_by_name() -> None:
    found = openings(WEEK[:1], 20, {"阿青": read_hours("工作日 9:00-18:00")}, {(1, 1200): 9})
    assert (1, 1200) not in clocks(found)
    assert found.blocked == ("hours:阿青",)


def test_the_owner_stays_for_the_whole_of_it() -> None:
    found = openings(WEEK[:1], 60, {"阿青": read_hours("20:00-21:00")}, {(1, 1230): 9})
    assert clocks(found) == {(1, 1200)}


def test_quiet_time_binds_messages_and_not_the_teams_own_work() -> None:
    people = {"阿青": read_hours("12:00-13:00")}
    rules = quiet("12:00-14:00 不打扰")
    assert openings(WEEK[:1], 20, people, {(1, 720): 5}, quiet=rules).blocked[0] == "quiet"
    assert (1, 720) in clocks(openings(WEEK[:1], 20, people, {(1, 720): 5}, quiet=rules, posts=False))


def test_the_night_is_free_unless_the_brief_itself_puts_something_there() -> None:
    people = {"阿青": read_hours("随时")}
    assert openings(WEEK[:1], 30, people, {(1, 1380): 9}).blocked == ("night",)
    assert (1, 1380) in clocks(openings(WEEK[:1], 30, people, {(1, 1380): 9}, night=True))


def test_a_closed_weekend_has_no_openings() -> None:
    found = openings(WEEK, 20, {"阿青": read_hours("随时")}, {(6, 600): 9}, quiet=quiet("周末不发消息"))
    assert {one.day.isoweekday() for one in found.openings} == {1, 2, 3, 4, 5}
    assert found.blocked == ("closed",)


def test_a_public_holiday_closes_the_group_and_frees_whoever_works_on_workdays() -> None:
    holiday = dt.date(2026, 5, 1)
    assert day_kind(holiday).holiday
    assert quiet_spans(quiet("节假日不发"), holiday) == ((0, 1440),)
    assert working_spans(read_hours("工作日 9:00-18:00"), holiday) == ()
    assert working_spans(read_hours("每天 9:00-18:00，节假日休息"), holiday) == ()
    assert working_spans(read_hours("周五 9:00-18:00"), holiday) == ((540, 1080),)


def test_an_adjusted_workday_on_a_weekend_is_a_workday() -> None:
    worked_saturday = dt.date(2026, 5, 9)
    assert worked_saturday.isoweekday() == 6
    assert working_spans(read_hours("工作日 9:00-18:00"), worked_saturday) == ((540, 1080),)
    assert quiet_spans(quiet("只在工作日发"), worked_saturday) == ()


def test_days_off_that_nobody_has_published_are_told_and_go_by_the_weekday() -> None:
    days = [UNPUBLISHED + dt.timedelta(index) for index in range(7)]
    found = openings(days, 20, {"阿青": read_hours("工作日 9:00-18:00")}, {})
    assert found.unknown_days == tuple(days)
    assert {one.day.isoweekday() for one in found.openings} == {1, 2, 3, 4, 5}
    assert openings(days, 20, {"阿青": read_hours("每天 9:00-18:00")}, {}).unknown_days == ()


def test_whoever_named_no_hours_is_taken_to_have_the_usual_day_and_that_is_told() -> None:
    found = openings(WEEK[:1], 20, {"阿青": read_hours("负责答疑"), "阿蓝": read_hours("晚上")}, {})
    assert found.assumed == ("阿青",)
    assert min(one.minute for one in found.openings if one.owner == "阿青") == 540


def test_without_anybody_there_is_no_opening() -> None:
    found = openings(WEEK, 20, {}, {(1, 600): 5})
    assert found.openings == ()
    assert found.blocked == ("no_owner",)
