"""The commands for group chats: `copilot digest` for one or many of them, `copilot handoff` for what follows from a digest."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from copilot import console
from copilot.cli_input import AsJson, file_of, moment, read_stdin
from copilot.errors import InputError, UsageError

if TYPE_CHECKING:
    from copilot.client import Copilot
    from copilot.options import DigestOptions
    from copilot.records import Draft
    from copilot.settings import Settings


Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE|FOLDER|-", help="导出的文件，可以给几个；放着各群文件的文件夹；- 或不写为标准输入"),
]


def digest(  # noqa: PLR0913, PLR0917 - one parameter an option
    files: Files = None,
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
    carry: Annotated[bool, typer.Option("--carry", help="接着历史里这个群之前的日报，没了结的沿下来")] = False,
    now: Annotated[str | None, typer.Option(metavar="ISO", help="按什么时刻算逾期；默认聊天的最后一条")] = None,
    save: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="另存为 group.txt、desk.txt 和 digest.json；几个群时一群一个文件夹，加总览"),
    ] = None,
    estimate: Annotated[bool, typer.Option("--estimate", help="只算交给模型要发多少，什么也不发")] = False,
    force: Annotated[bool, typer.Option("--force", help="文件夹里已有的日报可以覆盖")] = False,
    as_json: AsJson = False,
) -> None:
    """群日报：从群聊到群里能发的日报和自己看的台账。A group chat to its digest, each claim with its messages."""
    from copilot.settings import Settings

    settings = Settings.load()
    paths = _paths(files or [], group)
    if paths and estimate:
        raise UsageError("--estimate 一次只算一个群", hint="给一个文件，或一个文件夹加 --group")
    if save and not paths:
        from copilot.exports import prepare_digest_folder, save_digest

        prepare_digest_folder(save, overwrite=force)  # before anything is paid for
    given = files[0] if files else None
    source = None if paths else file_of(given) or read_stdin(given, settings.max_chat_bytes)
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
            "carry": carry,
            "now": moment(now, settings),
            "on_text": on_text,
            "on_estimate": lambda one: console.tell(console.estimate_line(one)),
        }
        if paths:
            _many(Copilot(settings), paths, save, options, force=force, as_json=as_json)
            return
        assert source is not None
        if estimate:
            console.show(Copilot(settings).estimate_digest(source, **options), as_json, console.estimate_lines)
            return
        draft = Copilot(settings).summarise_digest(source, **options)
    if save:
        console.tell(f"已存：{'、'.join(map(str, save_digest(draft, save, overwrite=force)))}")
    console.show(draft, as_json, console.draft_lines)


def _paths(files: list[str], group: str) -> list[Path]:
    """The files and folders of many groups; none where one chat is meant."""
    if len(files) > 1:
        if "-" in files:
            raise UsageError("标准输入不能和文件一起给", hint="只写 -，或只写文件名")
        return [Path(file) for file in files]
    if not files or files[0] == "-" or group or not Path(files[0]).is_dir():
        return []
    from copilot.many import sources_in

    return [] if sources_in([Path(files[0])]) == (Path(files[0]),) else [Path(files[0])]


def _many(
    copilot: "Copilot", paths: list[Path], save: Path | None, options: "DigestOptions", *, force: bool, as_json: bool
) -> None:
    """The digests of many groups, with a bar; then the overview, and what could not be read."""
    from copilot.many import digest_many

    with console.progress("群日报") as on_progress:
        done = digest_many(copilot, paths, save=save, overwrite=force, on_progress=on_progress, **options)
    if done.resumed:
        console.tell(f"{done.resumed} 个群上次已经做完，这次只做了剩下的 {len(done.groups) - done.resumed} 个")
    for note in done.notes:
        console.tell(note)
    for one in done.failed:
        console.tell(f"没做成 {one.source}{f' 里的 {one.group}' if one.group else ''}：{one.message} → {one.hint}")
    if done.failed and not done.groups:
        raise InputError("一份也没读成", hint="上面写着每一份的原因")
    if save:
        console.tell(f"已存到 {save}")
    console.show(done, as_json, lambda value: [console.plain(value.overview.text)])


def handoff(
    job: Annotated[
        Literal["crisis-reply", "announcement", "weekly-plan"],
        typer.Argument(help="接到哪件事：危机回复、答疑公告、周计划"),
    ],
    digests: Annotated[list[str], typer.Argument(metavar="ID|FILE", help="日报：历史里的编号，或 --json 的输出")],
    matter: Annotated[
        str, typer.Option(metavar="ID", help="危机回复接哪件事：投诉或传言的编号、风险的代码；默认最要紧的")
    ] = "",
    writer: Annotated[Literal["auto", "offline", "model"] | None, typer.Option(help="谁来写；默认有模型用模型")] = None,
    brief: Annotated[bool, typer.Option("--brief", help="只给简报，不起草")] = False,
    as_json: AsJson = False,
) -> None:
    """把日报接到下一件事：投诉接危机回复，没答的问题接答疑公告，一周的日报接周计划。From a digest to what follows."""
    from copilot.settings import Settings

    settings = Settings.load()
    from copilot.client import Copilot

    copilot = Copilot(settings)
    handed = copilot.handoff(job, *(_digest(name, copilot) for name in digests), matter=matter)
    if brief:
        console.show(handed, as_json, lambda value: [console.plain(_as_yaml(value))])
        return
    with console.streaming() as on_text:
        draft = copilot.draft(job, handed, writer=writer, on_text=on_text)
    console.show(draft, as_json, console.draft_lines)


def _as_yaml(brief: dict[str, Any]) -> str:
    import yaml

    return str(yaml.safe_dump(brief, allow_unicode=True, sort_keys=False, width=1000)).rstrip()


def _digest(name: str, copilot: "Copilot") -> "Draft":
    """A digest by its id in the history, or a file with its JSON."""
    from pydantic import ValidationError

    from copilot.records import Draft

    if not Path(name).is_file():
        return copilot.store.draft(name).draft
    try:
        return Draft.model_validate(_earlier(name, copilot.settings))
    except ValidationError:
        raise UsageError(f"{name} 不是日报的 JSON", hint="给 copilot digest --json 的输出，或历史里的编号") from None


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
