"""Wording that must not be posted in a Chinese group: unlawful claims, platform violations, pressure, insults.

One engine for every rule. A rule's patterns (knowledge/wording/<code>.yaml) propose spans in the folded text;
the contexts it lists (knowledge/wording/contexts.yaml: prohibited, negated, mentioned, asked …) take back
those that are harmless where they stand. knowledge/rules/wording.yaml says what each rule means and costs.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from copilot.checks.rulebook import Rule, rules_in
from copilot.facts.folding import Folded, fold
from copilot.facts.prefilter import grams
from copilot.facts.sieve import Sieve
from copilot.lore import load_yaml
from copilot.records import Finding, Record, Severity, Span

_CLAUSE_END = re.compile(r"[,;。!?\n]")
_SENTENCE_END = re.compile(r"[。!?\n]")
# No context is farther away than this; it keeps a text without any marks from costing its length squared.
_REACH = 120
_LIST_ITEM = re.compile(r"[ \t]*(?:\(?\d{1,2}[.、):]|[-*•·●]|[①-⑳]|[一二三四五六七八九十]{1,2}[、.])")


class _Pattern(Record):
    """One way to break a rule; what it leaves unset comes from the rule.

    `replace` is a template over the named groups of `find`, and `raw` reads the text unfolded.
    """

    find: str
    replace: str | None = None
    severity: Severity | None = None
    message: str | None = None
    fix: str | None = None
    rule: str | None = None
    harmless: tuple[str, ...] = ()
    raw: bool = False


class _Context(Record):
    """A neighbourhood that makes a match harmless: what stands before it and what after.

    `within` is how far it reaches: `clause` (with the line that introduces the list, if it is a list's item),
    `sentence`, or `lead`, that introducing line alone.
    """

    before: str = ""
    after: str = ""
    within: str = "clause"


@dataclass(frozen=True)
class _Detector:
    rule: Rule
    pattern: _Pattern
    source: str
    harmless: tuple[str, ...]

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """Compiled when a sentence first calls for it: most texts call for few."""
        return re.compile(self.source)


def _read(*parts: str) -> Any:
    return load_yaml(*parts)


@cache
def _words() -> dict[str, str]:
    """The word groups that patterns name as «group», each as one alternation."""
    return {
        name: "(?:" + "|".join(" ".join(lines).split()) + ")" for name, lines in _read("wording", "words.yaml").items()
    }


def _filled(expression: str) -> str:
    """A pattern with its «groups» filled in; a group may name others."""
    while "«" in expression:
        expression = re.sub(r"«(\w+)»", lambda name: _words()[name[1]], expression)
    return expression


def wording_rules() -> dict[str, Rule]:
    """The rules on wording, by code."""
    return rules_in("wording.yaml")


@cache
def _detectors() -> tuple[_Detector, ...]:
    """Every pattern of every rule."""
    found = []
    for rule in wording_rules().values():
        for pattern in map(_Pattern.model_validate, _read("wording", f"{rule.code}.yaml")["patterns"]):
            source = _filled(pattern.find)
            harmless = (*rule.harmless, *pattern.harmless)
            found.append(_Detector(rule, pattern, source, harmless))
    return tuple(found)


@cache
def _raw_detectors() -> tuple[_Detector, ...]:
    return tuple(detector for detector in _detectors() if detector.pattern.raw)


@cache
def _sieve() -> Sieve[int]:
    """The numbers of the detectors that read sentences."""
    return Sieve({at: (one.source,) for at, one in enumerate(_detectors()) if not one.pattern.raw})


def _candidates(sentence: str) -> Iterator[_Detector]:
    """The detectors that can match in a sentence, going by its grams."""
    return (_detectors()[number] for number in _sieve().possible(grams(sentence)))


@cache
def _contexts() -> dict[str, tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...]]:
    """The harmless contexts by name: alternatives of (before, after, reach)."""
    named = _read("wording", "contexts.yaml")
    return {
        name: tuple(
            (re.compile(_filled(context.before)), re.compile(_filled(context.after)), context.within)
            for context in map(_Context.model_validate, alternatives)
        )
        for name, alternatives in named.items()
    }


class _View:
    """A text as the patterns see it, with the reach of clauses and sentences around a match."""

    def __init__(self, text: str) -> None:
        self.original = text

    @cached_property
    def folded(self) -> Folded:
        return fold(self.original)

    @cached_property
    def _ends(self) -> dict[str, list[int]]:
        """Offsets of the marks that end a clause or a sentence."""
        text = self.folded.text
        return {
            name: [mark.start() for mark in mark_of.finditer(text)]
            for name, mark_of in (("clause", _CLAUSE_END), ("sentence", _SENTENCE_END))
        }

    def reach(self, start: int, end: int, within: str) -> tuple[int, int]:
        """The clause or sentence around `start:end`, without the marks at its ends."""
        marks = self._ends[within]
        before = bisect_left(marks, start)
        after = bisect_right(marks, end - 1)
        first = marks[before - 1] + 1 if before else 0
        last = marks[after] if after < len(marks) else len(self.folded.text)
        return max(first, start - _REACH), min(last, end + _REACH)

    @cached_property
    def _leads(self) -> dict[int, str]:
        """For each list item, by where its line starts: the line ending in a colon that introduces the list."""
        leads: dict[int, str] = {}
        lead, offset = "", 0
        for line in self.folded.text.split("\n"):
            if _LIST_ITEM.match(line):
                leads[offset] = lead
            elif line.strip():
                lead = line if line.rstrip().endswith(":") else ""
            offset += len(line) + 1
        return leads

    def lead(self, position: int) -> str:
        """The words that introduce the list in which `position` stands, or nothing."""
        return self._leads.get(self.folded.text.rfind("\n", 0, position) + 1, "")

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Where each sentence stands, its closing mark included; a lone mark is none."""
        start = 0
        for end in [*(mark + 1 for mark in self._ends["sentence"]), len(self.folded.text)]:
            if end - start > 1:
                yield start, end
            start = end

    def words(self, match: re.Match[str], group: str) -> str:
        """What a named group matched, as the operator wrote it."""
        if match[group] is None:
            return ""
        start, end = self.folded.span(*match.span(group))
        return self.original[start:end]

    def harmless(self, start: int, end: int, names: Iterable[str]) -> bool:
        """Whether one of the named contexts surrounds the match."""
        text = self.folded.text
        for name in names:
            for before, after, within in _contexts()[name]:
                first, last = self.reach(start, end, "clause" if within == "lead" else within)
                words = "" if within == "lead" else text[first:start]
                # The mark that ends the stretch stays visible: a question is known by it.
                if before.search(self.lead(start) + words) and after.search(text[end : last + 1]):
                    return True
        return False


@dataclass(frozen=True, slots=True)
class _Match:
    detector: _Detector
    start: int
    end: int
    replacement: str | None


def _matches(view: _View) -> Iterator[_Match]:
    """Every harmful match, in the coordinates of the text its pattern reads."""
    for detector in _raw_detectors():
        for found in detector.expression.finditer(view.original):
            yield _Match(detector, *found.span(), detector.pattern.replace)
    text = view.folded.text
    for first, last in view.sentences():
        for detector in _candidates(text[first:last]):
            for found in detector.expression.finditer(text, first, last):
                start, end = found.span()
                if not view.harmless(start, end, detector.harmless):
                    groups = {name: view.words(found, name) for name in found.re.groupindex}
                    # A softer wording with nothing left in it is none.
                    yield _Match(detector, start, end, (detector.pattern.replace or "").format(**groups) or None)


def _leftmost(matches: Iterable[_Match]) -> Iterator[_Match]:
    """In reading order; of overlapping matches of one code the one that begins first, then the longest."""
    reached: dict[str, int] = {}
    for match in sorted(matches, key=lambda match: (match.start, -match.end, match.detector.rule.code)):
        code = match.detector.rule.code
        if match.start >= reached.get(code, 0):
            reached[code] = match.end
            yield match


def _deletion(view: _View, match: _Match, claimed: int) -> tuple[int, int] | None:
    """The clause to delete with one of its marks, where the match fills that clause; `claimed` is already gone."""
    text = view.folded.text
    first, last = view.reach(match.start, match.end, "clause")
    if text[first:last].strip() != text[match.start : match.end].strip():
        return None
    if first > claimed and text[first - 1] in ",;":
        return first - 1, last
    return first, last + (last < len(text) and text[last] != "\n")


def wording_findings(text: str) -> tuple[Finding, ...]:
    """What in `text` must not be posted as it stands, in reading order; spans are code points of `text`."""
    view = _View(text)
    findings: list[Finding] = []
    claimed = 0
    for match in _leftmost(_matches(view)):
        rule, pattern, replacement = match.detector.rule, match.detector.pattern, match.replacement
        start, end = match.start, match.end
        if not pattern.raw:
            if replacement is None and (wider := _deletion(view, match, claimed)):
                start, end, replacement = *wider, ""
                claimed = end
            start, end = view.folded.span(start, end)
        words = text[start:end]
        findings.append(
            Finding(
                severity=pattern.severity or rule.severity,
                code=rule.code,
                message=(pattern.message or rule.message).format(words=words.strip("，。！？；、,.!?; \n")),
                span=Span(start=start, end=end, text=words),
                rule=pattern.rule or rule.rule,
                fix=pattern.fix or rule.fix,
                replacement=replacement,
            )
        )
    return tuple(findings)
