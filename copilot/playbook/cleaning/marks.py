"""What may be real but is damaged, doubtful or empty: marked, shown as such, never rewritten."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from copilot.playbook.cleaning.lines import Line, junk, pairs, pattern
from copilot.playbook.cleaning.page import Page
from copilot.playbook.cleaning.stretches import Stretch

_CLAUSE = re.compile(r"[^,。;:、!?]{5,}")
_CLAUSE_REACH = 16
_ALIKE_CHARACTERS = 40
_ALIKE_SHARE = 0.5
_KNOWN_SHARE = 0.75
_ALIKE_HEADING = 0.7


def marked_stretches(page: Page) -> Iterator[Stretch]:
    """All marks of the kept lines; they may overlap."""
    kept = [page.lines[index] for index in page.kept]
    if page.title is not None and not page.lines[page.title].is_hash_heading:
        title = page.lines[page.title]
        yield Stretch(title.start, title.end, "title")
    for line in kept:
        yield from _worded(line)
        yield from _lost_words(line)
        yield from _broken_words(line)
        if pattern("structure").fullmatch(line.text):
            yield Stretch(line.start, line.end, "structure")
    yield from _summaries(page)
    yield from _opening(page)
    yield from _repeated_paragraphs(kept)
    yield from _repeated_headings(kept)
    yield from _gaps(kept)
    yield from _cases(kept)


def _worded(line: Line) -> Iterator[Stretch]:
    """What the patterns of junk.yaml find inside a line."""
    for kind in junk().marks:
        for found in pattern("marks", kind).finditer(line.text):
            start, end = (
                _widened(line.text, *found.span()) if kind in {"missing_word", "typo", "broken"} else found.span()
            )
            yield Stretch(line.start + start, line.start + end, kind)


def _lost_words(line: Line) -> Iterator[Stretch]:
    """Words that join or lead to something, with nothing after them: a filter took the rest."""
    for found in [*pattern("conjunction").finditer(line.text), *pattern("companion").finditer(line.text)]:
        start = max(0, found.start() - 12)
        words = _tagged(line.text[start : found.end()])
        if found[0][0] == "地":
            lost = all(not tag.startswith(("v", "a")) for _, tag in _tagged(found[0][2:]))
        else:
            lost = bool(words) and words[-1][0] == found[0]
        if lost:
            begin, end = _widened(line.text, *found.span())
            yield Stretch(line.start + begin, line.start + end, "missing_word")


def _broken_words(line: Line) -> Iterator[Stretch]:
    """Halves of words: what is left where a filter took a word that reached across two others."""
    import rjieba

    bound = junk().bound
    if bound.isdisjoint(line.text):
        return
    words = rjieba.cut(line.text, False)
    at = 0
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        around = before[-1:] + word + after[:2]
        if word in bound and len(before + after) > 1 and not pattern("bound_unless").search(around):
            begin, end = _widened(line.text, at, at + len(word))
            yield Stretch(line.start + begin, line.start + end, "missing_word")
        at += len(word)


def _tagged(text: str) -> list[tuple[str, str]]:
    import rjieba

    return [(str(word), str(tag)) for word, tag in rjieba.tag(text)]


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """With the rest of the clause on each side, within reason, so that a reader sees what is damaged."""
    before = re.search(r"[^,。;:!?]*$", text[max(0, start - _CLAUSE_REACH) : start])
    after = re.match(r"[,。;:!?、]?[^,。;:!?、]*", text[end : end + _CLAUSE_REACH])
    return start - len(before[0] if before else ""), end + len(after[0] if after else "")


def _summaries(page: Page) -> Iterator[Stretch]:
    """A closing that only repeats: 以上就是…, 总之… before the end, or what stands under 总结."""
    under_heading = False
    for index in page.kept:
        line = page.lines[index]
        if not line.is_prose:
            under_heading = len(line.text) <= 12 and bool(
                re.fullmatch(
                    rf"(?:#+ |[一二三四五六七八九十\d]{{1,3}}[、.] ?)?(?:{pattern('summary', 'heading').pattern})",
                    line.text,
                )
            )
            continue
        found = pattern("summary", "opening").match(line.text)
        wishes = set(pattern("summary", "wish").findall(line.text))
        if len(wishes) > 1 and _is_last(page, index):
            under_heading = True
        if under_heading or (
            found and (found[0].startswith("以上") or page.ends_article(index) or _is_last(page, index))
        ):
            yield Stretch(line.start, line.end, "summary")


def _is_last(page: Page, index: int) -> bool:
    following = range(index + 1, min(index + 7, len(page.lines)))
    return not any(page.lines[later].is_prose and page.is_kept(later) for later in following)


def _opening(page: Page) -> Iterator[Stretch]:
    """The first paragraph, where it only asks questions or only says that the subject matters."""
    first = next((page.lines[index] for index in page.kept if page.lines[index].is_prose), None)
    if first is None:
        return
    if first.numbering is None and first.text.count("?") > 2 and first.text.find("?") < 40:
        yield Stretch(first.start, first.end, "question_bait")
    elif (
        pattern("summary", "cliche").match(first.text)
        and pattern("summary", "announcing").search(first.text)
        and "是指" not in first.text
    ):
        yield Stretch(first.start, first.end, "summary")


def _repeated_paragraphs(lines: list[Line]) -> Iterator[Stretch]:
    """Paragraphs half of which stands in one earlier paragraph, or nearly all of which stands in several."""
    seen: defaultdict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        clauses = set(_CLAUSE.findall(line.text)) if line.is_prose else set()
        shared: defaultdict[int, int] = defaultdict(int)
        known = sum(len(clause) for clause in clauses if seen[clause])
        for clause in clauses:
            for earlier in seen[clause][:4]:
                shared[earlier] += len(clause)
            seen[clause].append(number)
        most = max(shared.values(), default=0)
        alike = most >= _ALIKE_CHARACTERS and most >= _ALIKE_SHARE * len(line.text)
        if alike or (known >= _ALIKE_CHARACTERS and known >= _KNOWN_SHARE * len(line.text)):
            yield Stretch(line.start, line.end, "duplicate")


def _repeated_headings(lines: list[Line]) -> Iterator[Stretch]:
    """A heading that says again what the heading shortly before it says."""
    headings = [
        (number, line)
        for number, line in enumerate(lines)
        if not line.is_prose and line.numbering is None and 8 <= len(line.text) <= 45 and not line.is_hash_heading
    ]
    for (number, line), (later_number, later) in pairwise(headings):
        own, others = pairs(line.text), pairs(later.text)
        shared = len(own & others)
        if later_number - number <= 2 and shared >= _ALIKE_HEADING * min(len(own), len(others)):
            yield Stretch(later.start, later.end, "duplicate")


def _gaps(lines: list[Line]) -> Iterator[Stretch]:
    """A number that leaves one or two out; a heading of an outer style starts the inner ones again."""
    last: dict[int, int] = {}
    for line in lines:
        if line.is_hash_heading:
            last.clear()
        if line.numbering is None:
            continue
        style, number = line.numbering
        if style in last and 1 < number - last[style] <= 3:
            yield Stretch(line.start, line.end, "numbering")
        last = {outer: value for outer, value in last.items() if outer < style or value == 0} | {style: number}


def _cases(lines: list[Line]) -> Iterator[Stretch]:
    """In a text that says of itself that it is made up: the paragraphs with claims under a heading of cases."""
    if not any(pattern("marks", "fiction").search(line.text) for line in lines):
        return
    under_cases = False
    for line in lines:
        if not line.is_prose:
            under_cases = bool(pattern("cases").search(line.text)) and len(line.text) <= 30
        elif under_cases and pattern("case_claim").search(line.text):
            yield Stretch(line.start, line.end, "unverified")
