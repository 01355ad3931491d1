"""PDF files by pdfplumber, page by page: the lines, ruled tables as tables, and what can not be read and why.

pdfplumber is what markitdown reads them with, too; by pages, one without text can be named, and reading can stop in
time and say where it did.
"""

import re
import statistics
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from time import monotonic
from typing import TYPE_CHECKING, Any

from copilot.errors import PlaybookError
from copilot.lore import load_yaml
from copilot.playbook.readers.extract import Aside, Extract, tables
from copilot.playbook.readers.layout import Line, as_markdown, find_gutter, heads_and_feet, words

if TYPE_CHECKING:
    from pdfplumber.page import Page

_MAX_PAGES = 2000
_SCAN_TEXT = 20
_SCAN_AREA = 0.4
_SLANT = 0.2  # of a right angle and more
_UNMAPPED = re.compile(r"\(cid:\d+\)")


def read_pdf(data: bytes, seconds: float) -> Extract:
    """The text of a PDF. After `seconds` reading stops between two pages, which the notes tell.

    Raises `PlaybookError` for one with a password, a scan, or a font without an encoding.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    if b"%PDF-" not in data[:1024]:
        raise PlaybookError("不是 PDF 文件", hint="重新下载或导出一份")
    deadline = monotonic() + seconds
    try:
        document = pdfplumber.open(BytesIO(data))
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect):
            raise PlaybookError("PDF 有密码，打不开", hint="去掉密码，另存一份") from error
        raise PlaybookError("PDF 是坏的，打不开", hint="重新下载或导出一份") from error
    lines: list[Line] = []
    scans: list[int] = []
    watermarks: list[str] = []
    with document:
        total = len(document.pages)
        read = 0
        for number, page in enumerate(document.pages, start=1):
            if number > _MAX_PAGES or monotonic() > deadline:
                break
            if slanted := _put_right("".join(sign["text"] for sign in page.chars if _is_slanted(sign))).strip():
                watermarks.append(slanted)
            found = _lines(page, number)
            if _is_scan(page, found):
                scans.append(number)
            lines.extend(found)
            page.close()
            read = number
    return _extract(lines, scans, read, total, watermarks)


def _extract(lines: list[Line], scans: list[int], read: int, total: int, watermarks: Sequence[str] = ()) -> Extract:
    written = "".join(line.text + line.table for line in lines if line.page not in scans)
    if scans and not written:
        raise PlaybookError("是扫描件，没有文字层", hint="扫描件，先做文字识别（OCR），再放进来")
    if len("".join(_UNMAPPED.findall(written))) > len(written) / 5:
        raise PlaybookError("PDF 的字体没有文字编码，读出来是乱码", hint="先做文字识别（OCR），或用原来的文档")
    running = heads_and_feet(lines, read)
    text = as_markdown([line for line in lines if line not in running])
    once: dict[str, str] = {}
    for line in sorted(running, key=lambda line: (line.page, line.top)):
        once.setdefault(words(line), line.text)
    left_out = [("running", told) for told in once.values()]
    left_out += [("watermark", told) for told in dict.fromkeys(watermarks)]
    asides = tuple(Aside(at=len(text), text=told, kind=kind) for kind, told in left_out)
    notes = []
    if read < total:
        notes.append(f"只读到第 {read} 页，后面还有 {total - read} 页没有读：文件太大，拆成几份再放进来")
    if scans:
        notes.append(f"第 {'、'.join(map(str, scans))} 页是扫描的图，没有文字：先做文字识别（OCR）")
    return Extract(text=text, notes=tuple(notes), asides=asides)


def _lines(page: "Page", number: int) -> list[Line]:
    """The page's lines from top to bottom, with each ruled table as one."""
    found = []
    rest: Any = page.filter(lambda sign: sign["object_type"] != "char" or not _is_slanted(sign))
    for table in rest.find_tables():
        rows = [[cell or "" for cell in row] for row in table.extract()]
        if len(rows) < 2 or max(map(len, rows)) < 2:
            continue  # a frame around text
        left, top, right, bottom = table.bbox
        rest = rest.outside_bbox(table.bbox)
        found.append(Line(number, "", left, right, top, bottom, 0, table=_put_right(tables(rows))))
    written = rest.extract_text_lines(return_chars=True)
    gutter = find_gutter(written, float(page.width))
    if gutter is None:
        found.extend(_line(line, number, 0) for line in written)
        return sorted((line for line in found if line.text or line.table), key=lambda line: line.top)
    for column in (0, 1, 2):
        part = rest.filter(lambda sign, column=column: sign["object_type"] == "char" and gutter.column(sign) == column)
        found.extend(_line(line, number, column) for line in part.extract_text_lines(return_chars=True))
    return sorted((line for line in found if line.text or line.table), key=gutter.order)


def _is_slanted(sign: Mapping[str, Any]) -> bool:
    """Whether a sign runs across the page at an angle: that of a watermark, which would get between the words."""
    along, across = abs(sign["matrix"][0]), abs(sign["matrix"][1])
    return bool(min(along, across) > _SLANT * max(along, across))


def _line(line: Mapping[str, Any], number: int, column: int) -> Line:
    size = round(statistics.median(sign["size"] for sign in line["chars"]) * 2) / 2
    text = _put_right(line["text"]).strip()
    return Line(number, text, line["x0"], line["x1"], line["top"], line["bottom"], size, column)


def _put_right(text: str) -> str:
    return text.translate(_signs()).replace("\0", "")


@cache
def _signs() -> dict[int, str]:
    """The signs that glyphs of many Chinese fonts come out as, a radical ⽤ for 用, and those that they stand for."""
    compatible = (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00), *range(0xFB00, 0xFB07))
    plain = {sign: unicodedata.normalize("NFKC", chr(sign)) for sign in compatible}
    return plain | {ord(sign): told for sign, told in load_yaml("radicals.yaml").items()}


def _is_scan(page: "Page", lines: Sequence[Line]) -> bool:
    """Whether a picture covers the page and hardly a word stands on it (a scanner's own mark may)."""
    area = float(page.width * page.height) or 1.0
    pictured = max((float(one["width"] * one["height"]) for one in page.images), default=0.0)
    return pictured > _SCAN_AREA * area and sum(len(line.text) + len(line.table) for line in lines) < _SCAN_TEXT
