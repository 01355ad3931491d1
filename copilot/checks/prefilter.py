"""What a sentence must hold before a pattern can match in it, read from the pattern itself.

A hundred patterns over a long text are slow; most sentences hold none of the words a pattern needs. `required`
finds, for a regular expression of the dialect our lexicons use, a set of grams (single characters or pairs of
neighbours) of which every match contains at least one. `grams` lists those of a sentence; if the two sets share
nothing, the sentence need not be searched.
"""

from itertools import pairwise

Grams = frozenset[str]
_QUANTIFIERS = "?*+{"


def grams(sentence: str) -> set[str]:
    """The characters of `sentence` and its pairs of neighbours."""
    return {*sentence, *(first + second for first, second in pairwise(sentence))}


def required(expression: str) -> Grams | None:
    """Grams of which every match of `expression` contains at least one; `None` where nothing is certain.

    Knows literals, classes, groups, alternation, lookarounds and quantifiers; whatever else stands in the
    expression counts as unknown, which is always safe.
    """
    return _Reader(expression).alternatives()


class _Reader:
    """A recursive descent over one expression; each method returns the grams its part makes certain."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.position = 0

    def alternatives(self) -> Grams | None:
        """Branches up to the group's end: certain only if each of them is."""
        branches = [self.sequence()]
        while self._peek() == "|":
            self.position += 1
            branches.append(self.sequence())
        certain = [branch for branch in branches if branch is not None]
        return frozenset().union(*certain) if len(certain) == len(branches) else None

    def sequence(self) -> Grams | None:
        """Parts that must all be there: the one with the fewest grams filters best, a pair before a character."""
        candidates: list[Grams] = []
        literal = ""
        while (following := self._peek()) and following not in "|)":
            character, certain = self.part()
            optional = self.quantifier()
            if character and optional is None:
                literal += character
                continue
            candidates += _of_literal(literal)
            literal = ""
            if not optional and (certain or character):
                candidates.append(certain or frozenset(character))
        candidates += _of_literal(literal)
        return min(candidates, key=lambda found: (len(found), -max(map(len, found))), default=None)

    def part(self) -> tuple[str, Grams | None]:
        """One atom: a literal character, or the grams of a class or group."""
        character = self.expression[self.position]
        self.position += 1
        if character == "[":
            return "", self.character_class()
        if character == "(":
            return "", self.group()
        if character == "\\":
            escaped = self.expression[self.position]
            self.position += 1
            return ("", None) if escaped.isalnum() else (escaped, None)
        return ("", None) if character in ".^$" else (character, None)

    def group(self) -> Grams | None:
        """A group; a lookaround makes nothing certain about the match itself."""
        looks_around = False
        if self._peek() == "?":
            head = self.expression[self.position : self.position + 3]
            if head[1] == "P":
                self.position = self.expression.index(">", self.position) + 1
            else:
                looks_around = head[1] in "=!<"
                self.position += 3 if head[1] == "<" else 2
        inside = self.alternatives()
        self.position += 1
        return None if looks_around else inside

    def character_class(self) -> Grams | None:
        """The characters of a plain class; ranges, escapes and negation are not listed."""
        end = self.position + 1
        while self.expression[end] != "]":
            end += 2 if self.expression[end] == "\\" else 1
        inside = self.expression[self.position : end]
        self.position = end + 1
        return None if inside.startswith("^") or "\\" in inside or "-" in inside else frozenset(inside)

    def quantifier(self) -> bool | None:
        """What follows an atom: nothing (`None`), a quantifier that allows it to be absent, or one that does not."""
        following = self._peek()
        if not following or following not in _QUANTIFIERS:
            return None
        start = self.position
        self.position = self.expression.index("}", start) + 1 if following == "{" else start + 1
        absent = following in "?*" or self.expression[start : start + 2] in ("{0", "{,")
        if self._peek() in ("?", "+"):  # lazy or possessive
            self.position += 1
        return absent

    def _peek(self) -> str:
        return self.expression[self.position : self.position + 1]


def _of_literal(literal: str) -> list[Grams]:
    """The grams of a run of literal characters: each of its pairs, or the lone character."""
    if len(literal) < 2:
        return [frozenset(literal)] if literal else []
    return [frozenset({first + second}) for first, second in pairwise(literal)]
