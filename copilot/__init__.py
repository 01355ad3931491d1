"""The operator copilot: checked drafts for community operators, grounded on a playbook.

Everything here loads on first use, so that `import copilot` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from copilot.api import (
        ask,
        check,
        draft_announcement,
        draft_crisis_reply,
        draft_weekly_plan,
        redact,
        search,
        summarise_digest,
        suspicious,
    )
    from copilot.client import Copilot
    from copilot.errors import CopilotError
    from copilot.many import ManyDigests, digest_many
    from copilot.options import AskOptions, DigestOptions, DraftOptions
    from copilot.records import (
        Answer,
        Citation,
        Conflict,
        Dispute,
        Draft,
        Fact,
        Finding,
        Hit,
        Missing,
        Part,
        Redaction,
        SearchResult,
    )
    from copilot.settings import Settings

__all__ = [
    # the copilot, and its settings
    "Copilot",
    "Settings",
    "DraftOptions",
    "DigestOptions",
    "AskOptions",
    # the jobs, on default settings
    "draft_announcement",
    "draft_weekly_plan",
    "draft_crisis_reply",
    "summarise_digest",
    "ask",
    # many groups in one go
    "digest_many",
    # the tools behind them
    "check",
    "redact",
    "search",
    "suspicious",
    # what they return
    "Answer",
    "Citation",
    "Conflict",
    "Dispute",
    "Draft",
    "Fact",
    "Finding",
    "Hit",
    "ManyDigests",
    "Missing",
    "Part",
    "Redaction",
    "SearchResult",
    # what they raise
    "CopilotError",
]

_HOME = {"Copilot": "client", "Settings": "settings", "CopilotError": "errors"}
_HOME |= dict.fromkeys(("AskOptions", "DigestOptions", "DraftOptions"), "options")
_HOME |= dict.fromkeys(("draft_announcement", "draft_crisis_reply", "draft_weekly_plan", "summarise_digest"), "api")
_HOME |= dict.fromkeys(("ManyDigests", "digest_many"), "many")
_HOME |= dict.fromkeys(("ask", "check", "redact", "search", "suspicious"), "api")


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'copilot' has no attribute {name!r}")
    return getattr(import_module(f"copilot.{_HOME.get(name, 'records')}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
