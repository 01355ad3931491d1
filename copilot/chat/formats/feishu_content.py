"""What a Feishu message's content says: JSON in a text, of another shape for each type."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from copilot.chat.formats.fields import first_text, list_of, mapping_of
from copilot.chat.formats.finishing import joined
from copilot.chat.formats.json_walk import BROKEN, read_json
from copilot.chat.formats.scalars import words_of

_MENTION = re.compile(r"@_user_\d+|@_all")
_WORDS = ("text", "title", "file_name", "name", "chat_name", "topic", "summary")
_LOCALES = ("zh_cn", "zh_hk", "zh_tw", "en_us", "ja_jp")
_DEEPEST = 6
_ALL = "所有人"


@dataclass
class Said:
    """What a message says, whom it calls, whether there is a picture in it; `names` are those of its mentions by key and id."""

    text: str = ""
    mentions: tuple[str, ...] = ()
    everyone: bool = False
    picture: bool = False
    names: dict[str, str] = field(default_factory=dict)

    def call(self, key: str, name: str = "") -> str:
        """A mention in words, remembered."""
        if key in ("@_all", "all"):
            self.everyone = True
            return f"@{_ALL}"
        name = self.names.get(key) or name
        if name and name not in self.mentions:
            self.mentions = (*self.mentions, name)
        return f"@{name or key.removeprefix('@')}"


def read(kind: str, content: Any, mentions: Sequence[Mapping[str, Any]]) -> Said:
    """Read the content of a message of this type. What is no JSON is taken as its words."""
    said = Said(names={first_text(one, "key"): first_text(one, "name") for one in mentions})
    said.names.update({first_text(one, "id"): first_text(one, "name") for one in mentions})
    try:
        value = read_json(content) if isinstance(content, str) else content
    except BROKEN:
        value = content
    if not isinstance(value, Mapping):
        said.text = _called(words_of(content), said) if kind != "merge_forward" else ""
    elif kind == "system":
        said.text = _notice(value)
    else:
        said.text = joined(*_parts(value, said))
    return said


def _parts(value: Mapping[str, Any], said: Said) -> Iterator[str]:
    """The texts of a content: of its plain fields, and of the paragraphs of a post or card, in any of its languages."""
    value = next((mapping_of(value[locale]) for locale in _LOCALES if locale in value), value)
    for key in _WORDS:
        found = value.get(key)
        yield from _parts(found, said) if isinstance(found, Mapping) else (_called(words_of(found), said),)
    for paragraph in [*list_of(value.get("content")), *list_of(value.get("elements"))]:
        yield _paragraph(paragraph, said, 0)
    yield from (words_of(option) for option in list_of(value.get("options")))


def _paragraph(value: Any, said: Said, depth: int) -> str:
    """The words of a paragraph: a list of pieces, or a piece that may hold others."""
    if isinstance(value, list) and depth < _DEEPEST:
        return "".join(_paragraph(piece, said, depth + 1) for piece in value)
    piece = mapping_of(value)
    match piece.get("tag"):
        case "at":
            return said.call(words_of(piece.get("user_id")), first_text(piece, "user_name")) + " "
        case "img" | "media":
            said.picture = True
            return ""
        case "emotion":
            return f"[{words_of(piece.get('emoji_type'))}]"
        case "a":
            return joined(words_of(piece.get("text")), words_of(piece.get("href"))).replace("\n", " ")
    inner = piece.get("text") or piece.get("content") or piece.get("elements")
    if isinstance(inner, (list, Mapping)):
        return _paragraph(inner, said, depth + 1) if depth < _DEEPEST else ""
    return _called(words_of(inner), said)


def _called(text: str, said: Said) -> str:
    """The words with names in the place of the keys that stand for them."""
    return _MENTION.sub(lambda match: said.call(match[0]), text) if "@_" in text else text


def _notice(value: Mapping[str, Any]) -> str:
    """A notice's words, with the members' names in its template."""
    text = words_of(value.get("template")) or words_of(value.get("text"))
    for slot in ("from_user", "to_chatters"):
        named = "、".join(f"“{words_of(name)}”" for name in list_of(value.get(slot)) if words_of(name))
        text = text.replace(f"{{{slot}}}", named)
    return text
