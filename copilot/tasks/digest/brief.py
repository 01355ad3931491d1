"""A chat as a brief: read from what was handed over, limited to the days asked for."""

from datetime import datetime
from typing import Any

from copilot.chat.records import Note, Transcript
from copilot.facts.brief import Brief
from copilot.playbook.rules import rule_citation
from copilot.records import Request
from copilot.settings import Settings
from copilot.tasks.digest.asked import Asked
from copilot.tasks.digest.book import book
from copilot.tasks.digest.carry import CarriedMatter, TrendRow
from copilot.tasks.digest.known_chats import known_chats
from copilot.tasks.digest.originals import original_path
from copilot.tasks.digest.scope import Scope, read_scope, within


class ChatBrief(Brief):
    """A brief that is a chat. `transcript` holds the days asked for, `left_out` how many messages lie outside them.

    `quotes` are the handbook's words for the rules a review may cite, `carried` and `trend` what earlier digests tell.
    """

    transcript: Transcript
    asked: Asked = Asked()
    scope: Scope | None = None
    left_out: int = 0
    quotes: dict[str, str] = {}
    notes: tuple[Note, ...] = ()
    carried: tuple[CarriedMatter, ...] = ()
    trend: tuple[TrendRow, ...] = ()


def read_chat_brief(request: Request, now: datetime, settings: Settings) -> ChatBrief:
    """The chat of a request. Raises `InputError`, `UsageError`."""
    given = request.brief if isinstance(request.brief, dict) else {"chat": request.brief}
    asked = Asked.model_validate(given.get("said") or {})
    transcript = transcript_of(given, asked, request, settings)
    notes: list[Note] = []
    scope = read_scope(asked.dates, transcript) if asked.dates else None
    if asked.dates and scope is None:
        notes.append(Note(code="dates-not-read", message=f"没看懂时间范围“{asked.dates}”，按全部记录整理"))
    kept, left_out = within(transcript, scope)
    if not kept.messages and transcript.messages:
        notes.append(Note(code="nothing-in-range", message=f"“{asked.dates}”里没有消息", count=left_out))
    if asked.unused:
        notes.append(Note(code="fields-unused", message=f"没有用到的字段：{'、'.join(asked.unused[:8])}"))
    return ChatBrief(
        meta={"group": asked.group or transcript.group} if asked.group or transcript.group else {},
        statements=(),
        now=now,
        now_given=request.now is not None,
        transcript=kept,
        asked=asked,
        scope=scope,
        left_out=left_out,
        quotes={rule: found.quote for rule in book().rules if (found := rule_citation(rule, settings))},
        notes=tuple(notes),
    )


def transcript_of(given: dict[str, Any], asked: Asked, request: Request, settings: Settings) -> Transcript:
    """The one chat meant: the only one there is, or the one of the group's name. Raises `InputError`, `UsageError`."""
    from copilot.chat.reading import choose, read_chat

    if (chats := known_chats()) is not None:
        return choose(chats, asked.group)
    kept = original_path(given["original"], settings) if "original" in given else None
    return read_chat(
        kept.read_bytes() if kept else str(given["chat"]),
        format=asked.format,
        zone=settings.zone,
        now=request.now,
        name=str(given.get("name") or ""),
        group=asked.group,
        max_bytes=settings.max_chat_bytes,
    )
