"""What can be claimed about a chat. Each claim names the messages it rests on, by id, in the order of time.

A claim in somebody's own words may bring a `quote`: words of one of its messages, exactly as they stand there.
"""

from datetime import datetime
from typing import Literal

from copilot.records import Record

EARLIER = "earlier"
"""How the ids of promises begin that an earlier digest read."""
Level = Literal["none", "low", "medium", "high", "critical"]


class Topic(Record):
    """What a stretch of the talk is about; `summary` is made of the members' own words."""

    id: str
    title: str
    summary: str = ""
    messages: tuple[str, ...]
    quote: str = ""


class Question(Record):
    """A question somebody meant. `replies` are members' guesses, `answer` the answer that counts ("" when there is none)."""

    asker: str
    question: str
    message: str
    repeats: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()
    answer: str = ""
    addressed: tuple[str, ...] = ()
    quote: str = ""

    @property
    def messages(self) -> tuple[str, ...]:
        """All that shows it: asked, asked again, joined in, guessed at, answered."""
        rest = (*self.repeats, *self.also, *self.replies, *([self.answer] if self.answer else []))
        return (self.message, *dict.fromkeys(rest))


class Decision(Record):
    """What was settled, by whoever may settle it. `supersedes` is the id of the decision it replaces, in whole or part."""

    id: str
    text: str
    by: str
    messages: tuple[str, ...]
    status: Literal["in_force", "superseded", "proposed", "not_adopted", "considering", "expired"] = "in_force"
    supersedes: str = ""
    quote: str = ""


class Action(Record):
    """A promise or a to-do. `due` in words is `due_text`; `outcome` are the messages that show how it went.

    `to` are the members who wait for it. `origin` says when it was said and by whom: what is carried over from an earlier
    digest has no message of its own in today's chat.
    """

    id: str
    owner: str
    task: str
    basis: Literal["promise", "request", "duty"] = "promise"
    due: datetime | None = None
    due_text: str = ""
    status: Literal["open", "done", "done_late", "overdue", "partly_done"] = "open"
    messages: tuple[str, ...]
    outcome: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    origin: str = ""
    quote: str = ""


class Complaint(Record):
    """A grievance and how it went. `messages` are the complainers' own, `handling` what was answered and how it ended."""

    id: str
    summary: str
    members: tuple[str, ...]
    messages: tuple[str, ...]
    handling: tuple[str, ...] = ()
    status: Literal["open", "answered", "resolved", "reopened"] = "open"
    level: Level = "low"
    quote: str = ""


class Ad(Record):
    """A message that sells, recruits or lures away; `handled` are the messages or notices that dealt with it."""

    message: str
    why: str
    handled: tuple[str, ...] = ()


class Injection(Record):
    """A message (or, with `where` "name", a nickname) that tries to give the assistant orders."""

    message: str
    why: str
    where: Literal["body", "name"] = "body"


class Rumour(Record):
    """Something asserted without proof and how it was met. `refuted` answers it with something to go by."""

    id: str
    summary: str
    messages: tuple[str, ...]
    replies: tuple[str, ...] = ()
    refuted: tuple[str, ...] = ()
    status: Literal["open", "answered", "refuted", "confirmed"] = "open"
    quote: str = ""


class Highlight(Record):
    """Something worth keeping: an experience, a method, a useful answer."""

    by: str
    text: str
    message: str
    why: str = ""


class Risk(Record):
    """What needs an eye: its kind (`code`), how grave, and why in plain words."""

    code: str
    level: Level
    message: str
    messages: tuple[str, ...]
    quote: str = ""


class PrivateData(Record):
    """Personal data that stood in a message: which kinds, never the data."""

    message: str
    kinds: tuple[str, ...]


class MemberFigures(Record):
    """One member's counts; `first_response` is how long this member took to answer questions, in minutes (median)."""

    member: str
    messages: int
    staff: bool = False
    newcomer: bool = False
    answers: int = 0
    first_response: float | None = None


class Figures(Record):
    """What was counted. `hours` are messages by hour of the day (24 numbers), `days` by date (ISO)."""

    messages: int
    system_notices: int
    members: int
    days: int
    span_days: int
    first: datetime | None
    last: datetime | None
    unparsed_lines: int
    member_figures: tuple[MemberFigures, ...]
    hours: tuple[int, ...]
    by_day: dict[str, int]
    kinds: dict[str, int]
    newcomers: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    answered_by: tuple[tuple[str, str, int], ...] = ()
    response_minutes: float | None = None
    questions: int = 0
    answered: int = 0


class Doubt(Record):
    """What a model reads otherwise than code did: of which claim (its list in `Claims`, its id or message), in which state
    (of the claim's own, "none" where it is no such thing), and the words of the message that shows it.
    """

    kind: str
    claim: str
    status: str = ""
    message: str
    quote: str


class FocusAnswer(Record):
    """What a model read on a thing the operator asked for, in words of these messages."""

    asked: str
    text: str
    messages: tuple[str, ...]
    quote: str


class Claims(Record):
    """Everything said about a chat that rests on messages of it."""

    topics: tuple[Topic, ...] = ()
    questions: tuple[Question, ...] = ()
    decisions: tuple[Decision, ...] = ()
    actions: tuple[Action, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    ads: tuple[Ad, ...] = ()
    injections: tuple[Injection, ...] = ()
    rumours: tuple[Rumour, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    risks: tuple[Risk, ...] = ()
    private: tuple[PrivateData, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    focus: tuple[FocusAnswer, ...] = ()

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """The questions that nobody who may has answered."""
        return tuple(question for question in self.questions if not question.answer)

    @property
    def answered(self) -> tuple[Question, ...]:
        """The questions with an answer that counts."""
        return tuple(question for question in self.questions if question.answer)


class Understanding(Claims):
    """What was read from one chat without a model: the claims, and what was counted."""

    figures: Figures
