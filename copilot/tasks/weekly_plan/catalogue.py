"""The actions of an operator's week (`knowledge/plans.yaml`) and the rules of judgement (`knowledge/judgement.yaml`)."""

import re
from functools import cache
from typing import Literal

from copilot.lore import load_yaml
from copilot.records import Record
from copilot.tasks.weekly_plan.scheduling.week import ActionKind
from copilot.tasks.weekly_plan.situation import Group

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
    from their start; `picked` actions are only called by a voice, a wish, an aim, an event or a closing. `due` is where
    an action stands to the day its aim is due; `told` says in a few words, to members, what is done.
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
    due: Literal["before", "middle", "eve", "day", "after", ""] = ""
    told: str = ""
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
    """A kind of fixed event: the action that is the event itself, and those that belong around it."""

    find: str
    action: str = "fixed"
    around: tuple[str, ...] = ()


class AimRow(Record):
    """A kind of goal: the words that tell it, what members call the matter (`what`, else `plainly`), its
    actions, and other kinds that it covers.
    """

    id: str
    find: str
    what: str = ""
    plainly: str = ""
    actions: tuple[str, ...]
    unless: str = ""
    covers: tuple[str, ...] = ()


class Backward(Record):
    """The steps that lead to a deadline beyond the week, last first."""

    find: str = ""
    trial: bool | None = None
    steps: tuple[str, ...]


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
    promotion_share: int
    many_groups: int
    slots_a_group: dict[str, int]
    needs: dict[str, Need]
    actions: dict[str, ActionRow]
    events: dict[str, EventKind]
    daily: dict[str, str]
    products: str
    trials: str
    staffing: tuple[Fit, ...]
    health: Fit
    cautions: dict[str, str]
    counts: tuple[Count, ...]
    aims: tuple[AimRow, ...]
    backward: tuple[Backward, ...]
    forum: str
    vocatives: str
    nameless: str
    figure_words: dict[str, str]


class WishRow(Record):
    """A wish that is not simply followed: refused, done in a smaller form (limit), shown as a choice, or asked about.

    It holds where `find` does, or all words of one of `pairs` (names out of the judgement's `words`). `spare` rows only
    count where no other row refuses.
    """

    id: str
    find: str
    pairs: tuple[tuple[str, ...], ...] = ()
    unless: str = ""
    verdict: Literal["refuse", "limit", "choice", "ask"] = "refuse"
    spare: bool = False
    choice: str = ""
    stages: tuple[str, ...] = ()
    reason: str = ""
    rule: str | None = None
    instead: str = ""
    adds: tuple[str, ...] = ()


class Followed(Record):
    """A harmless kind of wish, and the action that does it."""

    action: str
    find: str


class VoiceRow(Record):
    """What members say, the actions that take it up, and what they may be told about it meanwhile.

    `soft` is how it is put to everybody where the words themselves are angry; `ask`: a decision is wanted of whoever is
    responsible; `alone`: whatever else the words seem to say does not count; `topic`: what is asked for may be a topic of its own as well.
    """

    id: str
    find: str
    unless: str = ""
    adds: tuple[str, ...]
    reply: str = ""
    soft: str = ""
    ask: bool = False
    alone: bool = False
    topic: bool = False


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


class BoundWords(Record):
    """The words before and after an amount that bound it."""

    before: str = ""
    after: str = ""


class HeldWords(Record):
    """What a message keeps of the program's, whoever words it: `binding` marks a sentence that binds somebody, `negation` a
    word that turns it round, `near` a day told from today, `bans` a constraint that forbids something.
    """

    binding: str
    negation: str
    near: str
    weekend: str
    bounds: dict[str, BoundWords]
    bans: str


class Judgement(Record):
    """`knowledge/judgement.yaml`."""

    words: dict[str, str]
    wishes: tuple[WishRow, ...]
    followed: tuple[Followed, ...]
    expert: str
    attended: str
    standing: str
    against: str
    no_answer: str
    angry: str
    instead_of_bans: dict[str, str]
    remarks: str
    wishing: str
    spending: str
    promising: str
    choices: dict[str, ChoiceRow]
    voices: tuple[VoiceRow, ...]
    asks: str
    questions: str
    topic_lead: str
    objections: dict[str, Objectionable]
    held: HeldWords
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
def pattern(words: str) -> re.Pattern[str]:
    """A compiled pattern; there are more of them than `re` keeps."""
    return re.compile(words)


def found(words: str, text: str) -> re.Match[str] | None:
    """The first match of a pattern of ours."""
    return pattern(words).search(text)


@cache
def phrases() -> tuple[str, ...]:
    """The templates' own words, without what is filled in: they state no facts."""
    rows = catalogue().actions.values()
    texts = [
        text for row in rows for text in (row.name, row.message, row.private, row.purpose, row.check, row.material)
    ]
    texts += (
        [row.form for row in rows]
        + [row.told for row in rows]
        + [*catalogue().cautions.values(), *(fit.say for fit in catalogue().staffing)]
    )
    texts += [need.question for need in catalogue().needs.values()]
    texts += [f"{row.soft}\n{row.reply}" for row in judgement().voices]
    pieces = {piece.strip() for text in texts for line in text.split("\n") for piece in re.split(r"\{\w+\}", line)}
    return tuple(sorted(piece for piece in pieces if len(piece) > 3))
