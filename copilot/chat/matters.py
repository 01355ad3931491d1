"""Which conversations are about the same matter, also hours and days apart.

The two that are most alike are put together, again and again, until nothing is alike enough. Alike are conversations
that share telling words (the fewer conversations have a word, the more it tells) and people (whoever speaks everywhere
ties little together). Long chats are gone through in stretches; the matters of the last days are taken along.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

from copilot.chat.terms import rarity
from copilot.chat.threads import Thread

STRETCH = 50
"""How many conversations are compared with each other at once."""
CARRIED = 30
"""How many matters are taken along from one stretch to the next."""
DAYS = 4
_MINUTES = 24 * 60
_VOCABULARY = 300  # words of a matter that are remembered
_SPANS = 12  # and stretches of time
_PAUSE = 30.0  # minutes that don't part two stretches of time

Span: TypeAlias = tuple[float, float]

# How alike: found by search over labelled chats. Most may move by a sixth at little cost; more weight on the best word
# alone, or asking for less, runs matters together.
_ENOUGH = 0.6
_ENOUGH_FOR_FRAGMENTS = 0.45
_FRAGMENT = 6  # messages
_WORDS, _SMOOTH = 2.2, 0.5
_BEST_WORD = 0.3
_PEOPLE, _PART = 2.0, 1.5
_STAFF = 0.9  # what the group's people count of what members do
_FEW_WORDS = 0.6  # people count the more where there are few words
_NEAR, _HOURS = 0.2, 1.5
_COMMON = 24  # a word that more matters have than this says nothing
_EVERYWHERE = 48  # a member who is in more


class Matter:
    """Conversations about one thing, with how often each word is said in it and how often each member is in it."""

    def __init__(
        self, threads: Sequence[Thread], size: int, words: Counter[str], people: Counter[str], spans: list[Span]
    ) -> None:
        self.threads = threads
        self.size = size  # messages
        self.words = words if len(words) <= _VOCABULARY else Counter(dict(words.most_common(_VOCABULARY)))
        self.people = people
        self.spans = spans[-_SPANS:]
        self.last = max(end for _, end in spans)
        self.telling: dict[str, float] = {}
        self.weight = 0.0
        self.present: dict[str, float] = {}

    @classmethod
    def of(cls, thread: Thread) -> "Matter":
        """The matter of one conversation."""
        span = (thread.lines[0].minute, thread.lines[-1].minute)
        return cls([thread], len(thread.lines), thread.words, thread.people, [span])

    def __add__(self, other: "Matter") -> "Matter":
        spans: list[Span] = []
        for start, end in sorted([*self.spans, *other.spans]):
            if spans and start - spans[-1][1] <= _PAUSE:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        threads, size = [*self.threads, *other.threads], self.size + other.size
        return Matter(threads, size, _sum(self.words, other.words), _sum(self.people, other.people), spans)

    def hours_from(self, other: "Matter") -> float:
        """Hours between the two, 0 where they overlap."""
        least = math.inf
        for start, end in self.spans:
            for other_start, other_end in other.spans:
                apart = other_start - end if other_start > end else start - other_end
                if apart <= 0.0:
                    return 0.0
                least = min(least, apart)
        return least / 60

    def weigh(self, words: Mapping[str, float], people: Mapping[str, float]) -> None:
        """Set how telling each word and member is here, by how telling they are in this stretch of the chat."""
        self.telling = {
            word: weight if count == 1 else weight * (1 + math.log(count))
            for word, count in self.words.items()
            if (weight := words[word]) > 0
        }
        self.weight = sum(value * value for value in self.telling.values())
        self.present = {
            name: weight * part if (part := _PART * count / self.size) < 1 else weight
            for name, count in self.people.items()
            if (weight := people[name]) > 0
        }


def _sum(one: Counter[str], other: Counter[str]) -> Counter[str]:
    """Both counts together: `+` looks up every single one of them, also where little is added to much."""
    both = one.copy()
    both.update(other)
    return both


def gather(threads: Sequence[Thread], staff: Collection[str] = ()) -> list[Matter]:
    """The matters, in no particular order. `staff` are the group's people: they have a part in everything."""
    done: list[Matter] = []
    going: list[Matter] = []
    for start in range(0, len(threads), STRETCH):
        stretch = threads[start : start + STRETCH]
        since = stretch[0].lines[0].minute - DAYS * _MINUTES
        going.sort(key=lambda matter: -matter.last)
        done += [matter for at, matter in enumerate(going) if at >= CARRIED or matter.last < since]
        going = [matter for matter in going[:CARRIED] if matter.last >= since]
        going = _Stretch([*going, *(Matter.of(thread) for thread in stretch)], staff).gathered(carried=len(going))
    return done + going


class _Stretch:
    """The matters of a stretch of the chat, and what puts them together."""

    def __init__(self, matters: Sequence[Matter], staff: Collection[str]) -> None:
        total = len(matters)
        word_counts = Counter(word for matter in matters for word in matter.words)
        scale = math.log(2 + total)

        def telling(count: int) -> float:
            return math.log((2 + total) / (1 + count)) / scale

        self.words = {word: rarity(word) * telling(count) for word, count in word_counts.items()}
        people = Counter(name for matter in matters for name in matter.people)
        self.people = {name: telling(count) * (_STAFF if name in staff else 1.0) for name, count in people.items()}
        self.placed = 0
        self.matters: dict[int, Matter] = {}
        self.by_word: dict[str, dict[int, float]] = defaultdict(dict)
        self.by_person: dict[str, dict[int, float]] = defaultdict(dict)
        for matter in matters:
            self._place(matter)

    def gathered(self, carried: int) -> list[Matter]:
        """The matters of this stretch put together; the first `carried` were held against each other before."""
        heap = [
            (-score, at, near)
            for at in self.matters
            for near, score in self._alike(at, _ENOUGH, after=max(at, carried - 1))
        ]
        heapq.heapify(heap)
        while heap:
            _, one, other = heapq.heappop(heap)
            if one in self.matters and other in self.matters:
                merged = self._place(self._take(one) + self._take(other))
                for near, score in self._alike(merged, _ENOUGH):
                    heapq.heappush(heap, (-score, near, merged))
        self._absorb()
        return list(self.matters.values())

    def _place(self, matter: Matter) -> int:
        at = self.placed
        self.placed += 1
        matter.weigh(self.words, self.people)
        self.matters[at] = matter
        for word, value in matter.telling.items():
            self.by_word[word][at] = value
        for name, part in matter.present.items():
            self.by_person[name][at] = part
        return at

    def _take(self, at: int) -> Matter:
        matter = self.matters.pop(at)
        for word in matter.telling:
            del self.by_word[word][at]
        for name in matter.present:
            del self.by_person[name][at]
        return matter

    def _alike(self, at: int, enough: float, *, after: int = -1) -> list[tuple[int, float]]:
        """The matters, of those placed `after` a place, at least that much like this one, each with how much."""
        matter = self.matters[at]
        products, best = self._by_words(matter, after)
        together = self._by_people(matter, after)
        few_words = 1 + _FEW_WORDS / (1 + 4 * matter.weight)
        own = matter.weight + _SMOOTH
        found = []
        products.pop(at, None)
        together.pop(at, None)
        for near in products.keys() | together.keys():
            other = self.matters[near]
            score = _PEOPLE * min(1.0, together.get(near, 0.0)) * few_words
            if near in products:
                score += _WORDS * products[near] / math.sqrt(own * (other.weight + _SMOOTH)) + _BEST_WORD * best[near]
            if score + _NEAR >= enough:
                score += _NEAR * math.exp(-matter.hours_from(other) / _HOURS)
                if score >= enough:
                    found.append((near, score))
        return found

    def _by_words(self, matter: Matter, after: int) -> tuple[dict[int, float], dict[int, float]]:
        """For each matter placed later: how much it says the same, and the weight of the best word of both."""
        products: dict[int, float] = defaultdict(float)
        best: dict[int, float] = defaultdict(float)
        for word, value in matter.telling.items():
            having, weight = self.by_word[word], self.words[word]
            if 1 < len(having) <= _COMMON:
                for near, also in reversed(having.items()):  # the last placed comes first
                    if near <= after:
                        break
                    products[near] += value * also
                    if best[near] < weight:  # noqa: PLR1730 - the innermost loop: a call would double its cost
                        best[near] = weight
        return products, best

    def _by_people(self, matter: Matter, after: int) -> dict[int, float]:
        """For each matter placed later: how much the same people have a part in it."""
        together: dict[int, float] = defaultdict(float)
        for name, part in matter.present.items():
            being = self.by_person[name]
            if 1 < len(being) <= _EVERYWHERE:
                for near, also in reversed(being.items()):
                    if near <= after:
                        break
                    together[near] += part * also
        return together

    def _absorb(self) -> None:
        """Fragments join the matter they are most like, if there is one; less is asked of them."""
        joins: dict[int, list[int]] = defaultdict(list)
        for at, matter in self.matters.items():
            if matter.size <= _FRAGMENT:
                near = [(score, near) for near, score in self._alike(at, _ENOUGH_FOR_FRAGMENTS) if self._large(near)]
                if near:
                    joins[max(near)[1]].append(at)
        for target, fragments in joins.items():
            matter = self._take(target)
            for at in fragments:
                matter += self._take(at)
            self._place(matter)

    def _large(self, at: int) -> bool:
        return self.matters[at].size > _FRAGMENT
