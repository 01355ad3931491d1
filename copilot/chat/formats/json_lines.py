"""The objects of a text that holds one after another, line by line (JSONL), each with the line it begins on."""

from collections.abc import Iterator
from typing import Any

from copilot.chat.formats.json_items import JsonItems
from copilot.chat.formats.json_walk import BAD, BROKEN, NO_OBJECT, Item, JsonWalk


class JsonLines(JsonWalk, Iterator[tuple[Item, int]]):
    """The objects of a text that holds one after another (JSONL; a record may take several lines), each with its line.

    Blank lines and lines beginning with # are skipped; a line that is no object is unread, and the next is tried.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._steps = self._run()

    def __next__(self) -> tuple[Item, int]:
        return next(self._steps)

    def _run(self) -> Iterator[tuple[Item, int]]:
        while char := self.peek():
            start = self.at
            stop = self.text.find("\n", start)
            stop = stop if stop >= 0 else len(self.text)
            if char in "#,":
                self.at = stop if char == "#" else start + 1
                continue
            try:
                item = self._whole(start, stop)
            except BROKEN:
                following = self.text.find("\n{", start)
                self.at = following if following >= 0 else len(self.text)
                self.lose(start, self.at, BAD)
                continue
            if not isinstance(item, dict):
                self.lose(start, self.at, NO_OBJECT)
                continue
            yield item, self.line_of(start)

    def _whole(self, start: int, stop: int) -> Any:
        """The value on this line, or on this and the next ones."""
        try:
            return self.decode_line(stop)
        except BROKEN:
            self._tries -= 1
            if self._tries < 0 or self._patience < 0:
                raise
            try:
                return self.decode()
            except BROKEN as error:
                self._patience -= getattr(error, "pos", start) - start
                raise


def json_records(text: str) -> JsonItems | JsonLines:
    """The objects of an array, or of a text with one object after another."""
    return JsonItems(text) if text.lstrip("\ufeff \t\r\n").startswith("[") else JsonLines(text)
