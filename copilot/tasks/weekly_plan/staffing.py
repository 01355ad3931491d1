"""Who does what: the people whose duty fits an action, best first, and what is to be said about the team."""

import re
from collections.abc import Iterable
from datetime import date

from copilot.records import Origin
from copilot.tasks.weekly_plan.catalogue import ActionRow, catalogue
from copilot.tasks.weekly_plan.fitting import community_of
from copilot.tasks.weekly_plan.scheduling.openings import working_spans
from copilot.tasks.weekly_plan.situation import Group, Person, Situation

_GENERIC = re.compile(r"志愿者?|兼职|负责|运营|群主|每天|平时|处理|工作|内容|群里|大家|周[一二三四五六日天]")
NOBODY = Person(name="", origin=Origin(field="", line=1, quote=""))
MOST_CANDIDATES = 3


def team_of(group: str, situation: Situation) -> tuple[Person, ...]:
    """The people who serve a group ("" for the work of the whole team)."""
    return tuple(one for one in situation.people if not one.groups or not group or group in one.groups)


def known_hours(person: Person) -> bool:
    """Whether the brief says when somebody can work."""
    return person.hours.stated


def candidates(row: ActionRow, group: str, situation: Situation, turn: int = 0) -> tuple[Person, ...]:
    """Who may do an action, best first. Somebody confined to one duty only ever gets that; somebody whose hours are
    unknown is asked only where nobody else is there. `turn`: people equally fit come first in turn.
    """
    team = team_of(group, situation)
    ranked = sorted(
        (rank, (place - turn) % len(team), place)
        for place, one in enumerate(team)
        if (rank := _rank(one, row)) is not None
    )
    fitting = [team[place] for _, _, place in ranked]
    others = [one for one in team if one not in fitting and not one.only and "technical" not in one.duties]
    for choice in (fitting, others):
        timed = [one for one in choice if known_hours(one)]
        if timed:
            return tuple(timed[:MOST_CANDIDATES])
    return tuple((fitting or others)[:1]) or (NOBODY,)


def affinity(person: Person, row: ActionRow) -> int:
    """How many pairs of characters somebody's duty, in the operator's words, shares with an action: a specialist's mark."""
    words = _GENERIC.sub(" ", person.duty)
    about = f"{row.name}{row.form}{row.material}"
    pairs = {words[at : at + 2] for at in range(len(words) - 1) if words[at : at + 2].isalnum()}
    return sum(pair in about for pair in pairs)


def fits(person: Person, row: ActionRow) -> bool:
    """Whether an action is somebody's own kind of work."""
    return bool(set(person.duties) & set(row.duty)) or affinity(person, row) > 0


def _rank(person: Person, row: ActionRow) -> int | None:
    if not person.only and "owner" not in person.duties and affinity(person, row):
        return -1
    places = [row.duty.index(duty) for duty in person.duties if duty in row.duty]
    if not places:
        return None if person.duties or person.only else len(row.duty)
    return None if person.only and min(places) > 0 else min(places)


def helper_for(kinds: Iterable[str], owner: str, situation: Situation) -> Person | None:
    """Somebody else whose duty is one of these and who is not confined to another."""
    wanted = set(kinds)
    others = (one for one in situation.people if one.name != owner and not one.only)
    return next((one for one in others if wanted & set(one.duties)), None)


def is_there(person: Person, day: date, start: int, minutes: int) -> bool:
    """Whether somebody can work all through a stretch of a day."""
    return known_hours(person) and any(
        first <= start and start + minutes <= last for first, last in working_spans(person.hours, day)
    )


def staffing_notes(group: Group, situation: Situation) -> tuple[str, ...]:
    """How a group of this kind is staffed, who is confined to what, and whose hours are unknown."""
    known = group.model_copy(update={"community": community_of(group)})
    notes = [next(fit.say for fit in catalogue().staffing if fit.fits(known))]
    for one in situation.people:
        if one.only:
            notes.append(f"{one.name}：{one.duty}，只在这件事上找他，不排别的")
        elif not known_hours(one):
            minutes = one.hours.minutes_a_day
            limit = f"每天不超过 {minutes} 分钟，" if minutes else ""
            notes.append(f"{one.name}：没写几点有空，{limit}只安排提前备料这类不赶钟点的事，几点做由本人定")
        elif one.hours.vague:
            notes.append(f"{one.name}：“{one.hours.words or one.duty}”没有写钟点，按常见的时段排，请本人确认")
    return tuple(notes)


def idle_notes(busy: set[str], named: str, situation: Situation) -> tuple[str, ...]:
    """Why somebody has no line of their own in the plan."""
    notes = []
    for one in situation.people:
        if one.name and one.name not in busy and one.name not in named and not one.only:
            why = "这周的时间和该做的事对不上" if known_hours(one) else "没写几点有空，先不派有钟点的事"
            notes.append(f"{one.name}：这周没有单独排事，{why}；临时有事再找他，或请补一句能做什么、几点有空")
    return tuple(notes)


def roles_line(situation: Situation) -> str:
    """The division of labour in the operator's words: `小周：客户成功；林工：培训`."""
    return "；".join(f"{one.name}：{one.duty or '分工待定'}" for one in situation.people if one.name)
