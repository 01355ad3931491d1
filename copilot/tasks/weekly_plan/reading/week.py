"""The week a plan is for, read from whatever the operator wrote for it."""

import re
from datetime import date, datetime, time, timedelta

from copilot.errors import InputError
from copilot.facts.brief import Brief
from copilot.facts.calendar import DAY
from copilot.facts.moments import read_moments
from copilot.facts.numerals import parse_number
from copilot.facts.spelling import plain_spelling
from copilot.records import Conflict, Origin, Record
from copilot.tasks.weekly_plan.reading.entries import Entry
from copilot.tasks.weekly_plan.reading.lexicon import Notices

LONGEST = 14
WEEK = timedelta(days=6)
_WEEKDAYS = "一二三四五六日"


class Stretch(Record):
    """First and last day that some words mean, and how sure that is.

    `relative`: counted from today (下周). `reversed`: the end was written first. `by_number`: a calendar week's number.
    """

    first: date
    last: date
    origin: Origin
    relative: bool = False
    reversed: bool = False
    by_number: bool = False


class PlanWeek(Record):
    """The week of a plan, whether the brief names it, and where."""

    days: tuple[date, date]
    given: bool
    origin: Origin | None = None


def read_week(entries: tuple[Entry, ...], brief: Brief, notices: Notices) -> PlanWeek:
    """The week that the brief gives, or the coming Monday to Sunday. Raises `InputError` for one that is too long."""
    today = brief.now.date()
    found: list[Stretch] = []
    for entry in entries:
        if entry.topic in ("week", "week_start", "request"):
            text = _whole(entry, entries)
            quote = entry.origin.model_copy(update={"quote": text})
            stretch = read_stretch(text, today, quote)
            if stretch:
                found.append(stretch)
                _check_weekdays(text, brief, quote, notices)
            elif entry.sure and entry.topic != "request":
                notices.tell(
                    "warning", "week-unreadable", f"没看懂计划周期“{entry.text}”", "写成 2024-05-13~2024-05-19 这样"
                )
    if not found:
        first = today + timedelta(days=7 - today.weekday())
        notices.tell(
            "info",
            "week-assumed",
            f"没有写计划哪一周，先按下一个完整的周排：{_span(first, first + WEEK)}",
            "换一周就在周期里写明起止日期",
        )
        return PlanWeek(days=(first, first + WEEK), given=False)
    # What is counted from today is only as good as the clock: a date that is written out goes first.
    found.sort(key=lambda one: one.relative and not brief.now_given)
    chosen = found[0]
    _check(chosen, [one for one in found[1:] if brief.now_given or not one.relative], today, notices)
    agreeing = [one.origin.quote for one in found if (one.first, one.last) == (chosen.first, chosen.last)]
    origin = chosen.origin.model_copy(update={"quote": "；".join(dict.fromkeys(agreeing))})
    return PlanWeek(days=(chosen.first, chosen.last), given=True, origin=origin)


def _whole(entry: Entry, entries: tuple[Entry, ...]) -> str:
    """The words of a week; a start and an end that stand in two fields are one range."""
    if entry.cells and len(entry.cells) > 1:
        return "~".join(text for _, text in entry.cells)
    if entry.topic == "week_start":
        ends = [one.text for one in entries if one.topic == "week_end" and one.scope == entry.scope]
        return f"{entry.text}~{ends[0]}" if ends else f"{entry.text}起一周"
    return entry.text


def _check(chosen: Stretch, others: list[Stretch], today: date, notices: Notices) -> None:
    days = (chosen.last - chosen.first).days + 1
    if days > LONGEST:
        raise InputError(f"“{chosen.origin.quote}”有 {days} 天，周计划一次最多排 {LONGEST} 天", hint="拆成一周一周地排")
    if chosen.reversed:
        message = f"周期“{chosen.origin.quote}”的结束早于开始，先按 {_span(chosen.first, chosen.last)} 排"
        notices.conflicts.append(Conflict(code="week-reversed", message=message, origins=(chosen.origin,)))
    if chosen.by_number:
        message = f"“{chosen.origin.quote}”按日历周理解为 {_span(chosen.first, chosen.last)}"
        notices.tell("info", "week-number", message, "不是这一周就写起止日期")
    for other in others:
        if (other.first, other.last) != (chosen.first, chosen.last):
            message = (
                f"写了两个周期：“{chosen.origin.quote}”是 {_span(chosen.first, chosen.last)}，"
                f"“{other.origin.quote}”是 {_span(other.first, other.last)}；先按前一个排"
            )
            notices.conflicts.append(Conflict(code="two-weeks", message=message, origins=(chosen.origin, other.origin)))
            break
    if chosen.last < today:
        message = f"{_span(chosen.first, chosen.last)} 已经过去了，计划照这个日期排，请确认是不是要排这一周"
        notices.tell("warning", "week-past", message, "要排新的一周就改起止日期")
    elif chosen.first < today:
        notices.tell(
            "info", "week-begun", f"这一周从 {_day(chosen.first)} 算起，今天 {_day(today)}，前几天已经过去", ""
        )


def _check_weekdays(text: str, brief: Brief, origin: Origin, notices: Notices) -> None:
    for moment in read_moments(text, brief.now):
        for stated, day in ((moment.stated_weekday, moment.date), (moment.end_stated_weekday, moment.end_date)):
            if stated and day and stated != day.isoweekday():
                message = (
                    f"周期“{text}”里写的是周{_WEEKDAYS[stated - 1]}，但 {day:%Y-%m-%d} 是周{_WEEKDAYS[day.weekday()]}"
                )
                notices.conflicts.append(Conflict(code="week-weekday", message=message, origins=(origin,)))


_YEAR = r"(?:(?P<year>(?:19|20)\d{2})\s*[年./-]\s*)?"
_DATE = re.compile(
    rf"(?<!\d){_YEAR}(?P<month>1[0-2]|0?[1-9])\s*(?P<mark>[月./·-])\s*(?P<day>3[01]|[12]\d|0?[1-9])(?!\d|\s*[周%])\s*[日号]?"
)
_COMPACT = re.compile(r"(?<!\d)(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](20\d{2})(?!\d)")
_TAIL = re.compile(
    r"\s*(?:[(（][^)）]{1,6}[)）])?\s*(?:周[一二三四五六日天])?\s*(?:-+|~|到|至|to|until)\s*(?P<day>3[01]|[12]\d|0?[1-9])\s*(?:[日号]|(?![\d:./月]))"
)
_DAYS_ONLY = re.compile(
    r"(?<![\d./月-])(?P<first>3[01]|[12]\d|0?[1-9])\s*[日号]?\s*(?:-+|~|到|至)\s*(?P<last>3[01]|[12]\d|0?[1-9])\s*[日号]"
)
_NUMBERED = re.compile(
    r"(?:(?P<year>20\d{2})\s*年?\s*-?\s*)?(?:(?<![季营课学群期线])第\s*(?P<han>\d{1,2}|[一二三四五六七八九十]{1,3})\s*周|(?:W|week\s*)(?P<iso>\d{1,2})(?!\d))",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"(?P<far>(?<!一)下下|the week after next)|(?P<next>下(?!午|班|面)|\bnext\b|\bcoming\b|\bfollowing\b)|(?P<last>上(?!午|班|面)|\blast\b)|(?P<this>[本这当]|\bthis\b|\bcurrent\b)",
    re.IGNORECASE,
)
_WEEK_WORD = re.compile(r"周|星期|礼拜|week", re.IGNORECASE)
_ONWARD = re.compile(r"起|开始|(?:^|\b)from\b|starting|以后|往后", re.IGNORECASE)
_LENGTH = re.compile(
    r"(?P<number>\d{1,2}|[一二两三四五六七八九十]{1,2})\s*(?P<unit>天|日(?!\d)|个?(?:周|星期|礼拜)|days?|weeks?)",
    re.IGNORECASE,
)


def read_stretch(text: str, today: date, origin: Origin) -> Stretch | None:
    """The days that words like `5.13-5.19`, `下周`, `5月13日起一周`, `第20周`, `week of May 13` mean; None for others.

    A date without a year is the one nearest to today.
    """
    words = _YEAR_LAST.sub(_year_first, _COMPACT.sub(r"\1-\2-\3", plain_spelling(text)))
    numbered = _NUMBERED.search(words)
    dates = _dates(words, today)
    if len(dates) >= 2:
        first, last = dates[0], dates[-1]
        if last < first and (last.month, first.month) == (1, 12):
            last = last.replace(year=first.year + 1)
        low, high = sorted((first, last))
        return Stretch(first=low, last=high, origin=origin, reversed=last < first)
    if len(dates) == 1:
        return _from_one(dates[0], words, origin)
    if numbered:
        return _by_number(numbered, today, origin)
    return _relative(text, words, today, origin)


def _year_first(match: re.Match[str]) -> str:
    """`05/13/2024` and `13/05/2024` → `2024-5-13`; the month goes first where both could be it."""
    month, day = int(match[1]), int(match[2])
    month, day = (day, month) if month > 12 else (month, day)
    return f"{match[3]}-{month}-{day}"


def _dates(words: str, today: date) -> list[date]:
    found: list[date] = []
    for match in _DATE.finditer(words):
        if match["mark"] == "-" and match[0].rstrip().endswith(("日", "号")):
            continue  # 10-16号 are two days of a month
        day = _near(match["year"], int(match["month"]), int(match["day"]), found[-1] if found else today)
        if day is None:
            continue
        found.append(day)
        tail = _TAIL.match(words, match.end())
        if tail and not _DATE.match(words, tail.start("day")) and (end := _of_month(day, int(tail["day"]))):
            found.append(end)
    if not found and (lone := _DAYS_ONLY.search(words)):
        first, last = int(lone["first"]), int(lone["last"])
        starts = [
            day for shift in (-31, 0, 31) if (day := _of_month((today + timedelta(days=shift)).replace(day=1), first))
        ]
        start = min(starts, key=lambda day: (abs((day - today).days), day))
        end = _of_month(start, last) if last >= first else _of_month(start.replace(day=28) + timedelta(days=5), last)
        found = [start, end] if end else []
    if not found:
        for moment in read_moments(words, _noon(today)):
            if re.search(r"[A-Za-z]{3}", moment.text) and moment.date and moment.grain == "day":
                found += [day for day in (moment.date, moment.end_date) if day]
    return found


def _noon(today: date) -> datetime:
    return datetime.combine(today, time(12))


def _near(year: str | None, month: int, day: int, about: date) -> date | None:
    """The date of that month and day, in the year nearest to another one if none is said."""
    years = [int(year)] if year else [about.year - 1, about.year, about.year + 1]
    options = []
    for one in years:
        try:
            options.append(date(one, month, day))
        except ValueError:
            continue
    return min(options, key=lambda option: abs((option - about).days), default=None)


def _of_month(month: date, day: int) -> date | None:
    """That day of a date's month, or of the next one if it came before."""
    try:
        return month.replace(day=day)
    except ValueError:
        return None


def _from_one(day: date, words: str, origin: Origin) -> Stretch:
    """A single date: from it on for as long as is said, else the calendar week that holds it."""
    length = _LENGTH.search(_DATE.sub("", words))
    if _ONWARD.search(words):
        days = _days(length) if length else 7
        return Stretch(first=day, last=day + timedelta(days=days - 1), origin=origin)
    monday = day - timedelta(days=day.weekday())
    return Stretch(first=monday, last=monday + WEEK, origin=origin)


def _days(length: re.Match[str]) -> int:
    number = int(parse_number(length["number"]) or 1)
    return max(1, number * (7 if re.search(r"周|星期|礼拜|week", length["unit"], re.IGNORECASE) else 1))


def _by_number(numbered: re.Match[str], today: date, origin: Origin) -> Stretch | None:
    number = int(parse_number(numbered["han"] or numbered["iso"]) or 0)
    years = [int(numbered["year"])] if numbered["year"] else [today.year - 1, today.year, today.year + 1]
    options = []
    for year in years:
        try:
            options.append(date.fromisocalendar(year, number, 1))
        except ValueError:
            continue
    if not options:
        return None
    monday = min(options, key=lambda option: abs((option - today).days))
    return Stretch(first=monday, last=monday + WEEK, origin=origin, by_number=True)


def _relative(text: str, words: str, today: date, origin: Origin) -> Stretch | None:
    """下周, this week, 本周五到下周四; weekdays of one range follow each other."""
    moments = [moment for moment in read_moments(text, _noon(today)) if moment.date]
    ranges = [moment for moment in moments if moment.grain == "day" and moment.date and moment.end_date]
    if ranges and (first := ranges[0].date) and (last := ranges[0].end_date):
        return Stretch(first=first, last=last, origin=origin, relative=True)
    if (
        (named := re.search(r"那一?周|当周|所在的?一?周|week of", words))
        and moments
        and moments[0].start < named.start()
    ):
        return _from_one(moments[0].date or today, named[0], origin)
    if moments and moments[0].grain == "day" and moments[0].date and _ONWARD.search(words, moments[0].start):
        stretch = _from_one(moments[0].date, words, origin)
        return stretch.model_copy(update={"relative": True})
    if not _WEEK_WORD.search(words) or not (match := _RELATIVE.search(words)):
        return None
    weeks = {"far": 2, "next": 1, "last": -1, "this": 0}[match.lastgroup or "this"]
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    return Stretch(first=monday, last=monday + WEEK, origin=origin, relative=True)


def days_of(week: tuple[date, date]) -> tuple[date, ...]:
    """Every day of a week, in order."""
    return tuple(week[0] + DAY * number for number in range((week[1] - week[0]).days + 1))


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d}（周{_WEEKDAYS[day.weekday()]}）"


def _span(first: date, last: date) -> str:
    return f"{_day(first)}至{_day(last)}"
