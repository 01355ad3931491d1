"""What outlives a page that is loaded afresh, page by page: what is typed and chosen, and what lies on the desk.

The browser's tab keeps words, choices and the names of drafts; the drafts themselves come from the history.
"""

from collections.abc import Iterator
from typing import Any

from copilot import CopilotError, Draft
from copilot.tasks.weekly_plan.redrafting import revise_draft
from copilot.ui import digests, profiles, state
from copilot.ui.digest_run import Digested
from copilot.ui.messages import messages
from copilot.ui.remember import remember
from copilot.ui.state import Key

JOBS = {job.name: job for job in (state.ANNOUNCEMENT, state.WEEKLY_PLAN, state.CRISIS_REPLY, state.DIGEST)}
OWN: dict[str, tuple[Key[Any], ...]] = {
    "weekly_plan": (state.PLAN_VIEW, state.PLAN_SLOT, state.PLAN_GROUP, state.PLAN_OWNER, state.PLAN_MOVED),
    "crisis_reply": (state.CRISIS_NEWS,),
    "digest": (
        state.DIGEST_GROUP,
        state.DIGEST_OPERATOR,
        state.DIGEST_STAFF,
        state.DIGEST_DATES,
        state.DIGEST_FOCUS,
        state.DIGEST_RULES,
        state.DIGEST_READ_AS,
    ),
    "knowledge": (state.KNOWLEDGE_VIEW, state.KNOWLEDGE_QUESTION, state.KNOWLEDGE_SEARCHED, state.KNOWLEDGE_PATH),
    "history": (state.HISTORY_TEXT, state.HISTORY_JOB, state.HISTORY_GROUP, state.HISTORY_SENT, state.HISTORY_OPEN),
}


def page(name: str) -> None:
    """Keep what is typed and open on a page; where the session is new, have it back."""
    own, prefix = OWN.get(name, ()), f"{name}."
    if job := JOBS.get(name):
        drafts = _open(job)
        job.laid.set(tuple(draft.id for draft in drafts))
        keys = (*own, *_typed(job), *(key for draft in drafts for key in _answered(job, draft)))
        remember(f"{name}-typed", keys, family=prefix, reopen=lambda: _reopen(job))
    elif name == "groups":
        remember("groups-typed", (state.GROUPS_OPEN, *_form()), family=prefix, reopen=_reopen_group)
    elif name == "chat":
        remember("chat-typed", (state.CHAT_SEARCH,), family=prefix, held="chat-input")
    elif own:
        remember(f"{name}-typed", own)


# The desks --------------------------------------------------------------------------------------------------------


def _open(job: state.Job) -> tuple[Draft, ...]:
    if job is state.DIGEST:
        return tuple(one.draft for one in state.DIGEST_DONE.get() if one.draft)
    return tuple(filter(None, [job.draft.get()]))


def _typed(job: state.Job) -> tuple[Key[Any], ...]:
    options = (job.tone, job.platform, job.length, job.writer, job.today)
    return job.brief, job.format, *options, job.published, job.laid, job.edits


def _answered(job: state.Job, draft: Draft) -> Iterator[Key[Any]]:
    """Where answers, corrections and other words for a draft's messages are typed."""
    for gap in draft.missing:
        yield job.answer(gap.key)
    for number, conflict in enumerate(draft.conflicts):
        yield from (job.correction(draft.id, number, index) for index in range(len(conflict.origins)))
    for part in messages(draft):
        if job.editing(part.name).get():
            yield from (job.editing(part.name), job.edited(part.name))


def _reopen(job: state.Job) -> None:
    """Lay the drafts out again as they were: with what was moved in them, and their edited words checked again."""
    drafts = []
    for name in job.laid.get():
        try:
            drafts.append(_as_it_was(job, name))
        except CopilotError:  # forgotten meanwhile, or not readable: its brief is there
            continue
    if not drafts:
        return
    job.brief_open.set(False)
    if job is state.DIGEST:
        state.DIGEST_DONE.set(tuple(Digested(digests.group_of(draft), draft) for draft in drafts))
    if job is not state.DIGEST or len(drafts) == 1:
        job.draft.set(drafts[0])


def _as_it_was(job: state.Job, name: str) -> Draft:
    copilot = state.copilot()
    draft = copilot.store.draft(name).draft
    if job is state.WEEKLY_PLAN and (moved := state.PLAN_MOVED.get().get(name)):
        draft = revise_draft(draft, moved, copilot.settings.zone)
    for part, text in job.edits.get().get(name, {}).items():
        draft = copilot.recheck(draft, text, part or None)
    return draft


# A group's form ---------------------------------------------------------------------------------------------------


def _form() -> tuple[Key[Any], ...]:
    """The fields of the form that is open, and what they are changes to."""
    if state.GROUPS_OPEN.get() is None:
        return ()
    form = state.GroupForm(state.GROUPS_OPEN.get() or "")
    fields = tuple(form.field(name) for name in profiles.FIELDS if name != "staff")
    people = tuple(form.person(row, name) for row in form.people.get() for name in profiles.PERSON)
    return form.based_on, form.people, *fields, *people


def _reopen_group() -> None:
    """What the form was filled from is the version that it was based on."""
    form = state.GroupForm(state.GROUPS_OPEN.get() or "")
    form.people.set(tuple(form.people.get()))
    if not form.based_on.get():
        return
    try:
        kept = state.copilot().store.group_versions(form.group)
    except CopilotError:  # forgotten meanwhile: what is typed begins a new one
        form.based_on.set(0)
        return
    form.filled.set(next((one.profile for one in kept if one.version == form.based_on.get()), None))
