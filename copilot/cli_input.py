"""What all commands share: how they take a text, the options they have in common, the store they open."""

import os
import sys
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.errors import EmptyInputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copilot.settings import Settings
    from copilot.store import Store

File = Annotated[str | None, typer.Argument(metavar="FILE|-", help="文件；- 或不写为标准输入", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象")]


def read_text(file: str | None, settings: "Settings") -> tuple[str, str]:
    """The text of a file or of stdin, and the file's suffix."""
    from copilot.facts.intake import decode, read_file

    limit = settings.max_input_bytes
    path = file_of(file)
    text = read_file(path, limit) if path else decode(read_stdin(file, limit), limit)
    if not text.strip():
        raise EmptyInputError("输入是空的", hint="给一个有内容的文件，或从管道传进来")
    return text, path.suffix if path else ""


def file_of(file: str | None) -> Path | None:
    """The file that is meant; None for stdin."""
    return None if file is None or file == "-" else Path(file)


def read_stdin(file: str | None, limit: int) -> bytes:
    """What stdin holds, to one byte over the limit. Raises `UsageError` where nobody pipes and `-` was not written."""
    if sys.stdin is None or (file is None and sys.stdin.isatty()):
        raise UsageError("没有给文件，也没有从管道来的内容", hint="写上文件名；要在这里输入就写 -")
    return sys.stdin.buffer.read(limit + 1)


def moment(written: str | None, settings: "Settings") -> datetime | None:
    """`--now` in the operator's time zone."""
    if written is None:
        return None
    try:
        clock = datetime.fromisoformat(written)
    except ValueError:
        raise UsageError(f"--now 看不懂：{written}", hint="写成 2026-03-02 或 2026-03-02T09:00") from None
    return clock.replace(tzinfo=settings.zone) if clock.tzinfo is None else clock.astimezone(settings.zone)


def typed(text: str, settings: "Settings") -> str:
    """An argument as it was typed: a GBK terminal passes GBK bytes."""
    from copilot.facts.intake import decode

    return decode(os.fsencode(text), settings.max_input_bytes)


@contextmanager
def opened_store() -> "Iterator[tuple[Store, Settings]]":
    """The store under the settings in force, closed again after the command."""
    from copilot.settings import Settings

    settings = Settings.load()
    from copilot.store import Store

    with closing(Store(settings)) as store:
        yield store, settings
