"""What one edit changed in the way a text speaks: every change that might be a habit, facts left out."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from copilot.facts.name_lexicon import segmenter
from copilot.learning.edits import Edit
from copilot.learning.manners import (
    clear_of,
    facts_in,
    lore,
    mark_of,
    pattern,
    salutation_of,
    tells_a_fact,
    with_mark,
)
from copilot.store import LineChange, compare
from copilot.store.records import HabitKind


class Change(NamedTuple):
    """One change of manner: what kind of habit it would be (see `Habit`), and the words before and after."""

    kind: HabitKind
    old: str
    new: str


def changes(edit: Edit) -> Iterator[Change]:
    """The changes of an edit that hold no fact and were not the brief's own words."""
    if edit.before.strip() == edit.after.strip():
        return
    for change in _all(edit.before, edit.after):
        brief = any(words in edit.said for words in (change.old, change.new) if words.strip(_MARKS))
        long = max(len(change.old), len(change.new)) > lore()["longest"]
        fact = change.kind != "marks" and any(map(tells_a_fact, (change.old, change.new)))
        if not (brief or long or fact):
            yield change


_MARKS = " \n，,。.！!？?；;：:、~～…—-·【】（）()“”"


def _all(before: str, after: str) -> Iterator[Change]:
    if len(after) <= len(before) * lore()["shorter"]:
        yield Change("shorter", "", "")
    if "\n\n" in before.strip() and "\n\n" not in after.strip():
        yield Change("blank-lines", "", "")
    if pattern("emoji").search(before) and not pattern("emoji").search(after):
        yield Change("emoji", "", "")
    old, new = mark_of(before), mark_of(after)
    if old and old != new:
        yield Change("marks", old, new)
    (old, before), (new, after) = _unsaluted(before), _unsaluted(after)
    if old != new:
        yield Change("salutation", old, new)
    yield from _of_lines(_lines(before), _lines(after))


def _unsaluted(text: str) -> tuple[str, str]:
    """The salutation, and the text without it."""
    start, end = salutation_of(text)
    return text[start:end], text[:start] + text[end:]


def _lines(text: str) -> list[str]:
    """Its lines without blank ones and without the marks of a list."""
    plain = with_mark(text, "")
    return [line.strip() for line in plain.split("\n") if line.strip()]


def _of_lines(before: list[str], after: list[str]) -> Iterator[Change]:
    rows = list(compare("\n".join(before), "\n".join(after)).lines)
    if before and after and before[-1] != after[-1]:
        old = "" if before[-1] in after else before[-1]
        new = "" if after[-1] in before else after[-1]
        if _rewritten(old, new):
            yield Change("ending", old, new)
            rows = [row for row in rows if row.old != before[-1] and row.new != after[-1]]
    for number, row in enumerate(rows):
        if row.kind == "added" and number == 0 and row.new:
            yield Change("start", "", f"{row.new}\n")
        elif row.kind == "removed" and row.old:
            yield Change("line", row.old, "")
        elif row.kind == "changed":
            yield from _of_words(row)


def _rewritten(old: str, new: str) -> bool:
    """Whether a last line went, came, or is another now; one in which a word changed is not."""
    return not (old and new) or SequenceMatcher(None, old, new, autojunk=False).ratio() < REWRITTEN


REWRITTEN = 0.7


def _of_words(row: LineChange) -> Iterator[Change]:
    """The words that changed in a line; what was put in is told with the word after it, or before it, to find its place."""
    old_line, new_line = row.old or "", row.new or ""
    old, new = _cut(old_line), _cut(new_line)
    old_at, new_at = _places(old), _places(new)
    for start, end, new_start, new_end in _stretches(old, new):
        uneven = end - start != new_end - new_start and end > start and new_end > new_start
        if uneven and start and new_start and _clings(old[start - 1]):
            start, new_start = start - 1, new_start - 1  # 报[好后] → 报[完]: no phrase without its verb
        if not (
            clear_of(facts_in(old_line), old_at[start], old_at[end])
            and clear_of(facts_in(new_line), new_at[new_start], new_at[new_end])
        ):
            continue
        words = "".join(new[new_start:new_end])
        if start < end:
            yield Change("words", "".join(old[start:end]), words)
            continue
        if row.old_line == 1 and start == 0:
            yield Change("start", "", words)
        if start < len(old):
            yield Change("words", old[start], words + old[start])
        if start:
            yield Change("words", old[start - 1], old[start - 1] + words)


def _clings(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


CLOSE = 2  # characters: changes this near to each other are one


def _stretches(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Where two lines of words differ (start and end in each)."""
    found: list[tuple[int, int, int, int]] = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        between = "".join(old[found[-1][1] : start]) if found else ""
        if found and len(between) <= CLOSE and between.isalnum():
            found[-1] = (found[-1][0], end, found[-1][2], new_end)
        else:
            found.append((start, end, new_start, new_end))
    return iter(found)


def _cut(line: str) -> list[str]:
    return list(segmenter().cut(line, False))


def _places(words: list[str]) -> list[int]:
    """Where each word begins, and where the last one ends."""
    places = [0]
    for word in words:
        places.append(places[-1] + len(word))
    return places
