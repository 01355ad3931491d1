"""The command `copilot eval`."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import ChatEndpoint
from market_stall import STALL, rhyming, rhyming_prompts

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    return rhyming_prompts(tmp_path)


def test_the_command_prints_a_table_its_totals_and_what_speaks_against_a_draft(
    call_copilot: Call, tmp_path: Path
) -> None:
    rows = [STALL, {**STALL, "id": "hopeful", "must": ["带伞"]}]
    (tmp_path / "two.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    done = call_copilot("eval", "two.json", "--writer", "offline")
    said = done.stdout
    assert done.returncode == 0, done.stderr
    assert "stall" in said
    assert "该有没有：带伞" in said
    assert "共 2 个：1 个没有问题" in said
    assert "[2/2] hopeful · 离线" in done.stderr


def test_the_command_prints_one_object_for_programs_and_runs_only_what_is_asked_for(
    call_copilot: Call, tmp_path: Path
) -> None:
    rows = [STALL, {**STALL, "id": "other"}]
    stdin = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
    done = call_copilot(
        "eval", "-", "--only", "other", "--writer", "offline", "--out", "kept.jsonl", "--json", stdin=stdin
    )
    value = json.loads(done.stdout)
    assert [one["scenario"] for one in value["sides"][0]["results"]] == ["other"]
    assert value["sides"][0]["totals"]["sound"] == 1
    assert (tmp_path / "kept.jsonl").is_file()
    again = call_copilot(
        "eval", "-", "--only", "other", "--writer", "offline", "--out", "kept.jsonl", "--json", stdin=stdin
    )
    assert json.loads(again.stdout)["sides"][0]["results"][0]["resumed"]


def test_the_command_lists_what_only_a_reader_can_judge(call_copilot: Call) -> None:
    row = {"id": "p", "task": "announcement", "inputs": STALL["brief"], "must": ["读着亲切"], "must_not": ["催促"]}
    done = call_copilot("eval", "-", "--writer", "offline", stdin=json.dumps(row).encode())
    said = done.stdout
    assert "程序判断不了" in said
    assert "要：读着亲切" in said
    assert "不要：催促" in said


def test_the_command_shows_two_folders_of_prompts_and_their_differences(
    call_copilot: Call, edited: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.json").write_text(json.dumps(STALL, ensure_ascii=False), encoding="utf-8")
    with ChatEndpoint(answer=rhyming) as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        monkeypatch.setenv("COPILOT_MODEL", "stub")
        done = call_copilot("eval", "one.json", "--against", str(edited))
    said = done.stdout
    assert done.returncode == 0, done.stderr
    assert "改了的提示词：announcement.system.v99.jinja" in said
    assert "- 周日的市集照常，欢迎各位摊主来。" in said
    assert "+ 周日小广场，等你来出摊。" in said


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("eval", "nowhere.yaml"), 1, "找不到文件"),
        (("eval", "one.json", "--only", "nobody"), 2, "没有叫 nobody 的场景"),
        (("eval", "one.json", "--prompts", "nowhere"), 2, "没有提示词文件夹"),
        (("eval", "one.json", "--writer", "model"), 1, "没有配置模型"),
    ],
)
def test_the_command_fails_in_one_line_that_names_the_fix(
    call_copilot: Call, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "one.json").write_text(json.dumps(STALL, ensure_ascii=False), encoding="utf-8")
    done = call_copilot(*arguments)
    (line,) = done.stderr.splitlines()
    assert done.returncode == code
    assert said in line
    assert " → " in line
