"""From many edits to what may be proposed: seen often enough, rarely contradicted, and told with its receipts."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from statistics import median

from copilot.learning.edits import Edit, edits
from copilot.learning.following import follow
from copilot.learning.manners import last_line_of, lore, salutation_of
from copilot.learning.noticing import Change, changes
from copilot.records import Record
from copilot.store import Habit, LineChange, Store, compare


class Receipt(Record):
    """One draft for or against a habit: the line of it that the habit is about, as written and as sent ("": gone)."""

    draft: str
    at: datetime
    before: str
    after: str


class Proposal(Record):
    """A habit for the operator to agree to: what was `seen`, and what would be kept.

    `times` of `chances` drafts show it; `receipts` are some of these, `against` some of those that do not.
    """

    habit: Habit
    seen: str
    keeps: str
    times: int
    chances: int
    receipts: tuple[Receipt, ...]
    against: tuple[Receipt, ...] = ()


def proposals(store: Store, group: str | None = None) -> tuple[Proposal, ...]:
    """What the edits show and nobody was asked about yet: for one group with what holds for every group, or all of it.

    Raises `StorageError`.
    """
    decided = {one.habit.id for one in store.habits()}
    found = proposed(edits(store))
    return tuple(one for one in found if one.habit.id not in decided and group in (None, one.habit.group or group))


@lru_cache(maxsize=16)
def proposed(made: tuple[Edit, ...]) -> tuple[Proposal, ...]:
    """The habits that these edits show: first those seen in several groups (or in none), then those of one group."""
    noticed = {edit: frozenset(changes(edit)) for edit in made}
    groups = dict.fromkeys(edit.group for edit in noticed)
    found: list[Proposal] = []
    if len(groups) > 1 or "" in groups:
        found += _of_scope("", noticed, ())
    wide = [one.habit for one in found]
    for group in filter(None, groups):
        found += _of_scope(group, {edit: told for edit, told in noticed.items() if edit.group == group}, wide)
    return tuple(found)


def _of_scope(group: str, noticed: Mapping[Edit, frozenset[Change]], wide: Iterable[Habit]) -> Iterator[Proposal]:
    """The proposals of one scope, the best shown first; what another one explains already is not proposed again."""
    now = {edit: edit.before for edit in noticed}
    for habit in wide:
        now = {edit: follow(habit, text, edit.said) for edit, text in now.items()}
    weighed = [_weighed(habit, showing, noticed) for habit, showing in _candidates(group, noticed)]
    for one in sorted(filter(None, weighed), key=_rank):
        new = {edit: follow(one.habit, text, edit.said) for edit, text in now.items()}
        explained = {edit.draft for edit in now if new[edit] != now[edit] and _conforms(one.habit, edit)}
        if one.habit.kind == "shorter" or len(explained) >= lore()["seen"]:
            now = new
            yield one


def _rank(one: Proposal) -> tuple[bool, int, int, int]:
    """What says where it stands goes before mere words, then what is shown more often, then the longer words."""
    return one.habit.kind == "words", -one.times, one.chances, -len(one.habit.old)


def _candidates(group: str, noticed: Mapping[Edit, frozenset[Change]]) -> Iterator[tuple[Habit, list[Edit]]]:
    """Each change that enough drafts show, as a habit, with those drafts."""
    showing: dict[Change, list[tuple[Edit, str]]] = {}
    for edit, found in noticed.items():
        for change in found:
            showing.setdefault(_alike(change), []).append((edit, change.old))
    for change, rows in showing.items():
        mine = [edit for edit, _ in rows]
        known = Counter(old for _, old in rows if old)
        everywhere = bool(group) or len({edit.group for edit in mine}) > 1 or not mine[0].group
        if everywhere and len({edit.draft for edit in mine}) >= lore()["seen"]:
            yield _habit(group, change._replace(old=known.most_common(1)[0][0] if known else ""), mine), mine


def _alike(change: Change) -> Change:
    """The change as it is counted: what a salutation, a last line or a mark was before may differ from draft to draft."""
    if change.kind in ("words", "line") or not change.new:
        return change if change.kind != "salutation" else change._replace(old="")
    return change._replace(old="…" if change.old and change.kind == "salutation" else "")


def _habit(group: str, change: Change, mine: Sequence[Edit]) -> Habit:
    told = "\n".join((group, *_alike(change)))
    return Habit(
        id=hashlib.sha256(told.encode()).hexdigest()[:8],
        group=group,
        jobs=tuple(job for job in lore()["jobs"] if any(edit.job == job for edit in mine)),
        kind=change.kind,
        old=change.old,
        new=change.new,
        does=_said("does", change),
    )


def _said(what: str, change: Change | Habit, **more: object) -> str:
    name = change.kind if change.old and change.new else f"{change.kind}-in" if change.new else f"{change.kind}-out"
    return str(lore()[what][name]).format(old=change.old.strip(), new=change.new.strip(), **more)


def _conforms(habit: Habit, edit: Edit) -> bool:
    """Whether the operator's own text is as the habit has it."""
    if habit.kind == "shorter":
        return bool(len(edit.after) <= len(edit.before) * lore()["shorter"])
    return follow(habit, edit.after, edit.said) == edit.after


def _weighed(habit: Habit, showing: Sequence[Edit], noticed: Iterable[Edit]) -> Proposal | None:
    """The proposal, unless the drafts in which the habit could show contradict it."""
    mine = [edit for edit in noticed if edit.job in habit.jobs]
    could = [edit for edit in mine if habit.kind == "shorter" or follow(habit, edit.before, edit.said) != edit.before]
    against = [edit for edit in could if not _conforms(habit, edit)]
    shown = [edit for edit in showing if edit not in against]
    times = len({edit.draft for edit in shown})
    chances = times + len({edit.draft for edit in against})
    if times < lore()["seen"] or times < chances * lore()["share"]:
        return None
    share = round(100 * median(len(edit.after) / max(len(edit.before), 1) for edit in shown))
    keeps = str(lore()["keeps"][kept_as(habit)]).format(scope=scope_of(habit), jobs=jobs_of(habit))
    most = lore()["receipts"]
    return Proposal(
        habit=habit,
        seen=_said("did", habit, share=share),
        keeps=keeps,
        times=times,
        chances=chances,
        receipts=tuple(_receipt(habit, edit) for edit in shown[:most]),
        against=tuple(_receipt(habit, edit) for edit in against[:most]),
    )


def kept_as(habit: Habit) -> str:
    """Where a habit is kept besides the drafts: `rule`, `note`, or nowhere else (`tone`)."""
    if habit.kind == "shorter":
        return "note"
    return "rule" if habit.kind == "words" and not habit.new and any(map(str.isalnum, habit.old)) else "tone"


def scope_of(habit: Habit) -> str:
    """The group it holds for, in words."""
    return habit.group or str(lore()["everywhere"])


def jobs_of(habit: Habit) -> str:
    """The jobs it holds for, in words."""
    return "、".join(lore()["jobs"][job] for job in habit.jobs)


def _receipt(habit: Habit, edit: Edit) -> Receipt:
    if measure := _MEASURED.get(habit.kind):
        before, after = measure(edit.before), measure(edit.after)
    else:
        wanted = _changed(edit.before, follow(habit, edit.before, edit.said))
        before = next((row.old for row in wanted if row.old), "")
        sent = next((row.new for row in compare(edit.before, edit.after).lines if before and row.old == before), None)
        after = (sent if before else next((row.new for row in wanted if row.new), "")) or ""
    return Receipt(draft=edit.draft, at=edit.at, before=before, after=after)


_MEASURED: dict[str, Callable[[str], str]] = {
    "salutation": lambda text: text[slice(*salutation_of(text))].strip(),
    "ending": last_line_of,
    "shorter": lambda text: f"{len(text)} 字",
    "blank-lines": lambda text: f"{text.strip().count(chr(10) * 2)} 处空行",
}


def _changed(old: str, new: str) -> list[LineChange]:
    return [row for row in compare(old, new).lines if row.kind != "same"]
