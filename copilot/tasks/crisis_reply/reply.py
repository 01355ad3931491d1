"""The crisis reply itself: what a writer fills, and what code has settled beside it."""

from typing import ClassVar

from pydantic import ValidationInfo, field_validator

from copilot.records import Audience, Record
from copilot.tasks.crisis_reply.days import on_its_own_day


class Answer(Record):
    """One doubt heard in the group and what can be said to it."""

    question: str
    answer: str


class Statement(Record):
    """The statement to the group, in reading order: what can be done now comes before any explanation.

    `opening` is care or, where we erred, the plain apology, with the one thing everybody must know; `doing` what is done
    and how to use it; `known` what is verified; `checking` what is not yet; `answers` the doubts one by one; `entry` the
    one place to turn to; `next_update` when one hears again; `closing` one sentence or "".
    """

    title: str
    opening: str
    doing: tuple[str, ...]
    known: tuple[str, ...]
    checking: tuple[str, ...]
    answers: tuple[Answer, ...] = ()
    entry: str = ""
    next_update: str = ""
    closing: str = ""


class PrivateReply(Record):
    """A message to one person or kind of person. `id` is that of the concerned person it answers."""

    speaks_to: ClassVar[Audience | None] = "private"
    id: str
    text: str


class Update(Record):
    """A follow-up message to the group: `when` it is due, and the text with placeholders for what is not known yet.

    The text is read at `when`: what it calls today is that day.
    """

    id: str
    when: str
    text: str

    @field_validator("text")
    @classmethod
    def _on_its_own_day(cls, text: str, known: ValidationInfo) -> str:
        return on_its_own_day(text, known.data.get("when", ""))


class CrisisWords(Record):
    """What a writer fills: the first holding reply (to post within minutes), the statement, private replies, updates.

    `personal` is the responsible person's own statement in the first person, "" where nobody of ours is doubted in person.
    """

    holding: str
    statement: Statement
    personal: str = ""
    private: tuple[PrivateReply, ...] = ()
    updates: tuple[Update, ...] = ()


class Step(Record):
    """One step of the escalation: by when, who, what."""

    clock: str
    who: str
    what: str
    rule: str | None = None


class Rejected(Record):
    """A clause of the operator's own draft that is not used: why, and what is said instead."""

    words: str
    code: str
    reason: str
    instead: str
    rule: str | None = None


class CrisisPlan(Record):
    """Everything beside the messages that code has settled, for the desk."""

    must_not_say: tuple[str, ...] = ()
    to_confirm: tuple[str, ...] = ()
    escalation: tuple[Step, ...] = ()
    watch: tuple[str, ...] = ()
    close_when: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
