"""What a model is asked to say of a piece of a chat: its reply, typed. Message numbers are those of the piece."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict

from copilot.records import Record

Kind = Literal["question", "decision", "action", "complaint", "rumour", "highlight"]
Status = Literal["", "open", "answered", "done", "in_force", "proposed", "resolved", "refuted"]
Reading = Literal["", "none", "open", "answered", "done", "in_force", "proposed", "resolved", "refuted"]
"""How one of ours stands; "none" that it is no such thing."""


def _number(value: Any) -> int:
    """12, however it is written: 12, "12", "#12", "m12"; -1 where it is no number."""
    digits = "".join(char for char in str(value) if char in "0123456789")[:7]
    return int(digits) if digits else -1


Number = Annotated[int, BeforeValidator(_number)]


class Heard(Record):
    """A record of a reply. Models add fields now and then; they are passed over."""

    model_config = ConfigDict(extra="ignore")


class TopicHeard(Heard):
    """A topic: a new one or a part of one of ours (`found` empty), one of ours with a better title, or several that are one."""

    title: str
    found: tuple[str, ...] = ()
    messages: tuple[Number, ...] = ()
    quote: str = ""


class ClaimHeard(Heard):
    """Something we did not find: what it is in one sentence, who said it in which messages, and their words as proof."""

    kind: Kind
    text: str
    sender: str
    messages: tuple[Number, ...]
    quote: str
    status: Status = ""
    answers: tuple[Number, ...] = ()


class DoubtHeard(Heard):
    """One of ours that stands otherwise, with the message that shows it: of a question with a wrong answer, the right one."""

    found: str
    status: Reading = ""
    message: Number
    quote: str


class FocusHeard(Heard):
    """What answers a thing the operator asked for, with their words as proof."""

    asked: str
    text: str
    messages: tuple[Number, ...]
    quote: str


class PieceHeard(Heard):
    """The reply for one piece."""

    topics: tuple[TopicHeard, ...] = ()
    claims: tuple[ClaimHeard, ...] = ()
    doubts: tuple[DoubtHeard, ...] = ()
    focus: tuple[FocusHeard, ...] = ()
