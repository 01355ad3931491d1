"""`copilot learn`: what the edits show, agreed to or refused by its id."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from databases import make_draft

from copilot.cli import main
from copilot.records import Part
from copilot.settings import Settings
from copilot.store import Store

TEXT = "各位书友好，{number}号见。\n想来的接龙。"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("COPILOT_HOME", str(tmp_path / "home"))
    made = Store(Settings.load())
    for number in range(3):
        text = TEXT.format(number=number)
        part = Part(name="announcement", text=text)
        made.keep(make_draft(f"d{number}", kind="announcement", text=text, parts=(part,)), group="换书群")
        made.mark_sent(f"d{number}", text.replace("各位书友好，", "大家好，"))
    yield made
    made.close()


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    def run(*words: str, code: int = 0) -> Any:
        assert main(["learn", *words, "--json"]) == code
        return json.loads(capsys.readouterr().out)

    return run


def test_a_proposal_is_listed_with_its_receipts_and_agreed_to(store: Store, told: Callable[..., Any]) -> None:
    (one,) = told()["proposals"]
    assert one["habit"]["new"] == "大家好，"
    assert [row["draft"] for row in one["receipts"]] == ["d2", "d1", "d0"]
    assert told("--group", "别的群")["proposals"] == []
    assert told("accept", one["habit"]["id"])["kept"] is True
    answer = told("--group", "换书群")
    assert answer["proposals"] == []
    assert [(row["habit"]["id"], row["kept"]) for row in answer["decided"]] == [(one["habit"]["id"], True)]
    assert told("refuse", one["habit"]["id"])["kept"] is False


def test_an_unknown_id_fails_with_the_way_to_find_one(store: Store, told: Callable[..., Any]) -> None:
    assert "copilot learn" in told("accept", "nothing", code=1)["error"]["hint"]


def test_a_person_reads_what_was_seen_and_what_would_be_kept(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn"]) == 0
    out = capsys.readouterr().out
    assert "您总把开头的称呼改成“大家好，”" in out
    assert "记进换书群的写法" in out
    assert "各位书友好， → 大家好，" in out
