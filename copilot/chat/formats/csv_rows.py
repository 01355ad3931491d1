"""The rows of a CSV export under its header, each with the line it begins on; what is no row is told, the rest is read."""

import csv
from collections.abc import Collection, Iterator

from copilot.chat.formats.base import Source
from copilot.chat.records import Unread
from copilot.errors import InputError

Row = dict[str, str]

_EXCERPT = 200
_WIDEST = 1 << 24
_DELIMITERS = ",\t;"
_PATIENCE = 8
"""How often all lines together may be read again after going back to the line behind an unclosed quote."""


def csv_header(source: Source) -> tuple[str, ...]:
    """The names in a source's first line, whichever of comma, tab and semicolon is between them."""
    return _header(source.head.lstrip("\ufeff\r\n").partition("\n")[0])[0]


def _header(line: str) -> tuple[tuple[str, ...], str]:
    if len(line) > 2000:
        return (), ","
    line = line.strip().replace("\r", " ")
    found = [(next(csv.reader([line], delimiter=delimiter), []), delimiter) for delimiter in _DELIMITERS]
    names, delimiter = max(found, key=lambda each: len(each[0]))
    return tuple(name.strip() for name in names), delimiter


class CsvRows(Iterator[tuple[Row, int]]):
    """The rows under the header, by its names. A row needs at least `fewest` cells (all, without it); missing ones are "".

    `end_line` is the last line of the row just given, `unread` complete when all are read. Raises `InputError` when the
    header has not all the columns in `needs`.
    """

    def __init__(self, text: str, fewest: int | None = None, needs: Collection[str] = ()) -> None:
        self.unread: list[Unread] = []
        self.end_line = 0
        self._lines = text.split("\n")
        self._at = next((place for place, line in enumerate(self._lines) if line.strip("\ufeff\r ")), 0)
        self.header, delimiter = _header(self._lines[self._at].lstrip("\ufeff"))
        if missing := [name for name in needs if name not in self.header]:
            raise InputError(f"表头里没有“{'、'.join(missing)}”", hint="检查是不是选错了格式，或者缺了第一行")
        self._fewest = fewest or len(self.header)
        self._at += 1
        self._patience = _PATIENCE * len(self._lines) + 1000
        csv.field_size_limit(max(csv.field_size_limit(), _WIDEST))
        self._delimiter = delimiter
        self._reader = csv.reader(self._feed(), delimiter=delimiter)
        self._steps = self._run()

    def __next__(self) -> tuple[Row, int]:
        return next(self._steps)

    def _feed(self) -> Iterator[str]:
        while self._at < len(self._lines):
            self._at += 1
            yield self._lines[self._at - 1] + "\n"

    def _run(self) -> Iterator[tuple[Row, int]]:
        while self._at < len(self._lines):
            start = self._at
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                self._lose(start, "这一行不是合格的 CSV")
                continue
            while len(cells) > len(self.header) and not cells[-1].strip():
                cells.pop()
            if not any(cell.strip() for cell in cells):
                continue
            self.end_line = self._at
            if not self._fewest <= len(cells) <= len(self.header):
                self._lose(start, f"这一行有 {len(cells)} 格，表头有 {len(self.header)} 格")
            elif (self._at == len(self._lines) or self._at - start > 1) and self._misquoted(start):
                self._lose(start, "引号没有合上")
            else:
                cells += [""] * (len(self.header) - len(cells))
                yield dict(zip(self.header, cells, strict=True)), start + 1

    def _misquoted(self, start: int) -> bool:
        """Whether a row of several lines, or the last one, has quotes that do not pair: then it swallowed its neighbours."""
        lines = [line + "\n" for line in self._lines[start : self._at]]
        try:
            list(csv.reader(lines, delimiter=self._delimiter, strict=True))
        except csv.Error:
            return True
        return False

    def _lose(self, start: int, why: str) -> None:
        """List a row as unread: only its first line, as long as there is patience, and go on with the next."""
        if self._at - start > 1 and self._patience > 0:
            self._patience -= self._at - start
            self._at = start + 1
            self._reader = csv.reader(self._feed(), delimiter=self._delimiter)
        lines = self._lines[start : self._at]
        self.unread.append(Unread(line=start + 1, lines=len(lines), text="\n".join(lines).strip()[:_EXCERPT], why=why))
