"""The frame around a web page's text as its own markup names it: advertisements, menus, the foot."""

import re
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from copilot.lore import load_yaml

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_TEXT = frozenset({"main", "article", "h1"})
_MOST = 0.4  # of a page's words: a box with more holds its text, whatever it is called


def without_frame(html: str) -> str:
    """The page without the boxes that are named as frame (`containers` of `knowledge/junk.yaml`).

    A box with the page's title, its article or much of its words stays.
    """
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring, tostring

    try:
        page = document_fromstring(html.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8"))
    except etree.ParserError:  # nothing in it
        return html
    for code in page.xpath("//script|//style"):
        code.drop_tree()
    most = _MOST * _size(page)
    for box in page.xpath("//body//*[@class or @id]"):
        names = _names(box)
        is_frame, has_links = not names.isdisjoint(_named("frame")), not names.isdisjoint(_named("links"))
        if not (is_frame or has_links) or box.tag in _TEXT or box.getroottree().getroot() is not page:
            continue  # the last: a box around it is out already
        if box.xpath(".//h1|.//article|.//main") or (size := _size(box)) > most:
            continue
        if is_frame or 2 * sum(map(_size, box.iter("a"))) > size:
            box.drop_tree()
    told: str = tostring(page, encoding="unicode")
    return told


def _names(box: "HtmlElement") -> set[str]:
    """The words of a box's classes and id: `ad`, `box` of `adBox-2`."""
    told = f"{box.get('class', '')} {box.get('id', '')}"
    return {word.lower() for word in _WORD.findall(told)}


def _size(box: "HtmlElement") -> int:
    return sum(len(text) for text in chain.from_iterable(part.split() for part in box.itertext()))


@cache
def _named(as_what: str) -> frozenset[str]:
    return frozenset(load_yaml("junk.yaml")["containers"][as_what].split())
