"""The ways out of the home page: each line leads to the place where it is dealt with."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from copilot import Draft
from copilot.agenda.plans import plan_in_force
from copilot.agenda.records import Happened, Matter, PlannedSlot
from copilot.ui import archive, briefs, desk, kept, markup_kept, profiles, reuse, state
from copilot.ui.locales import t
from copilot.ui.pages import announcement, digest, history, weekly_plan
from copilot.ui.today_words import line


def to_messages(one: Matter | Happened, text: str, *, key: str) -> None:
    """A line that opens the digest at the messages behind it."""
    names = one.messages if isinstance(one, Matter) else (one.message,)

    def lay() -> None:
        digest.lay(state.copilot().store.draft(one.digest).draft)
        state.DIGEST_LOOK.set((text, names))

    if _pressed(text, lay, key):
        archive.go_to("digest")


def to_plan(one: PlannedSlot, *, key: str) -> None:
    """A line that opens the plan at its slot."""
    if _pressed(one.action, partial(lay_plan, one), key):
        archive.go_to("weekly-plan")


def to_draft(draft_id: str, title: str, *, key: str) -> None:
    """A line that opens a kept draft."""
    if _pressed(title or draft_id, partial(archive.open_draft, draft_id), key):
        st.switch_page(st.Page(history.page, url_path="history"))


def hand_on(job: str, one: Matter, *, key: str) -> None:
    """A button that lays a matter, or its digest's open questions, on another job's desk."""
    at = archive.DESKS[job]

    def lay() -> None:
        copilot = state.copilot()
        brief = copilot.handoff(job, copilot.store.draft(one.digest).draft, matter=one.key)
        desk.open_with(at.keys, profiles.dump(brief).strip(), suffix=".yaml")

    label = t("today.reply") if job == "crisis-reply" else t("today.answer")
    if reuse.button(label, at.keys, _guarded(lay), key=key, text="", job=at.says("page"), kind="secondary"):
        _leave(job)


def announce(one: PlannedSlot, *, key: str) -> None:
    """A button that opens the announcement of a slot, filled in."""
    at, text = announcement.DESK, briefs.as_text(one.brief)
    lay = partial(desk.open_with, at.keys, text)
    if reuse.button(t("plan.announce"), at.keys, lay, key=key, text=text, job=at.says("page"), kind="secondary"):
        _leave("announcement")


def begin(job: str, *, sample: bool) -> None:
    """A button that goes to a job's page, or (`sample`) there with the sample laid on it."""
    at = archive.DESKS[job]
    label = t("brief.sample") if sample else at.says("write")
    free = sample and not at.keys.brief.get().strip()
    lay = partial(desk.show_sample, at) if free else None
    if st.button(label, key=f"begin-{job}-{sample}", type="tertiary" if sample else "secondary", on_click=lay):
        archive.go_to(job)


def lay_plan(one: PlannedSlot) -> None:
    """Lay the plan of a slot on its desk, with that slot open. What is typed there and not drafted yet stays."""
    keys = weekly_plan.DESK.keys
    now = keys.draft.get()
    if now is None or now.id != one.plan:  # one that is open already may have been changed since
        store = state.copilot().store
        draft = plan_in_force(store.draft(one.plan), store)
        if not keys.brief.get().strip() or _drafted(keys, now):
            text, suffix = reuse.brief_of(draft.request)
            desk.open_with(keys, text, suffix=suffix)
            keys.brief_open.set(False)
        keys.earlier.set(now)
        desk.show(weekly_plan.DESK, draft)
        state.PLAN_EDITION.set(state.PLAN_EDITION.get() + 1)
    state.PLAN_GROUP.set("")
    state.PLAN_OWNER.set("")
    state.PLAN_SLOT.set(one.slot)


def _drafted(keys: state.Job, draft: Draft | None) -> bool:
    """Whether what is typed is what the draft was made from."""
    return draft is not None and keys.brief.get().strip() == reuse.brief_of(draft.request)[0].strip()


def _pressed(text: str, lay: Callable[[], None], key: str) -> bool:
    label = markup_kept.plain_label(line(text))
    pressed = st.button(label, key=f"go-{key}", type="tertiary", on_click=_guarded(lay))
    return pressed and state.TODAY_ERROR.get() is None


def _guarded(lay: Callable[[], None]) -> Callable[[], None]:
    """With what goes wrong told on the home page."""

    def run() -> None:
        with kept.told(state.TODAY_ERROR):
            lay()

    return run


def _leave(job: str) -> None:
    if state.TODAY_ERROR.get() is None:
        archive.go_to(job)
