"""A question to the documents: the passages that a search finds, or an answer with its sources."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from copilot import Answer, CopilotError
from copilot.records import Hit
from copilot.ui import components, kept, markup, markup_digest, markup_kept, markup_knowledge, posts, state
from copilot.ui.knowledge_documents import progress
from copilot.ui.knowledge_shelf import handbook, place
from copilot.ui.knowledge_words import spots, terms
from copilot.ui.locales import t
from copilot.ui.markup_knowledge import Spots

FIRST = 5  # hits shown at once
MOST = 20
EXAMPLES = ("ads", "quiet", "leave")


def _field(label: str, key: str, on_asked: Callable[[], None]) -> None:
    """Where the question is typed: the same one for a search and an answer."""
    state.KNOWLEDGE_QUESTION.declare()
    with st.container(horizontal=True, key="question", vertical_alignment="bottom", wrap=False):
        st.text_input(
            t("knowledge.question"),
            key=state.KNOWLEDGE_QUESTION.name,
            placeholder=t("knowledge.question_example"),
            on_change=on_asked,
            label_visibility="collapsed",
            persist_state="session",
        )
        st.button(label, key=key, type="primary", on_click=on_asked)


def _nothing_yet(told: str, on_asked: Callable[[], None]) -> None:
    """Where the result will be, and some questions to begin with."""
    st.html(markup.paragraph(t("knowledge.try"), "quiet"))
    with st.container(horizontal=True, key="questions"):
        for name in EXAMPLES:
            question = t(f"knowledge_example.{name}")
            st.button(question, key=f"try-{name}", type="tertiary", on_click=_try, args=(question, on_asked))
    st.html(f'<div class="chat ghost">{markup.paragraph(told)}</div>')


def _try(question: str, on_asked: Callable[[], None]) -> None:
    state.KNOWLEDGE_QUESTION.set(question)
    on_asked()


def _spots(question: str) -> Spots:
    """Where the question's words stand in a text."""
    sections = [chunk.text for chunk in handbook().chunks.values()]
    return partial(spots, terms(question, sections))


def _show_hits(question: str, found: Sequence[Hit]) -> None:
    st.html(markup_knowledge.hits([(hit, place(hit.chunk_id)) for hit in found], _spots(question)))


# A search ---------------------------------------------------------------------------------------------------------


def search() -> None:
    """The passages for a question, best first. Raises `PlaybookError`, `StorageError`."""
    _field(t("knowledge.search"), "search", _look)
    progress()
    question = state.KNOWLEDGE_SEARCHED.get().strip()
    if not question:
        _nothing_yet(t("knowledge.search_empty"), _look)
        return
    shown = state.KNOWLEDGE_HITS.get()
    found = state.copilot().search(question, k=shown + 1)
    if not found.hits:
        kept.say(t("knowledge.nothing"), t("knowledge.not_covered_note"))
        return
    if found.answerable:
        st.html(markup.paragraph(t("knowledge.found"), "quiet"))
    else:
        kept.say(t("knowledge.not_covered"), t("knowledge.nearest"))
    _show_hits(question, found.hits[:shown])
    if len(found.hits) > shown and shown < MOST:
        more = state.KNOWLEDGE_HITS.set
        st.button(t("knowledge.more"), key="more-hits", type="tertiary", on_click=more, args=(shown + FIRST,))


def _look() -> None:
    state.KNOWLEDGE_SEARCHED.set(state.KNOWLEDGE_QUESTION.get())
    state.KNOWLEDGE_HITS.set(FIRST)


# An answer --------------------------------------------------------------------------------------------------------


def ask() -> None:
    """The answer to a question, and beside it what it rests on. Raises `PlaybookError`, `StorageError`."""
    _field(t("knowledge.ask"), "ask", _want)
    progress()
    if state.KNOWLEDGE_WANTED.get():
        _answer()
    answer = state.KNOWLEDGE_ANSWER.get()
    if answer is None:
        _nothing_yet(t("knowledge.ask_empty"), _want)
        return
    if answer.answerable:
        _answered(answer)
    else:
        kept.say(
            t("knowledge.not_covered"), t("knowledge.nearest") if answer.nearest else t("knowledge.not_covered_note")
        )
        _show_hits(answer.question, answer.nearest)


def _want() -> None:
    if state.KNOWLEDGE_QUESTION.get().strip():
        state.KNOWLEDGE_WANTED.set(True)


def _answer() -> None:
    """Have the question answered. What was asked stays asked if this is cut short."""
    place_ = st.empty()
    written: list[str] = []

    def grow(piece: str) -> None:
        written.append(piece)
        place_.html(markup_digest.progress(t("draft.count", count=len("".join(written))), None))

    place_.html(markup_digest.progress(t("knowledge.asking"), None))
    try:
        answer = state.copilot().ask(state.KNOWLEDGE_QUESTION.get().strip(), on_text=grow)
    except CopilotError as error:
        state.KNOWLEDGE_ERRORS.set((error,))
    else:
        state.KNOWLEDGE_ANSWER.set(answer)
        state.KNOWLEDGE_ERRORS.set(())
    state.KNOWLEDGE_WANTED.set(False)
    st.rerun()


def _answered(answer: Answer) -> None:
    centre, right = st.columns([1.5, 1], gap="large")
    with centre, st.container(key="answer"):
        with st.container(horizontal=True, key="answer-bar", vertical_alignment="center"):
            st.html(markup_kept.title(answer.question))
            components.copy_button(
                _for_clipboard(answer), lambda: posts.remember_copy(_for_clipboard(answer)), key="answer"
            )
        for found in answer.conflicts:
            st.html(markup.paragraph(t("dispute.told", topic=found.topic), "disputed"))
        st.html(markup_knowledge.answer(answer))
        author = t("answer.by_model", model=answer.usage.model) if answer.writer == "model" else t("answer.by_quotes")
        st.html(markup.paragraph(author, "quiet"))
        if beside := [one for one in answer.conflicts if not set(one.sides) <= set(answer.citations)]:
            st.html(markup.heading(t("dispute.title"), len(beside), "warning"))
            st.html("".join(map(markup_knowledge.dispute, beside)))
    with right, st.container(key="trust"):
        for told in answer.findings:
            st.html(markup.finding(told, t(f"finding.{told.severity}")))
        st.html(markup.heading(t("answer.sources"), len(answer.citations)))
        st.html(markup.paragraph(t("answer.sources_note"), "quiet"))
        cited = [(one, place(one.chunk_id, one.quote)) for one in answer.citations]
        st.html(markup_knowledge.citations(cited))
        if answer.nearest:
            st.html(markup.heading(t("answer.nearest")))
            _show_hits(answer.question, answer.nearest)


def _for_clipboard(answer: Answer) -> str:
    """The answer with where each number comes from."""
    sources = [f"[{number}] {one.source} › {one.section}" for number, one in enumerate(answer.citations, 1)]
    return "\n".join((answer.answer, "", t("answer.clipboard"), *sources)) if sources else answer.answer
