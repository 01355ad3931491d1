"""What several digests of one group leave open together: what a later one shows settled is gone."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from copilot.agenda.reading import Reading, same_matter
from copilot.agenda.records import Due, Matter
from copilot.tasks.digest.levels import LEVELS

RISK_LASTS = timedelta(days=3)
"""No later digest says that a risk is over: so long after it was seen it is no more told."""
SOON = timedelta(days=3)
_PRESSING: tuple[Due, ...] = ("overdue", "passed", "today", "soon", "", "later")


def open_matters(readings: Sequence[Reading], now: datetime) -> list[Matter]:
    """The open matters of one group, from its digests in the order of time."""
    found: list[Matter] = []
    for reading in readings:
        found = [one for one in found if not _overtaken(one, reading)]
        found += reading.matters
        found += [one for one in reading.again if not _among(one, found)]
    end = max((reading.end for reading in readings), default=now)
    return [_timed(one, now) for one in found if one.kind != "risk" or end - (one.said or end) <= RISK_LASTS]


def _overtaken(one: Matter, later: Reading) -> bool:
    """Whether a later digest has the last word: it read the same message itself, settles the matter, or tells it anew."""
    return later.covers(one.said) or _among(one, (*later.settled, *later.matters))


def _among(one: Matter, others: Iterable[Matter]) -> bool:
    return any(same_matter(one, other) for other in others)


def _timed(one: Matter, now: datetime) -> Matter:
    """A promise with how pressing it is now."""
    if one.kind != "promise" or one.when == "overdue" or one.due is None:
        return one
    when: Due = "later"
    if one.due < now:
        when = "passed"
    elif one.due.date() == now.date():
        when = "today"
    elif one.due - now <= SOON:
        when = "soon"
    return one.model_copy(update={"when": when})


def by_gravity(found: Iterable[Matter]) -> tuple[Matter, ...]:
    """The graver first, of the like the newer."""
    newest = sorted(found, key=_said, reverse=True)
    return tuple(sorted(newest, key=lambda one: LEVELS.index(one.level)))


def by_need(found: Iterable[Matter]) -> tuple[Matter, ...]:
    """Questions: those asked most often first, of the like the older."""
    return tuple(sorted(sorted(found, key=_said), key=lambda one: -one.again))


def by_time(found: Iterable[Matter]) -> tuple[Matter, ...]:
    """Promises: the most pressing first."""
    return tuple(sorted(sorted(found, key=lambda one: one.due.timestamp() if one.due else 0), key=_rank))


def _rank(one: Matter) -> int:
    return _PRESSING.index(one.when)


def _said(one: Matter) -> float:
    return one.said.timestamp() if one.said else 0.0
