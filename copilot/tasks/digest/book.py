"""`knowledge/digests.yaml`, typed."""

import re
from functools import cache

from pydantic import Field

from copilot.lore import load_yaml
from copilot.records import Record

SHORTEST = 3
"""A piece of a sentence of ours that is shorter is no phrase that could be told from a member's words."""


class ReviewRule(Record):
    """One pitfall: what is counted, the handbook's rule, what is said and advised."""

    measure: str
    rule: str
    finding: str
    advice: str


class Page(Record):
    """The words of one part: its title, the titles of its sections, its sentences."""

    title: str
    titles: dict[str, str] = {}
    says: dict[str, str]
    conclusion_counts: dict[str, str] = {}


class Book(Record):
    """The words of the digest."""

    focus: dict[str, re.Pattern[str]]
    focus_matters: dict[str, re.Pattern[str]] = {}
    focus_aside: re.Pattern[str]
    statuses: dict[str, dict[str, str]]
    kinds: dict[str, str]
    desk: Page
    group: Page
    review: tuple[ReviewRule, ...]
    thresholds: dict[str, float]
    risk_codes: dict[str, tuple[str, ...]]
    rule_kinds: dict[str, re.Pattern[str]] = {}
    private_health: str
    private_soft: tuple[str, ...]
    cues: dict[str, re.Pattern[str]]
    report: dict[str, re.Pattern[str]]
    report_title: str
    phrases: tuple[str, ...] = Field(default=())

    @property
    def rules(self) -> tuple[str, ...]:
        """The handbook rules a review may cite."""
        return tuple(dict.fromkeys(row.rule for row in self.review))


@cache
def book() -> Book:
    """The words of the digest, read once."""
    data = load_yaml("digests.yaml")
    data.pop("keys")
    made = Book.model_validate(data)
    sentences = [
        *made.desk.says.values(),
        *made.desk.conclusion_counts.values(),
        *made.group.says.values(),
        *(text for row in made.review for text in (row.finding, row.advice)),
    ]
    pieces = {piece.strip() for text in sentences for piece in re.split(r"\{\w+\}", text)}
    titles = [text for title in made.desk.titles.values() for text in (f"■ {title}", f"“{title}”")]
    own = sorted(piece for piece in pieces if len(piece) >= SHORTEST)
    return made.model_copy(update={"phrases": (*own, *titles)})
