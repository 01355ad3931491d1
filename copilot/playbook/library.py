"""The operator's own documents: files and folders they have added, followed where they lie, and uploads.

    <home>/playbook/library.json    what was added; replaced in one step
                    uploads/        files that came through the page

All of them are one playbook. A document's source begins with the name of what was added, which is unique.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from copilot.errors import PlaybookError, StorageError, UsageError
from copilot.playbook.catalogue import Listed
from copilot.playbook.documents import files_in, stamps
from copilot.playbook.embedding import Embedder
from copilot.playbook.index import PlaybookIndex, Status
from copilot.playbook.locking import locked, write
from copilot.playbook.names import find_named, safe_name, shown_name
from copilot.playbook.passages import Snapshot
from copilot.records import Record
from copilot.settings import Settings

_LOCK_SECONDS = 10.0


class Added(Record):
    """A file or folder that was added, and what of the folder was taken out again (paths inside it)."""

    name: str
    path: Path
    without: tuple[str, ...] = ()

    def __str__(self) -> str:
        taken = f"，拿掉了其中 {len(self.without)} 份" if self.without else ""
        return f"{self.name}（{shown_name(str(self.path))}{taken}）"


class LibraryStatus(Status):
    """How the index of the operator's own documents stands, and what they added."""

    added: tuple[Added, ...]


class Library(Record):
    """All that was added, in the order it came."""

    added: tuple[Added, ...] = ()


def read_library(settings: Settings) -> Library:
    """What was added. Raises `PlaybookError` when the list is damaged, `StorageError` when it can't be read."""
    path = _file(settings)
    try:
        return Library.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return Library()
    except ValidationError as error:
        raise PlaybookError(f"{path} 是坏的", hint="删掉它，再用 copilot index add 把资料加进来") from error
    except OSError as error:
        raise StorageError(f"{path} 读不了：{error.strerror}", hint="检查文件的权限，或另设 COPILOT_HOME") from error


def add_paths(paths: Sequence[Path], settings: Settings) -> tuple[Added, ...]:
    """Add files and folders; one that is already in stays as it is, a folder takes in what was added from below it.

    Raises `UsageError` for a path that is not there, and `StorageError`.
    """
    found = [_real(path) for path in paths]
    for path in found:
        if not path.exists():
            raise UsageError(f"没有 {shown_name(str(path))}", hint="给存在的文件或文件夹")
        if not _is_text(path):
            raise UsageError(f"{shown_name(str(path))} 的名字不是 UTF-8，记不下来", hint="给它改个名字再加")
    with _changing(settings) as library:
        for path in found:
            library.add(path)
    return tuple(one for one in library.added if any(path.is_relative_to(one.path) for path in found))


def add_upload(name: str, data: bytes, settings: Settings) -> Added:
    """Keep an uploaded file and add it; one of the same name is replaced, as a new version of it.

    Whether it can be read shows when the index follows. Raises `PlaybookError` for a name nothing is left of, and
    `StorageError`.
    """
    path = _uploads(settings) / safe_name(name)
    with _changing(settings) as library:
        write(path, data)
        return library.add(path)


def remove(what: str, settings: Settings) -> str:
    """Take out what was added (by its path or name) or one document of a folder (as `find_named`); returns its name.

    The operator's own files stay where they are; the copy of an upload is deleted. Raises `UsageError` for what is not
    in, and `StorageError`.
    """
    with _changing(settings) as library:
        gone = library.remove(what)
        if gone.path.parent == _uploads(settings) and gone.path.is_file():
            _delete(gone.path)
    return gone.name


def without_tilde(path: Path) -> Path:
    """A path with `~` and `~user` as home folders; a file may be called "~群规.md", too."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _real(path: Path) -> Path:
    """Where a path leads, whatever it is: `Path.resolve` refuses a loop of links."""
    return Path(os.path.realpath(without_tilde(path)))


def listed(settings: Settings) -> Iterator[Listed]:
    """Every file of the library; what was added and is gone or can't be read is listed too, so that it is reported."""
    return _all(read_library(settings).added)


def _all(added: Iterable[Added]) -> Iterator[Listed]:
    for one in added:
        try:
            yield from _files(one)
        except PlaybookError as error:
            yield Listed(one.name, one.path, trouble=str(error))
        except OSError as error:
            yield Listed(one.name, one.path, trouble=f"读不了：{error.strerror} → 检查文件夹的权限")


def _files(one: Added) -> Iterator[Listed]:
    if not one.path.is_dir():
        yield Listed(one.name, one.path)
        return
    for source, path in files_in(one.path):
        if shown_name(source) not in one.without:
            yield Listed(f"{one.name}/{source}", path, one.path)


def _is_text(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def library_fingerprint(settings: Settings) -> object:
    """Differs when something was added or taken out, or a file was edited, added or deleted below what was added."""
    return tuple(sorted(stamps((one.source, one.path) for one in listed(settings))))


def library_snapshot(settings: Settings, embedder: Embedder) -> Snapshot | None:
    """The operator's own documents as they are now, as `open_playbook` gives a folder's; None when nothing was added."""
    return library_index(settings, embedder).open() if read_library(settings).added else None


def library_status(settings: Settings, embedder: Embedder) -> LibraryStatus:
    """How the index of the operator's own documents stands, and what they added. Raises as `PlaybookIndex.status` does."""
    status = library_index(settings, embedder).status()
    return LibraryStatus(**dict(status), added=read_library(settings).added)


@lru_cache(maxsize=4)
def library_index(settings: Settings, embedder: Embedder) -> PlaybookIndex:
    """The index of the operator's own documents."""
    return PlaybookIndex(_file(settings).parent, settings, embedder, lambda: listed(settings))


class _Editing:
    """The list while it is changed."""

    def __init__(self, library: Library) -> None:
        self.added = list(library.added)

    def add(self, path: Path) -> Added:
        """Take a file or folder in, unless a folder that is in holds it; the entry that it is in."""
        for number, one in enumerate(self.added):
            if path.is_relative_to(one.path):
                inside = path.relative_to(one.path).as_posix()
                again = tuple(name for name in one.without if not Path(name).is_relative_to(shown_name(inside)))
                self.added[number] = one.model_copy(update={"without": again})
                return self.added[number]
        self.added = [one for one in self.added if not one.path.is_relative_to(path)]
        taken = {one.name for one in self.added}
        name = Path(shown_name(path.name) or "资料")
        free = name.name
        number = 2
        while free in taken:
            free = f"{name.stem}-{number}{name.suffix}"
            number += 1
        self.added.append(Added(name=free, path=path))
        return self.added[-1]

    def remove(self, what: str) -> Added:
        """Take out one entry, or a document of one; the file or folder that it was."""
        path = _real(Path(what))
        for one in self.added:
            if what == one.name or path == one.path:
                self.added.remove(one)
                return one
        known = {shown_name(one.source): one.path for one in _all(self.added)} | {
            one.name: one.path for one in self.added
        }
        source = find_named(what, known)
        for number, one in enumerate(self.added):
            if source == one.name:
                del self.added[number]
                return one
            if source.startswith(f"{one.name}/"):
                inside = source.removeprefix(f"{one.name}/")
                self.added[number] = one.model_copy(update={"without": (*one.without, inside)})
                break
        return Added(name=source, path=known[source])


@contextmanager
def _changing(settings: Settings) -> Iterator[_Editing]:
    path = _file(settings)
    with locked(path.with_suffix(".lock"), _LOCK_SECONDS) as mine:
        if not mine:
            raise StorageError(f"另一个程序正在改 {path}", hint="稍后再试")
        before = read_library(settings)
        editing = _Editing(before)
        yield editing
        after = Library(added=tuple(editing.added))
        if after != before:
            write(path, after.model_dump_json(indent=1).encode())


def _file(settings: Settings) -> Path:
    return settings.home / "playbook" / "library.json"


def _uploads(settings: Settings) -> Path:
    return _file(settings).with_name("uploads").resolve()


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"{path} 删不掉：{error.strerror}", hint="检查文件夹的权限") from error
