"""Places that fail and bytes that are no brief: one clear line, and nothing half written."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from plain_briefs import BRIEFS, JOBS, NOW, codes, planned

from copilot import Copilot, Settings
from copilot.errors import StorageError
from copilot.exports import save_plan

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def copilot(tmp_path_factory: pytest.TempPathFactory) -> Copilot:
    return Copilot(Settings.load(home=tmp_path_factory.mktemp("home")))


class TestPlacesThatFail:
    @pytest.mark.parametrize("job", JOBS)
    def test_a_home_that_is_no_folder_costs_only_the_keeping(self, tmp_path: Path, job: str) -> None:
        (tmp_path / "home").write_text("not a folder")
        draft = Copilot(Settings.load(home=tmp_path / "home")).draft(job, BRIEFS[job], writer="offline", now=NOW)
        assert "draft-not-kept" in codes(draft)
        assert "【" in draft.text

    @pytest.mark.parametrize("job", JOBS)
    def test_a_full_disk_costs_only_the_keeping(self, tmp_path: Path, job: str) -> None:
        """A limit on the size of files stands in for a disk that fills up while the database is made."""
        code = (
            "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000));"
            "from copilot.cli import main; sys.exit(main(sys.argv[1:]))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, "draft", job, "--json", "--writer", "offline"],
            input=json.dumps(BRIEFS[job], ensure_ascii=False).encode(),
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, "COPILOT_HOME": str(tmp_path / "home"), "PYTHONDONTWRITEBYTECODE": "1"},
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        draft = json.loads(done.stdout)
        assert "draft-not-kept" in {finding["code"] for finding in draft["findings"]}
        assert draft["text"]

    def test_two_processes_that_draft_at_once_both_keep_theirs(self, tmp_path: Path) -> None:
        home = tmp_path / "home"
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "copilot.cli", "draft", job, "--json", "--writer", "offline"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, "COPILOT_HOME": str(home)},
            )
            for job in JOBS
        ]
        for job, process in zip(JOBS, running, strict=True):
            assert process.stdin
            process.stdin.write(json.dumps(BRIEFS[job], ensure_ascii=False).encode())
            process.stdin.close()
            process.stdin = None
        made = []
        for process in running:
            out, err = process.communicate(timeout=180)
            assert process.returncode == 0, err.decode()
            made.append(json.loads(out))
        assert all("draft-not-kept" not in {finding["code"] for finding in draft["findings"]} for draft in made)
        kept = Copilot(Settings.load(home=home)).store.drafts()
        assert {summary.id for summary in kept} == {draft["id"] for draft in made}


class TestSavingAPlan:
    def test_a_disk_that_fills_up_leaves_no_file_and_no_half(
        self, copilot: Copilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write = Path.write_bytes

        def full(path: Path, data: bytes) -> int:
            if "plan.md" in path.name:
                raise OSError(28, "No space left on device")
            return write(path, data)

        sheet = copilot.plan_sheet(planned(copilot))
        monkeypatch.setattr(Path, "write_bytes", full)
        with pytest.raises(StorageError, match="写不进去"):
            save_plan(sheet, tmp_path, "Asia/Shanghai")
        assert list(tmp_path.iterdir()) == []
        monkeypatch.undo()
        assert {path.name for path in save_plan(sheet, tmp_path, "Asia/Shanghai")} == {
            path.name for path in tmp_path.iterdir()
        }

    def test_hostile_words_are_no_formula_and_no_new_line_of_the_calendar(
        self, copilot: Copilot, tmp_path: Path
    ) -> None:
        draft = planned(copilot, 固定活动=["11月25日 15:00 =HYPERLINK(1)\r\nBEGIN:VEVENT"])
        save_plan(copilot.plan_sheet(draft), tmp_path, "Asia/Shanghai")
        calendar = (tmp_path / "plan.ics").read_bytes()
        assert calendar.count(b"BEGIN:VEVENT\r\n") == calendar.count(b"END:VEVENT\r\n")
        assert b'"=HYPERLINK' not in (tmp_path / "plan.csv").read_bytes()


class TestCommands:
    @pytest.mark.parametrize("job", JOBS)
    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"", "空"),
            (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "文本"),
            (b"[" * 50_000, "嵌套"),
            ("周三晚上八点讲补胎。\n".encode() * 180_000, "5 MB"),
        ],
        ids=["empty", "binary", "deep", "5 MB"],
    )
    def test_bad_bytes_are_one_line_that_says_what_to_do(
        self, call_copilot: Call, job: str, data: bytes, said: str
    ) -> None:
        done = call_copilot("draft", job, "--json", stdin=data)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert said in done.stderr
        assert json.loads(done.stdout)["error"]["hint"]

    def test_a_file_of_earlier_words_that_is_not_there_is_named(self, call_copilot: Call) -> None:
        done = call_copilot("draft", "crisis-reply", "--earlier", "没有.txt", stdin="有人摔倒".encode())
        assert done.returncode == 1
        assert "没有.txt" in done.stderr
        assert done.stdout == ""
