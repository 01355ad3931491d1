"""Read a folder of documents: what went in as text, and what was left out and why."""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from copilot.errors import EncodingError, PlaybookError
from copilot.records import Record

SUFFIXES = frozenset({".md", ".markdown", ".txt"})
MAX_BYTES = 5_000_000
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_LIKELY_ENCODINGS = ["gb18030", "big5", "utf_16_le", "utf_16_be"]
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_FRONT_TITLE = re.compile(r"\A---\n(?:.*\n)*?title:[ \t]*(?P<title>.+?)[ \t]*\n(?:.*\n)*?---\n")
_MARKDOWN_TITLE = re.compile(r"^#[ \t]+(?P<title>.+?)[ \t#]*$", re.MULTILINE)


class Blemish(Record):
    """A stretch of a document's text that is not plain text to be quoted, and why, in words for the operator.

    Dropped ones are never searched or shown; marked ones are real but damaged or doubtful: shown as such, never
    rewritten, never quoted as whole. `kind` is a key of `knowledge/junk.yaml`.
    """

    start: int
    end: int
    action: Literal["drop", "mark"]
    kind: str
    reason: str


class Article(Record):
    """One of several articles that stand in one file: its stretch of the text, and its title."""

    start: int
    end: int
    title: str


class Document(Record):
    """One document. `source` is its path inside the folder, with `/`; lines of `text` end in a line feed; offsets are in it.

    Without `articles` the whole file is one. `notes` tell the operator what the reader did.
    """

    source: str
    title: str
    text: str
    sha256: str
    blemishes: tuple[Blemish, ...] = ()
    articles: tuple[Article, ...] = ()
    notes: tuple[str, ...] = ()


class Skipped(Record):
    """A file that did not go in, and why."""

    source: str
    reason: str


class Reading(Record):
    """A folder read: its documents in the order of their names, and what was left out."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...]


def files_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """(source, path) of every file below `folder`, by name; hidden ones and linked folders are not entered.

    Raises `PlaybookError` when `folder` is not a folder that can be read.
    """

    def refuse(error: OSError) -> None:
        raise PlaybookError(
            f"the playbook folder {folder} can't be read: {error.strerror}", hint="name an existing, readable folder"
        )

    if not folder.is_dir():
        raise PlaybookError(
            f"the playbook folder {folder} is not a folder", hint="name an existing folder of .md or .txt files"
        )
    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                path = Path(parent, name)
                yield path.relative_to(folder).as_posix(), path


def fingerprint(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """(source, size, modification time) of every file: differs when something was added, edited or deleted."""
    seen = []
    for source, path in files_in(folder):
        try:
            state = path.stat()
        except OSError:
            continue  # deleted between listing and looking, or a link to nowhere: the next look sees it right
        seen.append((source, state.st_size, state.st_mtime_ns))
    return tuple(seen)


def read_folder(folder: Path, *, max_bytes: int = MAX_BYTES) -> Reading:
    """All documents below `folder`. A file that can't go in is reported, and the rest still goes in."""
    documents, skipped = [], []
    for source, path in files_in(folder):
        try:
            documents.append(read_document(source, path, max_bytes=max_bytes))
        except (PlaybookError, EncodingError) as error:
            skipped.append(Skipped(source=source, reason=error.message))
    return Reading(documents=tuple(documents), skipped=tuple(skipped))


def read_document(source: str, path: Path, *, max_bytes: int = MAX_BYTES) -> Document:
    """One file as a document; raises `PlaybookError` or `EncodingError` with the reason it can't go in."""
    if path.suffix.lower() not in SUFFIXES:
        raise PlaybookError(f"{path.suffix or 'a file without suffix'} is not read yet", hint="save it as .md or .txt")
    try:
        if not path.is_file():
            raise PlaybookError("not a regular file", hint="put the file itself into the folder")
        if path.stat().st_size > max_bytes:
            raise PlaybookError(f"larger than {max_bytes:,} bytes", hint="split the document")
        data = path.read_bytes()
    except OSError as error:
        raise PlaybookError(f"can't be read: {error.strerror}", hint="check the file's rights") from error
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise PlaybookError("there is no text in it", hint="remove the file or write something into it")
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Document(source=source, title=_title(source, text), text=text, sha256=digest)


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16, GBK/GB18030 or Big5; raises `EncodingError` for anything else."""
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(data, cp_isolation=_LIKELY_ENCODINGS).best()
        if best is None:
            raise EncodingError("binary, or in an encoding nobody can tell", hint="save it as UTF-8") from None
        text = str(best)
    if len(_CONTROL.findall(text[:4096])) > 2:
        raise EncodingError("binary, not text", hint="save it as UTF-8 text")
    return text.removeprefix("\ufeff")


def _title(source: str, text: str) -> str:
    """The front matter's title, else the first `#` heading, else the first line if it is short, else the file's name."""
    if found := _FRONT_TITLE.match(text) or _MARKDOWN_TITLE.search(text):
        return found["title"].strip("\"'")
    first = text.strip().split("\n", 1)[0].strip()
    return first if len(first) <= 40 and not source.lower().endswith((".md", ".markdown")) else Path(source).stem
