"""From the words of dates and times to points: which words belong together, and what they mean together.

A point is a date, its weekday, a part of the day and a clock, or a repetition; two points can be the ends of a range.
"""

import datetime as dt
import re
from dataclasses import dataclass, field, replace

from copilot.facts.calendar import DAY, calendar_words
from copilot.facts.moment_dates import Context, Day, resolve, safe_date, weekday_number
from copilot.facts.moment_forms import SEPARATOR, WEEKDAY_NUMBERS
from copilot.facts.moment_record import HALF_DAY, MIDNIGHT
from copilot.facts.moment_tokens import Token, scan
from copilot.facts.numerals import parse_number

AN_HOUR = 60
"""How much earlier a clock may be than the one before it and still share its part of the day."""


@dataclass
class Point:
    """Tokens that make one date, time or repetition."""

    tokens: list[Token] = field(default_factory=list)

    def get(self, kind: str) -> Token | None:
        return next((token for token in self.tokens if token.kind == kind), None)

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


@dataclass(frozen=True)
class Reading:
    """What a point means; times in minutes after midnight."""

    day: Day | None = None
    minute: int | None = None
    part: str | None = None
    ambiguous: bool = False
    by_part: bool = False
    weekday: int | None = None
    repeat: str | None = None
    rival: dt.date | None = None


_GLUE = re.compile(r"[ \t()\[\]【】|·的T,，\u2022]{0,4}(?:at )?")
_RANGE = re.compile(rf"[ \t)\]】]{{0,3}}(?:起|开始)?[ \t]{{0,3}}{SEPARATOR}[ \t(\[【]{{0,3}}")


_WHOLE = {"month", "year", "weekonly"}
"""Date words that mean many days: no weekday or clock belongs to them."""


def group(folded: str) -> list[Point]:
    points: list[Point] = []
    for token in scan(folded):
        if points and _belongs(folded, points[-1], token):
            points[-1].tokens.append(token)
        else:
            points.append(Point([token]))
    return points


def _belongs(folded: str, point: Point, token: Token) -> bool:
    gap = folded[point.end : token.start]
    if not _GLUE.fullmatch(gap):
        return False
    kinds = {other.kind for other in point.tokens}
    comma = "," in gap or "，" in gap
    if any(other.form in _WHOLE for other in point.tokens) or (token.form in _WHOLE and point.tokens):
        return False
    if token.kind == "weekday" and token.form == "english":
        return "weekday" not in kinds and "date" in kinds
    if token.kind == "weekday":
        return (
            "weekday" not in kinds
            and "repeat" not in kinds
            and "clock" not in kinds
            and "date" in kinds
            and not comma
            and ("q" not in token.data or "(" in gap)
        )
    if token.kind == "date":
        english = token.form == "english"
        if "date" in kinds:
            other = point.get("date")
            return (
                other is not None
                and not comma
                and kinds == {"date"}
                and {other.form, token.form} in ({"relative", "day"}, {"festival", "day"})
            )
        return (
            "repeat" not in kinds
            and not comma
            and kinds == {"weekday"}
            and token.form in {"day", "dotted", "dashed", "fraction", "dayonly"}
        ) or (english and "repeat" not in kinds)
    if token.kind == "repeat":
        return False
    if token.kind == "part":
        return "part" not in kinds and "clock" not in kinds
    return "clock" not in kinds


def is_range(folded: str, first: Point, second: Point, *, clocks: bool = False) -> bool:
    """Whether two points are the ends of a range (`clocks`: the second has to be a time alone)."""
    if clocks and (second.get("date") or second.get("weekday")):
        return False
    if not _RANGE.fullmatch(folded, first.end, second.start) or second.get("repeat"):
        return False
    if first.get("repeat"):
        return not second.get("date") and not second.get("weekday")
    other = second.get("date")
    if other is not None and other.data.get("word") in calendar_words()["same_day"]:
        return True
    # "20:00-周六" is a time and then a day; a range's ends are of one kind.
    return bool(first.get("date") or first.get("weekday")) or not (second.get("date") or second.get("weekday"))


def read_point(point: Point, context: Context, previous: Reading | None) -> Reading:
    day, weekday, rival = _read_day(point, context)
    repeat, part = None, day.part if day else None
    if (token := point.get("repeat")) is not None:
        repeat = _recurrence(token)
        part = {"晚": "evening", "早": "morning"}.get(token.data.get("part", ""), part)
    if (token := point.get("part")) is not None:
        part = next(
            name for name, entry in calendar_words()["day_parts"].items() if token.data["part"] in entry["words"]
        )
    minute, ambiguous, by_part = None, False, False
    if (token := point.get("clock")) is not None:
        minute, ambiguous = _minute(token, part)
        by_part = part is not None and not ambiguous
        alone = day is None and repeat is None and part is None
        # 晚上7点签到，8点开始: the part of the day holds on to the end of the sentence.
        if (
            alone
            and ambiguous
            and previous is not None
            and previous.by_part
            and HALF_DAY <= (previous.minute or 0) < minute + HALF_DAY + AN_HOUR
        ):
            minute, ambiguous, by_part = minute + HALF_DAY, False, True
        part = None
    # 参照去年做法 does not move what follows into last year.
    if day is not None and day.first is not None and not day.anaphoric and not day.grain.startswith("year"):
        context.last = day.last if day.last and day.grain == "day" else day.first
        context.year = day.first.year if day.year_stated and not day.relative else context.year
    return Reading(day, minute, part, ambiguous, by_part, weekday, repeat, rival)


def _read_day(point: Point, context: Context) -> tuple[Day | None, int | None, dt.date | None]:
    """The day of a point, the weekday said beside it, and another date its words give."""
    tokens = sorted(
        (token for token in point.tokens if token.kind == "date"),
        key=lambda token: token.form in {"relative", "festival"},
    )
    weekday = point.get("weekday")
    days = [day for token in tokens if (day := resolve(token, context)) is not None]
    if not days:
        return (resolve(weekday, context) if weekday else None), None, None
    rival = None
    if weekday and "q" in weekday.data:
        days.append(resolve(weekday, context) or days[0])
    if len(days) > 1:
        rival = next((day.first for day in days[1:] if day.first and day.first != days[0].first), None)
        days[0] = replace(days[0], part=next((day.part for day in days if day.part), None))
    return days[0], weekday_number(weekday) if weekday else None, rival


def _recurrence(token: Token) -> str:
    if token.form == "dailypart":
        return "daily"
    if token.form == "weekly" and "first" in token.data:
        first, last = WEEKDAY_NUMBERS[token.data["first"]], WEEKDAY_NUMBERS[token.data["last"]]
        return "weekly:" + ",".join(map(str, range(first, last + 1))) if first < last else f"weekly:{first},{last}"
    if "days" not in token.data:
        return token.form
    if token.form == "weekly":
        numbers = (
            {6, 7}
            if token.data["days"] == "末"
            else {WEEKDAY_NUMBERS[char] for char in token.data["days"] if char in WEEKDAY_NUMBERS}
        )
    else:
        numbers = {
            int(number)
            for piece in re.split(r"[日号、,和及\s]+", token.data["days"])
            if piece and (number := parse_number(piece)) is not None
        }
    return f"{token.form}:" + ",".join(map(str, sorted(numbers)))


def _minute(token: Token, part: str | None) -> tuple[int, bool]:
    """Minutes after midnight, and whether the hour could as well be in the afternoon."""
    hour, minute = token.number("h") or 0, token.number("mi") or 0
    minute = {"半": 30, "一刻": 15, "三刻": 45}.get(token.data.get("half", ""), minute)
    meridiem = token.data.get("ap", "")[:1].lower()
    if token.form == "left" and meridiem and (token.number("until") or 0) % 12 < hour % 12:
        ambiguous = False  # 10-2pm begins in the morning
    elif meridiem:
        hour, ambiguous = hour % 12 + (12 if meridiem == "p" else 0), False
    elif part is None:
        padded = token.form == "clock" and len(token.data["h"]) == 2
        ambiguous = 1 <= hour <= 11 and not padded
    else:
        hour, ambiguous = _hour_of_part(hour, part), False
    return min(hour * 60 + minute, MIDNIGHT), ambiguous


def _hour_of_part(hour: int, part: str) -> int:
    if hour == 12:
        return {"dawn": 0, "evening": 24}.get(part, 12)
    later = (
        (part == "afternoon" and hour < 12) or (part == "noon" and hour < 5) or (part == "evening" and 5 <= hour < 12)
    )
    return hour + 12 if later else hour


def read_end(point: Point, first: Reading, context: Context) -> Reading:
    """The end of a range: what it leaves out it takes from the beginning."""
    last = read_point(point, context, None)
    if last.day and last.day.anaphoric and first.day is None:
        last = replace(last, day=None)
    if (
        last.minute is not None
        and last.ambiguous
        and first.minute is not None
        and not first.ambiguous
        and first.minute >= HALF_DAY
    ):
        shifted = last.minute + HALF_DAY
        if shifted > first.minute and last.day is None:
            last = replace(last, minute=shifted, ambiguous=False)
    return last


def fit(first: Reading, last: Reading) -> tuple[Reading, Reading]:
    """Make the end of a range follow its beginning: 9点到5点, 22:00-02:00, 周一至周五, 12月28日-1月3日."""
    if first.minute is not None and last.minute is not None and last.day is None and last.minute < first.minute:
        if first.minute < HALF_DAY and last.ambiguous and last.minute + HALF_DAY > first.minute:
            return first, replace(last, minute=last.minute + HALF_DAY)
        if first.day and first.day.first and first.day.grain == "day":
            return first, replace(last, day=Day((first.day.last or first.day.first) + DAY))
    if (
        first.day
        and last.day
        and first.day.first
        and last.day.first
        and last.day.first < first.day.first
        and not last.day.year_stated
    ):
        return first, replace(
            last,
            day=replace(last.day, first=_later(first.day.first, last.day.first, bare_weekday=last.day.bare_weekday)),
        )
    return first, last


def _later(begin: dt.date, end: dt.date, *, bare_weekday: bool) -> dt.date:
    """The end of a range in the week, month or year after, where it would else lie before the beginning."""
    if bare_weekday:
        return end + DAY * 7 * -((end - begin).days // 7)
    if (end.year, end.month) == (begin.year, begin.month):
        following = (begin.replace(day=28) + DAY * 4).replace(day=1)
        return safe_date(following.year, following.month, end.day) or end
    if (begin - end).days > 180:
        return safe_date(end.year + 1, end.month, end.day) or end
    return end
