"""Tell whether a playbook covers a question, from signs that can be explained one by one."""

import base64
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from copilot.lore import load_yaml
from copilot.playbook.lexical import WordIndex, bigrams, fold, rarities
from copilot.playbook.phrasings import covered, phrasings, uncovered
from copilot.settings import Settings

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

_MOST = 2.0  # what one pair of characters says at most


class Question(NamedTuple):
    """A question and what was found for it: the best texts and the character pairs that they have, what tells how rare a
    pair is, the nearest passage's cosine, and the question's vector.

    `sensed` says how surely it is about one of the handbook's rules; None in other playbooks, and while vectors of the
    rules' phrasings are still to come.
    """

    text: str
    found: Sequence[str]
    pairs: AbstractSet[str]
    words: Sequence[WordIndex]
    cosine: float
    vector: "NDArray[numpy.float32]"
    sensed: float | None = None


class Weighing:
    """What `knowledge/answerable.yaml` says: how much each sign counts, and the words behind some of them."""

    def __init__(self, settings: Settings) -> None:
        told: dict[str, Any] = load_yaml("answerable.yaml", folder=settings.knowledge)
        self._handbook, self._by_words, self._own = told["handbook"], told["handbook_by_words"], told["own"]
        self._bearings: dict[str, str] = told["bearings"]
        self._anchors, self._unknown = told["anchors"], told["unknown_nearness"]
        self.bridge_coverage: float = told["bridge_coverage"]
        self._figure = re.compile(told["figure"])
        words = sorted((re.escape(fold(word)) for kind in told["outside"].values() for word in kind), key=len)
        self._outside = re.compile("|".join(reversed(words)))
        self._settings = settings

    def covers(self, signs: Mapping[str, float]) -> bool:
        """Whether what was found is likely to answer the question that has these `signs`."""
        told = self._handbook if "bearing" in signs else self._by_words if "sensed" in signs else self._own
        weights: dict[str, float] = told["weights"]
        return sum(weight * signs[name] for name, weight in weights.items()) >= float(told["threshold"])

    def signs(self, question: Question, embedder: str) -> dict[str, float]:
        """Each sign's strength, as the file's head describes it."""
        asked = fold(question.text)
        signs = {
            "coverage": share(pair_weights(asked, question.words), question.pairs),
            "outside": self._missing(asked, question.found),
            "figure": float(bool(self._figure.search(asked))),
        }
        if question.sensed is None:
            return signs | {"nearness": self._nearness(question.cosine, embedder)}
        signs |= {"sensed": question.sensed, "matter": self._matter.weigh(asked)}
        if told := self._bearings.get(embedder):
            signs["bearing"] = bearing(question.vector, told)
        return signs

    def _missing(self, asked: str, found: Sequence[str]) -> float:
        """How many of the words for what a playbook seldom holds are asked for and not found, at most 2."""
        words = set(self._outside.findall(asked))
        said = fold("\n".join(found)) if words else ""
        return float(min(sum(word not in said for word in words), 2))

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

    def weigh(self, text: str) -> float:
        """The greater, the more it sounds like a covered one; 0 for what none of the lines says.

        The sum of what its pairs say, over the root of their number.
        """
        pairs = set(bigrams(text))
        said = (math.log((self._counts[0][pair] + 0.5) / (self._counts[1][pair] + 0.5)) for pair in pairs)
        return sum(max(-_MOST, min(_MOST, odds)) for odds in said) / math.sqrt(len(pairs) or 1)


def bearing(vector: "NDArray[numpy.float32]", told: str) -> float:
    """Whether a question's meaning is that of covered ones (above 0) or of others, by what `told_bearing` told."""
    import numpy

    weights = numpy.frombuffer(base64.b64decode(told), dtype="<f2").astype(numpy.float32)
    return float(weights[:-1] @ vector + weights[-1]) if len(weights) == len(vector) + 1 else 0.0


def told_bearing(covered: "NDArray[numpy.float32]", uncovered: "NDArray[numpy.float32]") -> str:
    """The direction that tells vectors of covered questions (n x dimension) from others, and its offset, as text.

    Fisher's linear discriminant; the spread is shrunk half towards an even one.
    """
    import numpy

    spread = (numpy.cov(covered.T) + numpy.cov(uncovered.T)) / 2
    even = numpy.eye(len(spread)) * numpy.trace(spread) / len(spread)
    centres = covered.mean(axis=0), uncovered.mean(axis=0)
    weights = numpy.linalg.solve((spread + even) / 2, centres[0] - centres[1])
    offset = -weights @ (centres[0] + centres[1]) / 2
    return base64.b64encode(numpy.append(weights, offset).astype("<f2").tobytes()).decode()


def pair_weights(text: str, words: Sequence[WordIndex]) -> dict[str, float]:
    """The character pairs of a text, each with its rarity in these indexes."""
    pieces = list(dict.fromkeys(bigrams(text)))
    return dict(zip(pieces, rarities(pieces, words).tolist(), strict=True))


def share(weights: Mapping[str, float], said: AbstractSet[str]) -> float:
    """The share of the weights that what is said has."""
    total = sum(weights.values())
    return sum(map(weights.__getitem__, weights.keys() & said)) / total if total else 0.0


@lru_cache(maxsize=4)
def weighing(settings: Settings) -> Weighing:
    """The weights in force."""
    return Weighing(settings)
