"""What docs/mcp.md says about connecting is true, and both languages say the same."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from copilot.cli import app
from copilot.mcp_server.prompts import words as mcp_words
from copilot.outside.shapes import words
from copilot.outside.tools import TOOLS

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = {name: (DOCS / name).read_text(encoding="utf-8") for name in ("mcp.md", "mcp.zh-CN.md")}


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGES[page], flags=re.DOTALL)


def parsed(arguments: list[str]) -> None:
    """Raises where `copilot` does not know such a command or option."""
    root: Any = get_command(app)
    name, *options = arguments
    known = {spelling for one in root.commands[name].params for spelling in one.opts}
    assert [word for word in options if word.startswith("--") and word not in known] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_configuration_can_be_read_and_starts_what_there_is(page: str) -> None:
    configurations = [json.loads(block) for block in blocks(page, "json")]
    assert len(configurations) == 8
    for one in configurations:
        (server,) = (one.get("servers") or one["mcpServers"]).values()
        if "command" in server:
            assert server["command"].endswith("/copilot")
            parsed(server["args"])
        else:
            assert (server.get("url") or server["baseUrl"]).endswith(":8765/mcp")
            assert server["headers"]["Authorization"].startswith("Bearer ")


@pytest.mark.parametrize("page", PAGES)
def test_every_command_is_one(page: str) -> None:
    lines = [line for block in blocks(page, "bash") for line in block.splitlines() if re.search(r"copilot mcp\b", line)]
    assert len(lines) == 3
    for line in lines:
        parsed(["mcp", *line.rpartition("copilot mcp")[2].split()])


@pytest.mark.parametrize("page", PAGES)
def test_every_tool_and_address_is_named(page: str) -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGES[page], flags=re.MULTILINE) == list(TOOLS)
    assert [address for address in mcp_words()["resources"] if f"`{address}`" not in PAGES[page]] == []


def test_both_languages_show_the_same_configurations() -> None:
    bare = [[re.sub(r"YOUR-TOKEN|你的令牌", "", block) for block in blocks(page, "json")] for page in PAGES]
    assert bare[0] == bare[1]
    assert blocks("mcp.md", "bash") == blocks("mcp.zh-CN.md", "bash")


def test_what_assistants_read_names_every_tool_and_only_arguments_that_there_are() -> None:
    assert list(words()["tools"]) == list(TOOLS)
    for tool in TOOLS.values():
        assert all(field.description for field in tool.arguments.model_fields.values())


def test_every_word_that_assistants_read_is_used() -> None:
    folders = [DOCS.parent / "copilot" / name for name in ("outside", "mcp_server", "integrations")]
    code = "".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.glob("*.py"))
    read = [*words(), *words()["says"], *words()["arguments"], *mcp_words(), *mcp_words()["says"]]
    assert [name for name in read if f'"{name}"' not in code] == []


@pytest.mark.parametrize("name", ["outside.yaml", "mcp.yaml"])
def test_the_file_of_words_holds_no_key_twice(name: str) -> None:
    node = yaml.compose((DOCS.parent / "knowledge" / name).read_text(encoding="utf-8"))
    assert isinstance(node, yaml.MappingNode)
    for _, part in node.value:
        if isinstance(part, yaml.MappingNode):
            keys = [key.value for key, _ in part.value]
            assert len(keys) == len(set(keys))
