"""What is known for a plan, as statements: what the team may read, and what the groups may be told."""

import re
from collections.abc import Iterator
from datetime import date

from copilot.chat.signals import suspicious
from copilot.facts.brief import Brief, Statement, sentences
from copilot.records import Origin
from copilot.tasks.weekly_plan.plan import WeeklyPlan
from copilot.tasks.weekly_plan.rendering import shared_lines
from copilot.tasks.weekly_plan.situation import Situation
from copilot.tasks.weekly_plan.slot_ledger import row_of, statement
from copilot.tasks.weekly_plan.week import say_day


def told_team(brief: Brief, plan: WeeklyPlan, situation: Situation) -> Iterator[Statement]:
    """What the team may read: the brief, what code has settled, and bare counts with a word to count by (未答 6: 6 个)."""
    yield from _said(brief)
    yield from _settled(plan)
    for figure in situation.figures:
        if figure.value.strip().isdigit():
            yield statement(f"{figure.name} {figure.value.strip()} 个", figure.origin)


def _said(brief: Brief) -> Iterator[Statement]:
    """Every sentence of the brief but what tries to give orders: the team may read what its own boss wrote."""
    for field in brief.fields:
        key = re.split(r"[.\[]", field.path)[-1] if not field.path.endswith("]") else ""
        label = "" if key.isascii() else key
        for number, line in enumerate(field.text.split("\n")):
            for sentence in sentences(line):
                if not suspicious(sentence):
                    origin = Origin(field=field.path or "text", line=field.line + number, quote=sentence)
                    yield statement(sentence, origin, label)


def _settled(plan: WeeklyPlan) -> Iterator[Statement]:
    """The plan's own computed lines: they may be told because code has worked them out."""
    lines = [
        *plan.notes,
        *plan.diagnosis,
        *plan.staffing,
        *plan.open_points,
        *plan.unplaced,
        *plan.focus,
        plan.objective,
        *shared_lines(plan),
    ]
    lines += [f"{one.reason}。{one.instead}" for one in plan.refused] + list(plan.closing.values())
    lines += [f"{choice.topic}。{choice.advice}" for choice in plan.choices]
    lines += [side.view for choice in plan.choices for side in choice.sides]
    lines += [text for slot in plan.slots for text in (slot.action, slot.material, slot.form, slot.purpose, slot.check)]
    lines += [*plan.review.done, *plan.review.not_done, *plan.review.learned, *plan.review.next_week]
    lines += [f"{one.name} {one.now} {one.count}" for one in plan.measures]
    yield from _dates(plan)
    for line in dict.fromkeys(lines):
        if line:
            yield statement(line)


def _dates(plan: WeeklyPlan) -> Iterator[Statement]:
    """The week and each slot's day and hour, as facts of the schedule."""
    first, last = plan.week
    rows = [f"{first.year}年{say_day(first)} 至 {say_day(last)}"]
    rows += [row_of(slot) for slot in plan.slots if slot.day]
    rows += [f"{first.year}年{say_day(day)}" for day in _each(plan)]
    for row in dict.fromkeys(rows):
        yield statement(row)


def _each(plan: WeeklyPlan) -> Iterator[date]:
    for day in plan.days:
        yield date.fromisoformat(day)


def told_groups(situation: Situation, plan: WeeklyPlan) -> Iterator[Statement]:
    """What the groups may be told: their own names, what is fixed, the material at hand, what members said, the schedule."""
    yield from _dates(plan)
    for group in situation.groups:
        yield statement(
            "，".join(part for part in (group.name, group.group_type, group.audience) if part), group.origin
        )
    for event in situation.fixed:
        yield statement(event.text, event.origin)
    for said in (*situation.assets, *situation.voices):
        yield statement(said.text, said.origin)
    for person in situation.people:
        yield statement(person.name, person.origin)
    for slot in plan.slots:
        for words in (slot.action, *slot.answers):
            yield statement(words, slot.origin)
        if slot.message:
            used = [note for note in situation.notes if note.text in slot.message]
            for note in used:
                yield statement(note.text, note.origin)
