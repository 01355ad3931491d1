"""The announcement: brief in, draft out, and beside it why it can be trusted."""

import streamlit as st

from copilot.ui import desk, messages, posts, state, trust

DESK = desk.Desk(state.ANNOUNCEMENT, lambda copilot: copilot.draft_announcement, desk.EXAMPLES / "brief.txt")


def page() -> None:
    """Centre: the brief and what will be sent. Right: why it can be trusted. On a phone, one under the other."""
    desk.header(DESK)
    centre, right = st.columns([1.7, 1], gap="large")
    with centre:
        desk.brief(DESK)
        if draft := DESK.keys.draft.get():
            posts.post(DESK, draft, messages.messages(draft)[0])
            posts.written_by(DESK, draft)
        else:
            posts.nothing_yet(DESK)
    with right, st.container(key="trust"):
        trust.column(DESK)
