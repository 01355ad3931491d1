"""The pieces of HTML on the page. Every word of a brief, draft or finding is escaped here, and nowhere else.

A sentence carries the ids of its facts (`data-facts`), as does each row of the facts list: `light.js` lights up
the one when the other is pointed at.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from itertools import groupby, pairwise

from copilot import Citation, Draft, Fact, Finding
from copilot.records import Origin, Part, SentenceTrace

PLACEHOLDER = re.compile(r"【待(?:补充|核实)[:：][^】]*】")
Where = Callable[[Origin], str]  # how a place in the brief is called

_WEIGHT = {"fact": 0, "info": 1, "warning": 2, "error": 3, "gap": 4}


@dataclass(frozen=True)
class Mark:
    """A stretch of the draft to point out: why (`fact`, `gap` or a severity), and what to say about it."""

    start: int
    end: int
    kind: str
    tip: str


def marks(draft: Draft, part: Part, where: Where) -> list[Mark]:
    """What is pointed out in one message of a draft: its facts, its findings and what is still open."""
    start, end = part.start, part.start + len(part.text)
    found = [
        Mark(start + match.start(), start + match.end(), "gap", match[0]) for match in PLACEHOLDER.finditer(part.text)
    ]
    found += [
        Mark(finding.span.start, finding.span.end, finding.severity, finding.message)
        for finding in draft.findings
        if finding.span
    ]
    for sentence in _sentences(draft, start, end):
        words = draft.text[sentence.start : sentence.end]
        for fact in _facts_of(sentence, draft):
            for left, right in _spots(fact.text, words):
                found.append(Mark(sentence.start + left, sentence.start + right, "fact", _said(fact, where)))
    return found


def _sentences(draft: Draft, start: int, end: int) -> list[SentenceTrace]:
    inside = (one for one in draft.trace if one.start >= start and one.end <= end)
    return sorted(inside, key=lambda one: one.start)


def _facts_of(sentence: SentenceTrace, draft: Draft) -> list[Fact]:
    return [fact for fact in draft.facts if fact.id in sentence.facts]


def _said(fact: Fact, where: Where) -> str:
    return f"{where(fact.origin)} “{fact.origin.quote}”"


def _spots(value: str, words: str) -> list[tuple[int, int]]:
    """Where a value stands in a sentence: every time word for word, or else most of it (a date without its year)."""
    if not value:
        return []
    if exact := [match.span() for match in re.finditer(re.escape(value), words)]:
        return exact
    match = SequenceMatcher(None, value, words, autojunk=False).find_longest_match()
    return [(match.b, match.b + match.size)] if match.size * 2 >= len(value) and match.size > 1 else []


def _marked(text: str, start: int, end: int, found: Sequence[Mark]) -> str:
    """`text[start:end]`, each stretch wrapped by the weightiest mark over it."""
    inside = [mark for mark in found if mark.start < end and mark.end > start]
    cuts = sorted({start, end, *(min(max(at, start), end) for mark in inside for at in (mark.start, mark.end))})
    stretches: list[tuple[Mark | None, str]] = []
    for left, right in pairwise(cuts):
        over = [mark for mark in inside if mark.start <= left and mark.end >= right]
        mark = max(over, key=lambda one: _WEIGHT[one.kind], default=None)
        stretches.append((mark, text[left:right]))
    pieces = []
    for mark, group in groupby(stretches, key=lambda stretch: stretch[0]):
        words = escape("".join(words for _, words in group))
        pieces.append(f'<span class="mark {mark.kind}" data-tip="{escape(mark.tip)}">{words}</span>' if mark else words)
    return "".join(pieces)


def message(draft: Draft, part: Part, where: Where) -> str:
    """The text of one message of a draft with its sentences and marks."""
    at, end = part.start, part.start + len(part.text)
    found, pieces = marks(draft, part, where), []
    for sentence in _sentences(draft, at, end):
        if sentence.start < at:
            continue
        pieces.append(_marked(draft.text, at, sentence.start, found))
        words = _marked(draft.text, sentence.start, sentence.end, found)
        if behind := _facts_of(sentence, draft):
            ids = escape(" ".join(fact.id for fact in behind))
            tip = escape("\n".join(dict.fromkeys(_said(fact, where) for fact in behind)))
            words = f'<span class="sentence" data-facts="{ids}" data-tip="{tip}" tabindex="0">{words}</span>'
        pieces.append(words)
        at = sentence.end
    return "".join([*pieces, _marked(draft.text, at, end, found)])


def chat(inner: str, *, title: str, sender: str, aside: str, note: str = "") -> str:
    """A group window with one message in it. `inner` is HTML; the rest is text."""
    strip = f'<div class="strip" data-rest="{escape(note)}">{escape(note)}</div>' if note else ""
    return (
        f'<div class="chat"><div class="chat-head"><span>{escape(title)}</span><span class="aside">{escape(aside)}</span></div>'
        f'<div class="chat-body"><span class="avatar" aria-hidden="true">{escape(sender[:1])}</span>'
        f'<div class="post"><div class="sender">{escape(sender)}</div><div class="bubble">{inner}</div></div></div>{strip}</div>'
    )


def facts(known: Iterable[Fact], where: Where, private: str) -> str:
    """Where each fact was said: one row a statement, its values marked in the operator's own words."""
    rows: dict[tuple[str, int, str], list[Fact]] = {}
    for fact in known:
        rows.setdefault((fact.origin.field, fact.origin.line, fact.origin.quote), []).append(fact)
    items = []
    for said in rows.values():
        origin = said[0].origin
        ids = escape(" ".join(fact.id for fact in said))
        spots = [
            Mark(at, at + len(fact.text), "fact", fact.value)
            for fact in said
            if (at := origin.quote.find(fact.text)) >= 0 and fact.text
        ]
        label = next((fact.label for fact in said if fact.label), "")
        hidden = "" if all(fact.public for fact in said) else f'<span class="tag">{escape(private)}</span>'
        items.append(
            f'<li data-facts="{ids}" tabindex="0"><div class="meta"><span class="label">{escape(label)}</span>{hidden}'
            f"<span>{escape(where(origin))}</span></div>"
            f"<q>{_marked(origin.quote, 0, len(origin.quote), spots)}</q></li>"
        )
    return f'<ul class="rows facts">{"".join(items)}</ul>'


def finding(found: Finding, severity: str) -> str:
    """One finding: how grave, what, where, how to mend it, and the handbook's words behind it."""
    span = f"<q>{escape(found.span.text)}</q>" if found.span and found.span.text not in found.message else ""
    fix = f'<div class="fix">{escape(found.fix)}</div>' if found.fix else ""
    quote = f'<div class="rule">{escape(found.quote)}</div>' if found.quote else ""
    return (
        f'<div class="finding {found.severity}"><span class="severity">{escape(severity)}</span>'
        f'<div class="what">{escape(found.message)}{span}{fix}{quote}</div></div>'
    )


def statement(origin: Origin, where: Where) -> str:
    """One statement of a conflict, quoted, with its place in the brief."""
    return f'<div class="statement"><q>{escape(origin.quote)}</q><div class="meta">{escape(where(origin))}</div></div>'


def citations(cited: Iterable[Citation]) -> str:
    """The handbook's sections behind the draft, each with the exact words."""
    items = (
        f'<li><div class="meta"><span class="label">{escape(one.section)}</span><span>{escape(one.source)}</span></div><q>{escape(one.quote)}</q></li>'
        for one in cited
    )
    return f'<ul class="rows">{"".join(items)}</ul>'


def notes(lines: Iterable[str]) -> str:
    """Remarks for the operator alone."""
    return f'<ul class="rows notes">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ul>'


def heading(title: str, count: int | None = None, kind: str = "") -> str:
    """The head of one section of the right column."""
    number = f'<span class="count {kind}">{count}</span>' if count else ""
    return f'<h3 class="section">{escape(title)}{number}</h3>'


def paragraph(text: str, kind: str = "") -> str:
    """One line of text in a class of the theme."""
    return f'<p class="{kind}">{escape(text)}</p>'
