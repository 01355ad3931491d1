"""What leaves as files: a weekly plan as spreadsheet, CSV, calendar and text; a digest as Markdown, Word and a picture."""

from copilot.exports.calendar import to_ics
from copilot.exports.card import to_card
from copilot.exports.document import to_docx
from copilot.exports.folder import prepare_digest_folder, prepare_folder, save_digest, save_plan
from copilot.exports.report import Report, ReportEntry, ReportSection, report_markdown
from copilot.exports.sheet import STATUSES, PlanRow, PlanSheet
from copilot.exports.spreadsheet import to_xlsx
from copilot.exports.texts import to_csv, to_markdown, to_text

__all__ = [
    "STATUSES",
    "PlanRow",
    "PlanSheet",
    "Report",
    "ReportEntry",
    "ReportSection",
    "prepare_digest_folder",
    "prepare_folder",
    "report_markdown",
    "save_digest",
    "save_plan",
    "to_card",
    "to_csv",
    "to_docx",
    "to_ics",
    "to_markdown",
    "to_text",
    "to_xlsx",
]
