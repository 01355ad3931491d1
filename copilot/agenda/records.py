"""What the agenda gives back. Moments are aware and in the operator's time zone."""

import re
import unicodedata
from datetime import date, datetime, time
from typing import Literal

from copilot.chat.claims import Level
from copilot.records import Record

Due = Literal["overdue", "passed", "today", "soon", "later", ""]
"""`overdue`: the chat shows that it was not kept in time; `passed`: its time came after the digest's last message, so
whether it was kept is not known; "" where no time was said.
"""
Outcome = Literal["posted", "early", "late", "maybe", "not_seen", "unknown"]
"""`maybe`: something near the time that may be it; `not_seen`: the chat of that time is there and it is not in it;
`unknown`: the digests do not cover that time.
"""
Gap = Literal["", "no_digest", "begins", "ends", "no_times", "unread"]
"""Why an outcome is not known: no digest of that day, one that begins after or ends too soon after the slot, a chat
without times, or lines that could not be read.
"""
_COUNT = re.compile(r"\s*[(（]\d+[)）]$")


class Matter(Record):
    """One thing that a digest leaves open.

    `digest` is that digest's draft and `messages` ids of its chat. `key` names the matter in a hand-off to a crisis reply
    ("" where it is none for that). `said` is when its first message was sent, `again` how often it was asked again.
    """

    kind: Literal["risk", "complaint", "rumour", "question", "promise"]
    text: str
    group: str
    digest: str
    messages: tuple[str, ...] = ()
    said: datetime | None = None
    people: tuple[str, ...] = ()
    level: Level = "none"
    key: str = ""
    again: int = 0
    due: datetime | None = None
    due_text: str = ""
    when: Due = ""


class PlannedSlot(Record):
    """One slot of the plan in force: `plan` is its draft, `slot` its id there.

    `text` is the message for the group ("" for the team's own work), `brief` what an announcement is opened with,
    `wordings` the message as planned and as it was copied, `copied` when that was last, on the slot's day.
    """

    plan: str
    slot: str
    group: str
    day: date
    start: time | None = None
    owner: str = ""
    action: str
    text: str = ""
    brief: dict[str, str] = {}
    wordings: tuple[str, ...] = ()
    copied: datetime | None = None


class Happened(Record):
    """How a planned slot went, so far as the chats tell. `minutes` is how much later (earlier: below 0) than planned.

    `digest` and `message` are the receipt: the draft, and the id of the message in its chat. `gap` says why nothing is
    known, `until` how far the nearest digest reaches.
    """

    slot: PlannedSlot
    outcome: Outcome
    digest: str = ""
    message: str = ""
    sender: str = ""
    at: datetime | None = None
    minutes: int | None = None
    gap: Gap = ""
    until: datetime | None = None


class Waiting(Record):
    """A draft that has not gone out; `gaps` is how many placeholders are open in its latest wording."""

    id: str
    kind: str
    group: str
    title: str
    created: datetime
    gaps: int = 0


class LastDigest(Record):
    """Until when the newest digest of a group tells; `last` is None where its chat has no times."""

    group: str
    digest: str
    last: datetime | None
    made: datetime


class Agenda(Record):
    """What needs the operator at `now`, of one group or (`group` is "") of all.

    `risks` holds risks, complaints and rumours, the graver first; `promises` the most pressing first; `today` and `week`
    the slots of today and of the days left of the week; `happened` the slots of the last days, the newest first.
    `unreadable` are ids of kept drafts whose record can't be read.
    """

    now: datetime
    group: str = ""
    groups: tuple[str, ...] = ()
    digests: tuple[LastDigest, ...] = ()
    risks: tuple[Matter, ...] = ()
    questions: tuple[Matter, ...] = ()
    promises: tuple[Matter, ...] = ()
    today: tuple[PlannedSlot, ...] = ()
    week: tuple[PlannedSlot, ...] = ()
    happened: tuple[Happened, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def has_material(self) -> bool:
        """Whether there is any digest, plan or draft to tell from."""
        return bool(self.digests or self.today or self.week or self.happened or self.waiting)


def same_group(one: str, other: str) -> bool:
    """Whether two names are of one group: case, width and the count of members behind a name don't matter."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return _COUNT.sub("", unicodedata.normalize("NFKC", name).strip()).casefold()
