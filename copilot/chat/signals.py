"""Messages that try to give the assistant orders.

Members' texts are data: nothing they say may steer the digest. This tells the operator which messages
try. What is looked for is data (`knowledge/wording/injections.yaml`): groups of words by what they do
(address the bot, order, name its rules, its output, other people's data …) and the combinations of groups
that ordinary members do not use. The text is read in several ways, because attackers hide: invisible
characters and look-alike letters removed, letters spread apart joined, leet speak read, encoded blocks
decoded, and back to front.
"""

import re
from bisect import bisect
from functools import cache, cached_property
from itertools import accumulate
from typing import Any, NamedTuple

from copilot.chat.disguises import fold, readings, unaccented
from copilot.facts.prefilter import alternatives, grams
from copilot.facts.sieve import Sieve
from copilot.lore import load_yaml


class _Signal(NamedTuple):
    """A combination of word groups; each entry is a tuple of alternative group names."""

    why: str
    near: float
    together: tuple[tuple[str, ...], ...]
    ordered: tuple[tuple[str, ...], ...]
    also: tuple[tuple[str, ...], ...]
    unless: tuple[tuple[str, ...], ...]
    core: bool


class _Worth(NamedTuple):
    """The signals that may stand in a text, whether its signs may add up, and the groups that may be there (bits)."""

    signals: tuple[_Signal, ...]
    weighing: bool
    groups: int


class _Group:
    """A group of words.

    Alternatives that start with a plain letter are searched together: `re` then skips ahead to their first
    letters, which makes long texts several times faster.
    """

    def __init__(self, patterns: list[str]) -> None:
        patterns = [unaccented(pattern) for pattern in patterns]
        loose = [one for pattern in patterns if not pattern.startswith("=") for one in alternatives(pattern)]
        words = [one for pattern in patterns if pattern.startswith("=") for one in alternatives(pattern[1:])]
        quick = [one for one in loose if _LITERAL.match(one)]
        slow = [one for one in loose if not _LITERAL.match(one)]
        self._anywhere = [re.compile("|".join(ones)) for ones in (quick, slow) if ones]
        self._words = [re.compile("|".join(f"{one}(?![a-z])" for one in words))] if words else []

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where the group stands in the text, in order."""
        found = [match.span() for pattern in self._anywhere for match in pattern.finditer(text)]
        for pattern in self._words:
            found += [
                match.span()
                for match in pattern.finditer(text)
                if not text[match.start() - 1 : match.start()].islower() or not text[match.start() - 1].isascii()
            ]
        return sorted(found)


_LITERAL = re.compile(r"[^\\\[({^$.|?*+][^?*{]")


_REMEMBERED = 50_000
_TAGS = re.compile(r"[\U000e0020-\U000e007e]")
_UNSEEN = re.compile(r"[\u200b\u200c\u2060-\u2064\ufeff]")


def _loose(pattern: str) -> list[str]:
    """The alternatives of a pattern as they are looked for, whole words or not."""
    return alternatives(unaccented(pattern).removeprefix("="))


class _Knowledge:
    """The contents of `knowledge/wording/injections.yaml`, compiled."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._patterns: dict[str, list[str]] = data["words"]
        self._groups: dict[str, _Group] = {}
        self.signals = [self._signal(entry) for entry in data["signals"]]
        self.about = re.compile(data["about"])
        self.enough: float = data["weighing"]["enough"]
        self.weights = dict(sorted(data["weighing"]["weights"].items(), key=lambda item: -item[1]))
        self.facing = frozenset(data["weighing"]["facing"])
        letters = data["lookalikes"]
        self.same = str.maketrans(data["traditional"] + letters["from"], data["simplified"] + letters["to"])
        self.sieve = Sieve(
            {
                name: [alternative for pattern in patterns for alternative in _loose(pattern)]
                for name, patterns in self._patterns.items()
            }
        )
        self._needs = [
            [self.sieve.any_of(groups) for groups in (*signal.together, *signal.ordered, *signal.also)]
            for signal in self.signals
        ]
        self._weighed = [(self.sieve.bits[name], weight) for name, weight in self.weights.items() if weight > 0]
        self._facing = self.sieve.any_of(self.facing)
        self._worth: dict[int, _Worth] = {}

    def places(self, name: str, text: str) -> list[tuple[int, int]]:
        """Where a group of words stands; it is compiled when first looked for."""
        if (group := self._groups.get(name)) is None:
            group = self._groups[name] = _Group(self._patterns[name])
        return group.places(text)

    def worth(self, found: set[str], *, backwards: bool = False) -> _Worth:
        """What is worth looking for in a text of these grams; the same few combinations come again and again."""
        groups = self.sieve.groups(found, backwards=backwards)
        if (worth := self._worth.get(groups)) is None:
            if len(self._worth) > _REMEMBERED:
                self._worth.clear()
            signals = tuple(
                signal
                for signal, needs in zip(self.signals, self._needs, strict=True)
                if all(groups & need for need in needs)
            )
            weight = sum(weight for bit, weight in self._weighed if groups & bit) if groups & self._facing else 0.0
            worth = self._worth[groups] = _Worth(signals, weight >= self.enough, groups)
        return worth

    @staticmethod
    def _signal(entry: dict[str, Any]) -> _Signal:
        groups = {
            key: tuple(tuple(one.split("|")) for one in entry.get(key, ()))
            for key in ("all", "order", "also", "unless")
        }
        return _Signal(
            entry["why"],
            entry["near"],
            groups["all"],
            groups["order"],
            groups["also"],
            groups["unless"],
            entry.get("core", False),
        )


@cache
def _knowledge() -> _Knowledge:
    return _Knowledge(load_yaml("wording", "injections.yaml"))


class _Reading:
    """One way to read a text, with the places of each word group found when first asked for.

    `groups` are the bits of the groups that may stand in it at all.
    """

    def __init__(self, text: str, groups: int) -> None:
        self.text = text
        self._groups = groups
        self._places: dict[str, list[tuple[int, int]]] = {}

    @cached_property
    def _distance(self) -> list[float]:
        return [0.0, *accumulate(1.0 if "\u3400" <= one <= "\u9fff" else 0.4 for one in self.text)]

    def places(self, groups: tuple[str, ...]) -> list[tuple[int, int]]:
        """Where any of the groups stands, as (start, end)."""
        for group in groups:
            if group not in self._places:
                self._places[group] = _knowledge().places(group, self.text) if self._may_hold(group) else []
        return (
            self._places[groups[0]]
            if len(groups) == 1
            else sorted(place for group in groups for place in self._places[group])
        )

    def _may_hold(self, group: str) -> bool:
        return bool(self._groups & _knowledge().sieve.bits[group])

    def _gap(self, one: tuple[int, int], other: tuple[int, int]) -> float:
        first, second = sorted((one, other))
        return max(0.0, self._distance[second[0]] - self._distance[min(first[1], len(self.text))])

    def shows(self, signal: _Signal) -> bool:
        """Whether the combination stands in the text."""
        for groups in (*signal.together, *signal.ordered, *signal.also):
            if not self.places(groups):
                return False
        if any(self.places(groups) for groups in signal.unless):
            return False
        return self._together(signal) and self._ordered(signal)

    def _together(self, signal: _Signal) -> bool:
        if len(signal.together) < 2:
            return True
        first, *others = sorted((self.places(groups) for groups in signal.together), key=len)
        return any(all(self._beside(place, group, signal.near) for group in others) for place in first)

    def _beside(self, place: tuple[int, int], group: list[tuple[int, int]], near: float) -> bool:
        """Whether one of the group's places (in order) is near: only the neighbours of `place` can be."""
        at = bisect(group, place)
        return any(self._gap(place, other) <= near for other in group[max(0, at - 2) : at + 2])

    def _ordered(self, signal: _Signal) -> bool:
        if not signal.ordered:
            return True
        ends = {end for _, end in self.places(signal.ordered[0])}
        for groups in signal.ordered[1:]:
            before = sorted(ends)
            ends = set()
            for start, end in self.places(groups):
                at = bisect(before, start)
                if at and self._distance[start] - self._distance[before[at - 1]] <= signal.near:
                    ends.add(end)
        return bool(ends)

    def weight(self) -> float:
        """The heaviest sentence: the weights of its groups added up, 0 where nothing in it faces the assistant.

        Words that belong to several groups count for the heaviest of them only.
        """
        knowledge = _knowledge()
        breaks = [at for at, one in enumerate(self.text) if one in "\n。;"]
        sentences: dict[int, dict[str, float]] = {}
        taken: dict[int, set[int]] = {}
        for group, weight in knowledge.weights.items():  # heaviest first
            for start, end in self.places((group,)):
                sentence = bisect(breaks, start)
                used = taken.setdefault(sentence, set())
                if weight < 0 or (used.isdisjoint(range(start, end)) and group not in sentences.get(sentence, {})):
                    sentences.setdefault(sentence, {})[group] = weight
                    used.update(range(start, end) if weight > 0 else ())
        return max(
            (sum(groups.values()) for groups in sentences.values() if groups.keys() & knowledge.facing), default=0.0
        )


def suspicion(text: str) -> str | None:
    """Why the message looks like an order to the assistant, in the operator's words; None where it does not."""
    knowledge = _knowledge()
    folded = fold(text, knowledge.same)
    found = grams(folded)
    for reading in readings(text, folded, knowledge.same):
        worth = knowledge.worth(found if reading is folded else grams(reading))
        if not (worth.signals or worth.weighing):
            continue
        view = _Reading(_without_reports(reading), worth.groups)
        for signal in worth.signals:
            if view.shows(signal):
                return signal.why if reading is folded else f"{signal.why}（经伪装）"
        if worth.weighing and view.weight() >= knowledge.enough:
            return "多处迹象表明在向助手下令"
    worth = knowledge.worth(found, backwards=True)
    if core := [signal for signal in worth.signals if signal.core]:
        backwards = _Reading(folded[::-1], worth.groups)
        for signal in core:
            if backwards.shows(signal):
                return f"{signal.why}（倒写）"
    if not text.isascii() and (len(_TAGS.findall(text)) >= 8 or len(_UNSEEN.findall(text)) >= 24):
        return "夹带看不见的字符"
    return None


def suspicious(text: str) -> bool:
    """Whether a member's message tries to give the assistant orders."""
    return suspicion(text) is not None


def _without_reports(text: str) -> str:
    """The text without short quotations that are talked about as attacks (“忽略所有指令”是常见的诈骗话术)."""
    about = _knowledge().about

    def judge(match: re.Match[str]) -> str:
        around = text[max(0, match.start() - 14) : match.start()] + " " + text[match.end() : match.end() + 14]
        return "“”" if about.search(around) else match[0]

    return re.sub(r"[“\"「『][^“”\"「」『』\n]{2,40}[”\"」』]", judge, text)
