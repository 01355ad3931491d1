"""Fields of JSON records, taken as what they should be: exports are full of nulls, and files are edited by hand."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from copilot.chat.formats.base import Chat, Entry
from copilot.chat.formats.scalars import words_of
from copilot.chat.records import Kind, Note

_EXTENSIONS: dict[str, Kind] = {
    **dict.fromkeys(("jpg", "jpeg", "png", "gif", "webp", "heic", "bmp", "tiff", "svg", "avif"), "image"),
    **dict.fromkeys(("mp4", "mov", "webm", "mkv", "avi", "3gp", "m4v"), "video"),
    **dict.fromkeys(("mp3", "ogg", "oga", "opus", "wav", "m4a", "aac", "flac", "amr", "silk"), "voice"),
}


def mapping_of(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: Any) -> list[Any]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def records_of(value: Any) -> list[Mapping[str, Any]]:
    """The objects of an array."""
    return [item for item in list_of(value) if isinstance(item, dict)]


def first_text(record: Mapping[str, Any], *keys: str) -> str:
    """The first of these keys that holds a text that isn't blank."""
    return next((text for key in keys if (text := words_of(record.get(key)).strip())), "")


def file_kind(name: str) -> Kind:
    """What a file is, by the end of its name or address."""
    return _EXTENSIONS.get(name.split("?", 1)[0].rsplit(".", 1)[-1].casefold(), "file")


def files_kind(names: list[str]) -> Kind:
    """What several files are together."""
    kinds = {file_kind(name) for name in names}
    return kinds.pop() if len(kinds) == 1 else "file"


def zones_known(entries: list[Entry]) -> bool:
    """Whether all times there are have a zone."""
    times = [entry.time for entry in entries if entry.time]
    return bool(times) and all(time.tzinfo for time in times)


def own_name(entries: list[Entry], ids: set[str]) -> str:
    """The name under which the account with these ids speaks most."""
    counts = Counter(entry.name for entry in entries if entry.name and entry.sender_id in ids)
    return max(counts, key=counts.__getitem__, default="")


def check_count(chat: Chat, stated: int | None) -> Chat:
    """Say so when there are not as many entries as the export itself states."""
    if stated and stated != len(chat.entries):
        told = f"文件自己说有 {stated} 条消息，读到 {len(chat.entries)} 条：可能被截断或改过"
        chat.notes.append(Note(code="count_differs", message=told, count=abs(stated - len(chat.entries))))
    return chat
