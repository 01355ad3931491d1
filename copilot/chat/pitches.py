"""How much of a pitch a message is, told from its words (`knowledge/chat_ads.yaml`)."""

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

from copilot.chat.word_classes import WordClasses, plain
from copilot.lore import load_yaml

_LONGEST = 1200  # characters of a message that are looked at
_SOFT = frozenset({"seeking", "telling", "neighbourly"})  # these weigh half against what only advertisers say
_BARE = 1.5  # what an offer without any sign weighs less
_ALONE = frozenset({"bargain_link", "divert", "recycling", "leaked"})  # these need no sign
_PIECES = re.compile(r"[\s,，。;；、|/~～!！:：]+")
_PARTICLES = re.compile(
    r"[吗呢吧啊呀嘛哦噢哈]|了(?=[\s,，。!！]|$)|我(?!们?家|们?店|司|这|看|领|微|报)|[你他她](?!家)|[?？]"
)
_SHORT_PIECE = 11  # characters
_TALK = ("seller", "pressing", "taking_back", "reminding", "groaning", "removing")


class _Offer(NamedTuple):
    why: str
    weight: float
    strong: bool


class _Lore(NamedTuple):
    classes: WordClasses
    offers: dict[str, _Offer]
    weights: dict[str, float]
    habit: WordClasses
    data: dict[str, Any]


@cache
def _lore() -> _Lore:
    data = load_yaml("chat_ads.yaml")
    offers = {
        name: _Offer(entry["why"], entry.get("weight", data["enough"] + 0.4), entry.get("strong", False))
        for name, entry in data["offers"].items()
    }
    weighed = {**data["signs"], **data["against"]}
    words = {name: entry["find"] for name, entry in {**data["offers"], **weighed}.items()}
    weights = {name: entry["weight"] for name, entry in weighed.items()}
    classes = WordClasses(words | {name: data[name] for name in _TALK})
    return _Lore(classes, offers, weights, WordClasses(data["habit"]), data)


class Pitch(NamedTuple):
    """What a message offers (the weightiest first; nothing in particular where empty) and how much of a pitch it is.

    `strong` offers are none that ordinary members make.
    """

    offers: tuple[str, ...]
    weight: float
    strong: bool

    @property
    def why(self) -> str:
        """What it does, in words."""
        return _lore().offers[self.offers[0]].why if self.offers else "招揽、推销"


def bound(name: str) -> float:
    """A threshold of the lore, by its name."""
    return float(_lore().data[name])


@lru_cache(maxsize=1 << 13)
def pitch(text: str, *, offering: bool = False) -> Pitch | None:
    """The pitch in a text, by its own words; None where nothing is offered, unless `offering` is known from elsewhere."""
    lore = _lore()
    text = plain(text[:_LONGEST])
    found = lore.classes.of(text)
    offers = tuple(sorted((found & lore.offers.keys()), key=lambda name: -lore.offers[name].weight))
    if not (offers or offering or "commerce" in found or found >= {"reach", "price"}):
        return None
    strong = bool(offers) and lore.offers[offers[0]].strong
    weight = lore.offers[offers[0]].weight if offers else 0.0
    if offers and not found & lore.data["signs"].keys() and offers[0] not in _ALONE:
        weight -= _BARE
    for name in found & lore.weights.keys():
        softened = (strong and name in _SOFT) or (name == "seeking" and "reach" in found)
        weight += lore.weights[name] / 2 if softened else lore.weights[name]
    if "commerce" in found:
        words = {match[0] for match in lore.classes.pattern("commerce").finditer(text)}
        weight += lore.weights["commerce"] * (min(len(words), lore.data["signs"]["commerce"]["most"]) - 1)
    weight += lore.data["telegraphic"] if _telegraphic(text) else 0.0
    return Pitch(offers, weight, strong)


def habits(group: str) -> frozenset[str]:
    """The offers that are the business of a group of this name."""
    return _lore().habit.of(plain(group)) if group else frozenset()


@lru_cache(maxsize=1 << 12)
def says(name: str, text: str) -> bool:
    """Whether a line (or a member's name) does what a class of words says: sells, presses, takes back, reminds …"""
    return _lore().classes.has(name, plain(text[:_LONGEST]))


def _telegraphic(text: str) -> bool:
    """Whether the text is a row of short phrases without the particles people talk with: advertising copy."""
    pieces = [piece for piece in _PIECES.split(text) if piece]
    return len(pieces) >= 3 and len(text) / len(pieces) <= _SHORT_PIECE and not _PARTICLES.search(text)
