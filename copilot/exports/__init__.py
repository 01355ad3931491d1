"""A weekly plan in the team's own forms: spreadsheet, CSV, calendar, Markdown and plain text."""

from copilot.exports.calendar import to_ics
from copilot.exports.folder import prepare_folder, save_plan
from copilot.exports.sheet import STATUSES, PlanRow, PlanSheet
from copilot.exports.spreadsheet import to_xlsx
from copilot.exports.texts import to_csv, to_markdown, to_text

__all__ = [
    "STATUSES",
    "PlanRow",
    "PlanSheet",
    "prepare_folder",
    "save_plan",
    "to_csv",
    "to_ics",
    "to_markdown",
    "to_text",
    "to_xlsx",
]
