"""The table of tools, how a call runs beside others, and what is said to one with wrong arguments."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from pydantic import ValidationError

from copilot.outside import shapes
from copilot.outside.desk import Call, Called, Desk, Given
from copilot.records import Answer, Record, Redaction, SearchResult
from copilot.writers.base import OnText


@dataclass(frozen=True)
class Tool(Generic[Given]):
    """One tool: its arguments, what is told of its result, and what does it. `looks`: it leaves nothing behind, not even
    a kept draft.
    """

    arguments: type[Given]
    told: type[Record]
    run: Callable[[Desk, Given, Call], Called]
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


async def run_apart(
    tool: Tool[Given], desk: Desk, given: Given, sent: str = "", on_text: OnText | None = None
) -> Called:
    """A call in a thread of its own. When whoever awaits it gives up, the model's request is broken off."""
    gone = threading.Event()
    try:
        return await asyncio.to_thread(tool.run, desk, given, Call(sent, on_text, gone.is_set))
    except asyncio.CancelledError:
        gone.set()
        raise


def refused(error: ValidationError, tool: str) -> str:
    """Which arguments are wrong, and which there are; never what they held."""
    lines = []
    for one in error.errors(include_input=False, include_url=False):
        name = ".".join(str(part) for part in one["loc"])
        lines.append(f"没有 {name} 这个参数" if one["type"] == "extra_forbidden" else f"参数 {name} 不对：{one['msg']}")
    known = TOOLS[tool].arguments.model_fields
    return "\n".join([*dict.fromkeys(lines), f"→ {tool} 的参数：{'、'.join(known)}"])
