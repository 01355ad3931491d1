"""The lines of a pasted chat that may begin a message: a name and a time, on one line or on two."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import groupby

from copilot.chat.formats.header_choice import Header, is_label
from copilot.chat.formats.stamps import STAMP, stamp_of
from copilot.chat.formats.wording import notice_kind, visible
from copilot.chat.members import folded

_LONGEST = 120
_LONGEST_NAME = 64
_MAY_BEGIN = frozenset("12[【(（")
_MAY_END = frozenset("0123456789mM)）]】.")


def candidates(lines: Sequence[str]) -> list[Header]:
    """All lines that may be headers: a name and a time on one line, or on two."""
    found = []
    for place, line in enumerate(lines):
        text = line.rstrip()
        if (
            not text
            or len(text) > _LONGEST
            or line[0] in " \t>"
            or (text[-1] not in _MAY_END and text[0] not in _MAY_BEGIN)
        ):
            continue
        text = visible(text)
        match = _one_line().fullmatch(text)
        if match is None and text[0] in _MAY_BEGIN:
            match = _time_first().fullmatch(text)
        if match is None:
            continue
        header = _read(lines, place, match)
        if header is not None:
            found.append(header)
    return found


def _read(lines: Sequence[str], place: int, match: re.Match[str]) -> Header | None:
    stamp = stamp_of(match)
    name, gap = match["name"], match["gap"]
    first = place
    if match.re is _time_first():
        layout = "first"
        if not stamp.dated or ":" in name or "：" in name or name[0] in "-–—|,，":
            return None
    elif not name:
        first -= 1
        name = lines[first].strip() if first >= 0 else ""
        if not name or len(name) > _LONGEST_NAME or match["open"]:
            return None
        layout = "two"
    elif match["open"]:
        layout = "brackets"
    elif not gap:
        if name[-1].isdigit() or name[-1] in ":：-/.~—至到":
            return None
        layout = "glued"
    else:
        layout = "gap" if len(gap) == 1 else "gaps"
    if (match["open"] and _CLOSING.get(match["open"]) != match["close"]) or (match["close"] and not match["open"]):
        return None
    name = name.strip()
    if name.startswith("**") and name.endswith("**") and len(name) > 4:  # as Markdown writes it
        name = name[2:-2]
    return Header(
        line=first,
        body=place + 1,
        name=name,
        key=folded(name),
        stamp=stamp,
        style=f"{layout}/{stamp.style}",
        blank=(_is_blank(lines, first - 1), place + 1 < len(lines) and not lines[place + 1].strip()),
    )


def _is_blank(lines: Sequence[str], place: int) -> bool | None:
    """Whether a line is blank; None where a notice or nothing stands, which come with blank lines and without."""
    if place < 0 or notice_kind(lines[place], ()) is not None:
        return None
    return not lines[place].strip()


_CLOSING = {"(": ")", "（": "）", "[": "]", "【": "】"}


@cache
def _one_line() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<name>.{{0,{_LONGEST_NAME}}}?)(?P<gap>[ \t]*)(?P<open>[(（\[【]?){STAMP}(?P<close>[)）\]】]?)",
        re.IGNORECASE,
    )


@cache
def _time_first() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<open>[(（\[【]?){STAMP}(?P<close>[)）\]】]?)(?P<gap>[ \t]+)(?P<name>\S.{{0,{_LONGEST_NAME}}})",
        re.IGNORECASE,
    )


def own_style(found: Sequence[Header]) -> list[Header]:
    """The candidates of the source's own styles: that of most names, and those of other pastes in it.

    Another style is another paste's when its names are the same people's, or when it has a stretch to itself. What
    bodies say about times is scattered between headers.
    """
    names: dict[str, set[str]] = {}
    for header in found:
        if not is_label(header.key):
            names.setdefault(header.style, set()).add(header.key)
    if not names:
        return []
    first = found[0].style
    best = max(
        names, key=lambda style: (len(names[style]) * (2 if style == first else 1), not style.startswith("first/"))
    )
    own = {best}
    for style, people in names.items():
        if style == best or (style.startswith("first/") and not best.startswith("first/")):
            continue
        shared = len(people & names[best])
        if (
            {style, best} == {f"glued/{found[0].stamp.style}", f"gap/{found[0].stamp.style}"}
            or (shared > 1 and shared * 3 >= len(people))
            or _has_a_stretch(found, style, best)
        ):
            own.add(style)
    return [header for header in found if header.style in own]


def _has_a_stretch(found: Sequence[Header], style: str, best: str) -> bool:
    """Whether candidates of a style, with words below them, mostly follow each other without one of the best style."""
    kinds = [header.style for header in found if header.style == best or (header.style == style and not header.empty)]
    count = kinds.count(style)
    stretches = sum(kind == style for kind, _ in groupby(kinds))
    return count >= 2 and count >= 4 * stretches
