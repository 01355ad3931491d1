"""Locks that processes share, as files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from copilot.errors import StorageError


def unwritable(place: Path, error: BaseException) -> StorageError:
    """The error for a folder of the index that can't be written."""
    return StorageError(
        f"检索索引写不进 {place}（{error}）",
        hint="腾出磁盘空间，或把 COPILOT_HOME 指到一个可写的文件夹",
    )


@contextmanager
def locked(path: Path, seconds: float) -> Iterator[bool]:
    """Hold the lock at `path`; yields False when another holds it after so many seconds. Raises `StorageError`."""
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=seconds, poll_interval=0.02)
    except Timeout:
        yield False
        return
    except (OSError, NotImplementedError) as error:
        raise unwritable(path.parent, error) from error
    try:
        yield True
    finally:
        lock.release()
