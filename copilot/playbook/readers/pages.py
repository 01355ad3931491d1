"""Web pages: the article by trafilatura, and what of the page is not in it; all but the frame where it would lose the article."""

import re
from contextlib import suppress
from io import BytesIO

from copilot.playbook.readers.extract import Extract
from copilot.playbook.readers.frame import without_frame
from copilot.playbook.readers.leftovers import PROSE, leftovers
from copilot.playbook.readers.plain import decode

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*(?P<name>[\w-]+)", re.IGNORECASE)
# As the HTML standard reads these names; a page whose bytes name its charset is not in UTF-16.
_MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252"} | dict.fromkeys(
    ("utf-16", "utf-16le", "utf-16be"), "utf-8"
)
# Emphasis is no part of the words: left in, it would stand as asterisks in every quote.
_EMPHASIS = re.compile(r"</?(?:b|strong|em|i|u)(?:\s[^<>]{0,500})?>", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_SENTENCE_END = re.compile("[。！？!?]|[.](?:\\s|$)")
_KEPT = 0.85
# Signs that are no markup where they stand; a bar would part cells, a hash make a heading.
_ESCAPED = re.compile(r"\\(?=[-+*_.()\[\]!>~`{}])")


def read_page(data: bytes) -> Extract:
    """The article of a web page as Markdown; nothing that the page links to is fetched. Raises `EncodingError`."""
    from trafilatura import extract_metadata

    html = _EMPHASIS.sub("", _decoded(data)).replace("\r\n", "\n").replace("\r", "\n")
    whole = _whole(html)
    known = extract_metadata(html)
    title = (known.title or "").strip() if known else ""
    unframed = without_frame(html)
    rest = _whole(unframed)
    # What cuts the frame off best is tried first; a page that loses its article to it is read more generously.
    tried = (_article(unframed, recall) for recall in (False, True))
    article = next((found for found in tried if _has_the_prose(found, rest)), None)
    if article is None:
        article = rest if rest.strip() else whole
        asides = leftovers(article, whole, "frame")
        notes = (
            (f"这个网页分不出正文，{'除了菜单和广告，' if asides else ''}整页都放了进来",) if article.strip() else ()
        )
        return Extract(text=article, title=title, notes=notes, asides=asides)
    if title and title not in article[: 2 * len(title) + 100]:
        article = f"# {title}\n\n{article}"
    return Extract(text=article, title=title, asides=leftovers(article, whole, "frame"))


def _article(html: str, recall: bool) -> str:
    from trafilatura import extract

    found = extract(
        html,
        output_format="markdown",
        include_comments=False,
        include_formatting=True,
        include_tables=True,
        favor_recall=recall,
    )
    return _ESCAPED.sub("", (found or "").replace("\r", "\n"))


def _decoded(data: bytes) -> str:
    """The page's text: in UTF-8 where it is that, whatever it names; else in the encoding that it names if that is true."""
    named = _CHARSET.search(data[:4096])
    name = named["name"].decode().lower() if named else "utf-8"
    for encoding in ("utf-8-sig", _MEANT.get(name, name)):
        with suppress(LookupError, UnicodeError):
            return data.decode(encoding)
    return decode(data)


def _whole(html: str) -> str:
    """All text of the page, menus and all."""
    from markitdown import StreamInfo
    from markitdown.converters import HtmlConverter

    text: str = (
        HtmlConverter()
        .convert(
            BytesIO(html.encode("utf-8", "replace")),
            StreamInfo(extension=".html", charset="utf-8"),
            strip=["a", "img"],
            table_infer_header=True,
            escape_asterisks=False,
            escape_underscores=False,
        )
        .markdown
    )
    return text.replace("\r", "\n").strip()


def _has_the_prose(article: str, whole: str) -> bool:
    """Whether the page's long lines of sentences, which its frame hardly has, are nearly all in the article."""
    kept = _BLANKS.sub("", article)
    lines = {_BLANKS.sub("", line.strip("#|>*- \t")) for line in whole.split("\n") if _SENTENCE_END.search(line)}
    prose = [line for line in lines if len(line) >= PROSE]
    found = sum(len(line) for line in prose if line[:PROSE] in kept or line[-PROSE:] in kept)
    return bool(kept) and found >= _KEPT * sum(map(len, prose))
