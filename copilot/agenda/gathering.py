"""The agenda: what is kept, read for one moment."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from copilot.agenda.happened import Watched, compare
from copilot.agenda.plans import slots_in_force
from copilot.agenda.reading import Reading, posts_of, reading_of
from copilot.agenda.records import Agenda, Happened, LastDigest, Matter, PlannedSlot, Waiting, same_group
from copilot.agenda.standing import by_gravity, by_need, by_time, open_matters
from copilot.errors import StorageError
from copilot.store import DraftSummary, Store

DIGESTS = 300  # looked at in all
EACH = 7  # digests of one group
DIGESTED_WITHIN = timedelta(days=60)
MATTERS_LAST = timedelta(days=14)
"""What a digest of so long before the newest one of its group left open is no more told."""
LOOKED_BACK = timedelta(days=7)
"""Planned slots so far back are compared with what was posted."""
DRAFTED_WITHIN = timedelta(days=3)
WAITING = ("announcement", "crisis-reply")
MOST_WAITING = 12
_PLACEHOLDER = re.compile(r"【待(?:补充|核实)[:：][^】]*】")


def agenda(store: Store, now: datetime | None = None, group: str | None = None) -> Agenda:
    """What needs the operator at `now` (by default this moment), of all groups or of `group`. Raises `StorageError`."""
    zone = store.settings.zone
    now = (now.replace(tzinfo=zone) if now.tzinfo is None else now.astimezone(zone)) if now else datetime.now(zone)
    readings, unreadable = _readings(store, now)
    slots, lost = slots_in_force(store, now.date() - LOOKED_BACK, _week_end(now.date()))
    waiting = _waiting(store, now)
    names = [saved.name for saved in store.groups()]
    names += [*readings, *(slot.group for slot in slots), *(one.group for one in waiting)]
    names = _distinct(names)
    if group:
        readings = {name: found for name, found in readings.items() if same_group(name, group)}
        slots = tuple(slot for slot in slots if same_group(slot.group, group))
        waiting = [one for one in waiting if same_group(one.group, group)]
    matters = [one for found in readings.values() for one in open_matters(found, now)]
    return Agenda(
        now=now,
        group=group or "",
        groups=tuple(names),
        digests=tuple(_last(name, found[-1]) for name, found in readings.items()),
        risks=by_gravity(one for one in matters if one.kind in ("risk", "complaint", "rumour")),
        questions=by_need(_of_kind(matters, "question")),
        promises=by_time(_of_kind(matters, "promise")),
        today=tuple(slot for slot in slots if slot.day == now.date()),
        week=tuple(slot for slot in slots if slot.day > now.date()),
        happened=_happened(slots, readings, store, now),
        waiting=tuple(waiting),
        unreadable=(*unreadable, *lost),
    )


def happened_in(store: Store, digest_id: str) -> tuple[Happened, ...]:
    """The planned slots of the days that a digest covers, as its chat shows them, in the order of time.

    Empty where its group has no kept plan of these days. Raises `StorageError`, `NotKeptError`.
    """
    reading = reading_of(store, digest_id)
    if not reading.group or reading.first is None or reading.last is None:
        return ()
    slots, _ = slots_in_force(store, reading.first.date(), reading.last.date())
    mine = [slot for slot in slots if same_group(slot.group, reading.group) and slot.text]
    return compare(mine, [Watched(reading, posts_of(store, digest_id))], reading.end) if mine else ()


def _readings(store: Store, now: datetime) -> tuple[dict[str, list[Reading]], list[str]]:
    """The digests of each group in the order of time, and those that can't be read. One without a group stands alone."""
    rows: dict[str, list[DraftSummary]] = {}
    for row in store.drafts(kind="digest", since=now - DIGESTED_WITHIN, limit=DIGESTS):
        name = next((known for known in rows if row.group and same_group(known, row.group)), row.group)
        rows.setdefault(name, []).append(row)
    found: dict[str, list[Reading]] = {}
    unreadable = []
    for name, kept in rows.items():
        for row in kept[: EACH if name else 1]:
            try:
                found.setdefault(name, []).append(reading_of(store, row.id))
            except StorageError:
                unreadable.append(row.id)
    for name, readings in found.items():
        readings.sort(key=lambda one: (one.end, one.made))
        found[name] = [one for one in readings if readings[-1].end - one.end <= MATTERS_LAST]
    return found, unreadable


def _happened(
    slots: Sequence[PlannedSlot], readings: dict[str, list[Reading]], store: Store, now: datetime
) -> tuple[Happened, ...]:
    found: list[Happened] = []
    for name in _distinct(slot.group for slot in slots):
        mine = [slot for slot in slots if same_group(slot.group, name) and slot.day <= now.date()]
        days = {slot.day for slot in mine if slot.text}
        near = [
            reading
            for group, known in readings.items()
            if same_group(group, name)
            for reading in known
            if days and _touches(reading, min(days), max(days))
        ]
        found += compare(mine, [Watched(one, posts_of(store, one.id)) for one in near], now)
    return tuple(sorted(found, key=lambda one: (one.slot.day, str(one.slot.start or "")), reverse=True))


def _touches(reading: Reading, first: date, last: date) -> bool:
    """Whether a digest tells of these days or the one after them; one without times might."""
    if reading.first is None or reading.last is None:
        return first <= reading.made.date() <= last
    return reading.first.date() <= last + timedelta(days=1) and reading.last.date() >= first


def _waiting(store: Store, now: datetime) -> list[Waiting]:
    """Drafts made lately that have not gone out; of those that begin alike the newest."""
    found: dict[tuple[str, str, str], Waiting] = {}
    for kind in WAITING:
        for row in store.drafts(kind=kind, since=now - DRAFTED_WITHIN, sent=False, limit=50):
            text = store.version(row.id).text
            gaps = len(set(_PLACEHOLDER.findall(text)))
            one = Waiting(id=row.id, kind=kind, group=row.group, title=row.title, created=row.created, gaps=gaps)
            found.setdefault((kind, row.group, row.title), one)
    return sorted(found.values(), key=lambda one: one.created, reverse=True)[:MOST_WAITING]


def _of_kind(matters: Iterable[Matter], kind: str) -> Iterable[Matter]:
    return (one for one in matters if one.kind == kind)


def _last(group: str, reading: Reading) -> LastDigest:
    return LastDigest(group=group, digest=reading.id, last=reading.last, made=reading.made)


def _distinct(names: Iterable[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        if name and not any(same_group(name, known) for known in found):
            found.append(name)
    return found


def _week_end(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())
