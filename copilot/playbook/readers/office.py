"""Word, PowerPoint and Excel files: headings, lists and tables as Markdown; pictures are left out."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING, cast

from copilot.errors import PlaybookError
from copilot.playbook.readers.extract import Aside, Extract, tables

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet
    from openpyxl.worksheet.worksheet import Worksheet

    AnyCell = Cell | MergedCell | ReadOnlyCell | EmptyCell

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAX_MEMBERS = 20_000
_MAX_UNPACKED = 400_000_000
_RATIO = 200
"""XML shrinks some twenty times; a big part that grows more than this is a trap."""
_SMALL = 5_000_000
_STYLES = "\n".join(
    f"p[style-name='{name}'] => h{level}:fresh"
    for name, level in [("Title", 1), ("标题", 1), *((f"标题 {level}", level) for level in range(1, 7))]
)
_AS_TEXT = {
    "strip": ["img", "b", "strong", "em", "i", "u"],
    "escape_asterisks": False,
    "escape_underscores": False,
    "table_infer_header": True,
}
_LINK_INSIDE = re.compile(r"\[(?P<text>[^\[\]]*)\]\(#[^()\s]*\)")
_PICTURE = re.compile(r"^!\[[^\]]*\]\([^)]*\)[ \t]*$", re.MULTILINE)
_LISTED = 20
_BESIDE = re.compile(r"word/(?P<part>header|footer|comments)\d*\.xml")
_WORDS = re.compile(r"<w:t(?: [^<>]*)?>([^<]*)</w:t>")
_MERGED = re.compile(r'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"')
_TALLEST = 2000  # rows of one merged cell
# A sign of a number's format that is only shown: 0"%" makes no hundredths of 35.
_QUOTED = re.compile(r'"[^"]*"|\\.')


def read_docx(data: bytes) -> Extract:
    """A Word file; its heads, feet and comments are asides, tracked deletions are not in it."""
    from markitdown import StreamInfo
    from markitdown.converters import DocxConverter

    _check_package(data)
    beside = _beside(data)
    text = DocxConverter().convert(BytesIO(data), StreamInfo(extension=".docx"), style_map=_STYLES, **_AS_TEXT).markdown
    text = _LINK_INSIDE.sub(r"\g<text>", text).replace("\r", "\n")
    asides = tuple(Aside(at=len(text), text=told, kind=kind) for told, kind in beside.items())
    return Extract(text=text, asides=asides)


def _beside(data: bytes) -> dict[str, str]:
    """The heads and feet of a Word file's pages and the comments on it, with their kinds."""
    found: dict[str, str] = {}
    with zipfile.ZipFile(BytesIO(data)) as package:
        for name in package.namelist():
            if part := _BESIDE.fullmatch(name):
                xml = package.read(name).decode("utf-8", "replace")
                for paragraph in xml.split("</w:p>"):
                    words = unescape("".join(_WORDS.findall(paragraph))).strip()
                    if any(sign.isalpha() for sign in words):
                        found.setdefault(words, "comment" if part["part"] == "comments" else "running")
    return found


def read_pptx(data: bytes) -> Extract:
    """A PowerPoint file: each slide after a comment with its number, its notes under a heading."""
    from markitdown import StreamInfo
    from markitdown.converters import PptxConverter

    _check_package(data)
    text = PptxConverter().convert(BytesIO(data), StreamInfo(extension=".pptx")).markdown
    return Extract(text=_PICTURE.sub("", text))


def read_xlsx(data: bytes) -> Extract:
    """An Excel file: a heading and tables for each sheet. Of a formula the value last computed is read, and told of."""
    from openpyxl import load_workbook
    from openpyxl.cell.read_only import EmptyCell

    _check_package(data)
    values = load_workbook(BytesIO(data), read_only=True, data_only=True)
    formulas = load_workbook(BytesIO(data), read_only=True)
    blocks, computed, empty = [], 0, []
    for sheet, behind in zip(values.worksheets, formulas.worksheets, strict=True):
        rows: list[list[str]] = []
        down = _merged_down(data, sheet.title)
        for at, (row, written) in enumerate(zip(_rows(sheet), _rows(behind), strict=True), start=1):
            shown = [_shown(cell) for cell in row]
            for column in down.get(at, ()):
                if rows and column < min(len(shown), len(rows[-1])):
                    shown[column] = shown[column] or rows[-1][column]
            rows.append(shown)
            for cell, source in zip(row, written, strict=True):
                if source.data_type == "f" and not isinstance(source, EmptyCell):
                    computed += cell.value is not None
                    if cell.value is None:
                        empty.append(f"{sheet.title}!{source.coordinate}")
        if body := tables(rows):
            blocks.append(f"## {sheet.title}\n\n{body}")
    return Extract(text="\n\n".join(blocks), notes=tuple(_notes(values, computed, empty)))


def _merged_down(data: bytes, title: str) -> dict[int, list[int]]:
    """By row (from 1) the columns (from 0) of cells that are merged with the one above: each row is read by itself."""
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.utils import column_index_from_string

    reader = ExcelReader(BytesIO(data))
    reader.read_manifest()
    reader.read_workbook()
    part = next(rel.target for sheet, rel in reader.parser.find_sheets() if sheet.name == title)
    down: dict[int, list[int]] = {}
    for letters, top, bottom in _MERGED.findall(reader.archive.read(part).decode("utf-8", "replace")):
        for row in range(int(top) + 1, min(int(bottom), int(top) + _TALLEST) + 1):
            down.setdefault(row, []).append(column_index_from_string(letters) - 1)
    return down


def _rows(sheet: "ReadOnlyWorksheet") -> Iterator[tuple["AnyCell", ...]]:
    """The rows that are there: what the file says of its size is not believed."""
    sheet.reset_dimensions()
    return cast("Worksheet", sheet).iter_rows()


def _shown(cell: "AnyCell") -> str:
    """A cell as the sheet shows it, near enough: 35%, 12, TRUE, 2026-03-01 09:30."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date | time):
        return str(value)
    if isinstance(value, int | float) and "%" in _QUOTED.sub("", cell.number_format or ""):
        return f"{value * 100:.12g}%"
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def _notes(book: "Workbook", computed: int, empty: list[str]) -> Iterator[str]:
    if computed:
        yield f"{computed} 个公式单元格按上次算出的值读入"
    if empty:
        more = f" 等 {len(empty)} 个" if len(empty) > _LISTED else ""
        yield f"公式单元格没有算出的值，是空的：{'、'.join(empty[:_LISTED])}{more}（在表格软件里打开并保存一次，再放进来）"
    if hidden := [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]:
        yield f"隐藏的工作表也读了：{'、'.join(hidden)}"


def _check_package(data: bytes) -> None:
    """Refuse what is no Office package, has a password, or would unpack to more than it can honestly hold."""
    if data.startswith(_OLE):
        raise PlaybookError("文件有密码，或者是旧版格式改了后缀", hint="去掉密码，另存为 docx、pptx 或 xlsx")
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            members = package.infolist()
            is_office = "[Content_Types].xml" in package.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise PlaybookError("文件是坏的，或者不是 Office 文件", hint="重新导出或另存一份") from error
    swollen = [one for one in members if one.file_size > max(_SMALL, _RATIO * one.compress_size)]
    if swollen or len(members) > _MAX_MEMBERS or sum(one.file_size for one in members) > _MAX_UNPACKED:
        raise PlaybookError("文件解开后大得不正常，没有打开", hint="这像是恶意文件；若是自己的，另存一份或拆成几份")
    if not is_office:
        raise PlaybookError("是改了后缀的压缩包，不是 Office 文件", hint="解开它，把里面的文件放进来")
