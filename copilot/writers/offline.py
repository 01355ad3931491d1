"""The writer that needs no key and no network: the job's own templates."""

from collections.abc import Sequence

from copilot.records import Finding
from copilot.tasks.base import AssignmentT, StructureT, Task
from copilot.writers.base import OnText, Written


class OfflineWriter:
    """Deterministic: the same brief gives the same text. What its checks find is mended by code, not by rewriting."""

    name = "offline"
    rounds = 0

    def write(
        self, task: Task[StructureT, AssignmentT], assignment: AssignmentT, on_text: OnText | None = None
    ) -> Written[StructureT]:
        """The job's composition of the assignment."""
        return Written(structure=task.compose(assignment))

    def repair(
        self,
        task: Task[StructureT, AssignmentT],
        assignment: AssignmentT,
        written: Written[StructureT],
        findings: Sequence[Finding],
    ) -> Written[StructureT]:
        """Nothing to add: `rounds` is 0, so the flow goes straight to the deterministic fix."""
        return written
