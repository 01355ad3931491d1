"""What every job has in common: its options, its assignment, and the `Task` the one flow runs."""

from typing import Any, Protocol, TypeVar

from copilot.checks.screening import Held
from copilot.facts.brief import Brief
from copilot.facts.ledger import Ledger
from copilot.facts.problems import Item
from copilot.records import Conflict, Finding, Hit, Missing, Record

StructureT = TypeVar("StructureT", bound=Record)


class Options(Record):
    """How the text should come out. `length` is the most characters of it, or None; an empty `tone` is told from the brief."""

    platform: str = "wechat"
    tone: str = ""
    length: int | None = None


class Assignment(Record):
    """All a writer may know: what may be said, what is missing or in conflict, and how it should sound.

    `items` are the only words of the brief that may reach the group; conflicts and open points stand in them as
    placeholders already. `evidence` are the handbook's sections on the matter. `phrases` are the templates' own sentences: they state no facts and need no backing.
    """

    job: str
    kind: str
    brief: Brief
    options: Options
    items: tuple[Item, ...]
    held: tuple[Held, ...]
    missing: tuple[Missing, ...]
    conflicts: tuple[Conflict, ...]
    findings: tuple[Finding, ...]
    ledger: Ledger
    title: str
    vocative: str
    rules: tuple[str, ...]
    phrases: tuple[str, ...]
    question: str
    evidence: tuple[Hit, ...] = ()


class Task(Protocol[StructureT]):
    """One job: how its brief is understood, what it fills, how that is written offline and shown."""

    name: str
    structure: type[StructureT]

    def prepare(self, brief: Brief, options: Options) -> Assignment:
        """Understand the brief: what may be said, what is missing, what is in conflict."""

    def compose(self, assignment: Assignment) -> StructureT:
        """Fill the structure without a model, from the assignment and the job's templates."""

    def render(self, structure: StructureT) -> str:
        """The paste-ready text of a filled structure."""

    def complete(self, structure: StructureT, assignment: Assignment) -> StructureT:
        """The structure with whatever the writer left out of the assignment put back."""

    def describe(self, assignment: Assignment, structure: StructureT) -> dict[str, Any]:
        """The JSON form of the structure with what the operator should know beside it."""
