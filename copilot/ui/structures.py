"""Reading a draft's structure with care: it comes from a job or was kept long ago, and what is not there is empty."""

from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]


def rows(structure: Row, key: str) -> list[Row]:
    """The mappings of a list; a bare text becomes `{"text": …}`."""
    found = structure.get(key) or ()
    if isinstance(found, Mapping | str):
        found = [found]
    return [row if isinstance(row, Mapping) else {"text": str(row)} for row in found]


def words(row: Row, *keys: str) -> str:
    """The first text under one of these keys that is not blank, or ""."""
    return next((text for key in keys if (text := str(row.get(key) or "").strip())), "")


def texts(structure: Row, key: str) -> list[str]:
    """The texts of a list, without blank ones."""
    return [text for row in rows(structure, key) if (text := words(row, "text"))]


def section(structure: Row, key: str) -> Row:
    """A mapping, or an empty one."""
    found = structure.get(key)
    return found if isinstance(found, Mapping) else {}
