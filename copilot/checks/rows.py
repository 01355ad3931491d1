"""The rows of what may be said, and how much of a statement they hold.

Rows and clauses are compared by what is left of them when other words for the same matter are made one and words
without matter are gone.
"""

import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from copilot.checks.bounds import Bounds
from copilot.checks.stance import authority_lexicon, compiled, plain

DIGITS = {one: str(number) for number, one in enumerate("零一二三四五六七八九十")} | {"两": "2", "半": "0.5"}
_DATE = re.compile(r"\d{1,2}月\d{1,2}[日号]")
_UNITS = {"块": "元", "日": "天", "星期": "周", "堂": "节"}
SAME_MATTER = 0.6  # how much of a statement a verified row must hold to back it


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of a clause that goes too far: the code, its place in the folded text, the row it runs against, the
    wording of the finding, and what may stand in its place (None: nothing).
    """

    code: str
    start: int
    end: int
    row: str = ""
    variant: str = "forbidden"
    replacement: str | None = None


class Row:
    """One row of the ledger, read for what it promises and says."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = plain(text)
        self.matter = matter(self.plain)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The remedies it speaks of."""
        return frozenset(
            kind
            for kind, remedy in authority_lexicon()["remedies"].items()
            if any(compiled(remedy[form]).search(self.plain) for form in ("verb", "noun") if form in remedy)
        )

    @cached_property
    def quantities(self) -> frozenset[str]:
        """The amounts in it."""
        return quantities(self.plain)

    def holds(self, words: str) -> float:
        """How much of some words' matter it holds, 0 to 1."""
        return share(matter(words), self.matter)

    def repeats(self, words: str) -> bool:
        """Whether some words say hardly more than it does."""
        said = pairs(matter(words))
        return bool(said) and len(said & pairs(self.matter)) >= 0.8 * len(said)


def quantities(text: str) -> frozenset[str]:
    """The amounts in a text; the day of a month is none."""
    return frozenset(
        f"{DIGITS.get(number, number)}{_UNITS.get(unit, unit)}"
        for number, unit in compiled(authority_lexicon()["quantity"]).findall(_DATE.sub("", text))
    )


@cache
def synonyms() -> tuple[tuple[re.Pattern[str], str], ...]:
    lines = [line.split("|") for line in authority_lexicon()["same"]]
    return tuple((re.compile("|".join(sorted(line, key=len, reverse=True))), line[0]) for line in lines)


def matter(text: str) -> str:
    """A text's matter: other words for one thing made the same, words without matter gone."""
    for words, one in synonyms():
        text = words.sub(one, text)
    return re.sub(r"\W", "", compiled(authority_lexicon()["stop"]).sub("", text))


def pairs(matter: str) -> set[str]:
    return {matter[index : index + 2] for index in range(len(matter) - 1)}


def share(part: str, whole: str) -> float:
    """How many of a matter's characters another holds, if they share a word at all."""
    if not part or not (pairs(part) & pairs(whole) or part in whole):
        return 0.0
    return sum(one in whole for one in part) / len(part)


class Ledger:
    """The rows of the bounds, by what they are good for."""

    def __init__(self, bounds: Bounds) -> None:
        self.verified = [Row(text) for text in bounds.verified]
        self.granted = [Row(text) for text in (*bounds.allowed, *bounds.verified)]
        self.forbidden = [Row(text) for text in bounds.forbidden]
        self.unverified = [Row(text) for text in bounds.unverified]
        self.sayable = [*self.granted, *(Row(text) for text in (*bounds.own, *bounds.earlier))]
        self.owned = bounds.owned

    def backs(self, words: str) -> bool:
        """Whether a row that may be said holds these words."""
        return any(row.holds(words) >= SAME_MATTER for row in self.granted)


@lru_cache(maxsize=8)
def ledger_of(bounds: Bounds) -> Ledger:
    """The rows of these bounds, read once for all the texts of a draft."""
    return Ledger(bounds)
