"""The jobs as tools of somebody else's assistant: what its model may ask for, what it is told, and whom that may name."""

from pydantic import Field

from copilot.conversation.deeds import finding_line
from copilot.conversation.packing import people_of
from copilot.conversation.toolbox import ARGUMENTS, Platform, Tone, about
from copilot.conversation.wording import say
from copilot.records import Answer, Draft, Finding, Record, Redaction, SearchResult
from copilot.settings import Settings
from copilot.tasks.base import Options
from copilot.tasks.registry import TASKS
from copilot.writers.briefing import pseudonyms_for

Result = Draft | Answer | SearchResult | Redaction | tuple[Finding, ...]


class Drafting(Record):
    """Arguments of the tools that draft."""

    brief: str = Field(description=about("brief"))
    groups: tuple[str, ...] = Field(default=(), description=about("groups"))
    tone: Tone = Field(default="", description=about("tone"))
    platform: Platform = Field(default="", description=about("platform"))
    length: int = Field(default=0, ge=0, le=5000, description=about("length"))


class Digesting(Record):
    """Arguments of `summarise_digest`."""

    chat: str = Field(description=about("chat"))


class Redacting(Record):
    """Arguments of `redact`."""

    text: str = Field(description=about("private"))


TOOLS: dict[str, type[Record]] = {
    "draft_announcement": Drafting,
    "draft_weekly_plan": Drafting,
    "draft_crisis_reply": Drafting,
    "summarise_digest": Digesting,
    "ask": ARGUMENTS["ask"],
    "search": ARGUMENTS["search"],
    "check": ARGUMENTS["check"],
    "redact": Redacting,
}
"""Each is the method of `Copilot` of that name: the first argument is what it works on, the others are options."""


def people_in(draft: Draft, settings: Settings) -> tuple[str, ...]:
    """Everybody that a draft may name: the members of a digest's chat, or the people of its brief."""
    if draft.kind == "digest":
        found = people_of(draft)
    else:
        task, request = TASKS[draft.kind], draft.request
        now = (request.now or draft.created).astimezone(settings.zone)
        assignment = task.prepare(task.read(request, now, settings), Options(platform=request.platform))
        found = pseudonyms_for(assignment).people
    return tuple(name for name in found if len(name.strip()) > 1)


def in_short(result: Result) -> str:
    """What a model needs of a result: its words, and what the operator has to be asked or told."""
    match result:
        case Draft():
            return "\n".join([result.text, *_unsettled(result)])
        case Answer():
            cited = [f"[{number}] {one.section}：“{one.quote}”" for number, one in enumerate(result.citations, 1)]
            return "\n".join([result.answer, *cited])
        case SearchResult():
            none = [] if result.answerable else [say("search_none")]
            return "\n\n".join([*none, *(f"{hit.section}\n{hit.text}" for hit in result.hits)])
        case Redaction():
            return result.text
        case ():
            return say("check_none")
        case _:
            return "\n".join([say("check_some", count=len(result)), *map(finding_line, result)])


def _unsettled(draft: Draft) -> list[str]:
    """What is missing, what does not agree, and what must not go out as it is."""
    lines: list[str] = []
    if draft.missing:
        lines += [say("ask_gaps", count=len(draft.missing)), *(f"· {gap.question}" for gap in draft.missing)]
    if draft.conflicts:
        lines += [say("conflict"), *(f"· {one.message}" for one in draft.conflicts)]
    told = {*(gap.placeholder for gap in draft.missing), *(one.placeholder for one in draft.conflicts)}
    grave = [one for one in draft.findings if one.severity != "info" and not (one.span and one.span.text in told)]
    if grave:
        lines += [say("check_some", count=len(grave)), *map(finding_line, grave)]
    return ["", *lines] if lines else []
