"""A message on its way: taken from the field, answered, its words shown as they come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from copilot import CopilotError
from copilot.errors import Cancelled
from copilot.facts.intake import decode
from copilot.store import Attachment, Turn, Use
from copilot.ui import at_hand, kept, markup_chat, state
from copilot.ui.locales import t
from copilot.ui.state import Said

ID = "c"
"""The conversation's id in the page's address."""


def opened() -> str:
    """The conversation that is looked at, by the address or by what was open in this session; "" is a new one."""
    found = st.query_params.get(ID, "") or ("" if at_hand.is_named() else state.CHAT_OPEN.get())
    if found:
        go_to(found)
    else:
        state.CHAT_OPEN.set("")
    return found


def go_to(conversation: str) -> None:
    """Look at another conversation; "" begins one. What was said before stays where it was said."""
    state.CHAT_OPEN.set(conversation)
    at_hand.forget()
    if conversation:
        st.query_params[ID] = conversation
    elif ID in st.query_params:
        del st.query_params[ID]


def say(text: str, files: Sequence[Attachment] = ()) -> None:
    """Have a message answered when the page is drawn next."""
    state.CHAT_WANTED.set(Said(text, tuple(files)))
    state.CHAT_ERROR.set(None)


def say_input(value: Any) -> None:
    """The same, of what the field holds: words, files, or both. A file that is no text is told, and nothing is lost."""
    files: list[Attachment] = []
    trouble: CopilotError | None = None
    for file in value.files:
        try:
            text = decode(file.getvalue(), state.copilot().settings.max_input_bytes)
            files.append(Attachment(name=file.name, text=text))
        except CopilotError as error:
            trouble = error
    if value.text.strip() or files:
        say(value.text, files)
    state.CHAT_ERROR.set(trouble)


def stop() -> None:
    """Give up the answer that is under way; the message stays."""
    state.CHAT_WANTED.set(None)


def answer(wanted: Said) -> None:
    """Show the message, have it answered, and start the page over. What was asked stays asked if this is cut short."""
    now = datetime.now(state.copilot().settings.zone)
    st.html(_shown(Turn(id="", role="operator", text=wanted.text, at=now, files=wanted.files)))
    tools = st.container(key="uses-now")
    place = st.empty()
    st.button(t("chat.stop"), key="stop", type="tertiary", on_click=stop)
    words: list[str] = []

    def grow(piece: str = "") -> None:
        words.append(piece)
        place.html(_shown(Turn(id="", role="copilot", text="".join(words), at=now), growing=True))

    def used(use: Use) -> None:
        words.clear()  # what was said before a tool is no part of the answer
        tools.html(markup_chat.use(use))

    def cancelled() -> bool:
        grow()  # where the operator has pressed a button meanwhile, this is the place the run ends
        return state.CHAT_WANTED.get() is None

    grow()
    try:
        if not state.CHAT_OPEN.get() and (begun := at_hand.begin()):
            go_to(begun)
        reply = state.copilot().chat(
            wanted.text,
            conversation=state.CHAT_OPEN.get(),
            files=wanted.files,
            on_text=grow,
            on_use=used,
            on_begun=go_to,
            cancelled=cancelled,
        )
        state.CHAT_DRAFTS.set({**state.CHAT_DRAFTS.get(), **{draft.id: draft for draft in reply.drafts}})
        go_to(reply.conversation)
    except Cancelled:
        pass
    except CopilotError as error:
        state.CHAT_ERROR.set(error)
    state.CHAT_WANTED.set(None)
    st.rerun()


def _shown(turn: Turn, *, growing: bool = False) -> str:
    who = t("chat.you") if turn.role == "operator" else t("chat.copilot")
    return markup_chat.said(turn, who=who, unfold=t("chat.unfold"), growing=growing)


def trouble() -> None:
    """What went wrong last."""
    kept.notice(state.CHAT_ERROR.get())
