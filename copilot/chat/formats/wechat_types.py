"""WeChat's message types: by code, or by the words exporters write for them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from copilot.chat.formats.scalars import number_of, words_of
from copilot.chat.records import Kind
from copilot.lore import load_yaml

_APP = 49


@cache
def kinds(table: str) -> Mapping[Any, Kind]:
    """One of the tables of knowledge/chat_types.yaml: a kind by code."""
    found: dict[Any, Kind] = _tables()[table]
    return found


@cache
def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = load_yaml("chat_types.yaml")
    return tables


@cache
def _words() -> Mapping[str, Kind]:
    listed: dict[Kind, list[str]] = _tables()["words"]
    return {word: kind for kind, words in listed.items() for word in words}


def kind_of_code(code: int | None, subtype: int | None = None) -> Kind:
    """The kind of a message by its type and subtype; some exporters write both in one number of 64 bits."""
    if code is None:
        return "other"
    if code > 0xFFFFFFFF:
        code, subtype = code & 0xFFFFFFFF, code >> 32
    if code == _APP and subtype:
        return kinds("wechat_apps").get(subtype, "other")
    return kinds("wechat").get(code, "other")


def kind_of_word(word: str) -> Kind | None:
    """The kind an exporter's word stands for; None when nobody writes it."""
    word = word.strip()
    return _words().get(word) or _words().get(word.removesuffix("消息"))


def kind_of(value: Any, subtype: Any = None) -> Kind:
    """The kind of a message by a code or a word of its exporter; a text where nothing is said."""
    if value is None:
        return "text"
    code = number_of(value)
    return kind_of_code(code, number_of(subtype)) if code is not None else kind_of_word(words_of(value)) or "other"
