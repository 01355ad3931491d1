"""What a reader makes of a file, and how it writes a table."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from copilot.records import Record


class Aside(Record):
    """What a reader left out of the text of a file because it is no part of it: a menu, a running head.

    It stood behind `text[:at]`, where a paragraph ends; `kind` is a key of `knowledge/junk.yaml`.
    """

    at: int
    text: str
    kind: str


class Extract(Record):
    """The text of a file (headings and tables as Markdown), its title where the format has one, and what was done.

    `asides` are in order. A text that has any has no carriage returns.
    """

    text: str
    title: str = ""
    notes: tuple[str, ...] = ()
    asides: tuple[Aside, ...] = ()


def tables(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as Markdown tables. Blank rows part two tables; a row of one cell above a table is a line of text."""
    blocks: list[str] = []
    trimmed = [[" ".join(cell.split()) for cell in row] for row in rows]
    for filled, group in groupby(trimmed, key=any):
        if filled:
            blocks.extend(_table(list(group)))
    return "\n\n".join(blocks)


def _table(rows: list[list[str]]) -> Iterator[str]:
    columns = [number for number in range(max(map(len, rows))) if any(row[number : number + 1] != [""] for row in rows)]
    cells = [[row[number] if number < len(row) else "" for number in columns] for row in rows]
    while cells and len(columns) > 1 and sum(map(bool, cells[0])) == 1:
        yield "".join(cells.pop(0))
    if len(columns) < 2:
        yield from (row[0] for row in cells)
    elif cells:
        yield "\n".join([_line(cells[0]), _line(["---"] * len(columns)), *map(_line, cells[1:])])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
