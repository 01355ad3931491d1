"""Whatever goes wrong on the command line is one clear line and the right exit code."""

import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot.cli import main

Run = Callable[..., subprocess.CompletedProcess[bytes]]
Call = Callable[..., subprocess.CompletedProcess[str]]
Pipe = Callable[[bytes], None]


def one_line(text: str) -> str:
    assert "Traceback" not in text
    assert text.endswith("\n")
    assert text.count("\n") == 1, text
    return text


def fail_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every draft from now on does."""

    def draft(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr("copilot.client.Copilot.draft", draft)


class TestWhatGoesWrong:
    @pytest.mark.parametrize(
        "words",
        [
            ["draf"],
            ["draft"],
            ["draft", "announcement", "--colour", "red"],
            ["draft", "announcement", "--writer", "robot"],
            ["draft", "announcement", "--length", "0"],
            ["draft", "announcement", "-", "--now", "tomorrow"],
            ["search"],
            ["search", "x", "-k", "many"],
            ["ui", "--port", "99999"],
        ],
    )
    def test_wrong_usage_is_one_line_and_exit_2(
        self, words: list[str], pipe: Pipe, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pipe(b"x")
        assert main(words) == 2
        out, err = capsys.readouterr()
        assert "→" in one_line(err)
        assert out == ""

    def test_a_terminal_without_a_file_is_told_what_to_do(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        terminal = io.StringIO("")
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdin", terminal)
        assert main(["draft", "announcement"]) == 2
        assert "写上文件名" in one_line(capsys.readouterr().err)

    @pytest.mark.parametrize("command", [["draft", "announcement"], ["check"], ["redact"]])
    @pytest.mark.parametrize(
        ("name", "data", "named"),
        [
            ("empty.txt", b"", "空"),
            ("blank.yaml", b" \n\n", "空"),
            ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "UTF-8"),
            ("huge.txt", b"a" * 5_000_001, "COPILOT_MAX_INPUT_BYTES"),
            (None, None, "找不到文件"),
        ],
        ids=["empty", "blank", "binary", "huge", "absent"],
    )
    def test_an_unusable_file_is_one_line_and_exit_1(
        self,
        command: list[str],
        name: str | None,
        data: bytes | None,
        named: str,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        path = tmp_path / (name or "absent.txt")
        if data is not None:
            path.write_bytes(data)
        assert main([*command, str(path)]) == 1
        assert named in one_line(capsys.readouterr().err)

    def test_an_error_with_json_is_an_object_too(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check", str(tmp_path), "--json"]) == 1
        out, err = capsys.readouterr()
        assert json.loads(out)["error"]["hint"]
        one_line(err)

    def test_a_yaml_bomb_is_refused(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "bomb.yaml"
        path.write_text("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n")
        assert main(["draft", "announcement", str(path)]) == 1
        assert "引用" in one_line(capsys.readouterr().err)

    def test_an_endless_stdin_is_read_to_the_limit_only(self, run_copilot: Run) -> None:
        with Path("/dev/zero").open("rb") as endless:
            done = run_copilot("check", source=endless)
        assert done.returncode == 1
        one_line(done.stderr.decode())

    @pytest.mark.parametrize(
        ("variables", "named"),
        [
            ({"COPILOT_MODLE": "x"}, "COPILOT_MODLE"),
            ({"COPILOT_WRITER": "robot"}, "COPILOT_WRITER"),
            ({"COPILOT_SETTINGS": "absent.toml"}, "absent.toml"),
            ({"COPILOT_SETTINGS": "broken.toml"}, "TOML"),
        ],
    )
    def test_broken_settings_are_wrong_usage(
        self,
        variables: dict[str, str],
        named: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "broken.toml").write_text("model = [")
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        for command in (["doctor"], ["search", "x"], ["check"], ["index", "status"]):
            assert main(command) == 2
            assert named in one_line(capsys.readouterr().err)

    def test_a_home_that_cannot_be_written_costs_the_index_only(
        self, call_copilot: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("not a folder")
        monkeypatch.setenv("COPILOT_HOME", str(tmp_path / "file" / "home"))
        assert json.loads(call_copilot("search", "怎么写活动预告", "--json").stdout)["hits"]
        (tmp_path / "own").mkdir()
        (tmp_path / "own" / "a.md").write_text("# 群规\n\n群里不发广告。\n", encoding="utf-8")
        own = call_copilot("search", "广告", "--playbook", "own")
        assert own.returncode == 1
        assert "COPILOT_HOME" in one_line(own.stderr)
        draft = call_copilot(
            "draft", "announcement", "--json", stdin="事实:\n  - 时间：11月28日（周六）早上7:30\n".encode()
        )
        assert draft.returncode == 0
        assert "11月28日" in json.loads(draft.stdout)["text"]
        report = json.loads(call_copilot("doctor", "--json").stdout)
        assert [check["name"] for check in report["checks"] if check["status"] == "fail"] == ["数据目录"]

    @pytest.mark.parametrize("unbuffered", ["", "1"])
    def test_a_full_disk_under_stdout_is_named(self, unbuffered: str, run_copilot: Run) -> None:
        with Path("/dev/full").open("wb") as full:
            for options in ([], ["--json"]):
                done = run_copilot("redact", *options, stdin=b"x", stdout=full, env={"PYTHONUNBUFFERED": unbuffered})
                assert done.returncode == 1
                assert "磁盘" in one_line(done.stderr.decode())

    @pytest.mark.parametrize("unbuffered", ["", "1"])
    def test_a_reader_that_leaves_early_gets_no_complaint(self, unbuffered: str, run_copilot: Run) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        done = run_copilot("redact", stdin=b"x" * 200_000, stdout=writing, env={"PYTHONUNBUFFERED": unbuffered})
        os.close(writing)
        assert done.returncode == 1
        assert done.stderr == b""

    def test_a_port_in_use_is_named_before_anything_is_started(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            assert main(["ui", "--host", "127.0.0.1", "--port", str(port)]) == 2
        assert str(port) in one_line(capsys.readouterr().err)

    def test_an_interrupt_is_one_line(
        self, monkeypatch: pytest.MonkeyPatch, pipe: Pipe, capsys: pytest.CaptureFixture[str]
    ) -> None:
        fail_with(KeyboardInterrupt(), monkeypatch)
        pipe(b"x")
        assert main(["draft", "announcement"]) == 130
        assert one_line(capsys.readouterr().err) == "已中断\n"

    def test_an_error_of_the_system_names_the_place(
        self, monkeypatch: pytest.MonkeyPatch, pipe: Pipe, capsys: pytest.CaptureFixture[str]
    ) -> None:
        fail_with(OSError(28, "No space left on device", "/data/drafts.db"), monkeypatch)
        pipe(b"x")
        assert main(["draft", "announcement"]) == 1
        assert "/data/drafts.db" in one_line(capsys.readouterr().err)
