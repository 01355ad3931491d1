"""Find the questions of a list of questions and answers: each with its answer is searched and quoted by itself."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from copilot.playbook.shown import Shown

_LONGEST = 60  # characters of a question
_LONGEST_BARE = 30  # of one that nothing marks as such
_FEWEST, _FEWEST_BARE = 2, 3  # so many make a list: an article asks now and then
_MARKUP = r"[\s>*_]*"
_LABELLED = re.compile(rf"{_MARKUP}(?:[-+]\s+)?{_MARKUP}(?:Q\s?\d{{0,3}}|问题?\s?\d{{0,3}})\s*[:：.、]", re.IGNORECASE)
_MARKED = re.compile(
    rf"{_MARKUP}(?:(?P<number>\d{{1,3}}[.)、．）]|[（(]\d{{1,3}}[)）])|(?P<bullet>[-*+•·●]\s)|(?P<bold>\*\*)){_MARKUP}"
)
_ASKS = re.compile(r"[?？][\s*_”’\"』」）)]*$")
_ASKED = re.compile(r"[^?？]*[?？]?")
_ANSWERED = re.compile(r"[?？][\s*_]*\S")


class Asked(NamedTuple):
    """A question in the shown text, from the start of its line to its end; `name` is what it asks, without its mark."""

    start: int
    end: int
    name: str


class _Line(NamedTuple):
    start: int
    end: int
    name: str
    form: str  # how it is marked as a question; "" for a line that is none
    holds_answer: bool


def asked(shown: Shown, start: int, end: int) -> list[Asked]:
    """The questions between two offsets of the shown text, in order; none where they make no list with their answers."""
    lines = list(_lines(shown, start, end))
    for form in dict.fromkeys(line.form for line in lines if line.form):
        places = [at for at, line in enumerate(lines) if line.form == form]
        fewest = _FEWEST_BARE if form == "bare" else _FEWEST
        ends = [*places[1:], len(lines)]
        is_answered = all(
            lines[at].holds_answer or any(not line.form for line in lines[at + 1 : stop])
            for at, stop in zip(places, ends, strict=True)
        )
        if len(places) >= fewest and is_answered:
            return [Asked(lines[at].start, lines[at].end, lines[at].name) for at in places]
    return []


def _lines(shown: Shown, start: int, end: int) -> Iterator[_Line]:
    for line in shown.lines(start, end):
        if not (text := line.text.strip()):
            continue
        form, mark = "", None
        if mark := _LABELLED.match(text):
            form = "label"
        elif len(text) <= _LONGEST and _ASKS.search(text):
            mark = _MARKED.match(text)
            form = (mark.lastgroup or "") if mark else "bare" if len(text) <= _LONGEST_BARE else ""
        found = _ASKED.match(text, mark.end() if mark else 0)
        name = found[0].strip("*_ \t") if found else ""
        yield _Line(line.start, line.end, name, form if name else "", bool(_ANSWERED.search(text)))
