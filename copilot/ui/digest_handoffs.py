"""From a digest to the next job: a grievance to a crisis reply, open questions to an announcement, the week to a plan."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from copilot import CopilotError, Draft
from copilot.tasks.digest.handoffs import handoff_brief, source_of
from copilot.ui import desk, profiles, reuse, state
from copilot.ui.locales import t
from copilot.ui.pages import announcement, crisis_reply, weekly_plan
from copilot.ui.structures import rows, words

_PAGES = {"crisis-reply": crisis_reply, "announcement": announcement, "weekly-plan": weekly_plan}
LONGEST = 40


def reply(draft: Draft) -> None:
    """The grievance that is chosen, or the only one, goes to a crisis reply with its evidence."""
    found = {words(row, "id"): words(row, "summary") for row in rows(draft.structure, "complaints")}
    if not found:
        return
    matter = next(iter(found))
    with st.container(horizontal=True, key="hand-reply", vertical_alignment="center"):
        if len(found) > 1:
            matter = st.selectbox(
                t("handoff.which"),
                list(found),
                format_func=lambda name: found[name][:LONGEST],
                key=f"matter-{draft.id}",
                label_visibility="collapsed",
                width=320,
            )
        _offer("crisis-reply", t("handoff.reply"), (draft,), matter)


def answers(draft: Draft) -> None:
    """The open questions go to an announcement that answers them."""
    if rows(draft.structure, "unanswered"):
        with st.container(horizontal=True, key="hand-answers"):
            _offer("announcement", t("handoff.answers"), (draft,))


def plan(drafts: Sequence[Draft]) -> None:
    """The digests go to the next weekly plan."""
    with st.container(horizontal=True, key="hand-plan"):
        _offer("weekly-plan", t("handoff.plan"), tuple(drafts))


def _offer(job: str, label: str, drafts: tuple[Draft, ...], matter: str = "") -> None:
    at = _PAGES[job].DESK
    lay = partial(_lay, job, drafts, matter)
    pressed = reuse.button(label, at.keys, lay, key=f"hand-{job}", text="", job=at.says("page"), kind="secondary")
    if pressed and not state.DIGEST.error.get():
        st.switch_page(st.Page(_PAGES[job].page, url_path=at.keys.name))


def _lay(job: str, drafts: tuple[Draft, ...], matter: str) -> None:
    """Lay the brief on the other job's desk; what stands in the way is told here."""
    state.DIGEST.error.set(None)
    settings = state.copilot().settings
    try:
        brief = handoff_brief(job, [source_of(one, settings) for one in drafts], matter)
    except CopilotError as error:
        state.DIGEST.error.set(error)
        return
    desk.open_with(_PAGES[job].DESK.keys, profiles.dump(brief).strip(), suffix=".yaml")
