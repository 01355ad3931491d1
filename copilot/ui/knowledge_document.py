"""One document of the operator's: what was dropped and marked of it and why, to be decided otherwise, and the whole text."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from copilot import CopilotError
from copilot.playbook.documents import Document
from copilot.playbook.reports import Stretch, report
from copilot.ui import kept, knowledge_documents, markup, markup_kept, markup_knowledge, state
from copilot.ui.knowledge_shelf import keeper
from copilot.ui.locales import t

MORE = 30  # stretches shown at once
LEAF = 12_000  # characters of the text on one page
ORDERS = 3


def draw(document: Document, orders: Sequence[str]) -> None:
    """A document's report. Raises `StorageError`."""
    back = state.KNOWLEDGE_OPEN.set
    st.button(t("knowledge.back"), key="back", type="tertiary", icon=":material/arrow_back:", on_click=back, args=("",))
    told = report(document)
    with st.container(horizontal=True, key="document-head", vertical_alignment="center"):
        facts = [document.source, t("knowledge.kept_size", count=f"{told.characters:,}")]
        st.html(markup_kept.title(document.title) + markup_kept.entry(facts))
        knowledge_documents.removal(document.source, t("knowledge.remove_note"))
    knowledge_documents.progress()
    if orders:
        kept.say(t("knowledge.orders", count=len(orders)), t("knowledge.orders_note"))
        st.html(markup.notes(line[:120] for line in orders[:ORDERS]))
    if told.notes:
        st.html(markup.notes(told.notes))
    if len(told.articles) > 1:
        st.html(markup.heading(t("knowledge.articles", count=len(told.articles))) + markup.notes(told.articles))
    groups = {"dropped": told.dropped, "marked": told.marked, "kept": told.kept}
    names = [t(f"stretches.{name}") for name in groups]
    labels = [f"{name} · {len(found)}" for name, found in zip(names, groups.values(), strict=True)]
    *tabs, text = st.tabs([*labels, t("knowledge.text")], key="document-tabs")
    for tab, (name, found) in zip(tabs, groups.items(), strict=True):
        with tab:
            note = t(f"stretches_note.{name}") if found else t(f"stretches_none.{name}")
            st.html(markup.paragraph(note, "quiet"))
            _stretches(document, name, found)
    with text:
        _text(document)


def _stretches(document: Document, name: str, found: Sequence[Stretch]) -> None:
    shown = state.knowledge_stretches(document.source, name)
    actions: tuple[Literal["keep", "drop"], ...] = ("keep", "drop")
    offered = [action for action in actions if (action, name) not in (("keep", "kept"), ("drop", "dropped"))]
    for one in found[: shown.get()]:
        blemish = document.blemishes[one.number - 1]
        with st.container(horizontal=True, key=f"stretch-{one.number}", vertical_alignment="top"):
            st.html(markup_knowledge.stretch(one, document.text[blemish.start : blemish.end].strip()))
            for action in offered:
                key = f"{action}-{one.number}"
                label = t(f"decide.{action}")
                st.button(label, key=key, type="tertiary", on_click=_decide, args=(document, one.number, action))
    if rest := len(found[shown.get() :]):
        label = t("digest.more_claims", count=rest)
        st.button(label, key=f"more-{name}", type="tertiary", on_click=shown.set, args=(shown.get() + MORE,))


def _decide(document: Document, number: int, action: Literal["keep", "drop"]) -> None:
    state.KNOWLEDGE_ERRORS.set(())
    try:
        keeper().decide(document, number, action)
    except CopilotError as error:
        state.KNOWLEDGE_ERRORS.set((error,))
    else:
        st.toast(t(f"decided.{action}"))


def _text(document: Document) -> None:
    """The whole text as it was read, in pages."""
    leaves = -(-len(document.text) // LEAF)
    leaf = st.number_input(t("digest.leaf", of=leaves), 1, leaves, 1, key="text-leaf") if leaves > 1 else 1
    start = (leaf - 1) * LEAF
    st.html(markup_knowledge.whole(document, start, min(start + LEAF, len(document.text))))
