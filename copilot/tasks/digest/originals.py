"""The chats as they were handed over, kept by their content: the same chat given twice is kept once."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from copilot.errors import InputError, StorageError
from copilot.files import write_whole
from copilot.settings import Settings


class Original(NamedTuple):
    """What was handed over: a file's name (or an empty one for a pasted text) and its bytes."""

    name: str
    data: bytes

    @property
    def key(self) -> str:
        """Its name among the originals: what it holds, and the suffix its format is told by."""
        suffix = Path(self.name).suffix.lower()[:12]
        return hashlib.sha256(self.data).hexdigest() + (suffix if suffix.isascii() else "")


def keep_original(original: Original, settings: Settings) -> str:
    """Keep it, whole or not at all; its key. Raises `StorageError`."""
    key = original.key
    path = _place(key, settings)
    try:
        if path.exists():
            return key
        write_whole(path, original.data)
    except OSError as error:
        raise StorageError(
            f"原始聊天记录没能存下来：{error.strerror}", hint="检查磁盘空间和权限；数据目录可用 COPILOT_HOME 换"
        ) from None
    return key


def original_path(key: str, settings: Settings) -> Path:
    """Where an original is. Raises `InputError` when it is gone."""
    path = _place(key, settings)
    if not path.is_file():
        raise InputError("找不到这份日报的原始聊天记录", hint="它可能被清理了；重新给出导出文件再做一次")
    return path


def _place(key: str, settings: Settings) -> Path:
    name = Path(key).name
    return settings.home / "originals" / name[:2] / name
