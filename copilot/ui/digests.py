"""A digest as its page shows it: its claims by what the operator does with them, each with its messages."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from copilot import Draft
from copilot.exports import ReportEntry
from copilot.tasks.digest.book import book
from copilot.tasks.digest.exporting import RECEIPT, Section, entries_of, sections_of
from copilot.ui.locales import t
from copilot.ui.messages import message
from copilot.ui.structures import Row, rows, section, words

GRAVE = {"medium": "warning", "high": "error", "critical": "error"}
_STATES = {
    "overdue": "error",
    "open": "warning",
    "reopened": "error",
    "answered": "warning",
    "done": "",
    "resolved": "",
}


@dataclass(frozen=True)
class Claim:
    """One claim: its words, the ids of its messages, what stands beside it, tags (words and how grave), the rule behind it.

    A claim of the operator's page in sentences names its messages by their `receipts`, as they stand there.
    """

    text: str
    messages: tuple[str, ...] = ()
    note: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    rule: str = ""
    receipts: str = ""


@dataclass(frozen=True)
class Listed:
    """Claims under a heading, each made from its row when it is looked at: a big chat has thousands."""

    heading: str
    rows: Sequence[Any]
    made: Callable[[Any], Claim]

    def claims(self, most: int) -> tuple[Claim, ...]:
        """The first ones."""
        return tuple(map(self.made, self.rows[:most]))


@dataclass(frozen=True)
class Sheet:
    """One tab: its name in the locale, and its claims by heading. Those of the first `counted` headings are in its label."""

    name: str
    lists: tuple[Listed, ...]
    counted: int = 9

    @property
    def count(self) -> int:
        """How many claims its label says."""
        return sum(len(one.rows) for one in self.lists[: self.counted])


def sheets(draft: Draft) -> tuple[Sheet, ...]:
    """The tabs of claims, in their order."""
    it = draft.structure
    asked = sorted(rows(it, "unanswered"), key=lambda row: (-len(_ids(row, "repeats")), -len(_ids(row, "also"))))
    topics = sorted(rows(it, "topics"), key=lambda row: -len(_ids(row, "messages")))
    watch = (
        Listed(t("watch.risks"), rows(it, "risks"), _risk),
        Listed(t("watch.rumours"), rows(it, "rumours"), _rumour),
        Listed(t("watch.ads"), rows(it, "ads"), _ad),
        Listed(t("watch.injections"), rows(it, "injections"), _injection),
        Listed(t("watch.private"), rows(it, "private"), _private),
        Listed(t("watch.recalls"), _recalls(it), _same),
        Listed(t("watch.follow_up"), told(draft, "follow_up"), _same),
    )
    return (
        Sheet(
            "open",
            (Listed("", asked, _question), Listed(t("digest.answered"), rows(it, "answered"), _question)),
            counted=1,
        ),
        Sheet("todo", (Listed("", _by_state(it, "action_items", _ACTIONS), _action),)),
        Sheet("decided", (_decisions(it),)),
        Sheet("complaints", (Listed("", _by_state(it, "complaints", _COMPLAINTS), _complaint),)),
        Sheet("watch", watch),
        Sheet(
            "topics",
            (Listed("", topics, _topic), Listed(t("digest.highlights"), rows(it, "highlights"), _highlight)),
            counted=1,
        ),
        Sheet("review", (Listed("", rows(it, "review"), _review),)),
    )


def told(draft: Draft, name: str) -> tuple[Claim, ...]:
    """The entries of one section of the operator's page (`first`, `focus`, `follow_up`), as it stands there."""
    title = book().desk.titles.get(name)
    return tuple(_entry(entry) for found in _page(draft) if found.title == title for entry in entries_of(found))


def headline(draft: Draft) -> str:
    """The page's one sentence, without receipts."""
    opening = _page(draft)[0].lines
    return RECEIPT.sub("", opening[0]) if opening else ""


def coverage(draft: Draft) -> str:
    """How many messages stand behind the digest, in a sentence."""
    return words(section(draft.structure, "coverage"), "line")


def group_of(draft: Draft) -> str:
    """The group's name; without one, that of the file."""
    brief = draft.request.brief
    file = PurePath(words(brief, "name")).stem if isinstance(brief, dict) else ""
    return words(draft.structure, "group") or file or t("digest.nameless")


def counts(draft: Draft) -> list[tuple[str, int, str]]:
    """What is open, by its name in the locale: how many, and how grave that is."""
    it = draft.structure
    found = [
        ("overdue", sum(words(row, "status") == "overdue" for row in rows(it, "action_items")), "error"),
        ("risks", sum(words(row, "level") in ("high", "critical") for row in rows(it, "risks")), "error"),
        ("complaints", sum(words(row, "status") != "resolved" for row in rows(it, "complaints")), "warning"),
        ("unanswered", len(rows(it, "unanswered")), "warning"),
        ("ads", sum(not row.get("handled") for row in rows(it, "ads")), "warning"),
    ]
    return [one for one in found if one[1]]


def open_tags(draft: Draft) -> list[tuple[str, str]]:
    """What is open, in words, and how grave that is."""
    return [(t(f"open.{name}", count=count), kind) for name, count, kind in counts(draft)]


def size(draft: Draft) -> list[str]:
    """How many messages and members the chat has, in words."""
    totals = section(draft.structure, "totals")
    return [
        t("digest.messages", count=totals.get("messages", 0)),
        t("digest.members", count=totals.get("members", 0)),
    ]


def need(draft: Draft) -> tuple[int, ...]:
    """How much a group needs looking after, for sorting: the graver kinds before the others."""
    known = {name: count for name, count, _ in counts(draft)}
    return tuple(known.get(name, 0) for name in ("risks", "overdue", "complaints", "unanswered", "ads"))


# The claims of one kind -------------------------------------------------------------------------------------------


_ACTIONS = ("overdue", "open", "partly_done", "done_late", "done")
_COMPLAINTS = ("reopened", "open", "answered", "resolved")
_RUMOURS = ("open", "answered", "refuted", "confirmed")
_DECISIONS = ("in_force", "considering", "expired", "proposed", "not_adopted", "superseded")


def _by_state(structure: Row, key: str, order: Sequence[str]) -> list[Row]:
    return sorted(rows(structure, key), key=lambda row: _rank(words(row, "status"), order))


def _rank(state: str, order: Sequence[str]) -> int:
    return order.index(state) if state in order else len(order)


def _same(claim: Claim) -> Claim:
    return claim


def _question(row: Row) -> Claim:
    again, also, guesses = (len(_ids(row, key)) for key in ("repeats", "also", "replies"))
    answer = words(row, "answer")
    note = [t("claim.asked", who=words(row, "asker"))] + ([t("claim.also", count=also)] if also else [])
    if guesses and not answer:
        note.append(t("claim.guesses", count=guesses))
    tags = _tag(t("claim.again", count=again), "warning") if again and not answer else ()
    names = (words(row, "message"), *_ids(row, "repeats", "also", "replies"), *([answer] if answer else []))
    return Claim(words(row, "question"), names, " · ".join(note), tags)


def _action(row: Row) -> Claim:
    state = _state(row, "status", _ACTIONS)
    due = [words(row, "due_text"), _moment(words(row, "due"))]
    note = [words(row, "owner") or t("claim.no_owner"), "，".join(dict.fromkeys(filter(None, due)))]
    tags = _tag(t(f"owed.{state}"), _STATES.get(state, "")) if state else ()
    return Claim(words(row, "task"), _ids(row, "messages", "outcome"), " · ".join(filter(None, note)), tags)


def _decisions(structure: Row) -> Listed:
    """Decisions with what they replace; a replaced one stands with its successor, and alone only when it has none."""
    found = rows(structure, "decisions")
    by_id = {words(row, "id"): row for row in found}
    replaced = {words(row, "supersedes") for row in found}
    kept = [row for row in found if words(row, "id") not in replaced or words(row, "status") != "superseded"]
    kept.sort(key=lambda row: _rank(words(row, "status"), _DECISIONS))
    return Listed("", kept, lambda row: _decision(row, by_id))


def _decision(row: Row, by_id: dict[str, Row]) -> Claim:
    old, state = by_id.get(words(row, "supersedes")), _state(row, "status", _DECISIONS)
    note = [words(row, "by"), t("claim.replaced", text=words(old, "text")) if old else ""]
    tags = _tag(t(f"decision.{state}")) if state not in ("", "in_force") else ()
    names = _ids(row, "messages") + (_ids(old, "messages") if old else ())
    return Claim(words(row, "text"), names, " · ".join(filter(None, note)), tags)


def _complaint(row: Row) -> Claim:
    state, level = _state(row, "status", _COMPLAINTS), _state(row, "level", GRAVE)
    tags = _tag(t(f"grievance.{state}"), _STATES.get(state, "")) if state else ()
    tags += _tag(t(f"level.{level}"), GRAVE[level]) if level and state != "resolved" else ()
    who = "、".join(str(one) for one in row.get("members") or ())
    return Claim(words(row, "summary"), _ids(row, "messages", "handling"), who, tags)


def _risk(row: Row) -> Claim:
    level = _state(row, "level", GRAVE)
    tags = _tag(t(f"level.{level}"), GRAVE[level]) if level else ()
    return Claim(words(row, "message"), _ids(row, "messages"), tags=tags)


def _rumour(row: Row) -> Claim:
    state = _state(row, "status", _RUMOURS)
    tags = _tag(t(f"rumour.{state}"), "warning" if state == "open" else "") if state else ()
    return Claim(words(row, "summary"), _ids(row, "messages", "replies", "refuted"), tags=tags)


def _ad(row: Row) -> Claim:
    handled = _ids(row, "handled")
    tags = _tag(t("claim.handled")) if handled else _tag(t("claim.unhandled"), "warning")
    return Claim(words(row, "why"), (words(row, "message"), *handled), tags=tags)


def _injection(row: Row) -> Claim:
    """An order to the assistant: why it was taken for one, never what it wanted."""
    return Claim(words(row, "why"), (words(row, "message"),), t("claim.not_followed"))


def _private(row: Row) -> Claim:
    kinds = "、".join(str(kind) for kind in row.get("kinds") or ())
    return Claim(kinds, (words(row, "message"),), t("claim.take_back"))


def _recalls(structure: Row) -> tuple[Claim, ...]:
    names = tuple(words(row, "id") for row in rows(structure, "messages") if words(row, "kind") == "recall")
    return (Claim(t("claim.recalled", count=len(names)), names),) if names else ()


def _topic(row: Row) -> Claim:
    names = _ids(row, "messages")
    return Claim(words(row, "title"), names, words(row, "summary"), _tag(t("claim.messages", count=len(names))))


def _highlight(row: Row) -> Claim:
    return Claim(words(row, "text"), (words(row, "message"),), words(row, "by"))


def _review(row: Row) -> Claim:
    advice = t("claim.advice", words=words(row, "advice"))
    return Claim(words(row, "finding"), _ids(row, "messages"), advice, rule=words(row, "quote"))


# What the operator's page says in sentences -----------------------------------------------------------------------


def _page(draft: Draft) -> tuple[Section, ...]:
    desk = message(draft, "desk")
    return sections_of(desk.text if desk else "")


def _entry(entry: ReportEntry) -> Claim:
    receipts = "".join([*RECEIPT.findall(entry.text), *(f"【{one}】" for one in entry.receipts)])
    return Claim(RECEIPT.sub("", entry.text).strip(), receipts=receipts)


# Small things -----------------------------------------------------------------------------------------------------


def _ids(row: Row, *keys: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(name) for key in keys for name in row.get(key) or ()))


def _state(row: Row, key: str, known: Iterable[str]) -> str:
    """The value of a field that has a name in the locales, else ""."""
    value = words(row, key)
    return value if value in known else ""


def _tag(told: str, kind: str = "") -> tuple[tuple[str, str], ...]:
    return ((told, kind),)


def _moment(text: str) -> str:
    try:
        return f"{datetime.fromisoformat(text):%m-%d %H:%M}"
    except ValueError:
        return ""


def notes(draft: Draft) -> list[str]:
    """What was done or assumed while reading."""
    return [words(row, "message") for row in rows(draft.structure, "notes")]
