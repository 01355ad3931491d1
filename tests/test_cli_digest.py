"""`copilot digest`: what it takes, what it prints, what it keeps; and the digest as a kept draft."""

import asyncio
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import copilot
from copilot import Copilot, Settings
from copilot.cli import main
from copilot.errors import InputError, UsageError

Call = Callable[..., subprocess.CompletedProcess[str]]
Call = Callable[..., subprocess.CompletedProcess[str]]
CHAT = """领队阿岩 2026-03-06 08:02
周六外拍改到湿地北门集合，七点半出发

阿蔓 2026-03-06 10:00
请问下雨还去吗？

阿蔓 2026-03-06 15:00
再问一下下雨还去吗？
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Copilot:
    return Copilot(Settings.load(home=tmp_path_factory.mktemp("home")))


class TestTheCommand:
    def test_json_is_one_object_with_the_contract(self, call_copilot: Call) -> None:
        done = call_copilot("digest", "-", "--operator", "领队阿岩", "--group", "山风群", "--json", stdin=CHAT.encode())
        assert done.returncode == 0, done.stderr
        data = json.loads(done.stdout)
        assert data["kind"] == "digest"
        assert data["structure"]["group"] == "山风群"
        assert data["structure"]["totals"]["messages"] == 3
        assert [(one["line"], one["sender"]) for one in data["structure"]["messages"]] == [
            (1, "领队阿岩"),
            (4, "阿蔓"),
            (7, "阿蔓"),
        ]

    def test_it_prints_both_parts_and_what_to_look_at(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "群.txt"
        path.write_text(CHAT, encoding="utf-8")
        assert main(["digest", str(path), "--operator", "领队阿岩"]) == 0
        shown = capsys.readouterr().out
        assert "运营台账" in shown
        assert "3 条消息、2 位成员" in shown

    def test_it_saves_each_part_and_the_record(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path, folder = tmp_path / "群.txt", tmp_path / "日报"
        path.write_text(CHAT, encoding="utf-8")
        words = ["digest", str(path), "--save", str(folder), "--json"]
        assert main(words) == 0
        data = json.loads(capsys.readouterr().out)
        assert (folder / "desk.txt").read_text(encoding="utf-8").strip() in data["text"]
        assert json.loads((folder / "digest.json").read_text(encoding="utf-8"))["id"] == data["id"]
        assert main(words) == 2
        assert "--force" in capsys.readouterr().err
        assert main([*words, "--force"]) == 0

    @pytest.mark.parametrize(
        ("words", "code"), [(["没有.txt"], 1), (["-", "--now", "昨天"], 2), (["-", "--format", "没有这种"], 2)]
    )
    def test_what_is_wrong_is_one_line(self, words: list[str], code: int, call_copilot: Call) -> None:
        done = call_copilot("digest", *words, stdin=CHAT.encode())
        assert done.returncode == code
        assert len(done.stderr.strip().splitlines()) == 1

    def test_a_folder_with_nothing_that_can_be_read_is_a_failure(self, tmp_path: Path, call_copilot: Call) -> None:
        for name in ("甲.txt", "乙.txt"):
            (tmp_path / name).write_text("没有人说话\n", encoding="utf-8")
        done = call_copilot("digest", str(tmp_path), "--json")
        assert done.returncode == 1
        assert json.loads(done.stdout)["error"]["message"] == "一份也没读成"
        assert "甲.txt" in done.stderr
        assert "乙.txt" in done.stderr

    def test_an_earlier_digest_is_its_json(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "群.txt"
        path.write_text(CHAT, encoding="utf-8")
        assert main(["digest", str(path), "--earlier", str(path)]) == 2
        assert "日报的 JSON" in capsys.readouterr().err


class TestTheDraft:
    def test_it_is_kept_without_the_chat_and_checked_again_from_the_original(self, desk: Copilot) -> None:
        draft = desk.summarise_digest({"群名": "山风群", "运营": "领队阿岩", "聊天记录": CHAT}, writer="offline")
        stored = desk.store.draft(draft.id)
        assert stored.draft == draft
        assert stored.group == "山风群"
        assert "请问下雨还去吗" not in draft.request.model_dump_json()
        name = draft.parts[-1].name
        again = desk.recheck(draft, f"{draft.parts[-1].text}\n另收 50 元", name if len(draft.parts) > 1 else None)
        assert "untraced-money" in {finding.code for finding in again.findings}

    def test_an_original_that_is_gone_is_named(self, desk: Copilot) -> None:
        draft = desk.summarise_digest(CHAT + "\n", writer="offline")
        for path in (desk.settings.home / "originals").rglob("*.*"):
            path.unlink()
        for path in (desk.settings.home / "originals").rglob("*"):
            if path.is_file():
                path.unlink()
        with pytest.raises(InputError, match="原始聊天记录"):
            desk.recheck(draft, "x", draft.parts[0].name)

    def test_a_limit_for_briefs_does_not_bind_a_chat(self, tmp_path: Path) -> None:
        small = Copilot(Settings.load(home=tmp_path, max_input_bytes=50))
        assert small.summarise_digest(CHAT, writer="offline").structure["totals"]["messages"] == 3

    def test_asking_for_a_model_is_told_not_refused(self, desk: Copilot) -> None:
        draft = desk.summarise_digest(CHAT, writer="model")
        assert draft.writer == "offline"
        assert "model-not-configured" in {finding.code for finding in draft.findings}

    def test_it_is_a_job_like_the_others(self, desk: Copilot) -> None:
        assert desk.draft("digest", CHAT, writer="offline").kind == "digest"
        assert asyncio.run(desk.asummarise_digest(CHAT, writer="offline")).kind == "digest"
        assert "summarise_digest" in copilot.__all__

    def test_the_wrong_group_of_several_is_named(self, desk: Copilot) -> None:
        with pytest.raises((UsageError, InputError)):
            desk.summarise_digest(Path("没有这个文件夹"), group="甲群")
