"""A prompt for each job: what an operator picks from an assistant's menu and fills in."""

from functools import cache
from typing import Any

from mcp import MCPError, types

from copilot.lore import load_yaml
from copilot.writers.prompts import escape


@cache
def words() -> dict[str, Any]:
    """`mcp.yaml`: what assistants read beside the tools."""
    found: dict[str, Any] = load_yaml("mcp.yaml")
    return found


def listed() -> list[types.Prompt]:
    """The prompts with what each asks for."""
    return [
        types.Prompt(
            name=name,
            title=told["title"],
            description=told["description"],
            arguments=[
                types.PromptArgument(name=one, description=about, required=one in told.get("required", ()))
                for one, about in told["arguments"].items()
            ],
        )
        for name, told in words()["prompts"].items()
    ]


def rendered(name: str, given: dict[str, str]) -> types.GetPromptResult:
    """A prompt with what was filled in, each piece in a tag of its own: it is material, whatever it says."""
    told: dict[str, Any] | None = words()["prompts"].get(name)
    if told is None:
        raise MCPError(types.INVALID_PARAMS, f"没有叫 {name} 的提示 → 可选 {'、'.join(words()['prompts'])}")
    unknown = [one for one in given if one not in told["arguments"]]
    absent = [one for one in told.get("required", ()) if not given.get(one, "").strip()]
    if unknown or absent:
        wrong = f"没有 {'、'.join(unknown)} 这一项" if unknown else f"没有填 {'、'.join(absent)}"
        raise MCPError(types.INVALID_PARAMS, f"{wrong} → 要填的：{'、'.join(told['arguments'])}")
    pieces = [f"<{one}>\n{escape(value)}\n</{one}>" for one, value in given.items() if value.strip()]
    text = "\n\n".join([told["text"].strip(), *pieces])
    return types.GetPromptResult(
        description=told["description"],
        messages=[types.PromptMessage(role="user", content=types.TextContent(text=text))],
    )
