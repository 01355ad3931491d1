"""What of a chunk is turned into vectors: each passage in its context, known by the hash of its text."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from copilot.playbook.chunking import Chunk
from copilot.records import Record

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

_NONE: Mapping[str, Sequence[str]] = MappingProxyType({})
_LIST_ITEM = re.compile(r"^[-*][ \t]+(?P<item>\S.*)$", re.MULTILINE)


class Passage(Record):
    """One text to embed. `id` is `<chunk_id>/<number>`; equal `sha256` means equal text, so an equal vector.

    `rule` is set where the text is no part of the chunk, but a way to put the trouble behind a rule that it teaches.
    """

    id: str
    chunk_id: str
    text: str
    sha256: str
    rule: str = ""


class Snapshot(NamedTuple):
    """A playbook in memory: `vectors` (passages x dimension, unit length) and, for each, its chunk's number.

    `pending` passages have no vector yet: their rows are zero, near to nothing. `phrased` has each row's rule where it is
    a phrasing of one, and is empty where no passage is.
    """

    documents: dict[str, str]
    chunks: tuple[Chunk, ...]
    vectors: "NDArray[numpy.float32]"
    owners: "NDArray[numpy.intp]"
    pending: int = 0
    phrased: tuple[str, ...] = ()


def teaching(snapshot: Snapshot) -> Snapshot:
    """The handbook without its chapters' opening words: they teach no rule, so they answer nothing."""
    import numpy

    kept = [number for number, piece in enumerate(snapshot.chunks) if piece.rules]
    rows = numpy.isin(snapshot.owners, kept)
    chunks = tuple(snapshot.chunks[number] for number in kept)
    numbers = numpy.searchsorted(kept, snapshot.owners[rows])
    phrased = tuple(rule for rule, is_kept in zip(snapshot.phrased, rows, strict=False) if is_kept)
    return snapshot._replace(chunks=chunks, vectors=snapshot.vectors[rows], owners=numbers, phrased=phrased)


def in_context(chunk: Chunk) -> str:
    """The chunk as it is searched: document title, headings, text."""
    return f"{chunk.title}\n{chunk.section}\n{chunk.text}"


def chunk_digest(chunk: Chunk) -> str:
    """The hash of a chunk's own passage."""
    return _digest(in_context(chunk))


def passages(chunks: Iterable[Chunk], phrasings: Mapping[str, Sequence[str]] = _NONE) -> tuple[Passage, ...]:
    """The passages of `chunks` in order: each chunk whole and, where a section teaches rules, each point it lists.

    The points of such a section are its symptoms in an operator's words: alone under the heading, a symptom is
    near the question that describes it, where the section as a whole is not. `phrasings` of its rules come after them.
    """
    return tuple(
        Passage(id=f"{chunk.chunk_id}/{number}", chunk_id=chunk.chunk_id, text=text, sha256=_digest(text), rule=rule)
        for chunk in chunks
        for number, (text, rule) in enumerate(_texts(chunk, phrasings))
    )


def _texts(chunk: Chunk, phrasings: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    yield in_context(chunk), ""
    if chunk.rules:
        for found in _LIST_ITEM.finditer(chunk.text):
            yield f"{chunk.path[-1]}\n{found['item']}", ""
    for rule in chunk.rules:
        for line in phrasings.get(rule, ()):
            yield line, rule


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def owners(chunks: Sequence[Chunk], passage_ids: Iterable[str]) -> "NDArray[numpy.intp]":
    """For each passage the number of the chunk it belongs to."""
    import numpy

    number = {piece.chunk_id: place for place, piece in enumerate(chunks)}
    return numpy.array([number[key.rpartition("/")[0]] for key in passage_ids], dtype=numpy.intp)
