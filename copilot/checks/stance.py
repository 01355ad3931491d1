"""How a text holds what it says: asserted, denied, left open, asked, reported, quoted, or made to depend on something.

The same words are a promise in one clause and a plain refusal in the next. A `Speech` is a text folded to its plain
spelling, without spaces, cut into sentences and clauses; it tells the stances under which a stretch of it stands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from copilot.facts.folding import Folded, fold
from copilot.lore import load_yaml
from copilot.records import Span

_MARKS = ",;。!?\n"
_SENTENCE_MARKS = "。!?\n"
_QUOTED = re.compile(r"[“「『\"]([^“”「」『』\"\n]{1,60})[”」』\"]")
_BULLET = re.compile(r"\A(?:\(?\d{1,2}[.、):]|[-*•·●]|[①-⑳])")
NEAR_QUOTE = 10  # characters around a quotation in which its speaker stands


@cache
def authority_lexicon() -> dict[str, Any]:
    """The contents of `knowledge/authority.yaml`."""
    data: dict[str, Any] = load_yaml("authority.yaml")
    return data


@cache
def compiled(expression: str, person: str = "", minor: str = "") -> re.Pattern[str]:
    """A pattern with its «words» filled in: «person» is whoever must not be named, «minor» a child (nobody, if empty)."""
    words = {**authority_lexicon()["words"], "count": r"\d+|[一二两三四五六半]"}
    words |= {"person": person or "(?!)", "minor": minor or "(?!)"}
    while "«" in expression:
        expression = re.sub(r"«([\w]+)»", lambda name: f"(?:{words[name[1]]})", expression)
    return re.compile(expression)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the folded text with the mark that ends it, its sentence, and the heading of its list, if any."""

    start: int
    end: int
    text: str
    mark: str
    sentence: str
    sentence_start: int
    heading: str


def _squeezed(text: str) -> Folded:
    """The text folded and without spaces; lines stay apart."""
    folded = fold(text)
    kept = [index for index, one in enumerate(folded.text) if one == "\n" or not one.isspace()]
    return Folded(
        "".join(folded.text[index] for index in kept),
        tuple(folded.starts[index] for index in kept),
        tuple(folded.ends[index] for index in kept),
    )


def plain(text: str) -> str:
    """A short text in the spelling that a `Speech` is read in."""
    return _squeezed(text).text


class Speech:
    """A text as the checks read it."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.folded = _squeezed(text)
        self.text = self.folded.text
        self.clauses = tuple(self._cut())
        self._quotes = tuple(self._quotations())

    def _cut(self) -> Iterator[Clause]:
        heading = ""
        offset = 0
        for line in self.text.split("\n"):
            listed = bool(_BULLET.match(line))
            for start, end in _pieces(line, _SENTENCE_MARKS):
                sentence = line[start:end]
                for first, last in _pieces(sentence, _MARKS):
                    body = sentence[first:last].rstrip(_MARKS)
                    if body:
                        yield Clause(
                            start=offset + start + first,
                            end=offset + start + first + len(body),
                            text=body,
                            mark=sentence[first + len(body) : last][:1],
                            sentence=sentence,
                            sentence_start=offset + start,
                            heading=heading if listed else "",
                        )
            if line and not listed:
                heading = line if line.endswith(":") else ""
            offset += len(line) + 1

    def _quotations(self) -> Iterator[tuple[int, int]]:
        """What others are quoted with: a speaker stands beside the quotation marks."""
        attribution = compiled(authority_lexicon()["attribution"])
        for match in _QUOTED.finditer(self.text):
            around = self.text[max(0, match.start() - NEAR_QUOTE) : match.start()]
            around += self.text[match.end() : match.end() + NEAR_QUOTE]
            if attribution.search(around):
                yield match.span()

    def stances(self, clause: Clause, start: int, end: int) -> frozenset[str]:
        """The stances under which `start:end` of the folded text stands in its clause."""
        named = authority_lexicon()["stances"]
        before = self.text[clause.start : max(start, clause.start)]
        whole = clause.text + clause.mark
        lead_up = clause.sentence[: max(0, start - clause.sentence_start)]
        following = self.following(clause)
        next_clause = re.split("[,;]", following, maxsplit=1)[0]
        found = {
            "deferred": bool(
                compiled(named["deferred_lead"]).search(next_clause)
                and (compiled(named["declined"]).search(next_clause) or compiled(named["open"]).search(next_clause))
            ),
            "negated": bool(compiled(named["negated"]).search(before)),
            "denied": bool(compiled(named["denied"]).search(before)),
            "declined": bool(compiled(named["declined"]).search(whole)),
            "open": bool(compiled(named["open"]).search(whole) or compiled(named["open"]).search(clause.heading)),
            "asked": bool(compiled(named["asked"]).search(whole)),
            "reported": bool(compiled(named["reported"]).search(before)),
            "conditional": bool(compiled(named["conditional"]).search(lead_up)),
            "quoted": any(first <= start and end <= last for first, last in self._quotes),
        }
        return frozenset(name for name, holds in found.items() if holds)

    def clause_at(self, position: int) -> Clause | None:
        """The clause in which a position of the folded text stands."""
        return next((clause for clause in self.clauses if clause.start <= position < clause.end), None)

    def preceding(self, clause: Clause) -> str:
        """The clause before, if it stands in the same sentence."""
        return clause.sentence[: clause.start - clause.sentence_start].rstrip(_MARKS).rpartition(",")[2]

    def following(self, clause: Clause) -> str:
        """The rest of the sentence after the clause."""
        return clause.sentence[clause.end - clause.sentence_start :].lstrip(_MARKS)

    def sentences(self) -> Iterator[tuple[int, str]]:
        """Each sentence with its place in the folded text."""
        seen = -1
        for clause in self.clauses:
            if clause.sentence_start != seen:
                seen = clause.sentence_start
                yield seen, clause.sentence

    def span(self, start: int, end: int) -> Span:
        """A stretch of the folded text in the original's code points."""
        first, last = self.folded.span(start, end)
        return Span(start=first, end=last, text=self.original[first:last])


def _pieces(text: str, marks: str) -> Iterator[tuple[int, int]]:
    """Stretches of a text up to and with one of the marks."""
    start = 0
    for index, one in enumerate(text):
        if one in marks:
            yield start, index + 1
            start = index + 1
    if start < len(text):
        yield start, len(text)
