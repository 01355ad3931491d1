"""A plan as an iCalendar file, with a reminder before each entry."""

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from copilot.errors import UsageError
from copilot.exports.sheet import PlanRow, PlanSheet, writable

if TYPE_CHECKING:
    from icalendar import Component, Event

_LEAST = 15  # minutes an entry takes up when nobody said how long it is
_MORNING = timedelta(hours=9)


def to_ics(
    sheet: PlanSheet, zone: str = "Asia/Shanghai", reminder_minutes: int = 15, *, stamp: datetime | None = None
) -> bytes:
    """The rows as calendar entries in a time zone (an IANA name), each with a reminder (0: none).

    A row with a day and no time is an entry of the whole day, reminded at nine; one without a day becomes a to-do
    without a date, and the calendar's description counts them. Entries keep their identity over exports. `stamp` is
    when the file was made (None: now).
    """
    from icalendar import Calendar, Todo

    try:
        clock = ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(f"没有“{zone}”这个时区", hint="用 IANA 名称，例如 Asia/Shanghai") from error
    stamp = stamp or datetime.now(UTC)
    calendar = Calendar()
    calendar.add("prodid", "-//copilot//weekly plan//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _line(sheet.title))
    seen: Counter[str] = Counter()
    undated = 0
    for row in sheet.ordered:
        uid = _uid(sheet, row, seen)
        if row.day is None:
            undated += 1
            todo = Todo()
            _common(todo, row, uid, stamp)
            calendar.add_component(todo)
            continue
        calendar.add_component(_event(row, uid, stamp, clock, reminder_minutes))
    if undated:
        calendar.add("x-wr-caldesc", f"有 {undated} 项还没有定日期，列为待办")
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(row: PlanRow, uid: str, stamp: datetime, zone: ZoneInfo, reminder_minutes: int) -> "Event":
    from icalendar import Alarm, Event

    assert row.day is not None
    event = Event()
    _common(event, row, uid, stamp)
    if row.clock is None:
        event.add("dtstart", row.day)
        event.add("dtend", row.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        start = datetime.combine(row.day, row.clock, tzinfo=zone)
        event.add("dtstart", start)
        event.add("dtend", start + timedelta(minutes=row.minutes if row.minutes > 0 else _LEAST))
    if reminder_minutes > 0:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _line(f"{row.group} {row.action}"))
        alarm.add("trigger", _MORNING if row.clock is None else timedelta(minutes=-reminder_minutes))
        event.add_component(alarm)
    return event


def _common(component: "Component", row: PlanRow, uid: str, stamp: datetime) -> None:
    """What an entry and a to-do share: identity, words, owner."""
    component.add("uid", uid)
    component.add("dtstamp", stamp)
    component.add("summary", _line(f"{row.group}：{row.action}" if row.group.strip() else row.action))
    named = (
        ("负责人", row.owner),
        ("形式", row.form),
        ("目的", row.purpose),
        ("物料", row.material),
        ("检查点", row.check),
        ("备注", row.note),
        ("文案", row.message),
    )
    component.add("description", "\n".join(f"{name}：{writable(text)}" for name, text in named if text.strip()))
    if row.owner.strip():
        component.add("categories", [_line(row.owner)])
    if row.status == "取消":
        component.add("status", "CANCELLED")


def _uid(sheet: PlanSheet, row: PlanRow, seen: Counter[str]) -> str:
    """The same for the same row in every export: by its id if it has one, else by group, day and action."""
    known = row.id or "|".join((row.group, row.day.isoformat() if row.day else "", row.action))
    known = f"{sheet.week[0].isoformat()}|{known}"
    seen[known] += 1
    digest = hashlib.sha256(f"{known}|{seen[known]}".encode("utf-8", "replace")).hexdigest()
    return f"{digest[:32]}@weekly-plan"


def _line(text: str) -> str:
    return " ".join(writable(text).split())
