"""What a writer is: it fills a job's structure from an assignment, and mends it when the checks object."""

from collections.abc import Callable, Sequence
from typing import Generic, Literal, NamedTuple, Protocol

from copilot.endpoints import endpoints
from copilot.records import Finding, Record, Usage
from copilot.settings import Settings
from copilot.tasks.base import AssignmentT, StructureT, Task

OnText = Callable[[str], None]
Message = tuple[Literal["system", "user", "assistant"], str]
"""One message to a model: its role and its words."""
Cancel = Callable[[], bool]
"""Asked every tenth of a second: whether to give up."""


def never() -> bool:
    """Nobody gives up."""
    return False


class Estimate(Record):
    """What asking a model would take, before anything is sent; tokens are counted high.

    `portions` pieces with `messages` messages in all, `cached` of which are known from before and cost nothing;
    `raw_tokens` is what everything would take as it was handed over. `cost` is the most it can cost, in `currency`; None
    where the price is not known.
    """

    model: str = ""
    portions: int = 0
    cached: int = 0
    messages: int = 0
    input_tokens: int = 0
    most_output_tokens: int = 0
    raw_tokens: int = 0
    cost: float | None = None
    currency: str = ""


OnEstimate = Callable[[Estimate], None]


class Window(NamedTuple):
    """What a model reads in one request and may write back, in tokens."""

    context: int
    output: int


UNKNOWN = Window(16384, 4000)


def window(settings: Settings) -> Window:
    """What every endpoint of the chain takes; without one, what an unknown model is taken to."""
    chain = endpoints(settings)
    if not chain:
        return UNKNOWN
    return Window(min(one.context_tokens for one in chain), max(one.output_tokens for one in chain))


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
