"""What a line reads like, whatever the trade: selling, complaining, ruling, promising, requesting, asking.

Lists of words know the trades their author thought of; a linear model over short pieces of text knows how such lines
are put together. It was fitted by `scripts/fit_chat_lines.py` on lines of our own (`knowledge/chat_lines/lines.tsv`),
and is one sign among others: who says it, to whom and after what is told elsewhere.
"""

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from copilot.settings import KNOWLEDGE

LONGEST = 400
"""Characters of a line that are looked at."""
_LINK = re.compile(r"https?://\S+")
_MEDIA = re.compile(r"\[[^\[\]]{1,8}\]|<[^<>]{1,12}>")
_HANDLE = re.compile(r"[a-z0-9_-]*[a-z][a-z0-9_-]*\d[a-z0-9_-]*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MARKS = re.compile(r"[^\w?@#%+]+")


class Leaning(NamedTuple):
    """How much a line reads like one that does each of these: 0 says nothing, 1 rather yes, 2 yes."""

    grieves: float
    settles: float
    promises: float
    requests: float
    asks: float
    sells: float


_NOTHING = Leaning(0, 0, 0, 0, 0, 0)


@cache
def _weights() -> dict[str, list[float]]:
    weights: dict[str, list[float]] = json.loads(
        (KNOWLEDGE / "chat_lines" / "weights.json").read_text(encoding="utf-8")
    )
    return weights


def pieces(name: str, text: str) -> frozenset[str]:
    """What the model looks at: one to three characters in a row of the line, two to three of the sender's name ("N…")."""
    line = f" {_folded(text[:LONGEST])} " if text else ""
    found = {line[at : at + size] for size in (1, 2, 3) for at in range(len(line) - size + 1)}
    if name:
        shown = f"^{_folded(name[:30])}$"
        found |= {f"N{shown[at : at + size]}" for size in (2, 3) for at in range(len(shown) - size + 1)}
    return frozenset(found)


def leaning(text: str, name: str = "") -> Leaning:
    """What a line leans to. `name` is the sender's; it says something about selling only."""
    return _summed(_counted("", text), _counted(name, "") if name else _NONE)


def weigh(found: Iterable[str], weights: Mapping[str, Sequence[float]]) -> Leaning:
    """What pieces weigh in all: the sum of their weights over the root of their number."""
    return _summed(_counts(found, weights), _NONE)


class _Counts(NamedTuple):
    """How many pieces are known, and their weights added up for each act."""

    number: int
    sums: Sequence[float]


_NONE = _Counts(0, _NOTHING)


@lru_cache(maxsize=1 << 14)
def _counted(name: str, text: str) -> _Counts:
    return _counts(pieces(name, text), _weights())


def _counts(found: Iterable[str], weights: Mapping[str, Sequence[float]]) -> _Counts:
    known = [weights[piece] for piece in found if piece in weights]
    return _Counts(len(known), [sum(column) for column in zip(*known, strict=True)]) if known else _NONE


def _summed(one: _Counts, other: _Counts) -> Leaning:
    number = one.number + other.number
    if not number:
        return _NOTHING
    root = math.sqrt(number)
    return Leaning(*((first + second) / root for first, second in zip(one.sums, other.sums, strict=True)))


def _folded(text: str) -> str:
    """The text with links, media, handles and numbers each as one sign."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = _NUMBER.sub("0", _HANDLE.sub("号", _MEDIA.sub("图", _LINK.sub("链", text))))
    return _MARKS.sub(" ", text).strip()
