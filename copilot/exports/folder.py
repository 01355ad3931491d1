"""A draft as a folder of files: all of them or none."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from copilot.errors import StorageError, UsageError
from copilot.exports.calendar import to_ics
from copilot.exports.sheet import PlanSheet
from copilot.exports.spreadsheet import to_xlsx
from copilot.exports.texts import to_csv, to_markdown, to_text
from copilot.records import Draft

FILES = ("plan.xlsx", "plan.csv", "plan.ics", "plan.md", "plan.txt")
DIGEST_FILES = ("group.txt", "desk.txt", "digest.json")


def prepare_folder(folder: Path, *, overwrite: bool = False) -> None:
    """Make the folder, and see that no plan is in it yet unless it may be overwritten. Raises `UsageError`, `StorageError`."""
    _prepare(folder, FILES, overwrite=overwrite)


def save_plan(sheet: PlanSheet, folder: Path, zone: str, *, overwrite: bool = False) -> tuple[Path, ...]:
    """Write the plan in every form; the paths. Nothing is replaced before all is written. Raises like `prepare_folder`."""
    prepare_folder(folder, overwrite=overwrite)
    text = f"{to_text(sheet, 'day')}\n{to_text(sheet, 'owner')}"
    made = (to_xlsx(sheet), to_csv(sheet), to_ics(sheet, zone), to_markdown(sheet).encode(), text.encode())
    return _write(folder, dict(zip(FILES, made, strict=True)))


def prepare_digest_folder(folder: Path, *, overwrite: bool = False) -> None:
    """Make the folder, and see that no digest is in it yet unless it may be overwritten. Raises like `prepare_folder`."""
    _prepare(folder, DIGEST_FILES, overwrite=overwrite)


def save_digest(draft: Draft, folder: Path, *, overwrite: bool = False) -> tuple[Path, ...]:
    """Write each part's text and the whole record; the paths. A part that the digest does not have leaves no file."""
    prepare_digest_folder(folder, overwrite=overwrite)
    texts = {f"{part.name}.txt": f"{part.text}\n".encode() for part in draft.parts}
    written = _write(folder, {**texts, "digest.json": draft.model_dump_json().encode()})
    for name in DIGEST_FILES:
        if folder / name not in written:  # of the digest that was here before
            (folder / name).unlink(missing_ok=True)
    return written


def _prepare(folder: Path, files: Sequence[str], *, overwrite: bool) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = [name for name in files if (folder / name).exists()]
    except FileExistsError:
        raise UsageError(f"{folder} 不是文件夹", hint="换一个文件夹名") from None
    except OSError as error:
        raise _unwritable(folder, error) from None
    if there and not overwrite:
        raise UsageError(f"{folder} 里已经有 {'、'.join(there)}", hint="换一个文件夹，或加 --force 覆盖")


def _write(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Nothing is replaced before all is written."""
    paths = [(folder / f".{name}.part", folder / name, data) for name, data in files.items()]
    try:
        for part, _, data in paths:
            part.write_bytes(data)
        for part, path, _ in paths:
            part.replace(path)
    except OSError as error:
        for part, _, _ in paths:
            part.unlink(missing_ok=True)
        raise _unwritable(folder, error) from None
    return tuple(path for _, path, _ in paths)


def _unwritable(folder: Path, error: OSError) -> StorageError:
    return StorageError(f"{folder} 写不进去：{error.strerror}", hint="检查磁盘空间和权限，或换一个文件夹")
