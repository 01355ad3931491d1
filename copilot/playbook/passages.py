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
    """One text to embed, for the chunk of the number `owner`; equal `sha256` means equal text, so an equal vector.

    `rule` is set where the text is no part of the chunk, but a way to put the trouble behind a rule that it teaches.
    """

    owner: int
    text: str
    sha256: str
    rule: str = ""


class Snapshot(NamedTuple):
    """A playbook in memory: `vectors` (passages x dimension, unit length) and, for each, its chunk's number in `owners`.

    `phrased` has each row's rule where it is a phrasing of one, else "". `pending` passages have no vector yet: their
    rows are zero, near to nothing. `documents` is {source: content hash}.
    """

    documents: dict[str, str]
    chunks: tuple[Chunk, ...]
    vectors: "NDArray[numpy.float32]"
    owners: "NDArray[numpy.intp]"
    phrased: tuple[str, ...]
    pending: int


def make_snapshot(
    documents: dict[str, str],
    chunks: tuple[Chunk, ...],
    wanted: Sequence[Passage],
    known: "Mapping[str, NDArray[numpy.float32]]",
    dimension: int,
) -> Snapshot:
    """A playbook with those of its passages' vectors that are `known`, by hash, and of this dimension."""
    import numpy

    vectors = numpy.zeros((len(wanted), dimension), dtype=numpy.float32)
    pending = 0
    for row, passage in enumerate(wanted):
        vector = known.get(passage.sha256)
        if vector is not None and len(vector) == dimension:
            vectors[row] = vector
        else:
            pending += 1
    owners = numpy.array([passage.owner for passage in wanted], dtype=numpy.intp)
    return Snapshot(documents, chunks, vectors, owners, tuple(passage.rule for passage in wanted), pending)


def teaching(handbook: Snapshot) -> Snapshot:
    """The handbook without its chapters' opening words: they teach no rule, so they answer nothing."""
    import numpy

    kept = [number for number, piece in enumerate(handbook.chunks) if piece.rules]
    rows = numpy.isin(handbook.owners, kept)
    return handbook._replace(
        chunks=tuple(handbook.chunks[number] for number in kept),
        vectors=handbook.vectors[rows],
        owners=numpy.searchsorted(kept, handbook.owners[rows]),
        phrased=tuple(rule for rule, is_kept in zip(handbook.phrased, rows, strict=True) if is_kept),
    )


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
        Passage(owner=number, text=text, sha256=_digest(text), rule=rule)
        for number, chunk in enumerate(chunks)
        for text, rule in _texts(chunk, phrasings)
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
