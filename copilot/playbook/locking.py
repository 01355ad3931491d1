"""Files that processes share: locks on them, and writing them in one step."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from copilot import files
from copilot.errors import StorageError
from copilot.files import write_whole


def unwritable(place: Path, error: BaseException) -> StorageError:
    """The error for a folder of the index that can't be written."""
    return StorageError(
        f"检索索引写不进 {place}（{error}）",
        hint="腾出磁盘空间，或把 COPILOT_HOME 指到一个可写的文件夹",
    )


def write(path: Path, data: bytes) -> None:
    """Replace `path` by `data`, whole or not at all; raises `StorageError`."""
    try:
        write_whole(path, data)
    except OSError as error:
        raise StorageError(
            f"{path} 写不了：{error.strerror}", hint="腾出磁盘空间，或把 COPILOT_HOME 指到一个可写的文件夹"
        ) from error


@contextmanager
def locked(path: Path, seconds: float) -> Iterator[bool]:
    """Hold the lock at `path`; yields False when another holds it after so many seconds. Raises `StorageError`."""
    with ExitStack() as stack:
        try:
            held = stack.enter_context(files.locked(path, seconds))
        except OSError as error:
            raise unwritable(path.parent, error) from error
        yield held
