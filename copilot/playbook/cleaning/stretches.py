"""Junk inside lines and across them: sentences that plug, stuffed keywords, code in text, private homework."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from copilot.playbook.cleaning.judging import closing
from copilot.playbook.cleaning.lines import Line, pattern, sentences_of
from copilot.playbook.cleaning.page import Page

_PHRASE = (4, 16)
_REPEATS = 3
_CLAUSE_ENDS = frozenset({"", ",", "。", "!", "?", ";"})
_QUOTES = re.compile(r"[“\"「『][^”\"」』]{0,200}[”\"」』]")


class Stretch(NamedTuple):
    """A stretch of the document and its kind."""

    start: int
    end: int
    kind: str


def dropped_stretches(page: Page) -> Iterator[Stretch]:
    """What is dropped: whole lines first, then stretches of kept lines."""
    private = set(_diaries(page))
    for index, kind in enumerate(page.kinds):
        line = page.lines[index]
        if kind or index in private:
            yield Stretch(line.start, line.end, kind or "diary")
    for index in page.kept:
        if index not in private:
            yield from _code(page.lines[index])
            yield from _closing_sentences(page, index)
    yield from _keywords(page)


def _code(line: Line) -> Iterator[Stretch]:
    for found in pattern("code", "inline").finditer(line.text):
        yield Stretch(line.start + found.start(), line.start + found.end(), "code")


def _closing_sentences(page: Page, index: int) -> Iterator[Stretch]:
    """The sign-off or plug at the end of a line that ends an article; the same elsewhere is only marked."""
    line = page.lines[index]
    if line.is_hash_heading:
        return
    final = page.ends_article(index)
    for start, end, text in reversed(sentences_of(line)):
        kind = closing(_QUOTES.sub("“”", text))
        if kind and page.in_examples(index):
            return
        if kind is None or not final:
            if kind == "promotion":
                yield Stretch(start, end, "plug")
            return
        yield Stretch(start, end, kind)


def _diaries(page: Page) -> Iterator[int]:
    """Lines of a section on somebody's private life: under a heading such as 【作业】, up to the next title."""
    kept = page.kept
    for place, index in enumerate(kept):
        if not _heads_diary(page.lines[index].text):
            continue
        section = [index]
        for later in islice(kept, place + 1, None):
            line = page.lines[later]
            is_title = line.is_hash_heading or (line.is_title_like and "?" not in line.text) or line.text[0] in "【《"
            if is_title or _heads_diary(line.text):
                break
            section.append(later)
        text = "\n".join(page.lines[later].text for later in section[1:])
        signs = {name: set(pattern("diary", name).findall(text)) for name in ("private", "feeling", "first_person")}
        if all(signs.values()) and len(signs["private"] | signs["feeling"]) > 2:
            yield from section


def _heads_diary(text: str) -> bool:
    return len(text) <= 16 and pattern("diary", "heading").fullmatch(text) is not None


def _keywords(page: Page) -> Iterator[Stretch]:
    """Phrases of the page's titles that recur where the sentence around them does not hold.

    Once a phrase is known to be stuffed in, it goes too where only what stands before it does not lead to it.
    """
    bodies = [page.lines[index] for index in page.kept if not page.lines[index].is_hash_heading and index != page.title]
    text = "\n".join(line.text for line in bodies)
    for phrase in _phrases(page):
        if text.count(phrase) < _REPEATS:  # most are not: looking line by line would take minutes on a page of tags
            continue
        hits = [
            (line, at, _foreign(line.text, at, phrase)) for line in bodies for at in _occurrences(line.text, phrase)
        ]
        if 2 * sum(degree > 1 for *_, degree in hits) >= len(hits):
            for line, at, degree in hits:
                if degree:
                    yield Stretch(line.start + at, line.start + at + len(phrase), "keywords")


def _phrases(page: Page) -> list[str]:
    """Candidates, longest first: the parts of tags and search titles, and of other titles those that ask."""
    phrases: set[str] = set()
    for index, line in enumerate(page.lines):
        kind = page.kinds[index]
        if kind in {"query", "keywords", "legal"} or index == page.title:
            parts = {part for part in re.split(r"[^\w]+|_", line.text) if _PHRASE[0] <= len(part) <= _PHRASE[1]}
            declared = kind in {"query", "keywords"}
            phrases |= {part for part in parts if declared or pattern("keywords", "query").search(part)}
    return sorted((part for part in phrases if not part.isascii()), key=lambda phrase: (-len(phrase), phrase))


def _occurrences(text: str, phrase: str) -> Iterator[int]:
    at = text.find(phrase)
    while at >= 0:
        yield at
        at = text.find(phrase, at + len(phrase))


def _foreign(text: str, at: int, phrase: str) -> int:
    """How sure it is that no sentence would have the phrase here: 2 sure, 1 if the phrase is known to be stuffed in."""
    before, after = text[max(0, at - 1) : at], text[at + len(phrase) :][:1]
    glued_before = _is_han(before) and not pattern("keywords", "before_class").match(before)
    glued_after = _is_han(after) and not pattern("keywords", "after_class").match(after)
    trailing = before in {"。", "!", "?"} and not _is_han(after)
    asks = pattern("keywords", "query").search(phrase) is not None
    if trailing or (glued_before and glued_after) or (asks and (glued_before or glued_after)):
        return 2
    return int(glued_before or (before in _CLAUSE_ENDS and glued_after))


def _is_han(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff"
