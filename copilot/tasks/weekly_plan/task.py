"""The weekly plan as a job of the one flow: code settles the judgement and the schedule, a writer only words it."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from copilot.chat.signals import suspicious
from copilot.facts.brief import Brief, Statement, sentences
from copilot.facts.ledger import Ledger, build_ledger
from copilot.playbook.citations import first_sentence
from copilot.records import Audience, Draft, Finding, Origin, Part, Span
from copilot.tasks.base import Assignment, BriefJob, Options
from copilot.tasks.weekly_plan.catalogue import judgement, phrases
from copilot.tasks.weekly_plan.composing import compose_words
from copilot.tasks.weekly_plan.plan import PlanWords, Slot, SlotText, WeeklyPlan
from copilot.tasks.weekly_plan.planning import Planned, build_plan
from copilot.tasks.weekly_plan.reading.sorting import read_situation
from copilot.tasks.weekly_plan.redrafting import plan_of
from copilot.tasks.weekly_plan.rendering import TITLES, message_parts, plan_json, plan_text, shared_lines
from copilot.tasks.weekly_plan.situation import Situation
from copilot.tasks.weekly_plan.week import say_clock, say_day

SCHEDULED = "排期"


class PlanAssignment(Assignment):
    """All a writer may know of a plan. `ledger` is what the team may read, `public` what the groups may."""

    situation: Situation
    plan: WeeklyPlan
    public: Ledger

    def ledger_for(self, readers: Audience) -> Ledger:
        """The team reads everything and the handbook's quotes; a group neither figures nor aims nor wishes."""
        if readers != "team":
            return self.public
        quoted = "\n".join(hit.text for hit in self.evidence)
        return self.ledger.model_copy(update={"said": f"{self.ledger.said}\n{quoted}"})

    def objections(self, text: str, readers: Audience) -> tuple[Finding, ...]:
        """What the brief's own bans, and decency, have against a message to the group."""
        if readers == "team":
            return ()
        return tuple(_objections(text, self.situation))


class WeeklyPlanTask(BriefJob):
    """The job `draft_weekly_plan`."""

    name = "weekly-plan"
    structure = PlanWords

    def prepare(self, brief: Brief, options: Options) -> PlanAssignment:
        """Read the situation, judge, choose and place the actions; what code has settled no writer can change."""
        situation = read_situation(brief)
        planned = build_plan(situation, options.own)
        plan = planned.plan
        return PlanAssignment(
            job=self.name,
            kind=self.name,
            brief=brief,
            options=options,
            items=(),
            missing=(*situation.missing, *planned.missing),
            conflicts=situation.conflicts,
            findings=situation.findings,
            ledger=_ledger(brief, (*_said(brief), *_settled(plan))),
            public=_ledger(brief, _public(situation, planned)),
            title=f"{say_day(plan.week[0])}–{say_day(plan.week[1])} 周计划",
            rules=_rules(plan),
            phrases=(*_phrases_of(plan), *TITLES),
            names=tuple(person.name for person in situation.people),
            situation=situation,
            plan=plan,
        )

    def compose(self, assignment: PlanAssignment) -> PlanWords:
        """The offline words."""
        return compose_words(assignment.plan)

    def complete(self, structure: PlanWords, assignment: PlanAssignment) -> PlanWords:
        """One message for each slot that has one: what a writer left out or emptied comes back, what it added goes."""
        written = {message.id: message.text.strip() for message in structure.messages}
        offline = compose_words(assignment.plan)
        return PlanWords(
            focus=tuple(line for line in structure.focus if line.strip())[:3] or offline.focus,
            messages=tuple(
                SlotText(id=message.id, text=_whole(written.get(message.id, ""), message.text))
                for message in offline.messages
            ),
        )

    def parts(self, structure: PlanWords, assignment: PlanAssignment) -> tuple[Part, ...]:
        """The sheet for the team, then the messages in the order they are sent."""
        groups = len(assignment.situation.groups)
        sheet = plan_text(assignment.plan, structure, groups, _quotes(assignment, checked=True))
        conflicts = [f"· {conflict.message}" for conflict in assignment.conflicts]
        asked = [f"· {gap.question}" for gap in assignment.situation.missing if gap.question not in sheet]
        extra = [("材料里互相矛盾的地方", conflicts), ("还要问清楚", asked)]
        for title, lines in extra:
            if lines:
                sheet += "\n\n" + "\n".join([f"【{title}】", *lines])
        plan = Part(name="plan", title="周计划（团队看）", readers="team", text=sheet)
        return (plan, *message_parts(assignment.plan, structure, groups))

    def describe(self, assignment: PlanAssignment, structure: PlanWords) -> dict[str, Any]:
        """The plan as data, with the final texts."""
        return plan_json(assignment.plan, structure, _quotes(assignment, checked=False))

    def resume(self, assignment: PlanAssignment, draft: Draft) -> PlanAssignment:
        """With the draft's own schedule: slots that the operator has moved are where they stand now."""
        brief, plan = assignment.brief, plan_of(draft)
        planned = Planned(plan=plan, missing=assignment.missing)
        return assignment.model_copy(
            update={
                "plan": plan,
                "ledger": _ledger(brief, (*_said(brief), *_settled(plan))),
                "public": _ledger(brief, _public(assignment.situation, planned)),
            }
        )

    def details(self, assignment: PlanAssignment) -> dict[str, Any]:
        """What a model is told: the week, the aims, what never to do, and each slot with its offline text."""
        plan, situation = assignment.plan, assignment.situation
        never = [f"{one.words}：{one.reason}" for one in plan.refused]
        never += [said.text for said in situation.constraints]
        return {
            "week": f"{say_day(plan.week[0])} 至 {say_day(plan.week[1])}",
            "goals": [said.text for said in (*situation.week_goals, *situation.goals)],
            "focus": list(plan.focus),
            "never": never,
            "slots": [
                {
                    "id": slot.id,
                    "when": _when(slot),
                    "group": slot.group,
                    "action": slot.action,
                    "form": slot.form,
                    "purpose": slot.purpose,
                    "answers": list(slot.answers),
                    "text": slot.message,
                }
                for slot in plan.slots
                if slot.message
            ],
        }


def _phrases_of(plan: WeeklyPlan) -> Iterator[str]:
    """The templates' own words that stand in this plan."""
    text = plan.model_dump_json()
    return (phrase for phrase in phrases() if phrase in text)


def _when(slot: Slot) -> str:
    day = say_day(slot.day) if slot.day else ""
    return " ".join(part for part in (day, say_clock(slot.start) if slot.start is not None else "") if part)


def _whole(written: str, offline: str) -> str:
    """A writer's message with the placeholders it dropped; the offline one where nothing was written."""
    if not written:
        return offline
    lost = [mark for mark in re.findall(r"【待补充:[^】]*】", offline) if mark not in written]
    return "\n".join([written, *lost])


def _quotes(assignment: PlanAssignment, *, checked: bool) -> Any:
    """The handbook's words for a rule; in a checked text only those whose own examples hold no figure to be traced."""
    from copilot.checks.facts import fact_findings

    sections = {rule: hit for hit in reversed(assignment.evidence) for rule in hit.rules}
    ledger = assignment.ledger_for("team")

    def quote(rule: str | None) -> str:
        if rule not in sections:
            return ""
        words = first_sentence(sections[rule].text)
        return "" if checked and fact_findings(words, ledger, own=assignment.phrases) else words

    return quote


def _rules(plan: WeeklyPlan) -> tuple[str, ...]:
    rules = [one.rule for one in plan.refused]
    rules += [side.rule for choice in plan.choices for side in choice.sides]
    rules += [slot.rule for slot in plan.slots]
    return tuple(dict.fromkeys(rule for rule in rules if rule))


def _ledger(brief: Brief, statements: Iterable[Statement]) -> Ledger:
    """A ledger over these statements; ids are given here."""
    numbered = tuple(one.model_copy(update={"id": f"s{number}"}) for number, one in enumerate(statements, 1))
    said = brief.model_copy(update={"statements": numbered})
    return build_ledger(said, [(one, one.text) for one in numbered])


def _statement(text: str, origin: Origin, label: str = "") -> Statement:
    return Statement(id="", role="fact", label=label, text=text, origin=origin)


def _said(brief: Brief) -> Iterator[Statement]:
    """Every sentence of the brief but what tries to give orders: the team may read what its own boss wrote."""
    for field in brief.fields:
        key = re.split(r"[.\[]", field.path)[-1] if not field.path.endswith("]") else ""
        label = "" if key.isascii() else key
        for number, line in enumerate(field.text.split("\n")):
            for sentence in sentences(line):
                if not suspicious(sentence):
                    origin = Origin(field=field.path or "text", line=field.line + number, quote=sentence)
                    yield _statement(sentence, origin, label)


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
            yield _statement(line, Origin(field=SCHEDULED, line=1, quote=line))


def _dates(plan: WeeklyPlan) -> Iterator[Statement]:
    """The week and each slot's day and hour, as facts of the schedule."""
    first, last = plan.week
    rows = [f"{first.year}年{say_day(first)} 至 {say_day(last)}"]
    for slot in plan.slots:
        if slot.day:
            clock = f" {say_clock(slot.start)}" if slot.start is not None else ""
            rows.append(f"{slot.day.year}年{say_day(slot.day)}{clock} {slot.action}")
    rows += [f"{first.year}年{say_day(day)}" for day in _each(plan)]
    for row in dict.fromkeys(rows):
        yield _statement(row, Origin(field=SCHEDULED, line=1, quote=row))


def _each(plan: WeeklyPlan) -> Iterator[date]:
    for day in plan.days:
        yield date.fromisoformat(day)


def _public(situation: Situation, planned: Planned) -> Iterator[Statement]:
    """What the groups may be told: their own names, what is fixed, the material at hand, what members said, the schedule."""
    yield from _dates(planned.plan)
    for group in situation.groups:
        yield _statement(
            "，".join(part for part in (group.name, group.group_type, group.audience) if part), group.origin
        )
    for event in situation.fixed:
        yield _statement(event.text, event.origin)
    for said in (*situation.assets, *situation.voices):
        yield _statement(said.text, said.origin)
    for person in situation.people:
        yield _statement(person.name, person.origin)
    for slot in planned.plan.slots:
        for words in (slot.action, *slot.answers):
            yield _statement(words, slot.origin or Origin(field=SCHEDULED, line=1, quote=words))
        if slot.message:
            used = [note for note in situation.notes if note.text in slot.message]
            for note in used:
                yield _statement(note.text, note.origin)


def _objections(text: str, situation: Situation) -> Iterator[Finding]:
    rows = judgement().objections
    for key in ("always", *situation.bans):
        row = rows.get(key)
        for match in re.finditer(row.find, text) if row else ():
            yield Finding(
                severity="error",
                code=f"plan-{key}",
                message=row.message if row else "",
                span=Span(start=match.start(), end=match.end(), text=match[0]),
                rule=row.rule if row else None,
                fix="删掉这一句，或换成不点名、不排名、不承诺的说法",
            )
