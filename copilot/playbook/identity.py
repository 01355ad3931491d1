"""Which files may go in, and which version of one it is: told without reading it as a document."""

import errno
import hashlib
import os
import stat
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from copilot.errors import PlaybookError
from copilot.settings import KNOWLEDGE

MAX_BYTES = 5_000_000
READING = 3
"""Raise it when readers or cleaning make another text of the same bytes: every document is then read again."""

PLAIN = frozenset({".md", ".markdown", ".txt", ".csv", ".tsv"})
FOREIGN = frozenset({".html", ".htm", ".pdf", ".docx", ".pptx", ".xlsx"})
"""These are read in a process apart."""
_OLD = {".doc": "docx", ".xls": "xlsx", ".ppt": "pptx", ".wps": "docx", ".et": "xlsx", ".dps": "pptx"}
# Pictures, fonts and markup take most of such a file.
_FOREIGN_SHARE = 20
_TICK = 3_000_000_000  # nanoseconds; FAT counts in two seconds


class Identity(NamedTuple):
    """Which version of a file it is: the `sha256` of its document, and a `stamp` that tells it without reading the file.

    The stamp is empty where it could not tell an edit: right after one.
    """

    digest: str
    stamp: str


def identify(
    path: Path, known: Identity | None = None, *, max_bytes: int = MAX_BYTES, inside: Path | None = None
) -> Identity:
    """Which version of a file there is, without reading it as a document; its bytes only when `known` does not fit.

    Raises `PlaybookError` for a file that can't go in, as far as that can be seen from outside.
    """
    check(path, max_bytes, inside)
    try:
        stamp = _stamp(path.stat())
        if known and stamp and stamp == known.stamp:
            return known
        with path.open("rb") as file:
            return Identity(digest(iter(lambda: file.read(1 << 20), b"")), stamp)
    except OSError as error:
        raise PlaybookError(f"读不了：{error.strerror}", hint="检查文件的权限") from error


def _stamp(state: os.stat_result) -> str:
    """Size, place and times of a file, and what it is read by; a file may be edited twice in one tick of its clock."""
    if time.time_ns() - max(state.st_mtime_ns, state.st_ctime_ns) < _TICK:
        return ""
    told = (state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
    return f"{' '.join(map(str, told))} {hashlib.sha256(_version()).hexdigest()[:12]}"


def check(path: Path, max_bytes: int, inside: Path | None) -> None:
    """Refuse what can't go in by its name, place, kind or size, before a byte of it is read."""
    suffix = path.suffix.lower()
    if reason := _astray(path):
        raise PlaybookError(f"是链接，{reason}，没有读", hint="把它指向的文件或文件夹本身放进来，或者删掉链接")
    if _is_folder(path):
        raise PlaybookError("这个文件夹读不了，里面的文件都没有放进来", hint="检查文件夹的权限")
    if suffix in _OLD:
        raise PlaybookError(f"{suffix} 是旧版或专有格式", hint=f"在 Office 或 WPS 里另存为 {_OLD[suffix]}")
    if suffix not in PLAIN | FOREIGN:
        known = "、".join(sorted(one.removeprefix(".") for one in PLAIN | FOREIGN))
        raise PlaybookError(f"不读 {suffix or '没有后缀的文件'}", hint=f"另存为其中一种：{known}")
    try:
        if inside is not None and not path.resolve().is_relative_to(inside.resolve()):
            raise PlaybookError("是链接，指到文件夹外面，没有读", hint="把文件本身放进来")
        if not path.is_file():
            raise PlaybookError("不是普通文件", hint="把文件本身放进来")
        size = path.stat().st_size
    except (OSError, ValueError, RuntimeError) as error:  # a name with NUL; before Python 3.13, a loop of links
        raise PlaybookError(f"读不了：{error}", hint="检查文件名和权限") from error
    if not size:
        raise PlaybookError("文件是空的", hint="删掉它，或写进内容、重新导出")
    limit = max_bytes * (_FOREIGN_SHARE if suffix in FOREIGN else 1)
    if size > limit:
        raise PlaybookError(
            f"文件有 {size / 1_000_000:,.1f} MB，超过 {limit / 1_000_000:g} MB", hint="拆成几份，或去掉图片"
        )


def _astray(link: Path) -> str:
    """What is wrong with where a link leads; empty for one to a file, and for what is no link."""
    try:
        if not link.is_symlink() or not stat.S_ISDIR(link.stat().st_mode):
            return ""
    except FileNotFoundError:
        return f"指向的 {link.readlink()} 不在了"
    except (OSError, ValueError) as error:  # a name with NUL is told of below
        if isinstance(error, ValueError):
            return ""
        looped = error.errno == errno.ELOOP
        return "链接指来指去又指回了自己" if looped else f"指向的地方打不开（{error.strerror}）"
    is_above = Path(os.path.abspath(link)).is_relative_to(os.path.realpath(link))  # noqa: PTH100 - not where it leads
    return "指回了它自己所在的文件夹" if is_above else "指向一个文件夹"


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # told of below, with the name
        return False


def digest(parts: Iterable[bytes]) -> str:
    """The digest of a file's bytes, with what they are read by."""
    told = hashlib.sha256(_version())
    for part in parts:
        told.update(part)
    return told.hexdigest()


@cache
def _version() -> bytes:
    """What the same bytes are read by: the readers' version, and what is known of fonts and of junk."""
    known = b"".join((KNOWLEDGE / name).read_bytes() for name in ("radicals.yaml", "junk.yaml"))
    return b"%d %s\n" % (READING, hashlib.sha256(known).digest())
