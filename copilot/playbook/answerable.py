"""Tell whether a playbook covers a question, from signs that can be explained one by one."""

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, NamedTuple

from copilot.lore import load_yaml
from copilot.playbook.lexical import WordIndex, bigrams, fold, rarity
from copilot.playbook.phrasings import covered, phrasings, uncovered
from copilot.settings import Settings

_SEEN_TWICE = 2
_MOST = 2.0  # what one pair of characters says at most


class Question(NamedTuple):
    """A question and what was found for it: the best texts, what tells how rare a word is, and the nearest passage's cosine.

    `sensed` says how surely it is about one of the handbook's rules; None in other playbooks, and while vectors of the
    rules' phrasings are still to come.
    """

    text: str
    found: Sequence[str]
    words: Sequence[WordIndex]
    cosine: float
    sensed: float | None = None


class Weighing:
    """What `knowledge/answerable.yaml` says: how much each sign counts, and the words behind some of them."""

    def __init__(self, settings: Settings) -> None:
        told: dict[str, Any] = load_yaml("answerable.yaml", folder=settings.knowledge)
        self._handbook, self._own = told["handbook"], told["own"]
        self._anchors, self._unknown = told["anchors"], told["unknown_nearness"]
        self.bridge_coverage: float = told["bridge_coverage"]
        self._figure = re.compile(told["figure"])
        words = sorted((re.escape(fold(word)) for kind in told["outside"].values() for word in kind), key=len)
        self._outside = re.compile("|".join(reversed(words)))
        self._settings = settings

    def covers(self, question: Question, embedder: str) -> bool:
        """Whether what was found is likely to answer the question."""
        told = self._own if question.sensed is None else self._handbook
        signs = self.signs(question, embedder)
        weights: dict[str, float] = told["weights"]
        return sum(weight * signs[name] for name, weight in weights.items()) >= float(told["threshold"])

    def signs(self, question: Question, embedder: str) -> dict[str, float]:
        """Each sign's strength, as the file's head describes it."""
        asked, said = fold(question.text), fold("\n".join(question.found))
        outside = sum(word not in said for word in set(self._outside.findall(asked)))
        signs = {
            "coverage": coverage(asked, question.found, question.words),
            "outside": float(min(outside, 2)),
            "figure": float(bool(self._figure.search(asked))),
        }
        if question.sensed is None:
            return signs | {"nearness": self._nearness(question.cosine, embedder)}
        return signs | {"sensed": question.sensed, "matter": self._matter.weigh(asked)}

    def _nearness(self, cosine: float, embedder: str) -> float:
        """How near the nearest passage is: 0 as for an unrelated question, 1 as for one answered well."""
        if embedder not in self._anchors:
            return float(self._unknown)
        low, high = self._anchors[embedder]
        return float((cosine - low) / (high - low))

    @cached_property
    def _matter(self) -> "Matter":
        known = (*phrasings(self._settings).values(), *covered(self._settings).values())
        unknown = uncovered(self._settings).values()
        return Matter([line for lines in known for line in lines], [line for lines in unknown for line in lines])


class Matter:
    """Whether a question sounds like those that the handbook covers, or like those it does not: naive Bayes on pairs."""

    def __init__(self, covered: Sequence[str], uncovered: Sequence[str]) -> None:
        self._counts = [
            Counter(pair for line in lines for pair in set(bigrams(line))) for lines in (covered, uncovered)
        ]
        self._sizes = len(covered), len(uncovered)

    def weigh(self, text: str) -> float:
        """Above 0 for a covered one: the sum of what its known pairs say, over the root of their number."""
        said = []
        for pair in set(bigrams(text)):
            with_, without = (count[pair] for count in self._counts)
            if with_ + without >= _SEEN_TWICE:
                odds = (with_ + 0.5) / (self._sizes[0] + 1) / ((without + 0.5) / (self._sizes[1] + 1))
                said.append(max(-_MOST, min(_MOST, math.log(odds))))
        return sum(said) / math.sqrt(len(said)) if said else 0.0


def coverage(question: str, found: Sequence[str], words: Sequence[WordIndex]) -> float:
    """The share of the question's character pairs, weighted by their rarity in these indexes, that `found` contains."""
    return share(pair_weights(question, words), set(bigrams("\n".join(found))))


def pair_weights(text: str, words: Sequence[WordIndex]) -> dict[str, float]:
    """The character pairs of a text, each with its rarity in these indexes."""
    return {piece: rarity(piece, words) for piece in set(bigrams(text))}


def share(weights: Mapping[str, float], said: Collection[str]) -> float:
    """The share of the weights that what is said has."""
    total = sum(weights.values())
    return sum(weight for piece, weight in weights.items() if piece in said) / total if total else 0.0


@cache
def weighing(settings: Settings) -> Weighing:
    """The weights in force."""
    return Weighing(settings)
