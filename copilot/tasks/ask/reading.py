"""A passage read for quoting: its sentences, each at its place and with what it is there for.

Headings are no sentences: a heading may state the very mistake that its section warns of.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

from copilot.facts.spelling import plain_spelling
from copilot.lore import load_yaml
from copilot.playbook.rules import citation
from copilot.records import Citation, Hit, Record

Role = Literal["do", "why", "watch", "symptom", "side", "belief"]

# What ends inside quotation marks or brackets ends no sentence: 〈怎么拉新？〉 is a name.
_SENTENCE = re.compile(
    r"(?:《[^》\n]*》|〈[^〉\n]*〉|“[^”\n]*”|「[^」\n]*」|『[^』\n]*』|（[^）\n]*）|[^。！？!?\n])+(?:[。！？!?]+[”’\"』」）)]*|$)"
)
_PART = re.compile(r"[^；;]+[；;]?")
_MARKER = re.compile(
    r"\s*(?:#{1,6}\s+|>\s*|[-*+•·●]\s+|\d{1,2}(?:[)、．）]|\.(?!\d))\s*|[（(]\d{1,2}[)）]\s*|[①-⑳]\s*)*"
    r"(?:\*{0,2}(?:A\s?\d{0,3}|答案?|回答)\s*[:：]\s*\*{0,2}\s*)?"  # the answer to a question
)
_NUMBER = re.compile(r"^\W*(?:第?[一二三四五六七八九十\d]{1,3}[、.．:：)）章节步]\s*)?")
_ENDS = "；;，,、 \t"
_SHORTEST = 2


class Sentence(Record):
    """One sentence of a passage, or a few that lean on each other; `passage.text[start:end]` is what it says."""

    passage: Hit
    start: int
    end: int
    role: Role
    label: str = ""
    order: int = 0

    @property
    def text(self) -> str:
        """The exact words, without a semicolon at the end."""
        return self.passage.text[self.start : self.end].rstrip(_ENDS)

    @property
    def citation(self) -> Citation:
        """These words as a citation."""
        return citation(self.passage, self.text)


class _Line(NamedTuple):
    """A line's own words: where they start and end in the passage, and the label before them ("" for none)."""

    start: int
    end: int
    label: str
    role: Role | None


@cache
def lexicon() -> dict[str, Any]:
    """What `knowledge/answers.yaml` says."""
    lore: dict[str, Any] = load_yaml("answers.yaml")
    return lore


def told(name: str) -> str:
    """One of our own connecting phrases."""
    words: str = lexicon()["told"][name]
    return words


def sentences(passage: Hit) -> tuple[Sentence, ...]:
    """The passage's sentences in order. Those that touch a marked stretch are left out: damaged words are not quoted."""
    found: list[Sentence] = []
    for line in _settled(list(_lines(passage))):
        lone = None
        for start, end in _spans(passage.text, line.start, line.end):
            if any(start < mark.end and mark.start < end for mark in passage.marks):
                lone = None
                continue
            words = passage.text[start:end]
            role: Role = "belief" if line.role in ("do", "why") and _is_belief(words) else line.role or "do"
            if lone is not None and role == lone.role and (_leans(words) or _announces(lone.text)):
                found[-1] = lone = lone.model_copy(update={"end": end})
                continue
            lone = Sentence(passage=passage, start=start, end=end, role=role, label=line.label, order=len(found))
            found.append(lone)
    return tuple(found)


def _lines(passage: Hit) -> Iterator[_Line]:
    """The lines that are no headings, each with the role its label gives it; a label holds up to the next."""
    at, label = 0, ""
    role: Role | None = None
    rows = passage.text.split("\n")
    for line, below in zip(rows, [*rows[1:], ""], strict=True):
        marker = _MARKER.match(line)
        start, end = at + (marker.end() if marker else 0), at + len(line)
        at = end + 1
        is_rule = not re.search(r"[^\s|:-]", line)  # blank, or between a table's head and its rows
        names_columns = is_row(line) and is_row(below) and not re.search(r"[^\s|:-]", below)
        if is_rule or names_columns or line.lstrip().startswith("#") or _is_heading(line, passage):
            continue
        if found := _label().match(passage.text, start, end):
            label = found["bold"] or found["plain"] or found["alone"]
            role = _roles().get(label, "do")
            start = found.end()
        yield _Line(start, end, label, role)


def is_row(line: str) -> bool:
    """Whether a line is a row of a table."""
    return line.strip().startswith("|")


def _settled(lines: Sequence[_Line]) -> list[_Line]:
    """Lines without a label say what to do; where a label for that comes later, what is wrong."""
    solved = any(line.role == "do" for line in lines)
    return [line if line.role else line._replace(role="why" if solved else "do") for line in lines]


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Each statement's stretch in a line, one too long to be quoted by its parts; what is asked is none."""
    for whole in _SENTENCE.finditer(text, start, end):
        is_long = len(whole[0]) > lexicon()["longest"]
        for found in _PART.finditer(text, *whole.span()) if is_long else (whole,):
            first = found.start() + len(found[0]) - len(found[0].lstrip())
            last = found.start() + len(found[0].rstrip())
            if last - first >= _SHORTEST and not found[0].rstrip('”’"』」）) \t').endswith(("？", "?", "：", ":")):
                yield first, last


@cache
def _roles() -> dict[str, Role]:
    return {label: role for role, labels in lexicon()["labels"].items() for label in labels}


@cache
def _label() -> re.Pattern[str]:
    known = "|".join(sorted(map(re.escape, _roles()), key=len, reverse=True))
    return re.compile(
        rf"\*\*(?P<bold>[^*\n]+?)[:：]?\*\*[:：]?[ \t]*|(?P<plain>{known})[:：][ \t]*|(?P<alone>{known})[ \t]*$"
    )


def _is_heading(line: str, passage: Hit) -> bool:
    """Whether a line is a step of the passage's path of headings."""
    steps = {_bare(step) for step in _steps(passage)} - {""}
    return bool(steps & {_bare(line), _bare(line.partition("：")[2]), _bare(line.partition(":")[2])})


def _steps(passage: Hit) -> Iterator[str]:
    """The passage's headings, with and without what was put before them ("误区：")."""
    for step in (passage.title, *passage.section.split(" › ")):
        yield step
        yield step.partition("：")[2]


def _bare(words: str) -> str:
    return re.sub(r"\W", "", plain_spelling(_NUMBER.sub("", words.strip().strip("#*"), count=1)))


def names_mistake(passage: Hit) -> bool:
    """Whether the passage's own heading says that it tells a mistake ("误区三：…")."""
    return bool(re.search(lexicon()["mistake"], passage.section.rpartition(" › ")[2]))


def _is_belief(words: str) -> bool:
    return bool(re.search(lexicon()["belief"], words))


def _leans(words: str) -> bool:
    return bool(re.match(lexicon()["leaning"], words))


def _announces(words: str) -> bool:
    """Whether a sentence only says that something follows: "好诱饵有 3 个条件。"."""
    return bool(re.search(lexicon()["announcing"], words))
