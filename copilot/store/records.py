"""What the store gives back. Moments are aware and in the operator's time zone."""

from datetime import datetime
from typing import Any, Literal

from copilot.facts.profiles import GroupProfile
from copilot.records import Citation, Draft, Finding, Missing, Record, Span, Usage


class Version(Record):
    """One wording of a draft: number 1 is as produced (`by` is the writer), the others are edits."""

    number: int
    text: str
    by: str
    created: datetime


class Sending(Record):
    """What was finally sent or copied; `part` names the part of a draft of several messages, None is all of it."""

    text: str
    part: str | None
    at: datetime


class StoredDraft(Record):
    """A draft as produced, its wordings (oldest first) and what was sent of it (oldest first)."""

    draft: Draft
    group: str
    versions: tuple[Version, ...]
    sendings: tuple[Sending, ...]

    @property
    def text(self) -> str:
        """The latest wording."""
        return self.versions[-1].text


class DraftSummary(Record):
    """One line of the history. `title` is the first line of the latest wording, `length` its characters,
    `versions` and `sendings` are counts, `changed` is when the latest wording came.
    """

    id: str
    kind: str
    writer: str
    platform: str
    group: str
    title: str
    length: int
    created: datetime
    changed: datetime
    versions: int
    sendings: int
    last_sent: datetime | None


HabitKind = Literal["salutation", "ending", "start", "line", "words", "marks", "blank-lines", "emoji", "shorter"]


class Habit(Record):
    """What an operator keeps doing to the drafts of a group ("": of every group) in some `jobs`, facts left aside.

    `old` became `new` ("" where something was added, or taken out). By `kind`: `salutation` and `ending` are the first and
    last words to the group, `start` what stands before everything, `line` a whole line, `words` any words; `marks` what
    begins the lines of a list; `blank-lines` and `emoji` are left out; `shorter` is less of everything. `does` says it
    in the operator's language.
    """

    id: str
    group: str = ""
    jobs: tuple[str, ...]
    kind: HabitKind
    old: str = ""
    new: str = ""
    does: str


class DecidedHabit(Record):
    """A habit that the operator was asked about: `kept` ones are followed, the others not asked about again."""

    habit: Habit
    kept: bool
    decided: datetime


class SavedGroup(Record):
    """A group profile as kept; pass `version` back as `based_on` when saving an edit of it."""

    profile: GroupProfile
    version: int
    saved: datetime


class GroupVersion(Record):
    """One entry of a group's history; `profile` is None where the group was removed or the record can't be read."""

    name: str
    version: int
    saved: datetime
    state: Literal["kept", "removed", "unreadable"]
    profile: GroupProfile | None


class LineChange(Record):
    """One line of a comparison: `old` and `new` are None where the line is only in the other text.

    Line numbers are 1-based. For `changed` lines the spans say what differs, in code points of that line.
    """

    kind: Literal["same", "removed", "added", "changed"]
    old: str | None = None
    new: str | None = None
    old_line: int | None = None
    new_line: int | None = None
    old_spans: tuple[Span, ...] = ()
    new_spans: tuple[Span, ...] = ()


class Comparison(Record):
    """Two texts side by side, by what they are called, line for line in reading order."""

    old: str
    new: str
    lines: tuple[LineChange, ...]

    @property
    def differs(self) -> bool:
        """Whether anything changed."""
        return any(line.kind != "same" for line in self.lines)


class Standing(Record):
    """How the store stands. `place` is a path, or a server's address without its user and password.

    `state` is `absent` (made on first use), `outdated` (migrated on next use) or `ready`; `drafts` and `groups` are counts.
    """

    place: str
    state: Literal["absent", "outdated", "ready"]
    revision: str
    drafts: int
    groups: int


class Use(Record):
    """One tool at work in a conversation: what it was given and what came back, a line each; `draft` is what it made.

    A `refused` call did nothing: `returned` says why.
    """

    tool: str
    given: str = ""
    returned: str = ""
    draft: str = ""
    citations: tuple[Citation, ...] = ()
    refused: bool = False


class Choice(Record):
    """One job that a message may have been meant for, as the operator is asked."""

    job: str
    label: str


class Change(Record):
    """What the operator said of a brief after it: a line more under `label`, other words for `old`, or `old` left out."""

    kind: Literal["add", "replace", "drop"]
    new: str = ""
    old: str = ""
    label: str = ""


class Work(Record):
    """A piece of work as it stands: the brief it began with, what was said since, and how it should come out.

    It keeps its `id` through all redrafts. `source` is the id of the turn that a digest's chat stands in.
    """

    id: str
    job: str
    brief: str | dict[str, Any] = ""
    suffix: str = ""
    changes: tuple[Change, ...] = ()
    platform: str = ""
    tone: str = ""
    length: int | None = None
    groups: tuple[str, ...] = ()
    draft: str = ""
    source: str = ""


class Attachment(Record):
    """A text file handed over with a message."""

    name: str
    text: str


class Turn(Record):
    """One message of a conversation: the operator's, or the copilot's with all that it did for it.

    `text` of the copilot is what it says around its `drafts` (ids): their wording stays in their own records. `works` are
    the pieces of work as they stand after it, the one at hand last; `missing` is what it asks for, `choices` what it
    takes the message before it for.
    """

    id: str
    role: Literal["operator", "copilot"]
    text: str
    at: datetime
    files: tuple[Attachment, ...] = ()
    uses: tuple[Use, ...] = ()
    drafts: tuple[str, ...] = ()
    works: tuple[Work, ...] = ()
    missing: tuple[Missing, ...] = ()
    choices: tuple[Choice, ...] = ()
    citations: tuple[Citation, ...] = ()
    findings: tuple[Finding, ...] = ()
    usage: Usage = Usage()
    writer: str = ""


class Conversation(Record):
    """A conversation with its turns, oldest first."""

    id: str
    title: str
    created: datetime
    updated: datetime
    turns: tuple[Turn, ...] = ()


class ConversationSummary(Record):
    """One line of the list of conversations; `turns` is their count."""

    id: str
    title: str
    created: datetime
    updated: datetime
    turns: int
