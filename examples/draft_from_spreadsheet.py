"""From a spreadsheet of events to an announcement each, in a spreadsheet that Excel opens.

python examples/draft_from_spreadsheet.py examples/events.csv announcements.csv

A row is an event, the first row names the columns: any names will do, for a brief has no fixed keys. What an event lacks,
what does not agree and what must not go out stand beside its text, for a person to settle.
"""

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from openpyxl import load_workbook

from copilot import CopilotError, draft_announcement


def events(path: Path) -> Iterator[dict[str, object]]:
    """Each event of a .csv or .xlsx file, without its empty cells."""
    rows: list[Sequence[object]]
    if path.suffix == ".xlsx":
        rows = list(load_workbook(path, data_only=True).worksheets[0].iter_rows(values_only=True))
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    for row in rows[1:]:
        yield {str(name): cell for name, cell in zip(rows[0], row, strict=False) if name and cell}


def main() -> None:
    """Draft them all."""
    parser = argparse.ArgumentParser(description="From a spreadsheet of events to an announcement each.")
    parser.add_argument("events", type=Path, help=".csv or .xlsx, with the columns' names in its first row")
    parser.add_argument("announcements", type=Path, help="the .csv to write")
    given = parser.parse_args()

    rows = []
    for event in events(given.events):
        draft = draft_announcement(event)
        missing = [gap.question for gap in draft.missing]
        conflicts = [conflict.message for conflict in draft.conflicts]
        errors = [finding.message for finding in draft.findings if finding.severity == "error"]
        rows.append([draft.text, *("\n".join(cell) for cell in (missing, conflicts, errors))])
    with given.announcements.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["公告", "还要补", "对不上", "必须改"], *rows])
    print(f"{len(rows)} drafted, {sum(any(row[1:]) for row in rows)} of them with something to settle")


if __name__ == "__main__":
    try:
        main()
    except CopilotError as error:
        sys.exit(str(error))
