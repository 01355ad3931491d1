"""`copilot mcp` in a process of its own, and an assistant that is connected to it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters, types
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

TOKEN = "an-invented-token-of-32-characters"
COMMAND = [sys.executable, "-m", "copilot.cli", "mcp"]


def environment(home: Path, **more: str) -> dict[str, str]:
    """A home of its own, and no setting of this machine."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("COPILOT_", "OPENAI_"))}
    return {**bare, "COPILOT_HOME": str(home), "http_proxy": "http://127.0.0.1:9", "no_proxy": "127.0.0.1", **more}


@contextmanager
def served(home: Path, *options: str, **more: str) -> Iterator[str]:
    """The address of `copilot mcp --http`."""
    child = subprocess.Popen(
        [*COMMAND, "--http", "--port", "0", *options],
        env=environment(home, COPILOT_MCP_TOKEN=TOKEN, **more),
        cwd=home,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stderr
    assert child.stdout
    try:
        told = child.stderr.readline()
        found = re.search(r"http://\S+/mcp", told)
        assert found, told + child.stderr.read()
        yield found[0]
    finally:
        child.terminate()
        child.communicate(timeout=20)


class Assistant:
    """The SDK's client, used from a test that awaits nothing."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self.portal, self.client = portal, client

    def call(self, tool: str, **arguments: Any) -> types.CallToolResult:
        return self.portal.call(self.client.call_tool, tool, arguments)

    def done(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The structured result of a call that works."""
        result = self.call(tool, **arguments)
        assert not result.is_error, result.content
        found: dict[str, Any] = result.structured_content
        return found

    def refused(self, tool: str, **arguments: Any) -> str:
        """What is said to a call that does not."""
        result = self.call(tool, **arguments)
        assert result.is_error
        return words(result)


def words(result: types.CallToolResult) -> str:
    (block,) = result.content
    assert isinstance(block, types.TextContent)
    return block.text


@contextmanager
def connected(server: Any) -> Iterator[Assistant]:
    """An assistant at a server: one in this process, a command to start, or an HTTP address."""
    with start_blocking_portal() as portal:
        if not isinstance(server, str):
            with portal.wrap_async_context_manager(Client(server)) as client:
                yield Assistant(portal, client)
            return
        http = create_mcp_http_client(headers={"Authorization": f"Bearer {TOKEN}"})
        with (
            portal.wrap_async_context_manager(http),
            portal.wrap_async_context_manager(Client(streamable_http_client(server, http_client=http))) as client,
        ):
            yield Assistant(portal, client)


@contextmanager
def assistant_over(transport: str, home: Path, *options: str, **more: str) -> Iterator[Assistant]:
    """An assistant that is connected over "stdio" or "http"."""
    if transport == "http":
        with served(home, *options, **more) as address, connected(address) as assistant:
            yield assistant
        return
    command = StdioServerParameters(
        command=COMMAND[0], args=[*COMMAND[1:], *options], env=environment(home, **more), cwd=home
    )
    with connected(command) as assistant:
        yield assistant
