"""The README is true: its commands run, its Python runs, and both languages say the same."""

import contextlib
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from databases import make_draft

from copilot import Copilot, Settings
from copilot.facts.profiles import read_profile
from copilot.store import Store

ROOT = Path(__file__).resolve().parent.parent
READMES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")}
Call = Callable[..., subprocess.CompletedProcess[str]]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def commands(text: str) -> list[str]:
    lines = [line.split("  #")[0].strip() for block in blocks(text, "bash") for line in block.splitlines()]
    return [line for line in lines if line]


@pytest.fixture
def kept() -> str:
    """The start of a kept draft's id; a group is kept too."""
    with contextlib.closing(Store(Settings.load())) as store:
        store.keep(make_draft("a1b2c3"))
        store.save_group(read_profile((ROOT / "examples" / "group.yaml").read_text(encoding="utf-8")))
    return "a1b2"


@pytest.mark.parametrize("command", [line for line in commands(READMES["README.md"]) if "copilot " in line])
def test_every_copilot_command_of_the_readme_runs(command: str, call_copilot: Call, tmp_path: Path, kept: str) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / "edited.txt").write_text("周六一起慢跑，凉亭见\n", encoding="utf-8")
    (tmp_path / "my-playbook").mkdir()
    (tmp_path / "my-playbook" / "welcome.md").write_text(
        "# 迎新\n\n## 新人进群\n\n新人进群当天有人打招呼。\n", encoding="utf-8"
    )
    piped = re.fullmatch(r'echo "(.*)" \| copilot (.*)', command)
    words = (piped[2] if piped else command.removeprefix("copilot ")).replace('"', " ").split()
    if quoted := re.search(r'copilot search "(.*?)"(.*)', command):
        words = ["search", quoted[1], *quoted[2].split()]
    of_digest = (
        words[0] == "handoff" and Copilot().summarise_digest(ROOT / "examples" / "chat.txt", writer="offline").id
    )
    words = [(of_digest or kept) if word == "ID" else word for word in words]
    if any(word.startswith("documents/") for word in words):  # what was added by the command before it
        assert call_copilot("index", "add", "examples/documents").returncode == 0
    done = call_copilot(*words, stdin=f"{piped[1]}\n".encode() if piped else b"")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("command", [line for line in commands(READMES["README.md"]) if line.startswith("make ")])
def test_every_make_target_of_the_readme_is_there(command: str) -> None:
    done = subprocess.run(
        ["make", "--dry-run", command.split()[1]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", READMES)
def test_the_python_of_the_readme_runs(name: str) -> None:
    (code,) = blocks(READMES[name], "python")
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(code, name, "exec"), {"__name__": "readme"})
    assert "东湖北门" in out.getvalue()


def test_the_variables_of_the_readme_are_settings() -> None:
    known = {"OPENAI_API_KEY", "OPENAI_BASE_URL"} | {f"COPILOT_{field.upper()}" for field in Settings.model_fields}
    exported = {line.split()[1].split("=")[0] for line in commands(READMES["README.md"]) if line.startswith("export ")}
    assert exported
    assert exported <= known


def test_both_languages_show_the_same_commands_links_and_headings() -> None:
    english, chinese = READMES.values()
    assert commands(english) == commands(chinese)
    assert blocks(english, "python") == blocks(chinese, "python")
    assert len(re.findall(r"^#+ ", english, flags=re.MULTILINE)) == len(
        re.findall(r"^#+ ", chinese, flags=re.MULTILINE)
    )


@pytest.mark.parametrize("name", READMES)
def test_every_local_link_leads_somewhere(name: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", READMES[name]):
        assert (ROOT / target).exists(), target
