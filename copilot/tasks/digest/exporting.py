"""A digest as a report for the exports: the operator's page in full, and the card with what the group may read.

Both are made from the draft's own texts, as the operator left them: what leaves as a file is what was checked.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from copilot.exports import Report, ReportEntry, ReportSection
from copilot.records import Draft
from copilot.tasks.digest.book import book

RECEIPT = re.compile(r"【[^【】\n]*\d[^【】\n]*】")
_LAST_RECEIPTS = re.compile(rf"((?:{RECEIPT.pattern})+)(?:等 \d+ 条)?[；，。]?$")
_HEADING = re.compile(r"^[■▪]\s*(\S.*)$")
_DOT = re.compile(r"^(?:·|\d{1,2}[.、])\s*")


class Section(NamedTuple):
    """A heading of a text ("" before the first one) with its lines."""

    title: str
    lines: tuple[str, ...]


def sections_of(text: str) -> tuple[Section, ...]:
    """A digest's text by its headings; blank lines go."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in filter(str.strip, text.splitlines()):
        if heading := _HEADING.match(line):
            found.append((heading[1].strip(), []))
        else:
            found[-1][1].append(line.rstrip())
    return tuple(Section(title, tuple(lines)) for title, lines in found)


def entries_of(section: Section) -> Iterator[ReportEntry]:
    """The entries of a section: an indented line goes on with the one above, a line that ends in a colon is whose the next are."""
    whose, entry = "", ""
    for line in section.lines:
        if entry and line.startswith("  "):
            entry += ("；" if not entry.endswith(("；", "：")) else "") + _DOT.sub("", line.strip())
            continue
        if entry:
            yield _entry(whose, entry)
        dotted = _DOT.sub("", line)
        entry = dotted
        if dotted == line and line.endswith("："):
            whose, entry = line, ""
    if entry:
        yield _entry(whose, entry)


def digest_report(draft: Draft) -> Report:
    """The operator's page, every claim with its receipts, and the text for the group. For the operator's own files."""
    opening, *sections = sections_of(_part(draft, "desk"))
    lead, *rest = opening.lines or ("",)
    group = _part(draft, "group")
    shown = [ReportSection(title=one.title, entries=tuple(entries_of(one))) for one in sections]
    if group:
        shown.append(_for_the_group(group))
    return Report(
        title=f"{draft.structure.get('group') or ''}{book().group.title}",
        subtitle=span_of(draft),
        lead=lead,
        figures=tuple(_figures(draft)),
        sections=tuple(one for one in shown if one.entries),
        footer="".join(rest),
    )


def digest_card(draft: Draft) -> Report | None:
    """The text for the group as a card; None when there is none. It holds nothing that the text does not say."""
    text = _part(draft, "group")
    if not text.strip():
        return None
    opening, *sections = sections_of(text)
    first, *rest = opening.lines or (book().group.title,)
    title = first.removeprefix("【").removesuffix("】") if first.startswith("【") else book().group.title
    lead = rest if first.startswith("【") else opening.lines
    name, _, dates = title.partition("｜")
    return Report(
        title=name,
        subtitle=dates,
        lead=" ".join(lead),
        sections=tuple(ReportSection(title=one.title, entries=tuple(_plain(one))) for one in sections),
    )


def span_of(draft: Draft) -> str:
    """From when to when the chat goes."""
    totals = draft.structure.get("totals") or {}
    return " – ".join(dict.fromkeys(filter(None, (totals.get("first"), totals.get("last")))))


def _part(draft: Draft, name: str) -> str:
    return next((part.text for part in draft.parts if part.name == name), "")


def _entry(whose: str, line: str) -> ReportEntry:
    receipts: tuple[str, ...] = ()
    if last := _LAST_RECEIPTS.search(line):
        receipts = tuple(found[1:-1] for found in RECEIPT.findall(last[1]))
        line = line[: last.start()]
    return ReportEntry(text=f"{whose}{line}".strip(), receipts=receipts)


def _plain(section: Section) -> Iterator[ReportEntry]:
    yield from (ReportEntry(text=_DOT.sub("", line.strip())) for line in section.lines)


def _for_the_group(text: str) -> ReportSection:
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    return ReportSection(title=book().group.title, entries=tuple(ReportEntry(text=line) for line in lines))


def _figures(draft: Draft) -> Iterator[tuple[str, str]]:
    structure = draft.structure
    totals = structure.get("totals") or {}
    yield "消息", str(totals.get("messages", 0))
    yield "成员", str(totals.get("members", 0))
    yield "没有答复", str(len(structure.get("unanswered") or ()))
    yield "逾期", str(sum(one.get("status") == "overdue" for one in structure.get("action_items") or ()))
    yield "投诉未结", str(sum(one.get("status") != "resolved" for one in structure.get("complaints") or ()))
