"""What the sentences of a message do: ask, promise, request, settle, hedge, put off.

The words are data (`knowledge/chat_acts.yaml`). A class of words says what a sentence may do; what it does follows from
who says it, to whom, and what stands around it: the readers judge that.
"""

import re
from functools import cache, lru_cache
from typing import Any

from copilot.chat.word_classes import WordClasses
from copilot.facts.spelling import plain_spelling
from copilot.lore import load_yaml

END = r"(?=[哈呀啊哦噢诶呗鸭叭的了]?(?:[^一-鿿a-z0-9]|$))"
"""The end of a clause: what follows is no word, but for one particle."""

LONGEST = 4000
"""Characters of a message that are looked at."""

_NAMES = re.compile(r"@\S+[\s\u2005]?")
_MEDIA = re.compile(r"\[[^\[\]\n]{1,12}\]")
_QUOTED = re.compile(r"[“「『《][^“”「」『』《》\n]{1,60}[”」』》]")
_SENTENCE = re.compile(r"[^。!?！？;；\n]+[。!?！？;；~～]*\n?|[。!?！？]+")
_CLAUSE = re.compile(r"[^。!?！？;；\n,，、\s]+[。!?！？;；]*")


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = load_yaml("chat_acts.yaml")
    return data


@cache
def _classes() -> WordClasses:
    acts = {name: said for name, said in _data().items() if name not in ("traditional", "asks")}
    kinds: dict[str, list[str]] = _data()["asks"]
    acts["asks"] = [expression for expressions in kinds.values() for expression in expressions]
    acts |= {f"asks.{kind}": expressions for kind, expressions in kinds.items()}
    return WordClasses({act: [one.replace("{end}", END) for one in said] for act, said in acts.items()}, re.MULTILINE)


@cache
def _simplified() -> dict[int, str]:
    return {ord(pair[1]): pair[0] for pair in _data()["traditional"].split()}


def pattern(act: str) -> re.Pattern[str]:
    """The words of a class, one pattern."""
    return _classes().pattern(act)


@lru_cache(maxsize=1 << 13)
def plain(text: str) -> str:
    """The text in one spelling: half-width marks, lower case, simplified characters. As long as the original."""
    return plain_spelling(text).replace("，", ",").translate(_simplified()).lower()


@lru_cache(maxsize=1 << 15)
def does(act: str, words: str) -> bool:
    """Whether the words (in plain spelling) hold a word of a class."""
    return _classes().has(act, words)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, as they stand, without what is empty."""
    return tuple(piece for found in _SENTENCE.findall(text) if (piece := found.strip()))


def clauses(text: str) -> tuple[str, ...]:
    """The clauses of a text; in a chat a blank parts clauses as well as a comma does."""
    return tuple(_CLAUSE.findall(text))


@lru_cache(maxsize=1 << 13)
def bare(text: str) -> str:
    """The beginning of the text, without who is called and without pictures and emoji in brackets."""
    text = text[:LONGEST]
    if "@" in text:
        text = _NAMES.sub(" ", text)
    if "[" in text:
        text = _MEDIA.sub(" ", text)
    return text.strip()


def unquoted(text: str) -> str:
    """The text with what stands in quotation marks blanked: others' words, titles, wordings."""
    return _QUOTED.sub(lambda found: "“" + " " * (len(found[0]) - 2) + "”", text)
