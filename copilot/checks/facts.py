"""Is everything in this draft true, as far as the brief goes?

Every value, name, link and promise of the text must stand in the ledger (or in a cited source). The check reads
the text with the reader that read the brief, whoever wrote it, and reports what nothing backs.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from copilot.checks.rulebook import finding
from copilot.facts.brief import sentences
from copilot.facts.ledger import Ledger
from copilot.facts.names import read_names
from copilot.lore import load_yaml
from copilot.records import Finding, SentenceTrace, Span

PLACEHOLDER = re.compile(r"【待(?:补充|核实)[:：][^】]*】")
# A text may count its own lines: "这三项都在核实".
_OWN_COUNT = re.compile(
    r"(?:这|那|以上|上面|下面|以下|前面)[一两二三四五六七八九十\d]{1,2}(?:项|点|件|条|样|步|个问题)"
)
_REPLY_CODE = re.compile(
    r"(?:回复|回|扣|打|接龙|发)(?:个|一个|一声)?\s*[“\"「'‘]?(?:\d|收到|参加|已看|在|好)[”\"」'’]?"
)


_CLAUSE = re.compile(r"[^，,。；;！!？?\n]*[，,。；;！!？?\n]?")


@cache
def _lexicon() -> dict[str, Any]:
    data: dict[str, Any] = load_yaml("claims.yaml")
    return data


@cache
def claim_terms() -> dict[str, re.Pattern[str]]:
    """The words that need backing, by what they claim."""
    return {kind: re.compile(pattern) for kind, pattern in _lexicon()["claims"].items()}


def fact_findings(text: str, ledger: Ledger, *, cited: str = "", own: Sequence[str] = ()) -> tuple[Finding, ...]:
    """What in `text` neither the public part of the ledger nor the `cited` quotes back, in order.

    `own` are the product's own set phrases, which hold no facts: where one stands word for word, it needs no backing.
    """
    exempt = [match.span() for pattern in (PLACEHOLDER, _REPLY_CODE, _OWN_COUNT) for match in pattern.finditer(text)]
    exempt += [spot for phrase in own for spot in _spots(phrase, text)]
    found = [*_values(text, ledger, cited), *_names(text, ledger, cited), *_claims(text, ledger, cited)]
    exempt = _joined(exempt)
    kept = [one for one in found if one.span and not _inside(one.span, exempt)]
    return tuple(sorted(kept, key=lambda one: one.span.start if one.span else 0))


def _spots(phrase: str, text: str) -> Iterator[tuple[int, int]]:
    """Where a phrase stands in a text."""
    start = text.find(phrase) if phrase else -1
    while start >= 0:
        yield start, start + len(phrase)
        start = text.find(phrase, start + len(phrase))


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that touch made one: two receipts side by side are exempt from end to end."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def unbacked(text: str, ledger: Ledger) -> str | None:
    """The first words of a clause that nothing backs; None when all of it is backed."""
    for one in fact_findings(text, ledger):
        return one.span.text if one.span else text
    return None


def trace(text: str, ledger: Ledger) -> tuple[SentenceTrace, ...]:
    """For each line's sentences, the ids of the facts behind its values."""
    rows, cursor = [], 0
    for line in text.split("\n"):
        for sentence in sentences(line):
            start = text.find(sentence, cursor)
            cursor = start + len(sentence)
            ids = [fact for value in ledger.read(sentence) for fact in ledger.backed_by(value) or ()]
            rows.append(SentenceTrace(start=start, end=cursor, facts=tuple(dict.fromkeys(ids))))
    return tuple(rows)


def _inside(span: Span, exempt: list[tuple[int, int]]) -> bool:
    return any(start <= span.start and span.end <= end for start, end in exempt)


def _values(text: str, ledger: Ledger, cited: str) -> Iterator[Finding]:
    for value in ledger.read(text):
        if not value.soft and ledger.backed_by(value) is None and value.text not in cited:
            yield _untraced(value.kind, Span(start=value.start, end=value.end, text=value.text))


def _names(text: str, ledger: Ledger, cited: str) -> Iterator[Finding]:
    for name in read_names(text):
        bare = name.text.lstrip("@")
        if (name.certain or name.kind == "full") and bare not in ledger.said and bare not in cited:
            found = _untraced("name", Span(start=name.start, end=name.end, text=name.text))
            # What may be an ordinary word is pointed out, not struck out.
            yield found if name.certain else found.model_copy(update={"severity": "warning", "replacement": None})


def _claims(text: str, ledger: Ledger, cited: str) -> Iterator[Finding]:
    for kind, pattern in claim_terms().items():
        for match in pattern.finditer(text):
            if match[0] not in cited and not _told(match[0], ledger) and not _unclaimed(kind, match, text):
                span = Span(start=match.start(), end=match.end(), text=match[0])
                yield finding(f"untraced-claim-{kind}", span, words=match[0])


def _told(word: str, ledger: Ledger) -> bool:
    """Whether the public facts hold a word, whole or with what it is about between its halves (退虾仁款)."""
    if word in ledger.said:
        return True
    return word in _lexicon()["parted"] and bool(re.search(rf"{word[0]}[^\s，。；、,;]{{1,6}}{word[1]}", ledger.said))


def _unclaimed(kind: str, match: re.Match[str], text: str) -> bool:
    """Whether the clause asks for it or leaves it open."""
    data = _lexicon()
    if kind not in data["askable"]:
        return False
    clause = next(one[0] for one in _CLAUSE.finditer(text) if one.start() <= match.start() < one.end())
    return any(re.search(data[stance], clause) for stance in ("asking", "open"))


def _untraced(kind: str, span: Span) -> Finding:
    return finding(f"untraced-{kind}", span, replacement=f"【待核实:{span.text}】", words=span.text)
