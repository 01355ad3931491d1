"""Which rules a question is about, by meaning: a linear discriminant over the vectors of each rule's phrasings.

An embedder puts all that operators say near each other, and what tells two rules apart is a small part of the distance.
The discriminant weighs a direction the less, the more the phrasings of one rule spread along it (Fisher's; the spread is
shrunk towards an even one, because a rule has few phrasings).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

_SHRUNK = 0.8  # how far towards an even spread; 0.3 to 0.9 do about equally well


class RuleSense:
    """Scores of rules for a question's vector. `rules` names the rule of each row of `vectors` (n x dimension)."""

    def __init__(self, rules: Sequence[str], vectors: "NDArray[numpy.float32]") -> None:
        import numpy

        self.rules = tuple(dict.fromkeys(rules))
        number = {rule: at for at, rule in enumerate(self.rules)}
        classes = numpy.array([number[rule] for rule in rules])
        points = vectors.astype(numpy.float64)
        centres = numpy.zeros((len(self.rules), points.shape[1]))
        numpy.add.at(centres, classes, points)
        centres /= numpy.bincount(classes)[:, None]
        apart = points - centres[classes]
        spread = apart.T @ apart / len(points)
        # Rules with one phrasing each have no spread: then all directions weigh the same.
        even = numpy.eye(len(spread)) * (numpy.trace(spread) or len(spread)) / len(spread)
        self._weights = numpy.linalg.solve((1 - _SHRUNK) * spread + _SHRUNK * even, centres.T).T
        self._offsets = -0.5 * numpy.einsum("ij,ij->i", self._weights, centres)
        surest = (points @ self._weights.T + self._offsets).max(axis=1)
        self._usual, self._scatter = float(surest.mean()), float(surest.std()) or 1.0

    def scores(self, vector: "NDArray[numpy.float32]") -> "NDArray[numpy.float64]":
        """One score a rule, in the order of `rules`: the log of how likely it is, up to a constant."""
        import numpy

        scored: NDArray[numpy.float64] = numpy.vecdot(self._weights, vector) + self._offsets
        return scored

    def surety(self, vector: "NDArray[numpy.float32]") -> float:
        """How surely it is about any of the rules: 0 as for a usual phrasing, 1 for one standard deviation above."""
        return (float(self.scores(vector).max()) - self._usual) / self._scatter
