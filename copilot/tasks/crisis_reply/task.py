"""The job `draft_crisis_reply`: first words within minutes, the statement, messages to each person, and the desk's plan."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from copilot.checks.contradiction import contradictions
from copilot.checks.coverage import lost_items, lost_placeholders
from copilot.checks.facts import PLACEHOLDER
from copilot.checks.mending import mend
from copilot.facts.brief import Brief
from copilot.facts.names import read_names
from copilot.records import Conflict, Draft, Finding, Missing, Origin, Part
from copilot.tasks.base import BriefJob, Options
from copilot.tasks.crisis_reply.answering import doubts_in, voiced
from copilot.tasks.crisis_reply.assignment import CrisisAssignment
from copilot.tasks.crisis_reply.book import book, claiming_phrases, found
from copilot.tasks.crisis_reply.caring import apology_of, untold
from copilot.tasks.crisis_reply.composing import compose_crisis
from copilot.tasks.crisis_reply.desk import plan_of
from copilot.tasks.crisis_reply.follow_up import changes_of, missed_update
from copilot.tasks.crisis_reply.impersonal import impersonal
from copilot.tasks.crisis_reply.ledgers import all_texts, confided_texts, items_as_said, ledger_of, public_texts
from copilot.tasks.crisis_reply.masking import masked
from copilot.tasks.crisis_reply.private import addressed, called, doubted
from copilot.tasks.crisis_reply.profiles import profiles_of, rules_of
from copilot.tasks.crisis_reply.reading.sorting import conflicts_of, crisis_findings, missing_of, read_crisis
from copilot.tasks.crisis_reply.rendering import parts_of, statement_text
from copilot.tasks.crisis_reply.reply import CrisisWords
from copilot.tasks.crisis_reply.reply import Statement as Announced
from copilot.tasks.crisis_reply.saying import open_point, say_row
from copilot.tasks.crisis_reply.situation import CrisisSituation, Row
from copilot.tasks.crisis_reply.timing import Schedule, schedule_of


class CrisisReplyTask(BriefJob[CrisisWords, CrisisAssignment]):
    """The job `draft_crisis_reply`."""

    name = "crisis-reply"
    structure = CrisisWords

    def prepare(self, brief: Brief, options: Options) -> CrisisAssignment:
        """Sort the brief into the crisis ledger, count the next updates, and settle the desk's plan."""
        situation = _owning(impersonal(_published(masked(read_crisis(brief, options.earlier)))))
        conflicts = conflicts_of(situation)
        situation = _with_conflicts(situation, conflicts)
        schedule = schedule_of(situation, brief)
        then = _on_its_day(brief, schedule)
        missing = _still_missing(missing_of(situation), schedule, situation)
        earlier = situation.bounds.earlier
        options = options.model_copy(update={"earlier": earlier})
        changes = changes_of(situation, earlier)
        ledger = ledger_of(then, public_texts(situation, schedule, earlier))
        plan = plan_of(situation, schedule, missing, changes)
        assignment = CrisisAssignment(
            job=self.name,
            kind=situation.kinds[0].name if situation.kinds else "general",
            brief=brief,
            options=options,
            items=items_as_said(situation, ledger),
            missing=missing,
            conflicts=conflicts,
            findings=crisis_findings(situation, brief),
            ledger=ledger,
            private_ledger=ledger_of(then, confided_texts(situation, schedule, earlier)),
            team_ledger=ledger_of(then, all_texts(situation, schedule, earlier, brief, plan.rejected)),
            title=profiles_of(situation)[0].title,
            names=(*situation.bounds.names, *(one.name for one in situation.concerned if one.name)),
            rules=rules_of(situation),
            phrases=claiming_phrases(),
            question=""
            if situation.kinds
            else f"群里出事怎么回应 {situation.incident[0].text if situation.incident else ''}",
            situation=situation,
            plan=plan,
            schedule=schedule,
            changes=changes,
        )
        assignment = _speaking(assignment)
        late = _overdue(assignment)
        assignment = assignment.model_copy(update={"changes": changes.model_copy(update={"late": bool(late)})})
        return assignment.model_copy(
            update={
                "missing": (*missing, *_left_open(assignment)),
                "findings": (*assignment.findings, *late),
            }
        )

    def compose(self, assignment: CrisisAssignment) -> CrisisWords:
        """The offline reply."""
        return compose_crisis(assignment)

    def complete(self, structure: CrisisWords, assignment: CrisisAssignment) -> CrisisWords:
        """Verified facts, authorised actions, open points, placeholders and whole messages that a writer dropped come back."""
        plain = compose_crisis(assignment)
        people = dict(addressed(assignment.situation))
        structure = _without_empty(structure)
        private = _by_id(structure.private, plain.private, tuple(people))
        later = assignment.model_copy(update={"later": True})
        written = tuple(
            one.model_copy(update={"text": mend(one.text, lambda text: later.objections(text, "group"))})
            for one in structure.updates
        )
        updates = _by_id(written, plain.updates, tuple(one.id for one in plain.updates))
        return structure.model_copy(
            update={
                "holding": structure.holding or plain.holding,
                "statement": _complete_statement(structure.statement, plain.statement, assignment),
                "personal": (structure.personal or plain.personal) if plain.personal else "",
                "private": private,
                "updates": updates,
            }
        )

    def parts(self, structure: CrisisWords, assignment: CrisisAssignment) -> tuple[Part, ...]:
        """The messages in the order they are sent, then the sheet for the desk."""
        return parts_of(structure, assignment)

    def describe(self, assignment: CrisisAssignment, structure: CrisisWords) -> dict[str, Any]:
        """The whole reply as JSON: the ledger, the messages, and the plan."""
        situation, plan = assignment.situation, assignment.plan
        people = dict(addressed(situation))
        return {
            "type": assignment.kind,
            "types": [kind.model_dump(mode="json") for kind in situation.kinds],
            "severity": situation.severity.model_dump(mode="json"),
            "ledger": {
                "confirmed": [row.text for row in situation.verified],
                "unconfirmed": [row.text for row in situation.unverified],
                "authorised": [row.text for row in situation.authorised],
                "must_not_say": list(plan.must_not_say),
            },
            "holding": structure.holding,
            "statement": {**structure.statement.model_dump(mode="json"), "text": statement_text(structure.statement)},
            "personal": structure.personal,
            "private": [
                {"to": called(people[one.id], situation), "who": people[one.id].who, "text": one.text}
                for one in structure.private
                if one.id in people
            ],
            "updates": [one.model_dump(mode="json") for one in structure.updates],
            "escalation": [step.model_dump(mode="json") for step in plan.escalation],
            "watch": list(plan.watch),
            "close_when": list(plan.close_when),
            "review": list(plan.review),
            "rejected_draft": [row.model_dump(mode="json") for row in plan.rejected],
            "changed": list(plan.changed),
            "to_confirm": list(plan.to_confirm),
            "notes": list(plan.notes),
        }

    def resume(self, assignment: CrisisAssignment, draft: Draft) -> CrisisAssignment:
        """As it is: nothing of this job is settled outside its texts."""
        return assignment

    def details(self, assignment: CrisisAssignment) -> dict[str, Any]:
        """What a model is told beside the items: the ledger with ids, the people, the doubts, the offline text."""
        situation = assignment.situation
        plain = compose_crisis(assignment)
        one = doubted(situation)
        return {
            "types": "、".join(kind.title for kind in situation.kinds),
            "severity": f"{situation.severity.level} 级 {situation.severity.title}",
            "channel": situation.channel,
            "incident": [row.text for row in situation.incident],
            "confirmed": _told(situation.verified),
            "open": _told(situation.unverified),
            "allowed": _told((*situation.authorised, *situation.clock)),
            "forbidden": _told(situation.forbidden),
            "owned": apology_of(situation) or (book().says["untold_plan"] if untold(situation) else ""),
            "doubts": [doubt.question for doubt in doubts_in(voiced(situation))],
            "people": [
                {"id": name, "who": f"{who.who}{f'（{who.name}）' if who.name else ''}", "words": "；".join(who.words)}
                for name, who in addressed(situation)
            ],
            "personal": (one.name or one.who) if one else "",
            "rhythm": assignment.schedule.rhythm,
            "updates": [{"id": update.id, "when": update.when} for update in plain.updates],
            "spare_gaps": [
                {"placeholder": gap.placeholder, "question": gap.question}
                for gap in assignment.missing
                if gap.placeholder and gap not in assignment.to_write
            ],
            "earlier": list(assignment.options.earlier),
            "changes": list(assignment.plan.changed),
            "plain": statement_text(plain.statement),
        }


_WORDS = re.compile(r"[^\W_]")


def _without_empty(words: CrisisWords) -> CrisisWords:
    """A reply without lines that lost their words in mending, and without answers that lost their question or all they said."""
    told = words.statement
    lines = {name: tuple(filter(_WORDS.search, getattr(told, name))) for name in ("doing", "known", "checking")}
    answers = tuple(one for one in told.answers if _WORDS.search(one.question) and _WORDS.search(one.answer))
    return words.model_copy(update={"statement": told.model_copy(update={**lines, "answers": answers})})


def _overdue(assignment: CrisisAssignment) -> tuple[Finding, ...]:
    """The update that was promised before and has not come, where the caller says what time it is."""
    earlier = assignment.options.earlier if assignment.brief.now_given else ()
    late = tuple(one for one in contradictions("", earlier, assignment.now) if not one.span)
    return late or tuple(missed_update(earlier[-1], assignment.brief.now)) if earlier else ()


def _speaking(assignment: CrisisAssignment) -> CrisisAssignment:
    """An assignment whose bounds know what the cautious text says: a writer may say it in other words."""
    plain = compose_crisis(assignment)
    said = "\n".join(
        (plain.holding, statement_text(plain.statement), plain.personal, *(one.text for one in plain.private))
    )
    own = tuple(dict.fromkeys(line.strip("· 。") for line in re.split(r"[，；：。\n]", said) if line.strip("· 。")))
    situation = assignment.situation
    bounds = situation.bounds.model_copy(update={"own": own})
    return assignment.model_copy(update={"situation": situation.model_copy(update={"bounds": bounds})})


def _left_open(assignment: CrisisAssignment) -> tuple[Missing, ...]:
    """What the statement itself leaves to fill in and nobody has asked for yet."""
    plain = compose_crisis(assignment)
    asked = {gap.placeholder for gap in assignment.missing}
    marks = PLACEHOLDER.findall("\n".join((plain.holding, statement_text(plain.statement), plain.personal)))
    return tuple(
        Missing(key=f"open{number}", question=f"{mark[5:-1]}还没有", placeholder=mark)
        for number, mark in enumerate(dict.fromkeys(marks), 1)
        if mark not in asked and mark.startswith("【待补充")
    )


def _published(situation: CrisisSituation) -> CrisisSituation:
    """A situation whose bounds know every earlier statement, the brief's own and the caller's, oldest first."""
    told = tuple(dict.fromkeys((*(row.text for row in situation.earlier), *situation.bounds.earlier)))
    return situation.model_copy(update={"bounds": situation.bounds.model_copy(update={"earlier": told})})


def _owning(situation: CrisisSituation) -> CrisisSituation:
    """A situation whose own account shows a lapse of ours counts as owned: the plain apology for it may be said."""
    if situation.bounds.owned or not (apology_of(situation) or untold(situation)):
        return situation
    return situation.model_copy(update={"bounds": situation.bounds.model_copy(update={"owned": True})})


def _on_its_day(brief: Brief, schedule: Schedule) -> Brief:
    """The brief read on the day of the matter, which is not the clock's: its 今晚 and 昨天 are of that day."""
    if brief.now_given or not schedule.at:
        return brief
    return brief.model_copy(update={"now": schedule.at.replace(tzinfo=brief.now.tzinfo)})


WHOLE = ("authority-conflict", "verified-and-open")


def _with_conflicts(situation: CrisisSituation, conflicts: Sequence[Conflict]) -> CrisisSituation:
    """The rows that contradict others with the placeholder in their place, or beside the value in question."""
    marks = {conflict.origins[0]: conflict for conflict in conflicts if conflict.origins and conflict.placeholder}

    def marked(text: str, origin: Origin) -> str:
        conflict = marks.get(origin)
        if conflict is None:
            return text
        return conflict.placeholder if conflict.code in WHOLE else f"{text}{conflict.placeholder}"

    rows = {
        name: tuple(row.model_copy(update={"text": marked(row.text, row.origin)}) for row in getattr(situation, name))
        for name in ("verified", "authorised")
    }
    items = tuple(
        item.model_copy(update={"text": text, "values": () if text.startswith("【") else item.values})
        for item in situation.items
        if (text := marked(item.text, item.origin))
    )
    return situation.model_copy(update={**rows, "items": items})


def _told(rows: Sequence[Row]) -> list[dict[str, str]]:
    return [{"id": row.id, "text": row.text} for row in rows]


def _still_missing(missing: Iterable[Missing], schedule: Schedule, situation: CrisisSituation) -> tuple[Missing, ...]:
    """What is still asked for once the next update is settled; where nothing is told to the group, neither time nor entry is."""
    quiet = profiles_of(situation)[0].quiet
    settled = {"entry", "apply", "scope", "next_update"} if quiet else {"next_update"} if schedule.next else set[str]()
    settled |= {"entry"} if found("hotline", "\n".join(row.text for row in situation.authorised)) else set()
    return tuple(gap for gap in missing if gap.key not in settled)


def _by_id(written: Sequence[Any], plain: Sequence[Any], order: tuple[str, ...]) -> tuple[Any, ...]:
    """What was written, by id and in the plan's order; what is missing or empty comes from the offline text."""
    own = {one.id: one for one in written if one.text}
    spare = {one.id: one for one in plain}
    return tuple(own.get(name) or spare[name] for name in order if name in own or name in spare)


def _complete_statement(written: Announced, plain: Announced, assignment: CrisisAssignment) -> Announced:
    """The statement with what it lacks: parts left empty, facts and actions not said, placeholders not shown."""
    if profiles_of(assignment.situation)[0].quiet:
        return written if written.opening else plain
    blank = {name: value for name, value in plain if not getattr(written, name)}
    written = written.model_copy(update=blank)
    text = statement_text(written)
    situation = assignment.situation
    lost = _lost(text, assignment)
    known, doing = (
        [
            said
            for row in rows
            if (said := say_row(row, situation)) in told
            and (row.text in lost or _unsaid(_nameless(said, assignment), text))
        ]
        for rows, told in ((situation.verified, statement_text(plain)), (situation.authorised, statement_text(plain)))
    )
    asked = {said.partition("：")[0]: said for said in plain.checking}
    told = {open_point(say_row(row, situation)): row.text for row in situation.unverified}
    checking = [
        said
        for point, said in asked.items()
        if said not in text and _unsaid(point, text) and _unsaid(told.get(point, point), text)
    ]
    update: dict[str, Any] = {
        "known": (*written.known, *known),
        "doing": (*written.doing, *doing),
        "checking": (*written.checking, *checking),
    }
    whole = written.model_copy(update=update)
    text = statement_text(whole)
    for name in ("entry", "next_update"):
        gaps = [gap for gap in lost_placeholders(text, assignment.missing) if gap.placeholder in getattr(plain, name)]
        if gaps:
            whole = whole.model_copy(update={name: getattr(plain, name)})
    return whole


def _lost(text: str, assignment: CrisisAssignment) -> set[str]:
    """The items that the text does not say; which of ours a fact is about need not be said by name."""
    told = [
        item.model_copy(update={"text": plain, "values": assignment.ledger.read(plain)})
        if (plain := _nameless(item.text, assignment)) != item.text
        else item
        for item in assignment.items
    ]
    said = {id(one) for one in told} - {id(one) for one in lost_items(text, told, assignment.ledger)}
    return {item.text for item, one in zip(assignment.items, told, strict=True) if id(one) not in said}


def _nameless(text: str, assignment: CrisisAssignment) -> str:
    """A row without the names of our own people: 教练大鹏、糖糖今天正常下班 is said by 两位教练今天正常下班."""
    ours = {one.name for one in assignment.situation.concerned if one.role == "ours"}
    names = ours | {name.text.lstrip("@") for name in read_names(text) if name.certain or name.kind == "full"}
    one = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    return re.sub(rf"(?:{one})(?:[、和与](?:{one}))*", "", text) if one else text


def _unsaid(row: str, text: str) -> bool:
    """Whether an open point is not in the text in other words."""
    point = row.partition("：")[0]
    pairs = {point[at : at + 2] for at in range(len(point) - 1)}
    return sum(pair in text for pair in pairs) * 2 < len(pairs)
