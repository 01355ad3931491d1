"""What of a chunk is turned into vectors: each passage in its context, known by the hash of its text."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from copilot.playbook.chunking import Chunk
from copilot.records import Record

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

_LIST_ITEM = re.compile(r"^[-*][ \t]+(?P<item>\S.*)$", re.MULTILINE)


class Passage(Record):
    """One text to embed. `id` is `<chunk_id>/<number>`; equal `sha256` means equal text, so an equal vector."""

    id: str
    chunk_id: str
    text: str
    sha256: str


class Snapshot(NamedTuple):
    """A playbook in memory: `vectors` (passages x dimension, unit length) and, for each, its chunk's number.

    `is_current` is false for an older state, got while another process brings the index up to date.
    """

    documents: dict[str, str]
    chunks: tuple[Chunk, ...]
    vectors: "NDArray[numpy.float32]"
    owners: "NDArray[numpy.intp]"
    is_current: bool = True


def teaching(snapshot: Snapshot) -> Snapshot:
    """The handbook without its chapters' opening words: they teach no rule, so they answer nothing."""
    import numpy

    kept = [number for number, piece in enumerate(snapshot.chunks) if piece.rules]
    rows = numpy.isin(snapshot.owners, kept)
    chunks = tuple(snapshot.chunks[number] for number in kept)
    numbers = numpy.searchsorted(kept, snapshot.owners[rows])
    return snapshot._replace(chunks=chunks, vectors=snapshot.vectors[rows], owners=numbers)


def in_context(chunk: Chunk) -> str:
    """The chunk as it is searched: document title, headings, text."""
    return f"{chunk.title}\n{chunk.section}\n{chunk.text}"


def passages(chunks: Iterable[Chunk]) -> tuple[Passage, ...]:
    """The passages of `chunks` in order: each chunk whole and, where a section teaches rules, each point it lists.

    The points of such a section are its symptoms in an operator's words: alone under the heading, a symptom is
    near the question that describes it, where the section as a whole is not.
    """
    made = []
    for chunk in chunks:
        texts = [in_context(chunk)]
        if chunk.rules:
            texts += [f"{chunk.path[-1]}\n{found['item']}" for found in _LIST_ITEM.finditer(chunk.text)]
        for number, text in enumerate(texts):
            digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            made.append(Passage(id=f"{chunk.chunk_id}/{number}", chunk_id=chunk.chunk_id, text=text, sha256=digest))
    return tuple(made)


def owners(chunks: Sequence[Chunk], passage_ids: Iterable[str]) -> "NDArray[numpy.intp]":
    """For each passage the number of the chunk it belongs to."""
    import numpy

    number = {piece.chunk_id: place for place, piece in enumerate(chunks)}
    return numpy.array([number[key.rpartition("/")[0]] for key in passage_ids], dtype=numpy.intp)
