"""The chat at hand: one click from every page, with what is open there as what the conversation begins with.

What that is stands in the page's address (`about` a draft, each of several, or `group`), so that it outlives a reload;
nothing is kept before something is said.
"""

import uuid
from datetime import datetime

import streamlit as st

from copilot import Draft
from copilot.conversation.at_hand import opening
from copilot.store import Conversation
from copilot.ui import state
from copilot.ui.locales import t

ABOUT, GROUP = "about", "group"
DESKS = {job.name: job for job in (state.ANNOUNCEMENT, state.WEEKLY_PLAN, state.CRISIS_REPLY, state.DIGEST)}


def button(page: str, chat: st.Page) -> None:
    """The way from `page` to the chat, in the corner of the page."""
    drafts, group = _open_on(page)
    label = t(f"at_hand.{'draft' if drafts else 'group' if group else 'none'}")
    if st.button(label, key="at-hand", icon=":material/chat_bubble_outline:", help=t("at_hand.help")):
        here = {name: draft for name, draft in drafts.items() if draft}
        state.CHAT_DRAFTS.set({**state.CHAT_DRAFTS.get(), **here})
        state.CHAT_OPEN.set("")
        st.switch_page(chat, query_params={ABOUT: list(drafts)} if drafts else {GROUP: group} if group else {})


def _open_on(page: str) -> tuple[dict[str, Draft | None], str]:
    """The drafts that lie open on a page, by id (None: only in the history), or the group that is looked at there."""
    if page == "groups":
        return {}, state.GROUPS_OPEN.get() or ""
    if page == "history":
        return dict.fromkeys(filter(None, [state.HISTORY_OPEN.get()])), ""
    job = DESKS.get(page)
    shown = job.draft.get() if job else None
    if page == "digest" and shown is None:
        return {one.draft.id: one.draft for one in state.DIGEST_DONE.get() if one.draft}, ""
    return ({shown.id: shown} if shown else {}), ""


def begun() -> Conversation | None:
    """The conversation that would begin with what the address names, or None. It is not kept. Raises `CopilotError`."""
    names, group = st.query_params.get_all(ABOUT), st.query_params.get(GROUP, "")
    if not names and not group:
        return None
    store, now = state.copilot().store, datetime.now(state.copilot().settings.zone)
    if not names:
        title = store.group(group).profile.name
        turn = opening(group=group, at=now)
    else:
        drafts = [store.draft(name).draft for name in names]
        turn = opening(drafts, edited=len(store.versions(drafts[-1].id)) > 1, at=now)
        title = next(line.strip(" ▍") for line in drafts[-1].text.splitlines() if line.strip())
    return Conversation(id=uuid.uuid4().hex[:12], title=title, created=now, updated=now, turns=(turn,))


def begin() -> str:
    """Keep that conversation, as something is said in it; its id, or "" where none begins. Raises `CopilotError`."""
    conversation = begun()
    if conversation is None:
        return ""
    state.copilot().store.keep_conversation(conversation)
    return conversation.id


def is_named() -> bool:
    """Whether the address names something to talk about."""
    return ABOUT in st.query_params or GROUP in st.query_params


def forget() -> None:
    """Take it out of the address."""
    for name in (ABOUT, GROUP):
        st.query_params.pop(name, None)
