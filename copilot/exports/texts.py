"""A plan as text: CSV for spreadsheets, Markdown for documents, plain text for the work chat."""

import csv
import io
from collections.abc import Iterable
from itertools import groupby
from typing import Literal

from copilot.exports.sheet import (
    COLUMNS,
    UNDATED,
    PlanRow,
    PlanSheet,
    cells,
    day_name,
    formula_like,
    sections,
    week_name,
    writable,
)

NOBODY = "负责人待定"


def to_csv(sheet: PlanSheet) -> bytes:
    """The rows as CSV in UTF-8 with a byte order mark. Whatever a spreadsheet program could take for a formula gets
    an apostrophe in front; every field is quoted, so that lines and commas inside stay inside.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for row in sheet.ordered:
        writer.writerow(f"'{text}" if formula_like(text) else text for text in cells(row))
    return written.getvalue().encode("utf-8-sig")


def to_markdown(sheet: PlanSheet) -> str:
    """The plan as Markdown: a table of the rows without their messages, the messages, and the lines beside them."""
    shown = [index for index, name in enumerate(COLUMNS) if name != "文案"]
    lines = [f"# {_inline(sheet.title)}", "", week_name(sheet.week), ""]
    lines += [_line(COLUMNS[index] for index in shown), _line("---" for _ in shown)]
    lines += [_line(_inline(cells(row)[index]) for index in shown) for row in sheet.ordered]
    if messages := [row for row in sheet.ordered if row.message.strip()]:
        lines += ["", "## 文案"]
        for row in messages:
            lines += ["", f"### {_inline(f'{_when(row)} {row.group}：{row.action}')}", ""]
            lines += [f"> {_escaped(line)}".rstrip() for line in writable(row.message).split("\n")]
    for heading, texts in sections(sheet):
        lines += ["", f"## {heading}", "", *(f"- {_inline(text)}" for text in texts)]
    return "\n".join(lines) + "\n"


def to_text(sheet: PlanSheet, by: Literal["day", "owner"] = "day") -> str:
    """The plan to paste into a work chat, by day or by owner; plain text, without Markdown."""
    blocks = [f"{_flat(sheet.title)}（{week_name(sheet.week)}）"]
    if by == "day":
        for day, rows in groupby(sheet.ordered, key=lambda row: row.day):
            heading = f"【{day_name(day) if day else UNDATED}】"
            blocks.append("\n".join([heading, *(_told(row, with_day=False, with_owner=True) for row in rows)]))
    else:
        named = sorted(sheet.ordered, key=lambda row: (not row.owner.strip(), _flat(row.owner)))
        for owner, rows in groupby(named, key=lambda row: _flat(row.owner)):
            owned = list(rows)
            minutes = sum(row.minutes for row in owned if row.minutes > 0)
            load = f"{len(owned)} 项" + (f"，约 {minutes} 分钟" if minutes else "")
            heading = f"【{owner or NOBODY}】{load}"
            blocks.append("\n".join([heading, *(_told(row, with_day=True, with_owner=False) for row in owned)]))
    for heading, texts in sections(sheet):
        if heading in ("待确认", "说明"):
            blocks.append("\n".join([f"【{heading}】", *(f"· {_flat(text)}" for text in texts)]))
    return "\n\n".join(blocks) + "\n"


def _told(row: PlanRow, *, with_day: bool, with_owner: bool) -> str:
    """One row in one line, with what to bring under it."""
    clock = f"{row.clock:%H:%M}" if row.clock else ""
    when = _when(row) if with_day else clock
    words = " ".join(part for part in (when, _flat(row.group), _flat(row.action)) if part)
    form = f"（{_flat(row.form)}）" if row.form.strip() else ""
    owner = f" 负责人：{_flat(row.owner)}" if with_owner and row.owner.strip() else ""
    material = f"\n  物料：{_flat(row.material)}" if row.material.strip() else ""
    note = f"\n  备注：{_flat(row.remark)}" if row.remark else ""
    return f"· {words}{form}{owner}{material}{note}"


def _when(row: PlanRow) -> str:
    day = day_name(row.day) if row.day else UNDATED
    return f"{day} {row.clock:%H:%M}" if row.clock else day


def _flat(text: str) -> str:
    """The text in one line."""
    return " ".join(writable(text).split())


def _escaped(text: str) -> str:
    """The text with what Markdown would take for a mark of its own made plain."""
    for mark in "\\`*_[]<>#|":
        text = text.replace(mark, f"\\{mark}")
    return text


def _inline(text: str) -> str:
    return _escaped(writable(text)).replace("\n", "<br>").strip()


def _line(texts: Iterable[str]) -> str:
    return "| " + " | ".join(texts) + " |"
