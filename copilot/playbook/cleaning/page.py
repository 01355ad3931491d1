"""Which whole lines of a page are junk: certain ones anywhere, likely ones at its edges."""

import re

from copilot.playbook.cleaning.judging import byline_kind, certain_kind, closing, dated_kind, edge_kind
from copilot.playbook.cleaning.lines import junk, lines_of, pairs, pattern, sentences_of, trailing_context

_LONGEST_FRAGMENT = 160
_HEAD_REACH = 60
_TITLE_LENGTH = 9
_LEFTOVERS = 2
_LONELY = 2
_PENDING = 15
_PROSE_READ = 20
_BUTTON = re.compile(r"[^。;,(:!?]{1,12}")
_AFFIX_BEFORE = re.compile(r"(?:[^。:]{2,6}: ?)?")
_AFFIX = re.compile(r"(?: ?[-_|»—·] ?[^。]{1,20})?")
_LINK = re.compile(r"(?!.*\d{7})(?:[^。;(,]{1,40}|[^。;(]{1,30}[!~])")
_FOREIGN_SENTENCE = re.compile(r"(?:[^\W\d_]+[ ,']{1,3}){6}")
_ENDS = frozenset({"legal", "sign_off", "promotion", "byline", "keywords"})
_MENUS = frozenset({"login", "navigation", "byline", "legal", "promotion", "keywords", "sign_off"})
_FRAGMENTS = frozenset({"login", "navigation", "byline", "keywords", "promotion", "sign_off", "label"})


class Page:
    """The lines of a document and what kind of junk each is (None: kept)."""

    def __init__(self, text: str) -> None:
        self.lines = lines_of(text)
        self.kinds: list[str | None] = [None if line.literal else certain_kind(line) for line in self.lines]
        self.title: int | None = None
        self._questions = sum(line.text[-1] == "?" and not line.is_prose for line in self.lines)
        self.head = self._peel(list(range(min(len(self.lines), _HEAD_REACH))))
        self.title = self._title()
        self.tail = sorted(self._peel(list(reversed(range(len(self.lines))))))
        self._is_chinese = any(line.has_han for line in self.lines)
        self._drop_links()
        self._drop_menus()
        self._drop_between(self.head)
        self._drop_between(self.tail)
        self._drop_endings()
        self._drop_beside()
        self._restore_lists()
        self._restore_lonely()

    @property
    def kept(self) -> list[int]:
        """The places of the lines that are kept and not literal."""
        return [index for index in range(len(self.lines)) if self.is_kept(index)]

    def is_kept(self, index: int) -> bool:
        """Whether a line is neither junk nor literal."""
        return self.kinds[index] is None and not self.lines[index].literal

    def ends_article(self, index: int) -> bool:
        """Whether no kept line follows, or only the title of another article."""
        for later in range(index + 1, len(self.lines)):
            if self.is_kept(later):
                return self.lines[later].is_title_like and not self.lines[later].is_hash_heading
        return True

    def in_examples(self, index: int) -> bool:
        """Whether examples to copy stand here, by what introduces them or by the document's title."""
        context = [line.text for line in trailing_context(self.lines, index) if not line.is_prose]
        if self.title is not None:
            context.append(self.lines[self.title].text)
        return any(pattern("examples").search(text) for text in context)

    def _peel(self, order: list[int]) -> list[int]:
        """The lines at one edge, up to the first that is content; junk among them gets its kind."""
        peeled: list[int] = []
        pending = 0
        first = next((index for index in order if not self.lines[index].literal), None)  # its title, in a page's head
        for index in order:
            line = self.lines[index]
            if line.literal:
                continue
            self.kinds[index] = self.kinds[index] or edge_kind(line) or self._leave_taking(index)
            pending = 0 if self.kinds[index] else pending + 1
            if self.kinds[index] is None and (
                line.is_prose or line.numbering or pending > _PENDING or (line.is_hash_heading and index != first)
            ):
                break
            peeled.append(index)
        self._judge_fraud(peeled)
        return peeled

    def _leave_taking(self, index: int) -> str | None:
        """The kind of a line all of whose sentences are sign-offs or plugs of the page."""
        line = self.lines[index]
        if index == self.title or line.is_hash_heading or line.is_item:
            return None
        kinds = [closing(text) for *_, text in sentences_of(line)]
        return kinds[0] if kinds and all(kinds) and not self.in_examples(index) else None

    def _judge_fraud(self, edge: list[int]) -> None:
        """A warning against impostors is the site's only where somebody in it speaks for the site."""
        run = [index for index in edge if self.kinds[index] == "fraud"]
        if not any(pattern("fraud", "self").search(self.lines[index].text) for index in run):
            for index in run:
                self.kinds[index] = None
        near = {other for index in run for other in (index - 1, index + 1)}
        for index in near & set(edge):
            if self.kinds[index] is None and pattern("fraud", "impostor").search(self.lines[index].text):
                self.kinds[index] = "fraud"

    def _title(self) -> int | None:
        """The line of the head that recurs on the page, else the one with the most of the body's words.

        Without a long one the longest line of the head, or the first heading. Only on a scraped page something may
        stand above it.
        """
        candidates = [index for index in self.head if self.kinds[index] is None and self._may_be_title(index)]
        is_scraped = any(self.kinds[index] for index in self.head)
        if any(line.is_hash_heading for line in self.lines) or not (is_scraped or candidates[:1] == self.head[:1]):
            candidates = []  # a document that has its title as a heading, or a line in the midst of others
        candidates = [index for index in candidates if any(later > index for later in self.kept)]
        long = [index for index in candidates if len(self.lines[index].text) >= _TITLE_LENGTH]
        texts = [line.text for line in self.lines if len(line.text) <= _LONGEST_FRAGMENT]
        recurring = (index for index in long if sum(self.lines[index].text in text for text in texts) > 1)
        if long:
            body = pairs("".join([line.text for line in self.lines if line.is_prose][:_PROSE_READ]))
            return next(recurring, max(long, key=lambda index: _share(self.lines[index].text, body)))
        if candidates:
            return max(candidates, key=lambda index: len(self.lines[index].text))
        first_kept = next(iter(self.kept), None)
        return first_kept if first_kept is not None and self.lines[first_kept].is_hash_heading else None

    def _may_be_title(self, index: int) -> bool:
        """Whether a line could be a title: Chinese, and no item, row of a table, part of a dialogue or whole sentence."""
        line = self.lines[index]
        is_said = line.text[-1] in "。;," or pattern("dialogue").match(line.text) is not None
        is_said = is_said or (line.text[-1] == "?" and self._questions > 1)
        return line.has_han and not (line.is_item or line.text[0] == "|" or is_said)

    def _drop_links(self) -> None:
        """Under a heading such as 相关文章, everything to the end is links, unless prose follows."""
        start = len(self.lines)
        for index in reversed(range(len(self.lines))):
            line = self.lines[index]
            if self.kinds[index] is None and (line.is_prose or len(line.text) >= 60):
                break
            if len(line.text) <= 30 and not line.literal and pattern("related").fullmatch(line.text):
                start = index
        for index in range(start, len(self.lines)):
            if not self.lines[index].literal:
                self.kinds[index] = self.kinds[index] or "navigation"

    def _drop_menus(self) -> None:
        """What stands above and right under the title of a scraped page, and below its first legal line or byline."""
        if self.title is not None:
            self._drop_around_title(self.title)
        ends = [index for index in self.tail if self.kinds[index] in _ENDS]
        if ends and sum(self.kinds[index] is not None for index in self.tail) > 1:
            self._drop_short([index for index in self.tail if index > ends[0]], _LINK)

    def _drop_around_title(self, title: int) -> None:
        """The title again with the site's name, its date where the page has other junk, and buttons above it."""
        text = self.lines[title].text
        above = [index for index in self.head if index < title]
        under = [index for index in self.head if title < index < title + 4]
        for index in above + under:
            before, found, after = self.lines[index].text.partition(text)
            if found and len(text) >= _TITLE_LENGTH and _AFFIX_BEFORE.fullmatch(before) and _AFFIX.fullmatch(after):
                self.kinds[index] = self.kinds[index] or "query"
        if sum(kind is not None for kind in self.kinds) > 1:
            for index in under:
                self.kinds[index] = self.kinds[index] or dated_kind(self.lines[index])
        signed = any(self.kinds[index] for index in under)
        junk_above = sum(self.kinds[index] is not None for index in above)
        if junk_above > 1 or (signed and len(above) > 1):
            self._drop_short(above, _BUTTON)

    def _drop_short(self, stretch: list[int], shape: re.Pattern[str]) -> None:
        for index in stretch:
            if self.kinds[index] is None and not self.lines[index].is_item and shape.fullmatch(self.lines[index].text):
                self.kinds[index] = "navigation"

    def _drop_between(self, edge: list[int]) -> None:
        """Short leftovers of an edge between menus; Latin ones (menus in English) at any length."""
        run: list[int] = []
        previous: str | None = "edge"  # of the page
        for index in [*edge, None]:
            kind = "edge" if index is None else self.kinds[index]
            if index is not None and kind is None and self._is_leftover(index):
                run.append(index)
                continue
            foreign = not any(self.lines[leftover].has_han for leftover in run)
            if len(run) <= _LEFTOVERS * (1 + 2 * foreign) and {previous, kind} <= (
                _MENUS | {"edge"} if foreign else _MENUS
            ):
                for leftover in run:
                    self.kinds[leftover] = "navigation"
            run, previous = [], "byline" if index == self.title else kind  # an author's name may follow the title

    def _is_leftover(self, index: int) -> bool:
        line = self.lines[index]
        if index == self.title or "://" in line.text:
            return False
        if not line.has_han:
            return self._is_chinese and _FOREIGN_SENTENCE.search(line.text) is None
        return len(line.text) < _TITLE_LENGTH and line.text[-1] not in ":。"

    def _drop_endings(self) -> None:
        """Lines that close an article: every sentence of them a sign-off or the page's own plug."""
        for index in reversed(self.kept):
            if self.ends_article(index):
                self.kinds[index] = self._leave_taking(index)

    def _drop_beside(self) -> None:
        """Edge junk next to other junk inside the page, as where one article ends and another begins."""
        for order in (range(len(self.lines)), reversed(range(len(self.lines)))):
            previous: int | None = None
            for index in order:
                line = self.lines[index]
                beside = previous is not None and self.kinds[previous] in {"sign_off", "promotion", "legal", "byline"}
                if self.kinds[index] is None and not line.literal:
                    if beside and not line.is_prose:
                        self.kinds[index] = edge_kind(line)
                    elif previous is not None and line.text in junk().labels and self.lines[previous].is_title_like:
                        self.kinds[index] = "label"
                    elif previous is not None and previous == index - 1 and self.lines[previous].is_title_like:
                        self.kinds[index] = byline_kind(line) if pattern("byline", "date").search(line.text) else None
                previous = index

    def _restore_lists(self) -> None:
        """Points of a list that could be a menu's, under a line that is kept: that introduces them."""
        listed = False
        for index, line in enumerate(self.lines):
            could_be = line.is_item and line.has_han and self.kinds[index] == "navigation"
            listed = could_be and (listed or (index > 0 and self.kinds[index - 1] is None))
            if listed and pattern("edges", "navigation").fullmatch(line.text) and certain_kind(line) is None:
                self.kinds[index] = None

    def _restore_lonely(self) -> None:
        """A line or two that could be buttons do not make a page a scraped one: they are kept."""
        dropped = [index for index, kind in enumerate(self.kinds) if kind]
        if len(dropped) <= _LONELY and not any(self._is_sure(index) for index in dropped):
            for index in dropped:
                self.kinds[index] = None

    def _is_sure(self, index: int) -> bool:
        """Whether the line needs no other junk on the page to be junk itself."""
        line = self.lines[index]
        counted = pattern("byline", "sure").search(line.text) or pattern("byline", "counter").search(line.text)
        if self.kinds[index] not in _FRAGMENTS or (self.kinds[index] == "byline" and counted):
            return True
        return certain_kind(line) is not None or closing(line.text) is not None


def _share(text: str, among: set[str]) -> float:
    """The share of a text's pairs of characters that are among others."""
    own = pairs(text)
    return len(own & among) / len(own) if own else 0
