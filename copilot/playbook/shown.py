"""A document's text as it is searched and shown, and where each stretch of it stands in the document.

Front matter, HTML comments, dropped stretches, empty lines and the blanks around lines are left out; nothing is rewritten.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from copilot.playbook.documents import Document
from copilot.playbook.markup import Comment, comments, front_matter


class Piece(NamedTuple):
    """`length` characters that stand at `offset` in the shown text and, the same, at `start` in `Document.text`."""

    offset: int
    start: int
    length: int


class Line(NamedTuple):
    """A line of the shown text; `is_set_off` when an empty line stands before it in the document."""

    start: int
    end: int
    text: str
    is_set_off: bool


class Shown(NamedTuple):
    """The shown text of a document. Characters of `text` in no piece are line feeds that join lines."""

    text: str
    pieces: tuple[Piece, ...]
    set_off: frozenset[int]
    comments: tuple[Comment, ...]

    def lines(self, start: int, end: int) -> Iterator[Line]:
        """The lines between two offsets; the first and the last may be parts of lines."""
        while start < end:
            stop = self.text.find("\n", start, end)
            stop = end if stop < 0 else stop
            yield Line(start, stop, self.text[start:stop], start in self.set_off)
            start = stop + 1

    def trim(self, start: int, end: int) -> tuple[int, int]:
        """The same stretch without the blanks at its ends."""
        stretch = self.text[start:end]
        return start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip())

    def cut(self, start: int, end: int) -> tuple[Piece, ...]:
        """The pieces of the stretch between two offsets, with offsets from its start."""
        first = max(bisect_right(self.pieces, start, key=lambda piece: piece.offset) - 1, 0)
        cut = []
        for piece in self.pieces[first : bisect_left(self.pieces, end, key=lambda piece: piece.offset)]:
            begin, stop = max(piece.offset, start), min(piece.offset + piece.length, end)
            if begin < stop:
                cut.append(Piece(begin - start, piece.start + begin - piece.offset, stop - begin))
        return tuple(cut)

    def offset(self, position: int) -> int:
        """Where the first shown character at or after a position of `Document.text` stands in the shown text."""
        number = bisect_right(self.pieces, position, key=lambda piece: piece.start)
        if number and position < (piece := self.pieces[number - 1]).start + piece.length:
            return piece.offset + position - piece.start
        return self.pieces[number].offset if number < len(self.pieces) else len(self.text)

    def position(self, offset: int) -> int:
        """Where the character at an offset of the shown text stands in `Document.text`; a joint stands at the next one."""
        number = bisect_right(self.pieces, offset, key=lambda piece: piece.offset)
        piece = self.pieces[number - 1]
        if offset >= piece.offset + piece.length and number < len(self.pieces):
            return self.pieces[number].start
        return piece.start + offset - piece.offset


def show(document: Document) -> Shown:
    """The document's text as it is shown. A sentence goes on across what was dropped from inside it."""
    text = document.text
    said_beside = tuple(comments(text))
    hidden = [(0, front_matter(text)), *((comment.start, comment.end) for comment in said_beside)]
    hidden += [(blemish.start, blemish.end) for blemish in document.blemishes if blemish.action == "drop"]
    writer = _Writer(text)
    end = 0
    for start, stop in _merged(hidden):
        writer.add(end, start)
        writer.leave_out(start, stop)
        end = stop
    writer.add(end, len(text))
    writer.close_line()
    return Shown("".join(writer.parts), tuple(writer.pieces), frozenset(writer.set_off), said_beside)


def _merged(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches in order, those that touch or overlap as one, empty ones left out."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


class _Writer:
    """Puts the shown text together, line by line."""

    def __init__(self, text: str) -> None:
        self.parts: list[str] = []
        self.pieces: list[Piece] = []
        self.set_off: set[int] = set()
        self._text = text
        self._length = 0
        self._line: list[tuple[int, int]] = []
        self._is_set_off = True
        self._line_feed = -1  # the last one that is not left out
        self._lacks_something = False  # a line that only lost its words is no empty line of the document

    def add(self, start: int, end: int) -> None:
        """A stretch of the document that is shown."""
        while (stop := self._text.find("\n", start, end)) >= 0:
            self._line.append((start, stop))
            self.close_line()
            self._line_feed = stop
            start = stop + 1
        self._line.append((start, end))

    def leave_out(self, start: int, end: int) -> None:
        """A stretch that is not shown; one that begins or ends with a line's end ends the line."""
        left_out = self._text[start:end]
        self._lacks_something = True
        if left_out.strip(" \t").startswith("\n") or left_out.rstrip(" \t").endswith("\n"):
            self.close_line()
        self._is_set_off |= "\n\n" in left_out
        self._lacks_something = not left_out.rstrip(" \t").endswith("\n")

    def close_line(self) -> None:
        line = self._stripped()
        if not line:
            self._is_set_off |= not self._lacks_something
        else:
            if self.parts:
                self._append("\n", self._line_feed if self._line_feed == line[0][0] - 1 else -1)
            if self._is_set_off:
                self.set_off.add(self._length)
            for start, end in line:
                self._append(self._text[start:end], start)
            self._is_set_off = False
        self._line, self._lacks_something = [], False

    def _stripped(self) -> list[tuple[int, int]]:
        """The stretches of the line in hand without the blanks around it."""
        line = [(start, end) for start, end in self._line if start < end]
        while line and not self._text[slice(*line[0])].strip():
            del line[0]
        while line and not self._text[slice(*line[-1])].strip():
            del line[-1]
        if line:
            start, end = line[0]
            line[0] = (end - len(self._text[start:end].lstrip()), end)
            start, end = line[-1]
            line[-1] = (start, start + len(self._text[start:end].rstrip()))
        return line

    def _append(self, part: str, start: int) -> None:
        """Go on with the last piece where this part follows it in the document too; a line feed that does not is a joint."""
        last = self.pieces[-1] if self.pieces else None
        if last and last.start + last.length == start and self._text.startswith(part, start):
            self.pieces[-1] = last._replace(length=last.length + len(part))
        elif part != "\n":
            self.pieces.append(Piece(self._length, start, len(part)))
        self.parts.append(part)
        self._length += len(part)
