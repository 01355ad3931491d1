"""A report: what a digest becomes before it is Markdown, a Word document or a picture."""

import re

from copilot.exports.sheet import writable
from copilot.records import Record


class ReportEntry(Record):
    """One claim: its words, what stands beside it (owner, state), and its receipts ("10-12 14:03 小满")."""

    text: str
    note: str = ""
    receipts: tuple[str, ...] = ()


class ReportSection(Record):
    """A heading with its claims; `lead` is a sentence before them."""

    title: str
    lead: str = ""
    entries: tuple[ReportEntry, ...] = ()


class Report(Record):
    """A page of claims. `figures` are pairs of label and value, `footer` says what stands behind it all."""

    title: str
    subtitle: str = ""
    lead: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    sections: tuple[ReportSection, ...] = ()
    footer: str = ""


_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$]|^(?:[-+]|\d+[.)])(?=\s))", re.MULTILINE)


def report_markdown(report: Report) -> str:
    """The report as Markdown. Members' words can't become markup: its signs are escaped."""
    lines = [f"# {_plain(report.title)}"]
    lines += [_plain(line) for line in (report.subtitle, report.lead) if line]
    if report.figures:
        lines.append("\n".join(f"- {_plain(label)}：{_plain(value)}" for label, value in report.figures))
    for section in report.sections:
        lines.append(f"## {_plain(section.title)}")
        lines += [_plain(section.lead)] if section.lead else []
        lines.append("\n".join(f"- {_entry(entry)}" for entry in section.entries))
    lines += ["---", _plain(report.footer)] if report.footer else []
    return "\n\n".join(line for line in lines if line) + "\n"


def _entry(entry: ReportEntry) -> str:
    note = f"（{_plain(entry.note)}）" if entry.note else ""
    receipts = "".join(f"【{_plain(receipt)}】" for receipt in entry.receipts)
    return f"{_plain(entry.text)}{note}{receipts}"


def _plain(text: str) -> str:
    one_line = " ".join(writable(text).split())
    return _MARKUP.sub(r"\\\1", one_line)
