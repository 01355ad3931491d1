"""How much a word that two messages share says in one chat: told from a sample, looked up word by word."""

import math
from collections import Counter
from collections.abc import Sequence

from copilot.chat.terms import rarity, terms

SAMPLE = 3000
"""How many messages, evenly spread, tell which words a chat is full of."""

FEW = 120
"""In a chat of fewer messages words are weighed as in one of so many: a handful of messages tells no word to be common."""


class Telling:
    """The weight of shared words: rare in the language, and not said all day in this chat."""

    def __init__(self, texts: Sequence[str]) -> None:
        step = max(1, len(texts) // SAMPLE)
        counts: Counter[str] = Counter()
        self._total = 0
        for text in texts[::step]:
            if text:
                counts.update(terms(text))
                self._total += 1
        self._counts = counts
        self._total = max(self._total, FEW)
        self._scale = math.log(2 + self._total)
        self._weights: dict[str, float] = {}

    def __getitem__(self, word: str) -> float:
        if (weight := self._weights.get(word)) is None:
            part = math.log((2 + self._total) / (1 + self._counts[word])) / self._scale
            weight = self._weights[word] = rarity(word) * part
        return weight

    def shared(self, one: frozenset[str], other: frozenset[str]) -> float:
        """The weight of the words two texts share."""
        if one.isdisjoint(other):
            return 0.0
        return sum(self[word] for word in one & other)
