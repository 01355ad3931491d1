"""The operator's own documents as the page shows them, kept for all sessions of this server and brought up to date beside them.

Reading goes on in a thread of its own; vectors come in the background after it. Neither holds a page up.
"""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import Literal, NamedTuple

import streamlit as st

from copilot import CopilotError, Settings
from copilot.chat.signals import suspicious
from copilot.playbook.chunking import Chunk, find_quote, locate
from copilot.playbook.documents import Document, Skipped
from copilot.playbook.embedding import default_embedder
from copilot.playbook.index import PlaybookIndex, Status
from copilot.playbook.library import library_fingerprint, library_index, read_library
from copilot.playbook.overruling import overrule
from copilot.playbook.shipped import bundled_passages
from copilot.ui import state


class Place(NamedTuple):
    """Where words stand in a document: stretches (start, end) of its text, in order; at least one.

    `is_ours` where it is a chapter of the bundled handbook.
    """

    document: Document
    spans: tuple[tuple[int, int], ...]
    is_ours: bool = False

    @property
    def start(self) -> int:
        """Where the first stretch starts."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """Where the last one ends."""
        return self.spans[-1][1]

    @property
    def lines(self) -> tuple[int, int]:
        """The first and the last line, from 1."""
        first = self.document.text.count("\n", 0, self.start) + 1
        return first, first + self.document.text.count("\n", self.start, self.end)


@dataclass(frozen=True)
class Shelf:
    """Documents by their source, the chunks that a search finds by their id, what gives orders to an assistant in a
    document, and what was left out.
    """

    documents: Mapping[str, Document] = field(default_factory=dict)
    chunks: Mapping[str, Chunk] = field(default_factory=dict)
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    skipped: tuple[Skipped, ...] = ()
    is_ours: bool = False

    def place(self, chunk_id: str, quote: str = "") -> Place | None:
        """Where a chunk stands in its document, or a quote from it; None when it is not on the shelf (any more)."""
        chunk = self.chunks.get(chunk_id)
        document = self.documents.get(chunk.source) if chunk else None
        if chunk is None or document is None:
            return None
        span = find_quote(chunk, quote) if quote else (0, len(chunk.text))
        spans = locate(chunk, *span) if span else ()
        return Place(document, spans, self.is_ours) if spans and spans[-1][1] <= len(document.text) else None


class Keeper:
    """Keeps the shelf of the library. Safe to use from several sessions."""

    def __init__(self, settings: Settings) -> None:
        self.shelf = Shelf()
        self.error: CopilotError | None = None
        self.followed: datetime | None = None
        self._settings = settings
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="library")
        self._waiting = False
        self._running: Future[None] | None = None
        self._seen: object = None
        self._standing: Status | None = None

    @property
    def is_reading(self) -> bool:
        """Whether the documents are being looked at."""
        if self._running is None or not self._running.done():
            return self._running is not None
        self._running.result()
        return False

    def look(self) -> None:
        """Follow if anybody has added, edited or removed something since. Raises what reading the library raises."""
        seen = library_fingerprint(self._settings)
        if self._running is None or seen != self._seen:
            self._seen = seen
            self.follow()

    def follow(self) -> None:
        """Have every document looked at again, and what is new or was edited read; returns at once."""
        with self._lock:
            if not self._waiting:  # one that has not begun will see this change too
                self._waiting = True
                self._standing = None
                self._running = self._pool.submit(self._follow)

    def wait(self) -> None:
        """Wait until the documents are read."""
        while self.is_reading:
            assert self._running is not None
            self._running.result()

    def close(self) -> None:
        """Read what is asked for to its end, and nothing more."""
        self._pool.shutdown()

    def decide(self, document: Document, number: int, action: Literal["keep", "drop"]) -> None:
        """Put a decision of the operator's on a blemish (its number in the report) in force. Raises as `overrule` does."""
        decided = overrule(self._settings, document, number, action)
        with self._lock:
            self.shelf = replace(self.shelf, documents={**self.shelf.documents, document.source: decided})
        self.follow()

    def standing(self) -> Status | None:
        """How the index stands; None while the documents are read, and when there are none. Raises as `PlaybookIndex` does."""
        if self.is_reading or not self.shelf.documents:
            return None
        known = self._standing
        if known is None or known.pending:
            known = self._standing = self._index().status()
        return known

    def _index(self) -> PlaybookIndex:
        return library_index(self._settings, default_embedder(self._settings))

    def _follow(self) -> None:
        with self._lock:
            self._waiting = False
        try:
            shelf = self._read() if read_library(self._settings).added else Shelf()
        except CopilotError as error:
            self.error = error
            return
        with self._lock:
            self.shelf, self.error = shelf, None
            self.followed = datetime.now(self._settings.zone)

    def _read(self) -> Shelf:
        index, known = self._index(), self.shelf
        snapshot = index.open()
        documents = {document.source: document for document in index.documents()}
        orders = {
            source: known.orders[source]
            if source in known.orders and known.documents[source].sha256 == document.sha256
            else tuple(line.strip() for line in document.text.split("\n") if line.strip() and suspicious(line))
            for source, document in documents.items()
        }
        return Shelf(documents, {chunk.chunk_id: chunk for chunk in snapshot.chunks}, orders, index.status().skipped)


@st.cache_resource(show_spinner=False)
def keeper() -> Keeper:
    """The keeper of this server."""
    return Keeper(state.copilot().settings)


@st.cache_resource(show_spinner=False)
def handbook() -> Shelf:
    """The bundled handbook as a shelf. Raises `PlaybookError` when it can't be read."""
    documents, chunks, _ = bundled_passages(state.copilot().settings)
    by_source = {document.source: document for document in documents}
    return Shelf(by_source, {chunk.chunk_id: chunk for chunk in chunks}, is_ours=True)


def place(chunk_id: str, quote: str = "") -> Place | None:
    """Where a hit or a citation stands, in the operator's documents or in the handbook."""
    return keeper().shelf.place(chunk_id, quote) or handbook().place(chunk_id, quote)
