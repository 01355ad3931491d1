"""The HTML of the home page and of a plan held against the chat. All text is escaped here."""

from collections.abc import Iterable
from html import escape

Tag = tuple[str, str]  # its words, and how grave: "error", "warning" or ""


def small(tags: Iterable[Tag], facts: Iterable[str]) -> str:
    """The small print under a line: tags, then facts set apart by dots."""
    marked = "".join(f'<span class="count {kind}">{escape(words)}</span>' for words, kind in tags)
    told = " · ".join(f"<span>{escape(fact)}</span>" for fact in facts if fact)
    return f'<div class="need">{marked}{told}</div>'


def way(name: str, what: str) -> str:
    """One job that can be begun with, and what it gives."""
    return f'<div class="way"><b>{escape(name)}</b><p>{escape(what)}</p></div>'
