"""The earlier digests of a group, from the history: what they left open is carried into the next one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from copilot.errors import StorageError
from copilot.records import Finding, Request
from copilot.settings import Settings
from copilot.tasks.digest.asked import Asked
from copilot.tasks.digest.brief import transcript_of
from copilot.tasks.digest.carry import slim
from copilot.tasks.digest.known_chats import knowing
from copilot.tasks.digest.scope import read_scope, within

if TYPE_CHECKING:
    from copilot.chat.records import Transcript
    from copilot.store import Store

MOST = 7
LOOKED_AT = 30


@contextmanager
def looking_back(request: Request, store: "Store", settings: Settings) -> Iterator[tuple[Request, tuple[Finding, ...]]]:
    """The request with the earlier digests of its group, before those it has; its chat is read once within this block.

    Raises `InputError`, `UsageError`.
    """
    given = request.brief if isinstance(request.brief, dict) else {"chat": request.brief}
    asked = Asked.model_validate(given.get("said") or {})
    transcript = transcript_of(given, asked, request, settings)
    group = asked.group or transcript.group
    notices: tuple[Finding, ...] = ()
    found: list[dict[str, Any]] = []
    try:
        found = _earlier(group, _begins(transcript, asked), store) if group else []
    except StorageError as error:
        notices = (_told("earlier-not-read", f"以前的日报没读到：{error.message}", error.hint),)
    if not group:
        notices = (_told("earlier-no-group", "没有群名，没法接着以前的日报", "用 --group 写上群名，以前的日报也要写"),)
    elif not found and not notices:
        notices = (_told("earlier-none", f"历史里没有“{group}”更早的日报，这是第一份", "不用改"),)
    said = asked.model_copy(update={"earlier": (*found, *asked.earlier)})
    with knowing((transcript,)):
        yield request.model_copy(update={"brief": {**given, "said": said.model_dump(mode="json")}}), notices


def _begins(transcript: "Transcript", asked: Asked) -> str:
    """When the days asked for begin, as digests tell their last moment."""
    from zoneinfo import ZoneInfo

    kept, _ = within(transcript, read_scope(asked.dates, transcript) if asked.dates else None)
    first = next((message.time for message in kept.messages if message.time), None)
    return f"{first.astimezone(ZoneInfo(transcript.zone)):%Y-%m-%d %H:%M}" if first else ""


def _earlier(group: str, before: str, store: "Store") -> list[dict[str, Any]]:
    """The digests that end before this moment, oldest first; of those of the same stretch the newest."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in store.drafts(kind="digest", group=group, limit=LOOKED_AT):
        structure = store.draft(row.id).draft.structure
        totals = structure.get("totals") or {}
        first, last = str(totals.get("first") or ""), str(totals.get("last") or "")
        if before and last and last < before:
            found.setdefault((last, first), structure)
    return [slim(found[span]) for span in sorted(found)[-MOST:]]


def _told(code: str, message: str, fix: str) -> Finding:
    return Finding(severity="info" if code == "earlier-none" else "warning", code=code, message=message, fix=fix)
