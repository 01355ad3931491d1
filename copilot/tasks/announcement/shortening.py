"""What goes first when an announcement is longer than asked for: trimmings and repetitions, never a fact."""

import re
from collections.abc import Callable, Iterable

from copilot.checks.coverage import lost_items, lost_placeholders
from copilot.tasks.announcement.composing import greeting_of
from copilot.tasks.announcement.kinds import Announcement
from copilot.tasks.base import Assignment
from copilot.tasks.phrasing import tighten

Shortening = Callable[[Announcement, Assignment], Announcement]


def _without_closing(structure: Announcement, assignment: Assignment) -> Announcement:
    return structure.model_copy(update={"closing": ""})


def _with_short_action(structure: Announcement, assignment: Assignment) -> Announcement:
    """Only the first half of the call to action."""
    return structure.model_copy(update={"action": re.split(r"[；;]|。(?=.)", structure.action)[0].rstrip("。") + "。"})


def _tight(text: str) -> str:
    """Tightened, but for the placeholders: those are looked for word for word."""
    parts = re.split(r"(【待[^】]*】)", text)
    return "".join(part if part.startswith("【待") else tighten(part) for part in parts)


def _without_spaces(structure: Announcement, assignment: Assignment) -> Announcement:
    """`5 月 8 日` takes two characters more than `5月8日`."""
    tight = {
        "title": _tight(structure.title),
        "opening": _tight(structure.opening),
        "benefits": tuple(map(_tight, structure.benefits)),
        "points": tuple(point.model_copy(update={"text": _tight(point.text)}) for point in structure.points),
        "action": _tight(structure.action),
    }
    return structure.model_copy(update=tight)


_ASKING = re.compile(
    r"^(?:(?:有|如有)?(?:疑问|问题|事|不清楚的?)|请|可以?|找|到|直接|，|\s)+|(?:报名)?截止[:：]?|[（(].*[）)]$"
)


def _without_repeats(structure: Announcement, assignment: Assignment) -> Announcement:
    """A contact or a deadline that the opening or the action gives needs no line of its own."""
    given = _tight(structure.opening + structure.action)
    points = [
        point for point in structure.points if not (core := _ASKING.sub("", tighten(point.text))) or core not in given
    ]
    return structure.model_copy(update={"points": tuple(points)})


def _without_echo(structure: Announcement, assignment: Assignment) -> Announcement:
    """The opening without the title that stands right above it."""
    return structure.model_copy(update={"opening": structure.opening.replace(f"{structure.title}，", "", 1)})


def _without_lead_intro(structure: Announcement, assignment: Assignment) -> Announcement:
    return structure.model_copy(update={"lead_intro": ""})


def _without_greeting(structure: Announcement, assignment: Assignment) -> Announcement:
    return structure.model_copy(update={"opening": structure.opening.removeprefix(greeting_of(assignment))})


# What goes first when the text is too long.
SHORTENINGS = (
    _without_closing,
    _without_spaces,
    _without_repeats,
    _without_echo,
    _without_lead_intro,
    _with_short_action,
    _without_greeting,
)
# A model's closing may be its one word to those who can't come: what nobody misses goes before it.
AFTER_A_MODEL = (_without_spaces, _without_echo, _without_repeats, *SHORTENINGS)


def shortened(
    structure: Announcement,
    assignment: Assignment,
    render: Callable[[Announcement], str],
    steps: Iterable[Shortening] = AFTER_A_MODEL,
) -> Announcement:
    """The structure, step by step until it is as short as asked for. A step that would lose a fact is not taken."""
    limit = assignment.options.length
    lost = _lost(render(structure), assignment)
    for shorten in steps:
        if limit is None or len(render(structure)) <= limit:
            break
        shorter = shorten(structure, assignment)
        if _lost(render(shorter), assignment) <= lost:
            structure = shorter
    return structure


def _lost(text: str, assignment: Assignment) -> set[str]:
    """The facts and placeholders that are not in a text."""
    items = {item.id for item in lost_items(text, assignment.items, assignment.ledger)}
    return items | {gap.placeholder for gap in lost_placeholders(text, assignment.missing)}
