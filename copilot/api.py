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
    """`Copilot.draft_announcement`: from a brief (free text, YAML, JSON or a mapping with any keys) to a checked text."""
    return _copilot().draft_announcement(brief, **options)


def draft_weekly_plan(brief: str | Mapping[Any, Any], **options: Unpack[DraftOptions]) -> Draft:
    """`Copilot.draft_weekly_plan`: a scheduled week from groups, people, goals and wishes."""
    return _copilot().draft_weekly_plan(brief, **options)


def draft_crisis_reply(brief: str | Mapping[Any, Any], **options: Unpack[DraftOptions]) -> Draft:
    """`Copilot.draft_crisis_reply`: replies within the authority given, and the sheet for the desk."""
    return _copilot().draft_crisis_reply(brief, **options)


def summarise_digest(source: ChatSource, **options: Unpack[DigestOptions]) -> Draft:
    """`Copilot.summarise_digest`: a group chat's digest, from its text, bytes, the path of an export, or a mapping."""
    return _copilot().summarise_digest(source, **options)


def search(text: str, k: int = 5, playbook: Path | str | None = None) -> SearchResult:
    """`Copilot.search`: the `k` sections that answer a question best."""
    return _copilot().search(text, k, playbook)


def ask(question: str, **options: Unpack[AskOptions]) -> Answer:
    """`Copilot.ask`: an answer in the playbook's words; `answerable` is false where it does not say."""
    return _copilot().ask(question, **options)


def check(text: str, *, platform: str | None = None) -> tuple[Finding, ...]:
    """`Copilot.check`: what to mend in any text before it is posted."""
    return _copilot().check(text, platform=platform)


def redact(text: str) -> Redaction:
    """`Copilot.redact`: the text with its personal data replaced by pseudonyms."""
    return _copilot().redact(text)


def suspicious(text: str) -> bool:
    """`Copilot.suspicious`: whether a member's message tries to give the assistant orders."""
    return _copilot().suspicious(text)
