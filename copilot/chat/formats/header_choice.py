"""Which of the lines that may be headers of a pasted chat are.

A body may hold a line that looks like a header ("集合  08:00"). What tells them apart: an exporter writes its headers
with or without blank lines around them, their times go forward, and their names come again.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from copilot.chat.formats.stamps import Stamp
from copilot.chat.formats.wording import label_words

_HABIT, _MOSTLY = 0.9, 0.65
_MANY = 8
_ITEM = re.compile(r"\d{1,3}\s?[.、)）]\s?(?!\d)|[-*•·#]\s|[①-⑳]")
_FIELD = re.compile(r"[\u4e00-\u9fff]{2,6}[:：]")
_HOUR, _HOURS = 3600, 6 * 3600


@dataclass(slots=True)
class Header:
    """A line that may begin a message. `line` and `body` are the places (from 0) of its first line and of what follows.

    `order` is its time in seconds on a scale of the source's own, `blank` whether a blank line stands before and after
    (None: that can't be told).
    """

    line: int
    body: int
    name: str
    key: str
    stamp: Stamp
    style: str
    blank: tuple[bool | None, bool | None]
    order: float = 0.0
    empty: bool = False


def choose(found: Sequence[Header]) -> list[Header]:
    """The candidates that are headers. Their `order` must be set."""
    if sum(later.order < earlier.order for earlier, later in pairwise(found)) * 3 > len(found) * 2:
        for header in found:  # the newest stands first
            header.order = -header.order
    spoken = _said_again(found)
    habits = _habits([header for header in found if header.key in spoken] or found)
    kept = [habits.kept_by(header) for header in found]
    usual = Counter(header.key for header, one in zip(found, kept, strict=True) if one)
    counted = Counter(header.key for header in found)
    firm = frozenset(key for key in spoken if usual[key] * 2 >= counted[key])
    steady, near = _in_step(found, firm, kept)
    known = Counter(header.key for place, header in enumerate(found) if steady[place] and kept[place])
    whole = _whole_pastes(found, steady, known)
    strong = [header.key in firm and kept[place] and steady[place] for place, header in enumerate(found)]
    chosen: list[Header] = []
    for place, header in enumerate(found):
        if chosen and header.line < chosen[-1].body:
            continue
        if not strong[place]:
            fits = steady[place] or whole[place]
            likely = [kept[place], fits, known[header.key] > 0 and header.key in firm].count(True) > 1
            first = bool(chosen) and place > 0 and chosen[-1] is found[place - 1] and found[place - 1].empty
            bare = header.empty and place + 1 < len(found) and strong[place + 1] and not (habits.before and near[place])
            last = header.empty and place + 1 == len(found) and not habits.before
            if (
                not likely
                or (is_label(header.key) and header.key not in spoken)
                or (habits.empty is False and (first or bare or last))
            ):
                continue
        chosen.append(header)
    return chosen


@lru_cache(maxsize=65536)
def is_label(key: str) -> bool:
    """Whether what stands before the time says when something is, or is an item of a list, rather than who."""
    begins, ends = label_words()
    return key.lower().endswith(ends) or key in begins or _ITEM.match(key) is not None or _FIELD.match(key) is not None


def _said_again(found: Sequence[Header]) -> frozenset[str]:
    """The names under which something is said more than once; one that reads as a label needs full dates that differ."""
    counted = Counter(header.key for header in found)
    moments: dict[str, set[float]] = {}
    for header in found:
        if header.stamp.year is not None and header.stamp.hour is not None:
            moments.setdefault(header.key, set()).add(header.order)
    saying = {
        header.key
        for header in found
        if not header.empty and (not is_label(header.key) or len(moments.get(header.key, ())) > 1)
    }
    return frozenset(key for key, count in counted.items() if count > 1 and key in saying)


@dataclass(frozen=True, slots=True)
class _Habits:
    """Whether headers have a blank line before and after them, and nothing below: always, never, or (None) now and then."""

    before: bool | None
    after: bool | None
    empty: bool | None

    def kept_by(self, header: Header) -> bool:
        """Whether a candidate stands as headers of the source do. Where text begins or ends, no blank line is needed."""
        before = self.before is None or header.blank[0] in {self.before, None}
        after = self.after is None or self.after == header.blank[1] or header.empty
        return before and after


def _habits(usual: Sequence[Header]) -> _Habits:
    return _Habits(
        before=_habit((header.key, header.blank[0]) for header in usual),
        after=_habit(((header.key, header.blank[1]) for header in usual), mostly=_HABIT),
        empty=_habit((header.key, header.empty) for header in usual),
    )


def _habit(seen: Iterable[tuple[str, bool | None]], mostly: float = _MOSTLY) -> bool | None:
    """Whether something is so at nearly all headers (True), hardly any (False), or now and then (None).

    Each name has one vote: a line that many bodies repeat is one name.
    """
    votes: dict[str, list[bool]] = {}
    for name, there in seen:
        if there is not None:
            votes.setdefault(name, []).append(there)
    shares = [sum(one) / len(one) for one in votes.values()]
    if not shares:
        return None
    always, never = sum(share >= mostly for share in shares), sum(share <= 1 - mostly for share in shares)
    return True if always >= len(shares) * _HABIT else False if never >= len(shares) * _HABIT else None


def _in_step(found: Sequence[Header], firm: frozenset[str], kept: Sequence[bool]) -> tuple[list[bool], list[bool]]:
    """For each candidate, whether its time goes forward with those of the names that come again; and whether those just
    before and after it are of the same hour.
    """
    again = [place for place, header in enumerate(found) if header.key in firm and kept[place]]
    rise = _longest_rise(found, again or [place for place in range(len(found)) if kept[place]])
    steady, near = [False] * len(found), [False] * len(found)
    for before, after in pairwise([-1, *rise, len(found)]):
        least = found[before].order if before >= 0 else float("-inf")
        most = found[after].order if after < len(found) else float("inf")
        if before >= 0:
            steady[before] = True
        others = [
            place
            for place in range(before + 1, after)
            if kept[place] and found[place].key not in firm and least <= found[place].order <= most
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
