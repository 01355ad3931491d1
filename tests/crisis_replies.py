"""Offline crisis replies for tests: from a brief to its assignment and its messages."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from copilot.checks.battery import check_draft
from copilot.facts.brief import read_brief
from copilot.records import Finding, Part
from copilot.tasks.base import Options, assemble
from copilot.tasks.crisis_reply.assignment import CrisisAssignment
from copilot.tasks.crisis_reply.task import CrisisReplyTask

ZONE = ZoneInfo("Asia/Shanghai")
LATER = datetime(2026, 11, 22, 9, 0, tzinfo=ZONE)  # the clock, where nobody says what time it is
TASK = CrisisReplyTask()


def assignment_of(
    brief: dict[str, Any] | str, *, now: datetime | None = None, earlier: tuple[str, ...] = ()
) -> CrisisAssignment:
    read = read_brief(brief, now=now or LATER, now_given=now is not None)
    return TASK.prepare(read, Options(earlier=earlier))


def texts(brief: dict[str, Any] | str, **given: Any) -> dict[str, str]:
    """The parts of an offline reply by name."""
    return {part.name: part.text for part in parts(brief, **given)}


def parts(brief: dict[str, Any] | str, **given: Any) -> tuple[Part, ...]:
    assignment = assignment_of(brief, **given)
    return TASK.parts(TASK.complete(TASK.compose(assignment), assignment), assignment)


def findings(brief: dict[str, Any] | str, **given: Any) -> tuple[Finding, ...]:
    """What the checks say of an offline reply."""
    _, placed = assemble(parts(brief, **given))
    return check_draft(placed, assignment_of(brief, **given))


def errors(brief: dict[str, Any] | str, **given: Any) -> list[Finding]:
    return [finding for finding in findings(brief, **given) if finding.severity == "error"]
