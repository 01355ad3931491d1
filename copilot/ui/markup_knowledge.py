"""The HTML of the page of documents: words found in them, and where they stand. All text is escaped here."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from html import escape
from itertools import groupby, pairwise
from typing import NamedTuple

from copilot import Answer, Citation
from copilot.playbook.documents import Document
from copilot.playbook.reports import Stretch
from copilot.playbook.shown import Piece, show
from copilot.records import Dispute, Hit
from copilot.ui import markup
from copilot.ui.knowledge_shelf import Place
from copilot.ui.knowledge_words import best_window
from copilot.ui.locales import t

SNIPPET = 120  # characters of a hit that are shown at once
AROUND = 120  # characters of the document before and after a place, to whole lines
LONGEST = 60  # characters of a dropped stretch that are shown in place
_SIGNS = re.compile(r"(?m)^#{1,6}[ \t]+|\*\*")
_STRONG = re.compile(r"(?m)^#{1,6}[ \t]+[^\n]+|\*\*[^*\n]+\*\*")
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_NUMBERS = re.compile(r"((?:\[\d+\])+)$")
Spots = Callable[[str], Sequence[tuple[int, int]]]  # where the question's words stand in a text


class Layer(NamedTuple):
    """What is to be said of a stretch: `found`, `cited`, `near`, `doubtful`, `dropped`, `strong`, or `hidden`."""

    start: int
    end: int
    kind: str
    tip: str = ""


def _painted(text: str, start: int, end: int, layers: Iterable[Layer]) -> str:
    """`text[start:end]` with its layers."""
    over = [layer for layer in layers if layer.start < end and layer.end > start]
    cuts = sorted({start, end, *(min(max(at, start), end) for one in over for at in (one.start, one.end))})
    pieces = ((tuple(one for one in over if one.start <= a and one.end >= b), text[a:b]) for a, b in pairwise(cuts))
    return "".join(
        _wrapped(found, "".join(words for _, words in run)) for found, run in groupby(pieces, lambda one: one[0])
    )


def _wrapped(layers: Sequence[Layer], words: str) -> str:
    kinds = dict.fromkeys(layer.kind for layer in layers)
    if "hidden" in kinds:
        return "\n" * min(1, words.count("\n"))
    if not kinds:
        return escape(words)
    if "dropped" in kinds and len(words) > LONGEST:
        words = f"{words[:LONGEST].rstrip()}{t('stretch.rest', count=len(words) - LONGEST)}"
    tip = next((layer.tip for layer in layers if layer.tip), "")
    tag = "del" if "dropped" in kinds else "mark" if "found" in kinds else "span"
    told = f' title="{escape(tip)}"' if tip else ""
    return f'<{tag} class="{" ".join(kinds)}"{told}>{escape(words)}</{tag}>'


def _signs(text: str, start: int, end: int) -> list[Layer]:
    """Markdown as it is meant: headings and bold words of `text[start:end]` without their signs."""
    found = [Layer(*match.span(), "strong") for match in _STRONG.finditer(text, start, end)]
    return found + [Layer(*match.span(), "hidden") for match in _SIGNS.finditer(text, start, end)]


@lru_cache(maxsize=32)
def _pieces(document: Document) -> tuple[Piece, ...]:
    return show(document).pieces


def _said_of(document: Document, start: int, end: int) -> list[Layer]:
    """What of a stretch of a document is dropped, doubtful, or not text at all."""
    kinds = {"drop": "dropped", "mark": "doubtful"}
    layers = [
        Layer(one.start, one.end, kinds[one.action], one.reason) for one in document.blemishes if one.action in kinds
    ]
    dropped = [layer for layer in layers if layer.kind == "dropped"]
    pieces = [piece for piece in _pieces(document) if piece.start < end and piece.start + piece.length > start]
    edges = [start, *(at for piece in pieces for at in (piece.start, piece.start + piece.length)), end]
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        if document.text[left:right].strip() and not any(one.start < right and one.end > left for one in dropped):
            layers.append(Layer(left, right, "hidden"))
    return layers


def whole(document: Document, start: int, end: int) -> str:
    """A stretch of a document as it was read, with what is dropped struck through and what is doubtful marked."""
    layers = [*_said_of(document, start, end), *_signs(document.text, start, end)]
    return f'<div class="original">{_lines(_painted(document.text, start, end, layers))}</div>'


def origin(source: str, place: Place | None) -> str:
    """What a source is called: a chapter of the handbook is told from a file of the operator's."""
    return f"{t('knowledge.handbook')} · {source}" if place and place.is_ours else source


def _lines(painted: str) -> str:
    """Painted text without the empty lines that left-out stretches leave."""
    return _EMPTY_LINES.sub("\n\n", painted.strip("\n"))


def original(place: Place, spots: Spots | None = None) -> str:
    """A place in its document, standing out from what is around it."""
    text = place.document.text
    start, end = _around(text, place.start, place.end)
    layers = [*_said_of(place.document, start, end), *_signs(text, start, end)]
    layers += [Layer(*span, "cited") for span in place.spans]
    layers += [Layer(start, place.start, "near"), Layer(place.end, end, "near")]
    if spots:
        layers += [Layer(a + left, a + right, "found") for a, b in place.spans for left, right in spots(text[a:b])]
    doubts = _doubts(one.tip for one in layers if one.kind == "doubtful" and one.start < end and one.end > start)
    return f'<div class="original">{_lines(_painted(text, start, end, layers))}</div>{doubts}{_whereabouts(place)}'


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch with the lines next to it, as far as they fit; the end of a longer line."""
    left, right = max(0, start - AROUND), min(len(text), end + AROUND)
    line = text.find("\n", left, start) + 1
    left = left if left == 0 or not line else line
    stop = text.rfind("\n", end, right)
    right = right if right == len(text) or stop < 0 else stop
    before, after = text[left:start], text[end:right]
    return start - len(before.lstrip()), end + len(after.rstrip())


def _whereabouts(place: Place) -> str:
    first, last = place.lines
    lines = t("place.line", line=first) if first == last else t("place.lines", first=first, last=last)
    told = f"{origin(place.document.source, place)} · {lines} · {t('place.characters', start=place.start + 1, end=place.end)}"
    return f'<div class="meta where">{escape(told)}</div>'


# A search ---------------------------------------------------------------------------------------------------------


def hits(found: Iterable[tuple[Hit, Place | None]], spots: Spots) -> str:
    """What a search found, best first; each opens the whole section in its document."""
    items = "".join(f"<li>{_hit(hit, place, spots)}</li>" for hit, place in found)
    return f'<ol class="claims hits">{items}</ol>'


def _hit(hit: Hit, place: Place | None, spots: Spots) -> str:
    body = hit.text.partition("\n")[2] if hit.text.startswith("#") else hit.text
    offset = len(hit.text) - len(body)
    where = [(start, end) for start, end in spots(body)]
    left, right = best_window(where, len(body), SNIPPET)
    layers = [Layer(start, end, "found") for start, end in where] + _signs(body, 0, len(body))
    layers += [Layer(mark.start - offset, mark.end - offset, "doubtful", mark.reason) for mark in hit.marks]
    snippet = _painted(body, left, right, layers).replace("\n", " ")
    snippet = f"{'…' if left else ''}{snippet}{'…' if right < len(body) else ''}"
    marked = _doubts(mark.reason for mark in hit.marks)
    opened = original(place, spots) if place else _alone(hit, spots)
    section = _painted(hit.section, 0, len(hit.section), [Layer(*span, "found") for span in spots(hit.section)])
    return (
        f'<details class="claim hit"><summary><div class="said">{section or escape(hit.title)}</div>'
        f'<div class="beside">{escape(origin(hit.source, place))}</div>'
        f'<p class="snippet">{snippet}</p>{marked}</summary>{opened}</details>'
    )


def _doubts(reasons: Iterable[str]) -> str:
    """Why what is marked is doubtful."""
    items = "".join(f"<li>{escape(reason)}</li>" for reason in dict.fromkeys(reasons))
    return f'<ul class="doubts"><li>{escape(t("hit.doubtful"))}</li>{items}</ul>' if items else ""


def _alone(hit: Hit, spots: Spots) -> str:
    """A section whose document has changed since."""
    layers = [Layer(start, end, "found") for start, end in spots(hit.text)] + _signs(hit.text, 0, len(hit.text))
    layers += [Layer(mark.start, mark.end, "doubtful", mark.reason) for mark in hit.marks]
    return f'<div class="original">{_painted(hit.text, 0, len(hit.text), layers)}</div>'


# An answer --------------------------------------------------------------------------------------------------------


def answer(said: Answer) -> str:
    """The answer line by line; each number opens its citation."""
    lines = "".join(_line(line, len(said.citations)) for line in said.answer.split("\n") if line.strip())
    return f'<div class="bubble answer">{lines}</div>'


def _line(line: str, cited: int) -> str:
    found = _NUMBERS.search(line)
    numbers = [int(one) for one in re.findall(r"\d+", found[0]) if 0 < int(one) <= cited] if found else []
    if not found or not numbers:
        return f'<p class="told">{escape(line)}</p>'
    ids = " ".join(f"c{number}" for number in numbers)
    buttons = "".join(
        f'<button type="button" class="cite" data-facts="c{number}" aria-label="{escape(t("answer.open", number=number))}">'
        f"{number}</button>"
        for number in numbers
    )
    return f'<p><span class="sentence" data-facts="{ids}">{escape(line[: found.start()])}</span>{buttons}</p>'


def citations(cited: Sequence[tuple[Citation, Place | None]]) -> str:
    """The sources of an answer by their numbers; each opens its quote in its document."""
    items = "".join(
        f'<li data-facts="c{number}"><details class="source"><summary><span class="number">{number}</span>'
        f'<span class="label">{escape(one.section)}</span><span class="meta">{escape(origin(one.source, place))}</span>'
        f"<q>{escape(one.quote)}</q></summary>{original(place) if place else ''}</details></li>"
        for number, (one, place) in enumerate(cited, 1)
    )
    return f'<ul class="rows facts sources">{items}</ul>'


def dispute(found: Dispute) -> str:
    """Both sides of a matter, each with its source."""
    sides = "".join(_side(one) for one in found.sides)
    view = ""
    if found.view:
        told = escape(t("dispute.view"))
        view = f'<div class="view"><div class="meta">{told}</div><p>{escape(found.view.quote)}</p></div>'
    topic = escape(found.topic)
    return f'<div class="dispute"><p class="what">{topic}</p><div class="two-sides">{sides}</div>{view}</div>'


def _side(one: Citation) -> str:
    return f'<div><p>{escape(one.quote)}</p><div class="meta">{escape(one.source)} › {escape(one.section)}</div></div>'


# Documents --------------------------------------------------------------------------------------------------------


def folder(name: str, path: str, told: str) -> str:
    """A folder that was added: its name, how much is in it, where it lies."""
    return f'<div class="folder"><b>{escape(name)}</b><div class="meta">{escape(told)} · {escape(path)}</div></div>'


def skipped(source: str, reason: str) -> str:
    """A file that did not go in, why, and what to do about it."""
    what, _, fix = reason.partition(" → ")
    return (
        f'<div class="skipped"><b>{escape(source)}</b><div class="beside">{escape(what)}</div>'
        f"{markup.paragraph(fix, 'fix') if fix else ''}</div>"
    )


def stretch(found: Stretch, words: str) -> str:
    """One stretch of a document that is not plain text: its line, its words, and why; a long one opens."""
    head = f'<div class="meta"><span class="label">{escape(found.reason)}</span><span>{escape(t("facts.line", line=found.line))}</span></div>'
    if len(words) <= len(found.excerpt):
        return f'<div class="stretch">{head}<q>{escape(found.excerpt)}</q></div>'
    count = escape(t("draft.count", count=found.characters))
    return (
        f'<div class="stretch">{head}<details><summary><q>{escape(found.excerpt)}</q> <span class="meta">{count}</span></summary>'
        f'<div class="original">{escape(words)}</div></details></div>'
    )
