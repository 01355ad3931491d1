"""The conversations that are kept: found by any word, opened, renamed, forgotten."""

import streamlit as st

from copilot.store import Conversation, ConversationSummary
from copilot.ui import chat_run, kept, markup, state
from copilot.ui.locales import t

MOST = 30


def draw(shown: str) -> None:
    """A new conversation, a search, and those that are found, the latest first. Raises `StorageError`."""
    state.CHAT_SEARCH.declare()
    st.button(t("chat.new"), key="new", icon=":material/add:", width="stretch", on_click=chat_run.go_to, args=("",))
    search = st.text_input(
        t("chat.search"),
        key=state.CHAT_SEARCH.name,
        placeholder=t("chat.search"),
        label_visibility="collapsed",
        persist_state="session",
    )
    found = state.copilot().store.conversations(search or "", limit=MOST)
    if not found:
        st.html(markup.paragraph(t("chat.none_found") if search else t("chat.none_yet"), "quiet"))
    with st.container(key="conversations"):
        for row in found:
            _row(row, shown)


def _row(row: ConversationSummary, shown: str) -> None:
    st.button(
        row.title or row.id,
        key=f"conversation-{row.id}",
        type="secondary" if row.id == shown else "tertiary",
        width="stretch",
        help=kept.moment(row.updated),
        on_click=chat_run.go_to,
        args=(row.id,),
    )


def head(conversation: Conversation) -> None:
    """The conversation's name, and the way to change it or to forget all of it."""
    name = state.chat_title(conversation.id)
    if not name.get():
        name.set(conversation.title)
    with st.container(horizontal=True, key="talk-head", vertical_alignment="center"):
        st.html(f"{markup.heading(conversation.title)}")
        with st.popover(t("chat.manage"), type="tertiary", key="manage"):
            st.text_input(t("chat.title"), key=name.name, persist_state="session")
            st.button(t("chat.rename"), key="rename", on_click=_rename, args=(conversation.id,))
            st.html(markup.paragraph(t("chat.forget_note"), "quiet"))
            st.button(t("chat.forget"), key="forget", on_click=_forget, args=(conversation.id,))


def _rename(conversation: str) -> None:
    with kept.told(state.CHAT_ERROR):
        state.copilot().store.rename_conversation(conversation, state.chat_title(conversation).get())


def _forget(conversation: str) -> None:
    with kept.told(state.CHAT_ERROR):
        state.copilot().store.forget_conversation(conversation)
        chat_run.go_to("")
        st.toast(t("chat.forgotten"))
