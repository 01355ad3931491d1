"""The jobs as plain functions, on the settings in force when each is first called."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Unpack

from copilot.client import Copilot
from copilot.options import AskOptions, ChatSource, DigestOptions, DraftOptions
from copilot.records import Answer, Draft, Finding, Redaction, SearchResult


@cache
def _copilot() -> Copilot:
    return Copilot()


def draft_announcement(brief: str | Mapping[Any, Any], **options: Unpack[DraftOptions]) -> Draft:
    """A checked announcement from a brief: free text, YAML, JSON or a mapping with any keys."""
    return _copilot().draft_announcement(brief, **options)


def draft_weekly_plan(brief: str | Mapping[Any, Any], **options: Unpack[DraftOptions]) -> Draft:
    """A scheduled week from groups, people, goals and wishes; `text` is the plan, then each message."""
    return _copilot().draft_weekly_plan(brief, **options)


def draft_crisis_reply(brief: str | Mapping[Any, Any], **options: Unpack[DraftOptions]) -> Draft:
    """Replies to a crisis within the authority given, and the sheet for the desk; `earlier` asks for the next statement."""
    return _copilot().draft_crisis_reply(brief, **options)


def summarise_digest(source: ChatSource, **options: Unpack[DigestOptions]) -> Draft:
    """A group chat's digest, from its text, bytes, the path of an export, or a mapping with any keys that holds it."""
    return _copilot().summarise_digest(source, **options)


def search(text: str, k: int = 5, playbook: Path | str | None = None) -> SearchResult:
    """The `k` sections of the handbook, or of the folder `playbook`, that answer a question best."""
    return _copilot().search(text, k, playbook)


def ask(question: str, **options: Unpack[AskOptions]) -> Answer:
    """An answer in the words of the handbook, or of the folder `playbook`; `answerable` is false where it does not say."""
    return _copilot().ask(question, **options)


def check(text: str, *, platform: str | None = None) -> tuple[Finding, ...]:
    """What to mend in any text before it is posted."""
    return _copilot().check(text, platform=platform)


def redact(text: str) -> Redaction:
    """The text with its personal data replaced by pseudonyms."""
    return _copilot().redact(text)


def suspicious(text: str) -> bool:
    """Whether a member's message tries to give the assistant orders."""
    return _copilot().suspicious(text)
