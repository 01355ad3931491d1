"""Cut a stretch of text into spans within a token budget: at the ends of its blocks, else of sentences, else anywhere."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from copilot.playbook.headings import introduces, is_list_item, is_question
from copilot.playbook.shown import Shown
from copilot.tokens import count_tokens

_SENTENCE = re.compile(r"[^。！？!?；;\n]*(?:[。！？!?；;]+[”’\"』」）)]*\n?|\n|$)")
_TABLE_RULE = re.compile(r"\|[\s:|]*-[\s:|-]*$")
_LONGEST_ATOM = (
    200  # characters counted at a time: counting many in one go takes more than twice as long as half as many
)
_UNSURE = 1.3  # the tokens of sentences add up to about those of their text, mostly to a little more


class Block(NamedTuple):
    """A stretch that is kept whole when it fits: a paragraph, a list item, a table's row, a question with its answer."""

    start: int
    end: int


class Packer:
    """Packs stretches of one shown text into spans of at most `budget` tokens; takes time in proportion to the text.

    Short text is never counted, as a token is a byte at least: the encoding takes half a second to load.
    """

    def __init__(self, shown: Shown, budget: int) -> None:
        self._shown = shown
        self._text = shown.text
        self._budget = budget

    def fits(self, start: int, end: int) -> bool:
        """Whether a stretch fits the budget as it is; counted only where its sentences' tokens leave it open."""
        if end - start <= self._budget and len(self._text[start:end].encode("utf-8", "surrogatepass")) <= self._budget:
            return True
        tokens = self._tokens(start, end)
        if tokens * _UNSURE <= self._budget:
            return True
        if tokens > self._budget * _UNSURE and end - start > 2 * _LONGEST_ATOM:
            return False
        return count_tokens(self._text[start:end]) <= self._budget

    def spans(self, start: int, body: int, end: int) -> Iterator[tuple[int, int]]:
        """The spans of a section whose headings end at `body`, in order, without the blanks at their ends.

        As few as the budget allows, and about equally long: a last one of a few words would say nothing alone.
        """
        if self.fits(start, end):
            found = [(start, end)]
        else:
            atoms = [atom for block in blocks(self._shown, start, body, end) for atom in self._split(block)]
            found = [span for packed in self._pack(atoms) for span in self._strictly(*packed)]
        for span in found:
            first, last = self._shown.trim(*span)
            if first < last:
                yield first, last

    @cached_property
    def _atoms(self) -> list[int]:
        """Where the parts of sentences end that are counted."""
        ends = []
        for sentence in _SENTENCE.finditer(self._text):
            start, end = sentence.span()
            ends += [*range(start + _LONGEST_ATOM, end, _LONGEST_ATOM), end]
        return ends

    @cached_property
    def _counts(self) -> list[int]:
        """Tokens from the text's start to the end of each atom."""
        starts = [0, *self._atoms[:-1]]
        return list(accumulate(count_tokens(self._text[at:end]) for at, end in zip(starts, self._atoms, strict=True)))

    def _tokens(self, start: int, end: int) -> int:
        """About how many tokens a stretch takes, rather too many: an atom that lies in it by a part counts as whole."""
        first, last = bisect_right(self._atoms, start), bisect_left(self._atoms, end)
        before = self._counts[first - 1] if first else 0
        return self._counts[min(last, len(self._counts) - 1)] - before

    def _split(self, block: Block) -> Iterator[Block]:
        """The block, or its sentences when it is too long, or their parts."""
        if self.fits(*block):
            yield block
            return
        at, end = block
        for number in range(bisect_right(self._atoms, at), len(self._atoms)):
            stop = min(self._atoms[number], end)
            while at < stop:
                size = stop - at
                while size > 1 and not self.fits(at, at + size):
                    size //= 2
                yield Block(at, at + size)
                at += size
            if at >= end:
                return

    def _pack(self, atoms: Sequence[Block]) -> Iterator[tuple[int, int]]:
        sizes = [self._tokens(*atom) + 1 for atom in atoms]
        most, least = self._budget, max(1, max(sizes, default=1))
        wanted = len(_groups(sizes, most))
        while least < most:
            middle = (least + most) // 2
            if len(_groups(sizes, middle)) > wanted:
                least = middle + 1
            else:
                most = middle
        firsts = _groups(sizes, most)
        for first, following in zip(firsts, [*firsts[1:], len(atoms)], strict=True):
            yield atoms[first].start, atoms[following - 1].end

    def _strictly(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The span, in halves when its sentences add up to more than was counted: rare, but a budget is a promise."""
        if end - start < 2 or self.fits(*self._shown.trim(start, end)):
            yield start, end
            return
        middle = self._text.rfind("\n", start + 1, end - 1)
        middle = middle if middle > 0 else (start + end) // 2
        yield from self._strictly(start, middle)
        yield from self._strictly(middle, end)


def _groups(sizes: Sequence[int], most: int) -> list[int]:
    """The first of each group when items go together in order as long as they add up to at most `most`."""
    firsts: list[int] = []
    filled = most
    for number, size in enumerate(sizes):
        filled += size
        if filled > most:
            firsts.append(number)
            filled = size
    return firsts


def blocks(shown: Shown, start: int, body: int, end: int) -> list[Block]:
    """The blocks of a section in order. Headings, and lines that only introduce, go with what follows them."""
    found: list[Block] = []
    lines = [line for line in shown.lines(start, end) if line.text.strip()]
    has_paragraphs = any(line.is_set_off for line in lines[1:])
    is_open = is_answer = False
    for line in lines:
        asks, is_item = is_question(line.text), is_list_item(line.text)
        same_paragraph = has_paragraphs and not line.is_set_off and not is_item
        table_rule = bool(_TABLE_RULE.match(line.text))
        if found and (is_open or table_rule or ((same_paragraph or is_answer) and not asks)):
            found[-1] = Block(found[-1].start, line.end)
        else:
            found.append(Block(line.start, line.end))
        is_open = line.start < body or introduces(line.text) or table_rule
        is_answer = asks or (is_answer and not is_item)
    return found


def table_headers(shown: Shown, start: int, end: int) -> dict[int, str]:
    """{where a row begins: its table's header} for the rows below the header of each Markdown table in a stretch."""
    headers: dict[int, str] = {}
    header = previous = ""
    for line in shown.lines(start, end):
        if not line.text.startswith("|"):
            header = ""
        elif _TABLE_RULE.match(line.text):
            header = previous
        elif header:
            headers[line.start] = header
        previous = line.text
    return headers
