"""The sentences of a crisis reply, as `knowledge/crisis_replies.yaml` holds them."""

import re
from functools import cache
from typing import Any

from copilot.checks.facts import claim_terms
from copilot.lore import load_yaml
from copilot.records import Record
from copilot.tasks.crisis_reply.reply import Step


class Profile(Record):
    """What a type of crisis needs besides the brief's words.

    `apology` may be said when `apology_if` stands in the operator's own account; `denial` when `denial_if` is verified;
    `late`: something came later than promised, so not having told in time is part of the fault; `status`: where it stands
    is told at once. `ask` is asked of one
    person, `ask_group` of everybody concerned; `care` is a step of safety; `extra` are lines for the
    group (`extra_minor` instead where a child is concerned, only where `extra_if` stands in the story), `calm` words to those
    who quarrel. A profile with `only_if` counts only where these words stand; one whose `traits` the matter has always does,
    and takes the place of those it is `over`.
    `quiet`: nothing of the matter itself is told to the group; `mourning`: somebody died; `people_first`: who is found and who is
    not comes first; `neutral`: neither side is ours.
    """

    types: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    title: str
    matter: str
    hold: str = ""
    opening: str | None = None
    opening_pets: str = ""
    mourning: bool = False
    people_first: bool = False
    neutral: bool = False
    entry: str = ""
    entry_given: str = ""
    care: str = ""
    only_if: str = ""
    apology: str = ""
    apology_if: str = "$^"
    denial: str = ""
    denial_if: str = "$^"
    late: bool = False
    status: bool = False
    quiet: bool = False
    extra: tuple[str, ...] = ()
    extra_if: str = ""
    extra_minor: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()
    calm: str = ""
    ask: tuple[str, ...] = ()
    ask_group: str = ""
    private_use: str = ""
    confirm: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    close: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


class Caution(Record):
    """A step of safety and the words that call for it, one for each `about`; `pets` is said instead where animals are concerned;
    `ask` and `ask_group` are what has to be known of this harm; `treated` is said where those harmed are with a doctor already.
    One with `traits` counts only where the matter has one of them.
    """

    about: str
    cues: str
    text: str
    pets: str = ""
    hold: str = ""
    traits: tuple[str, ...] = ()
    treated: str = ""
    ask: tuple[str, ...] = ()
    ask_group: str = ""


class Doubt(Record):
    """A question people ask: how it is heard, which rows answer it, and what is said when none does.

    `facts_first`: what is verified answers it better than what may be done. One with `traits` counts only where the matter has
    one of them.
    """

    name: str
    cues: str
    rows: str
    question: str
    open: str
    facts_first: bool = False
    traits: tuple[str, ...] = ()


class Card(Record):
    """A part somebody has in a matter that decides what is written to them: how the brief's words show it, how the desk calls
    them, and the message. `add`: such a person gets a message even where the brief lists none, when `cues` stand in the story and
    the matter has one of `traits`. `nameless`: never to somebody by name. `parts` are the standing parts that follow the text: asks, offers, facts, open, next, contact.
    """

    cues: str = "$^"
    title: str
    text: str
    minor: str = ""
    minor_title: str = ""
    pets: str = ""
    traits: tuple[str, ...] = ()
    not_traits: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    add: bool = False
    nameless: bool = False
    first: bool = False
    parts: tuple[str, ...] = ()


class Rejection(Record):
    """Why words of an operator's draft are not used; `cues` is "" for the last resort."""

    code: str
    cues: str = ""
    reason: str
    instead: str
    rule: str | None = None


class Book(Record):
    """`knowledge/crisis_replies.yaml`."""

    profiles: dict[str, Profile]
    cautions: tuple[Caution, ...]
    pets: str
    traits: dict[str, dict[str, str]]
    trait_names: dict[str, str]
    cards: dict[str, Card]
    card_parts: dict[str, str]
    hidden: dict[str, str]
    phrasing: tuple[tuple[str, str], ...]
    topics: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    private: dict[str, str]
    personal: dict[str, str]
    says: dict[str, str]
    headings: dict[str, str]
    follow_up: dict[str, str]
    updates: dict[str, str]
    desk: dict[str, Any]
    rejections: tuple[Rejection, ...]
    rejected_rest: Rejection
    reading: dict[str, str]


@cache
def book() -> Book:
    """The file, read once."""
    return Book.model_validate(load_yaml("crisis_replies.yaml"))


def found(name: str, text: str) -> bool:
    """Whether a text holds the words of the `reading` row of this name."""
    return bool(re.search(book().reading[name], text))


@cache
def phrases() -> tuple[str, ...]:
    """The set sentences without their fields: they state no facts and need no backing. The longest come first."""
    data = book().model_dump(exclude={**dict.fromkeys(_PRIVATE, True), "personal": {"accused", "posts"}})
    pieces = {piece for text in _texts(data) for piece in re.split(r"\{\w+\}", text) if len(piece) > 1}
    pieces |= {part for piece in pieces for part in re.split(r"(?<=[。；！？])", piece) if len(part) > 1}
    return tuple(sorted(pieces, key=len, reverse=True))


_VALUE = re.compile(r"\d|第[一二三四五六七八九十]|[今当]天")


@cache
def claiming_phrases() -> tuple[str, ...]:
    """Those of them that hold what looks like a value or a promise (120, 一对一, 撤回): only these need to be exempt."""
    terms = tuple(claim_terms().values())
    return tuple(one for one in phrases() if _VALUE.search(one) or any(term.search(one) for term in terms))


_PRIVATE = ("reading", "pets", "traits", "trait_names", "phrasing", "topics")  # patterns, not sentences
_PATTERNS = (
    "cues",
    "rows",
    "extra_if",
    "apology_if",
    "denial_if",
    "only_if",
    "promises",
    "admits",
    "sure",
    "waiting",
    "parts",
)
_NOT_SAID = frozenset(
    {*_PATTERNS, "types", "traits", "not_traits", "roles", "over", "parts", "name", "about", "code", "rule", "rules"}
)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, item in value.items() if key not in _NOT_SAID for text in _texts(item)]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _texts(item)]
    return []
