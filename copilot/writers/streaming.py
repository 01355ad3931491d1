"""From the growing JSON of a reply to the words an operator can read while it grows."""

import re
from collections.abc import Callable, Iterator
from typing import Any

# The end of a text that may still change: a pseudonym (成员01), an entity (&lt;) or half of a character.
_UNSETTLED = re.compile(r"(?:[\u4e00-\u9fff]{1,2}[A-Za-z0-9]*|&[a-z]*|[\ud800-\udfff])$")


def lines(value: Any, unread: frozenset[str] = frozenset()) -> Iterator[str]:
    """The texts of a parsed reply in its own order, but for the fields `unread`; a record in a list is one line."""
    if isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, dict):
        for name, child in value.items():
            if name not in unread:
                yield from lines(child, unread)
    elif isinstance(value, list):
        for child in value:
            if isinstance(child, dict):
                yield from ["：".join(lines(child, unread))] if any(lines(child, unread)) else []
            else:
                yield from lines(child, unread)


class Ticker:
    """Sends what has newly become readable, translated (pseudonyms restored), and nothing twice."""

    def __init__(
        self,
        on_text: Callable[[str], None] | None,
        translate: Callable[[str], str],
        unread: frozenset[str] = frozenset(),
    ) -> None:
        self._on_text = on_text
        self.translate = translate
        self._unread = unread
        self._sent = ""

    @property
    def wanted(self) -> bool:
        """Whether anybody listens."""
        return self._on_text is not None

    def begin_again(self, why: str) -> None:
        """What was sent so far is void: another reply comes."""
        if self._on_text and self._sent:
            self._on_text(f"\n{why}\n")
        self._sent = ""

    def show(self, value: Any, *, finished: bool = False) -> None:
        """The reply as parsed so far. What does not continue the words already sent is not sent."""
        readable = "\n".join(lines(value, self._unread))
        if not finished:
            readable = _UNSETTLED.sub("", readable)
        readable = self.translate(readable)
        if self._on_text and len(readable) > len(self._sent) and readable.startswith(self._sent):
            self._on_text(readable[len(self._sent) :])
            self._sent = readable
