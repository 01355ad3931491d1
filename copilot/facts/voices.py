"""One matter told in two ways within one statement: 老板说一位260，可是海报写的是220. Nobody but the operator can settle it."""

import re
from collections.abc import Iterator
from itertools import pairwise

from copilot.facts.keys import lexicon
from copilot.facts.places import read_places
from copilot.facts.prose import clauses
from copilot.records import Record

_TOLD = re.compile(
    r"^(?:可是?|但是?|不过|而|结果|现在|之前|原来|前[一两几]?天|昨天|上次|后来)*(?P<who>[^，。；：\d]{1,10}?)"
    r"(?:那边|这边|那里)?(?:说|写|标|(?<!海)报(?!名)|通知)(?:的|了|着|成)?是?(?P<what>[^，。；]{2,30})$"
)
_AT_ODDS = re.compile(
    r"(?:^|[，；])(?:可是?|但是?|不过|而|却)|对不?上|不一样|不一致|矛盾|没统一|到底|[听按]谁|哪个[对准]|说法不[一同]|又(?:改口)?[说讲]|改口|说还是"
)
_OPEN = re.compile(r"^(?:还|都|也|一直|现在|目前|两边)*(?:没|对不|不|说法|到底|[听按]谁|哪个).{0,10}$")
_FIGURE = re.compile(r"\d+(?:[.:：]\d+)?|(?:周|星期|礼拜)[一二三四五六日天]")
_LEAD = re.compile(r"^(?:是|在|去|到|定在|(?:换|改|移|挪|搬)(?:到|在|成|为))+")


class TwoVoices(Record):
    """The two sayings, and the words that hold both; what they are about stays outside, where the statement names it."""

    first: str
    second: str
    words: str


def two_voices(text: str) -> TwoVoices | None:
    """The first matter of a statement that two speakers give in different figures or places, if it says they differ."""
    if not _AT_ODDS.search(text):
        return None
    said = list(_sayings(text))
    for (one, told, start, _), (other, again, _, end) in pairwise(said):
        if not _differ(told["what"], again["what"]):
            continue
        rest = clauses(text[end:])
        if rest and _OPEN.match(rest[0]):
            end = text.index(rest[0], end) + len(rest[0])
        speaker = re.search(rf"(?:{lexicon().title.pattern})$", told["who"])
        start += told.start("who") + speaker.start() if speaker else 0
        return TwoVoices(first=one, second=other, words=text[start:end])
    return None


def _sayings(text: str) -> Iterator[tuple[str, re.Match[str], int, int]]:
    """What each clause says somebody said, and where the clause stands."""
    at = 0
    for clause in clauses(text):
        at = text.index(clause, at)
        if told := _TOLD.match(clause):
            yield _LEAD.sub("", told["what"]), told, at, at + len(clause)
        at += len(clause)


def _differ(one: str, other: str) -> bool:
    figures, others = set(_FIGURE.findall(one)), set(_FIGURE.findall(other))
    if figures and others:
        return not figures & others
    places = [place.text for place in read_places(one)], [place.text for place in read_places(other)]
    if not all(places) and not (any(places) and _LEAD.match(one) and _LEAD.match(other)):
        return False
    plain = _LEAD.sub("", one), _LEAD.sub("", other)
    return plain[0] not in plain[1] and plain[1] not in plain[0]
