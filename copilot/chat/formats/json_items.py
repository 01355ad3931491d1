"""The objects of an array in a JSON export, each with the line it begins on; what is damaged is told, the rest is read.

A file is decoded one item at a time by json's C scanner: a file that breaks off, or holds one bad item, still gives all
the others. `unread` says where it broke and `around` holds what stands beside the array, both complete when all items
are read.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from copilot.chat.formats.json_shape import beginning
from copilot.chat.formats.json_walk import BAD, BROKEN, CUT, EXTRA, NO_OBJECT, Item, JsonWalk

_FIRST_KEYS = 8


class JsonItems(JsonWalk, Iterator[tuple[Item, int]]):
    """The objects of the array at a path of keys (of the outermost array without one), each with its first line.

    `JsonItems(text, "data", "items")` gives those of `{"data": {"items": […]}}`.
    `found` says whether there is such an array, `whole` whether the file holds it to its end.
    """

    def __init__(self, text: str, *path: str, at: int = 0, line: int = 1, parent: JsonWalk | None = None) -> None:
        super().__init__(text, at, line, parent=parent)
        self.path = path
        self.found = False
        self.line = line
        self.whole = False
        self._nested = parent is not None
        self._open = 0
        self._lost = False
        self._steps = self._run()

    def __next__(self) -> tuple[Item, int]:
        return next(self._steps)

    def _run(self) -> Iterator[tuple[Item, int]]:
        if self._enter():
            yield from self._items()
            if self.peek() != "]":
                return
            self.at += 1
        if not self._lost:
            self._leave()

    def _enter(self) -> bool:
        """Go to the first item; where that fails, look for the last key further on."""
        try:
            for number, key in enumerate(self.path, 1):
                self._expect("{")
                self._open += 1
                if not self._go_to(key, "[" if number == len(self.path) else "{"):
                    return False
            self._expect("[")
        except BROKEN:
            start = self.at
            again = self._array_after(start) if self.path and not self._nested else None
            if again is None:
                self._lost = True
                if not self._nested:
                    self.lose(start, len(self.text), BAD if self.peek() else CUT)
                return False
            self.lose(start, again.start(), BAD)
            self.at, self._open = again.end(), 1
        self.found = True
        return True

    def _items(self) -> Iterator[tuple[Item, int]]:
        first_keys: set[str] = set()
        like: AbstractSet[str] = set()
        while (char := self.peek()) != "]":
            start = self.at
            if char == ",":
                self.at += 1
                continue
            try:
                item = self.decode()
            except BROKEN:
                again = self._array_after(start) if self._nested else None
                known = like or (set(beginning(self.text, start)[0]) if char == "{" else set())
                limit = again.start() if again else len(self.text)
                place = self.find_next(start, first_keys | self.first_key(start), known, limit)
                if place < 0 and self._nested:
                    return
                if not self.lose_until(start, place):
                    return
                continue
            if not isinstance(item, dict):
                self.lose(start, self.at, NO_OBJECT)
                continue
            if item:
                like = item.keys()
                if len(first_keys) < _FIRST_KEYS:
                    first_keys |= self.first_key(start)
            yield item, self.line_of(start)

    def lose_until(self, start: int, place: int) -> bool:
        """List what is broken from `start` up to where it goes on, and go there; -1: nowhere, and False."""
        self.at = place if place >= 0 else len(self.text)
        self.lose(start, self.at, BAD if place >= 0 else CUT)
        return place >= 0

    def _leave(self) -> None:
        """Read what stands behind the array."""
        try:
            while self._open:
                self._go_to("", "")
            self.whole = True
        except BROKEN:
            if not self._nested:
                self.lose(self.at, len(self.text), BAD if self.peek() else CUT)
            return
        if not self._nested and self.peek():
            self.lose(self.at, len(self.text), EXTRA)

    def _go_to(self, wanted: str, opening: str) -> bool:
        """Inside an object, read its values into `around` up to the wanted one; False at the object's end."""
        while (char := self.peek()) != "}":
            if char == ",":
                self.at += 1
                continue
            if char != '"':
                raise ValueError(self.at)
            key = self.decode()
            self._expect(":")
            if key == wanted and self.peek() == opening and not self.found:
                return True
            self.peek()
            self.around[key] = self.decode()
        self.at += 1
        self._open -= 1
        return False

    def _expect(self, char: str) -> None:
        if self.peek() != char:
            raise ValueError(self.at)
        self.at += 1

    def _array_after(self, start: int) -> re.Match[str] | None:
        return re.compile(rf'"{re.escape(self.path[-1])}"\s*:\s*\[').search(self.text, start)


class JsonGroups(JsonItems):
    """The objects of an array that each hold an array of their own: give each as `JsonItems` of that inner array.

    What a group's `around` holds is complete when its items are read; its `unread` is its own.
    """

    def __init__(self, text: str, *path: str, inner: str) -> None:
        super().__init__(text, *path)
        self.inner = inner

    def groups(self) -> Iterator[JsonItems]:
        """Each group, in order; the items of one are read before the next is asked for, or skipped."""
        if self._enter():
            while (char := self.peek()) != "]":
                if char == ",":
                    self.at += 1
                    continue
                start = self.at
                group = JsonItems(self.text, self.inner, at=start, line=self.line_of(start), parent=self)
                yield group
                for _ in group:
                    pass
                self.at = group.at
                if not group.whole and not self._next_group(start, group.at):
                    return
            self.at += 1
        if not self._lost:
            self._leave()

    def _next_group(self, begin: int, broken: int) -> bool:
        """Go to the group behind one that began at `begin` and breaks at `broken`."""
        place = self.find_next(broken, self.first_key(begin), {self.inner}, len(self.text))
        return self.lose_until(broken, place)
