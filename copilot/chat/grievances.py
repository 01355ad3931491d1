"""How much of a grievance a message is: what its words say (`knowledge/chat_complaints.yaml`), what it reads like."""

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

from copilot.chat.claims import Level
from copilot.chat.leaning import leaning
from copilot.chat.word_classes import WordClasses, plain
from copilot.lore import load_yaml

_LONGEST = 400  # characters that are looked at
_LONG = 120  # grievances are short; what is longer must weigh more
_TELLING = 8  # letters and digits from which on the model has something to go by
_TURN = re.compile(r"就是|但是?|不过|只是|可是|然而|唯一")
_ALONE_NOTHING = frozenset({"marks", "you", "cost", "again", "grave", "harm", "turnout", "count"})
_REPEATED = frozenset({"defect", "undone", "treatment"})
_GRAVE: tuple[Level, ...] = ("critical", "high", "medium")
_WORDS = ("chase", "raises", "me_too", "not_me", "remedy_words", "apology", "settled", "contented")


class _Lore(NamedTuple):
    signs: WordClasses
    weights: dict[str, float]
    complains: frozenset[str]
    words: WordClasses
    levels: WordClasses
    data: dict[str, Any]


@cache
def _lore() -> _Lore:
    data = load_yaml("chat_complaints.yaml")
    weighed = {**data["signs"], **data["against"]}
    return _Lore(
        WordClasses({name: entry["find"] for name, entry in weighed.items()}),
        {name: entry["weight"] for name, entry in weighed.items()},
        frozenset(data["signs"]) - _ALONE_NOTHING,
        WordClasses({name: data[name] for name in _WORDS}),
        WordClasses(data["levels"]),
        data,
    )


def bound(name: str) -> float:
    """A threshold of the lore, by its name."""
    return float(_lore().data[name])


@lru_cache(maxsize=1 << 14)
def weigh(text: str) -> float:
    """How much of a grievance the text is by its own words; 0 or less where nothing in it complains.

    "The eggs were fine, but one pumpkin was rotten": what comes after the turn counts by itself too.
    """
    text = plain(text[:_LONGEST])
    weight = _weigh(text)
    if weight != 0 and (turn := _TURN.search(text)) is not None:
        weight = max(weight, _weigh(text[turn.end() :]))
    return weight - 1.0 if len(text) > _LONG else weight


def matter_of(text: str) -> str:
    """The part of a grievance that complains: what comes after the turn, where that weighs more."""
    turn = _TURN.search(text)
    return text[turn.end() :] if turn and _weigh(plain(text[turn.end() :])) > _weigh(plain(text)) else text


def _weigh(text: str) -> float:
    lore = _lore()
    found = lore.signs.of(text)
    weight = 0.0
    for entry in lore.data["together"]:
        weight += entry["weight"] if found.issuperset(entry["all"]) else 0.0
    reads = _reads(text)
    if not weight and not reads and not found & lore.complains:
        return 0.0
    if "promise" in found:
        found -= {"mended"}  # praise beside a promise is irony
    if found & {"undone", "treatment"}:
        found -= {"studies"}  # homework that nobody corrects
    weight += reads + sum(lore.weights[name] for name in found)
    if any(_twice(lore.signs.pattern(name), text) for name in found & _REPEATED):
        weight += lore.data["repeated"]
    return weight


def _reads(text: str) -> float:
    """What it weighs that a text reads like a grievance; a text of a few words says too little of that."""
    if sum(map(str.isalnum, text)) < _TELLING:
        return 0.0
    return bound("leaning") * min(max(0.0, leaning(text).grieves - bound("leaning_from")), bound("leaning_most"))


def _twice(pattern: re.Pattern[str], text: str) -> bool:
    first = pattern.search(text)
    return first is not None and pattern.search(text, first.end()) is not None


def says(name: str, text: str) -> bool:
    """Whether a short line does what a class of words says: chases, joins in, mends, settles."""
    return name in _manners(text)


@lru_cache(maxsize=1 << 14)
def _manners(text: str) -> frozenset[str]:
    return _lore().words.of(plain(text[:_LONGEST]))


def gravity(text: str) -> Level:
    """The gravest level the words of a text stand for, "low" where none."""
    found = _lore().levels.of(plain(text))
    return next((level for level in _GRAVE if level in found), "low")
