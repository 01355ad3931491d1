"""Chatting with the copilot: say what is to be done, see it done with its tools and sources, copy what is to be sent."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from copilot import CopilotError
from copilot.endpoints import endpoints
from copilot.errors import NotKeptError
from copilot.store import Conversation
from copilot.ui import at_hand, chat_list, chat_run, chat_thread, kept, markup, state
from copilot.ui.locales import t

STYLES = Path(chat_run.__file__).parent / "chat.css"
TYPES = ["txt", "md", "csv", "json", "yaml", "yml", "html", "htm"]
EXAMPLES = ("notice", "fire", "question", "chat")
NEXT = {
    "announcement": ("shorter", "formal", "why"),
    "weekly-plan": ("why",),
    "crisis-reply": ("shorter", "why"),
    "digest": ("owed", "answers", "week"),
}  # what is often said of a draft that is open, by its kind


def page() -> None:
    """Centre: the conversation. Right: those that are kept."""
    kept.header(t("chat.page"), t("chat.lead"))
    st.html(STYLES)
    shown = chat_run.opened()
    # Out here it stands at the foot of the window, and what is typed in it outlives every rerun.
    value = st.chat_input(t("chat.placeholder"), key="chat-input", accept_file="multiple", file_type=TYPES)
    if value:
        chat_run.say_input(value)
    centre, right = st.columns([2.6, 1], gap="large")
    try:
        with right, st.container(key="talks"):
            chat_list.draw(shown)
        with centre, st.container(key="thread"):
            _thread(shown)
    except CopilotError as error:
        kept.notice(error)


def _thread(shown: str) -> None:
    conversation = _found(shown)
    if conversation:
        chat_list.head(conversation)
        chat_thread.draw(conversation)
    elif begun := _at_hand():
        chat_thread.draw(begun)
        _say(NEXT.get(begun.turns[0].works[-1].job if begun.turns[0].drafts else "", ()))
    elif not state.CHAT_WANTED.get():
        _nothing_yet()
    chat_run.trouble()
    if wanted := state.CHAT_WANTED.get():
        chat_run.answer(wanted)


def _found(shown: str) -> Conversation | None:
    """The conversation that is looked at; one that is gone makes room for a new one."""
    if not shown:
        return None
    try:
        return state.copilot().store.conversation(shown)
    except NotKeptError:
        chat_run.go_to("")
        return None


def _at_hand() -> Conversation | None:
    """What was open on the page that the operator came from; what is gone makes room for a new conversation."""
    try:
        return at_hand.begun()
    except NotKeptError:
        chat_run.go_to("")
        return None


def _say(names: Sequence[str]) -> None:
    """Things to say, each by a click."""
    with st.container(horizontal=True, key="examples"):
        for name in names:
            text = t(f"chat_example.{name}")
            label = t(f"chat_example_name.{name}")
            st.button(label, key=f"try-{name}", type="tertiary", help=text, on_click=chat_run.say, args=(text,))


def _nothing_yet() -> None:
    """What can be said, and what a model would add."""
    st.html(f'<div class="chat ghost">{markup.paragraph(t("chat.empty"))}</div>')
    _say(EXAMPLES)
    if not endpoints(state.copilot().settings):
        st.html(markup.paragraph(t("chat.model_would"), "quiet"))
