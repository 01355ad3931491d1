"""Fit how much each sign counts that the handbook covers a question, and print what to write into `answerable.yaml`.

Run after `knowledge/questions/` or the handbook has changed: `python scripts/fit_answerable.py` (a minute). Logistic
regression on our invented questions, each told by a model of words that has not seen it (ten folds). The threshold keeps
97 of 100 covered questions; what that refuses of the others is printed, too.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy

from copilot.playbook.answerable import Matter
from copilot.playbook.embedding import default_embedder
from copilot.playbook.lexical import fold
from copilot.playbook.phrasings import covered, phrasings, uncovered
from copilot.playbook.ranking import Retriever
from copilot.playbook.retrieval import retriever
from copilot.settings import Settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDS = 10
KEPT = 0.97
SIGNS = ("coverage", "outside", "figure", "sensed", "matter")
STEPS, RATE, SHRINK = 4000, 0.5, 0.01


def flat(told: Mapping[str, tuple[str, ...]]) -> list[str]:
    """All lines, kind by kind."""
    return [line for lines in told.values() for line in lines]


def fit(signs: "NDArray[numpy.float64]", is_covered: "NDArray[numpy.float64]") -> "NDArray[numpy.float64]":
    """Weights of the signs and, last, of one that is always 1; both kinds of questions count the same in all."""
    mean, scale = signs.mean(axis=0), signs.std(axis=0)
    scaled = numpy.c_[(signs - mean) / scale, numpy.ones(len(signs))]
    counts = numpy.where(is_covered > 0, 0.5 / is_covered.mean(), 0.5 / (1 - is_covered.mean()))
    weights = numpy.zeros(scaled.shape[1])
    for _ in range(STEPS):
        wrong = (1 / (1 + numpy.exp(-(scaled @ weights))) - is_covered) * counts
        weights -= RATE * (scaled.T @ wrong / len(scaled) + SHRINK * numpy.append(weights[:-1], 0))
    weights[:-1] /= scale
    weights[-1] -= weights[:-1] @ mean
    return weights


def signs_of(questions: list[str], handbook: Retriever) -> list[dict[str, float]]:
    """Each question's signs; `matter` as told by all our questions, this one included."""
    vectors = default_embedder().embed_queries([fold(question) for question in questions])
    return [handbook.signs(fold(text), vector) for text, vector in zip(questions, vectors, strict=True)]


def main() -> None:
    """Print the weights, and how well they tell questions they were not fitted on."""
    settings = Settings()
    yes, no, lines = flat(covered(settings)), flat(uncovered(settings)), flat(phrasings(settings))
    questions, is_covered = yes + no, numpy.array([1.0] * len(yes) + [0.0] * len(no))
    folds = numpy.random.default_rng(1).permutation(numpy.arange(len(questions)) % FOLDS)
    found = signs_of(questions, retriever(settings=settings))
    for fold_number in range(FOLDS):
        known = [at for at in range(len(questions)) if folds[at] != fold_number]
        matter = Matter(
            [*lines, *(questions[at] for at in known if is_covered[at])],
            [questions[at] for at in known if not is_covered[at]],
        )
        for at in numpy.flatnonzero(folds == fold_number):
            found[at]["matter"] = matter.weigh(fold(questions[at]))
    signs = numpy.array([[one[name] for name in SIGNS] for one in found])
    unseen = numpy.zeros(len(questions))
    for fold_number in range(FOLDS):
        seen = folds != fold_number
        weights = fit(signs[seen], is_covered[seen])
        unseen[~seen] = signs[~seen] @ weights[:-1] + weights[-1]
    weights = fit(signs, is_covered)
    bound = float(numpy.quantile(unseen[is_covered > 0], 1 - KEPT))
    refused = float((unseen[is_covered == 0] < bound).mean())
    told = ", ".join(f"{name}: {weight:.2f}" for name, weight in zip(SIGNS, weights[:-1], strict=True))
    print(
        f"{len(yes)} covered questions, {len(no)} others: keeping {KEPT:.0%}, {refused:.0%} of the others are refused"
    )
    print(f"  weights: {{{told}}}\n  threshold: {bound - weights[-1]:.2f}")


if __name__ == "__main__":
    main()
