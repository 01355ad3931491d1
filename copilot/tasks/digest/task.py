"""The job `summarise_digest`: a chat is read, each claim is held against its messages, and told to the group and the desk."""

from datetime import datetime
from typing import Any

from copilot.chat.claims import Claims
from copilot.chat.scene import Roles
from copilot.checks.mending import mend
from copilot.collecting import seldom
from copilot.facts.brief import Brief
from copilot.records import Draft, Finding, Part, Request
from copilot.settings import Settings
from copilot.tasks.base import Check, Options
from copilot.tasks.digest.assignment import DigestAssignment, assignment_of, settled
from copilot.tasks.digest.book import book
from copilot.tasks.digest.brief import ChatBrief, read_chat_brief
from copilot.tasks.digest.counting import coverage_of, message_rows, totals_of
from copilot.tasks.digest.group_note import render_note
from copilot.tasks.digest.masking import masked
from copilot.tasks.digest.portioning import ChatPortioning
from copilot.tasks.digest.report import read_report
from copilot.tasks.digest.structure import Digest, DigestWords, Dropped
from copilot.tasks.digest.telling import REPORT


class DigestTask:
    """The job `summarise_digest`."""

    name = "digest"
    structure = DigestWords
    by_model = True

    @seldom()
    def read(self, request: Request, now: datetime, settings: Settings) -> ChatBrief:
        """The chat, within the days asked for, and what the operator said with it."""
        return read_chat_brief(request, now, settings)

    @seldom()
    def prepare(self, brief: Brief, options: Options) -> DigestAssignment:
        """Everything that can be read from the chat without a model."""
        assert isinstance(brief, ChatBrief)
        asked = brief.asked
        if brief.transcript.format == REPORT:
            roles = Roles(operator=asked.operator, staff=asked.staff, known=True)
            return assignment_of(self.name, brief, options, roles, read_report(brief.transcript))
        from copilot.chat.understanding import understand

        due = brief.now if brief.now_given else None
        scene, understanding = understand(brief.transcript, operator=asked.operator, staff=asked.staff, now=due)
        if asked.earlier:
            from copilot.tasks.digest.carried import with_carried
            from copilot.tasks.digest.carry import carried_matters, trend_of

            actions = with_carried(understanding.actions, asked.earlier, scene, due)
            understanding = understanding.model_copy(update={"actions": actions})
            matters = carried_matters(asked.earlier, understanding, scene)
            trend = trend_of(asked.earlier, understanding.figures, understanding)
            brief = brief.model_copy(update={"carried": matters, "trend": trend})
        return assignment_of(self.name, brief, options, scene.roles, understanding)

    def compose(self, assignment: DigestAssignment) -> DigestWords:
        """The claims as they were read, so far as they hold, and the report for the group made of them."""
        return DigestWords(claims=assignment.claims, group=assignment.note, dropped=assignment.dropped)

    def mend(self, structure: DigestWords, check: Check) -> DigestWords:
        """The report for the group without what it must not say, and without lines that are not sure: nobody fills them in.

        Claims are held against their own messages instead (`complete`).
        """
        note = structure.group
        lines = [
            line.model_copy(update={"text": mend(line.text, lambda text: check(text, "group"))}) for line in note.lines
        ]
        kept = tuple(line for line in lines if line.text.strip("·，。；、 ") and "【待" not in line.text)
        return structure.model_copy(update={"group": note.model_copy(update={"lines": kept})})

    def complete(self, structure: DigestWords, assignment: DigestAssignment) -> DigestWords:
        """The claims that are true to their messages (`settle` has held a writer's against them); lines of the report that
        rest on nothing are taken out with the rest.
        """
        by_id = assignment.telling.by_id
        lines = tuple(line for line in structure.group.lines if all(name in by_id for name in line.messages))
        group = structure.group.model_copy(update={"lines": lines})
        return DigestWords(claims=assignment.claims, group=group, dropped=assignment.dropped)

    def parts(self, structure: DigestWords, assignment: DigestAssignment) -> tuple[Part, ...]:
        """The daily report for the group, if there is anything for it, and the operator's page."""
        page, note = assignment.page, render_note(structure.group)
        if not note:
            page = f"{page}\n\n{book().desk.says['no_group_note']}"
        desk = Part(name="desk", title=book().desk.title, readers="team", text=page)
        return (Part(name="group", title=book().group.title, text=note), desk) if note else (desk,)

    def remarks(self, structure: DigestWords, assignment: DigestAssignment) -> tuple[Finding, ...]:
        """What could not be read, and the claims that did not hold."""
        if not structure.dropped:
            return assignment.findings
        kinds = "、".join(f"{one.kind}（{one.why}）" for one in structure.dropped[:4])
        message = f"{len(structure.dropped)} 条说法与原消息对不上，已删去：{kinds}"
        notice = Finding(
            severity="warning", code="claims-dropped", message=message, fix="不用改；要紧的事可以回原文再看一眼"
        )
        return (*assignment.findings, notice)

    def describe(self, assignment: DigestAssignment, structure: DigestWords) -> dict[str, Any]:
        """The digest's JSON."""
        transcript, claims = assignment.brief.transcript, masked(structure.claims)
        digest = Digest(
            group=assignment.brief.meta.get("group", ""),
            format=transcript.format,
            totals=totals_of(assignment.figures, assignment.telling),
            member_stats=tuple(
                {"member": one.member, "messages": one.messages} for one in assignment.figures.member_figures
            ),
            action_items=claims.actions,
            unanswered=claims.unanswered,
            answered=claims.answered,
            review=assignment.review,
            coverage=coverage_of(assignment.view, assignment.brief, len(structure.dropped)),
            figures=assignment.figures,
            dropped=structure.dropped,
            notes=tuple(note.message for note in (*transcript.notes, *assignment.brief.notes)),
            unread=transcript.unread,
            carried=assignment.brief.carried,
            trend=assignment.brief.trend,
            messages=message_rows(assignment.telling),
            **{name: getattr(claims, name) for name in Digest.model_fields if name in type(claims).model_fields},
        )
        return digest.model_dump(mode="json")

    def resume(self, assignment: DigestAssignment, draft: Draft) -> DigestAssignment:
        """The assignment with the claims that the draft was made of."""
        kept = {"actions": "action_items"}
        rows = {
            name: draft.structure.get(kept.get(name, name), ()) for name in Claims.model_fields if name != "questions"
        }
        rows["questions"] = [*draft.structure.get("unanswered", ()), *draft.structure.get("answered", ())]
        if draft.writer == "offline":
            return assignment
        dropped = [Dropped.model_validate(row) for row in draft.structure.get("dropped", ())]
        return settled(assignment, Claims.model_validate(rows), dropped)

    def details(self, assignment: DigestAssignment) -> dict[str, Any]:
        """Nothing: a model reads the chat piece by piece."""
        return {}

    def portioning(self) -> ChatPortioning:
        """Conversations packed together; what is heard of them is joined with what code found."""
        return ChatPortioning()

    def settle(self, assignment: DigestAssignment, structure: DigestWords) -> DigestAssignment:
        """The assignment with the claims of the structure."""
        if structure.claims is assignment.claims and structure.dropped == assignment.dropped:
            return assignment
        return settled(assignment, structure.claims, structure.dropped)
