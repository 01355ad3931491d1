"""What the operator changes in a finished plan: slots moved, handed over or reworded, and what a change runs against."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from copilot.tasks.weekly_plan.plan import Slot
from copilot.tasks.weekly_plan.scheduling.openings import quiet_spans, working_spans
from copilot.tasks.weekly_plan.situation import Group, Situation
from copilot.tasks.weekly_plan.week import minute_of, say_clock, say_day, week_days

SPACING = 60  # minutes between two messages to one group
CHANGEABLE = ("day", "start", "owner", "action", "form")

_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:：](\d{2})(?!\d)")
_DATE = re.compile(r"(\d{1,2})月(\d{1,2})[日号]")


def revise(slots: Sequence[Slot], changes: Mapping[str, Mapping[str, str]]) -> tuple[Slot, ...]:
    """The slots with these changes by slot id: ISO `day`, HH:MM `start` ("" takes the slot out of its place), texts."""
    return tuple(_changed(slot, changes[slot.id]) if slot.id in changes else slot for slot in slots)


def _changed(slot: Slot, change: Mapping[str, str]) -> Slot:
    update: dict[str, object] = {key: value for key, value in change.items() if key in CHANGEABLE}
    if "day" in update:
        update["day"] = date.fromisoformat(change["day"]) if change["day"] else None
    if "start" in update:
        update["start"] = minute_of(change["start"]) if change["start"] else None
    return slot.model_copy(update=update)


def warnings(slots: Sequence[Slot], changed: Iterable[str], situation: Situation) -> dict[str, tuple[str, ...]]:
    """What is against the place of each slot that was changed, in words; a slot with nothing against it is not named."""
    ids = set(changed)
    told = {slot.id: tuple(_against(slot, slots, situation)) for slot in slots if slot.id in ids}
    return {name: found for name, found in told.items() if found}


def _against(slot: Slot, slots: Sequence[Slot], situation: Situation) -> Iterator[str]:
    if slot.day is None:
        return
    if slot.day not in week_days(situation):
        yield f"{say_day(slot.day)}不在这一周里"
    if slot.start is None:
        return
    yield from _of_owner(slot, slot.day, slot.start, situation)
    for other in slots:
        if other.id != slot.id and other.day == slot.day and other.start is not None:
            yield from _beside(slot, slot.start, other, other.start)
    if slot.message:
        groups = [group for group in situation.groups if not slot.group or group.name == slot.group]
        for group in groups:
            yield from _quiet(slot.day, slot.start, group)
        yield from _said(slot, slot.day, slot.start)


def _of_owner(slot: Slot, day: date, start: int, situation: Situation) -> Iterator[str]:
    """The owner must be known, and there from the first minute to the last; unknown hours are not held against anybody."""
    if not slot.owner:
        return
    owner = next((one for one in situation.people if one.name == slot.owner), None)
    if owner is None:
        yield f"人手里没有叫{slot.owner}的人"
    elif owner.hours.windows:
        end = start + slot.minutes
        if not any(first <= start and end <= last for first, last in working_spans(owner.hours, day)):
            words = f"（“{owner.hours.words}”）" if owner.hours.words else ""
            yield f"{say_day(day)} {say_clock(start)} 不在{slot.owner}的时间里{words}"


def _beside(slot: Slot, start: int, other: Slot, begins: int) -> Iterator[str]:
    """Nobody does two things at once, and a group gets a rest between two messages."""
    if slot.owner and slot.owner == other.owner and start < begins + other.minutes and begins < start + slot.minutes:
        yield f"{slot.owner}同一时间还有“{other.action}”"
    elif slot.message and other.message and slot.group == other.group and abs(start - begins) < SPACING:
        yield f"和“{other.action}”只隔 {abs(start - begins)} 分钟，群里会挤"


def _quiet(day: date, start: int, group: Group) -> Iterator[str]:
    if any(first <= start < last for first, last in quiet_spans(group.quiet, day)):
        words = "、".join(f"“{quiet.words}”" for quiet in group.quiet if quiet.words)
        yield f"这时不该往群里发消息（{words}）" if words else "这时不该往群里发消息"


def _said(slot: Slot, day: date, start: int) -> Iterator[str]:
    """A message that names another day or hour than the slot's."""
    clocks = {(int(hour), int(minute)) for hour, minute in _CLOCK.findall(slot.message)}
    dates = {(int(month), int(number)) for month, number in _DATE.findall(slot.message)}
    if (clocks and divmod(start, 60) not in clocks) or (dates and (day.month, day.day) not in dates):
        yield "消息里写的还是原来的时间，记得一起改"
