"""What was made of a document: what is kept, dropped and marked, and why."""

from copilot.playbook.documents import Document
from copilot.playbook.shown import show
from copilot.playbook.spans import Blemish
from copilot.records import Record

_EXCERPT = 80


class Stretch(Record):
    """One blemish as the operator sees it; `number` (from 1) is what it is overruled by, `line` counts from 1."""

    number: int
    line: int
    excerpt: str
    characters: int
    kind: str
    reason: str


class DocumentReport(Record):
    """What was made of one document; `characters` is what is searched (blanks not counted), marked text included.

    `kept` are stretches that the operator decided are plain text after all.
    """

    source: str
    title: str
    characters: int
    dropped: tuple[Stretch, ...]
    marked: tuple[Stretch, ...]
    kept: tuple[Stretch, ...]
    articles: tuple[str, ...]
    notes: tuple[str, ...]


def report(document: Document) -> DocumentReport:
    """What was kept, dropped and marked of a document, and why."""
    told: dict[str, list[Stretch]] = {"drop": [], "mark": [], "keep": []}
    line, at = 1, 0
    for number, blemish in enumerate(document.blemishes, start=1):
        line, at = line + document.text.count("\n", at, blemish.start), blemish.start
        told[blemish.action].append(_stretch(document.text, number, line, blemish))
    return DocumentReport(
        source=document.source,
        title=document.title,
        characters=_signs(show(document).text),
        dropped=tuple(told["drop"]),
        marked=tuple(told["mark"]),
        kept=tuple(told["keep"]),
        articles=tuple(article.title for article in document.articles),
        notes=document.notes,
    )


def _stretch(text: str, number: int, line: int, blemish: Blemish) -> Stretch:
    words = text[blemish.start : blemish.end]
    excerpt = " ".join(words[: 2 * _EXCERPT].split())
    return Stretch(
        number=number,
        line=line,
        excerpt=excerpt if len(excerpt) <= _EXCERPT else f"{excerpt[: _EXCERPT - 1]}…",
        characters=_signs(words),
        kind=blemish.kind,
        reason=blemish.reason,
    )


def _signs(text: str) -> int:
    return sum(map(len, text.split()))
