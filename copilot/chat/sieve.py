"""What of a message could matter at all: which word groups may stand in it, told from its characters.

A hundred word groups looked for in a hundred thousand messages take a minute; hardly any message holds the words a
combination of groups needs. `Sieve` lists, for every group, grams (characters and pairs of neighbours) of which each
match contains at least one; one pass over a text then says which groups may stand there. It never says no where a
group does stand.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

from copilot.facts.prefilter import required


class Sieve:
    """Word groups by name, each a list of regular expressions of our lexicons' dialect, as bits of one number."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
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

    def any_of(self, names: Iterable[str]) -> int:
        """The bits of these groups."""
        bits = 0
        for name in names:
            bits |= self.bits[name]
        return bits
