"""The operator's own documents and the handbook: what is in them, searched, and asked."""

from pathlib import Path

import streamlit as st

from copilot import CopilotError
from copilot.ui import desk, kept, knowledge_document, knowledge_documents, knowledge_questions, state
from copilot.ui.knowledge_shelf import keeper
from copilot.ui.locales import t

FOLDER = Path(desk.__file__).parent
VIEWS = ("documents", "search", "ask")


def page() -> None:
    """The documents, a search in them, or an answer from them."""
    kept.header(t("knowledge.page"), t("knowledge.lead"))
    st.html(FOLDER / "digest.css")
    st.html(FOLDER / "knowledge.css")
    state.KNOWLEDGE_VIEW.declare()
    st.segmented_control(
        t("knowledge.view"),
        VIEWS,
        format_func=lambda name: t(f"knowledge_view.{name}"),
        key=state.KNOWLEDGE_VIEW.name,
        required=True,
        on_change=state.KNOWLEDGE_ERRORS.set,
        args=((),),
        label_visibility="collapsed",
        persist_state="session",
    )
    for error in state.KNOWLEDGE_ERRORS.get():
        kept.notice(error)
    try:
        keeper().look()
        _view()
    except CopilotError as error:
        kept.notice(error)


def _view() -> None:
    opened = keeper().shelf.documents.get(state.KNOWLEDGE_OPEN.get())
    match state.KNOWLEDGE_VIEW.get():
        case "search":
            knowledge_questions.search()
        case "ask":
            knowledge_questions.ask()
        case _ if opened:
            knowledge_document.draw(opened, keeper().shelf.orders.get(opened.source, ()))
        case _:
            knowledge_documents.draw()
