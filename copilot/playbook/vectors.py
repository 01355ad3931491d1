"""Vectors by the hash of what they stand for, on disk in sets that never change.

    <place>/manifest.json   the sets in force; replaced in one step, as the last act of a commit
            set-<id>/       one set (on a Chroma server: one collection)
            lock            held by the one process that writes

Readers take what the manifest names and never wait. A writer commits as it goes, so one that is killed loses the last
seconds; what it left unnamed is removed by the next. A set that is damaged counts as not there: its vectors are made
anew. Small sets are merged into greater ones, each at least twice the next, so there are few.
"""

import hashlib
import os
import platform
import time
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from pydantic import ValidationError

from copilot.playbook.chroma import ChromaFailed, EmbeddedSets, ServerSets, VectorSets
from copilot.playbook.locking import locked, unwritable, write
from copilot.records import Record
from copilot.settings import Settings

if TYPE_CHECKING:
    from copilot.playbook.chroma import Vectors

FORMAT = 1
_SOONEST, _LATEST = 1.5, 15.0  # seconds between commits: a tenth of the time that was spent, within these
_SPARE = 1000  # vectors of texts that are gone are kept until there are so many more of them than of others


class StoredSet(Record):
    """One set: its name, how many vectors it has, and a hash over all that is in it."""

    name: str
    count: int
    sha256: str


class Manifest(Record):
    """What is in force, and which embedder made it; vectors of two embedders are never mixed."""

    format: int
    embedder: str
    dimension: int
    sets: tuple[StoredSet, ...] = ()


class VectorStore:
    """The vectors of one index by one embedder. Safe to use from several threads and processes."""

    def __init__(self, folder: Path, embedder: str, settings: Settings) -> None:
        kept_by = f"{embedder}\n{settings.chroma_url or ''}"
        self.place = folder / f"vectors-{hashlib.sha256(kept_by.encode()).hexdigest()[:12]}"
        self._embedder = embedder
        self._lock = Lock()
        self._cache: dict[StoredSet, Vectors] = {}
        self._arrived: Vectors = {}  # of this process's writer, not committed yet
        self._sets: VectorSets = EmbeddedSets(self.place)
        if settings.chroma_url:
            mine = hashlib.sha256(platform.node().encode() + os.fsencode(self.place.absolute())).hexdigest()[:16]
            self._sets = ServerSets(settings.chroma_url, f"copilot-{mine}-")

    @property
    def manifest(self) -> Manifest | None:
        """The manifest in force; None when there is none that can be used."""
        try:
            manifest = Manifest.model_validate_json((self.place / "manifest.json").read_bytes())
        except (OSError, ValidationError):
            return None
        return manifest if (manifest.format, manifest.embedder) == (FORMAT, self._embedder) else None

    def read(self) -> "Vectors":
        """{hash: unit vector} of all that is in force. Sets are read once: they never change.

        Raises `IndexUnavailableError` when a server is away.
        """
        with self._lock:
            arrived = dict(self._arrived)  # before the manifest: what is committed meanwhile is then in one of both
            while True:
                manifest = self.manifest
                if manifest is None:
                    return arrived
                found = [self._known(one) for one in manifest.sets]
                if all(vectors is not None for vectors in found) or manifest == self.manifest:
                    break  # else a writer has merged what was just being read
            self._cache = {one: known for one, known in zip(manifest.sets, found, strict=True) if known is not None}
            stored = {key: vector for known in self._cache.values() for key, vector in known.items()}
            return stored | arrived

    def _known(self, one: StoredSet) -> "Vectors | None":
        """A set's vectors, or None when it is gone or damaged."""
        if one in self._cache:
            return self._cache[one]
        try:
            vectors = self._sets.read(one.name)
        except ChromaFailed:
            return None
        return vectors if _digest(vectors) == one.sha256 else None

    @contextmanager
    def writing(self, wanted: Collection[str], dimension: int, seconds: float = 0.0) -> Iterator["Writer | None"]:
        """The right to write, or None when another has had it for so many seconds. What is left over is committed.

        `wanted` are the hashes in use: vectors of others are dropped once they are many, those of another dimension
        with the first commit. Raises `StorageError`, `IndexUnavailableError`.
        """
        with locked(self.place / "lock", seconds) as mine:
            if not mine:
                yield None
                return
            manifest = self.manifest
            fits = manifest is not None and manifest.dimension == dimension and self.read()
            stored = dict(self._cache) if fits else {}
            writer = Writer(self.place, self._embedder, self._sets, stored, self._arrived)
            writer.drop_unused(wanted)
            try:
                yield writer
            finally:
                writer.commit()


class Writer:
    """Adds vectors: this process sees them at once, others after the next commit."""

    def __init__(
        self, place: Path, embedder: str, sets: VectorSets, stored: "dict[StoredSet, Vectors]", arrived: "Vectors"
    ) -> None:
        self._place, self._embedder, self._sets = place, embedder, sets
        self._stored, self._fresh = stored, arrived
        self._began = self._committed = time.monotonic()

    @property
    def known(self) -> set[str]:
        """The hashes of all vectors that are there, committed or not."""
        return {key for vectors in self._stored.values() for key in vectors} | self._fresh.keys()

    def add(self, vectors: "Vectors") -> None:
        """Take these in, and commit when it is time. Raises `StorageError`, `IndexUnavailableError`."""
        self._fresh.update(vectors)
        now = time.monotonic()
        if now - self._committed > min(max((now - self._began) / 10, _SOONEST), _LATEST):
            self.commit()

    def commit(self) -> None:
        """Put in force what was added. Raises `StorageError`, `IndexUnavailableError`."""
        if self._fresh:
            kept = list(self._stored)
            rows = dict(self._fresh)
            while kept and kept[-1].count <= len(rows):
                rows = {**self._stored[kept.pop()], **rows}
            self._replace(kept, rows)
            self._fresh.clear()
            self._remove_unnamed()
        self._committed = time.monotonic()

    def drop_unused(self, wanted: Collection[str]) -> None:
        """Put all in one set without what is not wanted, if that is the greater part."""
        rows = {key: vector for vectors in self._stored.values() for key, vector in vectors.items()}
        used = {key: rows[key] for key in wanted if key in rows}
        if len(rows) > 2 * len(used) + _SPARE:
            self._replace([], used)
            self._remove_unnamed()

    def _replace(self, kept: list[StoredSet], rows: "Vectors") -> None:
        """Write `rows` as a set and put it in force beside those kept, instead of the others."""
        new = StoredSet(name=f"set-{uuid.uuid4().hex[:12]}", count=len(rows), sha256=_digest(rows))
        stored = {one: self._stored[one] for one in kept}
        try:
            if rows:
                self._sets.write(new.name, rows)
                stored[new] = rows
            dimension = len(next(iter(next(iter(stored.values())).values()))) if stored else 0
            manifest = Manifest(format=FORMAT, embedder=self._embedder, dimension=dimension, sets=tuple(stored))
            write(self._place / "manifest.json", manifest.model_dump_json(indent=1).encode())
        except ChromaFailed as error:
            self._sets.remove(new.name)
            raise unwritable(self._place, error) from error
        self._stored = stored

    def _remove_unnamed(self) -> None:
        """Remove the sets that the manifest no longer names, and what a killed writer left."""
        for name in self._sets.names() - {one.name for one in self._stored}:
            self._sets.remove(name)


def _digest(vectors: "Vectors") -> str:
    digest = hashlib.sha256()
    for key in sorted(vectors):
        digest.update(key.encode() + vectors[key].tobytes())
    return digest.hexdigest()
