"""By when something was promised, counted from when it was said. Vague parts of a day end when the day part does."""

import re
from datetime import datetime, time, timedelta

from copilot.facts.moments import Moment, read_moments

LONGEST = 300
_CHEAP = re.compile(r"[0-9点號号周天晚午早后夜底月]|星期|礼拜|禮拜")
_WITHIN = re.compile(
    r"(?P<number>[0-9]{1,3}|半|[一二两三四五六七八九十])个?(?P<unit>小时|分钟|天|工作日)(?:之?内|以内|后)?"
)
_WORDS = re.compile(
    r"下班前|下班之前|尽快|马上|现在|这就|立刻|稍后|晚点|一会儿?|等会儿?|待会儿?|回头|这两天|当天|到时候?|近期|本周内?|节后"
)
_DIGITS = {
    "半": 0.5,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
PARTS_END = {"dawn": 8, "morning": 12, "forenoon": 12, "noon": 14, "afternoon": 19, "evening": 24, "night": 24}
"""The hour by which what was promised for a part of the day is due."""


EARLY = 7
"""Who writes an hour up to this with its minutes, in the morning, means the next morning."""


def read_due(text: str, said: datetime | None) -> tuple[datetime | None, str]:
    """The moment by which, and the words that say so. A day without an hour is due when it ends; (None, "") without any."""
    words = text[:LONGEST]
    vague = _WORDS.search(words)
    if said is None or _CHEAP.search(words) is None:
        return None, vague[0] if vague else ""
    found = [moment for moment in read_moments(words, said.replace(tzinfo=None)) if moment.recurrence is None]
    found = [moment for moment in found if not _past(moment, said)]
    if not found:
        return _within(words, said) or (None, vague[0] if vague else "")
    last = next((moment for moment in reversed(found) if moment.bound == "before"), None)
    chosen = last or next((moment for moment in reversed(found) if moment.bound == "at"), found[-1])
    earlier = [moment.date for moment in found if moment.date is not None and moment.start < chosen.start]
    day = chosen.date or (earlier[-1] if earlier else None)
    if day is None and (chosen.time is not None or chosen.day_part) and not chosen.unknown_reason:
        day = said.date()
    if day is None:
        return None, chosen.text
    if chosen.grain != "day" and chosen.end_date is not None:
        day = chosen.end_date
    clock = chosen.time
    due = datetime.combine(day, clock or time(0), said.tzinfo)
    if clock is None:
        due += timedelta(hours=PARTS_END.get(chosen.day_part or "", 24)) - timedelta(seconds=1)
    if due < said and chosen.date is None and clock is not None and chosen.bound != "before" and not earlier:
        return None, ""  # looks back
    if due < said and chosen.date is None and clock is not None and clock.hour < 12:
        later = due + timedelta(hours=12)  # 8点前 said in the afternoon is tonight
        early = clock.hour <= EARLY and said.hour < 12 and ":" in chosen.text.replace("：", ":")  # 6:25 is a morning's
        due = later if later >= said and not early else due + timedelta(days=1)
    elif due < said and chosen.date is None and clock is None:
        due += timedelta(days=1)
    by = words[chosen.start : vague.end()] if vague and vague.start() == chosen.end else chosen.text
    return due, by


def _past(moment: Moment, said: datetime) -> bool:
    return moment.date is not None and (moment.end_date or moment.date) < said.date()


def _within(words: str, said: datetime) -> tuple[datetime, str] | None:
    """半小时内, 3天内: so long from when it was said."""
    match = _WITHIN.search(words)
    if match is None:
        return None
    number = _DIGITS.get(match["number"]) or float(match["number"])
    unit = {"小时": timedelta(hours=1), "分钟": timedelta(minutes=1)}.get(match["unit"], timedelta(days=1))
    return said + number * unit, match[0]
