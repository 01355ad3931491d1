"""Weekly plans' situations for tests: read from a brief on one Wednesday."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from copilot.facts.brief import read_brief
from copilot.tasks.weekly_plan.reading.sorting import read_situation
from copilot.tasks.weekly_plan.situation import Group, Person, Situation

NOW = datetime(2025, 3, 5, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Wednesday
MONDAY, SUNDAY = date(2025, 3, 10), date(2025, 3, 16)


def situation(source: str | dict[str, Any], *, now: datetime = NOW, given: bool = True) -> Situation:
    return read_situation(read_brief(source, now=now, now_given=given))


def group_of(source: str | dict[str, Any]) -> Group:
    return situation(source).groups[0]


def people_of(source: str | dict[str, Any]) -> dict[str, Person]:
    return {person.name: person for person in situation(source).people}


def codes(found: Situation) -> set[str]:
    return {one.code for one in found.conflicts} | {one.code for one in found.findings}


def windows(person: Person) -> set[tuple[int, int, int]]:
    return {(one.weekday, one.start, one.end) for one in person.hours.windows}
