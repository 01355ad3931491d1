"""How hours in somebody's words were understood, told back in the operator's language."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from copilot.facts.hours import Hours, Quiet, Window, read_hours, read_quiet
from copilot.ui.locales import t

DAY = 24 * 60


def told_hours(words: str) -> str:
    """What working hours were read as; "" where nothing is written."""
    if not words.strip():
        return ""
    hours = read_hours(words)
    told = _told(hours, hours.only_workdays)
    if hours.rests_on_holidays:
        told.append(t("hours.no_holidays"))
    if hours.minutes_a_day:
        told.append(t("hours.minutes_a_day", minutes=hours.minutes_a_day))
    if hours.minutes_a_week:
        told.append(t("hours.minutes_a_week", minutes=hours.minutes_a_week))
    return _read(told, vague=hours.vague)


def told_quiet(words: str) -> str:
    """What quiet hours were read as; "" where nothing is written."""
    if not words.strip():
        return ""
    quiet = read_quiet(words, labelled=True)
    if quiet is None:
        return t("hours.unread")
    told = _told(quiet, workdays=False)
    if quiet.closed_weekdays:
        told.append(t("hours.all_day", days=_days(quiet.closed_weekdays)))
    if quiet.closed_holidays:
        told.append(t("hours.holidays"))
    if quiet.only_workdays:
        told.append(t("hours.days_off"))
    return _read(told, vague=quiet.vague)


def _read(told: Sequence[str], *, vague: bool) -> str:
    if not told:
        return t("hours.unread")
    return t("hours.read", told=t("hours.then").join(told)) + (t("hours.vague") if vague else "")


def _told(hours: Hours | Quiet, workdays: bool) -> list[str]:
    """Days that have the same times together: `周一至周五 09:00–18:00`."""
    times = {day: _times(day, hours.windows) for day in range(1, 8)}
    found = dict.fromkeys(words for words in times.values() if words)
    told = []
    for words in found:
        days = [day for day, one in times.items() if one == words]
        told.append(f"{t('hours.workdays') if workdays else _days(days)} {words}")
    return told


def _times(day: int, windows: Iterable[Window]) -> str:
    """The times of one day; one that runs into the morning after is told on the day it began."""
    all_of_them = list(windows)
    mine = [window for window in all_of_them if window.weekday == day]
    eve, morrow = (day + 5) % 7 + 1, day % 7 + 1
    carried = any(window.weekday == eve and window.end == DAY for window in all_of_them)
    told = []
    for window in mine:
        if window.start == 0 and window.end < DAY and carried:
            continue
        end = _clock(window.end)
        if window.end == DAY and window.start > 0:
            into = next(
                (one for one in all_of_them if one.weekday == morrow and one.start == 0 and one.end < DAY), None
            )
            end = t("hours.next_day", time=_clock(into.end)) if into else end
        told.append(t("hours.whole_day") if (window.start, window.end) == (0, DAY) else f"{_clock(window.start)}–{end}")
    return t("hours.comma").join(told)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _days(days: Sequence[int]) -> str:
    """`每天`, `周一至周五`, `周二、周四`."""
    if len(days) == 7:
        return t("hours.every_day")
    runs = []
    for _, run in groupby(enumerate(sorted(days)), key=lambda pair: pair[1] - pair[0]):
        stretch = [day for _, day in run]
        first, last = t(f"weekday.{stretch[0]}"), t(f"weekday.{stretch[-1]}")
        if len(stretch) > 2:
            runs.append(t("hours.span", first=first, last=last))
        else:
            runs.extend(t(f"weekday.{day}") for day in stretch)
    return t("hours.comma").join(runs)
