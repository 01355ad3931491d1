"""Questions and grievances that earlier digests left open, looked for in today's chat; and the figures of those days.

Nothing here comes from an earlier chat but what its digest says; `messages` are today's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from copilot.chat.claims import Figures, Understanding
from copilot.chat.scene import Scene
from copilot.chat.terms import terms
from copilot.records import Record
from copilot.tasks.digest.levels import OPEN

ALIKE = 0.6
"""So much shared weight makes two lines one matter; half of it does when the same member says them."""
LOOKED_AT = 2000
MOST = 40
LONGEST = 200
_KEPT = (
    "group",
    "format",
    "totals",
    "action_items",
    "unanswered",
    "answered",
    "complaints",
    "rumours",
    "carried",
    "trend",
)

Standing = Literal["open", "again", "mentioned", "answered", "resolved"]


class CarriedMatter(Record):
    """A question or a grievance of an earlier day: whose, from when (`origin`), and how it stands today.

    `mentioned`: the group's own people spoke of it today; whether that settles it is for the operator to say.
    """

    kind: Literal["question", "complaint"]
    text: str
    people: tuple[str, ...] = ()
    origin: str = ""
    status: Standing = "open"
    messages: tuple[str, ...] = ()


class TrendRow(Record):
    """What was counted in one digest. `last` is the day of its last message, "" for today's."""

    last: str
    messages: int
    members: int
    unanswered: int
    complaints: int
    overdue: int
    response_minutes: float | None = None


def slim(structure: Mapping[str, Any]) -> dict[str, Any]:
    """What a later digest needs of an earlier one: not its every message, only those that something open rests on."""
    kept = {name: structure[name] for name in _KEPT if name in structure}
    figures = structure.get("figures")
    if isinstance(figures, Mapping):
        kept["figures"] = {"response_minutes": figures.get("response_minutes")}
    if "messages" not in structure:
        return kept
    cited = {
        name for row in rows_of(structure, "action_items", "complaints") for name in _names(row.get("messages"))[:1]
    }
    cited |= {str(row.get("message")) for row in rows_of(structure, "unanswered")}
    kept["messages"] = [row for row in rows_of(structure, "messages") if row.get("id") in cited]
    return kept


def carried_matters(
    earlier: Sequence[Mapping[str, Any]], today: Understanding, scene: Scene
) -> tuple[CarriedMatter, ...]:
    """What earlier digests (oldest first) left open, as it stands today; what has been settled since is left out."""
    found: dict[tuple[str, str], CarriedMatter] = {}
    for structure in earlier:
        for one in _left_open(structure):
            found[one.kind, one.text] = one
        for text in _settled(structure):
            for kind in ("question", "complaint"):
                found.pop((kind, text), None)
    official = [one for one in scene.talk if one.text and scene.official(one)][-LOOKED_AT:]
    reader = _Today(today, scene, [(one.id, terms(one.text[:LONGEST])) for one in official])
    return tuple(reader.stand(one) for one in list(found.values())[-MOST:])


def trend_of(earlier: Sequence[Mapping[str, Any]], figures: Figures, today: Understanding) -> tuple[TrendRow, ...]:
    """The figures of the earlier digests and of today's, in their order. Digests of another shape are passed over."""
    rows = [row for one in earlier if (row := _trend_row(one))]
    now = TrendRow(
        last="",
        messages=figures.messages,
        members=figures.members,
        unanswered=len(today.unanswered),
        complaints=sum(one.status in OPEN for one in today.complaints),
        overdue=sum(one.status == "overdue" for one in today.actions),
        response_minutes=figures.response_minutes,
    )
    return (*rows, now) if rows else ()


class _Today:
    """Today's chat as it is searched for the matters of earlier days."""

    def __init__(self, today: Understanding, scene: Scene, official: Sequence[tuple[str, frozenset[str]]]) -> None:
        self._weights = scene.telling
        self._questions = [(one, terms(one.question[:LONGEST])) for one in today.questions]
        self._complaints = [(one, terms(one.summary[:LONGEST])) for one in today.complaints]
        self._official = official

    def stand(self, one: CarriedMatter) -> CarriedMatter:
        """The matter as it stands."""
        words = terms(one.text)
        if one.kind == "question":
            asked = self._best(self._questions, words, one.people, lambda row: (row.asker,))
            if asked is not None:
                names = (asked.message, asked.answer) if asked.answer else (asked.message, *asked.repeats)
                return _with(one, "answered" if asked.answer else "again", names)
        else:
            again = self._best(self._complaints, words, one.people, lambda row: row.members)
            if again is not None:
                settled = again.status == "resolved"
                names = (*again.messages, *again.handling) if settled else again.messages
                return _with(one, "resolved" if settled else "again", names)
        spoken = [name for name, said in self._official if self._weights.shared(words, said) >= ALIKE]
        return _with(one, "mentioned", spoken[-2:]) if spoken else one

    def _best(
        self,
        rows: Sequence[tuple[Any, frozenset[str]]],
        words: frozenset[str],
        people: Sequence[str],
        whose: Any,
    ) -> Any:
        scored = [
            (self._weights.shared(words, said) * (2 if set(people) & {*whose(row)} else 1), row) for row, said in rows
        ]
        score, best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return best if score >= ALIKE else None


def _with(one: CarriedMatter, status: Standing, names: Iterable[str]) -> CarriedMatter:
    return one.model_copy(update={"status": status, "messages": tuple(names)})


def _left_open(structure: Mapping[str, Any]) -> Iterator[CarriedMatter]:
    """What one digest leaves open: what it carried itself, then its own."""
    origin = origins(structure)
    for row in rows_of(structure, "carried"):
        if row.get("kind") in ("question", "complaint") and row.get("status") in ("open", "again", "mentioned"):
            known = {name: row[name] for name in ("kind", "text", "people", "origin") if name in row}
            if isinstance(known.get("text"), str):
                yield CarriedMatter.model_validate({**known, "people": tuple(_names(known.get("people")))})
    for row in rows_of(structure, "unanswered"):
        if isinstance(text := row.get("question"), str):
            asker = str(row.get("asker") or "")
            asked = origin.get(str(row.get("message")), "")
            yield CarriedMatter(kind="question", text=text, people=(asker,) if asker else (), origin=asked)
    for row in rows_of(structure, "complaints"):
        if isinstance(text := row.get("summary"), str) and row.get("status") in OPEN:
            names = _names(row.get("messages"))
            people = tuple(_names(row.get("members")))
            yield CarriedMatter(
                kind="complaint", text=text, people=people, origin=origin.get(names[0] if names else "", "")
            )


def _settled(structure: Mapping[str, Any]) -> Iterator[str]:
    """The matters of earlier days that one digest shows settled."""
    for row in rows_of(structure, "carried"):
        if row.get("status") in ("answered", "resolved"):
            yield str(row.get("text"))


def _trend_row(structure: Mapping[str, Any]) -> TrendRow | None:
    totals, figures = structure.get("totals"), structure.get("figures")
    if not isinstance(totals, Mapping) or not str(totals.get("last") or ""):
        return None
    messages, members = totals.get("messages"), totals.get("members")
    if not isinstance(messages, int) or not isinstance(members, int):
        return None
    waited = figures.get("response_minutes") if isinstance(figures, Mapping) else None
    return TrendRow(
        last=str(totals["last"])[:10],
        messages=messages,
        members=members,
        unanswered=len(list(rows_of(structure, "unanswered"))),
        complaints=sum(row.get("status") in OPEN for row in rows_of(structure, "complaints")),
        overdue=sum(row.get("status") == "overdue" for row in rows_of(structure, "action_items")),
        response_minutes=float(waited) if isinstance(waited, int | float) else None,
    )


def origins(structure: Mapping[str, Any]) -> dict[str, str]:
    """When and by whom each message of an earlier digest was sent, as it is told later."""
    return {
        str(row.get("id")): " ".join(str(row.get(key, "")) for key in ("time", "sender")).strip()
        for row in rows_of(structure, "messages")
    }


def rows_of(structure: Mapping[str, Any], *names: str) -> Iterator[Mapping[str, Any]]:
    """The rows of these lists of an earlier digest; what is no row is passed over."""
    for name in names:
        value = structure.get(name)
        if isinstance(value, list | tuple):
            yield from (row for row in value if isinstance(row, Mapping))


def _names(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []
