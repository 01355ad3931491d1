"""Many groups at a glance: which need an eye first, and what is told of in several of them, counted by people."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from copilot.chat.telling import Telling
from copilot.chat.terms import terms
from copilot.records import Record
from copilot.tasks.digest.listing import says
from copilot.tasks.digest.summary import Matter, MatterKind, Person, Summary
from copilot.tasks.digest.telling import cut

ALIKE = 0.9
"""Two lines are of one matter when the words they share weigh so much …"""
SHARE = 0.5
"""… and make up so much of the shorter one."""
SHORTEST = 2
FEW = 5
MOST_COMPARED = 200
"""Of the matters with a word in common, so many are looked at: what has more is told by its other words."""
MOST_SHARED = 12
MOST_GROUPS = 30
KINDS: tuple[MatterKind, ...] = ("complaint", "rumour", "ad", "question")


class Place(Record):
    """Where a matter was told of."""

    group: str
    id: str
    text: str
    messages: tuple[str, ...]


class Shared(Record):
    """One matter in several groups. `people` are distinct; `by_name` that some could only be told apart by their nicknames."""

    kind: MatterKind
    text: str
    groups: tuple[str, ...]
    people: int
    by_name: bool
    open: bool
    where: tuple[Place, ...]


class Attention(Record):
    """A group and what needs an eye there."""

    group: str
    id: str
    why: str


class Overview(Record):
    """What was counted over all groups, what needs an eye first, what several groups share, and the same as a text."""

    totals: dict[str, int | bool]
    attention: tuple[Attention, ...]
    shared: tuple[Shared, ...]
    text: str


def overview_of(summaries: Sequence[Summary], failed: int = 0) -> Overview:
    """The overview. All figures are counted here; a person in several groups is one."""
    people, by_name = distinct(one for summary in summaries for one in summary.members)
    totals: dict[str, int | bool] = {
        "groups": len(summaries),
        "failed": failed,
        "messages": sum(one.totals.messages for one in summaries),
        "members": people,
        "members_by_name": by_name,
        "risks": sum(one.risks for one in summaries),
        "overdue": sum(one.overdue for one in summaries),
        "complaints": sum(one.complaints for one in summaries),
        "unanswered": sum(one.unanswered for one in summaries),
        "ads": sum(one.ads for one in summaries),
    }
    ranked = sorted((one for one in summaries if any(one.needs)), key=lambda one: one.needs, reverse=True)
    attention = tuple(Attention(group=one.group, id=one.id, why=_why(one)) for one in ranked)
    shared = shared_matters(summaries)
    return Overview(
        totals=totals, attention=attention, shared=shared, text="\n\n".join(_text(totals, attention, shared))
    )


def distinct(people: Iterable[Person]) -> tuple[int, bool]:
    """How many they are: one an account; who has none is told apart by the name, and that is said."""
    everybody = set(people)
    accounts = {one.account for one in everybody if one.account}
    known = {one.name for one in everybody if one.account}
    names = {one.name for one in everybody if not one.account} - known
    nameless = any(not one.account for one in everybody)
    return len(accounts) + len(names), nameless


def shared_matters(summaries: Sequence[Summary]) -> tuple[Shared, ...]:
    """What is told of in more than one group, the most people first."""
    found = [one for kind in KINDS for one in _of_kind(kind, summaries)]
    return tuple(sorted(found, key=lambda one: (not one.open, KINDS.index(one.kind), -one.people)))


def _of_kind(kind: MatterKind, summaries: Sequence[Summary]) -> Iterable[Shared]:
    rows = [(summary, one) for summary in summaries for one in summary.matters if one.kind == kind and one.people]
    telling = Telling([one.text for _, one in rows])
    clusters: list[list[tuple[Summary, Matter]]] = []
    heads: list[frozenset[str]] = []
    by_words: dict[frozenset[str], int] = {}
    by_word: dict[str, list[int]] = {}
    for summary, one in rows:
        words = terms(one.text)
        place = by_words.get(words)
        if place is None:
            place = _nearest(words, heads, by_word, telling)
        if place is None:
            place = len(clusters)
            clusters.append([])
            heads.append(words)
            for word in words:
                by_word.setdefault(word, []).append(place)
        by_words.setdefault(words, place)
        clusters[place].append((summary, one))
    for rows in clusters:
        groups = dict.fromkeys((summary.source, summary.group) for summary, _ in rows)
        if len(groups) >= SHORTEST:
            people, by_name = distinct(person for _, one in rows for person in one.people)
            yield Shared(
                kind=kind,
                text=rows[0][1].text,
                groups=tuple(group for _, group in groups),
                people=people,
                by_name=by_name,
                open=any(one.open for _, one in rows),
                where=tuple(
                    Place(group=summary.group, id=summary.id, text=one.text, messages=one.messages)
                    for summary, one in rows
                ),
            )


def _nearest(
    words: frozenset[str], heads: Sequence[frozenset[str]], by_word: dict[str, list[int]], telling: Telling
) -> int | None:
    """The matter that a line is of: they share telling words, and those are most of what the shorter one says."""
    scores: dict[int, float] = defaultdict(float)
    for word in words:
        if telling[word] > 0:
            for place in by_word.get(word, [])[-MOST_COMPARED:]:
                scores[place] += telling[word]
    own = sum(telling[word] for word in words)
    for place, score in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:FEW]:
        least = min(own, sum(telling[word] for word in heads[place]))
        if score >= ALIKE and score >= SHARE * least:
            return place
    return None


def _why(one: Summary) -> str:
    names = ("risks", "overdue", "complaints", "unanswered", "ads")
    return "、".join(says(f"many_{name}", count=count) for name, count in zip(names, one.needs, strict=True) if count)


def _text(totals: dict[str, int | bool], attention: Sequence[Attention], shared: Sequence[Shared]) -> list[str]:
    blocks = [says("many_totals", **{**totals, "by_name": says("many_by_name") if totals["members_by_name"] else ""})]
    if totals["failed"]:
        blocks[0] += says("many_failed", count=totals["failed"])
    rows = [says("many_group", group=one.group, why=one.why) for one in attention[:MOST_GROUPS]]
    if len(attention) > MOST_GROUPS:
        rows.append(says("more", count=len(attention) - MOST_GROUPS))
    blocks.append("\n".join((f"■ {says('many_first')}", *(rows or [says("many_quiet")]))))
    told = [_shared_line(one) for one in shared[:MOST_SHARED]]
    if len(shared) > MOST_SHARED:
        told.append(says("more", count=len(shared) - MOST_SHARED))
    return [*blocks, "\n".join((f"■ {says('many_shared')}", *told))] if told else blocks


def _shared_line(one: Shared) -> str:
    groups = "、".join(one.groups[:6]) + (f"等 {len(one.groups)} 个群" if len(one.groups) > 6 else "")
    by_name = says("many_by_name") if one.by_name else ""
    kind = says(f"many_kind_{one.kind}")
    return says(
        "many_matter",
        kind=kind,
        text=cut(one.text, 60),
        count=len(one.groups),
        groups=groups,
        people=one.people,
        by_name=by_name,
    )
