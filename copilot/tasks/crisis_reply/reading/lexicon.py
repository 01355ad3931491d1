"""`knowledge/crises.yaml`, compiled once: the words by which a crisis brief is read."""

import re
from functools import cache
from typing import Any, Literal, NamedTuple

from copilot.lore import load_yaml
from copilot.records import Record

Pattern = re.Pattern[str]
Section = Literal[
    "incident",
    "excerpts",
    "verified",
    "unverified",
    "authorised",
    "forbidden",
    "draft",
    "concerned",
    "clock",
    "entry",
    "owners",
    "spread",
    "internal",
    "wish",
    "earlier",
    "unread",
]
HIDDEN = "（已隐去）"  # what stands where a key or password was
LONGEST_CLAUSE = 80  # characters on either side of a word that are shown with it
FAR = 6  # characters before a word in which "没有" takes it back


class Sought(NamedTuple):
    """A word found, and the clause it stands in."""

    word: str
    clause: str


class CrisisType(Record):
    """One row of `types`: `secondary` never comes first, `urgent` comes before the rest, a `negatable` cue does not count
    after "没有".
    """

    title: str
    weight: float
    rules: tuple[str, ...]
    cues: Pattern
    negatable: bool = False
    secondary: bool = False
    urgent: bool = False


class Trait(Record):
    """One row of `traits`: what a matter of these types has about it that the care depends on. `story`: by what happened only."""

    kinds: frozenset[str]
    cues: Pattern
    negatable: bool = False
    story: bool = False


class Factor(Record):
    """One row of `severity.factors`: it holds by its own cues (`story`: in what happened only), by the types found, or because
    secrets were posted.
    """

    name: str
    title: str
    points: int = 0
    floor: int = 1
    cues: Pattern | None = None
    kinds: frozenset[str] = frozenset()
    secrets: bool = False
    story: bool = False
    negatable: bool = False


class Ask(Record):
    """One row of `asks`: what to ask for, and the words of its placeholder."""

    question: str
    placeholder: str
    rule: str | None = None


class CrisisBook(Record):
    """The whole file. `patterns` holds every other pattern by its dotted place (`prose.said`, `people.counted`)."""

    types: dict[str, CrisisType]
    factors: tuple[Factor, ...]
    asks: dict[str, Ask]
    sections: dict[Section, Pattern]
    parts: dict[str, Pattern]
    prose: dict[str, Pattern]
    alone: dict[Section, Pattern]
    strip: dict[str, tuple[Pattern, ...]]
    roles: dict[str, Pattern]
    secrets: tuple[Pattern, ...]
    identifiers: tuple[Pattern, ...]
    acts: dict[str, Pattern]
    patterns: dict[str, Pattern]
    severity: dict[str, Any]
    surprise: frozenset[str]
    scope: frozenset[str]
    person: str
    naming: dict[str, frozenset[str]]
    traits: dict[str, Trait]


@cache
def crisis_book() -> CrisisBook:
    """The words by which a crisis brief is read."""
    data: dict[str, Any] = load_yaml("crises.yaml")
    words: dict[str, str] = {}

    def compiled(pattern: str) -> Pattern:
        for name, alternatives in words.items():
            pattern = pattern.replace(f"<{name}>", alternatives)
        return re.compile(pattern)

    def table(rows: dict[str, str]) -> dict[str, Pattern]:
        return {name: compiled(pattern) for name, pattern in rows.items()}

    for name, alternatives in data["words"].items():
        words[name] = compiled(f"(?:{alternatives})").pattern
    types = {name: CrisisType(**{**row, "cues": compiled(row["cues"])}) for name, row in data["types"].items()}
    factors = [
        Factor(**{**row, "cues": compiled(row["cues"]) if "cues" in row else None})
        for row in data["severity"]["factors"]
    ]
    people = {name: pattern for name, pattern in data["people"].items() if isinstance(pattern, str)}
    fault = {name: pattern for name, pattern in data["fault"].items() if isinstance(pattern, str)}
    lone = {name: pattern for name, pattern in data.items() if isinstance(pattern, str) and name != "person"}
    patterns = {
        **{f"words.{name}": re.compile(pattern) for name, pattern in words.items()},
        **{f"people.{name}": pattern for name, pattern in table(people).items()},
        **{f"spread.{name}": pattern for name, pattern in table(data["spread"]).items()},
        **{f"fault.{name}": pattern for name, pattern in table(fault).items()},
        **{
            f"{part}.{name}": pattern
            for part in ("naming", "announce", "shape", "audiences")
            for name, pattern in table({key: row for key, row in data[part].items() if isinstance(row, str)}).items()
        },
        **table(lone),
        "crowd": compiled(rf"(?<![\d:：.])(\d{{1,6}})\s*(?:多|余)?\s*(?:{data['severity']['crowd_units']})"),
    }
    return CrisisBook(
        types=types,
        factors=tuple(factors),
        asks={name: Ask(**row) for name, row in data["asks"].items()},
        sections=table(data["sections"]),
        parts=table(data["parts"]),
        prose=table(data["prose"]),
        alone={name: compiled(f"(?:{pattern})") for name, pattern in data["alone"].items()},
        strip={name: tuple(map(compiled, rows)) for name, rows in data["strip"].items()},
        roles=table(data["people"]["roles"]),
        secrets=tuple(map(compiled, data["secrets"])),
        identifiers=tuple(map(compiled, data["identifiers"])),
        acts=table(data["acts"]),
        patterns=patterns,
        severity=data["severity"],
        surprise=frozenset(data["fault"]["surprise"]),
        scope=frozenset(data["scope"]),
        person=data["person"],
        naming={name: frozenset(row) for name, row in data["naming"].items() if isinstance(row, list)},
        traits={name: Trait(**{**row, "cues": compiled(row["cues"])}) for name, row in data["traits"].items()},
    )


_TAKEN_BACK = re.compile(r"(?:没有?|无|未|并未|并非|不是|不会|没人|无人|暂无|避免|防止|以防|预防)[^，。；！？\n]{0,4}$")
_BREAKS = "，。；！？!?\n,;"


def seek(pattern: Pattern, text: str, *, negatable: bool = False) -> list[Sought]:
    """The distinct words of a pattern in a text, in order; a `negatable` one does not count right after "没有"."""
    found: dict[str, Sought] = {}
    for match in pattern.finditer(text):
        if negatable and _TAKEN_BACK.search(text[max(0, match.start() - FAR) : match.start()]):
            continue
        if match[0]:
            found.setdefault(match[0], Sought(match[0], clause_around(text, *match.span())))
    return list(found.values())


def clause_around(text: str, start: int, end: int) -> str:
    """The clause of a text that holds a place; a comma inside a number or bracket may cut it, which does no harm."""
    begin, finish = max(0, start - LONGEST_CLAUSE), end + LONGEST_CLAUSE
    left = max((text.rfind(one, begin, start) + 1 for one in _BREAKS), default=0)
    right = min((at for one in _BREAKS if (at := text.find(one, end, finish)) >= 0), default=min(len(text), finish))
    return text[max(left, begin) : right].strip(" 　-·•")
