"""A plan as an Excel workbook, laid out the way teams keep theirs."""

import io
from datetime import time
from typing import TYPE_CHECKING

from copilot.exports.sheet import (
    COLUMNS,
    STATUSES,
    PlanRow,
    PlanSheet,
    cells,
    formula_like,
    sections,
    week_name,
    writable,
)

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = (12, 7, 8, 18, 24, 10, 22, 11, 20, 22, 44, 18, 9, 22)
_LONGEST = 32_767  # characters that a cell of a workbook can hold
_CUT = "……（太长，全文见 CSV 或文本版）"
_SHADES = ("FFFFFF", "F5F7FA")
_WEEKEND = "FDF6EC"
_HEADER = "E4E9F0"
_SECOND_SHEET = ("本周目标", "看什么指标", "周末复盘")


def to_xlsx(sheet: PlanSheet) -> bytes:
    """The workbook: 周计划, 目标与复盘, 待确认与说明. No cell is a formula, whatever its text begins with."""
    from openpyxl import Workbook

    book = Workbook()
    plan = book.active
    assert plan is not None
    plan.title = "周计划"
    _plan_sheet(plan, sheet)
    goals, rest = book.create_sheet("目标与复盘"), book.create_sheet("待确认与说明")
    for heading, lines in sections(sheet):
        _lines(goals if heading in _SECOND_SHEET else rest, heading, lines)
    for other in (goals, rest):
        other.column_dimensions["A"].width = 90
        _printed(other, sheet)
    book.properties.title = writable(sheet.title)
    book.properties.creator = ""
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _plan_sheet(target: "Worksheet", sheet: PlanSheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    last = get_column_letter(len(COLUMNS))
    for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True), start=1):
        cell = _cell(target, 1, column)
        cell.value = name
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color=_HEADER)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        target.column_dimensions[get_column_letter(column)].width = width
    days = sorted({row.day for row in sheet.rows if row.day})
    for number, row in enumerate(sheet.ordered, start=2):
        shade = _SHADES[days.index(row.day) % 2] if row.day else _SHADES[0]
        if row.day and row.day.isoweekday() > 5:
            shade = _WEEKEND
        for column, text in enumerate(cells(row), start=1):
            cell = _cell(target, number, column)
            _write(cell, text)
            cell.fill = PatternFill("solid", start_color=shade)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        _typed(target, number, row)
    status = DataValidation(type="list", formula1=f'"{",".join(STATUSES)}"', allow_blank=True)
    status.error, status.errorTitle = "请从列表里选一个状态", "状态"
    target.add_data_validation(status)
    status.add(f"{get_column_letter(COLUMNS.index('状态') + 1)}2:{get_column_letter(COLUMNS.index('状态') + 1)}1000")
    target.freeze_panes = "A2"
    target.auto_filter.ref = f"A1:{last}{max(len(sheet.rows) + 1, 2)}"
    target.print_title_rows = "1:1"
    _printed(target, sheet)


def _typed(target: "Worksheet", number: int, row: PlanRow) -> None:
    """Days and times as real dates and times, so that they sort and filter."""
    if row.day:
        cell = _cell(target, number, 1)
        cell.value, cell.number_format = row.day, "yyyy-mm-dd"
    if row.clock:
        cell = _cell(target, number, 3)
        cell.value, cell.number_format = time(row.clock.hour, row.clock.minute), "hh:mm"


def _cell(target: "Worksheet", row: int, column: int) -> "Cell":
    from openpyxl.cell.cell import Cell

    cell = target.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def _write(cell: "Cell", text: str) -> None:
    """A text as text: never a formula or an error value, not even after somebody edits the cell."""
    cell.value = text if len(text) <= _LONGEST else text[: _LONGEST - len(_CUT)] + _CUT
    if text:
        cell.data_type = "s"
    if formula_like(text):
        cell.quotePrefix = True


def _lines(target: "Worksheet", heading: str, lines: tuple[str, ...]) -> None:
    from openpyxl.styles import Alignment, Font

    row = target.max_row + 2 if target["A1"].value else 1
    title = _cell(target, row, 1)
    title.value = heading
    title.font = Font(bold=True)
    for number, line in enumerate(lines, start=row + 1):
        cell = _cell(target, number, 1)
        _write(cell, line)
        cell.alignment = Alignment(vertical="top", wrap_text=True)


def _printed(target: "Worksheet", sheet: PlanSheet) -> None:
    """Landscape A4, one page wide, with the title above and the page below."""
    from openpyxl.worksheet.header_footer import HeaderFooterItem
    from openpyxl.worksheet.properties import PageSetupProperties

    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = 9
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    title = f"{writable(sheet.title)[:60]} {week_name(sheet.week)}".replace("\n", " ").replace("&", "&&")
    for place, text in ((target.oddHeader, title), (target.oddFooter, "&P / &N")):
        assert isinstance(place, HeaderFooterItem)
        place.center.text = text
