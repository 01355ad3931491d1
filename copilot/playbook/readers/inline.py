"""HTML that stands in Markdown: tables, as Feishu, Notion and GitHub export them, become Markdown's."""

import re
from html.parser import HTMLParser

from copilot.playbook.readers.extract import tables

_TABLE = re.compile(r"<table\b(?:(?!<table\b).){0,200000}?</table>", re.DOTALL | re.IGNORECASE)
_FENCED = re.compile(r"^(?P<fence>```|~~~)[^\n]*\n.*?(?:^(?P=fence)[^\n]*$|\Z)", re.DOTALL | re.MULTILINE)


def with_tables(text: str) -> str:
    """The text with its HTML tables as Markdown; what is fenced as code stays as it is."""
    if "<table" not in text.lower():
        return text
    parts, at = [], 0
    for fenced in _FENCED.finditer(text):
        parts += [_TABLE.sub(_as_markdown, text[at : fenced.start()]), fenced[0]]
        at = fenced.end()
    return "".join([*parts, _TABLE.sub(_as_markdown, text[at:])])


def _as_markdown(found: re.Match[str]) -> str:
    reader = _Rows()
    reader.feed(found[0])
    reader.close()
    return f"\n\n{tables(reader.rows)}\n\n"


class _Rows(HTMLParser):
    """The cells of a table, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A row or a cell begins; a break is a blank."""
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append("")
        else:
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        """Words of the cell at hand; those outside of any are a row of their own."""
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data
        elif data.strip():
            self.rows.append([data])
