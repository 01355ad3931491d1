"""A finished plan's draft after the operator has changed some of its slots: the schedule, the sheet and the titles follow.

The plan is taken from the draft itself, never planned again: what nobody touched stays where it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from copilot.facts.brief import read_brief
from copilot.records import Draft, Finding, Part, Request, SentenceTrace, Span
from copilot.tasks.base import assemble
from copilot.tasks.weekly_plan.plan import PlanWords, Refusal, Slot, SlotText, WeeklyPlan
from copilot.tasks.weekly_plan.reading.sorting import read_situation
from copilot.tasks.weekly_plan.rendering import message_parts, plan_text
from copilot.tasks.weekly_plan.revising import revise, warnings
from copilot.tasks.weekly_plan.situation import Situation
from copilot.tasks.weekly_plan.week import minute_of, say_clock, say_day

SHEET = "plan"  # the name of the part for the team
FREE = "这天空出来了"

Changes = Mapping[str, Mapping[str, str]]


def revise_draft(draft: Draft, changes: Changes, zone: tzinfo) -> Draft:
    """The draft with slots changed, by slot id: ISO `day`, HH:MM `start`, `owner`, `action`, `form`, `status`.

    Each slot of `structure` that was ever changed has `changed`, and in `warnings` what is against its new place. A
    sheet that the operator has edited stays as it is.
    """
    situation = _situation(draft.request, draft.created, zone)
    before = plan_of(draft)
    rows = draft.structure.get("slots", ())
    after = before.model_copy(update={"slots": revise(before.slots, changes)})
    after = after.model_copy(update={"days": _days(before, after)})
    changed = {*changes, *(row["id"] for row in rows if row.get("changed"))}
    against = warnings(after.slots, changed, situation)
    by_id = {slot.id: slot for slot in after.slots}
    slots = [
        {
            **_with_place(row, by_id[row["id"]]),
            **({"status": status} if (status := changes.get(row["id"], {}).get("status")) else {}),
            "changed": row["id"] in changed,
            "warnings": list(against.get(row["id"], ())),
        }
        for row in rows
    ]
    structure = {**draft.structure, "slots": slots, "days": after.days}
    text, parts = assemble(_parts(draft, before, after, len(situation.groups)))
    moved = draft.model_copy(update={"structure": structure, "text": text, "parts": parts})
    return moved.model_copy(update={"findings": _findings(draft, moved), "trace": _traces(draft, moved)})


def _situation(request: Request, created: datetime, zone: tzinfo) -> Situation:
    now = (request.now or created).astimezone(zone)
    known = {"groups": request.groups} if request.groups else None
    return read_situation(
        read_brief(request.brief, now=now, now_given=request.now is not None, suffix=request.suffix, known=known)
    )


def plan_of(draft: Draft) -> WeeklyPlan:
    """The plan that a draft's structure tells; each slot's message is the one that stands in the draft now."""
    told = draft.structure
    data: dict[str, Any] = {name: told[name] for name in WeeklyPlan.model_fields if name in told}
    texts = {part.name: part.text for part in draft.parts}
    data["slots"] = [_slot(row, texts) for row in told.get("slots", ())]
    data["refused"] = [{name: row[name] for name in Refusal.model_fields if name in row} for row in told["refused"]]
    return WeeklyPlan.model_validate(data)


def _slot(row: Mapping[str, Any], texts: Mapping[str, str]) -> Slot:
    data = {name: row[name] for name in Slot.model_fields if name in row}
    start = row.get("start")
    message = texts.get(row["id"]) or row.get("text", "")
    return Slot.model_validate({**data, "start": minute_of(start) if start else None, "message": message})


def _with_place(row: Mapping[str, Any], slot: Slot) -> dict[str, Any]:
    brief = dict(row.get("brief") or {})
    if "时间" in brief and slot.day:
        brief["时间"] = f"{say_day(slot.day)} {say_clock(slot.start)}" if slot.start is not None else say_day(slot.day)
    return {
        **row,
        "brief": brief,
        "day": slot.day.isoformat() if slot.day else None,
        "weekday": say_day(slot.day)[-3:-1] if slot.day else "",
        "start": say_clock(slot.start) if slot.start is not None else None,
        "owner": slot.owner,
        "action": slot.action,
        "form": slot.form,
    }


def _days(before: WeeklyPlan, after: WeeklyPlan) -> dict[str, str]:
    """The words on each day: a day that got its first slot or lost its last one is not told as before."""
    had, has = ({slot.day.isoformat() for slot in plan.slots if slot.day} for plan in (before, after))
    told = {day: "" if (day in has) > (day in had) else words for day, words in before.days.items()}
    return {day: FREE if (day in had) > (day in has) and not words else words for day, words in told.items()}


def _parts(draft: Draft, before: WeeklyPlan, after: WeeklyPlan, groups: int) -> tuple[Part, ...]:
    sheet = next((part for part in draft.parts if part.name == SHEET), None)
    words = _words(after)
    titles = {part.name: part.title for part in message_parts(after, words, groups)}
    parts = [part.model_copy(update={"title": titles.get(part.name, part.title)}) for part in draft.parts]
    if sheet is None:
        return tuple(parts)
    quotes = _quotes(draft.structure, sheet.text)
    old = plan_text(before, _words(before), groups, quotes)
    if not sheet.text.startswith(old):
        return tuple(parts)
    new = plan_text(after, words, groups, quotes) + sheet.text[len(old) :]
    return tuple(part.model_copy(update={"text": new}) if part.name == SHEET else part for part in parts)


def _words(plan: WeeklyPlan) -> PlanWords:
    messages = tuple(SlotText(id=slot.id, text=slot.message) for slot in plan.slots if slot.message)
    return PlanWords(focus=plan.focus, messages=messages)


def _quotes(structure: Mapping[str, Any], sheet: str) -> Any:
    """The handbook's words that stand in the sheet, by rule."""
    rows = [*structure.get("refused", ()), *(side for one in structure.get("choices", ()) for side in one["sides"])]
    said = {row.get("rule"): quote for row in rows if (quote := row.get("quote")) and quote in sheet}
    return lambda rule: said.get(rule, "")


def _findings(before: Draft, after: Draft) -> tuple[Finding, ...]:
    """The findings in their new places; one whose words are gone is gone."""
    found = []
    for finding in before.findings:
        span = _placed(finding.span, before, after) if finding.span else None
        if span or not finding.span:
            found.append(finding.model_copy(update={"span": span}))
    return tuple(found)


def _traces(before: Draft, after: Draft) -> tuple[SentenceTrace, ...]:
    spans = ((row, Span(start=row.start, end=row.end, text=before.text[row.start : row.end])) for row in before.trace)
    placed = ((row, _placed(span, before, after)) for row, span in spans)
    return tuple(row.model_copy(update={"start": at.start, "end": at.end}) for row, at in placed if at)


def _placed(span: Span, before: Draft, after: Draft) -> Span | None:
    """Where a stretch of one part stands in the same part of the other draft."""
    part = _around(span, before.parts)
    there = next((one for one in after.parts if part and one.name == part.name), None)
    if part is None or there is None:
        return None
    offset = span.start - part.start
    if there.text[offset : offset + len(span.text)] != span.text:
        offset = there.text.find(span.text)
    start = there.start + offset
    return Span(start=start, end=start + len(span.text), text=span.text) if offset >= 0 else None


def _around(span: Span, parts: Sequence[Part] | Iterable[Part]) -> Part | None:
    return next((part for part in parts if part.start <= span.start < part.start + len(part.text)), None)
