"""What a writer is: it fills a job's structure from an assignment, and mends it when the checks object."""

from collections.abc import Callable, Sequence
from typing import Generic, Protocol

from copilot.records import Finding, Record, Usage
from copilot.tasks.base import AssignmentT, StructureT, Task

OnText = Callable[[str], None]


class Estimate(Record):
    """What asking a model would take, before anything is sent; tokens are counted high.

    `portions` pieces with `messages` messages in all, `cached` of which are known from before and cost nothing;
    `raw_tokens` is what everything would take as it was handed over.
    """

    model: str = ""
    portions: int = 0
    cached: int = 0
    messages: int = 0
    input_tokens: int = 0
    most_output_tokens: int = 0
    raw_tokens: int = 0


OnEstimate = Callable[[Estimate], None]


class Written(Record, Generic[StructureT]):
    """A filled structure, what it cost, the prompts behind it (file name → sha256), and what to tell the operator."""

    structure: StructureT
    usage: Usage = Usage()
    prompts: dict[str, str] = {}
    notices: tuple[Finding, ...] = ()


class Writer(Protocol):
    """One way of writing. `rounds` is how often findings may go back to it."""

    name: str
    rounds: int

    def write(
        self, task: Task[StructureT, AssignmentT], assignment: AssignmentT, on_text: OnText | None = None
    ) -> Written[StructureT]:
        """Fill the structure; `on_text` receives the words as they come. Raises `WriterError`."""

    def repair(
        self,
        task: Task[StructureT, AssignmentT],
        assignment: AssignmentT,
        written: Written[StructureT],
        findings: Sequence[Finding],
    ) -> Written[StructureT]:
        """Fill it again with the findings at hand; the usage adds up. Raises `WriterError`."""
