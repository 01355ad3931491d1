"""What to call a topic: its most telling words, as its members put them side by side.

No member stands in a title, and nothing private: words of members' names, names of persons and long figures are left out.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from copilot.chat.masking import mask
from copilot.chat.terms import plain, rarity
from copilot.facts.name_lexicon import segmenter
from copilot.lore import load_yaml

LONGEST = 14
_PHRASE = 9  # characters of one phrase
_WORDS = 4  # words of one phrase
_COST = 0.12  # what a word must bring
_SECOND = 0.45  # the share of the first phrase's score that a second one needs
_NO_NOUN = 0.6  # a phrase without a noun says less of what it is about
_NOUNS = ("n", "eng", "l", "i", "j")
_NO_PART = ("nr", "m", "q", "r", "d", "t", "c", "p", "u", "y", "o", "f")  # persons, figures, times, particles
_CLAUSE = re.compile(r"[^\w.·-]+")
_FIGURES = re.compile(r"\d{4,}|\d+[.:：/]\d+")


class _Word(NamedTuple):
    text: str
    weight: float
    noun: bool


@dataclass(frozen=True)
class _Phrase:
    text: str
    words: frozenset[str]
    score: float


@cache
def _glue() -> frozenset[str]:
    """Everyday one-character verbs that make a phrase of a word (换包装, 退差价)."""
    return frozenset(load_yaml("chat_talk.yaml")["glue"])


@cache
def _untitled() -> frozenset[str]:
    return frozenset(word for line in load_yaml("chat_talk.yaml")["untitled"] for word in line.split())


def title_of(texts: Iterable[str], telling: Callable[[str], float], names: Collection[str]) -> str:
    """The title made of the texts' words. `telling` weighs a word for this topic; `names` are the words of members' names."""
    best: dict[str, _Phrase] = {}
    for text in texts:
        shown = mask(plain(text), links=True)
        if "【已隐去" in shown:
            continue
        for phrase in _phrases(shown, telling, names):
            if phrase.text not in best or best[phrase.text].score < phrase.score:
                best[phrase.text] = phrase
    ranked = sorted(best.values(), key=lambda phrase: (-phrase.score, len(phrase.text)))
    if not ranked:
        return ""
    first = ranked[0]
    for other in ranked[1:]:
        if other.score < _SECOND * first.score:
            break
        apart = not any(one in word or word in one for one in first.words for word in other.words)
        if apart and len(first.text) + len(other.text) < LONGEST:
            return f"{first.text}、{other.text}"
    return first.text


def _phrases(text: str, telling: Callable[[str], float], names: Collection[str]) -> Iterator[_Phrase]:
    """The telling stretches of neighbouring words."""
    for clause in _CLAUSE.split(text):
        run: list[_Word] = []
        for word, tag in segmenter().tag(clause, False):
            out = word.lower() in names or word in _untitled() or _FIGURES.search(word)
            fits = not (out or tag.startswith(_NO_PART))
            if fits and (rarity(word.lower()) > 0 or word in _glue()):
                run.append(_Word(word, telling(word.lower()), tag.startswith(_NOUNS)))
            else:
                yield from _windows(run)
                run = []
        yield from _windows(run)


def _windows(run: Sequence[_Word]) -> Iterator[_Phrase]:
    """The stretches of a run that can stand alone: whole words at their beginning, a word that tells something at the end."""
    for start, first in enumerate(run):
        if len(first.text) == 1 and (_single(run, start - 1) or not (first.text in _glue() or _single(run, start + 1))):
            continue  # what is left of a word, or counts things
        text, words, score, noun = "", set[str](), 0.0, False
        for word in run[start : start + _WORDS]:
            text += word.text
            if len(text) > _PHRASE:
                break
            if word.text not in words:
                score += word.weight - _COST
            words.add(word.text)
            noun = noun or word.noun
            if word.weight > 0 and len(text) > 1 and not text.isdigit():
                yield _Phrase(text, frozenset(words), score if noun else score * _NO_NOUN)


def _single(run: Sequence[_Word], at: int) -> bool:
    """Whether a word of one character stands there."""
    return 0 <= at < len(run) and len(run[at].text) == 1
