"""Single values as exporters write them: texts, ids, numbers, and the many ways to write a time."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from copilot.chat.records import Precision

_EARLIEST = 100_000_000  # 1973, before any chat; smaller numbers count something else
_LATEST = 32_503_680_000  # the year 3000
_YEARS = (1973, 2999)
_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,9})?")
_ROUNDED = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+[0-9]+")
_WRITTEN = re.compile(
    r"(?P<date>[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2})"
    r"(?:[ \tT]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?)?"
    r"\s*(?P<zone>Z|z|[+-][0-9]{2}:?[0-9]{2})?"
)


def words_of(value: Any) -> str:
    """A value's text, with one kind of newline and no NUL; "" for what is no text."""
    if isinstance(value, str):
        if "\r" in value or "\x00" in value:
            return value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def id_of(value: Any) -> str:
    """An exporter's id as text; "" where there is none, or where a spreadsheet rounded it (7.4E+18)."""
    if isinstance(value, float):
        return ""
    found = words_of(value).strip()
    return "" if found in ("0", "null", "None") or ("+" in found and _ROUNDED.fullmatch(found)) else found


def number_of(value: Any) -> int | None:
    """A whole number, written as one or as text; None when it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) < 24 and re.fullmatch(r"\s*-?[0-9]+\s*", value):
        return int(value)
    return None


def time_of(value: Any) -> tuple[datetime | None, Precision]:
    """A time and how exact it is: seconds or milliseconds since 1970 (aware), RFC 3339 (aware), or a local one (naive)."""
    if isinstance(value, str):
        written = value.strip()
        return _instant(float(written)) if _NUMBER.fullmatch(written) else _written(written)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _instant(value)
    return None, "none"


def first_time(*values: Any) -> tuple[datetime | None, Precision]:
    """The first of these values that is a time, and how exact it is."""
    return next((found for value in values if (found := time_of(value))[0]), (None, "none"))


def latest_before(written: str, limit: datetime) -> datetime | None:
    """The latest `month-day hour:minute…` that is not after a time (on its clock): of its year, or of the one before."""
    for year in (limit.year, limit.year - 1):
        found = time_of(f"{year}-{written}")[0]
        if found is not None and (found := found.replace(tzinfo=limit.tzinfo)) <= limit:
            return found
    return None


def _instant(number: float) -> tuple[datetime | None, Precision]:
    if not 0 < number < 1e20:  # nor not a number
        return None, "none"
    while number > 1e11:
        number /= 1000
    if not _EARLIEST < number < _LATEST:
        return None, "none"
    return datetime.fromtimestamp(number, UTC), "second"


def _written(text: str) -> tuple[datetime | None, Precision]:
    match = _WRITTEN.fullmatch(text)
    if match is None or not _YEARS[0] <= int(text[:4]) <= _YEARS[1]:
        return None, "none"
    try:
        if match["second"] and text[4] == "-":
            return datetime.fromisoformat(text), "second"
    except ValueError:
        pass
    day = "-".join(part.zfill(2) for part in re.split("[-/.]", match["date"]))
    hour = (match["hour"] or "0").zfill(2)
    try:
        found = datetime.fromisoformat(f"{day} {hour}:{match['minute'] or '00'}:{match['second'] or '00'}")
        if match["zone"] and match["hour"]:
            found = found.replace(tzinfo=_zone(match["zone"]))
    except ValueError:
        return None, "none"
    return found, "second" if match["second"] else "minute" if match["hour"] else "day"


def _zone(text: str) -> timezone:
    if text in "Zz":
        return UTC
    ahead = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-ahead if text[0] == "-" else ahead)
