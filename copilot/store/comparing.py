"""What differs between two texts: by line, and inside a line that was edited."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

from copilot.records import Span
from copilot.store.records import Comparison, LineChange

ALIKE = 0.5  # two lines that share this much are one line edited, not one gone and one new
FINE_LENGTH = 500  # characters; a longer stretch is marked changed as a whole: looking closer takes the square of it
FINE_PAIRS = 400  # pairs of lines weighed in one changed block; a larger block is paired in its order


class _Line(NamedTuple):
    number: int
    text: str


def compare(old: str, new: str, *, old_name: str = "", new_name: str = "") -> Comparison:
    """Line by line; joining the lines' `old` (or `new`) sides gives back the old (or new) text's lines."""
    before = [_Line(number, text) for number, text in enumerate(old.split("\n"), 1)]
    after = [_Line(number, text) for number, text in enumerate(new.split("\n"), 1)]
    lines: list[LineChange] = []
    matcher = SequenceMatcher(None, [line.text for line in before], [line.text for line in after])
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        pairs = (
            zip(before[start:end], after[new_start:new_end], strict=True)
            if tag == "equal"
            else _paired(before[start:end], after[new_start:new_end])
        )
        lines.extend(_change(one, other) for one, other in pairs)
    return Comparison(old=old_name, new=new_name, lines=tuple(lines))


def _change(old: _Line | None, new: _Line | None) -> LineChange:
    if old is None or new is None:
        return LineChange(
            kind="added" if old is None else "removed",
            old=old and old.text,
            new=new and new.text,
            old_line=old and old.number,
            new_line=new and new.number,
        )
    old_spans, new_spans = _spans(old.text, new.text)
    return LineChange(
        kind="changed" if old_spans or new_spans else "same",
        old=old.text,
        new=new.text,
        old_line=old.number,
        new_line=new.number,
        old_spans=old_spans,
        new_spans=new_spans,
    )


def _paired(before: list[_Line], after: list[_Line]) -> Iterator[tuple[_Line | None, _Line | None]]:
    """Which old line became which new one, in order, so that the pairs are as much alike as they can be."""
    rows, columns = len(before), len(after)
    if rows * columns > FINE_PAIRS:
        yield from zip_longest(before, after)
        return
    alike = [[_likeness(old.text, new.text) for new in after] for old in before]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]  # best[i][j]: of before[i:] and after[j:]
    for row in reversed(range(rows)):
        for column in reversed(range(columns)):
            together = alike[row][column] + best[row + 1][column + 1] if alike[row][column] >= ALIKE else 0.0
            best[row][column] = max(together, best[row + 1][column], best[row][column + 1])
    row = column = 0
    while row < rows or column < columns:
        if row < rows and best[row][column] == best[row + 1][column]:
            yield before[row], None
            row += 1
        elif column < columns and best[row][column] == best[row][column + 1]:
            yield None, after[column]
            column += 1
        else:
            yield before[row], after[column]
            row, column = row + 1, column + 1


def _likeness(old: str, new: str) -> float:
    """From 0 to 1, by the characters they share in any order: quick, and enough to tell an edit from a new line."""
    return SequenceMatcher(None, old[:FINE_LENGTH], new[:FINE_LENGTH], autojunk=False).quick_ratio()


def _spans(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """What of each line is not in the other. What both begin and end with is set aside first."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(old_middle), len(new_middle)) > FINE_LENGTH:
        blocks = [(0, len(old_middle), 0, len(new_middle))]
    else:
        matcher = SequenceMatcher(None, old_middle, new_middle, autojunk=False)
        blocks = [block[1:] for block in matcher.get_opcodes() if block[0] != "equal"]
    return (
        tuple(_span(old, head + start, head + end) for start, end, _, _ in blocks if end > start),
        tuple(_span(new, head + start, head + end) for _, _, start, end in blocks if end > start),
    )


def _span(text: str, start: int, end: int) -> Span:
    return Span(start=start, end=end, text=text[start:end])
