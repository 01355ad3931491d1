"""`copilot chat`: one turn, a turn more, the list, and a loop on a terminal."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., subprocess.CompletedProcess[bytes]]
BRIEF = "帮我写个通知：周六晚上8点线上分享会，王老师讲育儿，免费，在群里接龙报名"


def database(tmp_path: Path) -> dict[str, str]:
    return {"COPILOT_DATABASE_URL": f"sqlite:///{tmp_path / 'drafts.db'}"}


def test_one_turn_goes_on_in_the_next_and_both_are_found(run_copilot: Run, tmp_path: Path) -> None:
    env = database(tmp_path)
    first = run_copilot("chat", BRIEF, "--now", "2026-11-23T09:00", "--json", env=env)
    assert first.returncode == 0, first.stderr.decode()
    reply = json.loads(first.stdout)
    assert reply["turn"]["missing"][0]["key"] == "deadline"
    assert "线上分享会" in reply["drafts"][0]["text"]
    assert "写公告" in first.stderr.decode()
    again = run_copilot(
        "chat", "不是8点是7点半", "--in", reply["conversation"][:6], "--now", "2026-11-23T09:00", env=env
    )
    assert "晚上7点半" in again.stdout.decode()
    listed = json.loads(run_copilot("chat", "--list", "分享会", "--json", env=env).stdout)
    assert [(row["id"], row["turns"]) for row in listed["conversations"]] == [(reply["conversation"], 4)]
    assert "没有对话" in run_copilot("chat", "--list", "没说过的", env=env).stdout.decode()


def test_a_chat_is_piped_in(run_copilot: Run, tmp_path: Path) -> None:
    chat = "小栗 10:02\n明天几点集合？\n阿蒙 10:05\n八点半北门\n小栗 10:06\n押金什么时候退呀\n"
    done = run_copilot("chat", "-", "--json", stdin=chat.encode(), env=database(tmp_path))
    assert json.loads(done.stdout)["drafts"][0]["kind"] == "digest"


def test_wrong_use_is_told_in_one_line(run_copilot: Run, tmp_path: Path) -> None:
    silent = run_copilot("chat", "--json", env=database(tmp_path))
    assert silent.returncode == 2
    assert "没有说话" in json.loads(silent.stdout)["error"]["message"]
    unknown = run_copilot("chat", "你好", "--in", "nowhere", env=database(tmp_path))
    assert unknown.returncode == 1
    assert "copilot chat --list" in unknown.stderr.decode()


def test_on_a_terminal_it_is_a_loop(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    env = {**os.environ, **database(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-m", "copilot.cli", "chat"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=env,
    )
    os.close(theirs)
    os.write(ours, "你好\n谢谢\n\n".encode())
    out, err = process.communicate(timeout=120)
    os.close(ours)
    assert process.returncode == 0, err.decode()
    assert "我只起草" in out.decode()
    assert "不客气" in out.decode()
    assert "copilot chat --in" in err.decode()
