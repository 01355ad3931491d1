"""The server: what it lists, how a call runs and how it fails. Transports are in `serving`."""

import asyncio
import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from time import monotonic
from typing import Any, Generic, TypeVar

from mcp import MCPError, types
from mcp.server import Server, ServerRequestContext
from pydantic import ValidationError

from copilot.errors import CopilotError, InputTooLargeError
from copilot.mcp_server import prompts, resources, shapes
from copilot.mcp_server.desk import Desk, Watch
from copilot.mcp_server.telling import in_words
from copilot.records import Answer, Record, Redaction, SearchResult

log = logging.getLogger(__name__)
BEAT = 1.0  # seconds between two signs of life of a long call
GUARDED = ("tools/", "resources/", "prompts/")
Given = TypeVar("Given", bound=Record)
Context = ServerRequestContext[Any, Any]


@dataclass(frozen=True)
class Tool(Generic[Given]):
    """One tool: its arguments, its result, and what does it. `looks`: it leaves nothing behind, not even a kept draft."""

    arguments: type[Given]
    result: type[Record]
    run: Callable[[Desk, Given, Watch], Record]
    looks: bool = True


TOOLS: dict[str, Tool[Any]] = {
    "draft_announcement": Tool(shapes.Announcing, shapes.Told, Desk.announcement, looks=False),
    "draft_weekly_plan": Tool(shapes.Drafting, shapes.Told, Desk.weekly_plan, looks=False),
    "draft_crisis_reply": Tool(shapes.Replying, shapes.Told, Desk.crisis_reply, looks=False),
    "summarise_digest": Tool(shapes.Digesting, shapes.Told, Desk.digest, looks=False),
    "ask": Tool(shapes.Asking, Answer, Desk.ask),
    "search": Tool(shapes.Searching, SearchResult, Desk.search),
    "check": Tool(shapes.Checking, shapes.Checked, Desk.check),
    "redact": Tool(shapes.Reading, Redaction, Desk.redact),
    "suspicious": Tool(shapes.Reading, shapes.Suspicion, Desk.suspicious),
}


def build(desk: Desk) -> Server[Any]:
    """The server with everything that this desk can do."""
    served = _Served(desk)
    server: Server[Any] = Server(
        "operator-copilot",
        version=version("copilot"),
        title=shapes.words()["title"],
        instructions=shapes.words()["instructions"],
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
        raise MCPError(types.INTERNAL_ERROR, shapes.words()["says"]["crashed"])
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
        sent = json.dumps(params.arguments or {}, ensure_ascii=False)
        try:
            limit = self.desk.copilot.settings.max_input_bytes
            if len(sent.encode("utf-8", "replace")) > 2 * limit:
                raise InputTooLargeError(f"参数超过 {2 * limit / 1_000_000:g} MB", hint="只给这次要用的")
            given = tool.arguments.model_validate(params.arguments or {})
            result = await self._done(ctx, tool, given)
        except ValidationError as error:
            return _failed(_refused(error, params.name))
        except (CopilotError, OSError) as error:
            return _failed(await asyncio.to_thread(self.desk.said, _told(error), sent))
        text = in_words(result, hidden=not self.desk.names)
        return types.CallToolResult(
            content=[types.TextContent(text=text)], structured_content=result.model_dump(mode="json")
        )

    async def _done(self, ctx: Context, tool: Tool[Given], given: Given) -> Record:
        """What the tool makes, in a thread of its own. When the call is given up, the model's request is broken off."""
        gone = threading.Event()
        heard: list[int] = []
        watch = Watch(lambda piece: heard.append(len(piece)), gone.is_set)
        beating = asyncio.create_task(_beat(ctx, heard))
        try:
            return await asyncio.to_thread(tool.run, self.desk, given, watch)
        except asyncio.CancelledError:
            gone.set()
            raise
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
        output_schema=tool.result.model_json_schema(mode="serialization"),
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
    say = shapes.words()["says"]
    began = monotonic()
    while True:
        await asyncio.sleep(BEAT)
        passed = round(monotonic() - began, 1)
        told = say["writing"].format(characters=sum(heard)) if heard else say["working"]
        await ctx.session.report_progress(passed, message=f"{told}（{passed:.0f} 秒）")


def _failed(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=text)], is_error=True)


def _told(error: CopilotError | OSError) -> str:
    """An error and what to do about it."""
    if isinstance(error, OSError):
        return f"读写失败：{error.strerror} → 检查磁盘空间和权限"
    again = shapes.words()["says"]["again"] if error.retryable else ""
    return f"{error.message}\n→ {error.hint}{again}"


def _refused(error: ValidationError, tool: str) -> str:
    """Which arguments are wrong, and which there are; never what they held."""
    known = TOOLS[tool].arguments.model_fields
    lines = []
    for one in error.errors(include_input=False, include_url=False):
        name = ".".join(str(part) for part in one["loc"])
        lines.append(f"没有 {name} 这个参数" if one["type"] == "extra_forbidden" else f"参数 {name} 不对：{one['msg']}")
    return "\n".join([*dict.fromkeys(lines), f"→ {tool} 的参数：{'、'.join(known)}"])
