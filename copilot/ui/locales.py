"""The words of the pages in the operator's language: JSON with stable dotted keys, loaded once."""

import json
from functools import cache
from pathlib import Path

from copilot.ui import state

FOLDER = Path(__file__).parent / "locales"
LANGUAGES = {"zh": "中文", "en": "English"}


@cache
def words(language: str) -> dict[str, str]:
    """Every text of one language by its key."""
    found: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return found


def t(key: str, **values: object) -> str:
    """The text of a key in the session's language, its `{placeholders}` filled. An unknown key raises `KeyError`."""
    return words(state.LANGUAGE.get() or "zh")[key].format(**values)
