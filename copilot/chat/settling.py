"""Whether a message of somebody who may decide settles something, and in which of its sentences."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from copilot.chat.asking import read_asked
from copilot.chat.leaning import Leaning, leaning
from copilot.chat.utterances import LONGEST, bare, does, plain, sentences

Standing = Literal["settled", "proposed", "considering", ""]

_FIGURE = re.compile(
    r"[0-9]+(?:[.:/-][0-9]+)*|周[一二三四五六日天末]|今[晚天]|明[天晚早]|后天|月底|下周|[一二两三四五六七八九十]+(?:点|号|个|人|位|天|周|次|元|块|折)"
)
_CLOCK = re.compile(r"(?<![0-9])[0-2]?[0-9]:[0-5][0-9]|[0-9一二两三四五六七八九十]+点(?![赞击评心一])")
_VALUE = re.compile(r"[0-9]+(?:[.:/-][0-9]+)+|[0-9]{2,}|[0-9](?=[人元块折点号套只位次天楼馆户个名米节期栋])")
_KINDS = {
    "day": re.compile(r"[0-9]{1,2}(?:/|月|-)[0-9]{1,2}|[0-9]{1,2}号|周[一二三四五六日天末]|今[晚天]|明[天晚早]|后天"),
    "hour": re.compile(r"[0-2]?[0-9]:[0-5][0-9]|[0-9一二两三四五六七八九十]+点(?![赞击评心一])"),
    "money": re.compile(r"[0-9]+(?:元|块|折)|[装价费款].{0,3}[0-9]{2,}|退[0-9]+"),
}
_MARKS = (("formal", 2.0), ("changes", 2.0), ("rules", 1.6), ("compensates", 1.6), ("arranges", 1.0), ("assures", 1.0))
_FROM_NOW = re.compile(r"\s*(?:以后|今后|之后|往后|从此)")
_ENTRY = re.compile(r"\s*\d{1,2}\s*[.、)）]\s*[^\d\s]")
ENTRIES = 3
_TO_ONE = re.compile(r"^[^。]*[\U0001f300-\U0001faff\u2600-\u27bf]\s*")
"""What comes before an emoji was said to somebody, not settled."""
_QUICK = re.compile(
    r"[0-9定改取延推换停退赔补免限按起只必禁统均都全截照正方说公通更安规约以默才变提不开集报别勿封无@]|恢复|暂停|作废|下架"
)
FIGURE = 0.65
FIGURES = 4
ENOUGH = 2.4
"""From this on a sentence settles something."""
MANY = 3
"""With so many figures an answer to one informs all."""
OTHERS = 0.4
"""How much the other sentences of the message add."""
AGREED = 1.6
"""Sentences of a settling message that say this much belong to what it settles."""
ASIDE = 0.8
"""What a message said to one member about their own case loses."""
SCHEDULED = 0.5
"""What an hour adds, or that it holds for all."""
STANDING = 0.8
"""What a rule for good adds."""
TELLING = 6
"""Characters of a sentence from which on it tells what it reads like."""
READS = 1.0
"""How much it must read like settling something (`copilot.chat.leaning`) for that to add anything …"""
LEANS, MOST = 0.5, 4.0
"""… what each unit above adds, and up to how many."""
SURELY = 2.0
"""How much more a sentence must read like a promise than like settling something to be taken for one."""
PROMISED = 1.2
"""What a sentence loses that only says what the speaker will do."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a message settles: its sentences that say so, and how plainly."""

    text: str
    standing: Standing
    weight: float


@lru_cache(maxsize=1 << 13)
def settles(text: str, *, everyone: bool = False, to_one: bool = False) -> Settled:
    """What the text settles. `everyone`: all were called; `to_one`: it answers one member."""
    text = text[:LONGEST]
    if _QUICK.search(text) is None:
        return Settled("", "", 0.0)
    scored: list[tuple[float, str, Standing]] = []
    for sentence in sentences(bare(text)):
        scored.append(_score(sentence, to_one=to_one))
    if not scored:
        return Settled("", "", 0.0)
    whole = plain(bare(text))
    extra = (1.0 if everyone else 0.0) - (ASIDE if to_one and not _for_all(whole) else 0.0)
    scores = sorted((score for score, _, _ in scored), reverse=True)
    if does("bids", whole) and not to_one:
        extra += STANDING
    if does("moderates", whole) and not does("standing", whole):
        extra -= ASIDE
    total = scores[0] + min(1.0, OTHERS * sum(max(0.0, score) for score in scores[1:])) + extra
    settled = [piece for score, piece, standing in scored if standing == "settled" and score >= AGREED]
    entries = [piece for piece in settled if _ENTRY.match(piece)]
    if ENTRIES <= len(entries) < len(settled):  # a list of what there is, and what holds for it
        settled = [piece for piece in settled if piece not in entries]
    if settled and _FROM_NOW.match(settled[0]):  # what it takes the place of stands right before it
        pieces = [piece for _, piece, _ in scored]
        at = pieces.index(settled[0])
        settled = [*(_TO_ONE.sub("", piece) for piece in pieces[max(0, at - 1) : at]), *settled]
    if "\n" in text and _marks(whole) + _figures(whole) + extra >= ENOUGH + 1.6:
        return Settled(text.strip(), "settled", total)
    if total >= ENOUGH and scores[0] >= AGREED and settled:
        return Settled(_joined(settled), "settled", total)
    for standing in ("proposed", "considering"):
        pieces = [piece for _, piece, one in scored if one == standing]
        if pieces:
            return Settled(_joined(pieces), standing, total)
    return Settled("", "", total)


def whole(texts: Sequence[str]) -> str:
    """One text of what was settled in several: the last that says the whole of it, and what only goes on with it.

    What is said again without anything new is not told twice.
    """
    told: list[str] = []
    values: set[str] = set()
    for text in texts:
        new = set(_VALUE.findall(plain(text)))
        kinds, known = kinds_of(text), kinds_of(" ".join(told))
        if told and kinds >= known and new & values and (new - values or kinds > known):
            told, values = [], set()
        if not told or not new <= values or not new:
            told.append(text)
        values |= new
    return " ".join(dict.fromkeys(told))


def kinds_of(text: str) -> frozenset[str]:
    """Which kinds of figures a text names: a day, an hour, money."""
    words = plain(text)
    return frozenset(kind for kind, found in _KINDS.items() if found.search(words))


def _for_all(words: str) -> bool:
    """Whether what is said to one member holds for all, or makes good what happened."""
    if _figures(words) >= FIGURE * MANY:
        return True
    return any(does(act, words) for act in ("standing", "compensates", "formal", "for_all"))


def _score(sentence: str, *, to_one: bool) -> tuple[float, str, Standing]:
    words = plain(sentence)
    marks, figures = _marks(words), _figures(words)
    asks = read_asked(sentence) is not None
    if does("proposes", words) or asks:
        return 0.0, sentence, "proposed" if not asks or marks >= _MARKS[0][1] or does("proposes", words) else ""
    if does("considers", words) and marks < _MARKS[0][1] + _MARKS[1][1]:
        return 0.0, sentence, "considering"
    reads = leaning(words)
    score = marks + figures + (0.0 if to_one else _leans(words, reads)) + (SCHEDULED if _CLOCK.search(words) else 0.0)
    if does("for_all", words):
        score += SCHEDULED
    if does("standing", words) and does("rules", words):
        score += STANDING
    passed_on = does("standing", words) or does("passes_on", words)
    if does("speakers", words) and does("deeds", words) and marks < _MARKS[0][1] and not passed_on:
        score -= PROMISED
    if does("reminds", words):
        score -= PROMISED
    if reads.promises > reads.settles + SURELY:
        score -= PROMISED
    return score, sentence, "settled"


def _marks(words: str) -> float:
    return sum(weight for act, weight in _MARKS if does(act, words))


def _leans(words: str, reads: Leaning) -> float:
    """What it adds that a sentence reads like one that settles something, and not like a promise."""
    if len(words) < TELLING or reads.promises > reads.settles:
        return 0.0
    return LEANS * min(max(0.0, reads.settles - READS), MOST)


def _figures(words: str) -> float:
    return FIGURE * min(FIGURES, len(_FIGURE.findall(words)))


def _joined(pieces: list[str]) -> str:
    return " ".join(piece.strip() for piece in pieces)
