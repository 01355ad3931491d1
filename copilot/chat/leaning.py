"""How much a line reads like somebody selling, whatever the trade: a linear model over its short pieces of text.

Lists of words know the trades their author thought of; this knows how such lines are put together. It was fitted by
`scripts/fit_chat_lines.py` on lines of our own (`knowledge/chat_lines/`), and is one sign among others: who says it,
what the group is for and how the group took it are told elsewhere (`copilot.chat.ads`).
"""

import json
import math
import re
import unicodedata
from collections.abc import Mapping
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


class _Model(NamedTuple):
    bias: float
    weights: Mapping[str, float]


@cache
def _model() -> _Model:
    data = json.loads((KNOWLEDGE / "chat_lines" / "sells.json").read_text(encoding="utf-8"))
    return _Model(data["bias"], data["weights"])


def pieces(name: str, text: str) -> frozenset[str]:
    """What the model looks at: one to three characters in a row of the line, two to three of the sender's name."""
    line = f" {_folded(text[:LONGEST])} "
    found = {line[at : at + size] for size in (1, 2, 3) for at in range(len(line) - size + 1)}
    if name:
        shown = f"^{_folded(name[:30])}$"
        found |= {f"N{shown[at : at + size]}" for size in (2, 3) for at in range(len(shown) - size + 1)}
    return frozenset(found)


@lru_cache(maxsize=1 << 14)
def sells(name: str, text: str) -> float:
    """How surely a line sells, in log odds: above 0 rather yes, above 2 surely. `name` is the sender's, or empty."""
    model = _model()
    found = [model.weights[piece] for piece in pieces(name, text) if piece in model.weights]
    return model.bias + 3 * sum(found) / math.sqrt(len(found)) if found else model.bias


def _folded(text: str) -> str:
    """The text with links, media, handles and numbers each as one sign."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = _NUMBER.sub("0", _HANDLE.sub("号", _MEDIA.sub("图", _LINK.sub("链", text))))
    return _MARKS.sub(" ", text).strip()
