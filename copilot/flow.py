"""The one flow of every job: brief → evidence → write → check → repair → render → record."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from copilot.checks.battery import check_draft, for_writer, untrue, with_quotes
from copilot.checks.citations import broken_citations
from copilot.checks.facts import trace
from copilot.checks.own_rules import OwnRules, own_rules
from copilot.errors import InputError, PlaybookError, StorageError, UsageError, WriterError
from copilot.learning.following import followed
from copilot.options import DigestOptions, DraftOptions
from copilot.playbook.citations import citations, rule_hits
from copilot.records import Draft, Finding, Part, Request, SentenceTrace, Usage
from copilot.settings import Settings
from copilot.tasks.base import Assignment, AssignmentT, Options, StructureT, Task, assemble
from copilot.tasks.registry import TASKS
from copilot.writers.base import Written, never
from copilot.writers.choosing import chosen
from copilot.writers.offline import OfflineWriter

if TYPE_CHECKING:
    from copilot.store import Habit, Store


class Flow:
    """How each job goes, under these settings; `store` opens the store when it is first needed."""

    def __init__(self, settings: Settings, store: "Callable[[], Store]") -> None:
        self._settings, self._store = settings, store

    def draft(
        self,
        task: Task[StructureT, AssignmentT],
        request: Request,
        options: DraftOptions | DigestOptions,
        told: tuple[Finding, ...] = (),
    ) -> Draft:
        """A draft of this task, kept. `told` comes before its other findings. Raises `InputError`."""
        started = perf_counter()
        assignment = self.prepare(task, request)  # brief
        assignment, notices = self._with_evidence(assignment)  # evidence
        author, written = self._write(task, assignment, options)  # write, check, repair
        assignment = task.settle(assignment, written.structure)
        structure = task.mend(written.structure, partial(untrue, assignment=assignment))
        structure = task.complete(structure, assignment)
        parts, unfollowed = followed(task.parts(structure, assignment), assignment)
        text, parts = assemble(parts)  # render
        cited = citations(assignment.rules, assignment.evidence, self._settings)
        broken = broken_citations(cited, {hit.chunk_id: hit.text for hit in assignment.evidence})
        remarks = task.remarks(structure, assignment)
        findings = (*told, *written.notices, *notices, *unfollowed, *check_draft(parts, assignment), *remarks)
        findings = assignment.options.own.weighed(findings, task.name)
        draft = Draft(
            id=uuid.uuid4().hex[:12],
            kind=task.name,
            writer=author,
            text=text,
            parts=parts,
            structure=task.describe(assignment, structure),
            facts=assignment.ledger.facts,
            missing=assignment.missing,
            conflicts=assignment.conflicts,
            findings=with_quotes(findings, self._settings),
            citations=tuple(citation for citation in cited if citation not in broken),
            trace=_traced(parts, assignment),
            usage=written.usage.model_copy(update={"milliseconds": round((perf_counter() - started) * 1000)}),
            prompts=written.prompts,
            request=request,
            created=datetime.now(self._settings.zone),
        )
        return self._kept(draft, assignment.brief.meta.get("group") or _names(request))  # record

    def recheck(self, draft: Draft, text: str, part: str | None = None) -> Draft:
        """A draft with the operator's edited text, checked again. Raises `UsageError`."""
        names = [one.name for one in draft.parts]
        if part not in (names if part or len(names) > 1 else [None]):
            raise UsageError(f"这份草稿没有叫 {part or '（未指明）'} 的部分", hint=f"可选 {'、'.join(names)}")
        edited = [one.model_copy(update={"text": text}) if part in (None, one.name) else one for one in draft.parts]
        task = TASKS[draft.kind]
        assignment, _ = self._with_evidence(task.resume(self.prepare(task, draft.request, clock=draft.created), draft))
        whole, parts = assemble(tuple(edited))
        findings = (*check_draft(parts, assignment), *assignment.findings)
        findings = assignment.options.own.weighed(findings, task.name)
        return draft.model_copy(
            update={
                "text": whole,
                "parts": parts,
                "findings": with_quotes(findings, self._settings),
                "trace": _traced(parts, assignment),
            }
        )

    def prepare(
        self, task: Task[StructureT, AssignmentT], request: Request, clock: datetime | None = None
    ) -> AssignmentT:
        """The brief as the task reads it, at `clock` if the request names no time of its own. Raises `InputError`."""
        now = (request.now or clock or datetime.now(self._settings.zone)).astimezone(self._settings.zone)
        brief = task.read(request, now, self._settings)
        usual = "" if brief.meta.get("tone") else self._settings.tone
        options = _options(request, own_rules(self._settings), usual)
        habits = self._habits(task.name, brief.meta.get("group") or _names(request))
        return task.prepare(brief, options.model_copy(update={"habits": habits}))

    def _habits(self, job: str, group: str) -> "tuple[Habit, ...]":
        """What the operator agreed to have followed in this job for this group; nothing where the store can't be used."""
        try:
            decided = self._store().habits(group)
        except StorageError:
            return ()  # that nothing can be kept is told when the draft is
        return tuple(one.habit for one in decided if one.kept and job in one.habit.jobs)

    def _with_evidence(self, assignment: AssignmentT) -> tuple[AssignmentT, tuple[Finding, ...]]:
        """The handbook's sections for this kind of text, then what a search finds. A broken index costs only the latter."""
        known = rule_hits(assignment.rules, self._settings)
        if not assignment.question:
            return assignment.model_copy(update={"evidence": known}), ()
        from copilot.playbook.retrieval import search

        try:
            found = search(assignment.question, 3, settings=self._settings).hits
        except (PlaybookError, StorageError) as error:
            notice = Finding.notice("evidence-unavailable", f"没能检索手册：{error.message}", error.hint)
            return assignment.model_copy(update={"evidence": known}), (notice,)
        sections = {hit.chunk_id: hit for hit in (*known, *found)}
        return assignment.model_copy(update={"evidence": tuple(sections.values())}), ()

    def _write(
        self, task: Task[StructureT, AssignmentT], assignment: AssignmentT, options: DraftOptions | DigestOptions
    ) -> tuple[str, Written[StructureT]]:
        """Write and repair. When the model can't write, the offline draft; when it can't repair, what it wrote."""
        writer, told = chosen(
            self._settings,
            options.get("writer"),
            by_model=task.by_model,
            on_estimate=options.get("on_estimate"),
            cancelled=options.get("cancelled", never),
        )
        try:
            written = writer.write(task, assignment, options.get("on_text"))
        except WriterError as error:
            notice = Finding.notice("model-unavailable", f"模型没能写成，这是离线草稿：{error.message}", error.hint)
            offline = OfflineWriter()
            spent = {"usage": error.spent or Usage(), "notices": (*told, notice)}
            return offline.name, offline.write(task, assignment).model_copy(update=spent)
        for _ in range(
            0 if task.portioning() else writer.rounds
        ):  # what was read in pieces is held to its messages instead
            _, parts = assemble(task.parts(written.structure, assignment))
            _, whole = assemble(task.parts(task.complete(written.structure, assignment), assignment))
            objections = for_writer(check_draft(parts, assignment), whole, assignment)
            if not objections:
                break
            try:
                written = writer.repair(
                    task, assignment, written, with_quotes(assignment.addressed(objections, parts), self._settings)
                )
            except WriterError as error:
                told = (
                    *told,
                    Finding.notice("model-unavailable", f"模型没能改完，由程序改正：{error.message}", error.hint),
                )
                break
        return writer.name, written.model_copy(update={"notices": (*told, *written.notices)})

    def _kept(self, draft: Draft, group: str) -> Draft:
        """The draft, kept. Where it can't be, the operator still has it, and is told."""
        try:
            self._store().keep(draft, group=group)
        except (StorageError, InputError) as error:
            notice = Finding.notice("draft-not-kept", f"草稿没能存进历史：{error.message}", error.hint)
            return draft.model_copy(update={"findings": (*draft.findings, notice)})
        return draft


def _options(request: Request, own: OwnRules, usual_tone: str) -> Options:
    tone = request.tone or usual_tone
    return Options(platform=request.platform, tone=tone, length=request.length, earlier=request.earlier, own=own)


def _names(request: Request) -> str:
    """The kept groups that a request is about."""
    return "、".join(str(group.get("name", "")) for group in request.groups)


def _traced(parts: Sequence[Part], assignment: Assignment) -> tuple[SentenceTrace, ...]:
    """The facts behind each sentence of the parts, placed in the whole text."""
    return tuple(
        row.model_copy(update={"start": row.start + part.start, "end": row.end + part.start})
        for part in parts
        for row in trace(part.text, assignment.for_part(part).ledger_for(part.readers))
    )
