"""`copilot chat`: one turn of a conversation, a loop of them on a terminal, or the list of those that are kept."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from copilot import console
from copilot.cli_input import AsJson, moment, opened_store, read_text, typed
from copilot.errors import Cancelled, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from copilot.client import Copilot
    from copilot.conversation.records import ChatOptions, ChatReply
    from copilot.store import ConversationSummary, Use

    Lines = Iterator[RenderableType]

LEAVE = ("", "/退出", "/q", "exit", "quit")


def chat(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT|-", help="说什么；- 从标准输入读", show_default=False)
    ] = None,
    within: Annotated[str, typer.Option("--in", metavar="ID", help="接着哪个对话，写编号开头几位就行")] = "",
    writer: Annotated[Literal["auto", "offline", "model"] | None, typer.Option(help="谁来答；默认有模型用模型")] = None,
    now: Annotated[str | None, typer.Option(metavar="ISO", help="“今天”是哪天，如 2026-03-02T09:00")] = None,
    listing: Annotated[bool, typer.Option("--list", help="列出存下的对话，新的在前；TEXT 是要找的字")] = False,
    as_json: AsJson = False,
) -> None:
    """和副驾驶说话：认出要做哪一样，做好，缺什么再问；从不替你发。Chat with the copilot."""
    from copilot.settings import Settings

    settings = Settings.load()
    if listing:
        _list(typed(text or "", settings), as_json)
        return
    from copilot.client import Copilot

    copilot = Copilot(settings)
    options: ChatOptions = {"conversation": within, "writer": writer, "now": moment(now, settings)}
    if text is not None:
        message = read_text("-", settings)[0] if text == "-" else typed(text, settings)
        console.show(_turn(copilot, message, options), as_json, _reply_lines)
        return
    if as_json or not sys.stdin or not sys.stdin.isatty():
        raise UsageError("没有说话", hint='写成 copilot chat "帮我写个通知：…"，或用 - 从标准输入读')
    _loop(copilot, options)


def _turn(copilot: "Copilot", message: str, options: "ChatOptions") -> "ChatReply":
    """One message and its answer; a model's words and the tools it uses are told on stderr as they come."""
    from copilot.conversation.wording import book

    tools = book()["tools"]

    def on_use(use: "Use") -> None:
        console.tell(f"· {tools.get(use.tool, use.tool)}：{use.returned}")

    with console.streaming() as on_text:
        wanted: ChatOptions = {**options, "on_text": on_text, "on_use": on_use}
        return copilot.chat(message, **wanted)


def _loop(copilot: "Copilot", options: "ChatOptions") -> None:
    """Turn after turn, until nothing is said."""
    console.tell("说要做什么；空行结束。粘贴群聊请用 copilot chat - < 群聊.txt")
    while True:
        try:
            said = input("你：").strip()
        except EOFError:
            said = ""
        if said in LEAVE:
            break
        try:
            reply = _turn(copilot, said, options)
        except Cancelled:
            continue
        options = {**options, "conversation": reply.conversation}
        console.show(reply, False, _reply_lines)
    if name := options.get("conversation"):
        console.tell(f"这个对话存着：copilot chat --in {name[:6]} …")


def _list(search: str, as_json: bool) -> None:
    with opened_store() as (store, _):
        found = store.conversations(search)
    console.show({"conversations": found}, as_json, lambda _: _rows(found))


def _reply_lines(reply: "ChatReply") -> "Lines":
    """What the copilot says, then each draft between rules, to be copied, then what else to know."""
    turn = reply.turn
    yield console.plain(turn.text)
    for draft in reply.drafts:
        yield console.plain("")
        yield from console.draft_lines(draft)
    if turn.citations and not reply.drafts:
        yield console.plain("\n出处", "bold")
        for number, cited in enumerate(turn.citations, 1):
            yield console.plain(f"  · [{number}] {cited.source} › {cited.section}：“{cited.quote}”")
    if turn.findings:
        yield from console.finding_lines(turn.findings)
    yield console.plain(f"\n对话 {reply.conversation}", "dim")


def _rows(found: "tuple[ConversationSummary, ...]") -> "Lines":
    if not found:
        yield console.plain("没有对话。")
    for row in found:
        yield console.plain(f"{row.id}  {row.title}")
        yield console.plain(f"  {row.updated:%Y-%m-%d %H:%M} · {row.turns} 条", "dim")
