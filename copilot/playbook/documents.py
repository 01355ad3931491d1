"""Read documents: what went in as text, what was left out and why.

A file's bytes become text (`readers`), its text is searched for what is no text to be quoted (`cleaning`), and what
the operator has decided about that is put in force. Our own handbook is read as it stands.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from copilot.errors import EncodingError, PlaybookError
from copilot.playbook.identity import FOREIGN, MAX_BYTES, check, digest
from copilot.playbook.markup import front_matter
from copilot.playbook.names import step_name
from copilot.playbook.readers.apart import read_apart
from copilot.playbook.readers.extract import Aside, Extract
from copilot.playbook.readers.plain import read_csv, read_text
from copilot.playbook.spans import Article, Blemish
from copilot.records import Record

if TYPE_CHECKING:
    from copilot.playbook.cleaning import Woven


_PLAIN: dict[str, Callable[[bytes], Extract]] = {
    ".md": read_text,
    ".markdown": read_text,
    ".txt": read_text,
    ".csv": read_csv,
    ".tsv": read_csv,
}
_NO_HEADING = frozenset({".csv", ".tsv", ".xlsx"})
_FRONT_TITLE = re.compile(r"^title:[ \t]*(?P<title>\S(?:.*[^ \t\n])?)", re.MULTILINE)
_MARKDOWN_TITLE = re.compile(r"^#[ \t]+(?P<title>\S(?:.*[^ \t\n#])?)", re.MULTILINE)
_COMMENT_LINE = re.compile(r"<!--[^\n]*?-->[ \t]*\n")
_QUESTION = re.compile(r"(?:Q\d{0,3}|问题?\d{0,3})\s*[:：.、]")
_BROKEN = "\ufffd"
_LISTED = 8
_SURROGATE = re.compile("[\ud800-\udfff]")


class Document(Record):
    """One document. `source` is its path inside the folder, with `/`; lines of `text` end in a line feed; offsets are in it.

    `sha256` is the digest that `identify` gives its file. Without `articles` the whole file is one. `notes` tell the operator what the
    reader did.
    """

    source: str
    title: str
    text: str
    sha256: str
    blemishes: tuple[Blemish, ...] = ()
    articles: tuple[Article, ...] = ()
    notes: tuple[str, ...] = ()


class Skipped(Record):
    """A file that did not go in, and why, with what to do about it."""

    source: str
    reason: str


class Reading(Record):
    """A folder read: its documents in the order of their names, and what was left out."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...]


Decisions = Mapping[str, Literal["keep", "drop"]]
"""What the operator decided, by `blemish_key`."""


def files_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """(source, path) of every file below `folder`, by name; hidden ones are left out.

    A folder below it that is a link or can't be read stands among them, so that it is told of as a file is.
    Raises `PlaybookError` when `folder` itself is not a folder that can be read.
    """
    closed: list[Path] = []

    def refuse(error: OSError) -> None:
        closed.append(Path(error.filename))
        if closed[-1] == folder:
            raise PlaybookError(f"文件夹 {folder} 读不了：{error.strerror}", hint="换一个存在、可以读的文件夹")

    if not folder.is_dir():
        raise PlaybookError(f"{folder} 不是文件夹", hint="给一个存在的、放着文档的文件夹")
    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        linked = [name for name in folders if Path(parent, name).is_symlink()]
        for name in sorted([*names, *linked]):
            if name.startswith("..") or not name.startswith((".", "~$")):  # ..\x.md: from another system, not hidden
                path = Path(parent, name)
                yield path.relative_to(folder).as_posix(), path
    yield from ((path.relative_to(folder).as_posix(), path) for path in closed)


def fingerprint(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """(source, size, modification time) of every file: differs when something was added, edited or deleted."""
    return stamps(files_in(folder))


def stamps(files: Iterable[tuple[str, Path]]) -> tuple[tuple[str, int, int], ...]:
    """(source, size, modification time) of each of these files that is there."""
    seen = []
    for source, path in files:
        try:
            state = path.stat()
        except OSError:
            continue  # deleted between listing and looking, or a link to nowhere: the next look sees it right
        seen.append((source, state.st_size, state.st_mtime_ns))
    return tuple(seen)


def read_folder(
    folder: Path, *, max_bytes: int = MAX_BYTES, cleaned: bool = False, decisions: Decisions | None = None
) -> Reading:
    """All documents below `folder`. A file that can't go in is reported, and the rest still goes in."""
    documents, skipped = [], []
    for source, path in files_in(folder):
        try:
            document = read_document(
                source, path, max_bytes=max_bytes, inside=folder, cleaned=cleaned, decisions=decisions
            )
        except (PlaybookError, EncodingError) as error:
            skipped.append(Skipped(source=source, reason=str(error)))
        else:
            documents.append(document)
    return Reading(documents=tuple(documents), skipped=tuple(skipped))


def read_document(
    source: str,
    path: Path,
    *,
    max_bytes: int = MAX_BYTES,
    inside: Path | None = None,
    cleaned: bool = False,
    decisions: Decisions | None = None,
) -> Document:
    """One file as a document; raises `PlaybookError` or `EncodingError` with the reason it can't go in.

    `max_bytes` bounds its text (a PDF or Office file, mostly pictures, may have twenty times that), `inside` is the
    folder that a link must not lead out of. A `cleaned` one has its blemishes and articles found, with the operator's
    `decisions` in force.
    """
    check(path, max_bytes, inside)
    suffix = path.suffix.lower()
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PlaybookError(f"读不了：{error.strerror}", hint="检查文件的权限") from error
    read = read_apart(data, suffix) if suffix in FOREIGN else _PLAIN[suffix](data)
    text = _SURROGATE.sub(_BROKEN, read.text).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise PlaybookError("里面没有文字", hint="删掉这个文件，或写进内容")
    if len(text.encode()) > max_bytes:
        raise PlaybookError(f"文字超过 {max_bytes / 1_000_000:g} MB", hint="拆成几份")
    found = _found(text, read.asides, cleaned=cleaned)
    document = Document(
        source=source,
        title=step_name(_title(source, read.title, _without(found.text, found.blemishes))) or source,
        text=found.text,
        sha256=digest([data]),
        blemishes=found.blemishes,
        articles=found.articles,
        notes=(*read.notes, *_broken(found.text)),
    )
    return decided(document, decisions or {})


def blemish_key(blemish: Blemish, text: str) -> str:
    """How a decision knows a blemish again in a file that was edited elsewhere: by its kind and its words."""
    words = text[blemish.start : blemish.end]
    return f"{blemish.kind} {hashlib.sha256(words.encode()).hexdigest()}"


def decided(document: Document, decisions: Decisions) -> Document:
    """The document with the operator's decisions in force; blemishes keep their number, decided or not."""
    if not decisions:
        return document
    blemishes = tuple(
        blemish.model_copy(update={"action": decisions.get(blemish_key(blemish, document.text), blemish.action)})
        for blemish in document.blemishes
    )
    return document.model_copy(update={"blemishes": blemishes})


def _found(text: str, asides: Sequence[Aside], *, cleaned: bool) -> "Woven":
    from copilot.playbook.cleaning import find_articles, find_blemishes, weave

    blemishes = find_blemishes(text) if cleaned else ()
    return weave(text, asides, blemishes, find_articles(text, blemishes) if cleaned else ())


def _broken(text: str) -> Iterator[str]:
    """Where signs are whose bytes could not be read."""
    if count := text.count(_BROKEN):
        lines = [number for number, line in enumerate(text.split("\n"), start=1) if _BROKEN in line]
        more = " 等" if len(lines) > _LISTED else ""
        yield f"第 {'、'.join(map(str, lines[:_LISTED]))}{more} 行有 {count} 个字的字节坏了，显示为 {_BROKEN}"


def _without(text: str, blemishes: tuple[Blemish, ...]) -> str:
    """The text without what is dropped."""
    dropped = [(blemish.start, blemish.end) for blemish in blemishes if blemish.action == "drop"]
    starts, ends = [0, *(end for _, end in dropped)], [*(start for start, _ in dropped), len(text)]
    return "".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _title(source: str, told: str, text: str) -> str:
    """The title that the format or front matter gives, the first `#` heading, a short first line, or the file's name."""
    if told:
        return " ".join(told.split())
    name = Path(source)
    front = front_matter(text)
    if found := _FRONT_TITLE.search(text[:front]) or _MARKDOWN_TITLE.search(text, front):
        return found["title"].strip("\"'")
    body = text[front:].strip()
    comment = _COMMENT_LINE.match(body)
    first = body[comment.end() if comment else 0 :].lstrip().split("\n", 1)[0].strip("# \t")
    is_named = (
        not _QUESTION.match(first)
        and name.suffix.lower() not in _NO_HEADING | {".md", ".markdown"}
        and 0 < len(first) <= 40
    )
    return first if is_named else name.stem
