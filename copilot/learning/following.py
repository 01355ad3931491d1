"""What was agreed is done: a habit applied to a text, its facts untouched."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from copilot.checks.battery import check_draft
from copilot.learning.manners import clear_of, facts_in, last_line_of, mark_of, pattern, salutation_of, with_mark
from copilot.records import Finding, Part
from copilot.store.records import Habit
from copilot.tasks.base import Assignment


def follow(habit: Habit, text: str, said: str = "") -> str:
    """The text as this habit has it. Following twice changes nothing more; words that the brief itself `said` stay."""
    return _FOLLOWED[habit.kind](habit, text, said)


def followed(parts: tuple[Part, ...], assignment: Assignment) -> tuple[tuple[Part, ...], tuple[Finding, ...]]:
    """The messages to the group as the operator's habits have them. One that a check objects to is left, and told."""
    left = []
    said = assignment.ledger.said
    for habit in assignment.options.habits:
        spoken = tuple(
            part.model_copy(update={"text": follow(habit, part.text, said)}) if part.readers == "group" else part
            for part in parts
        )
        if spoken == parts:
            continue
        if against := _objections(spoken, assignment) - _objections(parts, assignment):
            why = f"照“{habit.does}”写会被查出问题（{'、'.join(sorted(against))}），这次没有照做"
            left.append(Finding.notice("habit-left", why, "自己改这一处，或在群档案里撤回这个写法"))
        else:
            parts = spoken
    return parts, tuple(left)


def _objections(parts: Sequence[Part], assignment: Assignment) -> Counter[str]:
    return Counter(one.code for one in check_draft(parts, assignment) if one.severity != "info")


def _salutation(habit: Habit, text: str, said: str) -> str:
    start, end = salutation_of(text)
    if start == end and habit.old:  # a text that greets nobody is not made to
        return text
    return text[:start] + habit.new + text[end:]


def _ending(habit: Habit, text: str, said: str) -> str:
    last = last_line_of(text)
    if last == habit.new or not (habit.new or last == habit.old):
        return text
    kept = text.rstrip()
    if last == habit.old:
        kept = kept[: len(kept) - len(last)].rstrip()
    return f"{kept}\n{habit.new}" if habit.new else kept


def _start(habit: Habit, text: str, said: str) -> str:
    return text if text.startswith(habit.new) else habit.new + text


def _line(habit: Habit, text: str, said: str) -> str:
    lines = text.split("\n")
    kept = [line for line in lines if line.strip() != habit.old]
    return text if len(kept) == len(lines) else re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _words(habit: Habit, text: str, said: str) -> str:
    if habit.old in said and re.search(r"\w", habit.old):
        return text
    taken = facts_in(text)
    if habit.old in habit.new:  # what is so already stays
        taken = (*taken, *(match.span() for match in re.finditer(re.escape(habit.new), text)))
    return re.sub(re.escape(habit.old), lambda match: habit.new if clear_of(taken, *match.span()) else match[0], text)


_FOLLOWED: dict[str, Callable[[Habit, str, str], str]] = {
    "salutation": _salutation,
    "ending": _ending,
    "start": _start,
    "line": _line,
    "words": _words,
    "marks": lambda habit, text, said: text if mark_of(text) == habit.new else with_mark(text, habit.new),
    "blank-lines": lambda habit, text, said: re.sub(r"\n\s*\n", "\n", text),
    "emoji": lambda habit, text, said: re.sub(rf"{pattern('emoji').pattern}[ ]?", "", text),
    "shorter": lambda habit, text, said: text,
}
