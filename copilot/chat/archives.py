"""The files of an archive or folder, read safely: nothing is unpacked to disk, and what is left out is told."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath

from copilot.chat.decoding import fitting
from copilot.chat.records import Unread
from copilot.errors import InputError, InputTooLargeError

MAX_FILES = 50_000
_RATIO = 400
"""A file of chats shrinks ten to forty times; one that grows more than this, and is big, is a trap."""
_SMALL = 10_000_000
_PACKED = frozenset({".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz"})
_TEXTS = frozenset({"", ".txt", ".text", ".log", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".md", ".markdown"})
_CHUNK = 1 << 20


@dataclass
class Bundle:
    """Files by their path inside, `/` between folders, and what was left out with why."""

    files: dict[str, bytes] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    media: int = 0
    size: int = 0

    def leave_out(self, path: str, why: str) -> None:
        """Say of a file that it was not read."""
        self.unread.append(Unread(line=0, lines=0, text=path, why=why, source=path))

    def wants(self, path: str) -> bool:
        """Whether a file of this name may hold a chat; media are only counted."""
        name = PurePosixPath(path)
        if name.name.startswith((".", "~$")) or "__MACOSX" in name.parts:
            return False
        if name.suffix.lower() in _PACKED:
            self.leave_out(path, "压缩包里的压缩包不打开，请单独解压后再给")
            return False
        if name.suffix.lower() not in _TEXTS:
            self.media += 1
            return False
        return True


def is_archive(data: bytes) -> bool:
    """Whether the bytes are those of a zip archive."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


def open_archive(data: bytes, limit: int) -> Bundle:
    """The files of a zip archive. Raises `InputError` when it is damaged or locked, `InputTooLargeError` over `limit` bytes."""
    bundle = Bundle()
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for entry, path in _entries(archive, bundle):
                bundle.files[path] = _unpack(archive, entry, path, bundle, limit)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise InputError(f"压缩包是坏的：{error}", hint="重新导出，或解压后把里面的文件给我") from None
    return bundle


def open_folder(folder: Path, limit: int) -> Bundle:
    """The files of a folder and the folders in it, links not followed."""
    bundle = Bundle()
    for found, path in enumerate(sorted(folder.rglob("*"))):
        name = path.relative_to(folder).as_posix()
        if found >= MAX_FILES:
            raise InputTooLargeError(f"文件夹里超过 {MAX_FILES:,} 个文件", hint="只留聊天记录，分几次给")
        if path.is_symlink():
            bundle.leave_out(name, "是链接，没有读")
        elif path.is_file() and bundle.wants(name):
            try:
                _count(bundle, path.stat().st_size, limit)
                bundle.files[name] = path.read_bytes()
            except OSError as error:
                bundle.leave_out(name, f"读不了：{error.strerror}")
    return bundle


def _entries(archive: zipfile.ZipFile, bundle: Bundle) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """The entries worth reading, with their names put right."""
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise InputTooLargeError(f"压缩包里有 {len(entries):,} 个文件", hint=f"一次最多 {MAX_FILES:,} 个，分几次给")
    for entry in entries:
        path = _name(entry)
        if entry.is_dir():
            continue
        if path.startswith("/") or ".." in PurePosixPath(path).parts or path[1:2] == ":":
            bundle.leave_out(path, "路径指到压缩包外面，没有读")
        elif stat.S_ISLNK(entry.external_attr >> 16):
            bundle.leave_out(path, "是链接，没有读")
        elif bundle.wants(path):
            if entry.flag_bits & 0x1:
                raise InputError(f"压缩包有密码（{path}）", hint="用密码解压后，把里面的文件或文件夹给我")
            if path in bundle.files:
                bundle.leave_out(path, "压缩包里有同名文件，只读了第一个")
                continue
            yield entry, path


def _name(entry: zipfile.ZipInfo) -> str:
    """An entry's path; archivers on Chinese Windows write names in GBK and do not say so."""
    name = entry.filename
    if not entry.flag_bits & 0x800 and not name.isascii():
        name = fitting(name.encode("cp437", "replace")) or name
    return name.replace("\\", "/")


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, bundle: Bundle, limit: int) -> bytes:
    """One entry's bytes; what the archive says of its size is not believed."""
    if entry.file_size > _SMALL and entry.file_size > _RATIO * max(1, entry.compress_size):
        raise InputTooLargeError(f"压缩包里的 {path} 解开后大得不正常", hint="这像是恶意压缩包；请自己解压检查后再给")
    pieces = []
    with archive.open(entry) as stream:
        while piece := stream.read(_CHUNK):
            _count(bundle, len(piece), limit)
            pieces.append(piece)
    return b"".join(pieces)


def _count(bundle: Bundle, size: int, limit: int) -> None:
    bundle.size += size
    if bundle.size > limit:
        raise InputTooLargeError(
            f"解开后超过 {limit / 1_000_000:g} MB", hint="只留聊天文字（不要图片视频），或分几次给"
        )
