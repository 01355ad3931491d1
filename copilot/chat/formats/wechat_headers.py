"""The lines of a pasted chat that may begin a message: a name and a time, on one line or on two."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from copilot.chat.formats.header_choice import Header
from copilot.chat.formats.stamps import STAMP, stamp_of
from copilot.chat.formats.wording import visible
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
        blank=(first == 0 or not lines[first - 1].strip(), place + 1 < len(lines) and not lines[place + 1].strip()),
    )


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


def styles_of(found: Sequence[Header], *, ruled: bool) -> frozenset[str]:
    """The styles that are the source's own: the commonest, and others that are no rarity beside it.

    Times without a date are also written in bodies: they count where the source has lines for its days (`ruled`), or
    when nothing better is there.
    """
    counted = Counter(header.style for header in found)
    if counted and not counted.most_common(1)[0][0].startswith("first/"):
        counted = Counter({style: count for style, count in counted.items() if not style.startswith("first/")})
    dated = {header.style for header in found if header.stamp.dated and header.style in counted}
    own = {style for style in counted if style in dated}
    most = max((counted[style] for style in own), default=0)
    own = {style for style in own if counted[style] >= 3 or counted[style] * 5 >= most}
    bare = {style: count for style, count in counted.items() if style not in dated}
    if bare:
        common = max(bare.values())
        if ruled or not own or common > most:
            least = 3 if own and not ruled else 1
            own |= {style for style, count in bare.items() if count >= max(least, common * 0.05)}
    return frozenset(own)
