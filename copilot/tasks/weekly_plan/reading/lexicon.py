"""The words by which a weekly plan's brief is understood (`knowledge/situations.yaml`), and what reading it turns up."""

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from copilot.facts.keys import fold
from copilot.lore import load_yaml
from copilot.records import Conflict, Finding, Missing, Record, Severity

Patterns = tuple[tuple[str, re.Pattern[str]], ...]


class Stem(Record):
    """A topic by what a key contains; `value`, where there is one, must match the words under it too."""

    topic: str
    key: re.Pattern[str]
    value: re.Pattern[str] | None


class SituationLexicon(Record):
    """`knowledge/situations.yaml`, compiled. Where several patterns could fit, the first one does."""

    topics: dict[str, str]
    stems: tuple[Stem, ...]
    cells: dict[str, frozenset[str]]
    prose: Patterns
    alone: frozenset[str]
    not_people: frozenset[str]
    people: dict[str, re.Pattern[str]]
    duties: Patterns
    duty: re.Pattern[str]
    communities: Patterns
    stages: Patterns
    figures: Patterns
    negation: re.Pattern[str]
    bans: Patterns
    budget: dict[str, re.Pattern[str]]
    overlap: re.Pattern[str]
    no_overlap: re.Pattern[str]
    overlap_share: int
    event_words: re.Pattern[str]
    target: re.Pattern[str]
    outage: re.Pattern[str]
    audience: re.Pattern[str]
    deadline: re.Pattern[str]


def _compiled(rows: dict[str, str] | list[list[str]]) -> Patterns:
    pairs = rows.items() if isinstance(rows, dict) else rows
    return tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in pairs)


@cache
def lexicon() -> SituationLexicon:
    """The contents of `knowledge/situations.yaml`."""
    data: dict[str, Any] = load_yaml("situations.yaml")
    people = dict(data["people"])
    duties = people.pop("duties")
    bans = data["bans"]
    return SituationLexicon(
        topics={fold(name): topic for topic, names in data["topics"].items() for name in names},
        stems=tuple(
            Stem(
                topic=row["topic"],
                key=re.compile(row["key"]),
                value=re.compile(row["value"]) if "value" in row else None,
            )
            for row in data["stems"]
        ),
        cells={cell: frozenset(map(fold, names)) for cell, names in data["cells"].items()},
        prose=tuple((row["topic"], re.compile(row["cue"])) for row in data["prose"]),
        alone=frozenset(data["alone"]),
        not_people=frozenset(data["not_people"]),
        people={name: re.compile(pattern) for name, pattern in people.items()},
        duties=_compiled(duties),
        duty=re.compile("|".join(f"(?:{pattern})" for pattern in duties.values())),
        communities=_compiled(data["communities"]),
        stages=_compiled(data["stages"]),
        figures=_compiled(data["figures"]),
        negation=re.compile(bans["negation"], re.IGNORECASE),
        bans=_compiled(bans["objects"]),
        budget={name: re.compile(pattern, re.IGNORECASE) for name, pattern in data["budget"].items()},
        overlap=re.compile(data["overlap"]["cue"]),
        no_overlap=re.compile(data["overlap"]["not"]),
        overlap_share=data["overlap"]["share"],
        event_words=re.compile(data["event_words"]),
        target=re.compile(data["target"], re.IGNORECASE),
        outage=re.compile(data["outage"], re.IGNORECASE),
        audience=re.compile(data["audience"]),
        deadline=re.compile(data["deadline"]),
    )


def first_of(patterns: Patterns, text: str) -> str:
    """The name of the first pattern that stands in a text; "" where none does."""
    return next((name for name, pattern in patterns if pattern.search(text)), "")


@lru_cache(maxsize=4096)
def topic_of(key: str, value: str = "") -> str:
    """What a key or heading is about; "" where no list knows it. `value` is what stands under it."""
    words = lexicon()
    whole = fold(re.sub(r"[()（）\[\]【】/·]", "", key))
    bare = fold(re.sub(r"[(（\[【].*$", "", key))
    for form in (fold(key), whole, bare):
        if topic := words.topics.get(form):
            return topic
    for stem in words.stems:
        if stem.key.search(whole) and (stem.value is None or stem.value.search(value)):
            return stem.topic
    return ""


def is_cell(key: str, *cells: str) -> bool:
    """Whether a key names one of these cells of a record."""
    return any(fold(key) in lexicon().cells[cell] for cell in cells)


@dataclass
class Notices:
    """What is missing, in conflict or to be told, gathered while reading."""

    missing: list[Missing] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def ask(self, key: str, question: str) -> None:
        """Ask for what the brief does not say; nothing of it stands in the plan."""
        self.missing.append(Missing(key=key, question=question, placeholder=""))

    def tell(self, severity: Severity, code: str, message: str, fix: str = "") -> None:
        """Tell the operator something about the brief."""
        self.findings.append(Finding(severity=severity, code=code, message=message, fix=fix))
