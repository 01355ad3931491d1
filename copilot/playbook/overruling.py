"""What the operator decides about a document's blemishes, kept in one small file.

<home>/playbook/overrulings.json    {"<kind> <sha256 of the words>": "keep" | "drop"}, replaced in one step
"""

from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from copilot.errors import PlaybookError, StorageError, UsageError
from copilot.playbook.documents import Decisions, Document, blemish_key, decided
from copilot.playbook.locking import locked, write
from copilot.settings import Settings

_SHAPE = TypeAdapter(dict[str, Literal["keep", "drop"]])
_LOCK_SECONDS = 10


def load_decisions(settings: Settings) -> dict[str, Literal["keep", "drop"]]:
    """All decisions, by `blemish_key`; raises `PlaybookError` when their file is damaged, `StorageError` when unreadable."""
    path = _file(settings)
    try:
        return _SHAPE.validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValidationError as error:
        raise PlaybookError(f"{path} 是坏的", hint="改正或删掉这个文件（删掉后要重新决定保留和丢弃）") from error
    except OSError as error:
        raise StorageError(f"{path} 读不了：{error.strerror}", hint="检查文件的权限，或另设 COPILOT_HOME") from error


def decisions_stamp(settings: Settings) -> object:
    """Differs when a decision was made."""
    try:
        state = _file(settings).stat()
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns


def overrule(settings: Settings, document: Document, number: int, action: Literal["keep", "drop"]) -> Document:
    """Decide about a document's blemish (its 1-based number in the report), and the document with that in force.

    The decision holds for the same words in every document, and stays when the file is read again.
    Raises `UsageError` for a number that is not in the document, and what `load_decisions` raises.
    """
    if not 1 <= number <= len(document.blemishes):
        there = f"编号从 1 到 {len(document.blemishes)}" if document.blemishes else "这份文件没有去掉或标出什么"
        raise UsageError(f"{document.source} 没有第 {number} 处", hint=f"{there}，见 copilot index report")
    key = blemish_key(document.blemishes[number - 1], document.text)
    path = _file(settings)
    with locked(path.with_suffix(".lock"), _LOCK_SECONDS) as mine:
        if not mine:
            raise StorageError(f"别的程序正在改 {path}，等了 {_LOCK_SECONDS} 秒", hint="过一会儿再试")
        decisions: Decisions = {**load_decisions(settings), key: action}
        write(path, _SHAPE.dump_json(dict(decisions), indent=1))
    return decided(document, decisions)


def _file(settings: Settings) -> Path:
    return settings.home / "playbook" / "overrulings.json"
