"""Which day a date word means: resolved against now, the years already given, and the dates before it.

Weeks start on Monday. A date without a year is the nearest future one, unless it lies at most 60 days back;
a year given earlier in the text carries over. 国庆前… counts from the festival's day, 国庆后… from the last day off.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from copilot.facts.calendar import (
    DAY,
    Unpublished,
    break_around,
    calendar_words,
    coming_break,
    count_days,
    festival_date,
    is_workday,
)
from copilot.facts.moment_forms import MONTHS, WEEKDAY_NUMBERS
from copilot.facts.moment_tokens import Token
from copilot.facts.numerals import parse_number

RECENT = timedelta(days=60)
HALF_YEAR = timedelta(days=180)
_MONTH_STEPS = {"上": -1, "下": 1, "次": 1}
_YEAR_STEPS = {"去年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2, "年": 0}


@dataclass(frozen=True)
class Day:
    """What a date word means: a day, or the first and last of several; `key` names a day that can't be told."""

    first: date | None
    last: date | None = None
    grain: str = "day"
    part: str | None = None
    relative: bool = False
    year_stated: bool = False
    bare_weekday: bool = False
    anaphoric: bool = False
    key: str = ""
    reason: str = ""


@dataclass
class Context:
    """What the text has said so far."""

    today: date
    year: int | None = None
    year_fixed: bool = False
    last: date | None = None
    last_break: tuple[date, date] | None = None
    festival: str = field(default="")


def safe_date(year: int, month: int, day: int) -> date | None:
    """That day, or None when the month has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_end(day: date) -> date:
    """The last day of its month."""
    return (day.replace(day=28) + DAY * 4).replace(day=1) - DAY


def _without_year(context: Context, month: int, day: int) -> tuple[date | None, bool]:
    """The day in the year that is meant, and whether `now` was needed to tell."""
    if context.year is not None:
        found = safe_date(context.year, month, day)
        turned = found and context.last and found.year == context.last.year and found < context.last - HALF_YEAR
        if turned and not context.year_fixed:
            found = safe_date(context.year + 1, month, day)
        return found, False
    for year in range(context.today.year - 1, context.today.year + 5):
        found = safe_date(year, month, day)
        if found and found >= context.today - RECENT:
            return found, True
    return None, True


def _stated_year(token: Token, context: Context) -> int | None:
    if relative := token.data.get("ry"):
        return context.today.year + _YEAR_STEPS[relative]
    year = token.number("y")
    return year + 2000 if year is not None and year < 100 else year


def resolve(token: Token, context: Context) -> Day | None:
    """The day or days a date or weekday token means; None when there is no such day (2月30日)."""
    match token.form:
        case "day" | "dotted" | "dashed" | "fraction" | "english" if token.kind == "date":
            return _full_date(token, context)
        case "month" | "monthday":
            return _month(token, context)
        case "year":
            year = _stated_year(token, context)
            assert year is not None
            span = date(year, 1, 1), date(year, 12, 31)
            return Day(*span, grain=_grain("year", token), relative="ry" in token.data, year_stated=True)
        case "dayonly":
            return _day_only(token, context)
        case "relative":
            return _relative(token.data.get("word", "前天"), context)
        case "festival":
            return _festival(token, context)
        case "anybreak":
            return _any_break(token, context)
        case "weekonly":
            monday = _monday(context.today, token.data["q"])
            return Day(monday, monday + DAY * 6, grain="week", relative=True)
        case _:
            return _weekday(token, context)


def _grain(grain: str, token: Token) -> str:
    return grain + (f"~{token.data['third']}" if "third" in token.data else "")


def _full_date(token: Token, context: Context) -> Day | None:
    month = token.number("m") or MONTHS.index(token.data["name"][:3].lower()) + 1
    day = token.number("d") or token.number("d2") or 0
    year = _stated_year(token, context)
    if year is not None:
        found, relative = safe_date(year, month, day), "ry" in token.data
    else:
        found, relative = _without_year(context, month, day)
    return Day(found, relative=relative, year_stated=year is not None) if found else None


def _month(token: Token, context: Context) -> Day | None:
    year, relative = _stated_year(token, context), False
    if "rm" in token.data:
        months = context.today.year * 12 + context.today.month - 1 + _MONTH_STEPS.get(token.data["rm"][0], 0)
        first, relative = date(months // 12, months % 12 + 1, 1), True
    elif year is not None:
        first, relative = date(year, token.number("m") or 1, 1), "ry" in token.data
    else:
        # The end of the month decides whether it is past: in its own month, 5月 is this one.
        last, relative = _without_year(context, token.number("m") or 1, 28)
        assert last is not None
        first = last.replace(day=1)
    if "d" in token.data:
        found = safe_date(first.year, first.month, token.number("d") or 0)
        return Day(found, relative=relative) if found else None
    return Day(first, month_end(first), grain=_grain("month", token), relative=relative, year_stated=year is not None)


def _day_only(token: Token, context: Context) -> Day | None:
    """15号: in the month of the date before it in the text, else the coming one."""
    number = token.number("d") or token.number("d2") or 0
    if context.last:
        found = safe_date(context.last.year, context.last.month, number)
        return Day(found) if found else None
    months = context.today.year * 12 + context.today.month - 1
    for month in range(months, months + 4):
        found = safe_date(month // 12, month % 12 + 1, number)
        if found and found >= context.today:
            return Day(found, relative=True)
    return None


def _relative(word: str, context: Context) -> Day:
    words = calendar_words()
    word = word.lower()
    if word in words["same_day"]:
        days, part = words["same_day"][word]
        if context.last is None:
            return Day(None, part=part, anaphoric=True, key=word, reason=f"“{word}”前面没有日期")
        return Day(context.last + DAY * days, part=part, anaphoric=True)
    days, part = words["relative_days"][word]
    return Day(context.today + DAY * days, part=part, relative=True)


def _monday(today: date, qualifier: str) -> date:
    """Monday of this week, the next ones (下, 下下) or the ones before."""
    steps = qualifier.count("下") - qualifier.count("上") + ("next" in qualifier.lower())
    return today - DAY * (today.isoweekday() - 1) + DAY * 7 * steps


def _weekday(token: Token, context: Context) -> Day:
    qualifier, number = token.data.get("q", "").strip(), weekday_number(token)
    if number is None:
        saturday = _monday(context.today, qualifier) + DAY * 5
        return Day(saturday, saturday + DAY, relative=True, bare_weekday=not qualifier)
    if qualifier:
        return Day(_monday(context.today, qualifier) + DAY * (number - 1), relative=True)
    return Day(context.today + DAY * ((number - context.today.isoweekday()) % 7), relative=True, bare_weekday=True)


def weekday_number(token: Token) -> int | None:
    """1 for Monday to 7; None for a weekend."""
    word = token.data["w"].rstrip(".").lower()
    if word[:3] in (days := ("mon", "tue", "wed", "thu", "fri", "sat", "sun")):
        return days.index(word[:3]) + 1
    return WEEKDAY_NUMBERS.get(word[0])


def _festival(token: Token, context: Context) -> Day | None:
    data = token.data
    name = data.get("name") or data["name2"]
    stated = _stated_year(token, context)
    year, relative = (stated, "ry" in data) if stated is not None else _festival_year(name, context)
    day = festival_date(name, year) if year is not None else None
    if day is None:
        return Day(
            None,
            relative=relative,
            key=data_key(name, data, year),
            reason=f"本机没有 {year or context.today.year} 年“{name}”的日期",
        )
    context.festival = name
    try:
        first, last = _span(day, data, context)
    except Unpublished as error:
        return Day(
            None, relative=relative, year_stated=stated is not None, key=data_key(name, data, year), reason=str(error)
        )
    return Day(first, last, relative=relative, year_stated=stated is not None)


def data_key(name: str, data: dict[str, str], year: int | None) -> str:
    """The name of a day off that can't be dated, with its year."""
    return f"{name}{data.get('span', '')}{data.get('offset', '')}" + (f"@{year}" if year else "")


def _festival_year(name: str, context: Context) -> tuple[int | None, bool]:
    years = [context.year] if context.year is not None else range(context.today.year - 1, context.today.year + 3)
    for year in years:
        day = festival_date(name, year)
        if day and (context.year is not None or day >= context.today - RECENT):
            return year, context.year is None
    return None, True


def _span(day: date, data: dict[str, str], context: Context) -> tuple[date, date | None]:
    """The day or days meant: the festival, its days off, or a day counted from them."""
    number = int(parse_number(data["k"]) or 1) if "k" in data else 1
    if "side" in data and "后" in data["side"]:
        context.last_break = break_around(day)
        return _counted(context.last_break[1], data, 1), None
    if "side" in data:
        return _counted(day if "span" not in data else break_around(day)[0], data, -1), None
    if data.get("offset") == "前夕":
        return day - DAY, None
    if "inside" in data:
        return break_around(day)[0] + DAY * (number - 1), None
    if "lastday" in data:
        return break_around(day)[1], None
    if "span" in data:
        context.last_break = break_around(day)
        return context.last_break
    return day, None


def _counted(start: date, data: dict[str, str], sign: int) -> date:
    number = int(parse_number(data["n"]) or 1) if "n" in data else 1
    what = data.get("what") or data["what2"]
    return count_days(start, sign * number, is_workday if what == "工作日" else lambda _: True)


def _any_break(token: Token, context: Context) -> Day:
    """节后第一个工作日: after the holiday last spoken of, else the one now or next."""
    try:
        around = context.last_break
        if around is None and context.festival:
            year = _festival_year(context.festival, context)[0]
            day = festival_date(context.festival, year) if year is not None else None
            around = break_around(day) if day else None
        first, last = around or coming_break(context.today)
        after = "后" in token.data["side"]
        return Day(_counted(last if after else first, token.data, 1 if after else -1), relative=True)
    except Unpublished as error:
        return Day(
            None,
            relative=True,
            key="".join(token.data.get(name, "") for name in ("side", "n", "edge", "what", "what2")),
            reason=str(error),
        )
