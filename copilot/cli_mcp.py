"""`copilot mcp`: the copilot as a plugin of other assistants."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from copilot.errors import UsageError


def mcp(
    http: Annotated[bool, typer.Option("--http", help="用 HTTP 服务（要令牌）；默认走标准输入输出")] = False,
    host: Annotated[str, typer.Option(help="HTTP 监听地址；不是本机就要先设 COPILOT_MCP_TOKEN")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="HTTP 端口；0 是随便一个空着的")] = 8765,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", metavar="NAME", help="别人访问时用的主机名，可以给几次")
    ] = None,
    chats: Annotated[
        Path | None, typer.Option(metavar="DIR", help="放聊天导出文件的文件夹，助手可以点名读里面的文件")
    ] = None,
    writer: Annotated[Literal["auto", "offline", "model"] | None, typer.Option(help="谁来写；默认有模型用模型")] = None,
    names: Annotated[bool, typer.Option("--names", help="给助手真名和号码；默认只给代号")] = False,
) -> None:
    """给别的 AI 助手当插件（MCP）：五样工作、查手册、核对、去掉个人信息。Serve other assistants by MCP."""
    from copilot.settings import Settings

    if chats and not chats.is_dir():
        raise UsageError(f"没有 {chats} 这个文件夹", hint="给放着聊天导出文件的文件夹")
    settings = Settings.load()
    from copilot.client import Copilot
    from copilot.mcp_server.server import build
    from copilot.mcp_server.serving import over_http, over_stdio
    from copilot.outside.desk import Desk

    server = build(Desk(Copilot(settings), names=names, writer=writer, chats=chats))
    if http:
        over_http(server, settings, host, port, allow_host or ())
    else:
        over_stdio(server)
