"""Whether an action of the catalogue fits a group: its community, stage, figures, people and words."""

import re
from collections.abc import Iterable

from copilot.tasks.weekly_plan.catalogue import ActionRow, TextField, When, catalogue, found, judgement
from copilot.tasks.weekly_plan.situation import Figure, Group, Person, Said, Situation

SHOPS = ("commerce", "ecommerce", "retail", "farm")


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
    return bool(found(catalogue().trials, words_of(situation, ("goals", "stage", "assets", "notes"), group)))


def applies(row: ActionRow, group: Group, people: Iterable[Person], situation: Situation) -> bool:
    """Whether a group gets an action without anybody calling for it."""
    if row.picked:
        return False
    team = tuple(people)
    return not row.when or any(_holds(when, group, team, situation) for when in row.when)


def _holds(when: When, group: Group, people: tuple[Person, ...], situation: Situation) -> bool:
    figures = {about_of(figure) for figure in figures_of(group.name, situation)}
    community = community_of(group)
    duties = {duty for person in people for duty in person.duties}
    checks = (
        not when.communities or community in when.communities,
        not when.stages or group.stage in when.stages,
        group.stage not in when.not_stages,
        community not in when.not_communities,
        not when.figures or bool(figures & set(when.figures)),
        not when.people or bool(duties & set(when.people)),
        not when.words or bool(found(when.words, words_of(situation, when.fields, group))),
        when.trial is None or when.trial == on_trial(situation, group),
        when.physical is None or when.physical == bool(found(catalogue().products, words_of(situation, ("assets",)))),
    )
    return all(checks)


def community_of(group: Group) -> str:
    """A group's community; one in which dealers talk shop sells nothing."""
    said = f"{group.name} {group.group_type} {group.audience}"
    return "general" if group.community in SHOPS and found(catalogue().forum, said) else group.community


def pairs_of(text: str) -> set[str]:
    """The pairs of neighbouring characters of a text."""
    return {text[at : at + 2] for at in range(len(text) - 1) if text[at : at + 2].isalnum()}


def group_of(text: str, situation: Situation) -> str:
    """The group that a text names by a part of its name that not all the others have; "" where it names none."""
    running = [one for one in situation.groups if one.stage not in ("dead", "closing")]
    if len(running) < 2:
        return ""
    marks = [pairs_of(one.name) for one in running]
    common = set.intersection(*marks)
    ranked = [
        (sum(pair in text for pair in own - common), one.members or 0, one.name)
        for own, one in zip(marks, running, strict=True)
    ]
    best = max(ranked)
    return best[2] if best[0] else ""


def figures_of(group: str, situation: Situation) -> tuple[Figure, ...]:
    """The figures that are about a group: its own, and those that no group is named for."""
    names = {one.name for one in situation.groups}
    return tuple(one for one in situation.figures if one.group in ("", group) or one.group not in names)


def about_of(figure: Figure) -> str:
    """What a figure is about; whatever says that nobody answered counts as unanswered."""
    return "unanswered" if found(judgement().no_answer, figure.name) else figure.about


def named(figure: Figure) -> str:
    """A figure's name in Chinese, where a key of a file has to be put into words."""
    if not figure.name.isascii():
        return figure.name
    pieces = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+\w*", figure.name)
    words = [catalogue().figure_words.get(piece.lower(), "") for piece in pieces]
    return "".join(words) if words and all(words) else figure.name


def plain(text: str) -> str:
    """A goal without the key of the file it stood under."""
    return re.sub(r"^[A-Za-z_ ]{2,20}[：:]\s*", "", text)


def is_about_health(group: Group) -> bool:
    """Whether what is said here may touch somebody's body."""
    return catalogue().health.fits(group)


def rhythm_of(group: Group, situation: Situation) -> str:
    """The rhythm of a group's day: a key of `rhythms`."""
    about = words_of(situation, ("constraints", "notes"))
    return next((fit.rhythm for fit in catalogue().rhythm_of if fit.fits(group, about)), "usual")
