"""Web pages: the article by trafilatura; the whole page where it would lose the article."""

import re
from contextlib import suppress
from io import BytesIO

from copilot.playbook.readers.extract import Extract
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
_PROSE = 25
_KEPT = 0.85


def read_page(data: bytes) -> Extract:
    """The article of a web page as Markdown; nothing that the page links to is fetched. Raises `EncodingError`."""
    from trafilatura import extract_metadata

    html = _EMPHASIS.sub("", _decoded(data))
    whole = _whole(html)
    known = extract_metadata(html)
    title = (known.title or "").strip() if known else ""
    # What cuts the frame off best is tried first; a page that loses its article to it is read more generously.
    article = next((found for recall in (False, True) if _has_the_prose(found := _article(html, recall), whole)), None)
    if article is None:
        return Extract(text=whole, title=title, notes=("这个网页分不出正文，整页都放了进来",) if whole.strip() else ())
    if title and title not in article[: 2 * len(title) + 100]:
        article = f"# {title}\n\n{article}"
    return Extract(text=article, title=title)


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
    return found or ""


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

    return (
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


def _has_the_prose(article: str, whole: str) -> bool:
    """Whether the page's long lines of sentences, which its frame hardly has, are nearly all in the article."""
    kept = _BLANKS.sub("", article)
    lines = {_BLANKS.sub("", line.strip("#|>*- \t")) for line in whole.split("\n") if _SENTENCE_END.search(line)}
    prose = [line for line in lines if len(line) >= _PROSE]
    found = sum(len(line) for line in prose if line[:_PROSE] in kept or line[-_PROSE:] in kept)
    return bool(kept) and found >= _KEPT * sum(map(len, prose))
