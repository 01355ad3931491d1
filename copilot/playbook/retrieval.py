"""Search: a playbook kept ready in memory and brought up to date as its documents change, asked one question at a time."""

import threading
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from copilot.errors import EmptyInputError, UsageError
from copilot.playbook.documents import fingerprint
from copilot.playbook.embedding import Embedder, default_embedder
from copilot.playbook.index import PlaybookIndex, kept_index, open_playbook
from copilot.playbook.lexical import fold
from copilot.playbook.library import library_fingerprint, library_index, library_snapshot, without_tilde
from copilot.playbook.overruling import decisions_stamp
from copilot.playbook.passages import Snapshot
from copilot.playbook.ranking import Bridge, Found, Retriever
from copilot.playbook.shipped import bundled_folder
from copilot.records import Hit, SearchResult
from copilot.settings import Settings

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

_LONGEST = 2000  # characters of a question that are looked at
_KEPT = 8  # playbooks kept in memory
_ARRIVING, _SELDOM = 1.0, 10.0  # seconds between looks while vectors are still to come
_OPENING = 0.02  # and the share of time that opening it anew may take then
_PATIENCE = 1.5  # seconds that a search waits for the vectors it needs most
_LOOKING, _MUCH = 0.005, 0.05  # the share of time that looking for changed files takes, and may take at most
_SOON = 2.0  # seconds until a change is seen, where looking takes no more than that
_BRIDGED = 0.85  # what a hit counts in a playbook that only says what the handbook advises
_UNCOVERED = 0.5  # what a hit counts that comes from a playbook which does not cover the question


class _Kept:
    """A playbook kept in memory, and when its files were last looked at."""

    def __init__(
        self,
        look: Callable[[], object],
        open_: Callable[[], Snapshot | None],
        index: Callable[[], PlaybookIndex],
        settings: Settings,
        embedder: Embedder,
    ) -> None:
        self._look, self._open, self._index = look, open_, index
        self._settings, self._embedder = settings, embedder
        self._lock = threading.Lock()
        self._state: tuple[object, Retriever | None] | None = None
        self._look_again = 0.0

    def retriever(self) -> Retriever | None:
        """The playbook as its files are now; while one thread brings it up to date, the others get it as it was.

        Looking takes little of the time, so a change in a large folder is seen a little later.
        """
        state = self._state
        if not self._lock.acquire(blocking=state is None) and state is not None:
            return state[1]
        try:
            if self._state is not None and time.monotonic() < self._look_again:
                return self._state[1]
            began = time.monotonic()
            seen = self._look()
            looked = time.monotonic() - began
            self._look_again = time.monotonic() + max(min(looked / _LOOKING, _SOON), looked / _MUCH)
            if self._state is None or self._state[0] != seen:
                ready = self._made(self._open())
                self._state = (seen, ready)
                if ready and ready.pending:
                    self._state = (None, ready)
                    opened = time.monotonic() - began
                    self._look_again = time.monotonic() + min(max(_ARRIVING, opened / _OPENING), _SELDOM)
            return self._state[1]
        finally:
            self._lock.release()

    def ready_for(self, question: str) -> Retriever | None:
        """The playbook with, where vectors are still to come, those of what the question's words find: a moment is waited."""
        found = self.retriever()
        if found is None or not found.pending:
            return found
        if (candidates := found.candidates(question)) and self._index().hurry(candidates, _PATIENCE):
            self._look_again = 0.0
            return self.retriever()
        return found

    def _made(self, snapshot: Snapshot | None) -> Retriever | None:
        if snapshot is None:
            return None
        before = self._state[1] if self._state else None
        if before and before.chunks == snapshot.chunks:
            return before.with_vectors(snapshot)  # only vectors have come: the words stay indexed
        if snapshot.pending:
            return Retriever(snapshot, self._settings, self._embedder)
        same = snapshot.chunks, snapshot.phrased, self._settings.knowledge, self._embedder
        ready = _whole.get(same)
        if ready is None:
            ready = _whole[same] = Retriever(snapshot, self._settings, self._embedder)
        return ready


# By all that makes one what it is, so that other settings (another model, another home) do not make the handbook anew.
_whole: WeakValueDictionary[object, Retriever] = WeakValueDictionary()


@lru_cache(maxsize=_KEPT)
def _kept(folder: Path, settings: Settings, embedder: Embedder) -> _Kept:
    def opened() -> Snapshot:
        return open_playbook(folder, settings, embedder)

    def look() -> object:
        return fingerprint(folder), decisions_stamp(settings)

    return _Kept(look, opened, lambda: kept_index(folder, settings, embedder), settings, embedder)


@lru_cache(maxsize=_KEPT)
def _kept_library(settings: Settings, embedder: Embedder) -> _Kept:
    def opened() -> Snapshot | None:
        return library_snapshot(settings, embedder)

    def look() -> object:
        return library_fingerprint(settings), decisions_stamp(settings)

    return _Kept(look, opened, lambda: library_index(settings, embedder), settings, embedder)


def retriever(playbook: Path | str | None = None, *, settings: Settings, embedder: Embedder | None = None) -> Retriever:
    """The playbook in this folder (the bundled handbook by default), indexed first if it is new or has changed.

    Raises `PlaybookError`, `IndexUnavailableError` or `StorageError`.
    """
    return _opened(_kept_folder(playbook, settings, embedder or default_embedder(settings)).retriever())


def _kept_folder(playbook: Path | str | None, settings: Settings, embedder: Embedder) -> _Kept:
    folder = bundled_folder(settings) if playbook is None else without_tilde(Path(playbook))
    return _kept(folder.resolve(), settings, embedder)


def _opened(found: Retriever | None) -> Retriever:
    assert found is not None, "a folder has always something to open"
    return found


def search(
    text: str, k: int = 5, playbook: Path | str | None = None, *, settings: Settings, embedder: Embedder | None = None
) -> SearchResult:
    """The k sections that best answer `text`, best first, and whether the playbook covers it at all.

    Without `playbook` the handbook is searched, and with it what the operator has added. Raises `EmptyInputError` for a
    blank question, `UsageError` for k < 1, and what `retriever` raises.
    """
    if not text.strip():
        raise EmptyInputError("没有要搜的内容", hint="写一句要问的话，或几个词")
    if k < 1:
        raise UsageError(f"要 {k} 条，搜不了", hint="条数至少是 1")
    embedder = embedder or default_embedder(settings)
    question = fold(text)[:_LONGEST]
    vector = _question_vector(question, embedder)
    ours = _kept_folder(None, settings, embedder)
    handbook = _opened(ours.retriever())
    advised = handbook.find(question, vector)
    if playbook is not None:
        kept = _kept_folder(playbook, settings, embedder)
        own, found = handbook, advised
        if kept is not ours:
            own = _opened(kept.ready_for(question))
            found = own.find(question, vector, Bridge(handbook, advised))
        return SearchResult(hits=own.hits(found, k), answerable=found.answerable, pending=own.pending)
    searched = [(handbook, advised)]
    if library := _kept_library(settings, embedder).ready_for(question):
        searched.insert(0, (library, library.find(question, vector, Bridge(handbook, advised))))
    return SearchResult(
        hits=_joined(searched, k),
        answerable=any(found.answerable for _, found in searched),
        pending=sum(book.pending for book, _ in searched),
    )


def _joined(searched: Sequence[tuple[Retriever, Found]], k: int) -> tuple[Hit, ...]:
    """The best hits of several playbooks, each held against the best of its own; on a par, those of the first come first."""
    if len(searched) == 1:
        return searched[0][0].hits(searched[0][1], k)
    hits: list[Hit] = []
    for book, found in searched:
        weight = 1.0 if found.is_sure else _BRIDGED if found.answerable else _UNCOVERED
        own = book.hits(found, k)
        hits += [hit.model_copy(update={"score": round(weight * hit.score / own[0].score, 6)}) for hit in own]
    return tuple(sorted(hits, key=lambda hit: -hit.score)[:k])


@lru_cache(maxsize=256)
def _question_vector(question: str, embedder: Embedder) -> "NDArray[numpy.float32]":
    vector: NDArray[numpy.float32] = embedder.embed_queries([question])[0]
    return vector
