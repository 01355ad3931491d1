"""What the tools take and give. Arguments that are not here are refused."""

import json
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from copilot.lore import load_yaml
from copilot.options import WriterName
from copilot.records import Audience, Citation, Conflict, Finding, Missing, Record, Severity

LONGEST_QUESTION = 2000
LONGEST_TEXT = 200_000


@cache
def words() -> dict[str, Any]:
    """`outside.yaml`: what assistants read."""
    found: dict[str, Any] = load_yaml("outside.yaml")
    return found


def _about(name: str) -> str:
    text: str = words()["arguments"][name]
    return text


def _listed(value: Any) -> Any:
    """A list, as some assistants send it: as JSON in a string, or its one item alone."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            pass
    return (value,) if value.strip() else ()


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Detail = Literal["short", "full"]


class Writing(Record):
    """What all jobs take."""

    writer: WriterName | None = Field(default=None, description=_about("writer"))
    now: datetime | None = Field(default=None, description=_about("now"))
    detail: Detail = Field(default="short", description=_about("detail"))


class Drafting(Writing):
    """Arguments of the tools that draft."""

    brief: str | dict[str, Any] = Field(default="", description=_about("brief"))
    from_digests: Texts = Field(default=(), description=_about("from_digests"))
    groups: Texts = Field(default=(), description=_about("groups"))
    platform: str | None = Field(default=None, description=_about("platform"))


class Announcing(Drafting):
    """Arguments of `draft_announcement`."""

    tone: str | None = Field(default=None, description=_about("tone"))
    length: int | None = Field(default=None, ge=1, le=5000, description=_about("length"))


class Replying(Drafting):
    """Arguments of `draft_crisis_reply`."""

    matter: str = Field(default="", description=_about("matter"))
    earlier: Texts = Field(default=(), description=_about("earlier"))


class Digesting(Writing):
    """Arguments of `summarise_digest`."""

    chat: str = Field(default="", description=_about("chat"))
    file: str = Field(default="", description=_about("file"))
    format: str = Field(default="auto", description=_about("format"))
    group: str = Field(default="", description=_about("group"))
    operator: str = Field(default="", description=_about("operator"))
    staff: Texts = Field(default=(), description=_about("staff"))
    rules: Texts = Field(default=(), description=_about("rules"))
    focus: str = Field(default="", description=_about("focus"))
    dates: str = Field(default="", description=_about("dates"))
    carry: bool = Field(default=False, description=_about("carry"))


class Asking(Record):
    """Arguments of `ask`."""

    question: str = Field(max_length=LONGEST_QUESTION, description=_about("question"))
    writer: WriterName | None = Field(default=None, description=_about("writer"))


class Searching(Record):
    """Arguments of `search`."""

    text: str = Field(max_length=LONGEST_QUESTION, description=_about("searched"))
    k: int = Field(default=5, ge=1, le=20, description=_about("k"))


class Reading(Record):
    """Arguments of `redact` and `suspicious`."""

    text: str = Field(max_length=LONGEST_TEXT, description=_about("text"))


class Checking(Reading):
    """Arguments of `check`."""

    platform: str | None = Field(default=None, description=_about("platform"))


class Piece(Record):
    """One message of a draft, and who reads it: the group, one person, or the team."""

    name: str
    title: str = ""
    readers: Audience
    to: str = ""
    text: str


class Remark(Record):
    """What a check found: the words, what is wrong with them, what to do, and the handbook's words behind it."""

    severity: Severity
    code: str
    message: str
    words: str = ""
    fix: str = ""
    rule: str | None = None
    quote: str | None = None


class Told(Record):
    """A draft as an assistant is told of it; `resource` has all of it.

    `structure` (the job's JSON) and `parts` (each message for itself) come with a full answer. A short one has of a digest's
    lists the beginning: `left_out` says how much more there is, `cut` names the messages that are longer than shown.
    """

    id: str
    kind: str
    writer: str
    text: str
    parts: tuple[Piece, ...] = ()
    missing: tuple[Missing, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    findings: tuple[Remark, ...] = ()
    citations: tuple[Citation, ...] = ()
    structure: dict[str, Any] = {}
    left_out: dict[str, int] = {}
    cut: tuple[str, ...] = ()
    resource: str


class Checked(Record):
    """What to mend in a text."""

    findings: tuple[Finding, ...]


class Suspicion(Record):
    """Whether a member's message tries to give an assistant orders."""

    suspicious: bool
