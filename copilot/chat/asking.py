"""Whether a message asks something that is meant, and what kind of answer it wants.

A question needs no question mark in a chat (`求个模板`, `明天几点拿`), and a question mark makes no question
(`谁敢买啊?`, `?这啥`). The words are in `knowledge/chat_acts.yaml`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from copilot.chat.terms import terms
from copilot.chat.utterances import LONGEST, bare, does, pattern, plain, sentences, unquoted

Wants = Literal["polar", "time", "number", "place", "person", "other"]
_WANTS: tuple[Wants, ...] = ("time", "number", "place", "person")

_MAYBE = re.compile(
    r"[?？吗嗎么麼嘛谁誰哪几幾咋啥求蹲]|什么|什麼|怎|如何|何时|何時|为何|能否|是否|可否|是不是|[问問]|多[少久长長大远遠]|(.)[不没沒]\1|[不没沒有](?:[^\w]|$)|知道|还是"
)
_WORD = re.compile(r"[一-鿿]|[a-z0-9]+")
_ENTRY = re.compile(r"#接龙|\d{1,3}[.、)]\s?\S")
_PARTS = re.compile(r"[\s,。!?;:]")
LONG = 26
"""A longer sentence without a question mark or a word of asking tells more often than it asks."""
SHORT = 3
"""A doubtful question of fewer words is a reaction."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message asks: the words, what they want, and how plainly they ask.

    `explicit` has words of asking (请问, 有人知道, 求), `doubtful` only a question mark. `social` looks for company or
    talks small, `personal` is about the one spoken to. `focus` are the words the answer must be about, `core` (pairs of
    characters, or one) what is asked of them: an answer far away must have it.
    """

    text: str
    wants: Wants
    explicit: bool
    doubtful: bool
    social: bool
    personal: bool
    focus: frozenset[str]
    core: frozenset[str]


@lru_cache(maxsize=1 << 13)
def read_asked(text: str) -> Asked | None:
    """What the text asks and means to have answered; None when it asks nothing."""
    text = text[:LONGEST]
    if _MAYBE.search(text) is None:
        return None
    whole = plain(bare(text))
    if does("outcry", whole):
        return None
    laughs = does("laughs", plain(text))
    found: list[tuple[str, str]] = []
    explicit = doubtful = False
    for sentence in sentences(bare(text)):
        words = plain(unquoted(sentence))
        if _ENTRY.match(words):
            continue
        how = _asks(words, laughs=laughs)
        if how:
            found.append((sentence, words))
            explicit |= how == "explicit"
            doubtful |= how == "doubtful"
    if not found:
        return None
    asked = " ".join(words for _, words in found)
    if len(_WORD.findall(asked)) < (SHORT + 1 if doubtful else SHORT - 1):
        return None
    return Asked(
        text=" ".join(sentence for sentence, _ in found),
        wants=_wants(asked),
        explicit=explicit,
        doubtful=doubtful and len(found) == 1 and not explicit,
        social=does("invites", asked) or does("chats", asked),
        personal=does("to_one", asked) and not explicit,
        focus=_focus(asked),
        core=_core(asked),
    )


def _asks(words: str, *, laughs: bool) -> Literal["", "explicit", "plain", "doubtful"]:
    """How a sentence asks, if it does."""
    marked = "?" in words
    explicit = does("asks.explicit", words)
    if does("outcry", words):
        return ""
    if not explicit and does("rhetorical", words):
        return ""
    kept = pattern("indefinite").sub("。", words)
    if explicit and (kept != "。" or marked):
        return "explicit"
    if does("asks.polar", kept) and (marked or len(words) <= 2 * LONG):
        return "" if laughs and not marked else "plain"
    if does("asks.wh", kept) and (marked or (len(words) <= LONG and not does("tells_of", kept))):
        return "" if laughs and not marked else "plain"
    if marked and does("asks.english", words):
        return "plain"
    return "doubtful" if marked and not laughs and not re.search(r"[?!]{2,}|^[?\s]", words) else ""


def _wants(words: str) -> Wants:
    for wants in _WANTS:
        if does(f"wants_{wants}", words):
            return wants
    return "polar" if does("asks.polar", words) or not does("asks.wh", words) else "other"


def _focus(words: str) -> frozenset[str]:
    """The words by the question's own mark: what is asked about it, not what it is asked of."""
    found: set[str] = set()
    for before, after in _sides(words):
        found |= terms(after) | (terms(before) if len(terms(after)) < FEW else frozenset())
    return frozenset(found) or terms(words)


def _core(words: str) -> frozenset[str]:
    """The characters next to the question's mark: `能不能换成别的` 换成 成别 别的, `还延吗` 延."""
    found: set[str] = set()
    for before, after in _sides(words):
        side = pattern("edges").sub("", after) or pattern("edges").sub("", before)[-4:]
        found.update(side[at : at + 2] for at in range(len(side) - 1)) if len(side) > 1 else found.add(side)
    return frozenset(found - {""})


def _sides(words: str) -> list[tuple[str, str]]:
    """What stands right before and right after each mark of asking, within its clause."""
    return [
        (_PARTS.split(words[: match.start()])[-1][-6:], _PARTS.split(words[match.end() :])[0][:6])
        for match in pattern("asks.polar").finditer(words)
    ] or [
        (_PARTS.split(words[: match.start()])[-1][-6:], _PARTS.split(words[match.end() :])[0][:6])
        for match in pattern("asks").finditer(words)
    ]


FEW = 2
"""With so many words after its mark a question says there what it asks; otherwise the words before count too."""
