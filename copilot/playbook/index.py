"""A playbook's chunks and vectors on disk, in Chroma: built once, followed when documents change, never half used.

    <home>/index/<folder>-<hash>/manifest.json   what is in force; replaced in one step, as the last act of a build
                                 gen-<id>/       one Chroma database, written by one build and not changed after it
                                 lock            held by the one process that builds

A reader takes what the manifest names. A build makes a new generation beside it, so it may be killed at any moment:
the old one stays in force, and the next build takes the vectors out of what was left lying. A vector is known by the
hash of its text, so unchanged text is embedded once. Everything is read into memory at once (15 MB for 10,000
passages), so nothing a later build removes can fail a running search. Only this file knows Chroma.
"""

import hashlib
import os
import re
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias, cast

from pydantic import ValidationError

from copilot.errors import IndexUnavailableError, StorageError
from copilot.playbook.chunking import Chunk, chunk
from copilot.playbook.documents import Document, read_folder
from copilot.playbook.embedding import Embedder
from copilot.playbook.passages import Passage, Snapshot, owners, passages, teaching
from copilot.playbook.shipped import bundled_folder, shipped_snapshot, shipped_vectors, write_atomically
from copilot.records import Record
from copilot.settings import Settings

if TYPE_CHECKING:
    import numpy
    from chromadb.api.models.Collection import Collection
    from numpy.typing import NDArray

    Vectors: TypeAlias = dict[str, NDArray[numpy.float32]]

# Raise it when chunks or passages are made differently: an index of another format is rebuilt (its vectors are kept).
FORMAT = 1
COLLECTION = "passages"
_EMBED_AT_ONCE = 16
_WRITE_AT_ONCE = 1000
_LOCK_SECONDS = 600.0
_chroma_lock = Lock()  # Chroma keeps one system a path within a process: opening and closing are taken in turn

Progress = Callable[[int, int], None]


class Manifest(Record):
    """What a finished build says about itself; `documents` and `passages` map names to content hashes."""

    format: int
    embedder: str
    dimension: int
    generation: str
    documents: dict[str, str]
    passages: dict[str, str]


class Status(Record):
    """How an index stands: `state` is `ready`, `stale` (documents changed), `unusable` or `absent`."""

    folder: str
    place: str
    state: str
    embedder: str
    documents: int
    passages: int


class _ChromaFailed(Exception):
    """A generation can't be opened, read or written, or does not hold what its manifest says."""


class _Closable(Protocol):
    def close(self) -> None: ...


class _Row(NamedTuple):
    """One passage as it is stored; `chunk` is its chunk's JSON with a chunk's first passage, else empty."""

    sha256: str
    chunk: str
    vector: "NDArray[numpy.float32]"


class PlaybookIndex:
    """The index of one folder by one embedder. Safe to use from several threads and processes."""

    def __init__(self, folder: Path, settings: Settings, embedder: Embedder) -> None:
        self.folder = folder.resolve()
        self._settings = settings
        self._embedder = embedder
        name = re.sub(r"[^\w-]+", "-", self.folder.name)[:40] or "playbook"
        self.place = settings.home / "index" / f"{name}-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]}"

    def open(self, progress: Progress | None = None) -> Snapshot:
        """The playbook as its documents are now. What changed is embedded first, with `progress(done, total)`.

        While another process builds, the state before that build is returned if there is one.
        Raises `PlaybookError`, `IndexUnavailableError` or `StorageError`.
        """
        documents = self._documents()
        digests = {document.source: document.sha256 for document in documents}
        current = self._load()
        if current is not None and current.documents == digests:
            return current
        with self._building(wait=current is None) as mine:
            if not mine and current is not None:
                return current._replace(is_current=False)
            current = self._load()  # another process may have finished meanwhile
            if current is not None and current.documents == digests:
                return current
            return self._build(documents, digests, progress)

    def status(self) -> Status:
        """How the index stands, without building anything."""
        manifest = self._manifest()
        if manifest is None:
            state = "unusable" if self._path("manifest.json").exists() else "absent"
        elif (
            manifest.format != FORMAT
            or manifest.embedder != self._embedder.name
            or not self._path(manifest.generation).is_dir()
        ):
            state = "unusable"
        else:
            digests = {document.source: document.sha256 for document in self._documents()}
            state = "ready" if digests == manifest.documents else "stale"
        return Status(
            folder=str(self.folder),
            place=str(self.place),
            state=state,
            embedder=manifest.embedder if manifest else "",
            documents=len(manifest.documents) if manifest else 0,
            passages=len(manifest.passages) if manifest else 0,
        )

    def _documents(self) -> tuple[Document, ...]:
        return read_folder(self.folder, max_bytes=self._settings.max_input_bytes).documents

    def _path(self, name: str) -> Path:
        return self.place / name

    def _manifest(self) -> Manifest | None:
        """The manifest in force; None when there is none or it can't be read, which both mean: build."""
        try:
            return Manifest.model_validate_json(self._path("manifest.json").read_bytes())
        except (OSError, ValidationError):
            return None

    def _load(self) -> Snapshot | None:
        """What the manifest names, or None when it is missing, by another embedder or format, or damaged."""
        manifest = self._manifest()
        while manifest is not None and (manifest.format, manifest.embedder, manifest.dimension) == (
            FORMAT,
            self._embedder.name,
            self._embedder.dimension,
        ):
            try:
                return self._read(manifest)
            except _ChromaFailed:
                before, manifest = manifest, self._manifest()
                if manifest is None or manifest.generation == before.generation:
                    return None  # damaged indeed, not replaced by a build while it was read
        return None

    def _read(self, manifest: Manifest) -> Snapshot:
        import numpy

        with _opened(self._path(manifest.generation)) as collection:
            rows = _rows(collection)
        if {key: row.sha256 for key, row in rows.items()} != manifest.passages:
            raise _ChromaFailed
        ordered = [rows[key] for key in manifest.passages]
        vectors = numpy.array([row.vector for row in ordered], dtype=numpy.float32).reshape(-1, manifest.dimension)
        chunks = tuple(Chunk.model_validate_json(row.chunk) for row in ordered if row.chunk)
        return Snapshot(manifest.documents, chunks, vectors, owners(chunks, manifest.passages))

    @contextmanager
    def _building(self, *, wait: bool) -> Iterator[bool]:
        """Hold the right to build; yields False when another has it and `wait` is false."""
        from filelock import FileLock, Timeout

        try:
            self.place.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._path("lock"))
            lock.acquire(timeout=_LOCK_SECONDS if wait else 0)
        except Timeout as error:
            if not wait:
                yield False
                return
            raise IndexUnavailableError(
                f"another process has been building the index of {self.folder} for over {_LOCK_SECONDS:.0f} seconds",
                hint="wait for it to finish, then try again",
            ) from error
        except (OSError, NotImplementedError) as error:
            raise self._unwritable(error) from error
        try:
            yield True
        finally:
            lock.release()

    def _build(self, documents: Sequence[Document], digests: dict[str, str], progress: Progress | None) -> Snapshot:
        import numpy

        chunks = tuple(piece for document in documents for piece in chunk(document))
        wanted = passages(chunks)
        known = self._known_vectors()
        generation = f"gen-{uuid.uuid4().hex[:12]}"
        by_id = {piece.chunk_id: piece.model_dump_json() for piece in chunks}
        told = [by_id[passage.chunk_id] if passage.id.endswith("/0") else "" for passage in wanted]
        missing = list({passage.sha256: passage for passage in wanted if passage.sha256 not in known}.values())
        try:
            with _opened(self._path(generation), create_for=self._embedder.name) as collection:
                have = [number for number, passage in enumerate(wanted) if passage.sha256 in known]
                _add(collection, wanted, told, known, have)
                for start in range(0, len(missing), _EMBED_AT_ONCE):
                    batch = missing[start : start + _EMBED_AT_ONCE]
                    fresh = dict(
                        zip(
                            (one.sha256 for one in batch),
                            self._embedder.embed_passages([one.text for one in batch]),
                            strict=True,
                        )
                    )
                    known |= fresh
                    _add(
                        collection,
                        wanted,
                        told,
                        known,
                        [number for number, passage in enumerate(wanted) if passage.sha256 in fresh],
                    )
                    if progress:
                        progress(start + len(batch), len(missing))
        except (_ChromaFailed, OSError) as error:
            shutil.rmtree(self._path(generation), ignore_errors=True)
            raise self._unwritable(error) from error
        vectors = numpy.array([known[passage.sha256] for passage in wanted], dtype=numpy.float32).reshape(
            -1, self._embedder.dimension
        )
        manifest = Manifest(
            format=FORMAT,
            embedder=self._embedder.name,
            dimension=self._embedder.dimension,
            generation=generation,
            documents=digests,
            passages={passage.id: passage.sha256 for passage in wanted},
        )
        write_atomically(self._path("manifest.json"), manifest.model_dump_json(indent=1).encode())
        for other in self.place.glob("gen-*"):
            if other.name != generation:
                shutil.rmtree(other, ignore_errors=True)
        return Snapshot(digests, chunks, vectors, owners(chunks, manifest.passages))

    def _known_vectors(self) -> "Vectors":
        """Vectors already paid for: shipped with the handbook, in force, or left by a build that was killed."""
        known = (
            shipped_vectors(self._settings, self._embedder)
            if self.folder == bundled_folder(self._settings).resolve()
            else {}
        )
        for generation in sorted(self.place.glob("gen-*")):
            try:
                with _opened(generation) as collection:
                    if (collection.metadata or {}).get("embedder") == self._embedder.name:
                        known |= {row.sha256: row.vector for row in _rows(collection).values()}
            except _ChromaFailed:
                continue
        return known

    def _unwritable(self, error: BaseException) -> StorageError:
        return StorageError(
            f"the search index can't be written to {self.place}: {error}",
            hint="free some space, or set COPILOT_HOME to a folder you may write to",
        )


def open_playbook(folder: Path, settings: Settings, embedder: Embedder, progress: Progress | None = None) -> Snapshot:
    """A folder's chunks and vectors as its documents are now, by the shortest way.

    The bundled handbook comes with its vectors, so neither Chroma nor the disk is touched for it unless a chapter
    was edited. Every other folder has an index, brought up to date first.
    """
    if folder.resolve() != bundled_folder(settings).resolve():
        return PlaybookIndex(folder, settings, embedder).open(progress)
    return teaching(shipped_snapshot(settings, embedder) or PlaybookIndex(folder, settings, embedder).open(progress))


@contextmanager
def _opened(place: Path, *, create_for: str | None = None) -> Iterator["Collection"]:
    """The one collection of a generation; `create_for` names the embedder of a new one. Raises `_ChromaFailed`."""
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    if create_for is None and not place.is_dir():
        raise _ChromaFailed("it is gone")  # Chroma would make an empty one
    with ExitStack() as stack:
        with _chroma_lock, _translated():
            client = chromadb.PersistentClient(path=str(place), settings=ChromaSettings(anonymized_telemetry=False))
            stack.callback(_close, cast("_Closable", client))  # declared on the class behind the interface
            if create_for is None:
                collection = client.get_collection(COLLECTION, embedding_function=None)
            else:
                # Inner product keeps the vectors bit for bit; on unit vectors it ranks as the cosine does.
                collection = client.create_collection(
                    COLLECTION,
                    embedding_function=None,
                    configuration={"hnsw": {"space": "ip"}},
                    metadata={"embedder": create_for},
                )
        yield collection


def _close(client: _Closable) -> None:
    with _chroma_lock:
        client.close()


@contextmanager
def _translated() -> Iterator[None]:
    """Whatever goes wrong inside Chroma leaves as `_ChromaFailed`."""
    from chromadb.errors import ChromaError

    try:
        yield
    # A file that is no database ends in an AttributeError: Chroma 1.5 stumbles while it cleans up.
    except (ChromaError, sqlite3.Error, AttributeError, KeyError, TypeError, ValueError) as error:
        raise _ChromaFailed(str(error)) from error


def _add(
    collection: "Collection", wanted: Sequence[Passage], told: Sequence[str], known: "Vectors", numbers: Sequence[int]
) -> None:
    """Write the passages of these numbers with their vectors."""
    import numpy

    for start in range(0, len(numbers), _WRITE_AT_ONCE):
        part = numbers[start : start + _WRITE_AT_ONCE]
        with _translated():
            collection.add(
                ids=[wanted[number].id for number in part],
                embeddings=numpy.array([known[wanted[number].sha256] for number in part], dtype=numpy.float32),
                documents=[wanted[number].text for number in part],
                metadatas=[
                    {
                        "sha256": wanted[number].sha256,
                        "chunk": told[number],
                        "check": _check(wanted[number].sha256, told[number], known[wanted[number].sha256]),
                    }
                    for number in part
                ],
            )


def _rows(collection: "Collection") -> dict[str, _Row]:
    """{passage id: row} of every row that is whole; a row whose check fails is as good as missing."""
    import numpy

    with _translated():
        stored = collection.get(include=["embeddings", "metadatas"])
    vectors, told = stored["embeddings"], stored["metadatas"]
    rows = {}
    for key, vector, metadata in zip(stored["ids"], vectors if vectors is not None else (), told or (), strict=True):
        row = _Row(str(metadata.get("sha256")), str(metadata.get("chunk")), numpy.asarray(vector, dtype=numpy.float32))
        if metadata.get("check") == _check(*row):
            rows[key] = row
    return rows


def _check(sha256: str, chunk_json: str, vector: "NDArray[numpy.float32]") -> str:
    return hashlib.sha256(sha256.encode() + chunk_json.encode() + vector.tobytes()).hexdigest()
