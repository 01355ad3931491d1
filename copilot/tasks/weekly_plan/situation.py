"""What a weekly plan starts from: groups, week, goals, people, figures, voices, limits and wishes, each with its origin."""

from datetime import date
from typing import Literal

from copilot.facts.hours import Hours, Quiet
from copilot.records import Conflict, Finding, Missing, Origin, Record

Stage = Literal["new", "launch", "running", "promotion", "fading", "dead", "closing"]


class Said(Record):
    """Words of the brief and where they stand."""

    text: str
    origin: Origin


class Person(Record):
    """Somebody who works for the groups.

    `duty` is what they do in the operator's words, `duties` the same as keys of `knowledge/situations.yaml`'s `duties`
    (operation, expert, content, service, logistics, technical, owner …), `only` whether the words confine them to that
    ("仅处理故障"). `groups` are the groups they serve (empty: all).
    """

    name: str
    duty: str = ""
    duties: tuple[str, ...] = ()
    only: bool = False
    hours: Hours = Hours()
    groups: tuple[str, ...] = ()
    origin: Origin


class Group(Record):
    """One group to plan for. `community` is a key of `knowledge/situations.yaml`'s `communities`; `stage` "running" unless told."""

    name: str
    platform: str = "wechat"
    community: str = "general"
    group_type: str = ""
    members: int | None = None
    stage: Stage = "running"
    stage_words: str = ""
    audience: str = ""
    quiet: tuple[Quiet, ...] = ()
    same_people_as: tuple[str, ...] = ()
    origin: Origin


class Figure(Record):
    """One figure of last week: its name and value in the operator's words, and the number where it is one.

    `about` is a key of `knowledge/situations.yaml`'s `figures` (unanswered, slow, repeated, active, quit, silent …) or "".
    """

    name: str
    value: str
    number: float | None = None
    about: str = ""
    group: str = ""
    origin: Origin


class FixedEvent(Record):
    """Something that stands already: it is kept where it is. `days` are the dates of the week it falls on.

    `minute` is None where no clock is given, `minutes` its length if said, `late` whether it lies in quiet time
    (then it is kept and told).
    """

    text: str
    name: str
    days: tuple[date, ...]
    minute: int | None = None
    minutes: int | None = None
    owner: str = ""
    group: str = ""
    origin: Origin


class Deadline(Record):
    """A date to plan back from: 6月18日大促, 5月底交付."""

    text: str
    name: str
    day: date
    origin: Origin


class Situation(Record):
    """All that is known before planning. What is not known is in `missing`, what can't be true together in `conflicts`.

    `budget` is in yuan: 0 where the brief says there is none, None where it says nothing. `bans` are what the
    constraints forbid, as keys of `knowledge/situations.yaml`'s `bans` (money, naming, ranking, promises, data …).
    """

    groups: tuple[Group, ...]
    week: tuple[date, date]
    week_given: bool
    week_origin: Origin | None = None
    goals: tuple[Said, ...] = ()
    week_goals: tuple[Said, ...] = ()
    people: tuple[Person, ...] = ()
    figures: tuple[Figure, ...] = ()
    voices: tuple[Said, ...] = ()
    fixed: tuple[FixedEvent, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    assets: tuple[Said, ...] = ()
    constraints: tuple[Said, ...] = ()
    bans: tuple[str, ...] = ()
    budget: int | None = None
    budget_words: str = ""
    wishes: tuple[Said, ...] = ()
    notes: tuple[Said, ...] = ()
    missing: tuple[Missing, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    findings: tuple[Finding, ...] = ()
