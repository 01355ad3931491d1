"""The HTML of what is kept: a line of the history, two texts compared, two values side by side.

What changed is told by a sign and by its lettering (struck through, underlined) as well as by colour.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import groupby

from copilot.records import Span
from copilot.store import Comparison, LineChange

_MARKS = re.compile(r"[!-/:-@\[-`{-~]")  # ASCII punctuation, which a backslash keeps from meaning anything
AROUND = 2  # unchanged lines shown before and after a change; longer runs are folded


def plain_label(text: str) -> str:
    """A text as the label of a widget, which is Markdown: shown as it is, without the mark over one message of several."""
    return _MARKS.sub(r"\\\g<0>", text.lstrip("▍"))


def title(text: str) -> str:
    """The name of the one thing that a page is about."""
    return f'<h2 class="kept-title">{escape(text)}</h2>'


def entry(facts: Iterable[str], tags: Iterable[str] = ()) -> str:
    """The small print under a title: facts set apart by dots, then tags."""
    told = " · ".join(escape(fact) for fact in facts if fact)
    marked = "".join(f'<span class="tag">{escape(tag)}</span>' for tag in tags)
    return f'<div class="kept-meta">{told}{marked}</div>'


def comparison(compared: Comparison, names: tuple[str, str], folded: Callable[[int], str]) -> str:
    """Two texts line by line: what went is struck through, what came is underlined. `folded` words a run left out."""
    old, new = (escape(name) for name in names)
    head = f'<div class="names"><span><del>− {old}</del></span><span><ins>+ {new}</ins></span></div>'
    runs = [(same, list(lines)) for same, lines in groupby(compared.lines, key=lambda line: line.kind == "same")]
    pieces = []
    for number, (same, lines) in enumerate(runs):
        if not same:
            pieces.append(_changed(lines))
            continue
        before, after = (0 if number == 0 else AROUND), (0 if number == len(runs) - 1 else AROUND)
        hidden = lines[before : len(lines) - after]
        if len(hidden) < 2:
            pieces.append(_same(lines))
            continue
        pieces.append(_same(lines[:before]))
        pieces.append(f"<details><summary>{escape(folded(len(hidden)))}</summary>{_same(hidden)}</details>")
        pieces.append(_same(lines[len(lines) - after :]))
    return f'<div class="compared">{head}<div class="lines">{"".join(pieces)}</div></div>'


def _same(lines: Sequence[LineChange]) -> str:
    return "".join(_line("", "&nbsp;", escape(line.old or "")) for line in lines)


def _changed(lines: Sequence[LineChange]) -> str:
    pieces = []
    for line in lines:
        if line.old is not None:
            pieces.append(_line("gone", "−", _spotted(line.old, line.old_spans, "del", whole=line.kind == "removed")))
        if line.new is not None:
            pieces.append(_line("came", "+", _spotted(line.new, line.new_spans, "ins", whole=line.kind == "added")))
    return "".join(pieces)


def _line(kind: str, sign: str, inner: str) -> str:
    return f'<div class="line {kind}"><span class="sign">{sign}</span><span>{inner}</span></div>'


def _spotted(text: str, spans: Sequence[Span], tag: str, *, whole: bool) -> str:
    """A line with what changed in it set in `tag`."""
    if whole:
        return f"<{tag}>{escape(text)}</{tag}>" if text else ""
    pieces, at = [], 0
    for span in spans:
        pieces.append(f"{escape(text[at : span.start])}<{tag}>{escape(text[span.start : span.end])}</{tag}>")
        at = span.end
    return "".join([*pieces, escape(text[at:])])


def side_by_side(mine: str, other: str, titles: tuple[str, str], nothing: str) -> str:
    """Two values of one field, each under its title."""
    sides = (
        f'<div><div class="meta">{escape(title)}</div><p>{escape(words) or f"<i>{escape(nothing)}</i>"}</p></div>'
        for title, words in zip(titles, (mine, other), strict=True)
    )
    return f'<div class="two-sides">{"".join(sides)}</div>'
