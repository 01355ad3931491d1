"""`copilot chat`: one turn, a turn more, the list, and a loop on a terminal."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Call = Callable[..., subprocess.CompletedProcess[str]]
BRIEF = "帮我写个通知：周六晚上8点线上分享会，王老师讲育儿，免费，在群里接龙报名"


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of this test's own."""
    monkeypatch.setenv("COPILOT_DATABASE_URL", f"sqlite:///{tmp_path / 'drafts.db'}")


def test_one_turn_goes_on_in_the_next_and_both_are_found(call_copilot: Call) -> None:
    first = call_copilot("chat", BRIEF, "--now", "2026-11-23T09:00", "--json")
    assert first.returncode == 0, first.stderr
    reply = json.loads(first.stdout)
    assert reply["turn"]["missing"][0]["key"] == "deadline"
    assert "线上分享会" in reply["drafts"][0]["text"]
    assert "写公告" in first.stderr
    again = call_copilot("chat", "不是8点是7点半", "--in", reply["conversation"][:6], "--now", "2026-11-23T09:00")
    assert "晚上7点半" in again.stdout
    listed = json.loads(call_copilot("chat", "--list", "分享会", "--json").stdout)
    assert [(row["id"], row["turns"]) for row in listed["conversations"]] == [(reply["conversation"], 4)]
    assert "没有对话" in call_copilot("chat", "--list", "没说过的").stdout


def test_a_chat_is_piped_in(call_copilot: Call) -> None:
    chat = "小栗 10:02\n明天几点集合？\n阿蒙 10:05\n八点半北门\n小栗 10:06\n押金什么时候退呀\n"
    done = call_copilot("chat", "-", "--json", stdin=chat.encode())
    assert json.loads(done.stdout)["drafts"][0]["kind"] == "digest"


def test_wrong_use_is_told_in_one_line(call_copilot: Call) -> None:
    silent = call_copilot("chat", "--json")
    assert silent.returncode == 2
    assert "没有说话" in json.loads(silent.stdout)["error"]["message"]
    unknown = call_copilot("chat", "你好", "--in", "nowhere")
    assert unknown.returncode == 1
    assert "copilot chat --list" in unknown.stderr


def test_on_a_terminal_it_is_a_loop() -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "copilot.cli", "chat"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    os.write(ours, "你好\n谢谢\n\n".encode())
    out, err = process.communicate(timeout=120)
    os.close(ours)
    assert process.returncode == 0, err.decode()
    assert "我只起草" in out.decode()
    assert "不客气" in out.decode()
    assert "copilot chat --in" in err.decode()
