"""Find the sections that answer a question: by words, by meaning and by symptoms, fused by rank.

Four rankings of every chunk: BM25 over words, BM25 over character pairs, its vector, and its nearest symptom's vector.
In a playbook of the operator's own a fifth bridges the gap between their question and the document's terms: the
question finds its sections in the bundled handbook, and what those advise finds the passage.
"""

import threading
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from copilot.errors import EmptyInputError, UsageError
from copilot.playbook.answerable import coverage, weighing
from copilot.playbook.documents import fingerprint
from copilot.playbook.embedding import Embedder, default_embedder
from copilot.playbook.index import Progress, open_playbook
from copilot.playbook.lexical import WordIndex, bigrams, fold, words
from copilot.playbook.passages import Snapshot, in_context
from copilot.playbook.shipped import bundled_folder
from copilot.records import Hit, SearchResult
from copilot.settings import Settings

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Scores: TypeAlias = NDArray[numpy.floating]

_FUSION = 10  # reciprocal rank: how much the first places stand out; 5 to 20 do equally well
_DEPTH = 50  # a ranking's places beyond this say nothing
_BRIDGES = 3  # sections of the handbook whose advice is looked for
_JUDGED = 3  # the best sections, which are held against the question
_LONGEST = 2000  # characters of a question that are looked at
_KEPT = 8  # playbooks kept in memory
_BUILDING = 1.0  # seconds between looks while another process builds
_LOOKING = 0.05  # the share of time that looking for changed files may take


def reciprocal_rank(rankings: Sequence["Scores"]) -> "Scores":
    """Fuse rankings given as one score an item: each adds 1 / (10 + place), places from 1; a score of 0 or less adds nothing."""
    import numpy

    fused = numpy.zeros(len(rankings[0]))
    for scores in rankings:
        order = numpy.argsort(-scores, kind="stable")[:_DEPTH]
        order = order[scores[order] > 0]
        fused[order] += 1 / (_FUSION + 1 + numpy.arange(len(order)))
    return fused


class Found(NamedTuple):
    """What one question finds in one playbook: chunk numbers best first, their fused scores, and whether it is covered."""

    order: "NDArray[numpy.intp]"
    scores: "Scores"
    answerable: bool


class Retriever:
    """One playbook ready to be searched. Read-only, so any number of threads may share it."""

    def __init__(self, snapshot: Snapshot, settings: Settings, embedder: Embedder) -> None:
        import numpy

        self.chunks = snapshot.chunks
        self.documents = snapshot.documents
        self._embedder = embedder
        self._weighing = weighing(settings)
        self._vectors, self._owners = snapshot.vectors, snapshot.owners
        self._is_whole = numpy.diff(self._owners, prepend=-1) != 0
        self._texts = [in_context(piece) for piece in self.chunks]
        self._words, self._pairs = WordIndex(self._texts, words), WordIndex(self._texts, bigrams)

    def find(self, text: str, vector: "NDArray[numpy.float32]", handbook: "Retriever | None" = None) -> Found:
        """Rank all chunks for a question and its vector; with a `handbook`, bridged through what that advises."""
        import numpy

        if not self.chunks:
            return Found(numpy.zeros(0, dtype=numpy.intp), numpy.zeros(0), answerable=False)
        near = self._vectors @ vector
        whole, point = near[self._is_whole], numpy.full(len(self.chunks), -1.0)
        numpy.maximum.at(point, self._owners[~self._is_whole], near[~self._is_whole])
        fused = reciprocal_rank([self._words.scores(text), self._pairs.scores(text), whole, point])
        bridge = handbook.find(text, vector) if handbook else None
        if handbook and bridge and bridge.answerable:
            fused = reciprocal_rank([fused, self._advised(handbook, bridge)])
        order = numpy.argsort(-fused, kind="stable")
        best = [self._texts[number] for number in order[:_JUDGED]]
        nearness = self._weighing.nearness(float(near.max()), self._embedder.name)
        answerable = self._weighing.covers(text, nearness, best, self._pairs)
        if handbook and bridge and bridge.answerable and not answerable:
            sections = [handbook.chunks[number].text for number in bridge.order[:_BRIDGES]]
            answerable = (
                max(coverage(section, best, self._pairs) for section in sections) >= self._weighing.bridge_coverage
            )
        return Found(order, fused, answerable)

    def _advised(self, handbook: "Retriever", bridge: Found) -> "Scores":
        """How well each chunk says what the handbook's sections for the question advise: their headings are the advice."""
        import numpy

        scores = numpy.zeros(len(self.chunks))
        for number in bridge.order[:_BRIDGES]:
            scores += bridge.scores[number] * self._pairs.scores(handbook.chunks[number].path[-1])
        return scores

    def hits(self, found: Found, k: int) -> tuple[Hit, ...]:
        """The best k of what was found."""
        return tuple(
            self.chunks[number].hit(score=round(float(found.scores[number]), 6))
            for number in found.order[:k]
            if found.scores[number] > 0
        )


class _Kept:
    """A playbook kept in memory, and when its folder was last looked at."""

    def __init__(self, folder: Path, settings: Settings, embedder: Embedder) -> None:
        self._folder, self._settings, self._embedder = folder, settings, embedder
        self._lock = threading.Lock()
        self._state: tuple[object, Retriever] | None = None
        self._look_again = 0.0

    def retriever(self, progress: Progress | None) -> Retriever:
        """The playbook as its folder is now; while one thread brings it up to date, the others get it as it was.

        Looking takes at most a twentieth of the time, so a change in a large folder is seen a little later.
        """
        state = self._state
        if not self._lock.acquire(blocking=state is None) and state is not None:
            return state[1]
        try:
            if self._state is not None and time.monotonic() < self._look_again:
                return self._state[1]
            began = time.monotonic()
            seen = fingerprint(self._folder)
            self._look_again = time.monotonic() + (time.monotonic() - began) / _LOOKING
            if self._state is None or self._state[0] != seen:
                snapshot = open_playbook(self._folder, self._settings, self._embedder, progress)
                self._state = (seen, Retriever(snapshot, self._settings, self._embedder))
                if not snapshot.is_current:  # another process is building: ask again soon
                    self._state = (None, self._state[1])
                    self._look_again = time.monotonic() + _BUILDING
            return self._state[1]
        finally:
            self._lock.release()


@lru_cache(maxsize=_KEPT)
def _kept(folder: Path, settings: Settings, embedder: Embedder) -> _Kept:
    return _Kept(folder, settings, embedder)


def retriever(
    playbook: Path | str | None = None,
    *,
    settings: Settings,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> Retriever:
    """The playbook in this folder (the bundled handbook by default), indexed first if it is new or has changed.

    Raises `PlaybookError`, `IndexUnavailableError` or `StorageError`.
    """
    folder = Path(playbook).expanduser() if playbook is not None else bundled_folder(settings)
    return _kept(folder.resolve(), settings, embedder or default_embedder()).retriever(progress)


def search(
    text: str, k: int = 5, playbook: Path | str | None = None, *, settings: Settings, embedder: Embedder | None = None
) -> SearchResult:
    """The k sections that best answer `text`, best first, and whether the playbook covers it at all.

    Raises `EmptyInputError` for a blank question, `UsageError` for k < 1, and what `retriever` raises.
    """
    if not text.strip():
        raise EmptyInputError("there is nothing to search for", hint="give a question or a few words")
    if k < 1:
        raise UsageError(f"k is {k}", hint="ask for at least one hit")
    embedder = embedder or default_embedder()
    question = fold(text)[:_LONGEST]
    own = retriever(playbook, settings=settings, embedder=embedder)
    handbook = retriever(settings=settings, embedder=embedder) if playbook is not None else None
    found = own.find(question, _question_vector(question, embedder), handbook if handbook is not own else None)
    return SearchResult(hits=own.hits(found, k), answerable=found.answerable)


@lru_cache(maxsize=256)
def _question_vector(question: str, embedder: Embedder) -> "NDArray[numpy.float32]":
    vector: NDArray[numpy.float32] = embedder.embed_queries([question])[0]
    return vector
