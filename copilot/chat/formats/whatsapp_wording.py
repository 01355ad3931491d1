"""The words WhatsApp itself writes into a chat, in its many languages: knowledge/chat_whatsapp.yaml."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from copilot.chat.formats.wording import placeholder_kind, visible
from copilot.chat.records import Kind, Notice
from copilot.lore import load_yaml

_LONGEST_NAME = 60
"""What WhatsApp writes in place of a medium is shorter, or bears one of its signs."""
_SIGNS = re.compile(r"[<(\[\u200e]|\A[^\n]{1,12}[:：]")

_LONGEST_MARK = 80


def media_kind(text: str) -> Kind | None:
    """What a message is that has no words of its own; None for words, with or without a medium beside them."""
    body = visible(text).strip().casefold()
    if not body or (len(body) > _LONGEST_NAME and not _SIGNS.search(text)):
        return None
    if ("<" in body or "(" in body) and (match := _attachment().search(body)):
        kind = _of_file(match["file"] or match["first"])
        alone = not (body[: match.start()] + body[match.end() :]).strip()
        return kind if alone or (kind == "file" and "\n" not in body) else None  # a file's own name may stand before it
    if (left_out := _left_out(body)) is not None:
        return left_out
    if "\u200e" in text and "\n" not in body and _left_out(text.rsplit("\u200e", 1)[1].strip().casefold()) == "file":
        return "file"
    if body.split("\n", 1)[0].strip() in _words("poll"):
        return "poll"
    if body in _words("calls"):
        return "call"
    if body in _words("live_location") or (_located().match(body) and "\n" not in body):
        return "location"
    return placeholder_kind(text)


def is_deleted(text: str) -> bool:
    """Whether a message was taken back: that is all its text says."""
    return text.strip(" .。<>").casefold() in _words("deleted")


def is_secured(text: str) -> bool:
    """Whether a text is the notice that messages are encrypted."""
    text = text.casefold()
    return any(word in text for word in _words("secured")) and len(text) < 600


def without_edit_mark(text: str) -> str:
    """The text without what WhatsApp adds when it was changed."""
    if not text.rstrip().endswith((">", ")")):
        return text
    head, tail = text[:-_LONGEST_MARK], text[-_LONGEST_MARK:]
    return head + _edited().sub("", tail)


def notice(text: str) -> Notice:
    """What kind of notice a line without a sender is."""
    folded = f" {text.casefold()} "
    for kind, signs in _notices():
        if any(sign in folded for sign in signs):
            return kind
    return "other"


def group_name(file_name: str, notices: Sequence[str]) -> str:
    """The chat's name: from its file's name, else the last one that a notice gives; "" when neither tells."""
    stem = PurePosixPath(file_name.replace("\\", "/")).name
    stem = re.sub(r"\.(?:txt|zip)$", "", stem, flags=re.IGNORECASE)
    for pattern in _data()["file_names"]:
        if match := re.fullmatch(pattern, stem, re.IGNORECASE):
            return str(match["name"]).replace("_", " ").strip()
    for text in reversed(notices):
        for pattern in _data()["group_named"]:
            if match := re.search(pattern, text):
                return str(match["name"]).strip()
    return ""


def _left_out(body: str) -> Kind | None:
    """The kind of a medium that is not in the export."""
    inner = body[1:-1].strip() if body.startswith("<") and body.endswith(">") else body
    if inner is not body and inner in _words("any_medium"):
        return "other"
    match = _omitted().fullmatch(inner)
    return _things()[match["thing"]] if match else None


def _of_file(name: str) -> Kind:
    """The kind of an attached file, by its name."""
    extension = name.rsplit(".", 1)[-1].strip()
    return next((kind for kind, listed in _extensions().items() if extension in listed), "file")


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = load_yaml("chat_whatsapp.yaml")
    return data


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(str(word).casefold() for word in _data()[name])


@cache
def _things() -> dict[str, Kind]:
    return {thing.casefold(): kind for kind, listed in _data()["things"].items() for thing in listed}


@cache
def _extensions() -> dict[Kind, frozenset[str]]:
    return {kind: frozenset(listed) for kind, listed in _data()["extensions"].items()}


def _any_of(words: Sequence[str] | frozenset[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@cache
def _omitted() -> re.Pattern[str]:
    return re.compile(rf"(?P<thing>{_any_of([*_things()])})\s?(?:{_any_of(_words('left_out'))})")


@cache
def _attachment() -> re.Pattern[str]:
    """An attached file: "<attached: f>" anywhere, "f (file attached)" at the end of the first line."""
    inside = rf"<(?:{_any_of(_words('attached'))})\s?[:：]\s?(?P<file>[^<>\n]{{1,200}})>"
    behind = rf"\A(?P<first>[^\n]{{1,200}}?\.\w{{1,5}})\s\((?:{_any_of(_words('file_attached'))})\)[ \t]*(?=\n|\Z)"
    return re.compile(rf"{inside}|{behind}")


@cache
def _located() -> re.Pattern[str]:
    return re.compile(rf"(?:{_any_of(_words('location'))})\s?[:：]\s?https?://\S+$")


@cache
def _edited() -> re.Pattern[str]:
    return re.compile(rf"[\s\u200e]*[<(](?:{_any_of(_words('edited'))})[>)]\s*$", re.IGNORECASE)


@cache
def _notices() -> tuple[tuple[Notice, tuple[str, ...]], ...]:
    return tuple((kind, tuple(sign.casefold() for sign in signs)) for kind, signs in _data()["notices"].items())
