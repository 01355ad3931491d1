"""A draft as an assistant is told of it, and every result in plain words."""

from collections.abc import Iterator, Sequence
from typing import Any

from copilot.console import SEVERITIES
from copilot.outside.shapes import Checked, Detail, Piece, Remark, Suspicion, Told, words
from copilot.records import Answer, Draft, Finding, Record, Redaction, SearchResult

SHORT_TEXT = 3000  # characters of one message in a short answer about a digest
SHORT_LIST = 8
LISTS = ("decisions", "action_items", "unanswered", "complaints", "rumours", "risks")
"""The lists of a digest that a short answer shows."""


def told_of(draft: Draft, detail: Detail) -> Told:
    """The draft without its working papers. Of a digest, a short answer has the beginning only."""
    short = detail == "short" and draft.kind == "digest"
    pieces = [
        Piece(
            name=one.name, title=one.title, readers=one.readers, to=one.to, text=_begin(one.text) if short else one.text
        )
        for one in draft.parts
    ]
    lists = {name: draft.structure.get(name, ()) for name in LISTS}
    structure: dict[str, Any] = {}
    if short:
        structure = {name: value for name, value in draft.structure.items() if name in ("group", "totals", "coverage")}
        structure |= {name: rows[:SHORT_LIST] for name, rows in lists.items()}
    elif detail == "full":
        structure = _with_cited_messages(draft.structure)
    return Told(
        id=draft.id,
        kind=draft.kind,
        writer=draft.writer,
        text="\n\n".join(f"▍{one.title or one.name}\n{one.text}" for one in pieces) if short else draft.text,
        parts=tuple(pieces) if detail == "full" else (),
        missing=draft.missing,
        conflicts=draft.conflicts,
        findings=tuple(_remark(one) for one in draft.findings),
        citations=draft.citations,
        structure=structure,
        left_out={name: len(rows) - SHORT_LIST for name, rows in lists.items() if len(rows) > SHORT_LIST}
        if short
        else {},
        cut=tuple(one.name for one, whole in zip(pieces, draft.parts, strict=True) if len(one.text) < len(whole.text)),
        resource=f"draft://{draft.id}",
    )


def _begin(text: str) -> str:
    """A text, or so many whole lines of it as a short answer has room for."""
    return text if len(text) <= SHORT_TEXT else text[: text.rfind("\n", 0, SHORT_TEXT)].rstrip()


def _remark(finding: Finding) -> Remark:
    return Remark(
        words=finding.span.text if finding.span else "",
        **finding.model_dump(exclude={"span", "replacement"}),
    )


def _with_cited_messages(structure: dict[str, Any]) -> dict[str, Any]:
    """A digest's rows of messages are as long as its chat: only those stay that something rests on."""
    if "messages" not in structure:
        return structure
    rest = {name: value for name, value in structure.items() if name != "messages"}
    cited = set(strings(rest))
    return {**rest, "messages": [row for row in structure["messages"] if row["id"] in cited]}


def strings(value: Any) -> Iterator[str]:
    """Every string in some data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list, tuple)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def in_words(result: Record, *, hidden: bool) -> str:
    """A result for a person, or for an assistant that reads only words. `hidden`: pseudonyms may stand in it."""
    say = words()["says"]
    lines: Sequence[str]
    match result:
        case Told():
            lines = [result.text, *_around(result, say), *([say["pseudonyms"]] if hidden else [])]
        case Answer():
            cited = [f"[{n}] {one.source} › {one.section}：“{one.quote}”" for n, one in enumerate(result.citations, 1)]
            lines = [result.answer, *_section(say["sources"], cited)]
        case SearchResult():
            found = [f"▍{one.title} › {one.section}（{one.source}）\n{one.text}" for one in result.hits]
            lines = [*([] if result.answerable else [say["not_covered"]]), *found]
        case Checked():
            lines = [_line(_remark(one)) for one in result.findings] or [say["nothing_found"]]
        case Redaction():
            lines = [result.text]
        case Suspicion():
            lines = [say["suspicious" if result.suspicious else "not_suspicious"]]
        case _:
            raise TypeError(type(result))
    return "\n".join(lines)


def _around(draft: Told, say: dict[str, str]) -> Iterator[str]:
    """What stands under a draft: what is missing, what conflicts, what the checks found, where the rest is."""
    yield from _section(say["missing"], [f"{one.question} {one.placeholder}" for one in draft.missing])
    yield from _section(say["conflicts"], [one.message for one in draft.conflicts])
    asked = {*(one.placeholder for one in draft.missing), *(one.placeholder for one in draft.conflicts)}
    yield from _section(say["findings"], [_line(one) for one in draft.findings if one.words not in asked])
    yield ""
    if draft.cut or draft.left_out:
        yield say["more"].format(resource=draft.resource)
    if draft.kind in ("digest", "crisis-reply"):
        yield say["data"]
    yield say["yours"].format(id=draft.id)


def _line(one: Remark) -> str:
    quoted = f"“{one.words}” " if one.words and one.words not in one.message else ""
    return f"[{SEVERITIES[one.severity][0]}] {quoted}{one.message}{f' → {one.fix}' if one.fix else ''}"


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", title, *(f"· {line}" for line in lines)] if lines else []
