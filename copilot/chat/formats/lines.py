"""What importers of text share: lines, bodies below their headers, and how surely a text is what it looks like."""

from collections.abc import Callable, Sequence

from copilot.chat.formats.base import Entry
from copilot.chat.records import Unread

_LOOKED_AT = 200
_LONGEST = 1000


def physical_lines(text: str) -> list[str]:
    """The physical lines of a text, in order, without CR at their ends: line `n` is item `n - 1`."""
    lines = text.split("\n")
    return [line.rstrip("\r") for line in lines] if "\r" in text else lines


def fill_bodies(lines: Sequence[str], starts: Sequence[tuple[int, Entry]]) -> None:
    """Give each entry the text below it, down to the next, after the text its own line has.

    `starts` are the places of the first lines below, and the entries, in order; the last may be an end mark's place and
    an entry that is thrown away.
    """
    stops = [entry.line - 1 for _, entry in starts[1:]]
    for (first, entry), stop in zip(starts, [*stops, len(lines)], strict=True):
        last = stop
        while last > first and not lines[last - 1].strip():
            last -= 1
        if last > first:
            entry.text = "\n".join([entry.text, *lines[first:last]]) if entry.text else "\n".join(lines[first:last])
        entry.text = entry.text.strip()
        entry.end_line = max(last, entry.line)


def unread_lines(lines: Sequence[str], first: int, stop: int, why: str) -> list[Unread]:
    """The lines of a stretch that hold anything, one record each."""
    return [
        Unread(line=place + 1, text=lines[place].strip(), why=why)
        for place in range(first, stop)
        if lines[place].strip()
    ]


def likeness(head: str, is_header: Callable[[str], object]) -> float:
    """How surely a text is of a format whose messages begin with such headers, 0 to 0.96.

    One header in many lines proves little; headers that only begin far down belong to something pasted.
    """
    lines = [line.rstrip("\r") for line in head.split("\n", _LOOKED_AT * 3)[: _LOOKED_AT * 3] if line.strip()][
        :_LOOKED_AT
    ]
    places = [place for place, line in enumerate(lines) if is_header(line[:_LONGEST])]
    if not places or (places[0] > 5 and places[0] > len(lines) / 5):
        return 0.0
    if len(places) == 1 and len(lines) > 5:
        return 0.3
    return 0.5 + 0.46 * min(1.0, 4 * len(places) / len(lines))
