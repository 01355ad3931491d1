"""The actions of an operator's week (`knowledge/plans.yaml`) and the rules of judgement (`knowledge/judgement.yaml`)."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal

from copilot.lore import load_yaml
from copilot.records import Record
from copilot.tasks.weekly_plan.scheduling import ActionKind
from copilot.tasks.weekly_plan.situation import Group, Person, Said, Situation

TextField = Literal["goals", "voices", "assets", "notes", "stage", "constraints", "wishes"]


class When(Record):
    """One set of conditions for an action; all that are given must hold. `words` is a pattern over the named `fields`."""

    communities: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    not_stages: tuple[str, ...] = ()
    not_communities: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    words: str = ""
    fields: tuple[TextField, ...] = ()
    trial: bool | None = None
    physical: bool | None = None


class ActionRow(Record):
    """One action as data. `message` and `private` are templates; `after` names other actions and the least minutes
    from their start; `picked` actions are only called by a voice, a wish, an event or a closing.
    """

    name: str
    kind: ActionKind
    form: str
    minutes: int = 30
    weight: int
    posts: bool = True
    picked: bool = False
    core: bool = False
    when: tuple[When, ...] = ()
    duty: tuple[str, ...]
    after: dict[str, int] = {}
    at: str
    days: tuple[str, ...]
    purpose: str
    check: str
    material: str = ""
    needs: tuple[str, ...] = ()
    message: str = ""
    private: str = ""
    rule: str


class Need(Record):
    """What an action must know: the question, the placeholder's words, and the pattern by which a brief answers it."""

    question: str
    words: str
    answered: str

    @property
    def placeholder(self) -> str:
        """What stands in a message until the operator has answered."""
        return f"【待补充:{self.words}】"


class EventKind(Record):
    """A kind of fixed event, and the actions that belong around it."""

    find: str
    around: tuple[str, ...]


class Fit(Record):
    """Something told for groups of these communities, or whose words match."""

    communities: tuple[str, ...] = ()
    words: str = ""
    rhythm: str = ""
    say: str = ""
    rule: str = ""

    def fits(self, group: Group, more: str = "") -> bool:
        """Whether this is about that group, going by its kind and its words; without conditions it is about any."""
        said = f"{group.name} {group.group_type} {group.audience} {more}"
        open_ = not self.communities and not self.words
        return open_ or group.community in self.communities or bool(self.words and re.search(self.words, said))


class Count(Record):
    """What anybody can count for a goal that comes without figures."""

    find: str
    name: str


class Catalogue(Record):
    """`knowledge/plans.yaml`."""

    rhythms: dict[str, dict[str, tuple[str, ...]]]
    rhythm_of: tuple[Fit, ...]
    working_hours: dict[str, str]
    load: int
    posts_a_day: int
    solo_posts: int
    promotion_share: int
    many_groups: int
    slots_a_group: dict[str, int]
    needs: dict[str, Need]
    actions: dict[str, ActionRow]
    events: dict[str, EventKind]
    products: str
    trials: str
    staffing: tuple[Fit, ...]
    health: Fit
    cautions: dict[str, str]
    counts: tuple[Count, ...]


class WishRow(Record):
    """A wish that is not simply followed: refused, done in a smaller form (limit), or shown as a choice."""

    id: str
    find: str
    unless: str = ""
    verdict: Literal["refuse", "limit", "choice"] = "refuse"
    choice: str = ""
    stages: tuple[str, ...] = ()
    reason: str = ""
    rule: str | None = None
    instead: str = ""
    adds: tuple[str, ...] = ()


class VoiceRow(Record):
    """What members say, the actions that take it up, and what they may be told about it meanwhile."""

    id: str
    find: str
    adds: tuple[str, ...]
    reply: str = ""


class SideRow(Record):
    """One source's view."""

    view: str
    rule: str


class ChoiceRow(Record):
    """A matter in which sources disagree."""

    topic: str
    sides: tuple[SideRow, ...]
    advice: str


class Objectionable(Record):
    """Words that no message to the group may hold."""

    find: str
    message: str
    rule: str | None = None


class Cause(Record):
    """One kind of cause of low activity, and what of the brief speaks for it."""

    name: str
    figures: tuple[str, ...]
    voices: tuple[str, ...] = ()
    say: str
    rule: str


class Judgement(Record):
    """`knowledge/judgement.yaml`."""

    wishes: tuple[WishRow, ...]
    remarks: str
    wishing: str
    actionable: str
    spending: str
    promising: str
    choices: dict[str, ChoiceRow]
    voices: tuple[VoiceRow, ...]
    asks: str
    questions: str
    topic_lead: str
    objections: dict[str, Objectionable]
    diagnosis: dict[str, Cause]
    sampling: str


@cache
def catalogue() -> Catalogue:
    """The actions, loaded once."""
    return Catalogue.model_validate(load_yaml("plans.yaml"))


@cache
def judgement() -> Judgement:
    """The rules of judgement, loaded once."""
    return Judgement.model_validate(load_yaml("judgement.yaml"))


@cache
def phrases() -> tuple[str, ...]:
    """The templates' own words, without what is filled in: they state no facts."""
    rows = catalogue().actions.values()
    texts = [
        text for row in rows for text in (row.name, row.message, row.private, row.purpose, row.check, row.material)
    ]
    texts += [row.form for row in rows] + [*catalogue().cautions.values(), *(fit.say for fit in catalogue().staffing)]
    texts += [need.question for need in catalogue().needs.values()]
    pieces = {piece.strip() for text in texts for line in text.split("\n") for piece in re.split(r"\{\w+\}", line)}
    return tuple(sorted(piece for piece in pieces if len(piece) > 3))


def words_of(situation: Situation, fields: Iterable[TextField], group: Group | None = None) -> str:
    """The brief's words in these fields, one line each; `stage` is the group's own, where one is given."""
    groups = (group,) if group else situation.groups
    lines: list[str] = []
    for field in fields:
        if field == "stage":
            lines += [one.stage_words for one in groups if one.stage_words]
        else:
            lines += [said.text for said in _said(situation, field)]
    return "\n".join(lines)


def _said(situation: Situation, field: TextField) -> tuple[Said, ...]:
    if field == "goals":
        return (*situation.goals, *situation.week_goals)
    rows: tuple[Said, ...] = getattr(situation, field)
    return rows


def on_trial(situation: Situation, group: Group) -> bool:
    """Whether a group's week is about members trying something out."""
    return bool(re.search(catalogue().trials, words_of(situation, ("goals", "stage", "assets", "notes"), group)))


def applies(row: ActionRow, group: Group, people: Iterable[Person], situation: Situation) -> bool:
    """Whether a group gets an action without anybody calling for it."""
    if row.picked:
        return False
    team = tuple(people)
    return not row.when or any(_holds(when, group, team, situation) for when in row.when)


def _holds(when: When, group: Group, people: tuple[Person, ...], situation: Situation) -> bool:
    figures = {figure.about for figure in situation.figures if figure.group in ("", group.name)}
    duties = {duty for person in people for duty in person.duties}
    checks = (
        not when.communities or group.community in when.communities,
        not when.stages or group.stage in when.stages,
        group.stage not in when.not_stages,
        group.community not in when.not_communities,
        not when.figures or bool(figures & set(when.figures)),
        not when.people or bool(duties & set(when.people)),
        not when.words or bool(re.search(when.words, words_of(situation, when.fields, group))),
        when.trial is None or when.trial == on_trial(situation, group),
        when.physical is None
        or when.physical == bool(re.search(catalogue().products, words_of(situation, ("assets",)))),
    )
    return all(checks)


def is_about_health(group: Group) -> bool:
    """Whether what is said here may touch somebody's body."""
    return catalogue().health.fits(group)


def rhythm_of(group: Group, situation: Situation) -> str:
    """The rhythm of a group's day: a key of `rhythms`."""
    about = words_of(situation, ("constraints", "notes"))
    return next((fit.rhythm for fit in catalogue().rhythm_of if fit.fits(group, about)), "usual")


def event_kind(words: str) -> EventKind | None:
    """What kind of event these words name, where it is one with work around it."""
    return next((kind for kind in catalogue().events.values() if re.search(kind.find, words)), None)
