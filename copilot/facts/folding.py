"""Fold disguised spellings to the plain ones, keeping the way back to the original text.

`全/网/最/低`, `zuì低`, `ＶＸ`, `獨家` and words with zero-width characters inside all read the same
to a person. `fold` makes them read the same to a pattern; `Folded` says where each character came from.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from copilot.lore import load_yaml

_HAN = "\u3400-\u9fff"
# Marks nobody writes inside a word by accident; they go wherever they stand between two Han characters.
_ODD_MARK = re.compile(rf"(?<=[{_HAN}])(?:\*{{1,2}}|_{{1,2}}|[.·•|^\\])(?=[{_HAN}])")
# Marks that also separate real words; they go only beside a character left standing alone ("全/网/最低").
_SOFT = r"[ /\-+、]"
_SOFT_MARK = re.compile(
    rf"(?<=[{_HAN}]){_SOFT}(?=[{_HAN}](?:[^{_HAN}]|\Z))"  # the next character stands alone
    rf"|(?:(?<=\A[{_HAN}])|(?<=[^{_HAN}][{_HAN}])){_SOFT}(?=[{_HAN}])"  # the last one does
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, for each of its characters, the stretch of the original it stands for (code points)."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def origin(self, index: int) -> int:
        """The original offset where folded character `index` begins; `len(text)` gives the end of the last one."""
        if index < len(self.starts):
            return self.starts[index]
        return self.ends[-1] if self.ends else 0

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original stretch, end exclusive, that the folded stretch `start:end` stands for."""
        if end <= start:
            return self.origin(start), self.origin(start)
        return self.starts[start], max(self.ends[start:end])


@dataclass(frozen=True, slots=True)
class _Tables:
    characters: Mapping[str, str]
    spellings: Mapping[str, str]
    spelling: re.Pattern[str]


@cache
def _tables() -> _Tables:
    """The hand-kept tables of knowledge/wording/folding.yaml."""
    data = load_yaml("wording", "folding.yaml")
    characters = {pair[0]: pair[1] for line in data["simplified"] for pair in line.split()}
    spellings: dict[str, str] = data["spellings"]
    ordered = sorted(spellings, key=len, reverse=True)
    # A Latin spelling counts only beside Han text, so that no English word is rewritten.
    latin = [re.escape(word) for word in ordered if word.isascii()]
    other = [re.escape(word) for word in ordered if not word.isascii()]
    near = rf"(?<![a-z])(?:{'|'.join(latin)})(?=[{_HAN}])|(?<=[{_HAN}])(?:{'|'.join(latin)})(?![a-z])"
    return _Tables(characters, spellings, re.compile("|".join([*other, near])))


@cache
def _fold_character(character: str) -> str:
    """One character without width, accent, case or invisibility; may be empty or several."""
    parts = unicodedata.normalize("NFKD", character)
    kept = "".join(part for part in parts if unicodedata.category(part) not in {"Mn", "Me", "Cf"}).lower()
    return "".join(_tables().characters.get(part, part) for part in kept)


def fold(text: str) -> Folded:
    """Fold `text`: compatibility forms, invisible characters, accents, case, traditional characters,
    separators inside words, and the homophone spellings of knowledge/wording/folding.yaml.
    """
    letters: list[str] = []
    starts: list[int] = []
    for index, character in enumerate(text):
        for letter in _fold_character(character):
            letters.append(letter)
            starts.append(index)
    folded = Folded("".join(letters), tuple(starts), tuple(start + 1 for start in starts))
    for marks in (_ODD_MARK, _SOFT_MARK):
        folded = _replace(folded, marks, lambda _: "")
    tables = _tables()
    return _replace(folded, tables.spelling, lambda found: tables.spellings[found])


def _replace(folded: Folded, pattern: re.Pattern[str], replacement: Callable[[str], str]) -> Folded:
    """`folded` with every match replaced; each new character stands for the whole stretch it replaced."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for match in pattern.finditer(folded.text):
        new = replacement(match.group())
        first, last = match.span()
        pieces += [folded.text[position:first], new]
        starts += [*folded.starts[position:first], *[folded.starts[first]] * len(new)]
        ends += [*folded.ends[position:first], *[folded.ends[last - 1]] * len(new)]
        position = last
    if position == 0:
        return folded
    pieces.append(folded.text[position:])
    starts += folded.starts[position:]
    ends += folded.ends[position:]
    return Folded("".join(pieces), tuple(starts), tuple(ends))
