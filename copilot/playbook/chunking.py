"""Cut a document into chunks along its headings, numbered items and questions, within a token budget.

`show` gives the text without what is left out, `headings` its outline, `packing` cuts what is longer than the budget.
Each question of a list of questions and answers is a chunk with its answer.
Every character that is not blank and stands outside front matter, HTML comments and dropped stretches lies in exactly
one chunk, and each chunk knows the exact characters of the document it was taken from.
"""

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from copilot.playbook.asking import asked
from copilot.playbook.documents import Document
from copilot.playbook.headings import FINISHED, Heading, headings, is_under, labelled_path
from copilot.playbook.packing import Packer, table_headers
from copilot.playbook.shown import Piece, Shown, show
from copilot.playbook.spans import Blemish
from copilot.playbook.teaching import Disagreement, names_rules, taught
from copilot.records import Hit, Mark, Record

DEFAULT_BUDGET = 700
# A document that names its rules was written in sections that stand alone: they are cut only far over the budget.
_WHOLE_SECTION = 4
_COLUMNS = 80  # characters of a table's header that a path names
_INTRODUCTION = 40  # characters that lead from a heading to the headings under it
_CELL_EDGES = re.compile(r"[\s|]+")


class Chunk(Record):
    """A stretch of a document that is searched and shown as one.

    `text` is the document's without dropped stretches, HTML comments and empty lines; `pieces` say where it stands in
    `Document.text`: what lies in no piece is a line feed that joins two lines. A step of `path` that begins "误区：" or
    "问题：" states a mistake, not advice. `rules` are the ids its section teaches (both sides of a disagreement
    included). `sha256` is of the text with its headings, so it stays when the chunk only moves.
    """

    chunk_id: str
    source: str
    title: str
    path: tuple[str, ...]
    text: str
    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...] = ()
    rules: tuple[str, ...] = ()
    disagreement: Disagreement | None = None
    sha256: str

    @property
    def section(self) -> str:
        """The path of headings in one line."""
        return " › ".join(self.path)

    def hit(self, score: float) -> Hit:
        """The chunk as a search shows it."""
        return Hit(
            chunk_id=self.chunk_id,
            source=self.source,
            title=self.title,
            section=self.section,
            text=self.text,
            rules=self.rules,
            score=score,
            marks=self.marks,
        )


class _Section(NamedTuple):
    """A stretch of the shown text under one path; its headings end at `body`."""

    path: tuple[str, ...]
    start: int
    body: int
    end: int
    rules: tuple[str, ...] = ()
    disagreement: Disagreement | None = None


class _Part(NamedTuple):
    """A stretch of the shown text that is cut for itself: the whole, or one of several articles, with its title."""

    start: int
    end: int
    title: str
    path: tuple[str, ...]


def chunk(document: Document, budget: int = DEFAULT_BUDGET) -> tuple[Chunk, ...]:
    """The document's chunks in order, each of at most `budget` tokens.

    A heading that nothing of its own stands under stays with the section after it, so no heading is served alone.
    """
    shown = show(document)
    teaches = any(names_rules(comment) for comment in shown.comments)
    packer = Packer(shown, budget * _WHOLE_SECTION if teaches else budget)
    marks = sorted(
        (blemish for blemish in document.blemishes if blemish.action == "mark"), key=lambda blemish: blemish.start
    )
    chunks: list[Chunk] = []
    seen: dict[str, int] = {}
    for part in _parts(document, shown):
        for section in _with_bodies(list(_sections(part, shown, packer, teaches=teaches)), shown):
            for stretch in (section,) if teaches else _answers(section, shown):
                for made in _chunks(document, shown, marks, packer, stretch):
                    repeat = seen[made.chunk_id] = seen.get(made.chunk_id, 0) + 1
                    name = made.chunk_id if repeat == 1 else f"{made.chunk_id}-{repeat}"
                    chunks.append(made if repeat == 1 else made.model_copy(update={"chunk_id": name}))
    return tuple(chunks)


def locate(chunk: Chunk, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Where a stretch of `chunk.text` stands in `Document.text`: several (start, end) where something was left out.

    The characters there, one after the other, are the stretch without the line feeds that only join its lines.
    """
    found = []
    for piece in chunk.pieces:
        begin, stop = max(piece.offset, start), min(piece.offset + piece.length, end)
        if begin < stop:
            found.append((piece.start + begin - piece.offset, piece.start + stop - piece.offset))
    return tuple(found)


def find_quote(chunk: Chunk, quote: str) -> tuple[int, int] | None:
    """Where a quote stands in `chunk.text`, whatever its widths, capitals and blanks; None when it does not."""
    text, places = _folded(chunk.text)
    wanted, _ = _folded(quote)
    at = text.find(wanted) if wanted else -1
    return None if at < 0 else (places[at], places[at + len(wanted) - 1] + 1)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and where each of its characters stands in the text."""
    folded = [(character, at) for at, one in enumerate(text) for character in _fold(one) if not character.isspace()]
    return "".join(character for character, _ in folded), [at for _, at in folded]


def _fold(character: str) -> str:
    return {"“": '"', "”": '"', "‘": "'", "’": "'"}.get(character) or unicodedata.normalize("NFKC", character).lower()


def _parts(document: Document, shown: Shown) -> Iterator[_Part]:
    """The whole text, or each of its articles and what stands between them."""
    if len(document.articles) < 2:
        yield _Part(0, len(shown.text), document.title, ())
        return
    at = 0
    for article in sorted(document.articles, key=lambda article: article.start):
        start, end = shown.offset(article.start), shown.offset(article.end)
        if at < start:
            yield _Part(at, start, document.title, ())
        if max(at, start) < end:
            yield _Part(max(at, start), end, article.title, (article.title,))
        at = max(at, end)
    if at < len(shown.text):
        yield _Part(at, len(shown.text), document.title, ())


def _sections(part: _Part, shown: Shown, packer: Packer, *, teaches: bool) -> Iterator[_Section]:
    """The part's sections: under each heading what stands before the next one.

    Headings of plain text cut only what does not fit the budget as one, or what states mistakes: each needs its name.
    """
    markup = headings(shown, part.start, part.end, markup_only=True) if teaches else []
    found = markup or headings(shown, part.start, part.end)
    paths = list(_paths(found, part))
    starts = [*(heading.start for heading in found), part.end]
    if part.start < starts[0] and shown.text[part.start : starts[0]].strip():
        yield _Section(part.path, part.start, part.start, starts[0])
    number = 0
    while number < len(found):
        heading, path = found[number], paths[number]
        last = number + 1
        while last < len(found) and not found[last].is_markup and len(paths[last]) > len(path):
            last += 1
        is_whole = packer.fits(heading.start, starts[last]) and not any(
            paths[under][-1] != found[under].name for under in range(number + 1, last)
        )
        last = last if is_whole else number + 1
        position_after = found[last].position if last < len(found) else shown.position(part.end) + 1
        rules, disagreement = taught(shown.comments, heading.position, position_after) if teaches else ((), None)
        yield _Section(path, heading.start, heading.end, starts[last], rules, disagreement)
        number = last


def _paths(found: Sequence[Heading], part: _Part) -> Iterator[tuple[str, ...]]:
    """The path of each heading, as it is shown."""
    above: list[Heading] = []
    for heading in found:
        while above and not is_under(heading, above):
            above.pop()
        above.append(heading)
        names = [step.name for step in above]
        if part.path and names[0] == part.title:
            del names[0]
        yield (*part.path, *labelled_path(names, part.title))


def _with_bodies(found: Sequence[_Section], shown: Shown) -> Iterator[_Section]:
    """The sections, one that says nothing of its own put before the next one; the last one after the one before it."""
    waiting: int | None = None
    kept: list[_Section] = []
    for section, following in zip(found, [*found[1:], None], strict=False):
        start = section.start if waiting is None else waiting
        body = shown.text[section.body : section.end].strip()
        is_above = following is not None and following.path[: len(section.path)] == section.path != following.path
        says_something = section.rules or (body and not (is_above and _only_introduces(body)))
        waiting = None if says_something else start
        if says_something:
            kept.append(section._replace(start=start))
    if waiting is not None and kept and not kept[-1].rules:
        kept[-1] = kept[-1]._replace(end=found[-1].end)
    elif waiting is not None:
        kept.append(found[-1]._replace(start=waiting))
    yield from kept


def _answers(section: _Section, shown: Shown) -> Iterator[_Section]:
    """The section, or where it lists questions, each with its answer under a path of its own."""
    found = asked(shown, section.body, section.end)
    first = found[0].start if found else section.end
    opening = shown.text[section.body : first].strip()
    start = section.start
    if not found or (opening and not _only_introduces(opening)):
        yield section._replace(end=first)
        start = first
    for question, following in zip(found, [*found[1:], None], strict=False):
        end = following.start if following else section.end
        yield section._replace(path=(*section.path, question.name), start=start, body=question.end, end=end)
        start = end


def _only_introduces(body: str) -> bool:
    """Whether what stands under a heading only leads on to the headings under it: a few words and no whole sentence."""
    return len(body) <= _INTRODUCTION and not body.endswith(FINISHED)


def _chunks(
    document: Document, shown: Shown, marks: Sequence[Blemish], packer: Packer, section: _Section
) -> Iterator[Chunk]:
    spans = list(packer.spans(section.start, section.body, section.end))
    headers = table_headers(shown, section.start, section.end) if len(spans) > 1 else {}
    for start, end in spans:
        text = shown.text[start:end]
        header = _CELL_EDGES.sub(" ", headers.get(start, "")).strip()
        path = (*section.path, f"表头：{header[:_COLUMNS]}") if header else section.path
        digest = hashlib.sha256("\n".join((document.title, *path, text)).encode("utf-8", "surrogatepass")).hexdigest()
        yield Chunk(
            chunk_id=hashlib.sha256(f"{document.source}\n{digest}".encode("utf-8", "surrogatepass")).hexdigest()[:16],
            source=document.source,
            title=document.title,
            path=path,
            text=text,
            pieces=shown.cut(start, end),
            marks=tuple(_marks(shown, marks, start, end)),
            rules=section.rules,
            disagreement=section.disagreement,
            sha256=digest,
        )


def _marks(shown: Shown, marks: Sequence[Blemish], start: int, end: int) -> Iterator[Mark]:
    """The marked stretches that lie in a chunk, as far as they do."""
    first = bisect_left(marks, shown.position(start), key=lambda blemish: blemish.end)
    for blemish in marks[first:]:
        begin, stop = shown.trim(shown.offset(blemish.start), shown.offset(blemish.end))
        if begin >= end:
            return
        if max(begin, start) < min(stop, end):
            span = max(begin, start) - start, min(stop, end) - start
            yield Mark(start=span[0], end=span[1], kind=blemish.kind, reason=blemish.reason)
