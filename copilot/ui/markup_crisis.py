"""The HTML of a crisis reply's page: how grave it is, the ledger, and the sheet for the team. All text is escaped here."""

from collections.abc import Iterable, Sequence
from html import escape

from copilot.ui.structures import Row, words

SHOWN = 3  # rows of a list of the ledger before it folds


def alarm(level: int, title: str, types: Sequence[str], reasons: Sequence[str]) -> str:
    """How grave it is and of what kind, with the reasons. Level 1 to 4; only this carries colour."""
    kinds = f'<span class="types">{escape(" · ".join(types))}</span>' if types else ""
    because = f'<ul class="because">{"".join(f"<li>{escape(one)}</li>" for one in reasons)}</ul>' if reasons else ""
    return f'<div class="alarm level-{level}"><div class="grave"><span class="level">{escape(title)}</span>{kinds}</div>{because}</div>'


def ledger(columns: Iterable[Sequence[tuple[str, Sequence[Row]]]], empty: str, more: str) -> str:
    """The ledger side by side: each column has headings with rows (`text`, `where`). A long list folds after a few rows
    under the word `more`; `empty` stands for a list without rows.
    """
    return f'<div class="ledger">{"".join(_column(column, empty, more) for column in columns)}</div>'


def _column(lists: Sequence[tuple[str, Sequence[Row]]], empty: str, more: str) -> str:
    body = ""
    for title, found in lists:
        items = [f"<li>{escape(words(row, 'text'))}{_place(words(row, 'where'))}</li>" for row in found]
        first, rest = (items, []) if len(items) <= SHOWN + 1 else (items[:SHOWN], items[SHOWN:])
        folded = f"<summary>{escape(more)} · {len(rest)}</summary><ul>{''.join(rest)}</ul>"
        body += f'<h3 class="section">{escape(title)}</h3>'
        body += f"<ul>{''.join(first)}</ul>" if found else f'<p class="quiet">{escape(empty)}</p>'
        body += f"<details>{folded}</details>" if rest else ""
    return f"<section>{body}</section>"


def _place(where: str) -> str:
    return f'<div class="meta">{escape(where)}</div>' if where else ""


def steps(found: Sequence[Row]) -> str:
    """Who does what by when."""
    items = "".join(
        f'<li><span class="clock">{escape(words(row, "clock"))}</span><div><span class="who">{escape(words(row, "who"))}</span>'
        f"{escape(words(row, 'what', 'text'))}</div></li>"
        for row in found
    )
    return f'<ol class="steps">{items}</ol>'


def turned_down(found: Sequence[Row], instead: str) -> str:
    """Words that are not followed: each with the reason and what is said or done instead, introduced by `instead`."""
    return f'<ul class="turned-down">{"".join(_turned_down(row, instead) for row in found)}</ul>'


def _turned_down(row: Row, instead: str) -> str:
    other = words(row, "instead")
    quote = words(row, "quote")
    return (
        f"<li><q>{escape(words(row, 'words', 'text'))}</q><div>{escape(words(row, 'reason'))}</div>"
        + (f'<div class="instead"><span>{escape(instead)}</span>{escape(other)}</div>' if other else "")
        + (f'<div class="rule">{escape(quote)}</div>' if quote else "")
        + "</li>"
    )
