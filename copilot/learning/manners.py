"""How a text speaks, apart from what it says: its salutation, its last line, its marks, and where its facts stand."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from copilot.checks.facts import PLACEHOLDER, claim_terms
from copilot.checks.places import place_findings
from copilot.facts.name_lexicon import segmenter, words_of
from copilot.facts.names import read_names
from copilot.facts.values import read_values
from copilot.lore import load_yaml

# Only where a value stands matters here, not which day a relative word means.
_ANY_MOMENT = datetime(2001, 1, 1, 9)  # noqa: DTZ001 - a wall clock
Place = tuple[int, int]


@cache
def lore() -> dict[str, Any]:
    """`knowledge/habits.yaml`."""
    data: dict[str, Any] = load_yaml("habits.yaml")
    return data


@cache
def pattern(name: str) -> re.Pattern[str]:
    """One of its patterns."""
    return re.compile(lore()[name], re.IGNORECASE)


@cache
def _marked() -> re.Pattern[str]:
    return re.compile(rf"^(?P<indent>[ \t]*){lore()['mark']}(?=\S)", re.MULTILINE)


def salutation_of(text: str) -> Place:
    """Where the first words to the group stand; an empty place where they would stand, when there are none."""
    at = len(text) - len(text.lstrip())
    if title := pattern("title").match(text, at):
        at = title.end() + len(text[title.end() :]) - len(text[title.end() :].lstrip())
    found = pattern("salutation").match(text, at)
    return (at, found.end()) if found else (at, at)


def last_line_of(text: str) -> str:
    """The last line with words in it."""
    return text.rstrip().rpartition("\n")[2].strip()


def mark_of(text: str) -> str:
    """What begins the lines of its list, numbers as 1; "" where fewer than two lines have a mark."""
    found = list(_marked().finditer(text))
    if len(found) < 2:
        return ""
    first = found[0]
    mark = first[0].removeprefix(first["indent"])
    if first["number"]:
        return mark.replace(first["number"], "1", 1)
    return "①" + mark[1:] if first["circled"] else mark


def with_mark(text: str, mark: str) -> str:
    """Its list with another mark, each block of lines numbered from 1; a text without a list stays."""
    if not mark_of(text):
        return text
    lines, number = [], 0
    for line in text.split("\n"):
        found = _marked().match(line)
        number = number + 1 if found else number if line.startswith(" ") and number else 0
        if found:
            counted = chr(ord("①") + min(number, 20) - 1) if "①" in mark else str(number)
            line = found["indent"] + mark.replace("①", counted).replace("1", counted) + line[found.end() :]
        lines.append(line)
    return "\n".join(lines)


@lru_cache(maxsize=2048)
def facts_in(text: str) -> tuple[Place, ...]:
    """Where values, names and open places stand; what only looks like a name counts, too."""
    values = ((value.start, value.end) for value in read_values(text, _ANY_MOMENT) if not value.soft)
    names = ((name.start, name.end) for name in read_names(text))
    return (*values, *names, *_guessed_names(text), *(match.span() for match in PLACEHOLDER.finditer(text)))


def _guessed_names(text: str) -> Iterator[Place]:
    """What the segmenter takes for a name though its dictionary has no such word."""
    known, at = words_of(text).tagged, 0
    for word, tag in segmenter().tag(text, True):
        if tag.startswith("nr") and known.get(at, (at, ""))[0] != at + len(word):
            yield at, at + len(word)
        at += len(word)


@lru_cache(maxsize=2048)
def tells_a_fact(words: str) -> bool:
    """Whether words hold a value, a name, a place or a promise: what is true once is no habit."""
    held = any(char.isdigit() for char in words) or facts_in(words) or place_findings(words, ())
    return bool(held) or any(claim.search(words) for claim in claim_terms().values())


def clear_of(places: tuple[Place, ...], start: int, end: int) -> bool:
    """Whether a stretch touches none of these places."""
    return all(end <= first or last <= start for first, last in places)
