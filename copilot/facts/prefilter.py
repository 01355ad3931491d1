"""What a sentence must hold before a pattern can match in it, read from the pattern itself.

A hundred patterns over a long text are slow; most sentences hold none of the words a pattern needs. `required`
finds, for a regular expression of the dialect our lexicons use, a set of grams (single characters or pairs of
neighbours) of which every match contains at least one. `grams` lists those of a sentence; if the two sets share
nothing, the sentence need not be searched.
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise, product
from operator import concat
from typing import NamedTuple

Grams = frozenset[str]
_QUANTIFIERS = "?*+{"
_LITERALS = re.compile(r"[^\\\[\](){}.^$|?*+]+(?![?*+{])")
"""Characters that stand for themselves; a quantifier takes the last of them for itself."""
_MOST_PAIRS = 120
_EVERYDAY = frozenset("的一是不了在有我你他这就都也和要")
_LETTERS = frozenset(" etaoinsrhldu")


def grams(sentence: str) -> set[str]:
    """The characters of `sentence` and its pairs of neighbours."""
    return {*sentence, *map(concat, sentence, sentence[1:])}


def required(expression: str) -> Grams | None:
    """Grams of which every match of `expression` contains at least one; `None` where nothing is certain.

    Knows literals, classes, groups, alternation, lookarounds and quantifiers; whatever else stands in the
    expression counts as unknown, which is always safe.
    """
    return _Reader(expression).alternatives().certain


def alternatives(expression: str) -> list[str]:
    """The expression cut at its outermost `|`."""
    parts, depth, start, inside, escaped = [], 0, 0, False, False
    for at, one in enumerate(expression):
        if escaped or one == "\\":
            escaped = not escaped
        elif inside or one == "[":
            inside = one != "]"
        elif one in "()":
            depth += 1 if one == "(" else -1
        elif one == "|" and not depth:
            parts.append(expression[start:at])
            start = at + 1
    return [*parts, expression[start:]]


class _Part(NamedTuple):
    """What is certain of a stretch: grams it must contain, and the characters it can begin and end with.

    `None` is "anything". `width` is false for what matches without taking a character.
    """

    certain: Grams | None = None
    firsts: Grams | None = None
    lasts: Grams | None = None
    width: bool = True


_NOWHERE = _Part(width=False)


@cache
def _one_of(characters: str) -> _Part:
    listed = frozenset(characters)
    return _Part(listed, listed, listed)


@cache
def _literal(run: str) -> _Part:
    """Characters in a row: of their pairs of neighbours the one that says most."""
    candidates: list[Grams] = [frozenset((one + other,)) for one, other in pairwise(run)] or [frozenset(run)]
    return _Part(min(candidates, key=_commonness), frozenset(run[0]), frozenset(run[-1]))


class _Reader:
    """A recursive descent over one expression; each method says what its part makes certain."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.position = 0

    def alternatives(self) -> _Part:
        """Branches up to the group's end: certain only if each of them is."""
        branches = [self.sequence()]
        while self._peek() == "|":
            self.position += 1
            branches.append(self.sequence())
        return _Part(
            _either(branch.certain for branch in branches),
            _either(branch.firsts for branch in branches),
            _either(branch.lasts for branch in branches),
        )

    def sequence(self) -> _Part:
        """Parts that must all be there; neighbours make pairs, and the rarest set filters best."""
        candidates: list[Grams] = []
        firsts: Grams | None = None
        tails: Grams | None = None
        begun = False
        while (following := self._peek()) and following not in "|)":
            part = self.part()
            if not part.width:
                continue
            optional = self.quantifier()
            if not optional:
                candidates += [certain for certain in (part.certain, _pairs(tails, part.firsts)) if certain]
            if not begun:
                firsts, begun = (None if optional else part.firsts), True
            tails = _either((tails, part.lasts)) if optional else part.lasts
        certain = min(candidates, key=_commonness, default=None)
        return _Part(certain, firsts, tails)

    def part(self) -> _Part:
        """One atom, or literal characters in a row: a class, or a group."""
        if run := _LITERALS.match(self.expression, self.position):
            self.position = run.end()
            return _literal(run[0])
        character = self.expression[self.position]
        self.position += 1
        if character == "[":
            return self.character_class()
        if character == "(":
            return self.group()
        if character == "\\":
            character = self.expression[self.position]
            self.position += 1
            return _Part() if character.isalnum() else _one_of(character)
        return _Part() if character in ".^$" else _one_of(character)

    def group(self) -> _Part:
        """A group; a lookaround makes nothing certain about the match itself."""
        looks_around = False
        if self._peek() == "?":
            head = self.expression[self.position : self.position + 3]
            if head == "?P=":  # what a group has matched
                self.position = self.expression.index(")", self.position) + 1
                return _Part()
            if head[1] == "P":
                self.position = self.expression.index(">", self.position) + 1
            else:
                looks_around = head[1] in "=!<"
                self.position += 3 if head[1] == "<" else 2
        inside = self.alternatives()
        self.position += 1
        return _NOWHERE if looks_around else inside

    def character_class(self) -> _Part:
        """The characters of a plain class; ranges, escapes and negation are not listed."""
        end = self.position + 1
        while self.expression[end] != "]":
            end += 2 if self.expression[end] == "\\" else 1
        inside = self.expression[self.position : end]
        self.position = end + 1
        return _Part() if inside.startswith("^") or "\\" in inside or "-" in inside else _one_of(inside)

    def quantifier(self) -> bool:
        """Whether a quantifier follows that allows the atom to be absent."""
        following = self._peek()
        if not following or following not in _QUANTIFIERS:
            return False
        start = self.position
        self.position = self.expression.index("}", start) + 1 if following == "{" else start + 1
        absent = following in "?*" or self.expression[start : start + 2] in ("{0", "{,")
        if self._peek() in ("?", "+"):  # lazy or possessive
            self.position += 1
        return absent

    def _peek(self) -> str:
        return self.expression[self.position : self.position + 1]


@cache
def _commonness(found: Grams) -> tuple[int, int, int]:
    """How often texts hold one of the grams, roughly: lone characters most, then what everyday characters make."""
    return -min(map(len, found)), sum(map(_everyday, found)), len(found)


@cache
def _everyday(gram: str) -> bool:
    return _LETTERS.issuperset(gram) or gram.isdigit() or not _EVERYDAY.isdisjoint(gram)


def _either(known: Iterable[Grams | None]) -> Grams | None:
    """One of several: certain only where each is."""
    listed = list(known)
    certain = [one for one in listed if one is not None]
    return frozenset().union(*certain) if certain and len(certain) == len(listed) else None


def _pairs(tails: Grams | None, firsts: Grams | None) -> Grams | None:
    """The pairs that stand where one part meets the next."""
    if tails is None or firsts is None or len(tails) * len(firsts) > _MOST_PAIRS:
        return None
    return frozenset(last + first for last, first in product(tails, firsts))
