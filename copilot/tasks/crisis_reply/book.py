"""The sentences of a crisis reply, as `knowledge/crisis_replies.yaml` holds them."""

import re
from functools import cache
from typing import Any

from copilot.checks.facts import claim_terms
from copilot.lore import load_yaml
from copilot.records import Record
from copilot.tasks.crisis_reply.reply import Step
from copilot.tasks.crisis_reply.situation import CrisisSituation


class Profile(Record):
    """What a type of crisis needs besides the brief's words.

    `apology` may be said when `apology_if` stands in the operator's own account; `denial` when `denial_if` is verified;
    `late`: something came later than promised, so not having told in time is part of the fault; `status`: where it stands
    is told at once. `ask` is asked of one
    person, `ask_group` of everybody concerned; `care` is a step of safety; `extra` are lines for the
    group, `calm` words to those who quarrel. A profile with `only_if` counts only where these words stand.
    `quiet`: nothing of the matter itself is told to the group.
    """

    types: tuple[str, ...]
    title: str
    matter: str
    hold: str = ""
    opening: str | None = None
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
    `ask` and `ask_group` are what has to be known of this harm.
    """

    about: str
    cues: str
    text: str
    pets: str = ""
    ask: tuple[str, ...] = ()
    ask_group: str = ""


class Doubt(Record):
    """A question people ask: how it is heard, which rows answer it, and what is said when none does.

    `facts_first`: what is verified answers it better than what may be done.
    """

    name: str
    cues: str
    rows: str
    question: str
    open: str
    facts_first: bool = False


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


MOST_PROFILES = 3
# What people say of a matter comes after the matter itself, whatever was heard more often.
_FIRST = ("self_harm", "harm")
_LAST = ("closing", "rumour", "refund", "conflict", "minors")


def profile_names(situation: CrisisSituation) -> tuple[str, ...]:
    """The profiles of a matter by name: safety first, then the matter, then what is said of it; "general" for none."""
    kinds = [kind.name for kind in situation.kinds]
    told = "\n".join(row.text for row in (*situation.incident, *situation.excerpts, *situation.verified))
    names = [
        name
        for kind in kinds
        for name, profile in book().profiles.items()
        if kind in profile.types and re.search(profile.only_if, told)
    ]
    names = list(dict.fromkeys(names))
    if len(names) > 1 and any(one.role == "leaker" for one in situation.concerned):
        names = [name for name in names if name != "data_leak"]  # one member's key is no leak of ours
    names.sort(key=lambda name: (name not in _FIRST, name in _LAST))
    return tuple(names[:MOST_PROFILES]) or ("general",)


def profiles_of(situation: CrisisSituation) -> tuple[Profile, ...]:
    """The profiles of a matter, the most pressing first."""
    return tuple(book().profiles[name] for name in profile_names(situation))


def rules_of(situation: CrisisSituation) -> tuple[str, ...]:
    """The handbook rules behind the reply: those of its types, then those of every crisis."""
    own = [rule for profile in profiles_of(situation) for rule in profile.rules]
    common = ("crisis-verify-scope", "solve-now-first", "crisis-respond-doubts", "crisis-monitor-realtime")
    return tuple(dict.fromkeys((*own, *common, "crisis-contain-spread", "reply-promptly", "acceptable-wording")))


@cache
def phrases() -> tuple[str, ...]:
    """The set sentences without their fields: they state no facts and need no backing. The longest come first."""
    data = book().model_dump(exclude={"reading": True, "pets": True, "personal": {"accused", "posts"}})
    pieces = {piece for text in _texts(data) for piece in re.split(r"\{\w+\}", text) if len(piece) > 1}
    pieces |= {part for piece in pieces for part in re.split(r"(?<=[。；！？])", piece) if len(part) > 1}
    return tuple(sorted(pieces, key=len, reverse=True))


_VALUE = re.compile(r"\d|第[一二三四五六七八九十]|[今当]天")


@cache
def claiming_phrases() -> tuple[str, ...]:
    """Those of them that hold what looks like a value or a promise (120, 一对一, 撤回): only these need to be exempt."""
    terms = tuple(claim_terms().values())
    return tuple(one for one in phrases() if _VALUE.search(one) or any(term.search(one) for term in terms))


_PATTERNS = ("cues", "rows", "apology_if", "denial_if", "only_if", "promises", "admits", "sure", "waiting", "parts")
_NOT_SAID = frozenset({*_PATTERNS, "types", "name", "about", "code", "rule", "rules"})


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, item in value.items() if key not in _NOT_SAID for text in _texts(item)]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _texts(item)]
    return []
