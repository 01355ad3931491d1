"""Tell whether a playbook covers a question, from signs that can be explained one by one."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from copilot.lore import load_yaml
from copilot.playbook.lexical import WordIndex, bigrams, fold
from copilot.settings import Settings


class Weighing(NamedTuple):
    """What `knowledge/answerable.yaml` says: how much each sign counts, and the words behind two of them."""

    weights: dict[str, float]
    threshold: float
    anchors: dict[str, tuple[float, float]]
    unknown_nearness: float
    bridge_coverage: float
    figure: re.Pattern[str]
    outside: re.Pattern[str]

    def nearness(self, cosine: float, embedder: str) -> float:
        """How near the nearest passage is: 0 as for an unrelated question, 1 as for one answered well."""
        if embedder not in self.anchors:
            return self.unknown_nearness
        low, high = self.anchors[embedder]
        return (cosine - low) / (high - low)

    def covers(self, question: str, nearness: float, found: Sequence[str], index: WordIndex) -> bool:
        """Whether the texts `found` for a question are likely to answer it."""
        asked, said = fold(question), fold("\n".join(found))
        outside = sum(word not in said for word in set(self.outside.findall(asked)))
        signs = {
            "nearness": nearness,
            "coverage": coverage(question, found, index),
            "outside": min(outside, 2),
            "figure": bool(self.figure.search(asked)),
        }
        return sum(self.weights[name] * sign for name, sign in signs.items()) >= self.threshold


def coverage(question: str, found: Sequence[str], index: WordIndex) -> float:
    """The share of the question's character pairs, weighted by their rarity in the playbook, that `found` contains."""
    pieces = set(bigrams(question))
    said = set(bigrams("\n".join(found)))
    total = sum(index.rarity(piece) for piece in pieces)
    return sum(index.rarity(piece) for piece in pieces & said) / total if total else 0.0


def weighing(settings: Settings) -> Weighing:
    """The weights in force."""
    return _load(settings.knowledge / "answerable.yaml")


@cache
def _load(path: Path) -> Weighing:
    told: dict[str, Any] = load_yaml(path.name, folder=path.parent)
    outside = sorted(
        (re.escape(fold(word)) for kind in told["outside"].values() for word in kind), key=len, reverse=True
    )
    return Weighing(
        weights=told["weights"],
        threshold=told["threshold"],
        anchors={name: (low, high) for name, (low, high) in told["anchors"].items()},
        unknown_nearness=told["unknown_nearness"],
        bridge_coverage=told["bridge_coverage"],
        figure=re.compile(told["figure"]),
        outside=re.compile("|".join(outside)),
    )
