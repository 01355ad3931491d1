"""Classes of words looked for in messages: data from `knowledge/`, compiled when first needed, sieved before searched."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from unicodedata import normalize

from copilot.chat.sieve import Sieve
from copilot.facts.prefilter import grams

_REMEMBERED = 20_000


@lru_cache(maxsize=1 << 13)
def plain(text: str) -> str:
    """The text as word classes read it: one width, lower case."""
    return text.lower() if text.isascii() else normalize("NFKC", text).lower()


class WordClasses:
    """Named regular expressions over plain texts; asking which of them stand in a text costs a few microseconds."""

    def __init__(self, classes: Mapping[str, str]) -> None:
        self._expressions = dict(classes)
        self._compiled: dict[str, re.Pattern[str]] = {}
        self._sieve = Sieve({name: (expression,) for name, expression in classes.items()})
        self._candidates: dict[int, tuple[str, ...]] = {}
        self._of = lru_cache(maxsize=1 << 13)(self._found)  # the same few short texts come again and again

    def of(self, text: str) -> frozenset[str]:
        """The classes that stand in a plain text."""
        return self._of(text)

    def _found(self, text: str) -> frozenset[str]:
        return frozenset(name for name in self._possible(text) if self.pattern(name).search(text))

    def has(self, name: str, text: str) -> bool:
        """Whether one class stands in a plain text."""
        return self.pattern(name).search(text) is not None

    def pattern(self, name: str) -> re.Pattern[str]:
        """A class as a compiled pattern."""
        if (pattern := self._compiled.get(name)) is None:
            pattern = self._compiled[name] = re.compile(self._expressions[name])
        return pattern

    def _possible(self, text: str) -> tuple[str, ...]:
        bits = self._sieve.groups(grams(text))
        if (names := self._candidates.get(bits)) is None:
            if len(self._candidates) > _REMEMBERED:
                self._candidates.clear()
            names = self._candidates[bits] = tuple(name for name, bit in self._sieve.bits.items() if bits & bit)
        return names


def word_classes(data: Mapping[str, str | Iterable[str]]) -> WordClasses:
    """Word classes from a data file's mapping: each an expression, or a list of expressions of which any may stand."""
    return WordClasses({name: said if isinstance(said, str) else "|".join(said) for name, said in data.items()})
