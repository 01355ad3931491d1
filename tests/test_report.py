"""A digest's page as Markdown, Word and a picture. All names and words are invented."""

import struct
import subprocess
import sys
from io import BytesIO

import pytest
from docx import Document

from copilot.exports import Report, ReportEntry, ReportSection, report_markdown, to_card, to_docx

REPORT = Report(
    title="青榕里读书群 · 群日报",
    subtitle="2026-11-21 周六",
    lead="周日共读改到 15:00，地点不变。",
    figures=(("消息", "86"), ("参与", "23 人")),
    sections=(
        ReportSection(
            title="定下来的事",
            lead="以最后一次说的为准",
            entries=(
                ReportEntry(text="共读改到 15:00 😀", note="原定 14:00", receipts=("14:03 小满", "20:00 小满")),
                ReportEntry(text="# 不是标题 *不加粗* [不是链接](https://a.example) $x$ #let y = 1"),
            ),
        ),
    ),
    footer="根据群内 86 条消息整理",
)


def size(picture: bytes) -> tuple[int, int]:
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def test_markdown_has_every_claim_with_its_receipts_and_takes_nothing_for_markup() -> None:
    text = report_markdown(REPORT)
    assert "- 共读改到 15:00 😀（原定 14:00）【14:03 小满】【20:00 小满】\n" in text
    assert "- \\# 不是标题 \\*不加粗\\* \\[不是链接\\](https://a.example) \\$x\\$ \\#let y = 1\n" in text
    assert [line for line in text.splitlines() if line.startswith("#")] == [f"# {REPORT.title}", "## 定下来的事"]


def test_a_word_document_opens_with_its_headings_list_and_figures() -> None:
    document = Document(BytesIO(to_docx(REPORT)))
    words = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]
    assert words[0] == ("Title", REPORT.title)
    assert ("Heading 1", "定下来的事") in words
    assert ("List Bullet", "共读改到 15:00 😀（原定 14:00）【14:03 小满】【20:00 小满】") in words
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["86", "23 人"]
    assert document.core_properties.author == ""


def test_what_no_file_can_hold_is_left_out_of_a_document() -> None:
    report = Report(
        title="群日报\x00", sections=(ReportSection(title="一", entries=(ReportEntry(text="a\x0bb\ud800"),)),)
    )
    assert Document(BytesIO(to_docx(report))).paragraphs[-1].text == "ab"
    assert size(to_card(report))[0] == 1080


def test_a_card_is_as_wide_as_a_phone_shows_and_as_high_as_its_lines() -> None:
    short = size(to_card(Report(title="群日报")))
    long = size(to_card(REPORT))
    assert short[0] == long[0] == 1080
    assert short[1] < long[1]


def test_a_card_says_how_much_it_leaves_out() -> None:
    entries = tuple(ReportEntry(text=f"第 {number} 条") for number in range(200))
    of_200 = size(to_card(Report(title="群日报", sections=(ReportSection(title="一", entries=entries),))))
    of_60 = size(
        to_card(Report(title="群日报", sections=(ReportSection(title="一", entries=entries[:60]),), footer="有"))
    )
    assert of_200 == of_60  # sixty entries and one line that counts the rest


@pytest.mark.parametrize(
    "words", ["#panic()", "$ ] } #import", '#read("/etc/passwd")', "\\u{41}", "*", "_" * 400, "@x <y>"]
)
def test_words_on_a_card_are_never_read_as_markup(words: str) -> None:
    report = Report(title=words, sections=(ReportSection(title=words, entries=(ReportEntry(text=words),)),))
    assert size(to_card(report))[0] == 1080


def test_the_same_report_gives_the_same_picture() -> None:
    assert to_card(REPORT) == to_card(REPORT)


def test_nothing_heavy_is_loaded_before_a_file_is_made() -> None:
    code = "import sys, copilot.exports; print({'docx', 'typst', 'openpyxl', 'icalendar'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
