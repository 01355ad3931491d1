"""QQChatExporter's JSON: one file, or a manifest with chunks of JSON lines. Its plain text is `qq_exporter_text`."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from copilot.chat.formats import qq_exporter_text
from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.fields import check_count, first_text, mapping_of, own_name, records_of, zones_known
from copilot.chat.formats.json_items import JsonItems
from copilot.chat.formats.json_lines import JsonLines
from copilot.chat.formats.json_shape import json_shape
from copilot.chat.formats.qq_elements import read_content
from copilot.chat.formats.scalars import first_time, number_of
from copilot.chat.formats.wording import notice_kind
from copilot.chat.records import Unread
from copilot.errors import InputError

_NOBODY = {"", "0", "未知"}


class _QQExporter:
    name = "qq-exporter"
    title = "QQChatExporter（JSON，或 manifest.json 与 chunks）"
    platform = "qq"

    def sniff(self, source: Source) -> float:
        shape = json_shape(source)
        named = first_text(mapping_of(shape.top.get("metadata")), "name")
        if named.startswith("QQChatExporter"):
            return 0.98
        return 0.9 if shape.items_have("sender", "content", "timestamp", "recalled") else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        if json_shape(source).kind != "object":
            return _read_chunk(source)
        items = JsonItems(source.text, "messages")
        entries = list(_entries(items))
        if entries:
            return [_chat(entries, items.around, items.unread)]
        if items.found:
            raise InputError("QQChatExporter 的文件里没有读得出的消息", hint="检查文件是否完整，或重新导出一次")
        return [_read_chunks(source, items.around)]


def _chat(entries: list[Entry], around: Mapping[str, Any], unread: list[Unread]) -> Chat:
    info = mapping_of(around.get("chatInfo"))
    own = {first_text(info, "selfUid"), first_text(info, "selfUin")} - _NOBODY
    chat = Chat(entries=entries, group=first_text(info, "name"), unread=unread)
    chat.me = own_name(entries, own) or first_text(info, "selfName")
    chat.zone_known = zones_known(entries)
    return check_count(chat, number_of(mapping_of(around.get("statistics")).get("totalMessages")))


def _read_chunk(source: Source) -> list[Chat]:
    """One chunk: on its own it reads, in an export it comes in through the manifest."""
    folder = PurePosixPath(source.name.replace("\\", "/")).parent
    if any(str(place / "manifest.json") in source.files for place in (folder, folder.parent)):
        return []
    lines = JsonLines(source.text)
    return [_chat(list(_entries(lines)), {}, lines.unread)]


def _read_chunks(source: Source, manifest: Mapping[str, Any]) -> Chat:
    """The messages of all chunks a manifest lists. Raises `InputError` when none is there."""
    folder = PurePosixPath(source.name.replace("\\", "/")).parent
    listed = records_of(mapping_of(manifest.get("chunked")).get("chunks")) or records_of(manifest.get("chunks"))
    if not listed:
        raise InputError("QQChatExporter 的文件里没有消息", hint="重新导出，或给整个导出文件夹（含 chunks）")
    entries: list[Entry] = []
    unread: list[Unread] = []
    for chunk in listed:
        path = first_text(chunk, "relativePath", "file", "fileName", "path")
        data = _companion(source, folder, path)
        if data is None:
            unread.append(
                Unread(line=0, lines=0, text=path, why="清单里有这个文件，但没有给，或路径不安全", source=path)
            )
            continue
        lines = JsonLines(data.decode("utf-8-sig", "replace"))
        for entry in _entries(lines):
            entry.source = path
            entries.append(entry)
        unread += [one.model_copy(update={"source": path}) for one in lines.unread]
    if not entries:
        raise InputError("只有清单，没有 chunks 里的消息文件", hint="把整个导出文件夹打成 zip 给我")
    return _chat(entries, manifest, unread)


def _companion(source: Source, folder: PurePosixPath, path: str) -> bytes | None:
    """The file a manifest names, when it lies in the export's own folder."""
    inside = PurePosixPath(path.replace("\\", "/"))
    if not path or inside.is_absolute() or ".." in inside.parts or ":" in path:
        return None
    places = (folder / inside, folder / "chunks" / inside.name)
    return next((source.files[str(place)] for place in places if str(place) in source.files), None)


def _entries(items: JsonItems | JsonLines) -> Iterator[Entry]:
    for item, line in items:
        sender, raw = mapping_of(item.get("sender")), mapping_of(item.get("rawMessage"))
        entry = Entry(line=line, end_line=items.end_line, source_id=first_text(item, "id", "messageId"))
        entry.time, entry.precision = first_time(item.get("timestamp"), item.get("time"))
        entry.sender_id = next((each for each in _ids(sender, raw) if each not in _NOBODY), "")
        entry.name = first_text(sender, "groupCard") or first_text(raw, "sendMemberName")
        entry.name = entry.name or first_text(sender, "nickname", "name") or first_text(raw, "sendNickName")
        _read(entry, item)
        yield entry


def _ids(sender: Mapping[str, Any], raw: Mapping[str, Any]) -> Iterable[str]:
    return first_text(sender, "uid"), first_text(sender, "uin"), first_text(raw, "senderUid", "senderUin")


def _read(entry: Entry, item: Mapping[str, Any]) -> None:
    """Tell notices, messages taken back, and all others. What was taken back is never shown, though it is in the file."""
    content = mapping_of(item.get("content"))
    read_content(entry, content)
    tip = entry.kind == "system" or (not entry.sender_id and entry.name in _NOBODY)
    if (item.get("system") or item.get("isSystemMessage") or tip) and (
        tip or not (item.get("recalled") or item.get("isRecalled"))
    ):
        entry.kind, entry.notice = "system", notice_kind(entry.text) or "other"
        entry.name = entry.sender_id = ""
    elif item.get("recalled") or item.get("isRecalled"):
        entry.kind, entry.notice, entry.text, entry.enclosed = "recall", "recall", "", ""
        entry.reply_id = entry.reply_name = entry.reply_text = ""
        entry.reply_time, entry.mentions, entry.everyone = None, (), False


FORMATS: tuple[Format, ...] = (_QQExporter(), *qq_exporter_text.FORMATS)
