"""Updates are read on the day they are sent: what they call today is that day, not the day they are written."""

import re
from datetime import date, timedelta

_DATE = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
_WORD = re.compile(r"(?P<day>前|昨|今|明|后)(?P<part>天|日|晚|早)(?P<evening>晚上?|早上?|上午|下午|中午)?")
_AHEAD = {"前": -2, "昨": -1, "今": 0, "明": 1, "后": 2}
_LEAP = 2024


def on_its_own_day(text: str, when: str) -> str:
    """A text with `今天`, `昨晚` … as the dates they are at `when`; as it is where that gives no date."""
    found = _DATE.search(when)
    try:
        day = date(_LEAP, int(found[1]), int(found[2])) if found else None
    except ValueError:
        return text
    if day is None:
        return text

    def absolute(match: re.Match[str]) -> str:
        if match["day"] in "前后" and match["part"] in "晚早日":
            return match[0]
        meant = day + timedelta(days=_AHEAD[match["day"]])
        if _crosses_february(day, meant):
            return match[0]
        part = {"晚": "晚", "早": "早上"}.get(match["part"], "") + (match["evening"] or "")
        return f"{meant.month}月{meant.day}日{part}"

    return _WORD.sub(absolute, text)


def _crosses_february(day: date, meant: date) -> bool:
    """Whether the two lie on either side of a day that only some years have."""
    return min(day, meant) <= date(_LEAP, 2, 29) <= max(day, meant) and day != meant
