"""What a digest holds: the claims a writer fills, the words for the group, and the contract of its JSON."""

import operator
from typing import Any, ClassVar

from pydantic import Field

from copilot.chat.claims import (
    Action,
    Ad,
    Claims,
    Complaint,
    Decision,
    Doubt,
    Figures,
    FocusAnswer,
    Highlight,
    Injection,
    PrivateData,
    Question,
    Risk,
    Rumour,
    Topic,
)
from copilot.chat.records import Unread
from copilot.records import Audience, Record
from copilot.tasks.digest.carry import CarriedMatter, TrendRow


class GroupLine(Record):
    """One line of the daily report for the group, and the messages it rests on."""

    section: str
    text: str
    messages: tuple[str, ...] = ()


class GroupNote(Record):
    """The daily report for the group, line by line under its sections."""

    speaks_to: ClassVar[Audience | None] = "group"
    title: str = ""
    lines: tuple[GroupLine, ...] = ()


class Dropped(Record):
    """A claim that did not hold against its messages: of which kind, and why."""

    kind: str
    why: str


class DigestWords(Record):
    """What a writer fills. `dropped` are the claims that code has taken out since."""

    claims: Claims
    group: GroupNote = GroupNote()
    dropped: tuple[Dropped, ...] = ()


class Reviewed(Record):
    """One thing the chat shows about how the group is run: the rule, what shows it, what to do, the handbook's words."""

    rule: str
    finding: str
    messages: tuple[str, ...]
    advice: str
    quote: str


class Totals(Record):
    """What was counted; `first` and `last` are local times as text."""

    messages: int
    system_notices: int
    members: int
    days: int
    first: str
    last: str
    unparsed_lines: int


class Digest(Record):
    """The digest's JSON (`Draft.structure`). Message ids are those of `messages`.

    `doubts` and `focus` are what a model alone brings; without any they are not there.
    """

    group: str
    format: str
    totals: Totals
    member_stats: tuple[dict[str, Any], ...]
    topics: tuple[Topic, ...]
    decisions: tuple[Decision, ...]
    action_items: tuple[Action, ...]
    unanswered: tuple[Question, ...]
    answered: tuple[Question, ...]
    complaints: tuple[Complaint, ...]
    ads: tuple[Ad, ...]
    injections: tuple[Injection, ...]
    highlights: tuple[Highlight, ...]
    rumours: tuple[Rumour, ...]
    risks: tuple[Risk, ...]
    private: tuple[PrivateData, ...]
    review: tuple[Reviewed, ...]
    coverage: dict[str, Any]
    figures: Figures
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
    carried: tuple[CarriedMatter, ...] = ()
    trend: tuple[TrendRow, ...] = ()
    messages: list[dict[str, Any]] = Field(default_factory=list)
    doubts: tuple[Doubt, ...] = Field(default=(), exclude_if=operator.not_)
    focus: tuple[FocusAnswer, ...] = Field(default=(), exclude_if=operator.not_)
