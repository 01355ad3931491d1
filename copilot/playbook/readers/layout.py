"""What the places of a page's lines mean: columns, heads and feet, paragraphs, headings."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

_LARGER = 1.12
_HEADING_LENGTH = 40
_LEVELS = 3
_RUNNING_LENGTH = 100
_EDGE_LINES = 4  # of a head or a foot
_SAME_HEIGHT = 3.0
_DIGITS = re.compile(r"\d+")
_ENDS = tuple("。！？!?；;：:…”」』")
_BEGINS = re.compile(
    r"(?:[-*•·●▪◆■□○➤►]|[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）.、．]|第[\d一二三四五六七八九十]+[章节部分步条]|[①-⑳]|[QA问答][:：])"
)
# A column of text has long lines, a column of a table short ones.
_COLUMN_LINE = 10
_COLUMN_LINES = 4


class Line(NamedTuple):
    """A line of a page in points; `table` is the Markdown of a table that stands there instead of a line.

    `column` is 1 or 2 on a page of two columns, 0 elsewhere and where a line runs across both.
    """

    page: int
    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    column: int = 0
    table: str = ""


class Gutter(NamedTuple):
    """Where the left column ends, and the lines that run across both columns, each as (top, bottom)."""

    at: float
    across: tuple[tuple[float, float], ...]

    def column(self, sign: Mapping[str, Any]) -> int:
        """The column of a sign with its place (x0, x1, top, bottom): 1, 2, or 0 for a line across."""
        height = (sign["top"] + sign["bottom"]) / 2
        if any(top <= height <= bottom for top, bottom in self.across):
            return 0
        return 1 if (sign["x0"] + sign["x1"]) / 2 < self.at else 2

    def order(self, line: Line) -> tuple[int, int, float]:
        """Sorts lines as they are read: down the left column, down the right one, then the line below both."""
        return sum(top < line.top - 1 for top, _ in self.across), line.column or 3, line.top


def find_gutter(lines: Sequence[Mapping[str, Any]], width: float) -> Gutter | None:
    """The gutter of a page of two columns of text, from pdfplumber's lines with their signs; None on other pages."""
    pieces = [piece for line in lines for piece in _pieces(line["chars"])]
    long = [piece for piece in pieces if len(piece) >= _COLUMN_LINE]
    starts = Counter(round(piece[0]["x0"]) for piece in long if 0.35 < piece[0]["x0"] / width < 0.65)
    if not starts:
        return None
    at = starts.most_common(1)[0][0] - 2.0
    across = [piece for piece in pieces if piece[0]["x0"] < at < piece[-1]["x1"]]
    on_left = sum(piece[-1]["x1"] <= at for piece in long)
    on_right = sum(piece[0]["x0"] >= at for piece in long)
    if min(on_left, on_right) < _COLUMN_LINES or len(across) > len(pieces) / 4:
        return None
    return Gutter(at, tuple((piece[0]["top"], piece[0]["bottom"]) for piece in across))


def _pieces(signs: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    """The parts of a line between wide gaps."""
    start = 0
    for number in range(1, len(signs)):
        if signs[number]["x0"] - signs[number - 1]["x1"] > 1.2 * signs[number]["size"]:
            yield signs[start:number]
            start = number
    yield signs[start:]


def heads_and_feet(lines: Sequence[Line], pages: int) -> frozenset[Line]:
    """The first and last lines of pages that stand at the same place on several, the numbers in them aside.

    Those on the edge tell of those further in, which are then on the edge. What is set like a heading is none: a slide's
    title may stand on the next, too.
    """
    body = _LARGER * _body_size(lines)
    by_page: dict[int, list[Line]] = {}
    for line in sorted(lines, key=lambda line: line.top):
        if line.text:
            by_page.setdefault(line.page, []).append(line)
    running: set[Line] = set()
    for end in (0, -1):
        for _ in range(_EDGE_LINES):
            edges = [on_page[end] for on_page in by_page.values() if on_page]
            small = [edge for edge in edges if len(edge.text) <= _RUNNING_LENGTH and edge.size <= body]
            found = {line for same in _at_one_place(small) if _runs(same, pages) for line in same}
            if not found:
                break
            running |= found
            for line in found:
                by_page[line.page].remove(line)
    return frozenset(running) if any(by_page.values()) else frozenset()


def _at_one_place(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Lines of the same words at the same height."""
    same: list[Line] = []
    for line in sorted(lines, key=lambda line: (words(line), line.top)):
        if same and (words(line) != words(same[0]) or line.top - same[-1].top > _SAME_HEIGHT):
            yield same
            same = []
        same.append(line)
    if same:
        yield same


def _runs(same: Sequence[Line], pages: int) -> bool:
    """Whether lines of one place run through the pages: on three, or on both of two; bare numbers count the pages."""
    numbers = [tuple(map(int, _DIGITS.findall(line.text))) for line in same]
    first = same[0].page
    steps = [
        {value - numbers[0][place] - (line.page - first) for value, line in zip(column, same, strict=True)}
        for place, column in enumerate(zip(*numbers, strict=True))
    ]
    counts = any(step == {0} for step in steps)
    if not any(sign.isalpha() for sign in same[0].text):
        return len(same) > 1 and counts
    return len(same) > 2 or (len(same) == pages == 2 and (counts or not steps))


def words(line: Line) -> str:
    """A line's words without the page number in it."""
    return _DIGITS.sub("#", line.text)


def as_markdown(lines: Sequence[Line]) -> str:
    """Lines as text: those of one paragraph joined, headings marked, a blank line where the page leaves room."""
    edges: dict[tuple[int, int], tuple[float, float]] = {}
    for line in lines:
        left, right = edges.get((line.page, line.column), (line.left, line.right))
        edges[line.page, line.column] = min(left, line.left), max(right, line.right)
    body = _LARGER * _body_size(lines)
    sizes = sorted({line.size for line in lines if line.size > body}, reverse=True)
    parts: list[str] = []
    before: Line | None = None
    for line in lines:
        if line.table:
            parts += ["\n\n", line.table]
            before = None
        elif line.size > body and len(line.text) <= _HEADING_LENGTH:
            level = min(sizes.index(line.size) + 1, _LEVELS)
            parts += ["\n\n", f"{'#' * level} {line.text}"]
            before = None
        else:
            parts += [_joint(before, line, edges), line.text]
            before = line
    return "".join(parts).strip()


def _body_size(lines: Sequence[Line]) -> float:
    """The size that most of the text is set in."""
    weights = Counter[float]()
    for line in lines:
        weights[line.size] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 0.0


def _joint(before: Line | None, line: Line, edges: Mapping[tuple[int, int], tuple[float, float]]) -> str:
    """What stands between two lines: nothing where the margin alone broke a sentence, else the end of a line."""
    if before is None:
        return "\n\n"
    start, margin = edges[before.page, before.column]
    indent = (line.left - edges[line.page, line.column][0]) - (before.left - start)
    goes_on = (
        line.size == before.size
        and bool(line.column) == bool(before.column)
        and before.right > margin - 2 * line.size
        and abs(indent) < 3 * line.size
        and not before.text.endswith(_ENDS)
        and not _BEGINS.match(line.text)
    )
    if goes_on:
        return " " if before.text[-1].isascii() and line.text[0].isascii() else ""
    return "\n\n" if line.top - before.bottom > 0.9 * line.size else "\n"
