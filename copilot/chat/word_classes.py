"""Classes of words looked for in messages: data from `knowledge/`, sieved before searched, compiled when first needed.

A class is a list of regular expressions. Each alternative of them is looked for by itself, and only in texts that
hold the characters it needs: a short chat compiles few of the thousands of alternatives, a long one searches few.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from unicodedata import normalize

from copilot.facts.prefilter import alternatives, grams
from copilot.facts.sieve import Sieve, places


@lru_cache(maxsize=1 << 13)
def plain(text: str) -> str:
    """The text as word classes read it: one width, lower case."""
    return text.lower() if text.isascii() else normalize("NFKC", text).lower()


class WordClasses:
    """Named lists of regular expressions; asking which of them stand in a text costs a few microseconds."""

    def __init__(self, classes: Mapping[str, str | Iterable[str]], flags: int = 0) -> None:
        self._flags = flags
        self._expressions = {name: [said] if isinstance(said, str) else list(said) for name, said in classes.items()}
        self._whole: dict[str, re.Pattern[str]] = {}
        self._pieces: list[str] = []
        self._bits: dict[str, int] = {}
        for name, expressions in self._expressions.items():
            first = len(self._pieces)
            self._pieces += [piece for expression in expressions for piece in alternatives(expression)]
            self._bits[name] = (1 << len(self._pieces)) - (1 << first)
        self._compiled: list[re.Pattern[str] | None] = [None] * len(self._pieces)
        self._sieve = Sieve({number: (piece,) for number, piece in enumerate(self._pieces)})
        self._possible = lru_cache(maxsize=1 << 13)(lambda text: self._sieve.groups(grams(text)))
        self._of = lru_cache(maxsize=1 << 13)(self._found)  # the same few short texts come again and again

    def of(self, text: str) -> frozenset[str]:
        """The classes that stand in a text."""
        return self._of(text)

    def _found(self, text: str) -> frozenset[str]:
        possible = self._possible(text)
        return frozenset(name for name, bits in self._bits.items() if self._stands(possible & bits, text))

    def has(self, name: str, text: str) -> bool:
        """Whether one class stands in a text."""
        return self._stands(self._possible(text) & self._bits[name], text)

    def pattern(self, name: str) -> re.Pattern[str]:
        """A class as one pattern, for where in a text it stands."""
        if (pattern := self._whole.get(name)) is None:
            pattern = self._whole[name] = re.compile("|".join(self._expressions[name]), self._flags)
        return pattern

    def _stands(self, possible: int, text: str) -> bool:
        return any(self._piece(number).search(text) for number in places(possible))

    def _piece(self, number: int) -> re.Pattern[str]:
        if (compiled := self._compiled[number]) is None:
            compiled = self._compiled[number] = re.compile(self._pieces[number], self._flags)
        return compiled
