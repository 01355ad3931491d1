"""A kept digest as the agenda reads it: what it leaves open, what it shows settled, and which time it covers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from operator import attrgetter
from typing import Any, get_args
from zoneinfo import ZoneInfo

from copilot.agenda.records import Matter
from copilot.chat.claims import Level
from copilot.chat.records import Message
from copilot.chat.terms import rarity, terms
from copilot.errors import CopilotError
from copilot.records import Draft
from copilot.store import Store
from copilot.tasks.digest.brief import read_chat_brief
from copilot.tasks.digest.carry import rows_of
from copilot.tasks.digest.levels import OPEN, UNPROVEN

ALIKE = 0.6
"""So much of the telling words of one line in another makes them one matter."""
_OWED = ("overdue", "open", "partly_done")
_TOLD_ELSEWHERE = frozenset({"complaint", "broken_promise", "rumour"})  # risks that are listed as what they are


@dataclass(frozen=True)
class Reading:
    """What one digest tells: its own `matters`, what it carries as open (`again`), and what it shows done with."""

    id: str
    group: str
    made: datetime
    first: datetime | None
    last: datetime | None
    matters: tuple[Matter, ...]
    again: tuple[Matter, ...]
    settled: tuple[Matter, ...]
    staff: frozenset[str]
    unread: bool

    @property
    def end(self) -> datetime:
        """The moment it tells of, for the order of several."""
        return self.last or self.made

    def covers(self, moment: datetime | None) -> bool:
        """Whether this digest's own chat reaches over a moment."""
        return bool(moment and self.first and self.last and self.first <= moment <= self.last)


@lru_cache(maxsize=256)
def reading_of(store: Store, draft_id: str) -> Reading:
    """The digest of this id; a kept record never changes, so each is read once. Raises `StorageError`, `NotKeptError`."""
    stored = store.draft(draft_id)
    return read_digest(stored.draft, stored.group, store.settings.zone)


@lru_cache(maxsize=64)
def posts_of(store: Store, draft_id: str) -> tuple[Message, ...] | None:
    """What was posted in the chat of a digest, in the order of time; None where the chat is not kept any more."""
    draft = store.draft(draft_id).draft
    zone = store.settings.zone
    try:
        brief = read_chat_brief(draft.request, (draft.request.now or draft.created).astimezone(zone), store.settings)
    except CopilotError:
        return None
    posts = (
        one
        for one in brief.transcript.messages
        if one.time and one.precision in ("second", "minute") and (one.kind != "system" or one.notice == "announcement")
    )
    return tuple(sorted(posts, key=attrgetter("time")))


def read_digest(draft: Draft, group: str, zone: tzinfo) -> Reading:
    """What a digest's JSON tells; what is not in it is empty."""
    it = draft.structure
    totals, covered = _section(it, "totals"), _section(it, "coverage")
    known = {str(row.get("id")): row for row in rows_of(it, "messages")}
    chat_zone = ZoneInfo(str(covered["zone"])) if covered.get("zone") else zone
    moments = {name: _moment(row.get("time"), chat_zone, zone) for name, row in known.items()}

    def matter(row: Mapping[str, Any], kind: str, text: str, **more: Any) -> Matter:
        names = _names(row.get("messages")) or _names([row.get("message")])
        said = next((found for name in names if (found := moments.get(name))), None)
        fields = {"kind": kind, "text": text, "messages": names, "said": said, **more}
        return Matter.model_validate({"group": group, "digest": draft.id, **fields})

    return Reading(
        id=draft.id,
        group=group,
        made=draft.created.astimezone(zone),
        first=_moment(totals.get("first"), chat_zone, zone),
        last=_moment(totals.get("last"), chat_zone, zone),
        matters=tuple(_matters(it, matter, zone)),
        again=tuple(
            matter({}, str(row["kind"]), str(row.get("text", "")), people=_names(row.get("people")))
            for row in rows_of(it, "carried")
            if row.get("status") in ("open", "again", "mentioned") and row.get("kind") in ("question", "complaint")
        ),
        settled=tuple(_settled(it, matter)),
        staff=frozenset(
            str(row.get("member")) for row in rows_of(_section(it, "figures"), "member_figures") if row.get("staff")
        ),
        unread=bool(totals.get("unparsed_lines")),
    )


def _matters(it: Mapping[str, Any], matter: Any, zone: tzinfo) -> Iterator[Matter]:
    for row in rows_of(it, "risks"):
        if row.get("code") not in _TOLD_ELSEWHERE:
            key = "" if row.get("code") == "private" else str(row.get("code") or "")
            yield matter(row, "risk", str(row.get("message", "")), level=_level(row), key=key)
    asked = {name for row in rows_of(it, "unanswered") for name in _asked(row)}
    for row in rows_of(it, "complaints"):
        told_as_question = _level(row) in ("low", "none") and asked.issuperset(_names(row.get("messages")) or ("",))
        if row.get("status") in OPEN and not told_as_question:
            people, key = _names(row.get("members")), str(row.get("id", ""))
            yield matter(row, "complaint", str(row.get("summary", "")), level=_level(row), key=key, people=people)
    for row in rows_of(it, "rumours"):
        if row.get("status") in UNPROVEN:
            yield matter(row, "rumour", str(row.get("summary", "")), level="low", key=str(row.get("id", "")))
    for row in rows_of(it, "unanswered"):
        names, people = _asked(row), _names([row.get("asker")])
        words, again = str(row.get("question", "")), max(0, len(names) - 1)
        yield matter({"messages": names}, "question", words, people=people, again=again)
    for row in rows_of(it, "action_items"):
        if (
            row.get("status") in _OWED and row.get("basis") != "duty"
        ):  # a duty is a call to members, not owed by anybody
            due = _moment(row.get("due"), zone, zone)
            more = {"people": _names([row.get("owner")]), "due": due, "due_text": str(row.get("due_text") or "")}
            when = "overdue" if row.get("status") == "overdue" else ""
            yield matter(row, "promise", str(row.get("task", "")), when=when, **more)


def _asked(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The messages in which a question was asked: first, again, and by others."""
    return (*_names([row.get("message")]), *_names(row.get("repeats")), *_names(row.get("also")))


def _settled(it: Mapping[str, Any], matter: Any) -> Iterator[Matter]:
    for row in rows_of(it, "answered"):
        yield matter(row, "question", str(row.get("question", "")))
    for row in rows_of(it, "complaints"):
        if row.get("status") == "resolved":
            yield matter(row, "complaint", str(row.get("summary", "")), people=_names(row.get("members")))
    for row in rows_of(it, "rumours"):
        if row.get("status") not in UNPROVEN:
            yield matter(row, "rumour", str(row.get("summary", "")))
    for row in rows_of(it, "action_items"):
        if row.get("status") not in _OWED:
            yield matter(row, "promise", str(row.get("task", "")), people=_names([row.get("owner")]))
    for row in rows_of(it, "carried"):
        if row.get("status") in ("answered", "resolved") and row.get("kind") in ("question", "complaint"):
            yield matter({}, str(row["kind"]), str(row.get("text", "")), people=_names(row.get("people")))


def same_matter(one: Matter, other: Matter) -> bool:
    """Whether two matters are one. A promise is its owner's; of one member's complaint a single telling word is enough."""
    if one.kind != other.kind or (one.kind == "promise" and one.people != other.people):
        return False
    least = 1 if one.kind == "complaint" and {*one.people} & {*other.people} else 2
    return alike(one.text, other.text, least)


def alike(one: str, other: str, least: int = 2) -> bool:
    """Whether two lines are about the same thing: `least` telling words or more, most of those of the shorter, in both."""
    if one.strip() == other.strip():
        return True
    words, others = _telling(one), _telling(other)
    whole = min(sum(map(rarity, words)), sum(map(rarity, others)))
    return len(words & others) >= least and sum(map(rarity, words & others)) >= ALIKE * whole


def _telling(text: str) -> frozenset[str]:
    """The telling words of a line, each once: not the pieces of a longer one."""
    found = terms(text)
    return frozenset(word for word in found if not any(word != other and word in other for other in found))


def _section(structure: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = structure.get(key)
    return found if isinstance(found, Mapping) else {}


def _names(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in value if one) if isinstance(value, list | tuple) else ()


def _level(row: Mapping[str, Any]) -> str:
    level = str(row.get("level") or "")
    return level if level in get_args(Level) else "none"


def _moment(value: Any, written_in: tzinfo, zone: tzinfo) -> datetime | None:
    """A time of the digest's JSON as an aware moment in the operator's zone; None for a bare day, or for none."""
    if isinstance(value, datetime):
        found = value
    else:
        text = str(value or "")
        if len(text) <= len("2026-11-20"):
            return None
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            return None
    return (found if found.tzinfo else found.replace(tzinfo=written_in)).astimezone(zone)
