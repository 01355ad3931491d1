"""How much two lines are about the same thing: the telling words they share, judged by the language and by this chat.

`Weights` (`copilot.chat.terms`) reads every message of a chat into words first. Readers that compare a few lines among
a hundred thousand can't wait for that: here a word is counted in a sample of the chat when it is first met.
"""

import math
from collections.abc import Sequence

from copilot.chat.records import Message
from copilot.chat.terms import rarity, terms

_SAMPLE = 3000  # messages
_LONGEST = 200  # characters of each


class Likeness:
    """Compares lines of one chat."""

    def __init__(self, messages: Sequence[Message]) -> None:
        step = max(1, len(messages) // _SAMPLE)
        texts = [message.text[:_LONGEST].lower() for message in messages[::step] if message.text]
        self._sample = "\n".join(texts)
        self._scale = math.log(2 + len(texts))
        self._size = len(texts)
        self._weights: dict[str, float] = {}

    def weight(self, word: str) -> float:
        """How telling a word is here, 0 to 1."""
        if word not in self._weights:
            said = min(self._size, self._sample.count(word))
            self._weights[word] = rarity(word) * math.log((2 + self._size) / (1 + said)) / self._scale
        return self._weights[word]

    def shared(self, words: frozenset[str], text: str) -> float:
        """The weight of the words that a text shares with words known."""
        return sum(self.weight(word) for word in words & terms(text)) if words else 0.0
