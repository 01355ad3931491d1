"""What the copilot says around what it does (`knowledge/conversation/words.yaml`)."""

from functools import cache
from typing import Any

from copilot.lore import load_yaml


@cache
def book() -> dict[str, Any]:
    """`words.yaml`, as it is."""
    data: dict[str, Any] = load_yaml("conversation", "words.yaml")
    return data


def say(key: str, **values: object) -> str:
    """One of the copilot's sentences, filled in. An unknown key raises `KeyError`."""
    text: str = book()["says"][key]
    return text.format(**values) if values else text


def told(text: str, length: int = 60) -> str:
    """A text as one line of at most `length` characters; what was left out is marked."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
