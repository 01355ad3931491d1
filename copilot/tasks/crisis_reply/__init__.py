"""The job `draft_crisis_reply`: its ledger, its messages, its plan."""

from copilot.tasks.crisis_reply.task import CrisisReplyTask

__all__ = ["CrisisReplyTask"]
