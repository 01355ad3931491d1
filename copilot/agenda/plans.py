"""The slots of the weekly plans in force: for each group and day, those of the plan that was made last."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from copilot.agenda.moved import moved_slots
from copilot.agenda.records import PlannedSlot
from copilot.errors import StorageError
from copilot.records import Draft
from copilot.store import Store, StoredDraft
from copilot.tasks.weekly_plan.redrafting import revise_draft

LOOKED_AT = 40  # plans
MADE_WITHIN = timedelta(days=45)


def plan_in_force(stored: StoredDraft, store: Store) -> Draft:
    """A kept plan with its slots where the operator has moved them since."""
    draft = stored.draft
    changes = moved_slots(draft, stored.text) if len(stored.versions) > 1 else {}
    return revise_draft(draft, changes, store.settings.zone) if changes else draft


def slots_in_force(store: Store, first: date, last: date) -> tuple[tuple[PlannedSlot, ...], tuple[str, ...]]:
    """The slots from `first` to `last`, in their order, and the ids of plans that can't be read. Raises `StorageError`."""
    since = datetime.combine(first, time(), store.settings.zone) - MADE_WITHIN
    taken: dict[tuple[str, date], str] = {}
    found: list[PlannedSlot] = []
    unreadable = []
    for row in store.drafts(kind="weekly-plan", since=since, limit=LOOKED_AT):
        try:
            slots = _slots(store, row.id, row.versions, row.sendings)
        except StorageError:
            unreadable.append(row.id)
            continue
        for day in _days(slots, first, last):
            names = {slot.group for slot in slots}
            mine = {name for name in names if taken.setdefault((name, day), row.id) == row.id}
            found += [slot for slot in slots if slot.day == day and slot.group in mine]
    found.sort(key=lambda slot: (slot.day, slot.start or time(), slot.group))
    return tuple(found), tuple(unreadable)


def _days(slots: tuple[PlannedSlot, ...], first: date, last: date) -> Iterator[date]:
    """The days of a plan's week that are looked at; one on which it has nothing is planned as well: as empty."""
    if slots:
        start, end = (edge(slot.day for slot in slots) for edge in (min, max))
        monday, sunday = start - timedelta(days=start.weekday()), end + timedelta(days=6 - end.weekday())
        day = max(first, monday)
        while day <= min(last, sunday):
            yield day
            day += timedelta(days=1)


@lru_cache(maxsize=64)
def _slots(store: Store, draft_id: str, versions: int, sendings: int) -> tuple[PlannedSlot, ...]:
    """The slots of a plan that have a day. It is read anew once it has been edited (`versions`) or copied (`sendings`)."""
    stored = store.draft(draft_id)
    rows = [row for row in plan_in_force(stored, store).structure.get("slots", ()) if row.get("day")]
    names = {row["group"] for row in rows if row.get("group")}
    usual = names.pop() if len(names) == 1 else "" if names else stored.group
    return tuple(_slot(row, stored, usual) for row in rows)


def _slot(row: Mapping[str, Any], stored: StoredDraft, usual: str) -> PlannedSlot:
    day, start, text = date.fromisoformat(str(row["day"])), row.get("start"), str(row.get("text") or "")
    part = _part(row, stored)
    copied = [one for one in stored.sendings if part and one.part == part]
    return PlannedSlot(
        plan=stored.draft.id,
        slot=str(row["id"]),
        group=str(row.get("group") or usual),
        day=day,
        start=time.fromisoformat(str(start)) if start else None,
        owner=str(row.get("owner") or ""),
        action=str(row.get("action") or ""),
        text=text,
        brief={str(key): str(value) for key, value in (row.get("brief") or {}).items()},
        wordings=tuple(dict.fromkeys(filter(None, (text, *(one.text for one in copied))))),
        copied=next((one.at for one in reversed(copied) if one.at.date() == day), None),
    )


def _part(row: Mapping[str, Any], stored: StoredDraft) -> str:
    """The message of a slot: its own, or the one it shares with slots of the same words."""
    if not row.get("text"):
        return ""
    names = {part.name for part in stored.draft.parts}
    same = (
        str(one["id"])
        for one in (row, *stored.draft.structure.get("slots", ()))
        if (one.get("action"), one.get("text")) == (row.get("action"), row.get("text"))
    )
    return next((name for name in same if name in names), "")
