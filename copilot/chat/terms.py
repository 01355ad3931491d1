"""The telling words of short texts, and how telling each is: rare in the language, and not said all day in this chat."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from copilot.facts.name_lexicon import segmenter
from copilot.lore import load_yaml

_TOKEN = re.compile(
    r"\d{1,2}[::]\d{2}|第?\d+[题章节课讲期批组栋]|[a-z][a-z0-9]*(?:[-.][a-z0-9]+)*|\d+(?:\.\d+)?|[\u3400-\u9fff]+"
)
_HAN = re.compile(r"[\u3400-\u9fff]+")
_ASIDE = re.compile(r"@\S+|https?://\S+|\[[^\[\]\n]{1,8}\]")

LONGEST = 600
"""Characters of a text that are looked at."""

_DICTIONARY = 60_000_000  # the dictionary's frequencies add up to about this
_COMMON, _RARE = 7.6, 10.6  # -log of a word's share: "时间" 7.5, "空调" 11.5
_SINGLE = 0.6  # one character says less than a word


@cache
def _common() -> frozenset[str]:
    """What any chat is full of."""
    data = load_yaml("chat_talk.yaml")
    return frozenset({*(word for line in data["common"] for word in line.split()), *data["particles"]})


@lru_cache(maxsize=1 << 16)
def rarity(word: str) -> float:
    """How telling a word is in the language at large: 0 for everyday words, 1 for rare ones."""
    if word in _common():
        return 0.0
    if len(word) == 4 and word[:2] in _common() and word[2:] in _common():
        return 0.0  # 今天下午
    if word[0] == "第" and not _HAN.fullmatch(word):
        return 0.8  # 第7题
    if word[0].isdigit():
        return 0.5 if len(word) > 2 else 0.0
    if word.isascii():
        return 1.0 if len(word) > 1 else 0.0
    share = -math.log(max(1, segmenter().suggest_freq(word)) / _DICTIONARY)
    telling = min(1.0, max(0.0, (share - _COMMON) / (_RARE - _COMMON)))
    return telling * _SINGLE if len(word) == 1 else telling


@lru_cache(maxsize=1 << 16)
def terms(text: str) -> frozenset[str]:
    """The words that tell what a text is about; neighbouring single characters are also taken as pairs."""
    found: set[str] = set()
    folded = unicodedata.normalize("NFKC", plain(text)).lower()
    for token in _TOKEN.findall(folded):
        if not _HAN.fullmatch(token):
            found.add(token)
            continue
        before = ""
        for word in segmenter().cut(token, False):
            if len(word) == len(before) == 1 and rarity(before) and (rarity(word) or word in _ORDINALS):
                found.add(before + word)
            found.add(word)
            if len(word) > 2:
                found.update(part for part in (word[:2], word[-2:], word[:3]) if segmenter().has_word(part))
            before = word
    return frozenset(word for word in found if rarity(word) > 0)


def plain(text: str) -> str:
    """The text without calls, links and placeholders; of a long one the beginning."""
    return _ASIDE.sub(" ", (_entry(text) if text.startswith("#") else text)[:LONGEST])


def _entry(text: str) -> str:
    """Of a sign-up list that everybody copies on, what it is for and its newest entry."""
    lines = text.split("\n")
    return "\n".join([*(line for line in lines if not _NUMBERED.match(line)), lines[-1]])


_ORDINALS = "一二三四五六七八九十"
_NUMBERED = re.compile(r"\s*\d{1,3}[.、)．]")


class Weights:
    """How telling each word is in one chat. `texts` are its messages' terms."""

    def __init__(self, texts: Iterable[frozenset[str]]) -> None:
        counts: Counter[str] = Counter()
        total = 0
        for words in texts:
            counts.update(words)
            total += 1
        self._scale = math.log(2 + total)
        self._weights: Mapping[str, float] = {
            word: rarity(word) * math.log((2 + total) / (1 + count)) / self._scale for word, count in counts.items()
        }

    def __getitem__(self, word: str) -> float:
        return self._weights.get(word, 0.0)

    def shared(self, one: frozenset[str], other: frozenset[str]) -> float:
        """The weight of the words two texts share."""
        if one.isdisjoint(other):
            return 0.0
        weights = self._weights
        return sum(weights.get(word, 0.0) for word in one & other)
