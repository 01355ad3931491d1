"""A place in a JSON text: it goes forward, counts the lines, and lists what could not be read."""

import json
import re
from collections.abc import Set as AbstractSet
from typing import Any

from copilot.chat.records import Unread

Item = dict[str, Any]

_decoder = json.JSONDecoder(strict=False)
_decode = _decoder.raw_decode
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_STRING = r'"(?:[^"\\]|\\.)*"'
_FIRST_KEY = re.compile(rf"\{{\s*({_STRING})\s*:")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LONE = re.compile("[\ud800-\udfff]")
BROKEN = (ValueError, RecursionError)
_EXCERPT = 200
_TRIES = 500
"""How many places behind broken items are tried: each costs time, and a file that broken is garbage."""

CUT = "文件在这里断了，后面的读不出来"
BAD = "这一段 JSON 是坏的"
NO_OBJECT = "这里不是一条消息"
EXTRA = "正文结束之后还有内容"


class JsonWalk:
    """A place in a text, the line it is on, and what was met on the way."""

    def __init__(self, text: str, at: int = 0, line: int = 1, *, parent: "JsonWalk | None" = None) -> None:
        self.text = text
        self.at = at
        self.around: Item = {}
        self.unread: list[Unread] = []
        self._counted = (at, line)
        self._tries, self._patience = _TRIES, 4 * len(text) + 1_000_000
        self.escapes: bool = parent.escapes if parent else "\\ud" in text or "\\uD" in text

    @property
    def end_line(self) -> int:
        """The physical line of the last thing read: of the object just given, its last."""
        return self.line_of(self.at)

    def line_of(self, at: int) -> int:
        """The physical line of a place: fast while places come in order."""
        place, line = self._counted
        line += self.text.count("\n", place, at) if at >= place else -self.text.count("\n", at, place)
        self._counted = (at, line)
        return line

    def peek(self) -> str:
        """Go over spaces; the character there, "" at the end."""
        spaces = _SPACE.match(self.text, self.at)
        assert spaces is not None
        self.at = spaces.end()
        return self.text[self.at : self.at + 1]

    def decode(self) -> Any:
        """The value here, going behind it. Raises one of `BROKEN` and stays."""
        value, end = _decode(self.text, self.at)
        if self.escapes and _SURROGATE.search(self.text, self.at, end):
            value = _whole_pairs(value)
        self.at = end
        return value

    def decode_line(self, stop: int) -> Any:
        """The value that ends by `stop`, which is cheaper to find broken; going there. Raises one of `BROKEN` and stays."""
        value = _decoder.decode(self.text[self.at : stop])
        self.at = stop
        return _whole_pairs(value) if self.escapes else value

    def lose(self, start: int, end: int, why: str) -> None:
        """List a stretch as unread, without the spaces around it."""
        stretch = self.text[start:end].rstrip()
        kept = stretch.lstrip()
        self.unread.append(
            Unread(
                line=self.line_of(start + len(stretch) - len(kept)),
                lines=kept.count("\n") + 1,
                text=_LONE.sub("\ufffd", kept[:_EXCERPT]),
                why=why,
            )
        )

    def first_key(self, at: int) -> set[str]:
        """The key, as written, with which the object here begins."""
        match = _FIRST_KEY.match(self.text, at)
        return {match[1]} if match else set()

    def find_next(self, start: int, first_keys: set[str], like: AbstractSet[str], stop: int) -> int:
        """Where an item begins behind a broken one that began at `start`, before `stop`; -1 when none does.

        It begins with a key that items begin with, and has more than half the keys of the item before.
        """
        begins = "|".join(map(re.escape, sorted(first_keys))) or _STRING
        for match in re.compile(rf"\{{\s*(?:{begins})\s*:").finditer(self.text, start + 1, stop):
            if self._tries <= 0 or self._patience <= 0:
                break
            self._tries -= 1
            try:
                value, _ = _decode(self.text, match.start())
            except BROKEN as error:
                self._patience -= getattr(error, "pos", match.start()) - match.start()
                continue
            if not like or 2 * len(like & value.keys()) > len(like):
                return match.start()
        return -1


def read_json(text: str) -> Any:
    """The value that a text within a text holds. Raises one of `BROKEN`."""
    value = _decoder.decode(text)
    return _whole_pairs(value) if _SURROGATE.search(text) else value


def _whole_pairs(value: Any) -> Any:
    """The value with halves of surrogate pairs replaced: no encoding can write them."""
    if isinstance(value, str):
        return _LONE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_whole_pairs(each) for each in value]
    if isinstance(value, dict):
        return {_whole_pairs(key): _whole_pairs(each) for key, each in value.items()}
    return value
