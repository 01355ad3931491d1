"""What a script, a page or another assistant calls: the jobs, and the same without blocking an event loop."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar, Unpack, cast

from copilot.chat.signals import suspicious
from copilot.checks.battery import check_text, with_quotes
from copilot.checks.own_rules import own_rules
from copilot.errors import UsageError, WriterError
from copilot.facts.intake import plain, whole
from copilot.facts.pseudonyms import redact
from copilot.flow import Flow
from copilot.options import AskOptions, ChatSource, DigestOptions, DraftOptions
from copilot.records import Answer, Draft, Finding, Redaction, Request, SearchResult, Usage
from copilot.settings import Settings
from copilot.tasks.registry import TASKS
from copilot.writers.base import Estimate, never
from copilot.writers.choosing import chosen
from copilot.writers.offline import OfflineWriter

if TYPE_CHECKING:
    from copilot.agenda.records import Agenda
    from copilot.conversation.records import ChatOptions, ChatReply
    from copilot.exports import PlanSheet
    from copilot.store import Store


class Copilot:
    """The operator's copilot. One object may be shared by threads; it holds settings, nothing of a draft."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings.load()

    def draft_announcement(self, brief: str | Mapping[Any, Any], **options: Unpack[DraftOptions]) -> Draft:
        """A checked announcement from a brief: free text, YAML, JSON or a mapping with any keys.

        `structure` has its `kind`, `title`, `points` and the other blocks of the text, and `notes` for the operator.
        Raises `InputError`; `NotKeptError` for a group that is not kept.
        """
        return self._flow.draft(TASKS["announcement"], self._request(brief, options), options)

    def draft_weekly_plan(self, brief: str | Mapping[Any, Any], **options: Unpack[DraftOptions]) -> Draft:
        """A scheduled week from groups, people, goals and wishes; `text` is the plan, then each message.

        `structure` has the `week` (first and last day), the `slots` (day, time, owner, text, rule …), what was `refused` of
        the wishes and why, the `choices` left to the operator, and how it is reviewed; `plan_sheet` makes rows of it.
        Raises `InputError`; `NotKeptError` for a group that is not kept.
        """
        return self._flow.draft(TASKS["weekly-plan"], self._request(brief, options), options)

    def draft_crisis_reply(self, brief: str | Mapping[Any, Any], **options: Unpack[DraftOptions]) -> Draft:
        """Replies to a crisis within the authority given, and the sheet for the desk.

        `parts` holds each message by who reads it; `text` is all of them under their titles. `structure` has the `severity`,
        the `ledger` (confirmed, unconfirmed, authorised, must not be said), the `updates` with their times, and when to
        close. With `earlier`, the next statement on the same matter. Raises `InputError`; `NotKeptError` for a group that
        is not kept.
        """
        return self._flow.draft(TASKS["crisis-reply"], self._request(brief, options), options)

    def summarise_digest(self, source: ChatSource, **options: Unpack[DigestOptions]) -> Draft:
        """A group chat's digest: its text itself, bytes, the path of an export (file, folder, zip), or a mapping with any
        keys that holds it. A `str` is always the text, never a path. `parts` are the daily report for the group and the
        operator's own page; `structure` is a `Digest` as plain data, every claim with the ids of its messages. Raises
        `InputError`, `UsageError`.
        """
        from copilot.tasks.digest.intake import request_of
        from copilot.tasks.digest.kept_staff import with_kept_staff

        request, notices = request_of(source, options, self.settings)
        request = with_kept_staff(request, self.store)
        if options.get("carry"):
            from copilot.tasks.digest.lookback import looking_back

            with looking_back(request, self.store, self.settings) as (request, more):
                return self._flow.draft(TASKS["digest"], request, options, (*notices, *more))
        return self._flow.draft(TASKS["digest"], request, options, notices)

    def estimate_digest(self, source: ChatSource, **options: Unpack[DigestOptions]) -> Estimate:
        """What a model would be sent for this digest, in tokens. Nothing is sent. Raises `InputError`, `UsageError`."""
        from copilot.tasks.digest.intake import request_of
        from copilot.writers import portioned

        request, _ = request_of(source, options, self.settings)
        task = TASKS["digest"]
        portioning = task.portioning()
        return (
            portioned.estimate(self.settings, task, portioning, self._flow.prepare(task, request))
            if portioning
            else Estimate()
        )

    def handoff(self, job: str, *digests: Draft, matter: str = "") -> dict[str, Any]:
        """The brief that digests hand on to `crisis-reply` (`matter`: which complaint, rumour or risk; the gravest by default),
        `announcement` (answers to open questions) or `weekly-plan` (a week of digests). Raises `UsageError`, `InputError`.
        """
        from copilot.tasks.digest.handoffs import handoff_brief, source_of

        return handoff_brief(job, [source_of(digest, self.settings) for digest in digests], matter)

    def draft(self, job: str, brief: str | Mapping[Any, Any], **options: Unpack[DraftOptions]) -> Draft:
        """The job of this name, with the options it has. Raises `UsageError`, `InputError`."""
        if job not in TASKS:
            raise UsageError(f"没有叫 {job} 的活", hint=f"可选 {'、'.join(TASKS)}")
        if job == "digest":
            shared = {name: value for name, value in options.items() if name in DigestOptions.__annotations__}
            return self.summarise_digest(brief, **cast("DigestOptions", {**shared, "earlier": ()}))
        return self._flow.draft(TASKS[job], self._request(brief, options), options)

    def recheck(self, draft: Draft, text: str, part: str | None = None) -> Draft:
        """The same draft with the operator's edited text, checked again against the facts of its brief.

        A draft of several messages takes the edited one by its `part` name. Raises `UsageError`.
        """
        return self._flow.recheck(draft, text, part)

    def plan_sheet(self, draft: Draft) -> "PlanSheet":
        """A weekly plan as rows, for the exports (`copilot.exports`). Raises `UsageError` for a draft of another kind."""
        if draft.kind != "weekly-plan":
            raise UsageError(f"这份草稿是 {draft.kind}，不是周计划", hint="只有周计划能导出成表格和日历")
        from copilot.tasks.weekly_plan.sheet import plan_sheet

        return plan_sheet(draft)

    @cached_property
    def _flow(self) -> Flow:
        return Flow(self.settings, lambda: self.store)

    @cached_property
    def store(self) -> "Store":
        """Where drafts, the operator's edits and group profiles are kept. Nothing is opened before the first use."""
        from copilot.store import Store

        return Store(self.settings)

    def agenda(self, now: datetime | None = None, group: str | None = None) -> "Agenda":
        """What needs the operator at `now` (by default this moment), of all groups or one: open risks, questions and
        promises of the kept digests, the slots of the plans in force and how they went, drafts not sent. Raises `StorageError`.
        """
        from copilot.agenda.gathering import agenda

        return agenda(self.store, now, group)

    def _request(self, source: str | Mapping[Any, Any], options: DraftOptions) -> Request:
        brief = whole(source) if isinstance(source, str) else plain(source)
        now = options.get("now")
        if now and now.tzinfo is None:
            now = now.replace(tzinfo=self.settings.zone)
        platform = options.get("platform") or self.settings.platform
        return Request(
            brief=brief,
            suffix=options.get("suffix", ""),
            now=now,
            platform=platform,
            tone=options.get("tone") or "",
            length=options.get("length"),
            earlier=tuple(options.get("earlier") or ()),
            groups=tuple(self.store.group(name).profile.as_brief() for name in options.get("groups") or ()),
        )

    def search(self, text: str, k: int = 5, playbook: Path | str | None = None) -> SearchResult:
        """The `k` sections of the handbook and the own documents, or of the folder `playbook`, that answer a question best.

        Raises `EmptyInputError`, `PlaybookError`, `StorageError`, and `UsageError` for a `k` below 1.
        """
        from copilot.playbook.retrieval import search

        return search(text, k, playbook, settings=self.settings)

    def ask(self, question: str, **options: Unpack[AskOptions]) -> Answer:
        """An answer in the playbook's words, each sentence cited; `answerable` is false where the playbook does not say.

        Raises `EmptyInputError`, `PlaybookError`, `StorageError`, and `SettingsError` for own rules that can't be read.
        """
        from copilot.playbook.embedding import default_embedder
        from copilot.tasks.ask import compose, gather, not_covered

        started = perf_counter()
        author, told = chosen(self.settings, options.get("writer"))
        embedder = default_embedder(self.settings)
        evidence, answerable = gather(question, options.get("playbook"), self.settings, embedder)
        if not answerable:
            answer = not_covered(evidence)  # a model is not asked: it would answer from its own head
        elif isinstance(author, OfflineWriter):
            answer = compose(evidence, embedder)
        else:
            from copilot.writers.answering import answer_by_model

            try:
                answer = answer_by_model(
                    self.settings, evidence, options.get("on_text"), options.get("cancelled", never)
                )
            except WriterError as error:
                told = (
                    *told,
                    Finding.notice("model-unavailable", f"模型没能答成，这是离线答案：{error.message}", error.hint),
                )
                answer = compose(evidence, embedder).model_copy(update={"usage": error.spent or Usage()})
        usage = answer.usage.model_copy(update={"milliseconds": round((perf_counter() - started) * 1000)})
        return answer.model_copy(update={"findings": (*told, *answer.findings), "usage": usage})

    def chat(self, message: str, **options: "Unpack[ChatOptions]") -> "ChatReply":
        """The answer to a message of a conversation: with a model an assistant that uses the jobs, without one the job that
        the message is for. Nothing is ever sent. Raises `EmptyInputError`, `NotKeptError`, `UsageError`.
        """
        from copilot.conversation.chatting import chat

        return chat(self, message, **options)

    def check(self, text: str, *, platform: str | None = None) -> tuple[Finding, ...]:
        """What to mend in any text before it is posted. `platform` is where (the settings' if unset).

        There is no brief, so that facts are not judged. Raises `SettingsError` for own rules that can't be read.
        """
        own = own_rules(self.settings)
        return with_quotes(check_text(text, platform or self.settings.platform, own=own), self.settings)

    def redact(self, text: str) -> Redaction:
        """The text with its personal data replaced by pseudonyms (成员01, 电话01), the same one for the same person or number."""
        return redact(text)

    def suspicious(self, text: str) -> bool:
        """Whether a member's message tries to give the assistant orders."""
        return suspicious(text)

    async def adraft_announcement(self, brief: str | Mapping[Any, Any], **options: Unpack[DraftOptions]) -> Draft:
        """`draft_announcement` without blocking the event loop; awaiting can be cancelled."""
        return await _apart(self.draft_announcement, brief, **options)

    async def adraft_weekly_plan(self, brief: str | Mapping[Any, Any], **options: Unpack[DraftOptions]) -> Draft:
        """`draft_weekly_plan` without blocking the event loop; awaiting can be cancelled."""
        return await _apart(self.draft_weekly_plan, brief, **options)

    async def adraft_crisis_reply(self, brief: str | Mapping[Any, Any], **options: Unpack[DraftOptions]) -> Draft:
        """`draft_crisis_reply` without blocking the event loop; awaiting can be cancelled."""
        return await _apart(self.draft_crisis_reply, brief, **options)

    async def asummarise_digest(self, source: ChatSource, **options: Unpack[DigestOptions]) -> Draft:
        """`summarise_digest` without blocking the event loop; awaiting can be cancelled."""
        return await _apart(self.summarise_digest, source, **options)

    async def asearch(self, text: str, k: int = 5, playbook: Path | str | None = None) -> SearchResult:
        """`search` without blocking the event loop."""
        return await asyncio.to_thread(self.search, text, k, playbook)

    async def aask(self, question: str, **options: Unpack[AskOptions]) -> Answer:
        """`ask` without blocking the event loop; awaiting can be cancelled."""
        return await _apart(self.ask, question, **options)

    async def achat(self, message: str, **options: "Unpack[ChatOptions]") -> "ChatReply":
        """`chat` without blocking the event loop; awaiting can be cancelled."""
        return await _apart(self.chat, message, **options)

    async def acheck(self, text: str, *, platform: str | None = None) -> tuple[Finding, ...]:
        """`check` without blocking the event loop."""
        return await asyncio.to_thread(self.check, text, platform=platform)

    async def aredact(self, text: str) -> Redaction:
        """`redact` without blocking the event loop."""
        return await asyncio.to_thread(self.redact, text)


_Made = TypeVar("_Made")


async def _apart(call: Callable[..., _Made], source: object, **options: Any) -> _Made:
    """A call in a thread of its own. When whoever awaits it gives up, the model's request is broken off."""
    gone = threading.Event()
    wanted = options.pop("cancelled", never)
    try:
        return await asyncio.to_thread(call, source, cancelled=lambda: gone.is_set() or wanted(), **options)
    except asyncio.CancelledError:
        gone.set()
        raise
