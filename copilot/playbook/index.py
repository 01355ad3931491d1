"""A playbook on disk: its documents are searched by words at once, by meaning as their vectors come.

    <home>/index/<folder>-<hash>/    catalogue.json, documents/   what can be searched by words (`catalogue`)
                                     vectors-<embedder>/          vectors by the hash of their text (`vectors`)

Neither part depends on the other: a document is in as soon as it was read, and a vector is found by what it stands for,
so unchanged text is embedded once, wherever it moves. Everything is read into memory at once (15 MB for 10,000
passages), so nothing that is written later can fail a running search.
"""

import hashlib
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.errors import UsageError
from copilot.playbook.catalogue import Contents, DocumentStore, Listed
from copilot.playbook.chunking import Chunk
from copilot.playbook.documents import Document, Skipped, files_in
from copilot.playbook.embedding import Embedder
from copilot.playbook.filling import Progress, background, fill
from copilot.playbook.names import find_named, shown_name
from copilot.playbook.overruling import load_decisions
from copilot.playbook.passages import Passage, Snapshot, chunk_digest, make_snapshot, passages, teaching
from copilot.playbook.phrasings import phrasings
from copilot.playbook.shipped import bundled_folder, shipped_snapshot, shipped_vectors
from copilot.playbook.vectors import VectorStore
from copilot.records import Record
from copilot.settings import Settings

if TYPE_CHECKING:
    from copilot.playbook.chroma import Vectors

_LOOK = 0.05  # seconds between looks while a search waits for vectors
_KEPT = 8  # indexes whose documents and vectors stay in memory


class Status(Record):
    """How an index stands: `state` is `ready`, `stale` (documents changed), `unusable` or `absent`.

    `pending` passages are found by words only, so far; `trouble` says why the last attempt to embed them failed.
    """

    folder: str
    place: str
    state: str
    embedder: str
    dimension: int
    documents: int
    passages: int
    vectors: int
    pending: int
    skipped: tuple[Skipped, ...] = ()
    trouble: str = ""


class PlaybookIndex:
    """The index of one folder, or of the files that `listing` names, by one embedder.

    Safe to use from several threads and processes: readers never wait, and of those who write one has the turn.
    """

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        embedder: Embedder,
        listing: Callable[[], Iterator[Listed]] | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self._settings, self._embedder = settings, embedder
        self._listing = listing or self._files
        name = re.sub(r"[^\w-]+", "-", self.folder.name)[:40] or "playbook"
        self.place = settings.home / "index" / f"{name}-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]}"
        self.is_bundled = self.folder == bundled_folder(settings).resolve()
        self._documents = DocumentStore(self.place, cleaned=not self.is_bundled, max_bytes=settings.max_input_bytes)
        self._vectors = VectorStore(self.place, embedder.name, settings)
        self._phrasings = phrasings(settings) if self.is_bundled else {}
        self._first: tuple[str, ...] = ()  # what the search at hand needs
        self._passages: tuple[Contents, tuple[Passage, ...]] | None = None

    def open(self, progress: Progress | None = None) -> Snapshot:
        """The playbook as its documents are now. Vectors that are missing come in the background.

        Only a small playbook without any vector is embedded first, with `progress(done, total)`: then a first search
        already goes by meaning. Raises `PlaybookError`, `IndexUnavailableError` or `StorageError`.
        """
        snapshot = self._snapshot(self._follow())
        if not snapshot.pending:
            return snapshot
        if self._vectors.manifest is None and snapshot.pending <= self._settings.index_wait:
            return self.build(progress)
        background.start(self._vectors.place, self._fill_in_background)
        return snapshot

    def hurry(self, chunks: Sequence[Chunk], seconds: float) -> bool:
        """Have these chunks embedded before all others, and wait for that so long; whether any has its vector."""
        asked = {chunk_digest(chunk) for chunk in chunks}
        missing = asked - self._vectors.read().keys()
        self._first = tuple(missing)
        until = time.monotonic() + seconds
        while missing and time.monotonic() < until and background.is_at_work(self._vectors.place):
            time.sleep(_LOOK)
            missing = asked - self._vectors.read().keys()
        return len(missing) < len(asked)

    def refresh(self) -> None:
        """Bring the documents up to date, so that they are found by words; no vector is made. Raises as `open` does."""
        self._follow()

    def build(self, progress: Progress | None = None) -> Snapshot:
        """The same, but wait until every passage has its vector."""
        contents = self._follow()
        snapshot = self._snapshot(contents)
        if snapshot.pending:
            fill(self._wanted, self._vectors, self._embedder, stop=threading.Event(), progress=progress)
            snapshot = self._snapshot(contents)
        return snapshot

    def status(self) -> Status:
        """How the index stands, without reading a document or making a vector. Raises as `open` does."""
        manifest = self._vectors.manifest
        contents = self._documents.load()
        wanted = {passage.sha256 for passage in self._to_embed(contents)}
        there = len(wanted & self._vectors.read().keys())
        return Status(
            folder=str(self.folder),
            place=str(self.place),
            state=self._state(),
            embedder=manifest.embedder if manifest else self._embedder.name,
            dimension=manifest.dimension if manifest else 0,
            documents=len(contents.digests),
            passages=len(wanted),
            vectors=there,
            pending=len(wanted) - there,
            skipped=contents.skipped,
            trouble=background.trouble(self._vectors.place),
        )

    def documents(self) -> Iterator[Document]:
        """The documents as they are now, with the operator's decisions in force. Raises as `open` does."""
        self._follow()
        return self._documents.documents(load_decisions(self._settings))

    def document(self, wanted: str) -> Document:
        """The document that `wanted` names, as `find_named` finds it. Raises as that and `open` do.

        Raises `UsageError` with the reason for a file that is not in.
        """
        paths = {shown_name(one.source): one.path for one in self._listing()}
        known = {document.source: document for document in self.documents()}
        source = find_named(wanted, {source: paths.get(source, self.folder / source) for source in {**paths, **known}})
        if source in known:
            return known[source]
        reason = next((one.reason for one in self._documents.load().skipped if one.source == source), "")
        what, _, hint = reason.partition(" → ")
        raise UsageError(f"{source} 没有读成：{what}", hint=hint or "先用 copilot index build")

    def _state(self) -> str:
        if self._documents.catalogue() is None:
            return "unusable" if self.place.exists() else "absent"
        is_current = self._documents.is_current(self._listing(), load_decisions(self._settings))
        return "ready" if is_current else "stale"

    def _files(self) -> Iterator[Listed]:
        return (Listed(source, path, self.folder) for source, path in files_in(self.folder))

    def _follow(self) -> Contents:
        return self._documents.follow(self._listing(), load_decisions(self._settings))

    def _given(self) -> "Vectors":
        return shipped_vectors(self._settings, self._embedder) if self.is_bundled else {}

    def _passages_of(self, contents: Contents) -> tuple[Passage, ...]:
        kept = self._passages
        if kept is None or kept[0] is not contents:
            kept = self._passages = (contents, passages(contents.chunks, self._phrasings))
        return kept[1]

    def _to_embed(self, contents: Contents) -> tuple[Passage, ...]:
        given = self._given()
        return tuple(passage for passage in self._passages_of(contents) if passage.sha256 not in given)

    def _wanted(self) -> tuple[Passage, ...]:
        """What is to be embedded of all that any process has put in by now."""
        return self._to_embed(self._documents.load())

    def _fill_in_background(self, stop: threading.Event) -> None:
        fill(self._wanted, self._vectors, self._embedder, stop=stop, first=lambda: self._first, wait=False)

    def _snapshot(self, contents: Contents) -> Snapshot:
        known = self._given() | self._vectors.read()
        wanted = self._passages_of(contents)
        return make_snapshot(contents.digests, contents.chunks, wanted, known, self._embedder.dimension)


@lru_cache(maxsize=_KEPT)
def _kept(folder: Path, settings: Settings, embedder: Embedder) -> PlaybookIndex:
    return PlaybookIndex(folder, settings, embedder)


def kept_index(folder: Path, settings: Settings, embedder: Embedder) -> PlaybookIndex:
    """The index of a folder, with what has been read of it by now."""
    return _kept(folder.resolve(), settings, embedder)


def open_playbook(folder: Path, settings: Settings, embedder: Embedder) -> Snapshot:
    """A folder's chunks and vectors as its documents are now, by the shortest way.

    The bundled handbook comes with its vectors, so it needs no index unless a chapter was edited. Every other folder
    has one; what has not changed since the last call stays in memory.
    """
    index = kept_index(folder, settings, embedder)
    if index.is_bundled:
        return teaching(shipped_snapshot(settings, embedder) or index.open())
    return index.open()
