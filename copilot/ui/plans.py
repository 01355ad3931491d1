"""A weekly plan as its page shows it: its days, its slots, and what changes when one is moved."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from copilot import Draft
from copilot.exports.sheet import STATUSES as SHEET_STATUSES
from copilot.records import Part
from copilot.tasks.weekly_plan.sheet import plan_sheet
from copilot.ui.messages import message
from copilot.ui.structures import Row, rows, words

KINDS = ("service", "content", "interaction", "promotion", "ritual", "preparation", "review")

STATUSES = dict(zip(SHEET_STATUSES, ("waiting", "doing", "done", "dropped"), strict=True))  # with their locale keys


@dataclass(frozen=True)
class File:
    """A download: its name, kind, and how its content is made."""

    name: str
    mime: str
    data: Callable[[], str | bytes]


def week(draft: Draft) -> list[date]:
    """The days of the plan, in order: those of its week, and those on which a slot stands."""
    days = {day for slot in rows(draft.structure, "slots") if (day := day_of(slot))}
    ends = [day for text in draft.structure.get("week") or () if (day := _day(str(text)))]
    if len(ends) == 2:
        days |= {date.fromordinal(number) for number in range(ends[0].toordinal(), ends[1].toordinal() + 1)}
    return sorted(days)


def slots(draft: Draft, *, group: str = "", owner: str = "") -> list[Row]:
    """The slots in the order of the week, those without a place last; only of one group or owner if named."""
    found = [
        slot
        for slot in rows(draft.structure, "slots")
        if (not group or words(slot, "group") == group) and (not owner or words(slot, "owner") == owner)
    ]
    return sorted(found, key=lambda slot: (day_of(slot) or date.max, clock_of(slot) or "99", words(slot, "group")))


def names(draft: Draft, key: str) -> list[str]:
    """Every value that slots have under a key (`group`, `owner`), in the order of the plan."""
    return list(dict.fromkeys(value for slot in rows(draft.structure, "slots") if (value := words(slot, key))))


def slot(draft: Draft, name: str) -> Row | None:
    """The slot of that id, or None."""
    return next((one for one in rows(draft.structure, "slots") if one.get("id") == name), None)


def day_of(found: Row) -> date | None:
    """The day of a slot, or None while it has no place."""
    return _day(words(found, "day"))


def clock_of(found: Row) -> str:
    """The time of a slot as HH:MM, or ""."""
    at = time_of(found)
    return f"{at:%H:%M}" if at else ""


def time_of(found: Row) -> time | None:
    """The time of a slot, or None while it has none."""
    try:
        return time.fromisoformat(words(found, "start"))
    except ValueError:
        return None


def part_of(draft: Draft, found: Row) -> Part | None:
    """The message of a slot, or None: the team's own work has none. Groups that get the same words share one."""
    same = [one for one in rows(draft.structure, "slots") if _shared(one) == _shared(found)]
    parts = (message(draft, words(one, "id")) for one in (found, *same))
    return next((part for part in parts if part), None) if words(found, "text") else None


def _shared(found: Row) -> tuple[str, str]:
    return words(found, "action"), words(found, "text")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def kind_of(found: Row) -> str:
    """The slot's kind, one of `KINDS` (an unknown one counts as content)."""
    kind = words(found, "kind")
    return kind if kind in KINDS else "content"


def status_of(found: Row) -> str:
    """How far a slot is, one of `STATUSES`."""
    status = words(found, "status")
    return status if status in STATUSES else next(iter(STATUSES))


def changes(edited: Mapping[int, Mapping[str, Any]], shown: Iterable[Row]) -> dict[str, dict[str, str]]:
    """What a table of these slots was changed to, by slot: texts, ISO days and HH:MM starts."""
    ids = [words(one, "id") for one in shown]
    return {ids[index]: {key: _plain(key, value) for key, value in row.items()} for index, row in edited.items() if row}


def _plain(key: str, value: Any) -> str:
    text = str(value or "").strip()
    return text[:5] if key == "start" else text[:10] if key == "day" else text


def exports(draft: Draft, zone: str) -> dict[str, File]:
    """The plan as files, by kind: each is made when it is asked for. `zone` is the calendar's time zone."""
    from copilot.exports import to_csv, to_ics, to_markdown, to_text, to_xlsx

    sheet = plan_sheet(draft)
    name = f"周计划-{sheet.week[0]:%m%d}-{sheet.week[1]:%m%d}"
    excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {
        "xlsx": File(f"{name}.xlsx", excel, lambda: to_xlsx(sheet)),
        "csv": File(f"{name}.csv", "text/csv", lambda: to_csv(sheet)),
        "ics": File(f"{name}.ics", "text/calendar", lambda: to_ics(sheet, zone)),
        "markdown": File(f"{name}.md", "text/markdown", lambda: to_markdown(sheet)),
        "by_day": File(f"{name}-按天.txt", "text/plain", lambda: to_text(sheet, "day")),
        "by_owner": File(f"{name}-按人.txt", "text/plain", lambda: to_text(sheet, "owner")),
    }
