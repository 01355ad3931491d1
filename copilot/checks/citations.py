"""Are the quotes quotes, and is nothing of the handbook passed off as the operator's own words?"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from copilot.checks.rulebook import finding
from copilot.records import Citation, Finding, Hit, Span

COPIED = 12  # characters in a row, punctuation aside, that don't agree by chance


def broken_citations(citations: Sequence[Citation], sections: dict[str, str]) -> tuple[Citation, ...]:
    """Those whose quote is not word for word in its section; `sections` are texts by chunk id."""
    return tuple(citation for citation in citations if citation.quote not in sections.get(citation.chunk_id, ""))


def copied_findings(text: str, evidence: Sequence[Hit], said: str) -> tuple[Finding, ...]:
    """Stretches of a draft that stand in the evidence but not in the brief: advice to the operator, not news for the group."""
    book = "\n".join(_bare(hit.text)[0] for hit in evidence)
    brief = _bare(said)[0]
    return tuple(finding("copied-from-playbook", span) for span in _runs(text, book, brief))


def _runs(text: str, book: str, brief: str) -> Iterator[Span]:
    bare, places = _bare(text)
    at = 0
    while at + COPIED <= len(bare):
        piece = bare[at : at + COPIED]
        if piece not in book or piece in brief:
            at += 1
            continue
        end = at + COPIED
        while end < len(bare) and bare[at : end + 1] in book:
            end += 1
        start, stop = places[at], places[end - 1] + 1
        yield Span(start=start, end=stop, text=text[start:stop])
        at = end


@lru_cache(maxsize=128)  # each part of a draft is held against the same sections
def _bare(text: str) -> tuple[str, list[int]]:
    """A text without punctuation and spaces, and where each character stood."""
    places = [match.start() for match in re.finditer(r"\w", text)]
    return "".join(text[place] for place in places), places
