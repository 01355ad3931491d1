"""Several articles in one file, told apart by how one closes and the next begins."""

from collections.abc import Sequence

from copilot.playbook.cleaning.lines import Line, lines_of
from copilot.playbook.names import step_name
from copilot.playbook.spans import Article, Blemish

_CLOSINGS = frozenset({"summary", "sign_off", "promotion", "legal", "byline", "diary", "fiction"})
_LEAST_BODY = 120
_LONGEST_UNTITLED = 30


def find_articles(text: str, blemishes: Sequence[Blemish]) -> tuple[Article, ...]:
    """The articles of a file that holds several, covering it from end to end; () when it is one.

    An article starts where the one before has closed (a summary, a sign-off, a plug, a private section) and a title, or
    an introduction to a numbering that starts again, follows.
    """
    kept, closed_before = _kept_lines(text, blemishes)
    starts = [0] if kept else []
    for place in range(1, len(kept)):
        if closed_before[place] and _is_start(kept, place) and _body(kept[starts[-1] : place]) >= _LEAST_BODY:
            starts.append(place)
    if len(starts) < 2 or _body(kept[starts[-1] :]) < _LEAST_BODY:
        starts = starts[:-1]
    if len(starts) < 2:
        return ()
    bounds = [0, *(kept[place].start for place in starts[1:]), len(text)]
    return tuple(
        Article(start=bounds[number], end=bounds[number + 1], title=_title(text, kept, starts, number))
        for number in range(len(starts))
    )


def _kept_lines(text: str, blemishes: Sequence[Blemish]) -> tuple[list[Line], list[bool]]:
    """The lines that are not dropped whole, and for each whether something closed between it and the one before."""
    kept: list[Line] = []
    closed: list[bool] = []
    closing = False
    ordered = iter(blemishes)
    blemish = next(ordered, None)
    for line in lines_of(text):
        covered = 0
        ends_closed = False
        while blemish and blemish.start < line.end:
            covered += max(0, min(blemish.end, line.end) - max(blemish.start, line.start)) * (blemish.action == "drop")
            ends_closed = blemish.kind in _CLOSINGS and blemish.end >= line.end - 1
            if blemish.end > line.end:
                break
            blemish = next(ordered, None)
        if covered < len(line.text):
            kept.append(line)
            closed.append(closing)
            closing = False
        closing = closing or ends_closed
    return kept, closed


def _is_start(lines: list[Line], place: int) -> bool:
    """A title or an introduction, with a numbering that begins again soon after or a paragraph under the title."""
    line, following = lines[place], lines[place + 1 : place + 8]
    if line.numbering or line.literal:
        return False
    restarts = any(later.numbering and later.numbering[1] == 1 for later in following)
    if line.is_title_like:
        return restarts or any(later.is_prose for later in following[:2])
    return line.is_prose and restarts


def _body(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _title(text: str, kept: list[Line], starts: list[int], number: int) -> str:
    line = kept[starts[number]]
    if line.is_title_like or line.is_hash_heading or len(line.text) <= _LONGEST_UNTITLED:
        return step_name(text[line.start : line.end].strip("# "))
    first = kept[0]
    name = step_name(text[first.start : first.end].strip("# ")) if len(first.text) <= 45 else ""
    return f"{name}（第 {number + 1} 篇）" if name else f"第 {number + 1} 篇"
