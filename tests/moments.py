"""Moments as the tests read them: from a Wednesday in November."""

from datetime import datetime
from zoneinfo import ZoneInfo

from copilot.facts.moments import Moment, read_moments

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Wednesday


def canonical(text: str, now: datetime = NOW, year_hint: int | None = None) -> list[str]:
    return [moment.canonical for moment in read_moments(text, now, year_hint)]


def one(text: str, now: datetime = NOW) -> Moment:
    (moment,) = read_moments(text, now)
    return moment
