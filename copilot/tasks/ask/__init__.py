"""The job `ask`: a question answered from the playbook only, quoted; both sides where sources disagree."""

from copilot.tasks.ask.composing import Evidence, compose, not_covered
from copilot.tasks.ask.evidence import gather

__all__ = ["Evidence", "compose", "gather", "not_covered"]
