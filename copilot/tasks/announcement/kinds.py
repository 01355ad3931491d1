"""The kinds of announcement, as `knowledge/announcements.yaml` describes them, and the structure they all fill."""

import re
from functools import cache

from copilot.facts.brief import Brief
from copilot.facts.problems import Item
from copilot.lore import load_yaml
from copilot.records import Record


class Point(Record):
    """One line of the announcement: an optional heading and its words."""

    label: str = ""
    text: str


class Announcement(Record):
    """The parts of an announcement, in reading order. All are plain text without Markdown.

    `opening` says why it concerns the reader; `benefits` what they get, if anything; `points` the facts;
    `action` the one thing to do; `closing` may be empty.
    """

    title: str
    opening: str
    lead_intro: str = ""
    benefits: tuple[str, ...] = ()
    points: tuple[Point, ...]
    action: str
    closing: str = ""


class Tone(Record):
    """One row of `tones`."""

    cues: str
    greeting: str = ""
    closing: str = ""


class Kind(Record):
    """One row of `kinds`, as it stands in the file."""

    name: str
    title: str
    cues: str
    essentials: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    order: tuple[str, ...]
    opening: str
    untitled: str = ""
    headline: bool = False
    because: str = ""
    benefit: str = ""
    benefit_if: str = ""
    lead_intro: str = ""
    suggestion: str = ""
    gains: dict[str, str] = {}
    action: str
    action_if_missing: str = ""
    closing: str = ""
    rules: tuple[str, ...]
    advice: tuple[dict[str, str], ...] = ()


class Book(Record):
    """`knowledge/announcements.yaml`."""

    tones: dict[str, Tone]
    essentials: dict[str, tuple[str, ...]]
    kinds: dict[str, Kind]
    cautions: tuple[dict[str, str], ...]


@cache
def book() -> Book:
    """The kinds of announcement, loaded once."""
    return Book.model_validate(load_yaml("announcements.yaml"))


@cache
def phrases() -> tuple[str, ...]:
    """The templates' own words, without what is filled in."""
    templates = [
        text
        for kind in book().kinds.values()
        for text in (
            kind.opening,
            kind.untitled,
            kind.benefit,
            kind.suggestion,
            kind.action,
            kind.action_if_missing,
            kind.closing,
        )
    ]
    templates += [tone.closing for tone in book().tones.values()] + [caution["text"] for caution in book().cautions]
    return tuple(piece for template in templates for piece in re.split(r"\{\w+\}", template) if len(piece) > 3)


def kind_of(brief: Brief, items: tuple[Item, ...]) -> str:
    """The kind of announcement: stated, or the one whose cues weigh most (purpose before headings before facts)."""
    stated = brief.meta.get("kind", "")
    kinds = book().kinds
    for name, kind in kinds.items():
        if stated and (stated == name or stated in kind.name or kind.name in stated):
            return name
    weighed = (
        (8, brief.meta.get("purpose", "")),
        (2, " ".join(item.label for item in items)),
        (1, " ".join(item.text for item in items)),
    )
    scores = {
        name: sum(weight * len(set(re.findall(kind.cues, words))) for weight, words in weighed)
        for name, kind in kinds.items()
        if kind.cues
    }
    best = max(scores, key=lambda name: scores[name])
    if scores[best]:
        return best
    slots = {item.slot for item in items}
    return "activity" if {"when", "join"} <= slots else "notice"
