"""The kinds of announcement, as `knowledge/announcements.yaml` describes them, and the structure they all fill."""

import re
from functools import cache

from copilot.facts.brief import Brief
from copilot.facts.items import Item
from copilot.lore import load_yaml
from copilot.records import Record
from copilot.tasks.phrasing import purposes


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
    """One row of `kinds`, as it stands in the file.

    `openings` and `actions` are tried in order: the first whose condition (`if`) holds and whose `{fields}` are all known is taken;
    a field with a question mark may be empty. `draws` are words of what makes a reader want it; in `lead`, "draws" stands for the items that hold them.
    """

    name: str
    title: str
    cues: str
    essentials: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    order: tuple[str, ...]
    openings: tuple[dict[str, str], ...]
    greeting: str | None = None
    draws: str = ""
    headline: bool = False
    because: str = ""
    benefit: str = ""
    benefit_if: str = ""
    lead_intro: str = ""
    suggestion: str = ""
    suggestion_if: str = ""
    gains: dict[str, str] = {}
    actions: tuple[str, ...]
    closing: str = ""
    rules: tuple[str, ...]
    advice: tuple[dict[str, str], ...] = ()


class Book(Record):
    """`knowledge/announcements.yaml`."""

    tones: dict[str, Tone]
    essentials: dict[str, tuple[str, ...]]
    conditions: str
    registered: str
    helpers: str
    passing_on: tuple[dict[str, str], ...]
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
            *(opening["say"] for opening in kind.openings),
            kind.benefit,
            kind.suggestion,
            *kind.actions,
            kind.closing,
        )
    ]
    templates += [tone.closing for tone in book().tones.values()]
    templates += [row["text"] for row in (*book().cautions, *book().passing_on)]
    return tuple(piece for template in templates for piece in _FIELD.split(template) if len(piece) > 3)


_FIELD = re.compile(r"\{\w+\??\}")


def kind_of(brief: Brief, items: tuple[Item, ...]) -> str:
    """The kind of announcement: stated, else named by the purpose, else the one the headings and facts speak of most.

    What would only happen on a condition ("下雨改期") does not count.
    """
    stated = brief.meta.get("kind", "")
    kinds = book().kinds
    for name, kind in kinds.items():
        if stated and (stated == name or stated in kind.name or kind.name in stated):
            return name
    cues = {name: kind.cues for name, kind in kinds.items() if kind.cues}
    for words in (unconditional("，".join(purposes(brief))), unconditional(brief.meta.get("purpose", ""))):
        for name, pattern in cues.items():
            if re.search(pattern, words):
                return name
    facts = [item for item in items if item.statement.role == "fact"]
    said = [f"{item.label}：{item.text}" for item in facts]
    labels, texts = " ".join(item.label for item in facts), " ".join(unconditional(words) for words in said)
    scores = {
        name: 2 * len(set(re.findall(pattern, unconditional(labels)))) + len(set(re.findall(pattern, texts)))
        for name, pattern in cues.items()
    }
    best = max(scores, key=lambda name: scores[name])
    slots = {item.slot for item in items}
    if best == "activity" and signed_up(brief, items):
        return "notice"
    if scores[best] > 1 or (scores[best] and not {"when", "join"} <= slots):
        return best
    return "activity" if {"when", "join"} <= slots else "notice"


def signed_up(brief: Brief, items: tuple[Item, ...]) -> bool:
    """Whether the text is for people who have signed up already."""
    addressed = [brief.meta.get("purpose", ""), brief.meta.get("audience", "")]
    addressed += [item.text for item in items if re.search("发给|面向|通知", item.text)]
    return any(re.search(book().registered, words) for words in addressed)


def for_helpers(brief: Brief, item: Item) -> bool:
    """Whether an item speaks to an event's helpers only: "志愿者：13:00 到，找小米报名"."""
    named = re.search(book().helpers, item.label)
    return bool(named and named[0] not in brief.meta.get("purpose", ""))


def unconditional(text: str) -> str:
    """The text without what only holds on a condition."""
    return re.sub(rf"{book().conditions}[^。；;\n]*", "", text)
