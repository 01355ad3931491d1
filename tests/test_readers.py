"""From files of each format to text; every file is made here, of invented words."""

import io
import socket
import subprocess
import sys
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import EncodingError, PlaybookError
from copilot.playbook.readers import apart, pages
from copilot.playbook.readers.apart import read_apart
from copilot.playbook.readers.extract import tables
from copilot.playbook.readers.frame import without_frame
from copilot.playbook.readers.leftovers import leftovers
from copilot.playbook.readers.plain import decode, read_csv, read_text

TEXT = "群规要短，新人一眼看完。\n违反三次请出群。\n"
SENTENCE = "新人进群的头半小时，值班的管理员先打招呼，说清群里能做什么、不能做什么，再把常用的链接一次给齐。"


def saved(document: Any) -> bytes:
    """The bytes of a python-docx, python-pptx or openpyxl document."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def packed(name: str, text: str) -> bytes:
    """A ZIP file with one text in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr(name, text)
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("text", [TEXT * 5, "联系客服退款"])
def test_text_is_read_in_the_encodings_operators_use(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_few_broken_bytes_do_not_spoil_a_text() -> None:
    assert decode(f"{TEXT}{TEXT}".encode()[:-3]) == f"{TEXT}{TEXT}"[:-2] + "\ufffd"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("押金".encode(), "七天内退。".encode()),
        (b"Lockers are 30 yuan a month, bring your own lock; ", b" closed on Mondays.\n"),
        (TEXT.encode("gb18030"), TEXT.encode("gb18030")),
    ],
)
def test_one_bad_byte_costs_itself_only(before: bytes, after: bytes) -> None:
    text = decode(before + b"\xff" + after)
    assert text.count("\ufffd") == 1
    assert {*decode(before), *decode(after)} <= {*text}


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 50, b"PK\x03\x04\x00\x00\x08\x00" * 20])
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(EncodingError):
        decode(data)


def test_a_csv_becomes_a_table_and_its_formulas_stay_text() -> None:
    extract = read_csv('项目;备注\n退款;"=HYPERLINK(""x"")"\n换货;-1+2\n'.encode("gb18030"))
    assert extract.text == '| 项目 | 备注 |\n| --- | --- |\n| 退款 | =HYPERLINK("x") |\n| 换货 | -1+2 |'


def test_commas_in_a_sentence_part_no_columns() -> None:
    assert read_csv("问题\t答案\n退款\t道歉,登记,退,回访\n".encode()).text == (
        "| 问题 | 答案 |\n| --- | --- |\n| 退款 | 道歉,登记,退,回访 |"
    )


def test_a_csv_cell_beyond_all_measure_is_refused() -> None:
    with pytest.raises(PlaybookError, match="引号"):
        read_csv(b'a,b\n"' + b"x" * 1_200_000)


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), max_size=4), max_size=6))
def test_a_table_keeps_every_sign_of_its_cells(rows: list[list[str]]) -> None:
    written = tables(rows).replace("\\|", "|")
    assert all(part in written for row in rows for cell in row for part in cell.split())


def test_a_title_above_a_table_is_a_line_and_a_blank_row_parts_two_tables() -> None:
    assert tables([["三月排班", "", ""], ["姓名", "", "班次"], ["小林", "", "早"], [], ["备注"]]) == (
        "三月排班\n\n| 姓名 | 班次 |\n| --- | --- |\n| 小林 | 早 |\n\n备注"
    )


def test_a_word_file_keeps_headings_lists_tables_and_plain_signs() -> None:
    from docx import Document

    document = Document()
    document.add_heading("门店群手册", 0)
    document.add_heading("进群", 1)
    document.add_paragraph("先").add_run("道歉").bold = True
    document.add_paragraph("打开 a_b_c 表", style="List Number")
    table = document.add_table(2, 2)
    for cell, words in zip([*table.rows[0].cells, *table.rows[1].cells], ["岗位", "人数", "客服", "2"], strict=True):
        cell.text = words
    assert read_apart(saved(document), ".docx").text == (
        "# 门店群手册\n\n# 进群\n\n先道歉\n\n1. 打开 a_b_c 表\n\n| 岗位 | 人数 |\n| --- | --- |\n| 客服 | 2 |"
    )


def test_heads_feet_and_comments_of_a_word_file_are_told_and_not_in_its_text() -> None:
    import docx

    document = docx.Document()
    paragraph = document.add_paragraph(SENTENCE)
    document.add_comment(paragraph.runs, "这句改短 & 定稿", author="店长")
    document.sections[0].header.paragraphs[0].text = "花田手册 内部资料"
    extract = read_apart(saved(document), ".docx")
    assert extract.text == SENTENCE
    assert {(one.text, one.kind) for one in extract.asides} == {
        ("花田手册 内部资料", "running"),
        ("这句改短 & 定稿", "comment"),
    }


def test_a_cell_that_is_merged_downwards_stands_in_each_of_its_rows() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["三月排班", None], ["区域", "谁"], ["一楼", "小陶"], [None, "大瓷"], [None, "阿窑"], [None, "老周"]]:
        sheet.append(row)
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("A3:A5")
    text = read_apart(saved(book), ".xlsx").text
    assert text.startswith("## Sheet\n\n三月排班\n\n| 区域 | 谁 |")
    assert text.endswith("| 一楼 | 小陶 |\n| 一楼 | 大瓷 |\n| 一楼 | 阿窑 |\n|  | 老周 |")


def test_slides_keep_their_number_title_and_notes() -> None:
    from pptx import Presentation

    slides = Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[1])
    slide.shapes.title.text = "活动复盘"
    slide.placeholders[1].text = "到场 30 人"
    slide.notes_slide.notes_text_frame.text = "只算付款"
    text = read_apart(saved(slides), ".pptx").text
    assert "<!-- Slide number: 1 -->\n# 活动复盘\n到场 30 人" in text
    assert text.endswith("只算付款")


def test_a_sheet_shows_values_and_tells_of_formulas_and_hidden_sheets() -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "排班"
    for row in (
        ["姓名", "日期", "占比", "合计"],
        ["小林", date(2031, 3, 1), 0.35, "=1+1"],
        ["小周", None, 12.0, "甲|乙"],
    ):
        sheet.append(row)
    sheet["C2"].number_format = "0%"
    book.create_sheet("底稿").sheet_state = "hidden"
    extract = read_apart(with_value(saved(book), "1+1", "2"), ".xlsx")
    assert extract.text.startswith("## 排班\n\n| 姓名 | 日期 | 占比 | 合计 |\n")
    assert "| 小林 | 2031-03-01 | 35% | 2 |\n| 小周 |  | 12 | 甲\\|乙 |" in extract.text
    assert extract.notes == ("1 个公式单元格按上次算出的值读入", "隐藏的工作表也读了：底稿")


def test_a_cell_is_written_as_the_sheet_shows_it() -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["到场", "折扣", "付款", "流水"])
    book.active.append([1, 35.0, True, 1234567890123.5])
    book.active["A2"].number_format, book.active["B2"].number_format = "0%", '0"%"'
    assert "| 100% | 35 | TRUE | 1234567890123.5 |" in read_apart(saved(book), ".xlsx").text


def with_value(book: bytes, formula: str, value: str) -> bytes:
    """The workbook as if a spreadsheet program had computed the formula."""
    source, target = zipfile.ZipFile(io.BytesIO(book)), io.BytesIO()
    with source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            data = source.read(name)
            for empty in (b"<v></v>", b"<v />", b"<v/>"):
                data = data.replace(f"<f>{formula}</f>".encode() + empty, f"<f>{formula}</f><v>{value}</v>".encode())
            made.writestr(name, data)
    return target.getvalue()


def test_a_formula_without_a_value_is_named() -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["合计", "=SUM(B2:B9)"])
    assert "Sheet!B1" in read_apart(saved(book), ".xlsx").notes[0]


PAGE = f"""<html><head><meta charset="%s"><title>怎样管好一个读书群</title></head><body>
<nav><a href="/">首页</a> <a href="/x">栏目</a></nav><div class="login-dialog">请登录后查看更多</div>
<article><h1>怎样管好一个读书群</h1><p>{SENTENCE}</p><h2>先立规矩</h2><p>规矩要<b>短</b>，{SENTENCE}</p>
<ul><li>不发广告，发一次提醒一次</li></ul></article>
<footer>版权所有 花田网</footer><script>var a = 1;</script></body></html>"""


def test_a_table_in_html_is_a_table_in_markdown_too() -> None:
    table = "<table><tr><th>泥</th><th>价格</th></tr><tr><td>白瓷<br>泥</td><td>12 元</td></tr></table>"
    text = f"先看价格：{table}再下单。\n\n```\n{table}\n```\n"
    assert read_text(text.encode()).text == (
        f"先看价格：\n\n| 泥 | 价格 |\n| --- | --- |\n| 白瓷 泥 | 12 元 |\n\n再下单。\n\n```\n{table}\n```\n"
    )


@pytest.mark.parametrize(("named", "encoding"), [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("utf-8", "gb18030")])
def test_a_web_page_gives_its_article_with_headings_and_without_its_frame(named: str, encoding: str) -> None:
    extract = read_apart((PAGE % named).encode(encoding), ".html")
    assert extract.title == "怎样管好一个读书群"
    assert extract.text.startswith("# 怎样管好一个读书群\n\n新人进群")
    assert "## 先立规矩\n\n规矩要短，" in extract.text
    assert "不发广告" in extract.text
    assert not [junk for junk in ("登录", "栏目", "版权", "var a") if junk in extract.text]
    assert [(one.at > 0, one.text) for one in extract.asides] == [
        (False, "首页 栏目\n请登录后查看更多"),
        (True, "版权所有 花田网"),
    ]


@pytest.mark.parametrize(
    ("box", "is_kept"),
    [
        ('<div class="ad">全场五折</div>', False),
        ('<section id="topAdvert_2">全场五折</section>', False),
        ('<div class="adult-class">全场五折</div>', True),
        ('<div class="menu"><a href="/a">全场五折</a></div>', False),
        ('<div class="menu">全场五折，<a href="/a">菜单</a>见柜台</div>', True),
        (f'<div class="ad"><h1>全场五折</h1></div><p>{SENTENCE}</p>', True),
        (f'<div class="comments">{SENTENCE * 3}全场五折</div>', True),
    ],
)
def test_a_box_is_frame_by_the_words_of_its_class_unless_it_holds_the_text(box: str, is_kept: bool) -> None:
    unframed = without_frame(f"<html><body><p>{SENTENCE}</p>{box}</body></html>")
    assert ("全场五折" in unframed) == is_kept
    assert SENTENCE in unframed


def test_what_an_article_lacks_of_its_page_is_told_line_by_line() -> None:
    article = f"# 接待\n\n{SENTENCE}\n\n## 退款\n\n凭订单号退，三天到账。"
    whole = f"首页\n接待\n{SENTENCE}边上还有一句没有收进来的话。\n相关推荐\n{SENTENCE[:-1]}，这是另一篇。\n退款\n凭订单号退，三天到账。\n顶部"
    told = leftovers(article, whole, "frame")
    at = article.index("\n\n## 退款")
    assert [(one.at, one.text) for one in told] == [
        (0, "首页"),
        (at, "边上还有一句没有收进来的话。\n相关推荐"),
        (at, f"{SENTENCE[:-1]}，这是另一篇。"),
        (len(article), "顶部"),
    ]


@given(st.lists(st.text("甲乙丙，。|# \n", max_size=12), max_size=8), st.text("甲乙丙，。\n", max_size=60))
def test_no_letter_of_a_page_is_lost_without_a_word(lines: list[str], article: str) -> None:
    whole = "\n".join(lines)
    told = leftovers(article, whole, "frame")
    known = set(article) | set("".join(one.text for one in told))
    assert {letter for letter in whole if letter.isalpha()} <= known
    assert [one.at for one in told] == sorted(one.at for one in told)
    assert all(one.at in (0, len(article)) or article.startswith("\n\n", one.at) for one in told)


@pytest.mark.parametrize("named", ["gb2312", "utf-16", "undefined"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_page_in_utf8_is_read_as_that_whatever_it_names(named: str, mark: bytes) -> None:
    page = mark + f'<meta charset="{named}"><p>先道歉再处理啊</p>'.encode()
    page += b" " * (len(page) % 2)  # or it could not be taken for another encoding
    assert "先道歉再处理啊" in pages._decoded(page.replace("啊".encode(), "啊啊".encode()))


def test_a_page_whose_article_can_not_be_told_goes_in_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_article", lambda html, recall: "首页")
    extract = pages.read_page((PAGE % "utf-8").encode())
    assert SENTENCE in extract.text
    assert "栏目" in extract.text
    assert [one.text for one in extract.asides] == ["请登录后查看更多"]
    assert extract.notes == ("这个网页分不出正文，除了菜单和广告，整页都放了进来",)


def test_a_page_that_loses_its_article_is_read_more_generously(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        pages, "_article", lambda html, recall: f"{SENTENCE}\n规矩要短，{SENTENCE}" if recall else "首页"
    )
    assert pages.read_page((PAGE % "utf-8").encode()).text.endswith(f"规矩要短，{SENTENCE}")


def test_nothing_is_fetched_for_a_page() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        there = f"http://127.0.0.1:{server.getsockname()[1]}"
        page = f'<html><head><link rel="stylesheet" href="{there}/s"></head><body><iframe src="{there}/f"></iframe>'
        page += f'<img src="{there}/i"><p>{SENTENCE}</p></body></html>'
        assert SENTENCE in read_apart(page.encode(), ".html").text
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    ("data", "suffix", "reason"),
    [
        (b"plain words", ".docx", "坏的"),
        (packed("群规.txt", "群规要短"), ".docx", "压缩包"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xlsx", "有密码"),
    ],
)
def test_a_file_that_can_not_be_read_says_why(data: bytes, suffix: str, reason: str) -> None:
    with pytest.raises(PlaybookError, match=reason) as caught:
        read_apart(data, suffix)
    assert caught.value.hint


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx"])
def test_a_package_that_would_swell_is_not_opened(suffix: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * 20_000_000)
    with pytest.raises(PlaybookError, match="大得不正常"):
        read_apart(buffer.getvalue(), suffix)


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx"])
def test_a_file_that_kills_its_reader_costs_itself_only(suffix: str) -> None:
    with pytest.raises(PlaybookError, match="坏的"):
        read_apart(packed("[Content_Types].xml", "<a/>"), suffix)
    assert SENTENCE in read_apart((PAGE % "utf-8").encode(), ".html").text


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    apart._reader().stop()
    with pytest.raises(PlaybookError, match="没有读完"):
        read_apart((PAGE % "utf-8").encode(), ".html", seconds=0.05)
    assert SENTENCE in read_apart((PAGE % "utf-8").encode(), ".html").text


def test_a_file_that_takes_too_much_memory_is_not_called_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart._Reader, "ask", lambda *_: {"crashed": "MemoryError: "})
    with pytest.raises(PlaybookError, match="内存"):
        read_apart(b"", ".pdf")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no limit to a process's memory")
def test_a_file_that_swells_ends_its_reader_and_not_the_machine() -> None:
    code = "from copilot.playbook.readers import worker; worker._limit_memory(); bytearray(3 << 30)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert "MemoryError" in done.stderr


def test_heavy_readers_are_loaded_in_the_process_apart_only() -> None:
    heavy = ("markitdown", "trafilatura", "pdfplumber", "openpyxl", "pandas")
    code = (
        "import sys; from copilot.playbook.readers.apart import read_apart;"
        f"read_apart({(PAGE % 'utf-8').encode()!r}, '.html');"
        f"print(sorted(set({heavy!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
