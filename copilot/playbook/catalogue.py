"""Documents and their chunks on disk, so that an unchanged file is neither read nor cut again.

    <place>/catalogue.json      which files are in, by content hash, and which are not and why; replaced in one step
            documents/<hash>    one document and its chunks; the name is the hash of what is in it

A document file that is torn or gone is told by its name, and its source is read again. Writing takes a moment, under
a lock of its own; readers never wait, not even for a long first reading in their own process.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from pydantic import ValidationError

from copilot.errors import EncodingError, IndexUnavailableError, PlaybookError, StorageError
from copilot.playbook.chunking import Chunk, chunk
from copilot.playbook.documents import Decisions, Document, Skipped, decided, read_document
from copilot.playbook.identity import Identity, identify
from copilot.playbook.locking import locked, unwritable, write
from copilot.playbook.names import shown_name
from copilot.records import Record

# Raise it when chunks are cut differently: what is in a catalogue of another format is read again.
FORMAT = 5
_SAVE_EVERY = 5.0  # seconds of reading, so that a long first reading need not be done twice
_LOCK_SECONDS = 60.0


class Listed(NamedTuple):
    """A file that should be in: `inside` is the folder that a link must not lead out of.

    `trouble` says why a folder, standing here for its files, can't be looked through.
    """

    source: str
    path: Path
    inside: Path | None = None
    trouble: str = ""


class Filed(Record):
    """A document that is in: the hash of its file, and the name of the file that holds it and its chunks.

    `decisions` is the hash of the operator's decisions that it was cut by.
    """

    digest: str
    decisions: str
    entry: str


class Refused(Record):
    """A file that could not go in. Without `digest` it is looked at again each time, which costs no reading."""

    digest: str
    reason: str


class Catalogue(Record):
    """What is in and what is not, by source; `stamps` spare the reading of files that were not touched."""

    format: int
    documents: dict[str, Filed] = {}
    skipped: dict[str, Refused] = {}
    stamps: dict[str, str] = {}

    def identity(self, source: str) -> Identity | None:
        """Which version of a file was looked at last."""
        known = self.documents.get(source) or self.skipped.get(source)
        return Identity(known.digest, self.stamps[source]) if known and source in self.stamps else None

    def has_same(self, other: "Catalogue | None") -> bool:
        """Whether the same is in and not in."""
        return other is not None and (self.documents, self.skipped) == (other.documents, other.skipped)


class Entry(Record):
    """A document as it was read, before the operator's decisions, and its chunks, cut by them."""

    document: Document
    chunks: tuple[Chunk, ...]


class Contents(NamedTuple):
    """All that can be searched by words: {source: content hash}, the chunks in order, and what was left out."""

    digests: dict[str, str]
    chunks: tuple[Chunk, ...]
    skipped: tuple[Skipped, ...]


class DocumentStore:
    """The documents of one index. Safe to use from several threads and processes."""

    def __init__(self, place: Path, *, cleaned: bool, max_bytes: int) -> None:
        self.place = place
        self._cleaned, self._max_bytes = cleaned, max_bytes
        self._following = Lock()
        self._chunks: dict[str, tuple[Chunk, ...]] = {}
        self._last: tuple[Catalogue, Contents] | None = None

    def catalogue(self) -> Catalogue | None:
        """What is in force; None when there is nothing that can be used."""
        try:
            found = Catalogue.model_validate_json((self.place / "catalogue.json").read_bytes())
        except (OSError, ValidationError):
            return None
        return found if found.format == FORMAT else None

    def load(self) -> Contents:
        """What is in as of the last `follow`, by whichever process; no source is looked at."""
        catalogue = self.catalogue()
        return self._contents(catalogue) if catalogue else Contents({}, (), ())

    def documents(self, decisions: Decisions) -> Iterator[Document]:
        """The documents as of the last `follow`, with the operator's decisions in force."""
        catalogue = self.catalogue()
        for filed in catalogue.documents.values() if catalogue else ():
            if entry := self._entry(filed):
                yield decided(entry.document, decisions)

    def is_current(self, listed: Iterable[Listed], decisions: Decisions) -> bool:
        """Whether `follow` would find nothing to do."""
        catalogue = self.catalogue()
        if catalogue is None:
            return False
        stamp = _stamp(decisions)
        if any(filed.decisions != stamp for filed in catalogue.documents.values()):
            return False
        known = catalogue.documents | catalogue.skipped
        now = {one.source: found.digest for one, found, _ in self._looked_at(listed, catalogue)}
        return now == {source: one.digest for source, one in known.items()}

    def follow(self, listed: Iterable[Listed], decisions: Decisions) -> Contents:
        """Bring what is in to what is listed: read what is new or was edited, forget what is gone.

        Raises `StorageError` when it can't be written, and what listing raises.
        """
        with self._following:
            change = _Change(self.catalogue(), _stamp(decisions))
            for one, found, reason in self._looked_at(listed, change.earlier):
                if not found.digest:
                    change.skipped[one.source] = Refused(digest="", reason=reason)
                    continue
                change.stamps |= {one.source: found.stamp} if found.stamp else {}
                if not change.keep(one.source, found.digest, self._known):
                    self._take_in(one, found.digest, decisions, change)
                    if time.monotonic() - change.saved > _SAVE_EVERY:
                        self._save(change, change.unfinished())
            catalogue = change.finished()
            if change.data or not catalogue.has_same(change.before):
                self._save(change, catalogue)
            elif catalogue != change.before:
                with suppress(StorageError, IndexUnavailableError):  # it only takes longer without
                    self._save(change, catalogue, seconds=0)
            return self._contents(catalogue)

    def _looked_at(self, listed: Iterable[Listed], earlier: Catalogue) -> Iterator[tuple[Listed, Identity, str]]:
        """(file, its version, "") of each that may go in; (file, nothing, why not) of the others."""
        nothing = Identity("", "")
        for given in listed:
            one = given._replace(source=shown_name(given.source))
            try:
                if one.trouble:
                    yield one, nothing, one.trouble
                elif not one.path.exists() and not one.path.is_symlink():
                    yield one, nothing, "找不到了 → 放回原处，或用 copilot index remove 拿掉"
                else:
                    known = earlier.identity(one.source)
                    yield one, identify(one.path, known, max_bytes=self._max_bytes, inside=one.inside), ""
            except PlaybookError as error:
                yield one, nothing, str(error)
            except OSError as error:  # the folder that it lies in is closed to us
                yield one, nothing, f"读不了：{error.strerror} → 检查文件夹的权限"

    def _take_in(self, one: Listed, digest: str, decisions: Decisions, change: "_Change") -> None:
        """Read a file, or only cut it again where just a decision has changed."""
        earlier = change.earlier.documents.get(one.source)
        entry = self._entry(earlier) if earlier and earlier.digest == digest else None
        try:
            document = (
                entry.document
                if entry
                else read_document(
                    one.source, one.path, max_bytes=self._max_bytes, inside=one.inside, cleaned=self._cleaned
                )
            )
        except (PlaybookError, EncodingError) as error:
            change.skipped[one.source] = Refused(digest=digest, reason=str(error))
            return
        chunks = chunk(decided(document, decisions))
        data = Entry(document=document, chunks=chunks).model_dump_json().encode("utf-8", "surrogatepass")
        filed = Filed(digest=document.sha256, decisions=change.decisions, entry=hashlib.sha256(data).hexdigest())
        change.documents[one.source] = filed
        change.data[filed.entry] = data
        self._chunks[filed.entry] = chunks

    def _save(self, change: "_Change", catalogue: Catalogue, *, seconds: float = _LOCK_SECONDS) -> None:
        """Write the new documents, then what is in force; then remove what no longer is."""
        folder = self.place / "documents"
        with locked(self.place / "lock", seconds) as mine:
            if not mine:
                raise IndexUnavailableError(
                    f"另一个程序占着 {self.place} 超过 {_LOCK_SECONDS:.0f} 秒", hint="等它做完，再试一次"
                )
            try:
                folder.mkdir(exist_ok=True)
                for name, data in change.data.items():
                    (folder / name).write_bytes(data)  # torn by a power cut, it no longer fits its name
                write(self.place / "catalogue.json", catalogue.model_dump_json(indent=1).encode())
                in_force = {filed.entry for filed in catalogue.documents.values()}
                for path in folder.iterdir():
                    if path.name not in in_force:
                        path.unlink(missing_ok=True)
            except OSError as error:
                raise unwritable(self.place, error) from error
        change.data.clear()
        change.saved = time.monotonic()

    def _known(self, filed: Filed) -> tuple[Chunk, ...] | None:
        """A document's chunks; None when they can't be read."""
        chunks = self._chunks.get(filed.entry)
        if chunks is None and (entry := self._entry(filed)):
            chunks = self._chunks[filed.entry] = entry.chunks
        return chunks

    def _entry(self, filed: Filed) -> Entry | None:
        try:
            data = (self.place / "documents" / filed.entry).read_bytes()
            return Entry.model_validate_json(data) if hashlib.sha256(data).hexdigest() == filed.entry else None
        except (OSError, ValidationError):
            return None

    def _contents(self, catalogue: Catalogue) -> Contents:
        """The same object as long as nothing has changed; what could not be read is tried again each time."""
        last = self._last
        if last and catalogue.has_same(last[0]) and last[1].digests.keys() == catalogue.documents.keys():
            return last[1]
        known = {source: (filed, self._known(filed)) for source, filed in catalogue.documents.items()}
        there = {source: (filed, chunks) for source, (filed, chunks) in known.items() if chunks is not None}
        contents = Contents(
            {source: filed.digest for source, (filed, _) in there.items()},
            tuple(piece for _, chunks in there.values() for piece in chunks),
            tuple(Skipped(source=source, reason=one.reason) for source, one in catalogue.skipped.items()),
        )
        self._chunks = {filed.entry: chunks for filed, chunks in there.values()}
        self._last = (catalogue, contents)
        return contents


class _Change:
    """One following in progress: what was in before, what is in by now, and what is not on disk yet."""

    def __init__(self, before: Catalogue | None, decisions: str) -> None:
        self.before = before
        self.earlier = before or Catalogue(format=FORMAT)
        self.decisions = decisions
        self.documents: dict[str, Filed] = {}
        self.skipped: dict[str, Refused] = {}
        self.stamps: dict[str, str] = {}
        self.data: dict[str, bytes] = {}
        self.saved = time.monotonic()

    def keep(self, source: str, digest: str, known: Callable[[Filed], object]) -> bool:
        """Take a file over from before, if it is as it was."""
        filed, refused = self.earlier.documents.get(source), self.earlier.skipped.get(source)
        if filed and (filed.digest, filed.decisions) == (digest, self.decisions) and known(filed) is not None:
            self.documents[source] = filed
            return True
        if refused and refused.digest == digest:
            self.skipped[source] = refused
            return True
        return False

    def finished(self) -> Catalogue:
        """What is in force when all that is listed was looked at."""
        return Catalogue(format=FORMAT, documents=self.documents, skipped=self.skipped, stamps=self.stamps)

    def unfinished(self) -> Catalogue:
        """What is in force if it ends here: the rest as it was before."""
        seen = self.documents.keys() | self.skipped.keys()
        documents = {source: one for source, one in self.earlier.documents.items() if source not in seen}
        skipped = {source: one for source, one in self.earlier.skipped.items() if source not in seen}
        stamps = self.earlier.stamps | self.stamps
        return Catalogue(
            format=FORMAT, documents=documents | self.documents, skipped=skipped | self.skipped, stamps=stamps
        )


def _stamp(decisions: Decisions) -> str:
    told = "\n".join(f"{key} {action}" for key, action in sorted(decisions.items()))
    return hashlib.sha256(told.encode()).hexdigest()
