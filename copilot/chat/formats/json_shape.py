"""What the beginning of a JSON source says about it: enough to tell its format without reading the file."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from copilot.chat.formats.base import Source
from copilot.chat.formats.json_walk import BROKEN

_decode = json.JSONDecoder(strict=False).raw_decode
_SPACE = re.compile(r"[\s,]*")
_COMMENTS = re.compile(r"\ufeff?\s*(?:#[^\n]*\n\s*)*")
_KEY = re.compile(r'[\s,]*("(?:[^"\\]|\\.)*")\s*:\s*')
_ITEMS = 20
_DEPTH = 4


@dataclass(frozen=True)
class Shape:
    """`top` are the values of the outermost object, `items` the first objects of the outermost array or of the lines;
    both as far as the head holds them.
    """

    kind: Literal["object", "array", "lines", ""] = ""
    top: Mapping[str, Any] = field(default_factory=dict)
    items: tuple[Mapping[str, Any], ...] = ()

    def has(self, *keys: str) -> bool:
        """Whether the outermost object has all these keys."""
        return all(key in self.top for key in keys)

    def item(self, *path: str) -> Mapping[str, Any]:
        """The first object of the list under a path of keys; without keys, of `items`."""
        value: Any = self.top if path else list(self.items)
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value[0] if isinstance(value, list) and value and isinstance(value[0], Mapping) else {}

    def items_have(self, *keys: str) -> bool:
        """Whether one of `items` has all these keys."""
        return any(all(key in item for key in keys) for item in self.items)


def json_shape(source: Source) -> Shape:
    """The shape of a source, from its head; found once for all formats that ask."""
    return _shape(source.head)


@lru_cache(maxsize=16)
def _shape(head: str) -> Shape:
    spaces = _COMMENTS.match(head)
    at = spaces.end() if spaces else 0
    if head[at : at + 1] not in ("{", "["):
        return Shape()
    if head[at] == "[":
        return Shape("array", items=_items(head, at + 1))
    value, end = beginning(head, at)
    if end is not None and head[end:].lstrip()[:1] == "{":
        return Shape("lines", items=_items(head, at))
    return Shape("object", top=value, items=(value,))


def _items(text: str, at: int) -> tuple[Mapping[str, Any], ...]:
    """The first objects from here on, as far as the text goes."""
    found: list[Mapping[str, Any]] = []
    end: int | None = at
    while end is not None and len(found) < _ITEMS:
        spaces = _SPACE.match(text, end)
        at = spaces.end() if spaces else end
        if text[at : at + 1] != "{":
            break
        value, end = beginning(text, at)
        found.append(value)
    return tuple(found)


def beginning(text: str, at: int, depth: int = _DEPTH) -> tuple[Any, int | None]:
    """The value at a place as far as it goes (lists only by their first objects), and where it ends (None: it is cut off or broken)."""
    try:
        return _decode(text, at)
    except BROKEN:
        if text[at : at + 1] == "[" and depth:
            return list(_items(text, at + 1)), None
        if text[at : at + 1] != "{" or not depth:
            return None, None
    found: dict[str, Any] = {}
    end: int | None = at + 1
    while end is not None and (key := _KEY.match(text, end)) is not None:
        value, end = beginning(text, key.end(), depth - 1)
        try:
            found[json.loads(key[1], strict=False)] = value
        except ValueError:
            break
    return found, None
