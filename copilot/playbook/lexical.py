"""Search by words: BM25 over the words rjieba cuts, and over pairs of neighbouring characters.

Words find what is said in the same terms; pairs find what the cutter cut differently, and slang it does not know.
"""

import math
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

        self._cut = cut
        self.size = len(texts)
        self._bm25 = bm25s.BM25()
        self._having: list[int] = []
        pieces = [cut(text) for text in texts]
        if any(pieces):
            self._bm25.index(pieces, show_progress=False)
            bounds = self._bm25.scores["indptr"]
            self._having = (bounds[1:] - bounds[:-1]).tolist()
        self._known: dict[str, int] = self._bm25.vocab_dict if self._having else {}

    def scores(self, text: str) -> "NDArray[numpy.float32]":
        """One score a text of the index, 0 where nothing is shared."""
        import numpy

        known = [piece for piece in self._cut(text) if piece in self._known]
        scored: NDArray[numpy.float32] = (
            self._bm25.get_scores(known) if known else numpy.zeros(self.size, dtype=numpy.float32)
        )
        return scored

    def having(self, piece: str) -> int:
        """How many texts have a piece."""
        number = self._known.get(piece)
        return 0 if number is None else self._having[number]


def rarity(piece: str, indexes: "Sequence[WordIndex]") -> float:
    """Inverse document frequency of a piece in the texts of all these; the greatest for one that no text has."""
    size = having = 0
    for index in indexes:
        size += index.size
        having += index.having(piece)
    return math.log(1 + (size - having + 0.5) / (having + 0.5))
