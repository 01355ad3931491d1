"""Find the sections that answer a question: by words, by meaning and by how operators put it, fused by rank.

Rankings of every chunk: BM25 over character pairs, its vector, and its nearest point's vector. In the handbook, whose
rules have phrasings, also BM25 over words, BM25 over the phrasings, and what those say of the question's meaning
(`sense`). In a playbook of the operator's own, one more bridges the gap between their question and the document's terms: the
question finds its sections in the bundled handbook, and what those advise finds the passage.
"""

import copy
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from copilot.playbook.answerable import Question, coverage, weighing
from copilot.playbook.chunking import Chunk
from copilot.playbook.embedding import Embedder
from copilot.playbook.lexical import WordIndex, bigrams, words
from copilot.playbook.passages import Snapshot, in_context
from copilot.playbook.phrasings import phrasings
from copilot.playbook.rules import cite
from copilot.playbook.sense import RuleSense
from copilot.records import Hit
from copilot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy
    from numpy.typing import NDArray

    Scores: TypeAlias = NDArray[numpy.floating]

_FUSION = 10  # reciprocal rank: how much the first places stand out; 5 to 20 do equally well
_DEPTH = 50  # a ranking's places beyond this say nothing
_BRIDGES = 8  # sections of the handbook whose advice is looked for
_ADVICE = 3  # what their advice counts beside the question's own words and meaning
_NOMINATED = 0.3  # how much the passages stand out that say best what a section advises: the less, the more
_KEPT = 3  # the best by the question's own words and meaning stays among so many
_CANDIDATES = 10  # so many are embedded first while vectors are still to come
_JUDGED = 3  # the best sections, which are held against the question


def reciprocal_rank(rankings: "Sequence[Scores]") -> "Scores":
    """Fuse rankings given as one score an item: each adds 1 / (10 + place), places from 1; a score of 0 or less adds nothing."""
    import numpy

    fused = numpy.zeros(len(rankings[0]))
    for scores in rankings:
        order = numpy.argsort(-scores, kind="stable")[:_DEPTH]
        order = order[scores[order] > 0]
        fused[order] += 1 / (_FUSION + 1 + numpy.arange(len(order)))
    return fused


class Found(NamedTuple):
    """What one question finds in one playbook: chunk numbers best first, their fused scores, and whether it is covered."""

    order: "NDArray[numpy.intp]"
    scores: "Scores"
    answerable: bool


class Retriever:
    """One playbook ready to be searched. Read-only, so any number of threads may share it."""

    def __init__(self, snapshot: Snapshot, settings: Settings, embedder: Embedder) -> None:
        self.chunks = snapshot.chunks
        self.documents = snapshot.documents
        self._embedder = embedder
        self._weighing = weighing(settings)
        self.take(snapshot)
        self._texts = [in_context(piece) for piece in self.chunks]
        self._pairs = WordIndex(self._texts, bigrams)
        self._nominations: dict[str, Scores] = {}
        self._asked = _Asked(snapshot, settings, self._texts) if any(snapshot.phrased) else None

    def with_vectors(self, snapshot: Snapshot) -> "Retriever":
        """The same chunks with the vectors that have come by now."""
        other = copy.copy(self)
        other.take(snapshot)
        return other

    def take(self, snapshot: Snapshot) -> None:
        """Use these vectors; only for one that nobody else has yet."""
        import numpy

        self.pending = snapshot.pending
        is_own = numpy.array([not rule for rule in snapshot.phrased] or [True] * len(snapshot.owners), dtype=bool)
        self._vectors, self._owners = snapshot.vectors[is_own], snapshot.owners[is_own]
        self._is_whole = numpy.diff(self._owners, prepend=-1) != 0

    @property
    def vectors(self) -> "NDArray[numpy.float32]":
        """One unit vector a chunk, zero where it is still to come."""
        whole: NDArray[numpy.float32] = self._vectors[self._is_whole]
        return whole

    def find(self, text: str, vector: "NDArray[numpy.float32]", handbook: "Retriever | None" = None) -> Found:
        """Rank all chunks for a question and its vector; with a `handbook`, bridged through what that advises."""
        import numpy

        if not self.chunks:
            return Found(numpy.zeros(0, dtype=numpy.intp), numpy.zeros(0), answerable=False)
        near = self._vectors @ vector
        whole, point = near[self._is_whole], numpy.full(len(self.chunks), -1.0)
        numpy.maximum.at(point, self._owners[~self._is_whole], near[~self._is_whole])
        rankings = [self._pairs.scores(text), whole, point]
        if self._asked:
            rankings += self._asked.rankings(text, vector)
        fused = reciprocal_rank(rankings)
        bridge = handbook.find(text, vector) if handbook else None
        is_bridged = False
        if handbook and bridge and bridge.answerable:
            advised = self._advised(handbook, bridge)
            if is_bridged := self._holds(handbook, bridge, numpy.argsort(-advised, kind="stable")[:_JUDGED]):
                fused = self._bridged(fused, advised)
        order = numpy.argsort(-fused, kind="stable")
        asked = self._judged(text, vector, order, float(near.max()), handbook)
        return Found(order, fused, is_bridged or self._weighing.covers(asked, self._embedder.name))

    def candidates(self, text: str) -> tuple[Chunk, ...]:
        """The chunks that lack a vector among those that share most words with a question."""
        scores = self._pairs.scores(text)
        order = (-scores).argsort(kind="stable")[:_CANDIDATES]
        lacking: NDArray[numpy.bool_] = (self.vectors == 0).all(axis=1)
        return tuple(self.chunks[number] for number in order if scores[number] > 0 and lacking[number])

    def signs(
        self, text: str, vector: "NDArray[numpy.float32]", handbook: "Retriever | None" = None
    ) -> dict[str, float]:
        """The signs by which it is told whether the question is covered (`knowledge/answerable.yaml`)."""
        found = self.find(text, vector, handbook)
        asked = self._judged(text, vector, found.order, float((self._vectors @ vector).max()), handbook)
        return self._weighing.signs(asked, self._embedder.name)

    def _judged(
        self,
        text: str,
        vector: "NDArray[numpy.float32]",
        order: "NDArray[numpy.intp]",
        cosine: float,
        handbook: "Retriever | None",
    ) -> Question:
        """The question with the best sections, which are held against it."""
        texts = self._asked.texts if self._asked else self._texts
        found, sensed = [texts[at] for at in order[:_JUDGED]], self._asked.sensed(vector) if self._asked else None
        return Question(text, found, self.rarities(handbook), cosine, sensed)

    def rarities(self, handbook: "Retriever | None" = None) -> list[WordIndex]:
        """What tells how rare a word is: a playbook's texts, beside those of the handbook, because there may be few."""
        own = self._asked.pairs if self._asked else self._pairs
        return [own] if handbook is None else [own, *handbook.rarities()]

    def _holds(self, handbook: "Retriever", bridge: Found, best: "NDArray[numpy.intp]") -> bool:
        """Whether the best sections say what the handbook's sections for the question say."""
        found = [self._texts[at] for at in best]
        sections = [handbook.chunks[number].text for number in bridge.order[:_BRIDGES]]
        return (
            max(coverage(section, found, self.rarities(handbook)) for section in sections)
            >= self._weighing.bridge_coverage
        )

    @staticmethod
    def _bridged(own: "Scores", advised: "Scores") -> "Scores":
        """Both rankings as one: what is advised finds more, but what the question itself finds first stays in sight."""
        import numpy

        fused = reciprocal_rank([own, *[advised] * _ADVICE])
        best, bound = int(own.argmax()), numpy.partition(fused, -min(_KEPT, len(fused)))[-min(_KEPT, len(fused))]
        if own[best] > 0 and fused[best] < bound:
            fused[best] = bound * (1 + 1e-9)
        return fused

    def _advised(self, handbook: "Retriever", bridge: Found) -> "Scores":
        """How well each chunk says what the handbook's sections for the question advise."""
        import numpy

        scores = numpy.zeros(len(self.chunks))
        for number in bridge.order[:_BRIDGES]:
            scores += bridge.scores[number] ** 3 * self._nominated(handbook.chunks[number])
        return scores

    def _nominated(self, section: Chunk) -> "Scores":
        """The chunks that say best what a section says in its heading and its first advice, by place."""
        import numpy

        if (known := self._nominations.get(section.chunk_id)) is not None:
            return known
        heading = section.path[-1]
        said = [self._pairs.scores(heading), self._pairs.scores(heading + cite(section).quote)]
        fused = reciprocal_rank(said)
        order = numpy.argsort(-fused, kind="stable")[:_DEPTH]
        order = order[fused[order] > 0]
        places = numpy.zeros(len(self.chunks))
        places[order] = 1 / (_NOMINATED + 1 + numpy.arange(len(order)))
        self._nominations[section.chunk_id] = places
        return places

    def hits(self, found: Found, k: int) -> tuple[Hit, ...]:
        """The best k of what was found."""
        return tuple(
            self.chunks[number].hit(score=round(float(found.scores[number]), 6))
            for number in found.order[:k]
            if found.scores[number] > 0
        )


class _Asked:
    """The phrasings of a playbook's rules: what they say of a question, by their words and by their meaning."""

    def __init__(self, snapshot: Snapshot, settings: Settings, texts: "Sequence[str]") -> None:
        known = phrasings(settings)
        self._snapshot = snapshot
        self._lines = [
            "\n".join(line for rule in chunk.rules for line in known.get(rule, ())) for chunk in snapshot.chunks
        ]
        self._words, self._phrased = WordIndex(texts, words), WordIndex(self._lines, bigrams)
        self.texts = [f"{text}\n{lines}" for text, lines in zip(texts, self._lines, strict=True)]
        self.pairs = WordIndex(self.texts, bigrams)

    def rankings(self, text: str, vector: "NDArray[numpy.float32]") -> "list[Scores]":
        """Of each chunk: by its words, by its rules' phrasings and, once their vectors are there, by what those mean."""
        import numpy

        by_words = [self._words.scores(text), self._phrased.scores(text)]
        if self._sense is None:
            return by_words
        scores = self._sense.scores(vector)
        ranked = scores.argsort().argsort() + 1.0  # only the order counts: 0 is for chunks without a rule
        taught = numpy.where(self._taught, ranked, 0.0).max(axis=1)
        return [*by_words, taught]

    def sensed(self, vector: "NDArray[numpy.float32]") -> float | None:
        """How surely the question is about one of the rules; None while that can't be told."""
        return None if self._sense is None else self._sense.surety(vector)

    @cached_property
    def _sense(self) -> RuleSense | None:
        import numpy

        rows = [at for at, rule in enumerate(self._snapshot.phrased) if rule]
        vectors = self._snapshot.vectors[rows]
        if not numpy.any(vectors, axis=1).all():
            return None  # some are still to come
        return RuleSense([self._snapshot.phrased[at] for at in rows], vectors)

    @cached_property
    def _taught(self) -> "NDArray[numpy.bool_]":
        """Which chunk teaches which rule (chunks x rules)."""
        import numpy

        assert self._sense is not None
        return numpy.array([[rule in chunk.rules for rule in self._sense.rules] for chunk in self._snapshot.chunks])
