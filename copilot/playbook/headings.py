"""Find a document's headings: Markdown's, slides', and those of plain text by their numbers, brackets and place."""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from copilot.lore import load_yaml
from copilot.playbook.markup import Comment
from copilot.playbook.names import step_name
from copilot.playbook.shown import Line, Shown

_FENCE = re.compile(r"(?:```|~~~)")
_HASH = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<name>\S.*)")
_PAGE = re.compile(r"<!--\s{0,9}Slide number:\s{0,9}(?P<number>\d{1,6})\s{0,9}-->")
_NUMBER = "[一二三四五六七八九十百零〇两\\d]{1,4}"
# Numbering of plain text, outermost first.
_RANKED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"第{_NUMBER}(?:[章节篇讲课]|部分)[、.．:：\s]*",
        r"[一二三四五六七八九十]+[、.．]",
        r"[（(][一二三四五六七八九十]+[)）][、.．]?",
        r"\d{1,2}(?:[、．]|\.(?!\d))",
        r"\d{1,2}(?:\.\d{1,2}){1,3}[、.．]?\s",
        r"(?:[（(]\d{1,2}[)）][、.．]?|\d{1,2}[)）])",
        r"[①-⑳]",
    )
)
# Kinds of headings that may stand anywhere: what they are under is told by what stood before them.
_UNRANKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"第{_NUMBER}[步条点招天周期阶段类种个式][、.．:：，,\s]*",
        rf"[^\W\d_]{{1,5}}{_NUMBER}[:：、.．]",
        r"(?:step|part|day|tip)\s?\d{1,2}[、.．:：\s]*",
        r"【(?=[^【】]{2,30}】$)",
        r"[■◆▌◼★☆▶►❖✦◎]\s*",
    )
)
_KINDS = (*_RANKED, *_UNRANKED)
_UNNUMBERED, _LABEL, _MARKDOWN, _OUTSIDE = len(_KINDS), len(_KINDS) + 1, len(_KINDS) + 2, len(_KINDS) + 3
_LIST_MARK = re.compile(r"(?:[-*+•·●]|\d{1,2}[.)、．）]|[（(]\d{1,2}[)）]|\|)\s*")
_QUESTION = re.compile(r"(?:Q\d*|问题?)\s*[:：.、]", re.IGNORECASE)
_LONGEST = 32  # characters of a heading
_LONGEST_NUMBERED = 60  # of a numbered one, which may be a sentence when a longer paragraph follows
_LONGEST_LABEL = 10
_DENSE = 0.1  # below this share of lines set off by an empty line, empty lines tell nothing
_UNFINISHED = tuple("。，、；;,：:|…”—.")
FINISHED = tuple("。！？!?…；;”")


class Heading(NamedTuple):
    """A heading in the shown text; a slide's number, which is not shown, is empty there and stands at `position` only.

    `kind` is the place in the list of kinds above. `level` counts for Markdown's, outermost 0 (a slide).
    """

    start: int
    end: int
    position: int
    kind: int
    level: int
    name: str

    @property
    def is_markup(self) -> bool:
        """Whether the document itself says that this is a heading."""
        return self.kind == _MARKDOWN


def headings(shown: Shown, start: int, end: int, *, markup_only: bool = False) -> list[Heading]:
    """The headings between two offsets of the shown text, in order; those of plain text too, unless only markup counts."""
    lines = [line for line in shown.lines(start, end) if line.text]
    kinds = _kinds(lines, markup_only=markup_only)
    is_dense = sum(line.is_set_off for line in lines[1:]) <= _DENSE * len(lines)
    found = [_page(shown, comment) for comment in shown.comments if _PAGE.fullmatch(comment.text)]
    found = [heading for heading in found if start <= heading.start < end]
    for number, line in enumerate(lines):
        if kinds[number] == _MARKDOWN and (marked := _HASH.match(line.text)):
            level, name = len(marked["marks"]), marked["name"].rstrip(" \t").rstrip("#").rstrip(" \t")
        elif not markup_only and _is_heading(lines, kinds, number, is_dense):
            level, name = 0, _name(line.text, kinds[number])
        else:
            continue
        name = step_name(name) or "#"
        found.append(Heading(line.start, line.end, shown.position(line.start), kinds[number], level, name))
    return sorted(found, key=lambda heading: heading.position)


def is_under(heading: Heading, above: Sequence[Heading]) -> bool:
    """Whether a heading stands under the last of those `above` it, each of which stands under the one before."""
    last = above[-1]
    if heading.is_markup:
        return last.is_markup and last.level < heading.level
    if last.is_markup:
        return True
    if any(heading.kind == step.kind for step in above) or heading.kind == _UNNUMBERED:
        return False
    return not heading.kind < last.kind < len(_RANKED)


def labelled(name: str, above: str) -> str:
    """A heading as it is shown: one that states a mistake, because the one above it lists mistakes, says so.

    >>> labelled("群越多越好", "社群运营的五个误区")
    '误区：群越多越好'
    """
    says = _says()
    label = next((label for label, sign in says.labels if sign.search(above)), "")
    if not label or any(sign.search(name) for _, sign in says.labels):
        return name
    bare = _bare(name)
    if not says.mistake.search(bare) and (says.plain.search(bare) or says.advice.search(bare)):
        return name
    return f"{label}：{name}"


def labelled_path(names: Sequence[str], title: str) -> tuple[str, ...]:
    """The headings that lead to a section as they are shown, each under the one before it, the first under `title`."""
    pairs = zip((title, *names), names, strict=False)
    return tuple(name if name == title else labelled(name, parent) for parent, name in pairs)


def is_question(line: str) -> bool:
    """Whether a line is the question of a question and its answer."""
    return bool(_QUESTION.match(line))


def is_list_item(line: str) -> bool:
    """Whether a line is a point of a list or a row of a table."""
    return bool(_LIST_MARK.match(line))


def introduces(line: str) -> bool:
    """Whether a line only introduces what follows: it ends in a colon."""
    return line.rstrip("*_ ").endswith((":", "："))


class _Signs(NamedTuple):
    labels: tuple[tuple[str, re.Pattern[str]], ...]
    plain: re.Pattern[str]
    advice: re.Pattern[str]
    mistake: re.Pattern[str]
    answers: re.Pattern[str]


@cache
def _says() -> _Signs:
    data = load_yaml("headings.yaml")
    labels = tuple((label, re.compile(sign)) for label, sign in data["labels"].items())
    return _Signs(labels, *(re.compile(data[key]) for key in ("plain", "advice", "mistake", "answers")))


def _page(shown: Shown, comment: Comment) -> Heading:
    place = shown.offset(comment.start)
    number = "".join(character for character in comment.text if character.isdigit())
    return Heading(place, place, comment.start, _MARKDOWN, 0, f"第 {number} 页")


def _kinds(lines: Sequence[Line], *, markup_only: bool) -> list[int]:
    """What kind of heading each line would be."""
    kinds = []
    fenced = False
    for line in lines:
        fence = _FENCE.match(line.text)
        fenced ^= fence is not None
        is_outside = fenced or fence or (markup_only and not line.text.startswith("#"))
        kinds.append(_OUTSIDE if is_outside else _kind(line.text))
    return kinds


def _kind(text: str) -> int:
    if len(text) > _LONGEST_NUMBERED and not text.startswith("#"):
        return next((kind for kind, sign in enumerate(_RANKED) if sign.match(text)), _OUTSIDE)
    if len(text) < 1000 and _HASH.match(text):
        return _MARKDOWN
    text = _unmarked(text)
    kind = next((kind for kind, sign in enumerate(_KINDS) if sign.match(text)), _UNNUMBERED)
    return _LABEL if kind == _UNNUMBERED and introduces(text) else kind


def _unmarked(text: str) -> str:
    """The line without the stars of one that is bold as a whole."""
    return text.strip("*").strip() if text.startswith("**") and text.endswith("**") else text


def _bare(name: str) -> str:
    """A heading without its number."""
    kind = _kind(name)
    return _KINDS[kind].sub("", name, count=1).strip() if kind < len(_KINDS) else name


def _name(text: str, kind: int) -> str:
    text = _unmarked(text)
    text = text.rstrip(":： ")
    return text[1:-1].strip() if text.startswith("【") and text.endswith("】") else text


def _is_heading(lines: Sequence[Line], kinds: Sequence[int], number: int, is_dense: bool) -> bool:
    """Whether a line of plain text is a heading: short, unfinished, numbered or set off, and with a body after it.

    A run of lines of the same kind is a list or a menu, not a row of headings.
    """
    kind, line = kinds[number], lines[number]
    if kind >= _MARKDOWN or number + 1 == len(lines) or kinds[number + 1] == _MARKDOWN:
        return False
    following = lines[number + 1].text
    neighbours = [place for place in (number - 1, number + 1) if place >= 0 and kinds[place] == kind]
    if kind < _UNNUMBERED:
        return not neighbours and (_names_something(line.text, kind) or _states_something(line.text, following))
    if not _names_something(line.text, kind) or any(_names_something(lines[place].text, kind) for place in neighbours):
        return False
    if not is_dense or number == 0:
        return number == 0 or line.is_set_off
    # Text without empty lines: what stands between two whole sentences, the second longer, stands apart.
    return (
        lines[number - 1].text.endswith(FINISHED) and following.endswith(FINISHED) and len(following) > len(line.text)
    )


def _names_something(text: str, kind: int) -> bool:
    """Whether a line reads as a heading: neither a sentence, nor a point of a list, nor a question to be answered."""
    text = _unmarked(text)
    if kind == _LABEL:
        name = text.rstrip(":： ")
        return 2 <= len(name) <= _LONGEST_LABEL and name.isalnum() and not _says().answers.search(name)
    # A numbered line may end in a colon: what it announces stands under it.
    name = _KINDS[kind].sub("", text, count=1).rstrip(":： ").strip() if kind < len(_KINDS) else text
    return (
        2 <= len(name) <= _LONGEST
        and not name.endswith(_UNFINISHED)
        and "。" not in name
        and not _QUESTION.match(name)
        and not (kind == _UNNUMBERED and _LIST_MARK.match(name))
    )


def _states_something(text: str, following: str) -> bool:
    """Whether a numbered line is a heading that is a whole sentence: one sentence, and a longer paragraph follows."""
    return (
        len(text) <= _LONGEST_NUMBERED and "。" not in text[:-1] and text.endswith("。") and len(following) > len(text)
    )
