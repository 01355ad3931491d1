"""The weekly plan as a job of the one flow: code settles the judgement and the schedule, a writer only words it."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from copilot.checks.rulebook import finding
from copilot.facts.brief import Brief
from copilot.facts.ledger import Ledger
from copilot.playbook.citations import first_sentence
from copilot.records import Audience, Draft, Finding, Missing, Part, Span
from copilot.tasks.base import Assignment, BriefJob, Check, Options
from copilot.tasks.weekly_plan.catalogue import found, judgement, phrases
from copilot.tasks.weekly_plan.composing import compose_words
from copilot.tasks.weekly_plan.holding import belongs_to, binding, losses, must_stand, placeholders
from copilot.tasks.weekly_plan.plan import PlanWords, Slot, SlotText, WeeklyPlan
from copilot.tasks.weekly_plan.planning import build_plan
from copilot.tasks.weekly_plan.reading.sorting import read_situation
from copilot.tasks.weekly_plan.redrafting import plan_of
from copilot.tasks.weekly_plan.rendering import TITLES, message_parts, plan_json, plan_text
from copilot.tasks.weekly_plan.settling import Settled, settled
from copilot.tasks.weekly_plan.situation import Situation
from copilot.tasks.weekly_plan.slot_ledger import SlotLedger, ledger_over, slot_ledgers
from copilot.tasks.weekly_plan.statements import told_groups, told_team
from copilot.tasks.weekly_plan.week import say_clock, say_day


class PlanAssignment(Assignment):
    """All a writer may know of a plan. `ledger` is what the team may read, `public` what the groups may.

    `ledgers` are those of the slots. `slot` is the one whose message is looked at; None for the plan as a whole.
    `compared`: whether messages are held to the program's; what the operator has edited is not.
    """

    situation: Situation
    plan: WeeklyPlan
    public: Ledger
    ledgers: dict[str, SlotLedger]
    slot: Slot | None = None
    compared: bool = True

    @property
    def to_write(self) -> tuple[Missing, ...]:
        """The placeholders of the messages: every one, and none that only the sheet has."""
        asked = {gap.placeholder: gap for gap in self.missing}
        marks = dict.fromkeys(mark for slot in self.plan.slots for mark in placeholders(slot.message))
        return tuple(asked.get(mark) or Missing(key=mark, question="", placeholder=mark) for mark in marks)

    def for_part(self, part: Part) -> "PlanAssignment":
        """As it is for one message: with its slot."""
        return self.for_slot(part.name)

    def for_slot(self, name: str) -> "PlanAssignment":
        """As it is for the message of this slot; unchanged for any other name."""
        slot = next((one for one in self.plan.slots if one.id == name and name in self.ledgers), None)
        return self.model_copy(update={"slot": slot}) if slot else self

    def ledger_for(self, readers: Audience) -> Ledger:
        """The team reads everything and the handbook's quotes; a group neither figures nor aims nor wishes."""
        if readers != "team":
            return self.ledgers[self.slot.id] if self.slot else self.public
        quoted = "\n".join(hit.text for hit in self.evidence)
        return self.ledger.model_copy(update={"said": f"{self.ledger.said}\n{quoted}"})

    def objections(self, text: str, readers: Audience) -> tuple[Finding, ...]:
        """What the brief's own bans, decency, and the program's message for the slot have against a message to the group."""
        if readers == "team":
            return ()
        return (*_objections(text, self.situation), *self._against_slot(text))

    def _against_slot(self, text: str) -> Iterator[Finding]:
        """Another slot's words, or what is lost of this slot's."""
        slot = self.slot
        if slot is None or not self.compared or text == slot.message:
            return
        name = f"{slot.id}（{_when(slot)}）"
        if other := belongs_to(text, slot, self.plan.slots):
            yield finding("plan-slot", slot=name, other=other.action, action=slot.action, text=slot.message)
            return
        for loss in losses(slot.message, text, self.ledgers[slot.id], self.public):
            yield finding("plan-lost", slot=name, words=loss.words, sentence=loss.sentence)

    def addressed(self, findings: Sequence[Finding], parts: Sequence[Part]) -> tuple[Finding, ...]:
        """Findings as a writer can use them: each names its slot, and what is untraced has the program's words as its fix."""
        told = []
        for one in findings:
            part = _part_of(one, parts)
            slot = self.for_slot(part.name).slot if part else None
            if slot is None:
                told.append(one)
                continue
            fix = f"删掉这个说法，或照程序写的：“{slot.message}”" if one.code.startswith("untraced") else one.fix
            told.append(one.model_copy(update={"message": f"{slot.id}（{_when(slot)}）：{one.message}", "fix": fix}))
        return tuple(told)


class WeeklyPlanTask(BriefJob[PlanWords, PlanAssignment]):
    """The job `draft_weekly_plan`."""

    name = "weekly-plan"
    structure = PlanWords

    def prepare(self, brief: Brief, options: Options) -> PlanAssignment:
        """Read the situation, judge, choose and place the actions; what code has settled no writer can change."""
        situation = read_situation(brief)
        planned = build_plan(situation, options.own)
        plan = planned.plan
        public = ledger_over(brief, told_groups(situation, plan))
        return PlanAssignment(
            job=self.name,
            kind=self.name,
            brief=brief,
            options=options,
            items=(),
            missing=(*situation.missing, *planned.missing),
            conflicts=situation.conflicts,
            findings=situation.findings,
            ledger=ledger_over(brief, told_team(brief, plan, situation)),
            public=public,
            ledgers=slot_ledgers(plan, brief, public),
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

    def mend(self, structure: PlanWords, check: Check) -> PlanWords:
        """The team's lines but for what nothing backs. The messages are mended when it is known which slot each is for."""
        traced = [
            line for line in structure.focus if not any(one.code.startswith("untraced") for one in check(line, "team"))
        ]
        mended = super().mend(PlanWords(focus=tuple(traced), messages=()), check)
        return structure.model_copy(update={"focus": mended.focus})

    def settle(self, assignment: PlanAssignment, structure: PlanWords) -> PlanAssignment:
        """With a word to the operator on each message that will not be as the writer had it."""
        told = [
            finding("plan-program-words", slot=f"{_when(slot)} {slot.action}", why=one.why, done=one.done)
            for slot, one in _each_settled(assignment, structure)
            if one.why
        ]
        return assignment.model_copy(update={"findings": (*assignment.findings, *told)})

    def complete(self, structure: PlanWords, assignment: PlanAssignment) -> PlanWords:
        """One message for each slot that has one, true to that slot: what a writer lost comes back, what it added goes."""
        return PlanWords(
            focus=tuple(line for line in structure.focus if line.strip())[:3] or assignment.plan.focus,
            messages=tuple(SlotText(id=slot.id, text=one.text) for slot, one in _each_settled(assignment, structure)),
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
        public = ledger_over(brief, told_groups(assignment.situation, plan))
        return assignment.model_copy(
            update={
                "plan": plan,
                "ledger": ledger_over(brief, told_team(brief, plan, assignment.situation)),
                "public": public,
                "ledgers": slot_ledgers(plan, brief, public),
                "compared": False,
            }
        )

    def details(self, assignment: PlanAssignment) -> dict[str, Any]:
        """What a model is told: the week, the aims, what never to do, and each slot with its offline text."""
        plan, situation = assignment.plan, assignment.situation
        banned = [said.text for said in situation.constraints if found(judgement().held.bans, said.text)]
        never = [f"{one.words}：{one.reason}" for one in plan.refused] + banned
        return {
            "week": f"{say_day(plan.week[0])} 至 {say_day(plan.week[1])}",
            "goals": [said.text for said in (*situation.week_goals, *situation.goals)],
            "focus": list(plan.focus),
            "never": never,
            "known": [said.text for said in situation.constraints if said.text not in banned],
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
                    "marks": list(placeholders(slot.message)),
                    "values": list(
                        must_stand(slot.message, assignment.ledgers.get(slot.id, assignment.public), assignment.public)
                    ),
                    "binding": list(binding(slot.message)),
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


def _each_settled(assignment: PlanAssignment, structure: PlanWords) -> Iterator[tuple[Slot, Settled]]:
    """Each slot that has a message, with the text that stands in the end."""
    from copilot.checks.battery import untrue  # the battery reads assignments

    written = {one.id: one.text.strip() for one in structure.messages}
    for slot in assignment.plan.slots:
        if slot.message:
            own = assignment.for_slot(slot.id)

            def check(text: str, own: PlanAssignment = own) -> tuple[Finding, ...]:
                return untrue(text, "group", own)

            ledger = assignment.ledgers.get(slot.id, assignment.public)
            yield slot, settled(written.get(slot.id, ""), slot, assignment.plan.slots, ledger, assignment.public, check)


def _part_of(one: Finding, parts: Sequence[Part]) -> Part | None:
    """The message that a finding is placed in."""
    if one.span is None:
        return None
    place = one.span.start
    return next((part for part in parts if part.start <= place < part.start + len(part.text)), None)


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
