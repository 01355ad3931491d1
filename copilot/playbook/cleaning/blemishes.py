"""The blemishes of a text: what is dropped and what is marked, in order and without overlaps."""

from collections.abc import Iterable

from copilot.playbook.cleaning.lines import junk
from copilot.playbook.cleaning.marks import marked_stretches
from copilot.playbook.cleaning.page import Page
from copilot.playbook.cleaning.stretches import Stretch, dropped_stretches
from copilot.playbook.spans import Blemish


def find_blemishes(text: str) -> tuple[Blemish, ...]:
    """What of a document's text is junk (`drop`) or doubtful (`mark`), in order, not overlapping; pure and linear."""
    page = Page(text)
    found = list(dropped_stretches(page))
    drops = _joined((stretch for stretch in found if _action(stretch) == "drop"), text)
    marks = [stretch for stretch in [*found, *marked_stretches(page)] if _action(stretch) == "mark"]
    return tuple(_blemish(stretch) for stretch in sorted([*drops, *_outside(_separate(marks), drops)]))


def _action(stretch: Stretch) -> str:
    return junk().kinds[stretch.kind].action


def _blemish(stretch: Stretch) -> Blemish:
    return Blemish(**stretch._asdict(), **junk().kinds[stretch.kind]._asdict())


def _joined(stretches: Iterable[Stretch], text: str) -> list[Stretch]:
    """Overlaps cut away, neighbours of one kind with only blanks between them joined."""
    joined: list[Stretch] = []
    for start, end, kind in sorted(stretches):
        start = _line_start(text, start)
        last = joined[-1] if joined else None
        start = max(start, last.end) if last else start
        if start >= end:
            continue
        if last and last.kind == kind and not text[last.end : start].strip():
            joined[-1] = Stretch(last.start, end, kind)
        else:
            joined.append(Stretch(start, end, kind))
    return joined


def _line_start(text: str, start: int) -> int:
    """The start with the blanks that indent its line, if only they stand before it."""
    indent = start
    while indent and text[indent - 1].isspace() and text[indent - 1] != "\n":
        indent -= 1
    return indent if indent == 0 or text[indent - 1] == "\n" else start


def _separate(marks: Iterable[Stretch]) -> list[Stretch]:
    """Of marks that overlap the longer takes in the shorter: one reason a stretch is enough."""
    separate: list[Stretch] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        last = separate[-1] if separate else None
        if last is None or mark.start >= last.end:
            separate.append(mark)
        elif mark.end > last.end:
            separate[-1] = Stretch(last.start, mark.end, last.kind)
    return separate


def _outside(marks: Iterable[Stretch], drops: list[Stretch]) -> list[Stretch]:
    """The parts of the marks that are not dropped anyway."""
    parts: list[Stretch] = []
    place = 0
    for start, end, kind in marks:
        while place < len(drops) and drops[place].end <= start:
            place += 1
        at = place
        while at < len(drops) and drops[at].start < end:
            if start < drops[at].start:
                parts.append(Stretch(start, drops[at].start, kind))
            start = drops[at].end
            at += 1
        if start < end:
            parts.append(Stretch(start, end, kind))
    return parts
