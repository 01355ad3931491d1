"""Planned against happened: each slot of a plan looked for among what was posted in its group.

Only what the chats show is said. A slot counts as not seen where the chat of its time is there, from before it until well
after it; where it is not, nothing is known.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from copilot.agenda.reading import Reading
from copilot.agenda.records import Gap, Happened, Outcome, PlannedSlot
from copilot.chat.records import Message

POSTED = 0.6
"""So much of the planned words in a message, or of a shorter message in them, makes it the slot's."""
MAYBE = 0.35
ON_TIME = timedelta(minutes=15)
NEAR = timedelta(minutes=30)
"""What the owner posts so near to the time may be the slot, even as a picture."""
EARLY = timedelta(hours=6)
LATE = timedelta(hours=24)
GRACE = timedelta(hours=1)
"""A chat must go on for so long after a slot before its silence says anything."""
SHORT = 12
"""Planned words of fewer pairs of characters say too little to know them from a member's."""
_DAY_BEGINS, _DAY_ENDS = time(8), time(22)  # for a slot without a time
_PLACEHOLDER = re.compile(r"【待(?:补充|核实)[:：][^】]*】")
_UNSAID = re.compile(r"[\W_]+")
_SHOWN = frozenset({"image", "voice", "video", "file", "link", "card", "forward", "redpacket", "poll"})


@dataclass(frozen=True)
class Watched:
    """The chat of one digest of the group; `posts` is None where it is not kept any more."""

    reading: Reading
    posts: tuple[Message, ...] | None


class _Match(NamedTuple):
    rank: int  # 0: the slot's, 1: may be
    apart: timedelta
    slot: int
    post: Message
    digest: str


def compare(slots: Sequence[PlannedSlot], chats: Sequence[Watched], now: datetime) -> tuple[Happened, ...]:
    """How each slot with a message before `now` went, in their order. `slots` and `chats` are of one group."""
    zone = now.tzinfo
    assert zone is not None
    due = [slot for slot in slots if slot.text and _span(slot, zone)[0] < now]
    taken: dict[int, _Match] = {}
    used: set[tuple[datetime | None, str]] = set()
    for match in sorted(_matches(due, chats, zone), key=lambda one: one[:2]):
        name = (match.post.time, match.post.sender)  # two digests may hold the same message
        if match.slot not in taken and name not in used:
            taken[match.slot] = match
            used.add(name)
    return tuple(
        _seen(slot, taken[at], zone) if at in taken else _unseen(slot, chats, zone) for at, slot in enumerate(due)
    )


def _span(slot: PlannedSlot, zone: tzinfo) -> tuple[datetime, datetime]:
    """When a slot is to be posted: its moment, or the day."""
    start, end = (slot.start, slot.start) if slot.start else (_DAY_BEGINS, _DAY_ENDS)
    return datetime.combine(slot.day, start, zone), datetime.combine(slot.day, end, zone)


def _matches(slots: Sequence[PlannedSlot], chats: Sequence[Watched], zone: tzinfo) -> Iterator[_Match]:
    for at, slot in enumerate(slots):
        first, last = _span(slot, zone)
        planned = [pairs for text in slot.wordings if (pairs := _pairs(text))]
        for chat in chats:
            for post in _between(chat.posts or (), first - EARLY, first + LATE):
                assert post.time is not None
                apart = max(first - post.time, post.time - last, timedelta())
                rank = _rank(slot, planned, post, apart, chat.reading.staff)
                if rank is not None:
                    yield _Match(rank, apart, at, post, chat.reading.id)


def _between(posts: Sequence[Message], first: datetime, last: datetime) -> Sequence[Message]:
    """The posts from one moment to before another; they are in the order of time."""
    begin, end = (bisect_left(posts, moment, key=attrgetter("time")) for moment in (first, last))
    return posts[begin:end]


def _rank(
    slot: PlannedSlot, planned: Sequence[Counter[str]], post: Message, apart: timedelta, staff: frozenset[str]
) -> int | None:
    """Whether a message is the slot's (0), may be (1) or is not (None)."""
    own = post.sender in staff or post.kind == "system" or _named(slot.owner, post.sender)
    words = _pairs(post.text)
    share = max((_share(one, words) for one in planned), default=0.0)
    if own and share >= POSTED:
        return 0
    if own and apart <= NEAR and (share >= MAYBE or post.kind in _SHOWN):
        return 1
    long_enough = any(one.total() >= SHORT for one in planned)
    return 1 if share >= POSTED and long_enough else None


def _share(planned: Counter[str], words: Counter[str]) -> float:
    """How much of the planned words is in a message; or of a message in them, when that is a fair part of them."""
    common = (planned & words).total()
    share = common / planned.total()
    if words.total() >= max(SHORT, planned.total() / 5):
        share = max(share, common / words.total())
    return share


@lru_cache(maxsize=1 << 14)
def _pairs(text: str) -> Counter[str]:
    """The pairs of neighbouring characters of a text, without placeholders, spaces, signs and emoji."""
    plain = _UNSAID.sub("", unicodedata.normalize("NFKC", _PLACEHOLDER.sub("", text)).casefold())
    return Counter(plain[at : at + 2] for at in range(len(plain) - 1))


def _named(owner: str, sender: str) -> bool:
    return len(owner) > 1 and (owner in sender or (len(sender) > 1 and sender in owner))


def _seen(slot: PlannedSlot, match: _Match, zone: tzinfo) -> Happened:
    assert match.post.time is not None
    at = match.post.time.astimezone(zone)
    first, last = _span(slot, zone)
    behind = at - first if at < first else at - last if at > last else timedelta()
    outcome: Outcome = "posted"
    if match.rank:
        outcome = "maybe"
    elif abs(behind) > ON_TIME:
        outcome = "late" if behind > timedelta() else "early"
    return Happened(
        slot=slot,
        outcome=outcome,
        digest=match.digest,
        message=match.post.id,
        sender=match.post.sender,
        at=at,
        minutes=round(behind.total_seconds() / 60),
    )


def _unseen(slot: PlannedSlot, chats: Sequence[Watched], zone: tzinfo) -> Happened:
    """Not seen where a whole chat lies over the time; else what is missing to know."""
    first, last = _span(slot, zone)
    until = last + GRACE if slot.start else last
    gaps: list[tuple[int, Gap, Watched]] = []
    for chat in chats:
        begins, ends = chat.reading.first, chat.reading.last
        if begins is None or ends is None or chat.posts is None:
            gaps.append((1, "no_times", chat))
        elif begins <= first and until <= ends:
            if not chat.reading.unread:
                return Happened(slot=slot, outcome="not_seen", digest=chat.reading.id, until=ends)
            gaps.append((4, "unread", chat))
        elif begins.date() <= slot.day <= ends.date():
            gaps.append((3, "ends", chat) if ends < until else (2, "begins", chat))
    if not gaps:
        return Happened(slot=slot, outcome="unknown", gap="no_digest")
    _, gap, chat = max(gaps, key=lambda one: one[0])
    return Happened(slot=slot, outcome="unknown", gap=gap, digest=chat.reading.id, until=chat.reading.last)
