"""From a PDF to text; every file is set or written here, of invented words."""

import pytest

from copilot.errors import PlaybookError
from copilot.exports.card import _fonts
from copilot.playbook.readers import pdf
from copilot.playbook.readers.apart import read_apart

SENTENCE = "新人进群的头半小时，值班的管理员先打招呼，说清群里能做什么、不能做什么，再把常用的链接一次给齐。"

OTHER = "退款当天就办：客服先核对订单号，再请店长点头，钱原路退回，三天之内到账，超过三天就打电话问银行。"


def typeset(source: str) -> bytes:
    """A PDF with real Chinese type, as an office would print it."""
    import typst

    head = '#set page(width: 12cm, height: 16cm)\n#set text(font: "Noto Sans CJK SC", size: 11pt)\n'
    made = typst.compile((head + source).encode(), font_paths=[str(_fonts())], ignore_system_fonts=True, format="pdf")
    assert isinstance(made, bytes)
    return made


def raw_pdf(
    contents: bytes = b"", *, resources: bytes = b"", objects: tuple[bytes, ...] = (), trailer: bytes = b""
) -> bytes:
    """A PDF of one page written by hand; `objects` are numbered from 5 on."""
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << " + resources + b" >> >>",
        b"<< /Length %d >>\nstream\n" % len(contents) + contents + b"\nendstream",
        *objects,
    )
    data, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + part + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start, size = len(data), len(parts) + 1
    return (
        data
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (size, trailer, start)
    )


SCAN = raw_pdf(
    b"q 200 0 0 200 0 0 cm /P Do Q",
    resources=b"/XObject << /P 5 0 R >>",
    objects=(
        (
            b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
            b"\nstream\n\x80\nendstream"
        ),
    ),
)


LOCKED = raw_pdf(
    objects=(b"<< /Filter /Standard /V 1 /R 2 /P -44 /O <" + b"5a" * 32 + b"> /U <" + b"a5" * 32 + b"> >>",),
    trailer=b"/Encrypt 5 0 R /ID [<00> <00>]",
)


def test_a_pdf_gives_paragraphs_headings_and_tables_without_heads_and_feet() -> None:
    page = f"{SENTENCE}{SENTENCE}\n\n"
    source = (
        "#set page(header: [花田手册], footer: context [第 #counter(page).display() 页])\n"
        f"= 花田手册全本\n{page}== 进群\n{page}- 先改备注\n- 再看公告\n\n"
        "#table(columns: 3, [岗位],[人数],[班次], [客服],[2],[早晚])\n"
        f"#pagebreak()\n{page}#pagebreak()\n问：怎么退款？\n\n答：凭订单号。\n"
    )
    extract = read_apart(typeset(source), ".pdf")
    assert extract.text.startswith(f"# 花田手册全本\n\n{SENTENCE}{SENTENCE}\n\n## 进群\n\n{SENTENCE}")
    assert "• 先改备注\n• 再看公告" in extract.text
    assert "| 岗位 | 人数 | 班次 |\n| --- | --- | --- |\n| 客服 | 2 | 早晚 |" in extract.text
    assert "问：怎么退款？\n\n答：凭订单号。" in extract.text
    assert [(one.text, one.kind) for one in extract.asides] == [("花田手册", "running"), ("第 1 页", "running")]


def test_a_foot_of_two_pages_counts_them_and_a_head_may_have_two_lines_that_change_with_the_chapter() -> None:
    two = f"#set page(footer: context [花田书屋 · #counter(page).display()])\n{SENTENCE}\n#pagebreak()\n{OTHER}"
    extract = read_apart(typeset(two), ".pdf")
    assert [one.text for one in extract.asides] == ["花田书屋 · 1"]
    assert extract.text.split("\n") == [SENTENCE, OTHER]
    chapters = "".join(
        f"#set page(header: [内部资料 请勿外传 \\ 第{chapter}章])\n"
        + "".join(f"{page}{chapter}{SENTENCE}{OTHER}{page}{chapter}\n#pagebreak(weak: true)\n" for page in "甲乙丙")
        for chapter in "一二三"
    )
    extract = read_apart(typeset(chapters), ".pdf")
    assert [one.text for one in extract.asides] == ["内部资料 请勿外传", "第一章", "第二章", "第三章"]
    assert "章" not in extract.text


def test_a_line_that_only_happens_to_stand_first_on_two_pages_stays() -> None:
    table = "#pagebreak()\n".join(f"{price}\n\n{SENTENCE}{OTHER[price % 9 :]}\n" for price in (128, 96, 240))
    extract = read_apart(typeset(table), ".pdf")
    assert extract.asides == ()
    slides = "#pagebreak()\n".join(f"#text(size: 20pt)[活动流程]\n\n{step}{SENTENCE}{step}\n" for step in "甲乙丙")
    assert read_apart(typeset(slides), ".pdf").text.count("活动流程") == 3


def test_a_watermark_across_the_page_does_not_get_between_the_words() -> None:
    source = f"#set page(background: rotate(-40deg, text(size: 30pt)[内部资料]))\n{SENTENCE * 6}"
    extract = read_apart(typeset(source), ".pdf")
    assert extract.text == SENTENCE * 6
    assert [(one.text, one.kind) for one in extract.asides] == [("内部资料", "watermark")]


def test_a_scanned_page_among_others_is_named() -> None:
    lines = [pdf.Line(1, SENTENCE, 0, 90, 0, 10, 10)]
    extract = pdf._extract(lines, scans=[2], read=2, total=5)
    assert extract.text == SENTENCE
    assert [note[:8] for note in extract.notes] == ["只读到第 2 页", "第 2 页是扫描"]


def test_two_columns_are_read_one_after_the_other_under_their_title() -> None:
    left, right = "左栏说的是新人进群怎么接待，从打招呼到改备注。", "右栏说的是售后怎么答复，先道歉再处理。"
    source = f'#place(top, scope: "parent", float: true)[横贯两栏的说明文字，它在最上面，一行就写完了]\n{left * 9}\n\n#colbreak()\n{right * 9}'
    text = read_apart(typeset("#set page(columns: 2)\n" + source), ".pdf").text
    assert text.startswith("横贯两栏的说明文字")
    joined = text.replace("\n", "")
    assert joined.endswith(left * 9 + right * 9)
    assert all(line.endswith("。") for line in text.split("\n")[1:] if line)


def test_radicals_that_fonts_give_for_signs_are_put_right() -> None:
    assert pdf._put_right("⽤⼾⻓⻚ﬁ") == "用户长页fi"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (LOCKED, "有密码"),
        (SCAN, "扫描件，先做文字识别"),
        (b"%PDF-1.7 broken", "坏的"),
        (b"plain words", "不是 PDF"),
    ],
)
def test_a_pdf_that_can_not_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(PlaybookError, match=reason) as caught:
        read_apart(data, ".pdf")
    assert caught.value.hint
