"""Which of the lines that may be headers of a pasted chat are.

A body may hold a line that looks like a header ("集合  08:00"). What tells them apart: an exporter writes its headers
with or without blank lines around them, their times go forward, and their names come again.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from copilot.chat.formats.stamps import Stamp
from copilot.chat.formats.wording import label_words

_HABIT, _MOSTLY = 0.9, 0.7
_MANY = 8
_HOUR, _HOURS = 3600, 6 * 3600


@dataclass(slots=True)
class Header:
    """A line that may begin a message. `line` and `body` are the places (from 0) of its first line and of what follows.

    `order` is its time in seconds on a scale of the source's own, `blank` whether a blank line stands before and after.
    """

    line: int
    body: int
    name: str
    key: str
    stamp: Stamp
    style: str
    blank: tuple[bool, bool]
    order: float = 0.0
    empty: bool = False


def choose(found: Sequence[Header]) -> list[Header]:
    """The candidates that are headers. Their `order` must be set."""
    if sum(later.order < earlier.order for earlier, later in pairwise(found)) * 3 > len(found) * 2:
        for header in found:  # the newest stands first
            header.order = -header.order
    spoken = _said_again(found)
    usual = [header for header in found if header.key in spoken] or found
    habits = _Habits(
        before=_habit((header.key, header.blank[0]) for header in usual),
        after=_habit((header.key, header.blank[1]) for header in usual),
        empty=_habit((header.key, header.empty) for header in usual),
    )
    kept = [habits.kept_by(header) for header in found]
    steady, near = _in_step(found, spoken, kept)
    known = Counter(header.key for place, header in enumerate(found) if steady[place] and kept[place])
    whole = _whole_pastes(found, steady, known)
    chosen: list[Header] = []
    for place, header in enumerate(found):
        if chosen and header.line < chosen[-1].body:
            continue
        fits = steady[place] or whole[place]
        recurs = header.key in spoken and known[header.key] > (1 if steady[place] and kept[place] else 0)
        sure = recurs or (fits and not _is_unlikely(header, habits, near=near[place]))
        if not fits:
            sure = recurs and not _is_unlikely(header, habits, near=False)
        if sure and (kept[place] or (recurs and fits)):
            chosen.append(header)
    return chosen


def _said_again(found: Sequence[Header]) -> frozenset[str]:
    """The names under which something is said more than once; all, where none is."""
    counted = Counter(header.key for header in found)
    saying = {header.key for header in found if not header.empty}
    again = frozenset(key for key, count in counted.items() if count > 1 and key in saying)
    return again or frozenset(header.key for header in found)


@dataclass(frozen=True, slots=True)
class _Habits:
    """Whether headers have a blank line before and after them, and nothing below: always, never, or (None) now and then."""

    before: bool | None
    after: bool | None
    empty: bool | None

    def kept_by(self, header: Header) -> bool:
        """Whether a candidate stands as headers of the source do. Where text begins or ends, no blank line is needed."""
        before = self.before is None or self.before == header.blank[0] or header.line == 0
        after = self.after is None or self.after == header.blank[1] or header.empty
        return before and after


def _habit(seen: Iterable[tuple[str, bool]]) -> bool | None:
    """Whether something is so at nearly all headers (True), hardly any (False), or now and then (None).

    Each name has one vote: a line that many bodies repeat is one name.
    """
    votes: dict[str, list[bool]] = {}
    for name, there in seen:
        votes.setdefault(name, []).append(there)
    shares = [sum(one) / len(one) for one in votes.values()]
    always, never = sum(share >= _MOSTLY for share in shares), sum(share <= 1 - _MOSTLY for share in shares)
    return True if always >= len(shares) * _HABIT else False if never >= len(shares) * _HABIT else None


def _is_unlikely(header: Header, habits: _Habits, *, near: bool) -> bool:
    """Whether a name that does not come again is no name: nothing is said below it, or it says when something is."""
    if habits.empty is False and header.empty and not (near and habits.before is True):
        return True
    if habits.before is True and header.stamp.dated:
        return False
    begins, ends = label_words()
    return header.key.lower().endswith(ends) or header.key in begins


def _in_step(found: Sequence[Header], spoken: frozenset[str], kept: Sequence[bool]) -> tuple[list[bool], list[bool]]:
    """For each candidate, whether its time goes forward with those of the names that come again; and whether those just
    before and after it are of the same hour.
    """
    firm = [place for place, header in enumerate(found) if header.key in spoken]
    rise = _longest_rise(found, firm)
    steady, near = [False] * len(found), [False] * len(found)
    for before, after in pairwise([-1, *rise, len(found)]):
        least = found[before].order if before >= 0 else float("-inf")
        most = found[after].order if after < len(found) else float("inf")
        if before >= 0:
            steady[before] = True
        others = [
            place
            for place in range(before + 1, after)
            if kept[place] and found[place].key not in spoken and least <= found[place].order <= most
        ]
        for place in _longest_rise(found, others) if len(others) > 1 else others:
            steady[place], near[place] = True, most - least <= _HOUR
    return steady, near


def _longest_rise(found: Sequence[Header], places: Sequence[int]) -> list[int]:
    """Of these places, those on the longest stretch of times that never run back."""
    tails: list[float] = []
    ends: list[int] = []
    before: dict[int, int] = {}
    for place in places:
        at = bisect_right(tails, found[place].order)
        before[place] = ends[at - 1] if at else -1
        tails[at : at + 1] = [found[place].order]
        ends[at : at + 1] = [place]
    rise: list[int] = []
    place = ends[-1] if ends else -1
    while place >= 0:
        rise.append(place)
        place = before[place]
    return rise[::-1]


def _whole_pastes(found: Sequence[Header], orderly: Sequence[bool], known: Counter[str]) -> list[bool]:
    """For each candidate, whether it is out of order only because a whole other paste is.

    A run of foreign names between two messages of the same hours is no paste of this chat: somebody pasted another one.
    """
    whole = [False] * len(found)
    start = 0
    for place in range(len(found) + 1):
        if place < len(found) and not orderly[place]:
            continue
        run = found[start:place]
        between = start > 0 and place < len(found) and found[place].order - found[start - 1].order < _HOURS
        members = sum(known[header.key] > 0 for header in run)
        if len(run) > 1 and (members * 3 >= len(run) or (not between and _comes_again(run))):
            whole[start:place] = [True] * len(run)
        start = place + 1
    return whole


def _comes_again(run: Sequence[Header]) -> bool:
    return len(run) >= _MANY or len({header.key for header in run}) < len(run)


def set_order(found: Iterable[Header], days: dict[int, date | None]) -> None:
    """Put the candidates on one scale of time. `days` has the day of each, by its line, where it is known.

    Without a day, a clock that falls by more than half a day has passed midnight.
    """
    day, latest, offset = None, 0.0, 0
    for header in found:
        said = days.get(header.line)
        if said is not None:
            day, offset, latest = said, 0, 0.0
            header.order = said.toordinal() * 86400.0 + header.stamp.seconds
            continue
        seconds = float(header.stamp.seconds)
        if latest - seconds > timedelta(hours=12).total_seconds():
            offset += 1
            latest = 0.0
        latest = max(latest, seconds)
        header.order = ((day.toordinal() if day else 0) + offset) * 86400.0 + seconds
