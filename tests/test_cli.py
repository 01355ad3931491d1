"""The command line: the contract of every command, what it passes on and how it shows it."""

import json
import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from copilot import console
from copilot.cli import main
from copilot.records import Citation, Conflict, Draft, Finding, Missing, Origin, Redaction, Request, SearchResult, Span
from copilot.settings import KNOWLEDGE, Settings

Run = Callable[..., subprocess.CompletedProcess[bytes]]
Call = Callable[..., subprocess.CompletedProcess[str]]
Pipe = Callable[[bytes], None]
BRIEF = "群名: 青榕里晨跑群\n现在: 2026-11-23\n事实:\n  - 时间：11月28日（周六）早上7:30\n  - 地点：河边凉亭\n  - 报名方式：群内接龙\n"
DRAFT = Draft(
    id="d1",
    kind="announcement",
    writer="offline",
    text="周六一起慢跑🏃\n地点：【待补充：集合地点】",
    structure={"notes": ["删掉了“最好玩”"]},
    missing=(Missing(key="place", question="在哪里集合？", placeholder="【待补充：集合地点】"),),
    conflicts=(
        Conflict(
            code="weekday", message="11月29日是周日", origins=(Origin(field="text", line=1, quote="11月29日（周六）"),)
        ),
    ),
    findings=(
        Finding(
            severity="warning", code="wording", message="太绝对", span=Span(start=0, end=2, text="最好"), fix="换个说法"
        ),
    ),
    citations=(Citation(source="08-activities.md", section="预告", quote="提前三天说", chunk_id="c1"),),
    request=Request(brief="x"),
    created=datetime(2026, 11, 23, tzinfo=UTC),
)


class FakeCopilot:
    """Answers at once and remembers what it was asked."""

    asked: list[tuple[Any, dict[str, Any]]] = []
    streamed: tuple[str, ...] = ()

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings.load()

    def draft(self, job: str, brief: str, **options: Any) -> Draft:
        for piece in self.streamed:
            options["on_text"](piece)
        self.asked.append((brief, options))
        return DRAFT

    def search(self, text: str, **options: Any) -> SearchResult:
        self.asked.append((text, options))
        return SearchResult(hits=(), answerable=False)

    def check(self, text: str, **options: Any) -> tuple[Finding, ...]:
        self.asked.append((text, options))
        return DRAFT.findings

    def redact(self, text: str) -> Redaction:
        return Redaction(text=text.replace("张三", "成员01"), entities=())


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeCopilot]:
    import copilot.client

    class Fake(FakeCopilot):
        asked: list[tuple[Any, dict[str, Any]]] = []

    monkeypatch.setattr(copilot.client, "Copilot", Fake)
    return Fake


class TestContracts:
    def test_a_draft_as_json_is_one_object_and_nothing_else(self, run_copilot: Run) -> None:
        done = run_copilot("draft", "announcement", "--json", "--writer", "offline", stdin=BRIEF.encode())
        assert done.returncode == 0, done.stderr.decode()
        draft = json.loads(done.stdout)
        assert {
            "kind",
            "writer",
            "text",
            "structure",
            "missing",
            "conflicts",
            "findings",
            "citations",
            "usage",
        } <= draft.keys()
        assert draft["writer"] == "offline"
        assert "11月28日" in draft["text"]
        assert done.stdout.count(b"\n") == 1

    def test_a_search_as_json_has_hits_and_says_whether_it_is_an_answer(
        self, call_copilot: Call, tmp_path: Path
    ) -> None:
        (tmp_path / "own").mkdir()
        (tmp_path / "own" / "rules.md").write_text(
            "# 群规\n\n## 广告\n\n群里不发广告，发现一次提醒，两次移出。\n", encoding="utf-8"
        )
        done = call_copilot("search", "有人发广告怎么办", "-k", "2", "--playbook", "own", "--json")
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert isinstance(found["answerable"], bool)
        assert {"chunk_id", "source", "title", "section", "text", "rules", "score"} == found["hits"][0].keys()
        assert "广告" in found["hits"][0]["text"]

    def test_check_and_redact_read_stdin(self, call_copilot: Call) -> None:
        findings = json.loads(call_copilot("check", "--json", stdin="全网最低价，不进群视为放弃！".encode()).stdout)[
            "findings"
        ]
        assert {"severity", "code", "message", "span", "rule", "quote", "fix"} <= findings[0].keys()
        redaction = json.loads(call_copilot("redact", "--json", stdin="联系13812345678".encode()).stdout)
        assert "13812345678" not in redaction["text"]
        assert redaction["entities"][0]["type"] == "PHONE"

    def test_an_index_is_absent_then_built_then_stale(self, call_copilot: Call, tmp_path: Path) -> None:
        folder = tmp_path / "own"
        folder.mkdir()
        (folder / "a.md").write_text("# 欢迎\n\n新人进群，当天有人打招呼。\n", encoding="utf-8")

        def state(action: str) -> str:
            done = call_copilot("index", action, "--playbook", str(folder), "--json")
            assert done.returncode == 0, done.stderr
            return str(json.loads(done.stdout)["state"])

        assert [state("status"), state("build"), state("status")] == ["absent", "ready", "ready"]
        (folder / "b.md").write_text("# 告别\n\n不活跃的群，提前一周说明再解散。\n", encoding="utf-8")
        assert state("status") == "stale"

    def test_doctor_names_status_and_remedy_and_shows_no_secret(
        self, call_copilot: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        secrets = {
            "OPENAI_API_KEY": "sk-very-secret",
            "OPENAI_BASE_URL": "http://user:pass-word@localhost:1/v1?token=to-ken",
        }
        for name, value in secrets.items():
            monkeypatch.setenv(name, value)
        for arguments in (["doctor"], ["doctor", "--json"]):
            done = call_copilot(*arguments)
            assert not [word for word in ("very-secret", "pass-word", "to-ken") if word in done.stdout + done.stderr]
        report = json.loads(done.stdout)
        assert all({"name", "status", "detail", "remedy"} == check.keys() for check in report["checks"])
        assert {check["status"] for check in report["checks"]} <= {"ok", "warn", "fail"}
        assert report["settings"]["openai_base_url"] == "http://localhost:1/v1"
        half = next(check for check in report["checks"] if "模型" in check["name"])
        assert half["status"] == "warn"
        assert "COPILOT_MODEL" in half["remedy"]

    def test_version_and_help_go_to_stdout(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([]) == main(["--help"]) == main(["draft", "announcement", "-h"]) == main(["--version"]) == 0
        assert capsys.readouterr().err == ""


def test_the_sample_shows_something_missing_and_a_weekday_that_is_wrong(call_copilot: Call) -> None:
    sample = KNOWLEDGE.parent / "examples" / "brief.yaml"
    draft = json.loads(call_copilot("draft", "announcement", str(sample), "--writer", "offline", "--json").stdout)
    assert draft["missing"]
    assert "周日" in draft["conflicts"][0]["message"]
    assert "600" not in draft["text"]


class TestWhatIsPassedOn:
    def test_every_option_reaches_the_copilot(self, fake: type[FakeCopilot], tmp_path: Path) -> None:
        path = tmp_path / "brief.YAML"
        path.write_text(BRIEF, encoding="utf-8")
        options = [
            "--writer=offline",
            "--platform=qq",
            "--tone=温暖",
            "--length=200",
            "--now=2026-03-02T09:00",
            "--json",
        ]
        assert main(["draft", "announcement", str(path), *options]) == 0
        brief, asked = fake.asked[0]
        assert brief == BRIEF
        assert (asked["writer"], asked["platform"], asked["tone"], asked["length"]) == ("offline", "qq", "温暖", 200)
        assert asked["suffix"] == ".YAML"
        assert asked["now"].isoformat() == "2026-03-02T09:00:00+08:00"

    def test_a_moment_of_another_zone_is_the_same_moment_here(self, fake: type[FakeCopilot], pipe: Pipe) -> None:
        pipe(b"x")
        assert main(["draft", "announcement", "--now", "2026-03-02T01:00Z"]) == 0
        assert fake.asked[0][1]["now"].isoformat() == "2026-03-02T09:00:00+08:00"

    @pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
    def test_a_file_in_any_usual_encoding_is_read(self, encoding: str, fake: type[FakeCopilot], tmp_path: Path) -> None:
        path = tmp_path / "brief.txt"
        path.write_bytes(BRIEF.encode(encoding))
        assert main(["draft", "announcement", str(path)]) == 0
        assert fake.asked[0][0] == BRIEF

    def test_a_gbk_terminal_may_ask_in_gbk(self, fake: type[FakeCopilot]) -> None:
        assert main(["search", os.fsdecode("群里没人说话怎么办".encode("gbk"))]) == 0
        assert fake.asked[0][0] == "群里没人说话怎么办"

    def test_a_file_may_be_checked_for_a_platform(self, fake: type[FakeCopilot], tmp_path: Path) -> None:
        (tmp_path / "a.md").write_text("周六见", encoding="utf-8")
        assert main(["check", str(tmp_path / "a.md"), "--platform", "qq"]) == 0
        assert fake.asked == [("周六见", {"platform": "qq"})]


class TestForPeople:
    def test_a_draft_stands_free_to_copy_and_is_followed_by_why_to_trust_it(
        self, fake: type[FakeCopilot], pipe: Pipe, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pipe(b"x")
        assert main(["draft", "announcement"]) == 0
        shown = capsys.readouterr().out
        assert f"\n{DRAFT.text}\n" in shown
        parts = [
            "缺少的信息",
            "在哪里集合？",
            "互相矛盾",
            "11月29日是周日",
            "备注",
            "最好玩",
            "检查结果",
            "太绝对",
            "依据",
            "提前三天说",
        ]
        assert [part for part in parts if part not in shown] == []
        assert "\x1b" not in shown

    def test_streamed_text_goes_to_stderr_and_steers_no_terminal(
        self, fake: type[FakeCopilot], pipe: Pipe, capsys: pytest.CaptureFixture[str]
    ) -> None:
        fake.streamed = ("周六", "\x1b[2J见")
        pipe(b"x")
        assert main(["draft", "announcement", "--json"]) == 0
        out, err = capsys.readouterr()
        assert err == "周六[2J见\n"
        assert json.loads(out)["id"] == "d1"

    def test_a_long_line_is_not_broken(self, capsys: pytest.CaptureFixture[str]) -> None:
        console.show("长" * 500, False, lambda text: [console.plain(text)])
        assert capsys.readouterr().out == "长" * 500 + "\n"

    def test_a_console_without_unicode_gets_question_marks_and_json_keeps_every_character(
        self, run_copilot: Run
    ) -> None:
        gbk = {"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}
        text = "晨跑🏃见"
        plain = run_copilot("redact", stdin=text.encode(), env=gbk)
        assert plain.returncode == 0
        assert plain.stdout.decode("gbk").strip() == "晨跑?见"
        as_json = run_copilot("redact", "--json", stdin=text.encode(), env=gbk)
        assert json.loads(as_json.stdout.decode("gbk"))["text"] == text
