"""People's names in Chinese group text, found by surnames, forms of address and what stands around them.

Two readers use this: the facts ledger (every person a draft names must be in the brief) and privacy
(names become pseudonyms). A word of everyday Chinese must therefore hardly ever be taken for a name:
the shape alone (surname + one or two given-name characters) counts only where it does not cut through
a dictionary word; a label, a title, a number or a role next to it counts for more.
"""

import re
from collections.abc import Iterator
from typing import Literal

from copilot.facts.name_lexicon import name_lexicon, segmenter, words_of
from copilot.records import Span

NameKind = Literal["full", "title", "mention", "nick"]

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN_NAME = re.compile(r"[A-Z][a-z]{1,11}(?![A-Za-z0-9_@.])")
_DOTTED_NAME = re.compile(r"[\u4e00-\u9fff]{1,6}(?:[·•][\u4e00-\u9fff]{1,6}){1,3}(?![\u4e00-\u9fff])")


class NameSpan(Span):
    """A person's name: a whole name, a surname with a title, a mentioned handle, or a familiar form.

    `certain` is false where only the shape speaks for it.
    """

    kind: NameKind
    certain: bool


_LIST_ITEM = re.compile(r"^[ \t]*(?:\d{1,3}[ \t]*[.、)）．:：]|[-*•·])[ \t]*", re.MULTILINE)
_BEFORE_NUMBER = re.compile(
    r"(?<=[\u4e00-\u9fff])(?=[ \t\u3000,，、:：;；/|（(\-—]{0,3}"
    r"(?:联系方式|联系电话|手机号码|手机号|手机|电话|身份证号码|身份证号|身份证|证件号|tel|TEL)?[ \t]?[:：]?[ \t]?"
    r"(?:[+＋(（]?(?:86[- ]?)?[1１][3-9３-９][0-9０-９][-— 0-9０-９]{7}|[1-9][0-9]{16}[0-9Xx]))"
)
_MENTION = re.compile(r"(?<![A-Za-z0-9._%+-])[@＠]([^\s@＠:：,，。！!？?;；()（）、#\"“”'<>【】\[\]{}/|]{1,20})")
_NO_HANDLE = re.compile(r"[你我他她它您咱这那了过到下]")


class _Reader:
    """One pass over one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lexicon = name_lexicon()
        self.words = words_of(text)
        self.found: list[NameSpan] = []

    def read(self) -> tuple[NameSpan, ...]:
        self._mentions()
        self._labelled()
        self._before_numbers()
        self._titled()
        self._familiar()
        self._bare()
        self._listed()
        self._repeated()
        groups = [match.span() for match in self.lexicon.named_group.finditer(self.text)]
        people = [one for one in self.found if not any(start <= one.start < end for start, end in groups)]
        return tuple(sorted(_apart(people), key=lambda span: span.start))

    # What the shapes are

    def _surnames(self, start: int) -> Iterator[tuple[int, bool]]:
        """(end of the surname, whether it is a telling one) for the surnames that may start here."""
        if self.text[start : start + 2] in self.lexicon.compound:
            yield start + 2, True
        if (first := self.text[start : start + 1]) in self.lexicon.single and first:
            yield start + 1, first in self.lexicon.strong

    def _fulls(self, start: int) -> Iterator[tuple[int, str, bool]]:
        """(end, given characters, telling surname) for every stretch from `start` shaped like a whole name."""
        for given_start, strong in self._surnames(start):
            for length in (2, 1):
                given = self.text[given_start : given_start + length]
                if len(given) == length and all(_HAN.match(one) and one not in self.lexicon.never for one in given):
                    yield given_start + length, given, strong

    def _cuts(self, at: int) -> bool:
        """Whether a name ending (or starting) here would cut a dictionary word in two."""
        return at < len(self.text) and at not in self.words.starts

    def _open(self, at: int) -> bool:
        """Whether a name may start here seen from the left: a break, or a word that names follow."""
        if at == 0 or not _HAN.match(self.text[at - 1]):
            return True
        return self.text.endswith(self.lexicon.before, max(0, at - 3), at) or bool(self._role_ends(at))

    def _closed(self, at: int) -> bool:
        """Whether a name may end here seen from the right: a break, or a word that follows names."""
        return at >= len(self.text) or not _HAN.match(self.text[at]) or self.text.startswith(self.lexicon.after, at)

    def _role_ends(self, at: int) -> bool:
        return any(match.end() == at for match in self.lexicon.leading_role.finditer(self.text, max(0, at - 4), at))

    def _ordinary(self, start: int, end: int) -> bool:
        """Whether the stretch is a dictionary word (the dictionary calls many of them names: not believed)."""
        return self.text[start:end] in self.lexicon.stop or self.words.tagged.get(start, (0, ""))[0] == end

    def _worded(self, start: int, end: int) -> bool:
        """Whether the stretch is, or begins with, a dictionary word that is no name (成本, 方案里)."""
        first_end, tag = self.words.tagged.get(start, (start + 1, ""))
        whole = self.text[start:first_end]
        return (
            first_end - start > 1
            and whole not in self.lexicon.compound
            and (not tag.startswith("nr") or whole in self.lexicon.stop)
        )

    def _near(self, start: int, *, labelled: bool = False) -> NameSpan | None:
        """The whole name that starts where a label, a role or a list number says one should."""
        best, best_score = None, 0
        for end, given, strong in self._fulls(start):
            if self.text[start:end] in self.lexicon.stop or (not labelled and self._worded(start, end)):
                continue
            score = 3 * self._closed(end) + sum(one in self.lexicon.given for one in given) + strong
            score += bool(self.lexicon.title.match(self.text, end)) - 3 * self._cuts(end)
            if score > best_score:
                best, best_score = self._span(start, end, "full", certain=True), score
        return best if best_score >= 2 else None

    def _address(self, start: int, *, certain: bool) -> NameSpan | None:
        """小王, 老李, 阿梅, 小鹿: the second character must be a surname, or anything where a name is due."""
        end = start + 2
        form = self.text[start:end]
        if (
            not self.lexicon.nick.match(form)
            or form in self.lexicon.stop
            or self._cuts(end)
            or form[1] in self.lexicon.never
        ):
            return None
        whole_end, tag = self.words.tagged.get(start, (0, ""))
        if whole_end == end and not tag.startswith("nr"):
            return None
        fits = form[1] in self.lexicon.single or (form[0] == "阿" and form[1] in self.lexicon.given)
        due = certain and (
            self._closed(end) or form[1] in self.lexicon.telling or self.lexicon.leading_role.match(self.text, end)
        )
        return self._span(start, end, "nick", certain=True) if fits or due else None

    def _due(self, start: int, *, labelled: bool = False) -> NameSpan | None:
        """Whatever form of name starts at a place where a name is due."""
        if match := _DOTTED_NAME.match(self.text, start):
            return self._span(start, match.end(), "full", certain=True)
        if match := _LATIN_NAME.match(self.text, start):
            return None if match[0] in self.lexicon.stop else self._span(start, match.end(), "nick", certain=True)
        if (surname := self._titled_surname(start)) or (surname := self._address(start, certain=True)):
            return surname
        return self._near(start, labelled=labelled)

    def _titled_surname(self, start: int) -> NameSpan | None:
        """李老师, 王姐, 林工 starting here."""
        for end, _ in self._surnames(start):
            title = self.lexicon.title.match(self.text, end)
            if title and self._titles(start, title) and self.text[start : title.end()] not in self.lexicon.stop:
                return self._span(start, title.end(), "title", certain=True)
        return None

    def _titles(self, start: int, title: re.Match[str]) -> bool:
        """Whether the word at `title` is a title there and not the start of another word (张总 / 总结)."""
        if title[0] not in self.lexicon.short_titles:
            return True
        weak = self.text[start] not in self.lexicon.strong  # 刘总和… is a person where 高工作 is not
        if self.text.startswith(self.lexicon.title_goes_on, title.start()) or (weak and self._cuts(title.end())):
            return False
        whole_end, tag = self.words.tagged.get(start, (0, ""))
        return whole_end != title.end() or tag.startswith("nr")

    def _span(self, start: int, end: int, kind: NameKind, *, certain: bool) -> NameSpan:
        return NameSpan(start=start, end=end, text=self.text[start:end], kind=kind, certain=certain)

    # Where names stand

    def _mentions(self) -> None:
        for match in _MENTION.finditer(self.text):
            start, end = match.span(1)
            handle = match[1]
            if handle.startswith(self.lexicon.not_people) or _NO_HANDLE.match(handle):
                continue
            if (role := self.lexicon.leading_role.match(self.text, start, end)) and role.end() < end:
                start = role.end()
            inner = self._due(start)
            if inner and (inner.end == end or (inner.end < end and not _alike(self.text, inner.end))):
                self.found.append(inner.model_copy(update={"kind": inner.kind if inner.kind != "full" else "mention"}))
            else:
                self.found.append(self._span(start, end, "mention", certain=end - start <= 8))

    def _labelled(self) -> None:
        for pattern in (self.lexicon.label, self.lexicon.role):
            for match in pattern.finditer(self.text):
                start = match.end()
                if role := self.lexicon.role.match(self.text, start):
                    start = role.end()
                if span := self._due(start, labelled=pattern is self.lexicon.label and _says_name(match)):
                    self.found.append(span)
                elif pattern is self.lexicon.label and ("：" in match["colon"] or ":" in match["colon"]):
                    self._anything(start)
        for match in _LIST_ITEM.finditer(self.text):
            if family := self.lexicon.family_item.match(self.text, match.end()):
                self.found.append(self._span(*family.span(), "nick", certain=True))
                continue
            span = self._due(match.end())
            if span and self._closed(span.end) and (span.kind != "full" or not self._ordinary(span.start, span.end)):
                self.found.append(span)

    def _anything(self, start: int) -> None:
        """After "姓名：" stands a name even if it has no surname: two to four characters and then a break."""
        match = re.compile(r"[\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{2,6})?(?![\u4e00-\u9fff·])").match(
            self.text, start
        )
        if match and match[0] not in self.lexicon.stop and not self._long_word(start, match.end()):
            self.found.append(self._span(start, match.end(), "nick", certain=False))

    def _long_word(self, start: int, end: int) -> bool:
        return end - start > 2 and self._ordinary(start, end)

    def _before_numbers(self) -> None:
        for match in _BEFORE_NUMBER.finditer(self.text):
            end, options = match.end(), []
            for start in range(max(0, end - 4), end - 1):
                for name_end, given, strong in self._fulls(start):
                    if name_end == end and self.text[start:end] not in self.lexicon.stop and not self._cuts(start):
                        known = sum(one in self.lexicon.given for one in given)
                        options.append((2 * self._open(start) + strong + known, end - start, start))
            if options and max(options)[0] >= 2:
                start = max(options)[2]
                if not (self._ordinary(start, end) and self.text[start] in self.lexicon.weak):
                    self.found.append(self._span(start, end, "full", certain=True))

    def _titled(self) -> None:
        for title in self.lexicon.title.finditer(self.text):
            for start in (title.start() - 4, title.start() - 3, title.start() - 2):
                if start >= 0 and not self._cuts(start) and self._whole_before(start, title):
                    self.found.append(self._span(start, title.start(), "full", certain=True))
                    break
            else:
                for start in (title.start() - 2, title.start() - 1):
                    if start >= 0 and start in self.words.starts and (span := self._titled_surname(start)):
                        self.found.append(span)
                        break
                else:
                    self._given_with_title(title)
        for match in self.lexicon.latin_titled.finditer(self.text):
            if match[1] not in self.lexicon.stop:
                self.found.append(self._span(*match.span(1), "nick", certain=True))

    def _whole_before(self, start: int, title: re.Match[str]) -> bool:
        for end, given, _ in self._fulls(start):
            if end == title.start() and self._titles(start, title) and not self._ordinary(start, end):
                return all(one in self.lexicon.given for one in given) and not self._cuts(end)
        return False

    def _given_with_title(self, title: re.Match[str]) -> None:
        """芳姐, 强哥."""
        start = title.start() - 1
        telling = start in self.words.starts and self.text[start] in self.lexicon.telling
        if title[0] in "姐哥叔姨嫂" and telling and self._titles(start, title):
            self.found.append(self._span(start, title.end(), "nick", certain=False))

    def _familiar(self) -> None:
        for match in self.lexicon.nick.finditer(self.text):
            if match.start() in self.words.starts and (span := self._address(match.start(), certain=False)):
                self.found.append(span)
        for match in self.lexicon.family.finditer(self.text):
            if not match[0].startswith(("妈", "爸", "爷", "奶")) and not self._ordinary(*match.span()):
                self.found.append(self._span(*match.span(), "nick", certain=True))

    def _bare(self) -> None:
        """Whole names with no label next to them: they must not cut a dictionary word or be one."""
        for start in sorted(self.words.starts):
            for end, given, strong in self._fulls(start):
                if (
                    self._cuts(end)
                    or self._worded(start, end)
                    or self.text[start:end] in self.lexicon.stop
                    or given in self.lexicon.outcomes
                    or any(one not in self.lexicon.given for one in given)
                ):
                    continue
                telling = sum(one in self.lexicon.telling for one in given)
                around = self._open(start) + self._closed(end)
                if self._ordinary(start, end):
                    known = end - start > 2 and self.words.tagged[start][1].startswith("nr") and strong
                    enough = known or (strong and telling == len(given) and around > 0)
                elif telling:
                    enough = around + strong + (len(given) == 2) + (telling == 2) >= 2
                else:
                    enough = around == 2 and (strong or self.text.startswith(self.lexicon.after, end))
                if enough:
                    sure = (around == 2 and strong and telling > 0) or (telling == 2 and around > 0)
                    sure = sure and not self._ordinary(start, end)
                    self.found.append(self._span(start, end, "full", certain=sure))
                    break

    def _listed(self) -> None:
        """何静、罗敏、梁健: what stands in a list with a name, and is shaped like one, is one."""
        ends = {span.end for span in self.found}
        starts = {span.start for span in self.found}
        for match in re.finditer(r"[\u4e00-\u9fff]{2,4}(?=[、，,/ ]|$|\n)", self.text):
            start, end = match.span()
            beside = (start - 1 in ends and self.text[start - 1] in "、，,/ ") or end + 1 in starts
            whole = start == 0 or not _HAN.match(self.text[start - 1])
            if beside and whole and not self._ordinary(start, end) and self._shaped(start, end):
                self.found.append(self._span(start, end, "full", certain=False))
                ends.add(end)

    def _shaped(self, start: int, end: int) -> bool:
        """Whether the stretch is a surname and given-name characters."""
        return any(stop == end and self.lexicon.given.issuperset(given) for stop, given, _ in self._fulls(start))

    def _repeated(self) -> None:
        """A name that was certain once is a name wherever its words return."""
        for name in {span.text for span in self.found if span.certain and span.end - span.start > 1}:
            if segmenter().has_word(name) and name not in {span.text for span in self.found if span.kind == "title"}:
                continue
            kind = next(span.kind for span in self.found if span.text == name)
            for match in re.finditer(re.escape(name), self.text):
                self.found.append(self._span(*match.span(), kind, certain=True))


def _says_name(label: re.Match[str]) -> bool:
    """Whether a name must follow the label: it has a colon or a gap, or says so itself (收件人, 户名)."""
    return bool(label["colon"]) or label[0].endswith(("人", "名"))


def _alike(text: str, at: int) -> bool:
    """Whether a Latin handle goes on at `at` (a Han word may follow a mention without a space)."""
    return bool(re.match(r"[A-Za-z0-9_-]", text[at : at + 1]))


def _apart(spans: list[NameSpan]) -> list[NameSpan]:
    """The spans without overlaps: certain ones first, then those that start earlier, then the longer."""
    taken: list[NameSpan] = []
    used: set[int] = set()
    for span in sorted(spans, key=lambda one: (not one.certain, one.start, one.start - one.end)):
        if used.isdisjoint(range(span.start, span.end)):
            taken.append(span)
            used.update(range(span.start, span.end))
    return taken


def read_names(text: str) -> tuple[NameSpan, ...]:
    """The people named in the text, in order and without overlaps; offsets in code points."""
    return _Reader(text).read()
