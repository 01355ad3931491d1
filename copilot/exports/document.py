"""A report as a Word document."""

from io import BytesIO
from typing import TYPE_CHECKING

from copilot.exports.report import Report, ReportEntry
from copilot.exports.sheet import writable

if TYPE_CHECKING:
    from docx.document import Document

FONT = "Microsoft YaHei"
GREY = "6B7280"


def to_docx(report: Report) -> bytes:
    """The report as the bytes of a .docx file, with real headings, lists and a table of the figures."""
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = Document()
    document.core_properties.title = writable(report.title)
    document.core_properties.author = ""
    for style in ("Normal", "Title", "Heading 1", "List Bullet"):
        font = document.styles[style].font
        font.name = FONT
        document.styles[style].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    document.styles["Normal"].font.size = Pt(10.5)
    document.add_heading(writable(report.title), level=0)
    if report.subtitle:
        _grey(document, report.subtitle)
    if report.lead:
        document.add_paragraph().add_run(writable(report.lead)).bold = True
    if report.figures:
        table = document.add_table(rows=2, cols=len(report.figures), style="Table Grid")
        for column, (label, value) in enumerate(report.figures):
            table.cell(0, column).text = writable(label)
            table.cell(1, column).text = writable(value)
    for section in report.sections:
        document.add_heading(writable(section.title), level=1)
        if section.lead:
            document.add_paragraph(writable(section.lead))
        for entry in section.entries:
            _add(document, entry)
    if report.footer:
        _grey(document, report.footer)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _add(document: "Document", entry: ReportEntry) -> None:
    from docx.shared import RGBColor

    paragraph = document.add_paragraph(style="List Bullet")
    paragraph.add_run(writable(entry.text))
    beside = (f"（{entry.note}）" if entry.note else "") + "".join(f"【{receipt}】" for receipt in entry.receipts)
    if beside:
        paragraph.add_run(writable(beside)).font.color.rgb = RGBColor.from_string(GREY)


def _grey(document: "Document", text: str) -> None:
    from docx.shared import RGBColor

    document.add_paragraph().add_run(writable(text)).font.color.rgb = RGBColor.from_string(GREY)
