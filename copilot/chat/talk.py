"""What short talk does: it joins in, says that it was read, thanks, greets, reacts; and cheap tests for longer talk.

The words are data (`knowledge/chat_talk.yaml`). These tests are cheap and loose: they tell where to look, not what is true.
"""

import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from copilot.lore import load_yaml

Act = Literal["", "join", "receipt", "thanks", "greeting", "reaction"]

SHORT = 16
"""Longer talk (in characters, without marks and emoji) says something of its own."""

LOOKED_AT = 1000
"""Characters of longer talk that are looked at."""

_MARKS = re.compile(r"[^\w+]+|_+")
_CALL = re.compile(r"@\S+\s?")
_MEDIA = re.compile(r"\[[^\[\]\n]{1,8}\]")


class _Words(NamedTuple):
    acts: tuple[tuple[Act, re.Pattern[str]], ...]
    asks: re.Pattern[str]
    answers: re.Pattern[str]
    leans: re.Pattern[str]
    opens: re.Pattern[str]
    announces: re.Pattern[str]
    lists: re.Pattern[str]
    entries: re.Pattern[str]
    collects: re.Pattern[str]


@cache
def _words() -> _Words:
    data = load_yaml("chat_talk.yaml")
    acts = tuple(
        (act, re.compile(f"(?:{'|'.join(patterns)}){data['tail']}", re.IGNORECASE))
        for act, patterns in data["acts"].items()
    )
    rest = {name: re.compile(data[name], re.IGNORECASE | re.MULTILINE) for name in _Words._fields[1:]}
    return _Words(acts, **rest)


@lru_cache(maxsize=1 << 16)
def act(text: str) -> Act:
    """What a short message does; "" for anything that says something of its own."""
    if len(text) > 4 * SHORT:
        return ""
    plain = _MARKS.sub("", _MEDIA.sub("", _CALL.sub("", text)))
    if not plain:
        return "reaction"
    if len(plain) > SHORT:
        return ""
    return next((name for name, pattern in _words().acts if pattern.fullmatch(plain)), "")


@lru_cache(maxsize=1 << 16)
def asks(text: str) -> bool:
    """Whether the text may ask something."""
    return _words().asks.search(text, 0, LOOKED_AT) is not None


def answers(text: str) -> bool:
    """Whether the text may answer something."""
    return _words().answers.search(text, 0, LOOKED_AT) is not None


def leans(text: str) -> bool:
    """Whether the text goes on with what was said before."""
    return _words().leans.match(text) is not None


def opens(text: str) -> bool:
    """Whether the text may open a matter of its own."""
    return _words().opens.match(text) is not None


def announces(text: str) -> bool:
    """Whether the text sets something out for all."""
    return _words().announces.search(text, 0, LOOKED_AT) is not None


def is_list(text: str) -> bool:
    """Whether the text is a sign-up list that everybody copies on (#接龙)."""
    return "#" in text[:8] and _words().lists.match(text) is not None


def entry_number(text: str) -> int:
    """The number of a single entry that continues a sign-up list ("5. 阿雪 两份"); 0 where it is none."""
    if not text[:3].strip()[:1].isdigit() or "\n" in text.strip():
        return 0
    match = _words().entries.match(text)
    return int(match[1]) if match else 0


def collects(text: str) -> bool:
    """Whether the text may call for signing up."""
    return _words().collects.search(text, 0, LOOKED_AT) is not None
