"""What every job has in common: its options, its assignment, and the `Task` the one flow runs."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from copilot.checks.mending import mend_structure
from copilot.checks.own_rules import NO_RULES, OwnRules
from copilot.checks.screening import Held
from copilot.facts.brief import Brief, read_brief
from copilot.facts.items import Item
from copilot.facts.ledger import Ledger
from copilot.records import Audience, Conflict, Draft, Finding, Hit, Missing, Part, Record, Request
from copilot.settings import Settings
from copilot.store.records import Habit


class Options(Record):
    """How the text should come out. `length` is the most characters a message to the group may have, or None; an empty
    `tone` is told from the brief; `earlier` is what was published on the matter before, oldest first; `own` are the
    operator's own rules, `habits` what they agreed to have followed.
    """

    platform: str = "wechat"
    tone: str = ""
    length: int | None = None
    earlier: tuple[str, ...] = ()
    own: OwnRules = NO_RULES
    habits: tuple[Habit, ...] = ()


class Assignment(Record):
    """All a writer may know: what may be said, what is missing or in conflict, and how it should sound.

    `items` are the only words of the brief that may reach the group; conflicts and open points stand in them as
    placeholders already. `names` are the people of the brief, nicknames included. `evidence` are the handbook's sections on the matter, `question` what else to look for in it
    ("" for nothing). `phrases` are the templates' own sentences: they state no facts and need no backing.
    """

    job: str
    kind: str
    brief: Brief
    options: Options
    items: tuple[Item, ...]
    held: tuple[Held, ...] = ()
    missing: tuple[Missing, ...]
    conflicts: tuple[Conflict, ...]
    findings: tuple[Finding, ...]
    ledger: Ledger
    title: str = ""
    vocative: str = ""
    names: tuple[str, ...] = ()
    rules: tuple[str, ...]
    phrases: tuple[str, ...]
    question: str = ""
    evidence: tuple[Hit, ...] = ()

    @property
    def to_write(self) -> tuple[Missing, ...]:
        """The open points whose placeholders a writer has to put into the text."""
        return self.missing

    def ledger_for(self, readers: Audience) -> Ledger:
        """The facts that these readers may be told."""
        return self.ledger

    def for_part(self, part: Part) -> "Assignment":
        """The assignment as it is for one message of the draft, where each has facts of its own."""
        return self

    def addressed(self, findings: Sequence[Finding], parts: Sequence[Part]) -> tuple[Finding, ...]:
        """The findings as a writer is told of them; `parts` are the messages they are placed in."""
        return tuple(findings)

    def objections(self, text: str, readers: Audience) -> tuple[Finding, ...]:
        """What this job has against a text for these readers, beyond the checks that every job shares."""
        return ()


StructureT = TypeVar("StructureT", bound=Record)
AssignmentT = TypeVar("AssignmentT", bound=Assignment)


Check = Callable[[str, Audience], tuple[Finding, ...]]
"""What a text must not say to these readers."""


class Portion(Record):
    """A piece of an assignment that a model reads on its own, as variables of the job's user prompt.

    `title` tells the operator which piece it is. A reply is remembered by `content`; `context` only helps to understand it.
    Both are behind pseudonyms already.
    """

    title: str
    content: dict[str, Any]
    context: dict[str, Any]


@dataclass(frozen=True)
class Portions:
    """The pieces of one assignment, what puts the names back, and what to tell the operator of the cut.

    `size` is how many messages they hold, `raw_tokens` what everything would take as it was handed over.
    """

    pieces: tuple[Portion, ...]
    restore: Callable[[str], str]
    notices: tuple[Finding, ...] = ()
    size: int = 0
    raw_tokens: int = 0


class Portioning(ABC, Generic[StructureT, AssignmentT]):
    """How a model reads a job's assignment piece by piece: each reply is a `reply`, and all are joined with what code found."""

    @property
    @abstractmethod
    def reply(self) -> type[Record]:
        """What a model fills for one piece."""

    @abstractmethod
    def cut(self, assignment: AssignmentT, room: int, count: Callable[[str], int]) -> Portions:
        """The pieces, each of at most about `room` tokens as `count` counts them."""

    @abstractmethod
    def join(
        self, assignment: AssignmentT, portions: Portions, replies: Sequence[Record | None]
    ) -> tuple[StructureT, tuple[Finding, ...]]:
        """The structure, and what to tell the operator. A piece whose reply is None stands as code read it."""


class Task(Protocol[StructureT, AssignmentT]):
    """One job: how its brief is understood, what it fills, how that is written offline and shown.

    `by_model`: whether a model can write it; otherwise the offline writer does.
    """

    name: str
    structure: type[StructureT]
    by_model: bool

    def read(self, request: Request, now: datetime, settings: Settings) -> Brief:
        """What was handed over, read. `now` is the moment of the request, or the clock. Raises `InputError`."""

    def prepare(self, brief: Brief, options: Options) -> AssignmentT:
        """Understand the brief: what may be said, what is missing, what is in conflict."""

    def compose(self, assignment: AssignmentT) -> StructureT:
        """Fill the structure without a model, from the assignment and the job's templates."""

    def mend(self, structure: StructureT, check: Check) -> StructureT:
        """The structure without what its texts must not say."""

    def complete(self, structure: StructureT, assignment: AssignmentT) -> StructureT:
        """The structure with whatever the writer left out of the assignment put back."""

    def parts(self, structure: StructureT, assignment: AssignmentT) -> tuple[Part, ...]:
        """The paste-ready messages of a filled structure, in the order they are used."""

    def remarks(self, structure: StructureT, assignment: AssignmentT) -> tuple[Finding, ...]:
        """What the operator should know about the brief and the filled structure, beyond the checks of its texts."""

    def describe(self, assignment: AssignmentT, structure: StructureT) -> dict[str, Any]:
        """The JSON form of the structure with what the operator should know beside it."""

    def resume(self, assignment: AssignmentT, draft: Draft) -> AssignmentT:
        """The assignment as a draft stands by now: what the operator has settled in it since holds."""

    def details(self, assignment: AssignmentT) -> dict[str, Any]:
        """What a model is told beyond the brief's items: variables of the job's user prompt, in plain words."""

    def portioning(self) -> Portioning[StructureT, AssignmentT] | None:
        """How a model reads it piece by piece; None where it writes the whole at once."""

    def settle(self, assignment: AssignmentT, structure: StructureT) -> AssignmentT:
        """The assignment with the facts that a writer's structure rests on."""


class BriefJob(Generic[StructureT, AssignmentT]):
    """What the jobs that write from a brief share."""

    by_model = True

    def read(self, request: Request, now: datetime, settings: Settings) -> Brief:
        """The brief, sorted; the kept groups it is about stand before it."""
        known = {"groups": request.groups} if request.groups else None
        given = request.now is not None
        return read_brief(request.brief, now=now, now_given=given, suffix=request.suffix, known=known)

    def portioning(self) -> None:
        """The whole at once."""

    def settle(self, assignment: AssignmentT, structure: StructureT) -> AssignmentT:
        """As it is: a brief has all the facts."""
        return assignment

    def mend(self, structure: StructureT, check: Check) -> StructureT:
        """Every text with its blocking findings mended."""
        return mend_structure(structure, check)

    def remarks(self, structure: Record, assignment: Assignment) -> tuple[Finding, ...]:
        """What was found in the brief."""
        return assignment.findings


def assemble(parts: tuple[Part, ...]) -> tuple[str, tuple[Part, ...]]:
    """The parts as one text, each under its title, and the parts with their place in it. A single part is the text."""
    if len(parts) == 1:
        return parts[0].text, (parts[0].model_copy(update={"start": 0}),)
    text, placed = "", []
    for part in parts:
        text += f"{chr(10) * 2 if text else ''}▍{part.title}\n"
        placed.append(part.model_copy(update={"start": len(text)}))
        text += part.text
    return text, tuple(placed)
