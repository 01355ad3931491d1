"""Files that are written whole or not at all, and locks that processes share."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Replace `path` by `data` in one step, on disk before the name changes; makes its folder. Raises `OSError`.

    The file, and a folder made for it, are readable by their owner alone.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def locked(path: Path, seconds: float) -> Iterator[bool]:
    """Hold the lock at `path`; yields False when another holds it after so many seconds. Raises `OSError`."""
    from filelock import FileLock, Timeout

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=seconds, poll_interval=0.02)
    except Timeout:
        yield False
        return
    except NotImplementedError as error:  # a file system without locks
        raise OSError(str(error)) from error
    try:
        yield True
    finally:
        lock.release()
