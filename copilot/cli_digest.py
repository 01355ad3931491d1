"""The command `copilot digest`: a chat's export, a pasted chat, or a file that holds one, to the digest."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from copilot import console
from copilot.cli_input import AsJson, File, moment
from copilot.errors import UsageError

if TYPE_CHECKING:
    from copilot.client import DigestOptions
    from copilot.settings import Settings


def digest(  # noqa: PLR0913, PLR0917 - one parameter an option
    file: File = None,
    chat_format: Annotated[str, typer.Option("--format", metavar="NAME", help="导出格式；默认看内容认")] = "auto",
    writer: Annotated[Literal["auto", "offline", "model"] | None, typer.Option(help="谁来写；默认有模型用模型")] = None,
    group: Annotated[str, typer.Option(metavar="NAME", help="群名；文件里有几个群时选哪一个")] = "",
    operator: Annotated[str, typer.Option(metavar="NAME", help="运营者在群里的昵称")] = "",
    staff: Annotated[list[str] | None, typer.Option(metavar="NAME", help="能代表群说话的人，可以给几次")] = None,
    rule: Annotated[list[str] | None, typer.Option(metavar="TEXT", help="一条群规，可以给几次")] = None,
    focus: Annotated[str, typer.Option(metavar="TEXT", help="最想知道的，如“谁的问题没回、讲座改到几点”")] = "",
    dates: Annotated[str, typer.Option(metavar="RANGE", help="只看这几天，如“2026-03-02 至 2026-03-08”")] = "",
    earlier: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="之前的日报（--json 的输出），可以给几次，先做的在前")
    ] = None,
    now: Annotated[str | None, typer.Option(metavar="ISO", help="按什么时刻算逾期；默认聊天的最后一条")] = None,
    save: Annotated[Path | None, typer.Option(metavar="DIR", help="另存为 group.txt、desk.txt 和 digest.json")] = None,
    force: Annotated[bool, typer.Option("--force", help="文件夹里已有的日报可以覆盖")] = False,
    as_json: AsJson = False,
) -> None:
    """群日报：从群聊到群里能发的日报和自己看的台账。A group chat to its digest, each claim with its messages."""
    from copilot.settings import Settings

    settings = Settings.load()
    if save:
        from copilot.exports import prepare_digest_folder, save_digest

        prepare_digest_folder(save, overwrite=force)  # before anything is paid for
    source = _source(file, settings)
    before = [_earlier(path, settings) for path in earlier or []]
    from copilot.client import Copilot

    with console.streaming() as on_text:
        options: DigestOptions = {
            "format": chat_format,
            "writer": writer,
            "group": group,
            "operator": operator,
            "staff": staff or (),
            "rules": rule or (),
            "focus": focus,
            "dates": dates,
            "earlier": before,
            "now": moment(now, settings),
            "on_text": on_text,
        }
        draft = Copilot(settings).summarise_digest(source, **options)
    if save:
        console.tell(f"已存：{'、'.join(map(str, save_digest(draft, save, overwrite=force)))}")
    console.show(draft, as_json, console.draft_lines)


def _source(file: str | None, settings: "Settings") -> Path | bytes:
    """The path of the export, or what stdin holds, up to the limit of a chat."""
    if file is not None and file != "-":
        return Path(file)
    if sys.stdin is None or (file is None and sys.stdin.isatty()):
        raise UsageError("没有给文件，也没有从管道来的内容", hint="写上文件名；要在这里输入就写 -")
    return sys.stdin.buffer.read(settings.max_chat_bytes + 1)


def _earlier(path: str, settings: "Settings") -> dict[str, Any]:
    """An earlier digest, as `--json` printed it."""
    import json

    from copilot.facts.intake import read_file

    try:
        value = json.loads(read_file(Path(path), settings.max_chat_bytes))
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise UsageError(f"{path} 不是日报的 JSON", hint="给 copilot digest --json 的输出")
    return value
