"""The two transports: a pipe to the program that has started us, and HTTP behind a bearer token."""

import logging
import secrets
import socket
import sys
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

import anyio
import uvicorn
from mcp.server import Server, stdio
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import AnyHttpUrl

from copilot.console import tell
from copilot.errors import StorageError, UsageError
from copilot.files import write_whole
from copilot.settings import Settings

SHORTEST_TOKEN = 16
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def over_stdio(server: Server[Any]) -> None:
    """Serve the program at the other end of stdin and stdout, until it goes."""
    _log()
    anyio.run(_stdio, server)


async def _stdio(server: Server[Any]) -> None:
    async with stdio.stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def over_http(server: Server[Any], settings: Settings, host: str, port: int, allowed: Sequence[str] = ()) -> None:
    """Serve http://HOST:PORT/mcp (0: any free port), until it is stopped. `allowed` are further names it is called by.

    Raises `UsageError` where the port is taken, or others could reach it and no token was set; `StorageError`.
    """
    token = _token(settings, host)
    _log()
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UsageError(f"{host}:{port} 监听不了：{error.strerror}", hint="换一个端口：--port 8766") from None
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}"
    names = dict.fromkeys((*LOOPBACK, shown, *allowed))
    app = server.streamable_http_app(
        auth=AuthSettings(issuer_url=AnyHttpUrl(address), resource_server_url=None),
        token_verifier=OneToken(token),
        transport_security=TransportSecuritySettings(
            allowed_hosts=[form for name in names for form in (name, f"{name}:*")],
            allowed_origins=[
                f"{scheme}://{name}{rest}" for name in names for scheme in ("http", "https") for rest in ("", ":*")
            ],
        ),
        max_request_body_size=2 * settings.max_input_bytes + 65536,  # JSON may spell a character in twice its bytes
    )
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=3)
    tell(f"MCP：{address}/mcp（Ctrl-C 停止）")
    with listening:
        uvicorn.Server(config).run(sockets=[listening])


class OneToken:
    """Lets in whoever has the token."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    async def verify_token(self, token: str) -> AccessToken | None:
        """Who has sent this token; None for any other."""
        right = secrets.compare_digest(token.encode("utf-8", "replace"), self._token)
        return AccessToken(token=token, client_id="operator", scopes=[]) if right else None


def _token(settings: Settings, host: str) -> str:
    """The token that was set, or one made once and kept."""
    if settings.mcp_token:
        token = settings.mcp_token.get_secret_value()
        if len(token) < SHORTEST_TOKEN:
            raise UsageError(
                f"COPILOT_MCP_TOKEN 太短，至少 {SHORTEST_TOKEN} 个字符", hint=f"例如 {secrets.token_urlsafe(24)}"
            )
        return token
    if not _is_loopback(host):
        raise UsageError(
            f"监听 {host} 会让别的机器也连得上，先要设令牌",
            hint=f"设 COPILOT_MCP_TOKEN（至少 {SHORTEST_TOKEN} 个字符），或只监听 127.0.0.1",
        )
    path = settings.home / "mcp" / "token"
    try:
        if path.is_file() and (kept := path.read_text(encoding="ascii").strip()):
            tell(f"令牌在 {path}")
            return kept
        token = secrets.token_urlsafe(32)
        write_whole(path, f"{token}\n".encode())
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"令牌文件 {path} 读写不了：{error}", hint="检查权限，或设 COPILOT_MCP_TOKEN") from error
    tell(f"新令牌：{token}（存在 {path}，只有你能读）")
    return token


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _log() -> None:
    """What goes wrong, on stderr: stdout belongs to the protocol."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.WARNING)  # a library may have set its own logger to tell more
    logging.basicConfig(handlers=[handler], force=True)
