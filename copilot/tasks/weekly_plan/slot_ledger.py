"""What one slot's message may say: its days and hours are its own, counted from the moment it goes out."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from copilot.facts.brief import Brief, Statement
from copilot.facts.ledger import Ledger, build_ledger
from copilot.facts.moments import parts
from copilot.facts.values import Value
from copilot.records import Origin
from copilot.tasks.weekly_plan.catalogue import found, judgement
from copilot.tasks.weekly_plan.plan import Slot, WeeklyPlan
from copilot.tasks.weekly_plan.week import say_clock, say_day

SCHEDULED = "排期"
NEAR = timedelta(days=2)  # how far 前天 and 后天 reach
_LISTS = re.compile(r"[^\n。！？；]{0,20}[：:][ \t]*\n(?P<lines>(?:[^\n]+(?:\n|$))+)")


def statement(text: str, origin: Origin | None = None, label: str = "") -> Statement:
    """A statement that stands in the schedule, or where the brief has it."""
    origin = origin or Origin(field=SCHEDULED, line=1, quote=text)
    return Statement(id="", role="fact", label=label, text=text, origin=origin)


def ledger_over(brief: Brief, statements: Iterator[Statement]) -> Ledger:
    """A ledger over these statements; ids are given here."""
    numbered = tuple(one.model_copy(update={"id": f"s{number}"}) for number, one in enumerate(statements, 1))
    said = brief.model_copy(update={"statements": numbered})
    return build_ledger(said, [(one, one.text) for one in numbered])


def row_of(slot: Slot) -> str:
    """A slot's day, hour and action, as the schedule says them."""
    if slot.day is None:
        return slot.action
    clock = f" {say_clock(slot.start)}" if slot.start is not None else ""
    return f"{slot.day.year}年{say_day(slot.day)}{clock} {slot.action}"


class SlotLedger(Ledger):
    """A slot's own moments, and of everything else what all messages may tell.

    `near` are the moments of the group's messages around it, which only 今晚, 昨天 or 明天 may point to; `days` all days
    on which the group gets one.
    """

    near: tuple[frozenset[str], ...] = ()
    days: tuple[date, ...] = ()

    def backed_by(self, value: Value) -> tuple[str, ...] | None:
        """The facts behind a value; a day that is only pointed to needs just to be there."""
        backed = super().backed_by(value)
        moment = value.moment
        if backed is not None or moment is None or moment.time is not None:
            return backed
        if found(judgement().held.weekend, value.text) and moment.date:
            last = moment.end_date or moment.date
            return () if any(moment.date <= day <= last for day in self.days) else None
        needed = parts(moment)
        return () if points_near(value) and any(needed <= offered for offered in self.near) else None

    def read(self, text: str) -> tuple[Value, ...]:
        """The values of a text but for its first time (第一次) and the count of its own lines (三件事：)."""
        return tuple(value for value in super().read(text) if not _is_plain_count(value, text))


def points_near(value: Value) -> bool:
    """Whether a moment is told from the day it is said on: 今晚, 昨天, 后天."""
    return bool(found(judgement().held.near, value.text))


def _is_plain_count(value: Value, text: str) -> bool:
    if value.kind != "quantity" or not value.number.isdigit():
        return False
    if value.canonical.startswith("第"):
        return value.number == "1"
    listed = _LISTS.match(text, value.end)
    lines = listed["lines"].strip("\n").count("\n") + 1 if listed else 0
    return int(value.number) > 1 and lines - 1 <= int(value.number) <= lines  # a last line may close the message


def slot_ledgers(plan: WeeklyPlan, brief: Brief, public: Ledger) -> dict[str, SlotLedger]:
    """The ledger of each slot with a message and a day, by slot id."""
    told = [slot for slot in plan.slots if slot.message and slot.day]
    moments = {slot.id: ledger_over(brief, iter([statement(row_of(slot))])).moments for slot in told}
    ledgers = {}
    for slot in told:
        if slot.day is None:
            continue
        mates = [other for other in told if other.group == slot.group]
        clock = time(*divmod(slot.start, 60)) if slot.start is not None else time(12)
        now = datetime.combine(slot.day, clock, tzinfo=brief.now.tzinfo)
        own = ledger_over(brief.model_copy(update={"now": now}), _own(slot))
        around = [one for one in mates if one.day and abs(one.day - slot.day) <= NEAR]
        ledgers[slot.id] = SlotLedger(
            facts=own.facts,
            backing={**public.backing, **own.backing},
            moments=own.moments,
            values=own.values,
            said=f"{public.said}\n{own.said}",
            people=tuple(dict.fromkeys((*public.people, *own.people))),
            brief=own.brief,
            year=own.year,
            near=tuple(offered for one in around for _, offered in moments[one.id]),
            days=tuple(one.day for one in mates if one.day),
        )
    return ledgers


def _own(slot: Slot) -> Iterator[Statement]:
    """What stands in the slot itself: its row, whom it answers, and the program's own words for it."""
    yield statement(row_of(slot))
    if slot.owner:
        yield statement(slot.owner)
    for words in (*slot.answers, *slot.message.split("\n")):
        if words:
            yield statement(words, slot.origin)
