"""From bytes to text, changing nothing that can be read: newlines stay as they came, broken bytes stay visible."""

import codecs
import re
from functools import cache

from copilot.chat.records import Note
from copilot.errors import EncodingError

BROKEN = "\ufffd"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = {
    b"SQLite format 3": "数据库文件（本工具不解密、不读聊天数据库）",
    b"%PDF": " PDF",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"\x1f\x8b": " gzip 压缩包",
    b"7z\xbc\xaf": " 7z 压缩包",
    b"Rar!": " rar 压缩包",
    b"\xd0\xcf\x11\xe0": "旧版 Office 文件",
}
_FIX = "从聊天软件里复制文字，或导出成 txt、csv、json 再试（UTF-8、GBK、UTF-16 都可以；压缩包用 zip）"
# The commonest characters of written Chinese, both spellings: a wrong code page yields hardly any of them.
_COMMON = re.compile(
    "[的一是不了在人有我他这個个们們中来來上大为為国國到说說时時要就出会會可也你好下天没麼吗嗎吧呢图片日年月]"
)
_LOOKED_AT = 20_000
_LINES_TOLD = 10


def decode(data: bytes) -> tuple[str, tuple[Note, ...]]:
    """The text, and what had to be mended in it. Raises `EncodingError` when it is no text."""
    for start, what in _BINARY.items():
        if data.startswith(start):
            raise EncodingError(f"这是{what}，不是文字", hint=_FIX)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return clean(data.decode(encoding, "replace").removeprefix("\ufeff"))
    if data.count(0) * 10 > len(data):
        text = _likeliest(data, ("utf-16-le", "utf-16-be"))
        if not text or not _COMMON.search(text[:_LOOKED_AT]):
            raise EncodingError("输入是二进制数据，不是文字", hint=_FIX)
    else:
        text = _unmarked(data)
    return clean(text)


def clean(text: str) -> tuple[str, tuple[Note, ...]]:
    """The text with what can't be read made visible (U+FFFD), and a note that names the lines. Too much of it: an error."""
    text = _unreadable().sub(BROKEN, text)
    count = text.count(BROKEN)
    if not count:
        return text, ()
    if count > 20 and count * 20 > len(text):
        raise EncodingError("输入是二进制数据，或编码认不出来", hint=_FIX)
    lines: dict[int, None] = {}
    position, line = 0, 1
    for match in re.finditer(f"{BROKEN}+", text):
        line += text.count("\n", position, match.start())
        position = match.start()
        lines[line] = None
    told = "、".join(map(str, list(lines)[:_LINES_TOLD])) + ("等" if len(lines) > _LINES_TOLD else "")
    return text, (Note(code="broken_bytes", message=f"第 {told} 行有坏掉的字，已用 {BROKEN} 标出", count=len(lines)),)


def _unmarked(data: bytes) -> str:
    """The text of bytes without a byte order mark: UTF-8, a Chinese code page, or both in one file."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    if text.count(BROKEN) * 20 <= len(_foreign().findall(text)):
        return text
    if whole := _likeliest(data, ("gb18030", "big5")):
        return whole
    return "\n".join(fitting(line) or line.decode("utf-8", "replace") for line in data.split(b"\n"))


def fitting(data: bytes) -> str:
    """One line or name in the encoding that it fits whole, UTF-8 before GB18030; "" where it fits neither."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def _likeliest(data: bytes, encodings: tuple[str, ...]) -> str:
    """The text in the encoding that yields the most everyday Chinese; "" where none fits whole."""
    texts = []
    for encoding in encodings:
        try:
            texts.append(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return max(texts, key=lambda text: len(_COMMON.findall(text[:_LOOKED_AT])), default="")


@cache
def _foreign() -> re.Pattern[str]:
    return re.compile(r"[^\x00-\x7f\ufffd]")


@cache
def _unreadable() -> re.Pattern[str]:
    """Control characters that no text has, and halves of characters. (Telegram breaks lines with a vertical tab.)"""
    return re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ud800-\udfff]")
