"""What of a text could matter at all: which groups of words may stand in it, told from its characters.

A hundred groups looked for in a hundred thousand messages take a minute; hardly any message holds the words a
group needs. `Sieve` lists, for every group, grams (characters and pairs of neighbours) of which each match contains
at least one; one pass over a text then says which groups may stand there. It never says no where a group does stand.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Generic, TypeVar

from copilot.facts.prefilter import required

Name = TypeVar("Name", bound=Hashable)


class Sieve(Generic[Name]):
    """Groups of words by name, each a list of regular expressions of our lexicons' dialect, as bits of one number."""

    def __init__(self, groups: Mapping[Name, Iterable[str]]) -> None:
        self._names = tuple(groups)
        self.bits = {name: 1 << at for at, name in enumerate(groups)}
        self._always = 0
        self._by_gram: dict[str, int] = {}
        for name, patterns in groups.items():
            for pattern in patterns:
                needed = required(pattern)
                if needed is None:
                    self._always |= self.bits[name]
                for gram in needed or ():
                    self._by_gram[gram] = self._by_gram.get(gram, 0) | self.bits[name]

    @cached_property
    def _reversed(self) -> dict[str, int]:
        turned: dict[str, int] = {}
        for gram, groups in self._by_gram.items():
            turned[gram[::-1]] = turned.get(gram[::-1], 0) | groups
        return turned

    def groups(self, found: set[str], *, backwards: bool = False) -> int:
        """Which groups may stand in a text of these grams (or in the same text read backwards)."""
        by_gram = self._reversed if backwards else self._by_gram
        groups = self._always
        for gram in by_gram.keys() & found:
            groups |= by_gram[gram]
        return groups

    def possible(self, found: set[str]) -> Iterator[Name]:
        """The names of the groups that may stand in a text of these grams."""
        return (self._names[at] for at in places(self.groups(found)))

    def any_of(self, names: Iterable[Name]) -> int:
        """The bits of these groups."""
        bits = 0
        for name in names:
            bits |= self.bits[name]
        return bits


def places(bits: int) -> Iterator[int]:
    """The numbers of the bits that are set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
