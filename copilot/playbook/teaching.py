"""What a handbook's comments say that a section teaches: `<!-- rules: a, b -->` and `<!-- disagreement: id | a: x | b: y -->`."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from copilot.playbook.markup import Comment
from copilot.records import Record

_SEPARATOR = re.compile(r"[\s,，、]+")
_SIDES = re.compile(r"(?P<id>[\w-]+)\s*\|\s*a:(?P<a>[^|]*)\|\s*b:(?P<b>[^|]*)")


class Disagreement(Record):
    """Two sides the sources take on one question, as rule ids; a side without a usable rule is empty."""

    id: str
    a: tuple[str, ...]
    b: tuple[str, ...]


def names_rules(comment: Comment) -> bool:
    """Whether a comment names rules, or sides that have any."""
    return bool(_teaching(comment.text)[0])


def taught(comments: Sequence[Comment], start: int, end: int) -> tuple[tuple[str, ...], Disagreement | None]:
    """The rules, those of both sides included, and the first disagreement that comments name between two places."""
    first = bisect_left(comments, start, key=lambda comment: comment.start)
    last = bisect_left(comments, end, key=lambda comment: comment.start)
    rules: tuple[str, ...] = ()
    disagreement: Disagreement | None = None
    for comment in comments[first:last]:
        named, sides = _teaching(comment.text)
        disagreement = disagreement or sides
        rules += named
    return tuple(dict.fromkeys(rules)), disagreement


def _teaching(comment: str) -> tuple[tuple[str, ...], Disagreement | None]:
    key, _, value = comment.removeprefix("<!--").removesuffix("-->").strip().partition(":")
    if key == "rules" and "|" not in value:
        return _ids(value), None
    if key == "disagreement" and (sides := _SIDES.fullmatch(value.strip())):
        a, b = _ids(sides["a"]), _ids(sides["b"])
        return (*a, *b), Disagreement(id=sides["id"], a=a, b=b)
    return (), None


def _ids(listed: str) -> tuple[str, ...]:
    return tuple(part for part in _SEPARATOR.split(listed) if part)
