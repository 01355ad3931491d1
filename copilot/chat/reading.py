"""The one way in: from a pasted text, bytes, a file, a folder or an archive to the chats in it.

Decoding, archives, the choice of a format, order, doubles and names are settled here for all formats alike.
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from copilot.chat.archives import Bundle, is_archive, open_archive, open_folder
from copilot.chat.decoding import clean, decode
from copilot.chat.formats.base import Chat, Format, Setting, Source
from copilot.chat.formats.registry import AUTO, find, listed, plugin_notes, recognise
from copilot.chat.joining import join
from copilot.chat.members import folded
from copilot.chat.records import Note, Transcript, Unread
from copilot.chat.reports import read_report
from copilot.errors import CopilotError, EmptyInputError, InputError, InputTooLargeError, UsageError

MAX_BYTES = 300_000_000
_SHOWN = 3


def read_chats(
    source: str | bytes | Path,
    *,
    format: str = AUTO,  # noqa: A002 - the option's name everywhere
    zone: ZoneInfo,
    now: datetime | None = None,
    name: str = "",
    max_bytes: int = MAX_BYTES,
) -> tuple[Transcript, ...]:
    """Every chat in the source, those of one group as one.

    `zone` is that of times without one, `now` (if the operator said it) what days without a date are told from, `name`
    the file's name where `source` is not a path. Raises `InputError` when nothing in it can be read.
    """
    forced = None if format == AUTO else find(format)
    reading = _Reading(Setting(zone, now), forced)
    with _collecting_later():
        match source:
            case Path():
                _read_path(reading, source, max_bytes)
            case bytes():
                _read_bytes(reading, source, name, max_bytes)
            case str():
                _bound(len(source), max_bytes)
                reading.text(name, *clean(source), {})
        return reading.transcripts()


def read_chat(
    source: str | bytes | Path,
    *,
    format: str = AUTO,  # noqa: A002 - the option's name everywhere
    zone: ZoneInfo,
    now: datetime | None = None,
    name: str = "",
    group: str = "",
    max_bytes: int = MAX_BYTES,
) -> Transcript:
    """The one chat of the source, or that of the `group` named. Raises `UsageError` that names them when there are more."""
    return choose(read_chats(source, format=format, zone=zone, now=now, name=name, max_bytes=max_bytes), group)


def choose(chats: tuple[Transcript, ...], group: str = "") -> Transcript:
    """The only one of these chats, or that of the `group` named. Raises `UsageError` that names them when there are more."""
    if group and len(chats) > 1:
        wanted = folded(group)
        chats = (
            tuple(chat for chat in chats if folded(chat.group) == wanted)
            or tuple(chat for chat in chats if wanted in folded(chat.group))
            or chats
        )
    if len(chats) == 1:
        return chats[0]
    named = "、".join(f"{chat.group or '（没有名字）'}（{len(chat.said)} 条）" for chat in chats[:20])
    raise UsageError(f"里面有 {len(chats)} 个聊天：{named}", hint="用 --group 群名 选一个")


@contextmanager
def _collecting_later() -> Iterator[None]:
    """All that is made while reading is kept: looking through it for garbage again and again takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _bound(size: int, limit: int) -> None:
    if size > limit:
        raise InputTooLargeError(f"输入超过 {limit / 1_000_000:g} MB", hint="只导出需要的日期，或分几次给")


def _read_path(reading: "_Reading", path: Path, limit: int) -> None:
    try:
        if path.is_dir():
            reading.bundle(path.name, open_folder(path, limit))
            return
        _bound(path.stat().st_size, limit)
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"找不到文件 {path}", hint="检查路径；用 - 从标准输入读") from None
    except (OSError, ValueError) as error:
        raise InputError(f"读不了 {path}：{getattr(error, 'strerror', error)}", hint="检查路径和文件权限") from None
    _read_bytes(reading, data, path.name, limit)


def _read_bytes(reading: "_Reading", data: bytes, name: str, limit: int) -> None:
    _bound(len(data), limit)
    if is_archive(data):
        reading.bundle(name, open_archive(data, limit))
    else:
        reading.text(name, *decode(data), {})


@dataclass
class _Piece:
    """One chat of one file."""

    made_by: Format
    chat: Chat
    path: str


class _Companions(Mapping[str, bytes]):
    """The files beside one that is read. It knows which were taken."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self.taken: set[str] = set()

    def __getitem__(self, path: str) -> bytes:
        data = self._files[path]
        self.taken.add(path)
        return data

    def __contains__(self, path: object) -> bool:
        return path in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


@dataclass
class _Reading:
    """What has been read so far."""

    setting: Setting
    forced: Format | None
    pieces: list[_Piece] = field(default_factory=list)
    reports: list[Transcript] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def text(self, name: str, text: str, notes: tuple[Note, ...], files: Mapping[str, bytes]) -> None:
        """Read one text. Raises `InputError` when nothing can be made of it."""
        if not text.strip("\ufeff\u200b \t\r\n\x0b\x0c\xa0\u3000"):
            raise EmptyInputError("输入是空的", hint="粘贴一段群聊记录，或给一个导出的文件")
        if "\n" not in text:
            text = text.replace("\r", "\n")  # as very old Macs did; else a lone CR ends no line
        source = Source(name, text, files)
        made_by, told = (self.forced, []) if self.forced else recognise(source)
        self.notes += [*notes, *told]
        if made_by is None:
            report = read_report(text, self.setting.zone)
            if report is None:
                raise InputError(f"认不出这是哪种聊天记录，开头是：{_beginning(text)}", hint=_format_hint())
            self.reports.append(report)
            return
        chats = made_by.read(source, self.setting)
        if not any(chat.entries for chat in chats):
            raise InputError(
                f"按“{made_by.title}”一条消息也没有读到，开头是：{_beginning(text)}",
                hint=_format_hint(),
            )
        self.pieces += [_Piece(made_by, chat, name) for chat in chats]

    def bundle(self, name: str, bundle: Bundle) -> None:
        """Read all files of a folder or archive; one that can't be read costs only itself."""
        self.unread += bundle.unread
        if bundle.media:
            self.notes.append(Note(code="media", message=f"有 {bundle.media} 个媒体文件没有读", count=bundle.media))
        taken: set[str] = set()
        failed: list[tuple[str, CopilotError]] = []
        for path in sorted(bundle.files):
            files = _Companions(bundle.files)
            try:
                self.text(path, *decode(bundle.files[path]), files)
            except InputError as error:
                failed.append((path, error))
            taken |= files.taken - {path}
        self.pieces = [piece for piece in self.pieces if piece.path not in taken]
        self.unread += [
            Unread(line=1, lines=0, text=path, why=error.message, source=path)
            for path, error in failed
            if path not in taken
        ]
        if not self.pieces and len(self.reports) != 1:
            first = f"，例如 {failed[0][0]}：{failed[0][1].message}" if failed else ""
            raise InputError(f"{name} 里没有能读的聊天记录{first}", hint=_format_hint())

    def transcripts(self) -> tuple[Transcript, ...]:
        """What was read, one transcript a group."""
        extra = (*self.notes, *plugin_notes())
        several = len({piece.path for piece in self.pieces}) > 1
        made = [_transcript(group, pieces, self.setting.zone, several) for group, pieces in self._groups()]
        first, *rest = [*made, *self.reports]
        first = first.model_copy(update={"notes": (*first.notes, *extra), "unread": (*first.unread, *self.unread)})
        return (first, *rest)

    def _groups(self) -> list[tuple[str, list[_Piece]]]:
        """The pieces of each chat: of the same name, or (where none is given) with mostly the same members."""
        named: dict[tuple[str, str], list[_Piece]] = {}
        nameless: list[list[_Piece]] = []
        for piece in self.pieces:
            if piece.chat.group:
                named.setdefault((piece.made_by.platform, folded(piece.chat.group)), []).append(piece)
                continue
            home = next((pieces for pieces in nameless if _alike(pieces[0], piece)), None)
            if home is None:
                nameless.append([piece])
            else:
                home.append(piece)
        groups = [(pieces[0].chat.group, pieces) for pieces in named.values()]
        for pieces in nameless:
            path = PurePosixPath(pieces[0].path)
            groups.append(("" if len(self.pieces) == 1 else path.stem, pieces))
        return groups


def _alike(one: _Piece, other: _Piece) -> bool:
    """Whether two pieces without a group's name are of the same chat, by who speaks in them."""
    if one.path == other.path or one.made_by.platform != other.made_by.platform:
        return False
    here, there = ({entry.sender_id or folded(entry.name) for entry in piece.chat.entries} for piece in (one, other))
    return len(here & there) * 2 >= min(len(here), len(there))


def _transcript(group: str, pieces: list[_Piece], zone: ZoneInfo, several: bool) -> Transcript:
    for piece in pieces:
        if several:
            for entry in piece.chat.entries:
                entry.source = entry.source or piece.path
            piece.chat.unread = [
                one.model_copy(update={"source": one.source or piece.path}) for one in piece.chat.unread
            ]
    pieces.sort(key=_begins)
    return join([piece.chat for piece in pieces], pieces[0].made_by, zone, group=group)


def _begins(piece: _Piece) -> str:
    """When a piece begins, for putting the pieces of a chat in order; those without times keep theirs."""
    first = next((entry.time for entry in piece.chat.entries if entry.time is not None), None)
    return first.isoformat() if first is not None else ""


def _beginning(text: str) -> str:
    lines = [line.strip() for line in text[:2000].splitlines() if line.strip()][:_SHOWN]
    return " ⏎ ".join(line[:40] + ("…" if len(line) > 40 else "") for line in lines)


def _format_hint() -> str:
    return f"确认是完整的聊天记录；知道格式时用 --format 指定：{listed()}"
