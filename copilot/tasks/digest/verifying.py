"""Is each claim true to its messages? What does not hold is taken out and counted, whoever made the claim.

A claim stands when the messages it names exist, its quote stands in one of them, whoever it says spoke did speak
there, and no date, amount or promise of its words is missing from them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import Any, TypeVar

from copilot.chat.claims import (
    EARLIER,
    Action,
    Claims,
    Complaint,
    Decision,
    FocusAnswer,
    Highlight,
    Question,
    Rumour,
    Topic,
)
from copilot.chat.masking import excerpt, mask
from copilot.chat.records import Message, Transcript
from copilot.checks.facts import fact_findings
from copilot.facts.ledger import Ledger
from copilot.records import Record
from copilot.tasks.digest.book import book
from copilot.tasks.digest.ledgers import ledger_of
from copilot.tasks.digest.structure import Dropped

ClaimT = TypeVar("ClaimT", bound=Record)
REACH = 4
"""So many messages before a cited one are what it answers: who was spoken to, what was asked."""


class _Chat:
    """The transcript, by id and by place."""

    def __init__(self, transcript: Transcript) -> None:
        self.messages = transcript.messages
        self.by_id = {message.id: message for message in self.messages}
        self.members = frozenset(message.sender for message in transcript.said)

    @cached_property
    def places(self) -> Mapping[str, int]:
        return {message.id: place for place, message in enumerate(self.messages)}

    def before(self, cited: Iterable[Message]) -> list[Message]:
        """What was said right before these messages."""
        spots = [self.places[message.id] for message in cited]
        return [message for spot in spots for message in self.messages[max(spot - REACH, 0) : spot]]


NAMES = {
    "topics": "话题",
    "questions": "问题",
    "decisions": "决定",
    "actions": "待办",
    "complaints": "投诉",
    "ads": "广告",
    "injections": "写给 AI 的指令",
    "rumours": "传言",
    "highlights": "精华",
    "risks": "风险",
    "private": "个人信息",
    "doubts": "看法",
    "focus": "你关心的事",
}
_IDS = ("message", "messages", "repeats", "also", "replies", "answer", "outcome", "handling", "handled", "refuted")
_NO_WORDS = re.compile(r"[\W_]+")
_CUT = re.compile(r"…+|\.{3,}")
_SENTENCE = re.compile(r"…+|\.{3,}|[。；;！!？?，,、（()）\s/]+")
ANY_LENGTH = 1_000_000
MANY = 300
"""So many messages are held against a text only where they share words with it."""


def verify(claims: Claims, transcript: Transcript) -> tuple[Claims, tuple[Dropped, ...]]:
    """The claims that hold against the transcript, and those that did not."""
    chat = _Chat(transcript)
    dropped: list[Dropped] = []
    kept: dict[str, tuple[Any, ...]] = {}
    for field in type(claims).model_fields:
        kept[field] = _holding(getattr(claims, field), field, chat, dropped)
    decisions = {decision.id for decision in kept["decisions"]}
    kept["decisions"] = tuple(
        decision if decision.supersedes in decisions else decision.model_copy(update={"supersedes": ""})
        for decision in kept["decisions"]
    )
    return claims.model_copy(update=kept), tuple(dropped)


def _holding(claims: Sequence[ClaimT], field: str, chat: _Chat, dropped: list[Dropped]) -> tuple[ClaimT, ...]:
    kept = []
    for claim in claims:
        if why := _wrong(claim, chat):
            dropped.append(Dropped(kind=NAMES[field], why=why))
        else:
            kept.append(claim)
    return tuple(kept)


def _wrong(claim: Record, chat: _Chat) -> str:
    """Why a claim does not hold; "" when it does."""
    names = _named(claim)
    if isinstance(claim, Action) and claim.id.startswith(
        EARLIER
    ):  # held when it was made, against the messages of then
        return "" if all(name in chat.by_id for name in names) else "依据的消息不存在"
    if not names:
        return "没有写依据的消息"
    if missing := [name for name in names if name not in chat.by_id]:
        return f"依据的消息不存在：{missing[0][:20]}"
    cited = [chat.by_id[name] for name in names]
    quote = getattr(claim, "quote", "")
    if quote and not _stands(quote, cited):
        return "引文不在依据的消息里"
    speaks = _SPEAKERS.get(type(claim))
    if speaks and not speaks(claim, chat):
        return "说话的人对不上"
    words = _WORDS.get(type(claim))
    text = words(claim) if words else ""
    near = _near(text, cited)
    if not text or _stands(text, near, _SENTENCE):
        return ""
    if len(near) <= MANY:
        near = [*chat.before(near), *near]
        if _stands(text, near, _SENTENCE):
            return ""
    if _backed(text, near):
        return ""
    return "说法里有依据的消息里没有的数字、时间或承诺"


def _named(claim: Record) -> tuple[str, ...]:
    """Every message id of a claim, each once."""
    found: list[str] = []
    for field in _IDS:
        value = getattr(claim, field, ())
        if field == "message" and hasattr(claim, "messages") and not isinstance(claim, Question):
            continue  # the words of a risk, not an id
        found += [value] if isinstance(value, str) and value else list(value) if isinstance(value, tuple) else []
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1 << 14)
def plain(text: str) -> str:
    """A text's words alone: marks, spaces and case aside."""
    return _NO_WORDS.sub("", text).casefold()


def pieces_of(words: str, apart: re.Pattern[str] = _CUT) -> list[str]:
    """The pieces of a shortened quote, each plain."""
    return [piece for piece in map(plain, apart.split(words)) if piece]


def _stands(words: str, cited: Iterable[Message], apart: re.Pattern[str] = _CUT) -> bool:
    """Whether words stand in the messages, each piece of a shortened quote whole; marks and spaces aside."""
    pieces = pieces_of(words, apart)
    if not pieces:
        return not words.strip()
    texts = [message.text for message in cited]
    said = "\n".join(map(plain, texts))
    if all(piece in said for piece in pieces):
        return True
    if apart is _SENTENCE:  # whom a promise was made to may stand beside it
        people = {name for message in cited for name in (message.sender, *message.mentions)}
        texts += [f"给{name}" for name in people]
    told = "\n".join(plain(form) for text in texts for form in (mask(text), excerpt(text, ANY_LENGTH)))
    return all(piece in told for piece in pieces)


def _near(text: str, cited: list[Message]) -> list[Message]:
    """Of very many messages those that share words with a text."""
    return cited if len(cited) <= MANY or not text else _sharing(text, cited)


def _sharing(text: str, cited: Sequence[Message]) -> list[Message]:
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    return [message for message in cited if any(pair in message.text for pair in pairs)]


def _backed(text: str, cited: Sequence[Message]) -> bool:
    """Whether the messages back every value of a text that is not theirs word for word.

    Most texts state none, and what backs one shares words with it: few need all the messages read.
    """
    return (
        not _untrue(text, _nothing())
        or not _untrue(text, ledger_of(_sharing(text, cited)))
        or not _untrue(text, ledger_of(cited))
    )


def _untrue(text: str, ledger: Ledger) -> bool:
    return any(finding.severity == "error" for finding in fact_findings(text, ledger))


@cache
def _nothing() -> Ledger:
    return ledger_of(())


def _owner_known(action: Action, chat: _Chat) -> bool:
    """An owner who is a member said it, was spoken to, or is named in it; another owner stands in its words."""
    if not action.owner:
        return True
    cited = [chat.by_id[name] for name in (*action.messages, *action.outcome)]
    told = any(action.owner in (message.sender, *message.mentions) or action.owner in message.text for message in cited)
    if told or action.owner in chat.members:
        return told or any(message.sender == action.owner for message in chat.before(cited))
    if book().cues["everyone"].search(action.owner):
        return True
    words = "".join(f"{message.sender} {message.text}" for message in cited)
    return any(action.owner[at : at + 2] in words for at in range(max(len(action.owner) - 1, 1)))


def _said_by(name: str, ids: Iterable[str], chat: _Chat) -> bool:
    return not name or any(chat.by_id[one].sender == name for one in ids)


_SPEAKERS: dict[type[Record], Callable[[Any, _Chat], bool]] = {
    Question: lambda one, chat: _said_by(one.asker, (one.message,), chat),
    Decision: lambda one, chat: _said_by(one.by, one.messages, chat),
    Highlight: lambda one, chat: _said_by(one.by, (one.message,), chat),
    Complaint: lambda one, chat: set(one.members) <= {chat.by_id[name].sender for name in one.messages},
    Action: _owner_known,
}
_WORDS: dict[type[Record], Callable[[Any], str]] = {
    Question: lambda one: str(one.question),
    Decision: lambda one: str(one.text),
    Highlight: lambda one: str(one.text),
    Complaint: lambda one: str(one.summary),
    Rumour: lambda one: str(one.summary),
    Topic: lambda one: str(one.summary),
    FocusAnswer: lambda one: str(one.text),
    Action: lambda one: f"{one.task}{'，' if one.due_text else ''}{one.due_text}",
}
