"""The lines of a document as the cleaning rules see them: folded text, numbering, and whether a line is prose."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

from copilot.lore import load_yaml
from copilot.playbook.markup import comments, front_matter

_FOLDING = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys((0xA0, 0x3000, 0x200B, 0xFEFF), 0x20)
_NUMBERINGS = tuple(
    re.compile(pattern)
    for pattern in (
        r"第([一二三四五六七八九十]{1,3}|\d{1,2})[章节部分篇条步]",
        r"([一二三四五六七八九十]{1,3})[、.]",
        r"[(]([一二三四五六七八九十]{1,3})[)]",
        r"(\d{1,2})、",
        r"(\d{1,2})\.(?!\d)",
        r"[(](\d{1,2})[)]",
        r"(\d{1,2})[)]",
        r"(0\d) ",
    )
)
_NUMBER_STARTS = frozenset("第(0123456789一二三四五六七八九十")
_HASHES = re.compile(r"#{1,6} ")
_BULLET = re.compile(r"[-*+] ")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_FENCE = re.compile(r"```|~~~")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCE_END = re.compile(r"[。!?;]")
_SENTENCE = re.compile(r"[^。!?~…\n]*(?:[。!?~…]+[”’\"」』)]*|$)")
_LINE = re.compile(r"[^\n]*")


class Line(NamedTuple):
    """One non-blank line without the blanks around it: `text` is folded, `start` and `end` are in the document.

    `numbering` is (style, number), styles in the order of `_NUMBERINGS`, outermost first; `is_prose` says that it is a
    sentence or more, as nobody writes on a button. `literal` lines (front matter, comments, fenced code) are the writer's own and never junk.
    """

    start: int
    end: int
    text: str
    literal: bool
    numbering: tuple[int, int] | None
    is_prose: bool

    @property
    def is_item(self) -> bool:
        """An item of a list: one among others, so nothing that closes a page or speaks for its site."""
        return self.numbering is not None or _BULLET.match(self.text) is not None

    @property
    def is_hash_heading(self) -> bool:
        return _HASHES.match(self.text) is not None

    @property
    def is_title_like(self) -> bool:
        """Short, not numbered, and not a finished sentence."""
        return (
            4 <= len(self.text) <= 45
            and self.text[-1] not in "。;,:!、…~"
            and "。" not in self.text
            and self.numbering is None
            and len(_HAN.findall(self.text)) >= 4
        )

    @property
    def has_han(self) -> bool:
        return _HAN.search(self.text) is not None


def fold(text: str) -> str:
    """Full-width ASCII and odd blanks made half-width, character for character, so that offsets stay."""
    return text.translate(_FOLDING)


def lines_of(text: str) -> list[Line]:
    """The non-blank lines of a document."""
    lines, fenced = [], False
    front = front_matter(text)
    following = comments(text)
    comment = next(following, None)
    for found in _LINE.finditer(fold(text)):
        stripped = found[0].strip()
        if not stripped:
            continue
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        while comment and comment.end <= start:
            comment = next(following, None)
        beside = start < front or (comment is not None and comment.start <= start)
        fence = not beside and bool(_FENCE.match(stripped))
        literal = beside or fenced or fence
        lines.append(Line(start, start + len(stripped), stripped, literal, _numbering(stripped), _is_prose(stripped)))
        fenced = fenced != fence
    return lines


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters, by which short texts are compared."""
    return {text[at : at + 2] for at in range(len(text) - 1)}


def sentences_of(line: Line) -> list[tuple[int, int, str]]:
    """(start, end, text) of the sentences of a line; offsets in the document."""
    return [
        (line.start + found.start(), line.start + found.end(), found[0])
        for found in _SENTENCE.finditer(line.text)
        if found[0].strip()
    ]


def trailing_context(lines: Sequence[Line], index: int, limit: int = 8) -> list[Line]:
    """The lines before `index` back to the nearest heading (with it): what introduces the line."""
    context: list[Line] = []
    for line in reversed(lines[max(0, index - limit) : index]):
        context.append(line)
        if line.is_hash_heading or (line.numbering and not line.is_prose):
            break
    return context


class Kind(NamedTuple):
    """What is done with a kind of junk, and why, in words for the operator."""

    action: Literal["drop", "mark"]
    reason: str


class Junk(NamedTuple):
    """The parts of `knowledge/junk.yaml` that are gone through one by one; `pattern` gives the others."""

    kinds: dict[str, Kind]
    edges: tuple[str, ...]
    marks: tuple[str, ...]
    labels: frozenset[str]
    bound: frozenset[str]


@cache
def junk() -> Junk:
    """The kinds of junk, and the names under which `edges` and `marks` have their patterns."""
    told = _told()
    return Junk(
        kinds={name: Kind(**kind) for name, kind in told["kinds"].items()},
        edges=tuple(told["edges"]),
        marks=tuple(told["marks"]),
        labels=frozenset(told["labels"]),
        bound=frozenset(told["bound"]),
    )


@cache
def _told() -> dict[str, Any]:
    loaded: dict[str, Any] = load_yaml("junk.yaml")
    return loaded


@cache
def pattern(*keys: str) -> re.Pattern[str]:
    """The pattern under `keys` of junk.yaml; a list is read as alternatives, `«ui»` as the names of buttons."""
    found: Any = _told()
    for key in keys:
        found = found[key]
    source = "|".join(f"(?:{part})" for part in found) if isinstance(found, list) else str(found)
    names = sorted(_told()["ui"].split(), key=len, reverse=True)
    return re.compile(source.replace("«ui»", "|".join(map(re.escape, names))))


@cache
def patterns(*keys: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of a list in junk.yaml, one by one, to be counted."""
    found: Any = _told()
    for key in keys:
        found = found[key]
    return tuple(re.compile(part) for part in found)


def _numbering(text: str) -> tuple[int, int] | None:
    if text[0] not in _NUMBER_STARTS:
        return None
    for style, numbering in enumerate(_NUMBERINGS):
        if found := numbering.match(text):
            return style, _number(found[1])
    return None


def _is_prose(text: str) -> bool:
    return len(text) >= 28 and _SENTENCE_END.search(text) is not None and _HAN.search(text) is not None


def _number(digits: str) -> int:
    if digits.isascii():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)
