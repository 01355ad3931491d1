"""Find the sections that answer a question: by words, by meaning and by how operators put it.

In the handbook these rankings of every chunk are fused by rank: BM25 over words and over character pairs, its vector, its
nearest point's vector, BM25 over the phrasings of its rules, and what those say of the question's meaning (`sense`). In an
operator's documents it is BM25 over pairs, as a share of what the question could have, and the vector. There one more
bridges the gap between their question and the document's terms: the question finds its sections in the handbook, and what
those advise finds the passage.
"""

import copy
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from copilot.playbook.answerable import Question, pair_weights, share, weighing
from copilot.playbook.chunking import Chunk
from copilot.playbook.embedding import Embedder
from copilot.playbook.lexical import WordIndex, bigrams, rarities, words
from copilot.playbook.passages import Snapshot, in_context
from copilot.playbook.phrasings import phrasings
from copilot.playbook.rules import cite
from copilot.playbook.sense import RuleSense
from copilot.records import Hit
from copilot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy
    from numpy.typing import NDArray

    Scores: TypeAlias = NDArray[numpy.floating]

_FUSION = 10  # reciprocal rank: how much the first places stand out; 5 to 20 do equally well
_DEPTH = 50  # a ranking's places beyond this say nothing
_SAID = 12  # what words count beside meaning in an operator's documents, where all of a question's words count 1
_NEAREST = 100  # so many passages are told apart by meaning
_BRIDGES = 8  # sections of the handbook whose advice is looked for
_ADVICE = 3  # what their advice counts beside the question's own words and meaning
_NOMINATED = 0.3  # how much the passages stand out that say best what a section advises: the less, the more
_KEPT = 3  # the best by the question's own words and meaning stays among so many
_CANDIDATES = 10  # so many are embedded first while vectors are still to come
_JUDGED = 3  # the best sections, which are held against the question


def foremost(scores: "Scores", most: int) -> "NDArray[numpy.intp]":
    """The places of the `most` best scores, best first, equal ones in their order; not all are sorted for it."""
    import numpy

    among = numpy.flatnonzero(scores > 0)
    if len(among) < most:
        among = numpy.arange(len(scores))
    if len(among) > most:
        among = among[scores[among] >= numpy.partition(scores[among], -most)[-most]]
    best: NDArray[numpy.intp] = among[numpy.argsort(-scores[among], kind="stable")][:most]
    return best


def reciprocal_rank(rankings: "Sequence[Scores]") -> "Scores":
    """Fuse rankings given as one score an item: each adds 1 / (10 + place), places from 1; a score of 0 or less adds nothing."""
    import numpy

    fused = numpy.zeros(len(rankings[0]))
    for scores in rankings:
        order = foremost(scores, _DEPTH)
        order = order[scores[order] > 0]
        fused[order] += 1 / (_FUSION + 1 + numpy.arange(len(order)))
    return fused


def _scaled(near: "Scores") -> "Scores":
    """Cosines of the nearest between 0 and 1, the others 0: an embedder's lie in a narrow band."""
    import numpy

    most = min(_NEAREST, len(near))
    low, high = numpy.partition(near, -most)[-most], near.max()
    scaled: Scores = numpy.clip((near - low) / ((high - low) or 1), 0, 1)
    return scaled


class Found(NamedTuple):
    """What one question finds in one playbook: each chunk's fused score, and whether the playbook covers the question.

    `signs` say by what that was told; `is_sure`: by what the playbook says itself, not only because it says what the
    handbook advises.
    """

    scores: "Scores"
    signs: "Mapping[str, float]"
    answerable: bool
    is_sure: bool

    def best(self, most: int) -> "NDArray[numpy.intp]":
        """The numbers of the best chunks, best first."""
        return foremost(self.scores, most)


class Bridge(NamedTuple):
    """The handbook, and what the question finds there."""

    handbook: "Retriever"
    found: Found


class _Advice(NamedTuple):
    """A section of the handbook in another playbook: the chunks that say it best, best first, and its pairs by rarity."""

    nominated: "NDArray[numpy.intp]"
    pairs: "Mapping[str, float]"


class Retriever:
    """One playbook ready to be searched. Read-only, so any number of threads may share it."""

    def __init__(self, snapshot: Snapshot, settings: Settings, embedder: Embedder) -> None:
        self.chunks = snapshot.chunks
        self._embedder = embedder
        self._weighing = weighing(settings)
        self._texts = [in_context(piece) for piece in self.chunks]
        self._pairs = WordIndex(self._texts, bigrams)
        self._asked = _Asked(self.chunks, self._texts, phrasings(settings)) if any(snapshot.phrased) else None
        self._judged_texts = self._asked.texts if self._asked else self._texts
        self._advice: dict[str, _Advice] = {}
        self.take(snapshot)

    def with_vectors(self, snapshot: Snapshot) -> "Retriever":
        """The same chunks with the vectors that have come by now."""
        other = copy.copy(self)
        other.take(snapshot)
        return other

    def take(self, snapshot: Snapshot) -> None:
        """Use these vectors; only for one that nobody else has yet."""
        import numpy

        self.pending = snapshot.pending
        is_phrasing = numpy.array([bool(rule) for rule in snapshot.phrased], dtype=bool)
        self._vectors, self._owners = snapshot.vectors[~is_phrasing], snapshot.owners[~is_phrasing]
        self._is_whole = numpy.diff(self._owners, prepend=-1) != 0
        is_known = is_phrasing.any() and numpy.any(snapshot.vectors[is_phrasing], axis=1).all()
        self._meant = _Meant(snapshot, is_phrasing) if is_known else None

    @property
    def vectors(self) -> "NDArray[numpy.float32]":
        """One unit vector a chunk, zero where it is still to come."""
        whole: NDArray[numpy.float32] = self._vectors[self._is_whole]
        return whole

    def find(self, text: str, vector: "NDArray[numpy.float32]", bridge: Bridge | None = None) -> Found:
        """Score all chunks for a question and its vector, and by a `bridge` those that say what the handbook advises."""
        import numpy

        if not self.chunks:
            return Found(numpy.zeros(0), {}, answerable=False, is_sure=False)
        near = numpy.vecdot(self._vectors, vector)  # as fast as a matrix product, whose threads wait for a free core
        fused = self._ranked(text, vector, near)
        is_bridged = False
        if bridge and bridge.found.answerable:
            sections = bridge.found.best(_BRIDGES)
            advice = self._advice_of(bridge.handbook, sections)
            advised = self._advised(advice, bridge.found.scores[sections])
            if self._holds(advice, foremost(advised, _JUDGED)):
                fused, is_bridged = self._bridged(fused, advised), True
        best = foremost(fused, _JUDGED)
        question = Question(
            text,
            [self._judged_texts[at] for at in best],
            self._said(best),
            self.rarities(bridge and bridge.handbook),
            float(near.max()),
            vector,
            self._meant.surety(vector) if self._meant else None,
        )
        signs = self._weighing.signs(question, self._embedder.name)
        is_sure = self._weighing.covers(signs)
        return Found(fused, signs, is_sure or is_bridged, is_sure)

    def _ranked(self, text: str, vector: "NDArray[numpy.float32]", near: "NDArray[numpy.float32]") -> "Scores":
        """All chunks by the question itself; `near` has the cosine of every passage."""
        import numpy

        said, whole = self._pairs.scores(text), near[self._is_whole]
        if self._asked is None:
            return _SAID * said / (rarities(bigrams(text), [self._pairs]).sum() or 1) + _scaled(whole)
        point = numpy.full(len(self.chunks), -1.0)
        numpy.maximum.at(point, self._owners[~self._is_whole], near[~self._is_whole])
        meant = [self._meant.ranking(vector)] if self._meant else []
        return reciprocal_rank([said, whole, point, *self._asked.rankings(text), *meant])

    def candidates(self, text: str) -> tuple[Chunk, ...]:
        """The chunks that lack a vector among those that share most words with a question."""
        scores = self._pairs.scores(text)
        order = foremost(scores, _CANDIDATES)
        lacking: NDArray[numpy.bool_] = (self.vectors == 0).all(axis=1)
        return tuple(self.chunks[number] for number in order if scores[number] > 0 and lacking[number])

    def rarities(self, handbook: "Retriever | None" = None) -> list[WordIndex]:
        """What tells how rare a word is: a playbook's texts, beside those of the handbook, because there may be few."""
        own = self._asked.pairs if self._asked else self._pairs
        return [own] if handbook is None else [own, *handbook.rarities()]

    def _said(self, best: "NDArray[numpy.intp]") -> set[str]:
        """The character pairs of these chunks."""
        return set().union(*(self.rarities()[0].pieces(number) for number in best.tolist()))

    def _holds(self, advice: "Sequence[_Advice]", best: "NDArray[numpy.intp]") -> bool:
        """Whether the best sections say what one of the handbook's sections for the question says."""
        said = self._said(best)
        return max(share(one.pairs, said) for one in advice) >= self._weighing.bridge_coverage

    @staticmethod
    def _bridged(own: "Scores", advised: "Scores") -> "Scores":
        """Both rankings as one: what is advised finds more, but what the question itself finds first stays in sight."""
        fused = reciprocal_rank([own, *[advised] * _ADVICE])
        best, bound = int(own.argmax()), fused[foremost(fused, _KEPT)[-1]]
        if own[best] > 0 and fused[best] < bound:
            fused[best] = bound * (1 + 1e-9)
        return fused

    def _advised(self, advice: "Sequence[_Advice]", scores: "Scores") -> "Scores":
        """How well each chunk says what sections of the handbook advise that have these scores for the question."""
        import numpy

        advised = numpy.zeros(len(self.chunks))
        for one, score in zip(advice, scores, strict=True):
            places = 1 / (_NOMINATED + 1 + numpy.arange(len(one.nominated)))
            advised[one.nominated] += score**3 * places
        return advised

    def _advice_of(self, handbook: "Retriever", sections: "NDArray[numpy.intp]") -> "list[_Advice]":
        """What these sections advise, looked up here once for all of the handbook: no later search waits for it."""
        wanted = [handbook.chunks[number] for number in sections]
        if any(section.chunk_id not in self._advice for section in wanted):
            rarity = self.rarities(handbook)
            self._advice = {
                section.chunk_id: _Advice(self._nominated(section), pair_weights(section.text, rarity))
                for section in handbook.chunks
            }
        return [self._advice[section.chunk_id] for section in wanted]

    def _nominated(self, section: Chunk) -> "NDArray[numpy.intp]":
        """The chunks that say best what a section says in its heading and its first advice, best first."""
        heading = section.path[-1]
        said = [self._pairs.scores(heading), self._pairs.scores(heading + cite(section).quote)]
        fused = reciprocal_rank(said)
        order = foremost(fused, _DEPTH)
        nominated: NDArray[numpy.intp] = order[fused[order] > 0]
        return nominated

    def hits(self, found: Found, k: int) -> tuple[Hit, ...]:
        """The best k of what was found."""
        return tuple(
            self.chunks[number].hit(score=round(float(found.scores[number]), 6))
            for number in found.best(k)
            if found.scores[number] > 0
        )


class _Asked:
    """What the phrasings of a playbook's rules say of a question by their words."""

    def __init__(self, chunks: "Sequence[Chunk]", texts: "Sequence[str]", known: "Mapping[str, Sequence[str]]") -> None:
        lines = ["\n".join(line for rule in chunk.rules for line in known.get(rule, ())) for chunk in chunks]
        self.texts = [f"{text}\n{phrased}" for text, phrased in zip(texts, lines, strict=True)]
        self.pairs = WordIndex(self.texts, bigrams)
        self._words, self._phrased = WordIndex(texts, words), WordIndex(lines, bigrams)

    def rankings(self, text: str) -> "list[Scores]":
        """Of each chunk: by its words, and by its rules' phrasings."""
        return [self._words.scores(text), self._phrased.scores(text)]


class _Meant:
    """What the phrasings of a playbook's rules say of a question by their meaning; all their vectors must be there."""

    def __init__(self, snapshot: Snapshot, is_phrasing: "NDArray[numpy.bool_]") -> None:
        import numpy

        self._sense = RuleSense([rule for rule in snapshot.phrased if rule], snapshot.vectors[is_phrasing])
        # Which chunk teaches which rule (chunks x rules).
        self._taught = numpy.array([[rule in chunk.rules for rule in self._sense.rules] for chunk in snapshot.chunks])
        self.surety = self._sense.surety

    def ranking(self, vector: "NDArray[numpy.float32]") -> "Scores":
        """Of each chunk: the place of the likeliest rule that it teaches; only the order counts."""
        import numpy

        places = self._sense.scores(vector).argsort().argsort() + 1.0  # 0 is for chunks without a rule
        ranked: Scores = numpy.where(self._taught, places, 0.0).max(axis=1)
        return ranked
