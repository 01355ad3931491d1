"""Lists of the operator's page: each line told when it is shown, and how many more there are."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from copilot.tasks.digest.book import book

MOST = 12
ItemT = TypeVar("ItemT")


def says(name: str, **fields: object) -> str:
    """A sentence of the operator's page, filled."""
    return book().desk.says[name].format(**fields)


def listed(items: Sequence[ItemT], tell: Callable[[ItemT], str], most: int = MOST) -> list[str]:
    """The first items as a list, and how many more there are; the others are not told at all."""
    more = [says("more", count=len(items) - most)] if len(items) > most else []
    return [*(f"· {tell(item)}" for item in items[:most]), *more]


def dotted(lines: Sequence[str]) -> list[str]:
    """Lines as a list."""
    return listed(lines, str)
