"""The command line: reads what it is given, calls `Copilot`, prints the record. Nothing is decided here.

Heavy parts are imported inside the commands, so that `copilot --help` answers at once. With `--json`
stdout carries exactly one JSON object; messages and streamed text go to stderr. Exit codes: 0 done,
1 the work failed, 2 wrong usage; an error is one line that names the fix.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from typer.exceptions import Abort, TyperException

from copilot import console
from copilot.cli_chat import chat
from copilot.cli_digest import digest, handoff
from copilot.cli_eval import evaluate
from copilot.cli_index import index_app
from copilot.cli_input import AsJson, File, moment, read_text, typed
from copilot.cli_keeping import group_app, history_app
from copilot.cli_learn import learn_app
from copilot.cli_mcp import mcp
from copilot.cli_rules import rules_app
from copilot.cli_today import today
from copilot.errors import CopilotError, StorageError, UsageError

if TYPE_CHECKING:
    from copilot.options import DraftOptions

app = typer.Typer(
    context_settings={"help_option_names": ["-h", "--help"]},
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,  # its tracebacks print local variables, and a key may be among them
)
draft_app = typer.Typer(rich_markup_mode=None)
app.add_typer(draft_app, name="draft")
app.add_typer(history_app, name="history")
app.add_typer(group_app, name="group")
app.add_typer(rules_app, name="rules")
app.add_typer(learn_app, name="learn")
app.add_typer(index_app, name="index")

Platform = Annotated[str | None, typer.Option(help="发到哪个平台，如 wechat")]
Writer = Annotated[Literal["auto", "offline", "model"] | None, typer.Option(help="谁来写；默认有模型用模型")]
Group = Annotated[list[str] | None, typer.Option(metavar="NAME", help="群档案里存着的群，可以给几次")]
Now = Annotated[str | None, typer.Option(metavar="ISO", help="“今天”是哪天，如 2026-03-02T09:00")]
Playbook = Annotated[Path | None, typer.Option(metavar="DIR", help="用这个文件夹代替自带手册")]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"copilot {version('copilot')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="版本号")] = False,
) -> None:
    """社群运营副驾驶：起草、核对、查手册。An operator's copilot: drafts, checks, evidence."""


@draft_app.callback()
def _draft() -> None:
    """起草。Write a draft."""


@draft_app.command("announcement")
def draft_announcement(
    file: File = None,
    writer: Writer = None,
    platform: Platform = None,
    tone: Annotated[str | None, typer.Option(help="语气，如 温暖、简洁、正式")] = None,
    length: Annotated[int | None, typer.Option(min=1, help="最多多少字")] = None,
    group: Group = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """公告：从要点到可以直接发的文字。Brief (text, YAML, JSON) to announcement."""
    options: DraftOptions = {"writer": writer, "platform": platform, "tone": tone, "length": length, "groups": group}
    _write("announcement", file, now, as_json, options)


@draft_app.command("weekly-plan")
def draft_weekly_plan(
    file: File = None,
    writer: Writer = None,
    platform: Platform = None,
    group: Group = None,
    now: Now = None,
    save: Annotated[
        Path | None, typer.Option(metavar="DIR", help="另存为 plan.xlsx、.csv、.ics、.md 和 .txt，放进这个文件夹")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="文件夹里已有的计划可以覆盖")] = False,
    as_json: AsJson = False,
) -> None:
    """周计划：谁在哪天几点做什么，附可以直接发的文字。Groups, people and goals to a scheduled week."""
    options: DraftOptions = {"writer": writer, "platform": platform, "groups": group}
    _write("weekly-plan", file, now, as_json, options, saving=(save, force) if save else None)


@draft_app.command("crisis-reply")
def draft_crisis_reply(
    file: File = None,
    writer: Writer = None,
    platform: Platform = None,
    earlier: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="之前发过的说明，可以给几次，先发的在前")
    ] = None,
    group: Group = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """危机回复：先发的、群声明、私聊、内部升级和跟进。What happened to replies within your authority."""
    _write("crisis-reply", file, now, as_json, {"writer": writer, "platform": platform, "groups": group}, earlier or [])


def _write(
    job: str,
    file: str | None,
    now: str | None,
    as_json: bool,
    options: "DraftOptions",
    earlier: Sequence[str] = (),
    saving: tuple[Path, bool] | None = None,
) -> None:
    """Read the brief and what was published before, draft, save the plan's files where that is asked for, print."""
    from copilot.settings import Settings

    settings = Settings.load()
    if saving:
        from copilot.exports import prepare_folder, save_plan

        prepare_folder(saving[0], overwrite=saving[1])  # before anything is paid for
    text, suffix = read_text(file, settings)
    published = [read_text(path, settings)[0] for path in earlier]
    clock = moment(now, settings)
    from copilot.client import Copilot

    with console.streaming() as on_text:
        wanted: DraftOptions = {**options, "earlier": published, "now": clock, "suffix": suffix, "on_text": on_text}
        copilot = Copilot(settings)
        draft = copilot.draft(job, text, **wanted)
    if saving:
        paths = save_plan(copilot.plan_sheet(draft), saving[0], settings.zone.key, overwrite=saving[1])
        console.tell(f"已存：{'、'.join(map(str, paths))}")
    console.show(draft, as_json, console.draft_lines)


app.command()(digest)
app.command()(handoff)
app.command()(today)
app.command()(chat)
app.command("eval")(evaluate)
app.command()(mcp)


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="问题或现象，一句话")],
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="最多几条")] = 5,
    playbook: Playbook = None,
    as_json: AsJson = False,
) -> None:
    """查手册。Search the playbook."""
    from copilot.settings import Settings

    settings = Settings.load()
    question = typed(text, settings)
    from copilot.client import Copilot

    console.show(Copilot(settings).search(question, k=k, playbook=playbook), as_json, console.search_lines)


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="要问的话")],
    playbook: Playbook = None,
    writer: Writer = None,
    as_json: AsJson = False,
) -> None:
    """问手册：只答手册里有的，句句有出处。An answer from the playbook, each sentence cited."""
    from copilot.settings import Settings

    settings = Settings.load()
    question = typed(text, settings)
    from copilot.client import Copilot

    with console.streaming() as on_text:
        answer = Copilot(settings).ask(question, playbook=playbook, writer=writer, on_text=on_text)
    console.show(answer, as_json, console.answer_lines)


@app.command()
def check(file: File = None, platform: Platform = None, as_json: AsJson = False) -> None:
    """核对一段要发的文字。Check any text before it is sent."""
    from copilot.settings import Settings

    settings = Settings.load()
    text, _ = read_text(file, settings)
    from copilot.client import Copilot

    findings = Copilot(settings).check(text, platform=platform)
    console.show({"findings": findings}, as_json, lambda _: console.finding_lines(findings))


@app.command()
def redact(file: File = None, as_json: AsJson = False) -> None:
    """把个人信息换成代号。Replace personal data by pseudonyms."""
    from copilot.settings import Settings

    settings = Settings.load()
    text, _ = read_text(file, settings)
    from copilot.client import Copilot

    console.show(Copilot(settings).redact(text), as_json, lambda redaction: [console.plain(redaction.text)])


@app.command()
def doctor(
    probe: Annotated[bool, typer.Option("--probe", help="真的向模型发一个请求")] = False, as_json: AsJson = False
) -> None:
    """体检：装好了没有，哪些设置在起作用。What is in force, and what to mend."""
    from copilot.doctor import examine

    report = examine(probe=probe)
    console.show(report, as_json, console.report_lines)
    if not report.ok:
        raise typer.Exit(1)


@app.command()
def ui(
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口")] = 8501,
    host: Annotated[str, typer.Option(help="监听地址；0.0.0.0 让同一网络的人都能打开")] = "localhost",
) -> None:
    """打开网页。Serve the pages."""
    import runpy
    import socket

    from copilot.settings import KNOWLEDGE

    page = KNOWLEDGE.parent / "app.py"
    if not page.is_file():
        raise UsageError(f"找不到网页 {page}", hint="从源码目录安装：pip install -e .")
    with socket.socket() as knock:
        if knock.connect_ex((host, port)) == 0:
            raise UsageError(f"端口 {port} 已经有程序在用", hint=f"换一个：copilot ui --port {port + 1}")
    options = {
        "server.port": port,
        "server.address": host,
        "server.headless": "true",  # never asks for an e-mail address
        "browser.gatherUsageStats": "false",
    }
    print(f"打开 http://{host}:{port}（Ctrl-C 停止）", file=sys.stderr, flush=True)
    sys.argv = ["streamlit", "run", str(page), *(f"--{key}={value}" for key, value in options.items())]
    runpy.run_module("streamlit", run_name="__main__")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code, and says any error in one line."""
    words = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    as_json = "--json" in words
    console.set_up()
    try:
        code = app(args=words, prog_name="copilot", standalone_mode=False) or 0
        sys.stdout.flush()
    except CopilotError as error:
        return console.fail(error, as_json=as_json)
    except TyperException as error:
        command = getattr(getattr(error, "ctx", None), "command_path", "copilot")
        return console.fail(UsageError(error.format_message(), hint=f"{command} --help"), as_json=as_json)
    except (Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        console.give_up_stdout()
        return 1
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        failure = StorageError(
            f"读写{where} 失败：{error.strerror}", hint="检查磁盘空间、路径和权限；数据目录可用 COPILOT_HOME 换"
        )
        return console.fail(failure, as_json=as_json)
    if code == 130:
        print("已中断", file=sys.stderr)
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
