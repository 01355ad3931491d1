"""What a reply is worth to a question: an answer, a guess, a putting-off, or nothing.

The group's people answer by saying something that fits what was asked; a member's word counts when it is sure. Who
says that they will ask, look or tell later has not answered yet.
"""

import re
from typing import Literal

from copilot.chat import talk
from copilot.chat.asking import Asked, read_asked
from copilot.chat.records import Message
from copilot.chat.terms import rarity, terms
from copilot.chat.utterances import bare, clauses, does, pattern, plain

Worth = Literal["", "answer", "guess", "deferral"]

_SHOWN = frozenset({"image", "file", "link", "location", "card", "video", "forward"})
_ASKS = re.compile(r"[?吗]")
_LETTER = re.compile(r"[一-鿿a-z0-9]")
_SERVICE = re.compile(r"(?:能不能|可不可以|可以|能否|能).{0,8}(?:送|换|退|补|改|加|帮|延|调|给|代|留|寄)")
_HOUR = re.compile(r"[0-9]{1,2}:[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}")
_WHEN = re.compile(r"[0-9]{1,2}[:点号日/.月]|[今明后昨][天晚早年]|[周早晚]|[上下中]午|时|点|天|到|来得及")
ENOUGH = 2
"""Characters of words a free answer must have."""


def weigh(asked: Asked, reply: Message, *, official: bool, said_to: bool, close: bool, next_to: bool = False) -> Worth:
    """What `reply` is worth to a question.

    `said_to`: it names or quotes the question or its asker. `close`: it stands soon after the question, `next_to`: right
    after it. Something said further away must be about the same words.
    """
    if reply.kind in _SHOWN and not reply.text.strip():
        return "guess" if said_to or close else ""
    if reply.kind == "voice":
        return "guess" if official and (said_to or close) else ""
    words = plain(bare(reply.text))
    if (asked.social or asked.wants == "person") and close and _joins_in(words):
        return "answer"
    ignorant = not official and _knows_no_more(words)
    words = _telling(reply.text, words)
    if not words or (not official and does("rhetorical", words)):
        return ""
    if ignorant or (does("ignorant", words) and len(words) <= IGNORANT):
        return "guess" if said_to or close else ""
    if not official and does("redirects", words):
        return "guess" if said_to or close or _about(asked, words) else ""
    if (official and (said_to or next_to) and does("takes_on", words)) or (next_to and does("in_private", words)):
        return "answer"
    rest = _without_deferrals(words) if official else words
    fits = _fits(asked, rest, said_to=said_to, close=close) or (
        next_to and (_echoes(asked, rest) or (official and _answers_beside(asked, rest, reply.text)))
    )
    if official and not fits:
        puts_off = rest != words and (said_to or _about(asked, words) or (close and not is_announcement(reply.text)))
        return "deferral" if puts_off else ""
    if not fits:
        return ""
    if not official and not asked.social and (does("hedges", words) or _beside(asked, words)):
        return "guess"
    return "answer"


def _beside(asked: Asked, words: str) -> bool:
    """Whether, asked for something the group's people would have to do, words say neither yes nor no to it."""
    if asked.wants != "polar" or not _SERVICE.search(asked.text) or does("fits_polar", words.lstrip(" ,.!~")):
        return False
    return not any(pair in words for pair in asked.core)


def _answers_beside(asked: Asked, words: str, text: str) -> bool:
    """Whether what the group's people say right after the question may answer it without a word of it.

    Words for all do not; nor do, asked for a yes or no that is about no time, words that name an hour or a day.
    """
    elsewhere = asked.wants == "polar" and _HOUR.search(words) is not None and _WHEN.search(asked.text) is None
    return len(words) > ENOUGH and not elsewhere and not is_announcement(text)


def _knows_no_more(words: str) -> bool:
    """Whether a member says that they don't know, or will only ask or look, too."""
    if len(words) <= IGNORANT and does("ignorant", words):
        return True
    return bool(words.strip()) and not _without_deferrals(words) and not does("takes_on", words)


def is_announcement(text: str) -> bool:
    """Whether the words set something out for all: they answer nobody by standing near."""
    words = plain(bare(text))
    return does("formal", words) or does("changes", words) or does("rules", words)


def _telling(text: str, words: str) -> str:
    """What a reply tells, without what it asks back; "" for a reaction."""
    if not _LETTER.search(words) or talk.act(text) in ("join", "reaction", "greeting", "thanks"):
        return ""
    if not _ASKS.search(words) and read_asked(text) is None:
        return words
    words = _without_asking(words)
    return words if len(_LETTER.findall(words)) >= ENOUGH else ""


IGNORANT = 24
"""A longer reply with 不知道 in it says more than that."""


def _joins_in(words: str) -> bool:
    return (
        does("joins", words) or re.match(r"\s*(?:我|来|有|报名|加我|私|\+|带我|算我|可以|约|走|能)", words) is not None
    )


def _without_deferrals(words: str) -> str:
    """The clauses that don't put off."""
    kept = [clause for clause in re.split(r"[,。!;\n\s]+", words) if clause and not does("defers", clause)]
    return " ".join(kept)


def _without_asking(words: str) -> str:
    """The clauses that ask nothing back."""
    return " ".join(clause for clause in clauses(words) if read_asked(clause) is None and not _ASKS.search(clause))


def _about(asked: Asked, words: str) -> bool:
    """Whether the words are about what the question asks."""
    return any(word in words for word in asked.focus) or len(terms(asked.text) & terms(words)) > 1


def _near_about(asked: Asked, words: str) -> bool:
    """Whether words right after the question can be about it: one telling word or character is enough."""
    return bool(terms(asked.text) & terms(words)) or any(
        letter in words for word in asked.focus for letter in word if rarity(letter) > 0
    )


def _echoes(asked: Asked, words: str) -> bool:
    """Whether any two characters of the question come back: enough right after it."""
    pairs = {asked.text[at : at + 2] for at in range(len(asked.text) - 1)}
    return any(words[at : at + 2] in pairs for at in range(len(words) - 1) if _LETTER.match(words[at]))


def _fits(asked: Asked, words: str, *, said_to: bool, close: bool) -> bool:
    """Whether the words can be an answer to this question."""
    if len(_LETTER.findall(words)) < (1 if asked.wants in ("polar", "number", "time") else ENOUGH):
        return False
    about = _about(asked, words)
    if not (said_to or close):
        return (
            about and _of_kind(asked, words) and (asked.wants != "polar" or any(pair in words for pair in asked.core))
        )
    if asked.wants == "other":
        return about or said_to or close
    return (about and said_to) or _of_kind(asked, words) or (asked.wants == "polar" and _near_about(asked, words))


def _of_kind(asked: Asked, words: str) -> bool:
    if asked.wants == "other":
        return True
    if asked.wants == "polar":
        return does("fits_polar", words.lstrip(" ,.!~")) or any(word in words for word in asked.focus)
    return pattern(f"fits_{asked.wants}").search(words) is not None
