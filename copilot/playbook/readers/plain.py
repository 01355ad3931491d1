"""Plain text and tables of values separated by a character: the encoding is told from the bytes."""

import csv
import io
import re
from itertools import islice

from copilot.errors import EncodingError, PlaybookError
from copilot.playbook.readers.extract import Extract, tables
from copilot.playbook.readers.inline import with_tables

_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_LIKELY_ENCODINGS = ["gb18030", "big5", "utf_16_le", "utf_16_be"]
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SEPARATORS = (",", "\t", ";", "|")
_LONGEST_CELL = 1_000_000
_BROKEN = "\ufffd"
_CHINESE = re.compile("[\u3400-\u9fff]")
_COMMON = (0xB0, 0xD7)  # the first bytes of the commoner half of GB 2312, which nearly all text is written in
_SHARE = 0.85
_COST = 5  # signs that speak against one broken byte
_FEW = 20


def read_text(data: bytes) -> Extract:
    """A text or Markdown file; raises `EncodingError`."""
    return Extract(text=with_tables(decode(data)))


def read_csv(data: bytes) -> Extract:
    """Rows of values as a Markdown table. A cell that begins like a formula is text like any other."""
    text = decode(data)
    head = list(islice(io.StringIO(text), 20))
    # What parts the columns stands in every row; a sentence in one of them may have more commas than that.
    separator = max(_SEPARATORS, key=lambda sign: (sum(sign in line for line in head), "".join(head).count(sign)))
    csv.field_size_limit(_LONGEST_CELL)
    try:
        return Extract(text=tables(list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))))
    except csv.Error as error:
        raise PlaybookError(f"这份 CSV 读不懂：{error}", hint="检查有没有引号没有成对，或用表格软件另存一份") from error


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16, GBK/GB18030 or Big5; raises `EncodingError` for anything else.

    A few broken bytes don't make another encoding of it, and none that can't be read: they are shown as U+FFFD.
    """
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = _damaged(data) or _simplified(data) or _guessed(data) or _simplified(data, "replace") or _latin(data)
    if not text:
        raise EncodingError("不是文字，或看不出是什么编码", hint="用 UTF-8 编码另存一份")
    if len(_CONTROL.findall(text[:4096])) > 2:
        raise EncodingError("不是文字文件", hint="换成文字文件，或用 UTF-8 编码另存一份")
    return text.removeprefix("\ufeff")


def _damaged(data: bytes) -> str:
    """UTF-8 with a few broken bytes, or nothing: another encoding read as UTF-8 has hardly a Chinese sign."""
    text = data.decode("utf-8", "replace")
    return text if text.count(_BROKEN) < len(_CHINESE.findall(text)) else ""


def _simplified(data: bytes, errors: str = "strict") -> str:
    """GB18030, or nothing: another encoding read as that has rare signs, where Chinese text has common ones."""
    try:
        text = data.decode("gb18030", errors)
    except UnicodeDecodeError:
        return ""
    signs = _CHINESE.findall(text)
    common = sum(_COMMON[0] <= sign.encode("gb2312", "replace")[0] <= _COMMON[1] for sign in signs)
    return text if common > _SHARE * (len(signs) + _COST * text.count(_BROKEN)) else ""


def _latin(data: bytes) -> str:
    """Text of other letters with a few broken bytes, or nothing."""
    text = data.decode("utf-8", "replace")
    return text if text.count(_BROKEN) * _FEW < len(text) and not _CONTROL.search(text) else ""


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_LIKELY_ENCODINGS).best()
    return str(best) if best is not None else ""
