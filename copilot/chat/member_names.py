"""Which member a name means that a person wrote from memory."""

import re
import unicodedata
from collections.abc import Sequence

_LABEL = re.compile(r"^[^:：]{1,6}[:：]\s*")
_ASIDE = re.compile(r"[(（\[【<《「][^()（）\[\]【】<>《》「」]*[)）\]】>》」]")
_MARKS = re.compile(r"[\W_]+")


def bare(name: str) -> str:
    """The name's letters and digits alone, in one form."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", name)).lower()


def match_member(name: str, members: Sequence[str]) -> tuple[str, ...]:
    """The members a name can mean: the exact one, else the same letters, else without asides, else one inside the other."""
    if name in members:
        return (name,)
    given = _LABEL.sub("", name.strip().lstrip("@"))
    if given in members:
        return (given,)
    core = bare(_ASIDE.sub("", given)) or bare(given)
    letters = {member: bare(member) for member in members}
    if found := tuple(member for member in members if letters[member] == bare(given) != ""):
        return found
    if found := tuple(
        member for member in members if core and (bare(_ASIDE.sub("", member)) or letters[member]) == core
    ):
        return found
    return tuple(member for member in members if _inside(core, letters[member]))


def _inside(one: str, other: str) -> bool:
    """Whether the shorter name is part of the longer, and more than one letter."""
    short, long = sorted((one, other), key=len)
    return len(short) > 1 and short in long
