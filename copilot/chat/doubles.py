"""Overlapping pastes: what stands in two of them is one message.

A paste is a stretch whose times do not run back. Two pastes overlap when most of what each has in the time both cover
is the same in the same order; then what is the same is there twice. Two equal messages in one paste are two messages.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from copilot.chat.formats.base import Entry
from copilot.chat.formats.wording import plain
from copilot.chat.members import Members

_Key = tuple[str, int, str, str]
_SHARE = 0.6
_LONG = 8
"""From so many characters on, a single message at a joint is told apart from a short answer given twice."""
_ALIKE = 20
"""How many equal messages of one minute are looked at: who sends more is flooding."""
_NEVER = -1


@dataclass
class _Paste:
    """A stretch of entries, by their places in the whole, with the minute of each."""

    places: list[int] = field(default_factory=list)
    minutes: list[int] = field(default_factory=list)

    def between(self, first: int, last: int) -> range:
        """Which of its entries fall between two minutes, both included."""
        return range(bisect_left(self.minutes, first), bisect_right(self.minutes, last))


def without_doubles(pieces: Sequence[Sequence[Entry]], members: Members) -> tuple[list[Entry], int]:
    """All entries of the pieces (files, pastes) in their order, without those there twice, and how many those were."""
    entries = [entry for piece in pieces for entry in piece]
    pastes = list(_pastes(pieces))
    if len(pastes) < 2:
        return entries, 0
    doubles: set[int] = set()
    seen: dict[_Key, list[tuple[int, int]]] = {}
    for number, paste in enumerate(pastes):
        keys = [
            _key(entries[place], minute, members) for place, minute in zip(paste.places, paste.minutes, strict=True)
        ]
        found: dict[int, list[tuple[int, int]]] = {}
        for here, key in enumerate(keys):
            for earlier, there in seen.get(key, ()):
                found.setdefault(earlier, []).append((there, here))
        for earlier, pairs in found.items():
            doubles.update(paste.places[here] for here in _same(pastes[earlier], paste, _in_step(pairs), entries))
        for here, key in enumerate(keys):
            if len(known := seen.setdefault(key, [])) < _ALIKE:
                known.append((number, here))
    return [entry for place, entry in enumerate(entries) if place not in doubles], len(doubles)


def _key(entry: Entry, minute: int, members: Members) -> _Key:
    return members.key(entry), minute, entry.kind, plain(entry.text or entry.enclosed)


def _pastes(pieces: Sequence[Sequence[Entry]]) -> Iterator[_Paste]:
    """The stretches in which time does not run back; every piece begins one."""
    place = 0
    for piece in pieces:
        known = next((entry.time for entry in piece if entry.time is not None), None)
        held = int(known.timestamp()) // 60 if known is not None else _NEVER
        paste = _Paste()
        for entry in piece:
            minute = int(entry.time.timestamp()) // 60 if entry.time is not None else held
            if minute < held and paste.places:
                yield paste
                paste = _Paste()
            held = minute
            paste.places.append(place)
            paste.minutes.append(minute)
            place += 1
        if paste.places:
            yield paste


def _in_step(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs of places that go forward on both sides, each place once."""
    kept: list[tuple[int, int]] = []
    for there, here in pairs:
        if not kept or (there > kept[-1][0] and here > kept[-1][1]):
            kept.append((there, here))
    return kept


def _same(earlier: _Paste, later: _Paste, pairs: list[tuple[int, int]], entries: Sequence[Entry]) -> list[int]:
    """Which entries of the later paste are there twice: none unless the pastes overlap."""
    ids = [here for there, here in pairs if _one_id(entries[earlier.places[there]], entries[later.places[here]])]
    if earlier.minutes[-1] == _NEVER or later.minutes[-1] == _NEVER:
        run = len(pairs) >= 2 and pairs[0][1] == 0 and pairs[-1][0] == len(earlier.places) - 1
        whole = run and pairs[-1][0] - pairs[0][0] == pairs[-1][1] == len(pairs) - 1
        return [here for _, here in pairs] if whole else ids
    first = max(earlier.minutes[0], later.minutes[0])
    last = min(earlier.minutes[-1], later.minutes[-1])
    common = min(len(earlier.between(first, last)), len(later.between(first, last)))
    if len(pairs) >= 2 and len(pairs) >= common * _SHARE:
        return [here for _, here in pairs]
    if len(pairs) == common == 1 and len(entries[later.places[pairs[0][1]]].text) >= _LONG:
        return [pairs[0][1]]
    return ids


def _one_id(one: Entry, other: Entry) -> bool:
    return bool(one.source_id) and one.source_id == other.source_id
