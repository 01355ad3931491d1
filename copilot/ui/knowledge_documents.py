"""The operator's documents on their page: what was added, how far its index is, what could not be read, and the way in."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from copilot import CopilotError
from copilot.playbook.documents import Document, Skipped
from copilot.playbook.library import Added, add_paths, add_upload, read_library, remove
from copilot.playbook.names import shown_name
from copilot.playbook.reports import report
from copilot.ui import desk, kept, markup, markup_digest, markup_kept, markup_knowledge, state, uploads
from copilot.ui.knowledge_shelf import Keeper, handbook, keeper
from copilot.ui.locales import t

SAMPLES = desk.EXAMPLES / "documents"
LEAF = 20  # documents on one page of the list
LOOK = 1.5  # seconds between looks while documents are read or vectors made


def draw() -> None:
    """The way in, how far the index is, and every document. Raises `PlaybookError`, `StorageError`."""
    library = read_library(state.copilot().settings).added
    shelf = keeper().shelf
    if not library:
        _nothing_yet()
    _way_in(is_empty=not library)
    progress()
    if shelf.documents or shelf.skipped:
        _head(len(shelf.documents), sum(chunk.source in shelf.documents for chunk in shelf.chunks.values()))
        _skipped(shelf.skipped)
        _list(library, tuple(shelf.documents.values()))
    _handbook()


def _nothing_yet() -> None:
    promises = [t(f"knowledge_promise.{name}") for name in ("formats", "clean", "cited", "local")]
    st.html(f'<div class="chat ghost">{markup.paragraph(t("knowledge.empty"))}{markup.notes(promises)}</div>')


# The way in -------------------------------------------------------------------------------------------------------


def _way_in(*, is_empty: bool) -> None:
    uploads.drop_zone("knowledge", state.KNOWLEDGE_UPLOADS, t("knowledge.upload"), _take, is_labelled=False)
    with st.container(horizontal=True, key="knowledge-actions", vertical_alignment="center"):
        with st.popover(t("knowledge.path"), type="tertiary", key=f"path-ask-{state.KNOWLEDGE_UPLOADS.get()}"):
            state.KNOWLEDGE_PATH.declare()
            st.text_input(
                t("knowledge.path_label"),
                key=state.KNOWLEDGE_PATH.name,
                placeholder=t("knowledge.path_example"),
                persist_state="session",
            )
            st.html(markup.paragraph(t("knowledge.path_help"), "quiet"))
            st.button(t("knowledge.path_add"), key="add-path", type="primary", on_click=_add_path)
        if is_empty:
            st.button(t("knowledge.samples"), key="samples", on_click=_add_samples)
        else:
            note = t("knowledge.rebuild_note")
            st.button(t("knowledge.rebuild"), key="rebuild", type="tertiary", help=note, on_click=keeper().follow)


def _take(files: Iterable[UploadedFile]) -> None:
    """Add what was dropped; a file that can't be kept costs only itself."""
    errors = []
    for one in files:
        try:
            add_upload(one.name, one.getvalue(), state.copilot().settings)
        except CopilotError as error:
            errors.append(error)
    state.KNOWLEDGE_ERRORS.set(tuple(errors))


def _add_path() -> None:
    typed = state.KNOWLEDGE_PATH.get().strip().strip("\"'")
    if typed and _add((Path(typed),)):
        state.KNOWLEDGE_PATH.set("")
        state.KNOWLEDGE_UPLOADS.set(state.KNOWLEDGE_UPLOADS.get() + 1)


def _add_samples() -> None:
    _add((SAMPLES,))


def _add(paths: Sequence[Path]) -> bool:
    state.KNOWLEDGE_ERRORS.set(())
    try:
        add_paths(paths, state.copilot().settings)
    except CopilotError as error:
        state.KNOWLEDGE_ERRORS.set((error,))
        return False
    return True


# How far the index is ---------------------------------------------------------------------------------------------


def progress() -> None:
    """How far reading and vectors are, looked at again until both are done; what was read meanwhile is then drawn."""
    at = keeper()
    going = at.is_reading or _pending(at) > 0
    with st.container(key="progress"):  # there also when empty: what stands below is not drawn anew when it goes
        st.fragment(_progress, run_every=LOOK if going else None)(at.followed, going=going)


def _progress(drawn: datetime | None, *, going: bool) -> None:
    at = keeper()
    if at.is_reading:
        st.html(markup_digest.progress(t("knowledge.reading"), None))
        return
    if at.followed != drawn:
        st.rerun()
    kept.notice(at.error)
    standing = at.standing()
    if standing and standing.pending:
        told = t("knowledge.embedding", done=standing.vectors, of=standing.passages)
        st.html(markup_digest.progress(told, standing.vectors / standing.passages))
        if standing.trouble:
            what, _, fix = standing.trouble.partition(" → ")
            kept.say(t("knowledge.trouble", what=what), fix)
    elif going:
        st.rerun()


def _pending(at: Keeper) -> int:
    standing = at.standing()
    return standing.pending if standing else 0


# The documents ----------------------------------------------------------------------------------------------------


def _head(documents: int, chunks: int) -> None:
    followed = keeper().followed
    at = t("knowledge.followed", at=f"{followed:%H:%M}") if followed else ""
    facts = " · ".join(filter(None, (t("knowledge.size", documents=documents, chunks=chunks), at)))
    st.html(markup.heading(t("knowledge.own")) + markup.paragraph(facts, "quiet"))


def _list(library: Sequence[Added], documents: Sequence[Document]) -> None:
    """The documents under what they came with; folders first named, then what is in them."""
    leaf = min(state.KNOWLEDGE_LEAF.get(), max(0, (len(documents) - 1) // LEAF))
    folders = {one.name: one for one in library if one.path.is_dir()}
    empty = [one for one in folders.values() if not any(_folder_of(document, folders) == one for document in documents)]
    with st.container(key="kept-list", gap=None):
        number = leaf * LEAF
        for folder, group in groupby(documents[number : number + LEAF], lambda one: _folder_of(one, folders)):
            if folder:
                _folder(folder, sum(_folder_of(one, folders) == folder for one in documents))
            for document in group:
                _row(number, document)
                number += 1
        for folder in empty if not keeper().is_reading else ():
            _folder(folder, 0)
    if len(documents) > LEAF:
        _leaves(leaf, more=(leaf + 1) * LEAF < len(documents))


def _folder_of(document: Document, folders: dict[str, Added]) -> Added | None:
    return folders.get(document.source.partition("/")[0])


def _folder(folder: Added, count: int) -> None:
    name = t("knowledge.sample_folder") if folder.path == SAMPLES.resolve() else folder.name
    with st.container(horizontal=True, key=f"folder-{folder.name}", vertical_alignment="center"):
        st.html(markup_knowledge.folder(name, shown_name(str(folder.path)), t("knowledge.folder_size", count=count)))
        removal(folder.name, t("knowledge.remove_note_folder"))


def removal(what: str, note: str) -> None:
    """The way to take something out, asked for once more."""
    with st.popover(t("knowledge.remove"), type="tertiary", key=f"remove-ask-{what}"):
        st.html(markup.paragraph(note, "what"))
        st.button(t("knowledge.remove_sure"), key=f"remove-{what}", on_click=_remove, args=(what,))


def _remove(what: str) -> None:
    state.KNOWLEDGE_ERRORS.set(())
    try:
        name = remove(what, state.copilot().settings)
    except CopilotError as error:
        state.KNOWLEDGE_ERRORS.set((error,))
        return
    state.KNOWLEDGE_OPEN.set("")
    st.toast(t("knowledge.removed", name=name))


def _row(number: int, document: Document) -> None:
    told = report(document)
    facts = [
        document.source if document.source != document.title else "",
        t("draft.count", count=f"{told.characters:,}"),
        t("knowledge.articles", count=len(told.articles)) if len(told.articles) > 1 else "",
        t("knowledge.dropped", count=len(told.dropped)) if told.dropped else "",
        t("knowledge.marked", count=len(told.marked)) if told.marked else "",
    ]
    tags = [t("knowledge.orders_tag")] if keeper().shelf.orders.get(document.source) else []
    with st.container(key=f"kept-{number}", gap=None):
        label = markup_kept.plain_label(document.title)
        opened = state.KNOWLEDGE_OPEN.set
        st.button(label, key=f"open-{document.source}", type="tertiary", on_click=opened, args=(document.source,))
        st.html(markup_kept.entry(facts, tags))


def _leaves(leaf: int, *, more: bool) -> None:
    turn = state.KNOWLEDGE_LEAF.set
    with st.container(horizontal=True, key="leaves", vertical_alignment="center"):
        st.button(t("knowledge.before"), key="before", disabled=not leaf, on_click=turn, args=(leaf - 1,))
        st.html(markup.paragraph(t("history.leaf", number=leaf + 1), "quiet"))
        st.button(t("knowledge.after"), key="after", disabled=not more, on_click=turn, args=(leaf + 1,))


def _skipped(found: Sequence[Skipped]) -> None:
    if not found:
        return
    with st.container(key="skipped", gap=None):
        st.html(markup.heading(t("knowledge.skipped"), len(found), "warning"))
        for one in found[:LEAF]:
            with st.container(horizontal=True, key=f"skipped-{one.source}", vertical_alignment="center"):
                st.html(markup_knowledge.skipped(one.source, one.reason))
                removal(one.source, t("knowledge.remove_note"))
        if rest := len(found[LEAF:]):
            st.html(markup.paragraph(t("knowledge.skipped_more", count=rest), "quiet"))


def _handbook() -> None:
    """The bundled handbook, by its chapters."""
    book = handbook()
    size = t("knowledge.handbook_size", documents=len(book.documents), chunks=len(book.chunks))
    st.html(markup.heading(t("knowledge.handbook")) + markup.paragraph(size, "quiet"))
    with st.expander(t("knowledge.chapters"), key="chapters"):
        st.html(markup.notes(document.title for document in book.documents.values()))
