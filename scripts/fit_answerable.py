"""Fit how much each sign counts that the handbook covers a question, and print what to write into `answerable.yaml`.

Run after `knowledge/questions/` or the handbook has changed: `python scripts/fit_answerable.py` (a minute). Logistic
regression on our invented questions, each told by models of words and of meaning that have not seen it (ten folds). The
threshold keeps 98 of 100 covered questions; what that refuses of the others is printed, too.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy

from copilot.playbook.answerable import Matter, bearing, told_bearing
from copilot.playbook.embedding import default_embedder
from copilot.playbook.lexical import fold
from copilot.playbook.phrasings import covered, phrasings, uncovered
from copilot.playbook.ranking import Retriever
from copilot.playbook.retrieval import retriever
from copilot.settings import Settings

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    Vectors: TypeAlias = NDArray[numpy.floating]

FOLDS = 10
KEPT = 0.98
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


def signs_of(questions: list[str], vectors: "Vectors", handbook: Retriever) -> list[dict[str, float]]:
    """Each question's signs; `matter` and `bearing` as told by all our questions, this one included."""
    asked = zip(questions, vectors, strict=True)
    return [{"bearing": 0.0, **handbook.find(fold(text), vector).signs} for text, vector in asked]


def weights_of(
    names: tuple[str, ...],
    found: list[dict[str, float]],
    is_covered: "NDArray[numpy.float64]",
    folds: "NDArray[numpy.intp]",
) -> str:
    """What to write for these signs, and as a comment what it refuses of questions it was not fitted on."""
    signs = numpy.array([[one[name] for name in names] for one in found])
    unseen = numpy.zeros(len(signs))
    for fold_number in range(FOLDS):
        seen = folds != fold_number
        weights = fit(signs[seen], is_covered[seen])
        unseen[~seen] = signs[~seen] @ weights[:-1] + weights[-1]
    weights = fit(signs, is_covered)
    bound = float(numpy.quantile(unseen[is_covered > 0], 1 - KEPT))
    refused = float((unseen[is_covered == 0] < bound).mean())
    told = ", ".join(f"{name}: {weight:.2f}" for name, weight in zip(names, weights[:-1], strict=True))
    return f"  weights: {{{told}}}\n  threshold: {bound - weights[-1]:.2f}  # refuses {refused:.0%} of the others"


def main() -> None:
    """Print what to write into the file, and how well it tells questions it was not fitted on."""
    settings, embedder = Settings(), default_embedder()
    yes, no, lines = flat(covered(settings)), flat(uncovered(settings)), flat(phrasings(settings))
    questions, is_covered = yes + no, numpy.array([1.0] * len(yes) + [0.0] * len(no))
    folds = numpy.random.default_rng(1).permutation(numpy.arange(len(questions)) % FOLDS)
    vectors = embedder.embed_queries([fold(question) for question in questions])
    found = signs_of(questions, vectors, retriever(settings=settings))
    for fold_number in range(FOLDS):
        is_known = folds != fold_number
        known = numpy.flatnonzero(is_known)
        matter = Matter(
            [*lines, *(questions[at] for at in known if is_covered[at])],
            [questions[at] for at in known if not is_covered[at]],
        )
        told = told_bearing(vectors[is_known & (is_covered > 0)], vectors[is_known & (is_covered == 0)])
        for at in numpy.flatnonzero(~is_known):
            found[at]["matter"] = matter.weigh(fold(questions[at]))
            found[at]["bearing"] = bearing(vectors[at], told)
    print(f"# {len(yes)} covered questions, {len(no)} others; {KEPT:.0%} of the covered are kept")
    print(f"handbook:\n{weights_of((*SIGNS, 'bearing'), found, is_covered, folds)}")
    print(f"handbook_by_words:\n{weights_of(SIGNS, found, is_covered, folds)}")
    told = told_bearing(vectors[is_covered > 0], vectors[is_covered == 0])
    print(f"bearings:\n  {embedder.name}: {told}")


if __name__ == "__main__":
    main()
