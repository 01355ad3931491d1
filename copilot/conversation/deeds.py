"""What a conversation can do: each deed runs one job of the copilot and says in a line what came of it.

The offline path and the model's tools share them, so that a draft is the same record whoever asked for it. A redraft is
made from its first brief and all that was said since.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from copilot.conversation.changes import brief_of, changes_told
from copilot.conversation.following import asked_first
from copilot.conversation.jobs import Jobs
from copilot.conversation.owed import owed_in
from copilot.conversation.thread import new_work
from copilot.conversation.wording import book, say, told
from copilot.errors import NotKeptError
from copilot.options import WriterName
from copilot.records import Citation, Draft, Finding, Missing, Usage
from copilot.store import Change, Use, Work
from copilot.writers.base import Cancel, OnText, never

TOOL = {"announcement": "draft_announcement", "weekly-plan": "draft_weekly_plan", "crisis-reply": "draft_crisis_reply"}
FACTS_SHOWN = 8
RULES_SHOWN = 4


@dataclass(frozen=True)
class Done:
    """What a deed did: the words for the operator, the record of it, and what it found. `work` is how the work stands now."""

    text: str
    use: Use | None = None
    draft: Draft | None = None
    work: Work | None = None
    citations: tuple[Citation, ...] = ()
    findings: tuple[Finding, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass
class Deeds:
    """The deeds of one turn: done by `jobs`, by `writer`, on the clock `now`.

    `made` are the drafts of this turn, `spent` is what they and its answers cost. `on_text` receives a model's words as
    they come, `cancelled` is asked whether to give up.
    """

    jobs: Jobs
    now: datetime
    writer: WriterName | None = None
    on_text: OnText | None = None
    cancelled: Cancel = never
    made: dict[str, Draft] = field(default_factory=dict)
    spent: Usage = field(default_factory=Usage)

    # Drafts -----------------------------------------------------------------------------------------------------------

    def draft(self, work: Work, *, words: str = "", tool: str = "", given: str = "") -> Done:
        """The draft of a piece of work. Raises `CopilotError`."""
        brief = brief_of(work)
        draft = self.jobs.draft(
            work.job,
            brief,
            writer=self.writer,
            platform=work.platform or None,
            tone=work.tone or None,
            length=work.length,
            groups=work.groups or None,
            now=self.now,
            suffix=work.suffix,
            on_text=self.on_text,
            cancelled=self.cancelled,
        )
        self._count(draft)
        name = book()["jobs"][work.job]
        lead = words or (
            say("drafted_for", job=name, groups="、".join(work.groups)) if work.groups else say("drafted", job=name)
        )
        asked = asked_first(draft.missing)
        lines = [lead, *_conflicts(draft), *_asking(asked, len(draft.missing))]
        if blocking := [one for one in draft.findings if one.severity == "error"]:
            lines.append(say("blocking", count=len(blocking)))
        use = Use(
            tool=tool or TOOL[work.job],
            given=given or told(str(brief)),
            returned=f"{len(draft.text)} 字，缺 {len(draft.missing)} 样，矛盾 {len(draft.conflicts)} 处",
            draft=draft.id,
            citations=draft.citations,
        )
        return Done(
            "\n".join(lines),
            use,
            draft,
            work.model_copy(update={"draft": draft.id}),
            missing=asked,
            findings=_notices(draft),
        )

    def redraft(self, work: Work, changes: Sequence[Change] = (), *, words: str = "", **options: Any) -> Done:
        """The same work with what was said since. `options` are fields of `Work`."""
        changed = work.model_copy(update={**options, "changes": (*work.changes, *changes)})
        list_told = "；".join(changes_told(changes))
        return self.draft(
            changed,
            words=words or say("redrafted", changes=list_told),
            tool="redraft",
            given=list_told or "，".join(f"{key}={value}" for key, value in options.items()),
        )

    def digest(self, chat: str, source: str) -> Done:
        """The digest of a chat that stands in the turn `source`. Raises `CopilotError`."""
        draft = self.jobs.summarise_digest(
            chat, writer=self.writer, now=self.now, on_text=self.on_text, cancelled=self.cancelled
        )
        self._count(draft)
        totals = draft.structure.get("totals", {})
        owed = owed_in(draft)
        text = say(
            "digested",
            messages=totals.get("messages", 0),
            members=totals.get("members", 0),
            open=len(owed.questions),
            owed=len(owed.promises),
        )
        returned = f"{totals.get('messages', 0)} 条消息，{len(draft.structure.get('complaints', ()))} 起投诉"
        use = Use(tool="summarise_digest", given=f"聊天 {len(chat):,} 字", returned=returned, draft=draft.id)
        work = new_work("digest", source=source, draft=draft.id)
        return Done(text, use, draft, work, findings=_notices(draft))

    def handed_on(self, job: str, digests: Sequence[str], changes: Sequence[Change] = (), matter: str = "") -> Done:
        """What these digests hand on to another job, drafted. Raises `CopilotError`."""
        brief = self.jobs.handoff(job, *(self.found(name) for name in digests), matter=matter)
        return self.draft(new_work(job, brief=brief, changes=tuple(changes)), given="由上面的日报交来的简报")

    # What is looked up ------------------------------------------------------------------------------------------------

    def ask(self, question: str) -> Done:
        """The playbook's answer. Raises `CopilotError`."""
        answer = self.jobs.ask(question, writer=self.writer, on_text=self.on_text, cancelled=self.cancelled)
        self.spent = self.spent + answer.usage
        returned = f"{len(answer.citations)} 处原话" if answer.answerable else "手册没有讲到"
        use = Use(tool="ask", given=told(question), returned=returned, citations=answer.citations)
        return Done(answer.answer, use, citations=answer.citations, findings=answer.findings)

    def search(self, words: str) -> Done:
        """Sections of the playbook. Raises `CopilotError`."""
        found = self.jobs.search(words, 3)
        text = "\n\n".join(f"{hit.title} › {hit.section}\n{hit.text}" for hit in found.hits)
        cited = tuple(
            Citation(source=hit.source, section=hit.section, quote=hit.text, chunk_id=hit.chunk_id, rules=hit.rules)
            for hit in found.hits
        )
        returned = f"{len(found.hits)} 节" if found.answerable else "手册没有讲到，只有相近的"
        return Done(text, Use(tool="search", given=told(words), returned=returned, citations=cited), citations=cited)

    def check(self, text: str, platform: str = "") -> Done:
        """What to mend in a text."""
        found = self.jobs.check(text, platform=platform or None)
        if not found:
            return Done(say("check_none"), Use(tool="check", given=told(text), returned="没有发现问题"))
        lines = [say("check_some", count=len(found)), *(finding_line(one) for one in found)]
        return Done(
            "\n".join(lines),
            Use(tool="check", given=told(text), returned=f"{len(found)} 处"),
            findings=tuple(found),
        )

    def promises(self, digests: Sequence[str]) -> Done:
        """What was promised and is not done, and what nobody has answered: of these digests, or of the history's latest."""
        found = [self.found(name) for name in digests] or self._latest_digests()
        if not found:
            return Done(say("promises_none"), Use(tool="promises", given="历史里的日报", returned="没有日报"))
        each = [owed_in(draft) for draft in found]
        text = "\n".join(line for one in each for line in one.lines())
        returned = (
            f"{sum(len(one.promises) for one in each)} 件没办完，{sum(len(one.questions) for one in each)} 个问题没人回"
        )
        given = "、".join(one.group for one in each)
        return Done(text, Use(tool="promises", given=given, returned=returned, draft=found[-1].id))

    def why(self, work: Work) -> Done:
        """What the draft at hand rests on: the operator's words and the handbook's."""
        draft = self.found(work.draft)
        used = {name for row in draft.trace for name in row.facts}
        facts = {fact.text: fact for fact in draft.facts if fact.id in used}
        lines = [say("why_facts")] if facts else []
        lines += [
            say("why_fact", text=one.text, quote=told(one.origin.quote)) for one in list(facts.values())[:FACTS_SHOWN]
        ]
        if draft.citations:
            rows = [say("why_rule", section=one.section, quote=told(one.quote, 90)) for one in draft.citations]
            lines += [say("why_rules"), *rows[:RULES_SHOWN]]
        else:
            lines.append(say("why_none"))
        use = Use(
            tool="why", given=told(draft.text), returned=f"{len(draft.citations)} 处原话", citations=draft.citations
        )
        return Done("\n".join(lines), use, work=work, citations=draft.citations)

    def _count(self, draft: Draft) -> None:
        self.made[draft.id] = draft
        self.spent = self.spent + draft.usage

    def found(self, draft_id: str) -> Draft:
        """A draft of this conversation. Raises `StorageError`."""
        return self.made.get(draft_id) or self.jobs.store.draft(draft_id).draft

    def _latest_digests(self) -> list[Draft]:
        """The newest digest of each group in the history."""
        newest: dict[str, str] = {}
        for row in self.jobs.store.drafts(kind="digest", limit=30):
            newest.setdefault(row.group, row.id)
        found = []
        for name in newest.values():
            try:
                found.append(self.found(name))
            except NotKeptError:
                continue
        return found


def with_words(done: Done, *lines: str) -> Done:
    """The same with more to say at its end."""
    return replace(done, text="\n".join(filter(None, (done.text, *lines))))


def asks_for(work: Work, key: str, question: str) -> Done:
    """A piece of work that can't begin before the operator says more."""
    gap = Missing(key=key, question=question, placeholder="")
    return Done(question, work=work, missing=(gap,))


def _asking(asked: Sequence[Missing], total: int) -> list[str]:
    if not asked:
        return []
    lines = [say("ask_gaps", count=total), *(f"· {gap.question}" for gap in asked)]
    return lines + ([say("more_gaps", count=total - len(asked))] if total > len(asked) else [])


def _conflicts(draft: Draft) -> list[str]:
    return [say("conflict"), *(f"· {one.message}" for one in draft.conflicts)] if draft.conflicts else []


def _notices(draft: Draft) -> tuple[Finding, ...]:
    """What the operator should know of how the draft came about; what is wrong with its words stands with the draft."""
    return tuple(one for one in draft.findings if one.span is None and one.severity != "info")


def finding_line(one: Finding) -> str:
    """A finding in a line: the words, what is wrong with them, the fix."""
    quoted = f"“{one.span.text}” " if one.span and one.span.text not in one.message else ""
    return f"· {quoted}{one.message}{f' → {one.fix}' if one.fix else ''}"
