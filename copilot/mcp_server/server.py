"""The server: what it lists, how a call runs and how it fails. Transports are in `serving`."""

import asyncio
import logging
from collections.abc import Sequence
from importlib.metadata import version
from time import monotonic
from typing import Any

from mcp import MCPError, types
from mcp.server import Server, ServerRequestContext
from pydantic import ValidationError

from copilot.errors import CopilotError, InputTooLargeError
from copilot.mcp_server import prompts, resources
from copilot.mcp_server.prompts import words
from copilot.outside import shapes
from copilot.outside.desk import Called, Desk, Given
from copilot.outside.telling import in_words, strings
from copilot.outside.tools import TOOLS, Tool, refused, run_apart

log = logging.getLogger(__name__)
BEAT = 1.0  # seconds between two signs of life of a long call
GUARDED = ("tools/", "resources/", "prompts/")
Context = ServerRequestContext[Any, Any]


def build(desk: Desk) -> Server[Any]:
    """The server with everything that this desk can do."""
    served = _Served(desk)
    server: Server[Any] = Server(
        "operator-copilot",
        version=version("copilot"),
        title=words()["title"],
        instructions=words()["instructions"],
        on_list_tools=served.list_tools,
        on_call_tool=served.call_tool,
        on_list_resources=served.list_resources,
        on_list_resource_templates=served.list_templates,
        on_read_resource=served.read_resource,
        on_list_prompts=served.list_prompts,
        on_get_prompt=served.get_prompt,
    )
    server.middleware.append(_guarded)
    return server


async def _guarded(ctx: Context, call_next: Any) -> Any:
    """What goes wrong is told in our words; of what nobody has foreseen, only that it happened leaves the machine."""
    if not ctx.method.startswith(GUARDED):
        return await call_next(ctx)
    outcome: Any
    (outcome,) = await asyncio.gather(call_next(ctx), return_exceptions=True)
    if isinstance(outcome, CopilotError):
        raise MCPError(types.INVALID_PARAMS, f"{outcome.message} → {outcome.hint}")
    if isinstance(outcome, BaseException) and not isinstance(outcome, (MCPError, ValidationError)):
        log.error("%s failed", ctx.method, exc_info=outcome)
        raise MCPError(types.INTERNAL_ERROR, words()["says"]["crashed"])
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


class _Served:
    """The handlers. Whatever takes time runs in a thread."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def list_tools(self, _: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_listed(name, tool) for name, tool in TOOLS.items()])

    async def call_tool(self, ctx: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        tool = TOOLS.get(params.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, f"没有叫 {params.name} 的工具 → 可选 {'、'.join(TOOLS)}")
        sent = "\n".join(strings(params.arguments or {}))
        try:
            limit = self.desk.copilot.settings.max_input_bytes
            if len(sent.encode("utf-8", "replace")) > 2 * limit:
                raise InputTooLargeError(f"参数超过 {2 * limit / 1_000_000:g} MB", hint="只给这次要用的")
            given = tool.arguments.model_validate(params.arguments or {})
            told = (await self._called(ctx, tool, given, sent)).told
        except ValidationError as error:
            return _failed(refused(error, params.name))
        except (CopilotError, OSError) as error:
            return _failed(await asyncio.to_thread(self.desk.failure, error, sent))
        text = in_words(told, hidden=not self.desk.names)
        return types.CallToolResult(
            content=[types.TextContent(text=text)], structured_content=told.model_dump(mode="json")
        )

    async def _called(self, ctx: Context, tool: Tool[Given], given: Given, sent: str) -> Called:
        """What comes of a call, with signs of life meanwhile."""
        heard: list[int] = []
        beating = asyncio.create_task(_beat(ctx, heard))
        try:
            return await run_apart(tool, self.desk, given, sent, lambda piece: heard.append(len(piece)))
        finally:
            beating.cancel()

    async def list_resources(
        self, _: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        cursor = (params and params.cursor) or "0"
        if not (cursor.isascii() and cursor.isdigit()):
            raise MCPError(types.INVALID_PARAMS, f"没有从 {cursor} 开始的一页 → 从头列起")
        found, following = await asyncio.to_thread(resources.page, self.desk, int(cursor))
        return types.ListResourcesResult(resources=found, next_cursor=str(following) if following else None)

    async def list_templates(
        self, _: Context, __: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(resource_templates=resources.templates())

    async def read_resource(self, _: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        text, mime_type = await asyncio.to_thread(resources.read, self.desk, params.uri)
        return types.ReadResourceResult(
            contents=[types.TextResourceContents(uri=params.uri, mime_type=mime_type, text=text)]
        )

    async def list_prompts(self, _: Context, __: types.PaginatedRequestParams | None) -> types.ListPromptsResult:
        return types.ListPromptsResult(prompts=prompts.listed())

    async def get_prompt(self, _: Context, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        return prompts.rendered(params.name, params.arguments or {})


def _listed(name: str, tool: Tool[Any]) -> types.Tool:
    told = shapes.words()["tools"][name]
    return types.Tool(
        name=name,
        title=told["title"],
        description=told["description"],
        input_schema=tool.arguments.model_json_schema(),
        output_schema=tool.told.model_json_schema(mode="serialization"),
        annotations=types.ToolAnnotations(
            title=told["title"],
            read_only_hint=tool.looks,
            destructive_hint=False,
            idempotent_hint=tool.looks,
            open_world_hint=False,
        ),
    )


async def _beat(ctx: Context, heard: Sequence[int]) -> None:
    """Signs of life while a call runs, for whoever asked for them: how long it has taken, how much a model has written."""
    say = words()["says"]
    began = monotonic()
    while True:
        await asyncio.sleep(BEAT)
        passed = round(monotonic() - began, 1)
        told = say["writing"].format(characters=sum(heard)) if heard else say["working"]
        await ctx.session.report_progress(passed, message=f"{told}（{passed:.0f} 秒）")


def _failed(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=text)], is_error=True)
