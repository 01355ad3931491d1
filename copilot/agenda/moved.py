"""Where the slots of a kept plan stand by its latest wording: the record keeps them as produced, the sheet as moved since."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from copilot.records import Draft
from copilot.tasks.weekly_plan.week import say_day

_DAY = re.compile(r"^▪ (?P<day>\d{1,2}月\d{1,2}日（周.）)")
_SLOT = re.compile(
    r"^(?:(?P<start>\d{2}:\d{2})|时间由本人定) · (?P<what>.+) · 负责人：(?P<owner>.+) · (?:发群里|团队内部)(?: · 同前)?$"
)
_Place = tuple[str, str, str]  # ISO day, HH:MM or "", owner


def moved_slots(draft: Draft, text: str) -> dict[str, dict[str, str]]:
    """What changed of each slot (`day`, `start`, `owner`) between the draft and its wording `text`, by slot id.

    A slot whose line is not found again, because it was reworded, stays where it was.
    """
    rows = [row for row in draft.structure.get("slots", ()) if row.get("day")]
    lines: dict[str, list[_Place]] = {}
    for what, place in _lines(draft, text):
        lines.setdefault(what, []).append(place)
    changes = {}
    left = []
    for row in rows:  # those that stayed take their lines first
        known = next((lines[name] for name in _told(row) if name in lines), [])
        if _place(row) in known:
            known.remove(_place(row))
        elif known:
            left.append((row, known))
    for row, known in left:
        if known:
            changes[row["id"]] = dict(zip(("day", "start", "owner"), known.pop(0), strict=True))
    return changes


def _lines(draft: Draft, text: str) -> Iterator[tuple[str, _Place]]:
    days = {say_day(day): day.isoformat() for day in _days(draft)}
    today = ""
    for line in text.splitlines():
        if found := _DAY.match(line):
            today = days.get(found["day"], "")
        elif today and (found := _SLOT.match(line)):
            yield found["what"], (today, found["start"] or "", _owner(found["owner"]))


def _days(draft: Draft) -> Iterator[date]:
    first, last = (date.fromisoformat(str(day)) for day in draft.structure["week"])
    yield from (first + timedelta(days=ahead) for ahead in range(-7, (last - first).days + 8))


def _told(row: Mapping[str, Any]) -> tuple[str, str]:
    """How the sheet names a slot, in a plan of several groups and of one."""
    what = f"{row.get('action') or ''}（{row['form']}）" if row.get("form") else str(row.get("action") or "")
    return f"{row.get('group') or '全部群'} · {what}", what


def _place(row: Mapping[str, Any]) -> _Place:
    return str(row["day"]), str(row.get("start") or ""), str(row.get("owner") or "")


def _owner(told: str) -> str:
    return "" if told.startswith("【待补充") else told
