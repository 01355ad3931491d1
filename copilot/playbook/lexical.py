"""Search by words: BM25 over the words rjieba cuts, and over pairs of neighbouring characters.

Words find what is said in the same terms; pairs find what the cutter cut differently, and slang it does not know.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

_RUNS = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")


def fold(text: str) -> str:
    """Full width to half width, capitals to small: what must not matter when text is compared."""
    return unicodedata.normalize("NFKC", text).lower()


def words(text: str) -> list[str]:
    """The words of `text`, long ones also by their parts; no punctuation."""
    import rjieba

    return [word for word in rjieba.cut_for_search(fold(text)) if any(character.isalnum() for character in word)]


def bigrams(text: str) -> list[str]:
    """Pairs of neighbouring Chinese characters, and whole words of other scripts."""
    pieces: list[str] = []
    for run in _RUNS.findall(fold(text)):
        chinese = "\u3400" <= run[0] <= "\u9fff"
        pieces += [run[at : at + 2] for at in range(max(1, len(run) - 1))] if chinese else [run]
    return pieces


class WordIndex:
    """BM25 scores of texts under one way of cutting them; read-only after it is made."""

    def __init__(self, texts: Sequence[str], cut: Callable[[str], list[str]]) -> None:
        import bm25s
        import numpy

        self._cut = cut
        self.size = len(texts)
        self._numbers: dict[str, int] = {}
        rows = [[self._numbers.setdefault(piece, len(self._numbers)) for piece in cut(text)] for text in texts]
        self._names = list(self._numbers)
        self._texts = [numpy.unique(numpy.array(row, dtype=numpy.uint32)) for row in rows]
        self._having = numpy.bincount(numpy.concatenate(self._texts)).tolist() if self._names else []
        self._bm25 = bm25s.BM25()
        if self._names:
            self._bm25.index((rows, dict(self._numbers)), show_progress=False)

    def scores(self, text: str) -> "NDArray[numpy.float32]":
        """One score a text of the index, 0 where nothing is shared."""
        import numpy

        known = [self._numbers[piece] for piece in self._cut(text) if piece in self._numbers]
        if not known:
            return numpy.zeros(self.size, dtype=numpy.float32)
        scored: NDArray[numpy.float32] = self._bm25.get_scores_from_ids(known)
        return scored

    def pieces(self, number: int) -> set[str]:
        """What one text was cut into."""
        return {self._names[piece] for piece in self._texts[number].tolist()}

    def having(self, pieces: Sequence[str]) -> list[int]:
        """How many texts have each of these pieces."""
        return [0 if (number := self._numbers.get(piece)) is None else self._having[number] for piece in pieces]


def rarities(pieces: Sequence[str], indexes: "Sequence[WordIndex]") -> "NDArray[numpy.float64]":
    """Inverse document frequencies of pieces in the texts of all these; the greatest for one that no text has."""
    import numpy

    size = sum(index.size for index in indexes)
    having = numpy.sum([index.having(pieces) for index in indexes], axis=0)
    found: NDArray[numpy.float64] = numpy.log1p((size - having + 0.5) / (having + 0.5))
    return found
