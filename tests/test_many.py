"""Many groups in one go: what is done is kept, a bad file costs only itself, a killed run goes on where it was."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot import Copilot, Settings
from copilot.cli import main
from copilot.errors import EmptyInputError, StorageError, UsageError
from copilot.many import digest_many, sources_in

Run = Callable[..., subprocess.CompletedProcess[bytes]]
COMPLAINT = "三号烘干机又坏了，衣服洗完湿着拿回家，没人管"


def chat(group: str, *extra: tuple[str, str]) -> str:
    rows = [("店员小禾", "今天洗衣房照常开到 22:00"), ("阿绿", "请问烘干卡在哪里充值？"), *extra]
    lines = [f"{who} 2026-06-0{1 + n // 9} 09:{n + 10}:00\n{words}\n" for n, (who, words) in enumerate(rows)]
    return f'微信群"{group}"的聊天记录如下:\n\n' + "\n".join(lines)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "导出"
    place.mkdir()
    for name in ("东门", "西门", "南门"):
        (place / f"{name}.txt").write_text(chat(f"{name}洗衣房群", ("阿绿", COMPLAINT)), encoding="utf-8")
    return place


@pytest.fixture
def desk(tmp_path: Path) -> Copilot:
    return Copilot(Settings.load(home=tmp_path / "home"))


class TestARun:
    def test_each_file_is_a_group_and_the_overview_counts_people_once(self, desk: Copilot, folder: Path) -> None:
        done = digest_many(desk, [folder], writer="offline")
        assert {one.group for one in done.groups} == {"东门洗衣房群", "西门洗衣房群", "南门洗衣房群"}
        assert done.overview.totals["messages"] == 9
        assert done.overview.totals["members"] == 2
        shared = next(one for one in done.overview.shared if one.kind == "complaint")
        assert (len(shared.groups), shared.people, shared.by_name) == (3, 1, True)

    def test_a_bad_file_costs_only_itself_and_is_listed(self, desk: Copilot, folder: Path) -> None:
        (folder / "坏.txt").write_bytes(b"\x00\x01\x02\xff\xfe")
        (folder / "空.txt").write_text("", encoding="utf-8")
        done = digest_many(desk, [folder, folder / "没有这个.txt"], writer="offline")
        assert len(done.groups) == 3
        assert {Path(one.source).name for one in done.failed} == {"坏.txt", "空.txt", "没有这个.txt"}
        assert all(one.message and one.hint for one in done.failed)
        assert done.overview.totals["failed"] == 3

    def test_an_archive_of_several_chats_is_several_groups(self, desk: Copilot, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "全部.zip", "w") as archive:
            for name in ("一", "二"):
                archive.writestr(f"{name}.txt", chat(f"{name}号洗衣房群"))
        done = digest_many(desk, [tmp_path / "全部.zip"], writer="offline")
        assert [one.group for one in done.groups] == ["一号洗衣房群", "二号洗衣房群"]
        assert [one.totals.messages for one in done.groups] == [2, 2]

    def test_a_chat_without_a_name_in_an_archive_is_a_group_too(self, desk: Copilot, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr("x/甲.txt", chat("总群"))
            archive.writestr("y/乙.txt", "阿丁 2026-06-01 09:00\n早上好\n\n阿戊 2026-06-01 09:02\n早\n")
        done = digest_many(desk, [tmp_path / "a.zip"], writer="offline")
        assert sorted((one.group, one.totals.messages) for one in done.groups) == [("乙", 2), ("总群", 2)]

    def test_the_same_content_twice_counts_once_and_that_is_said(self, desk: Copilot, folder: Path) -> None:
        (folder / "东门 副本.txt").write_bytes((folder / "东门.txt").read_bytes())
        done = digest_many(desk, [folder], writer="offline")
        assert len(done.groups) == 3
        assert "内容一样，只算一次" in done.notes[0]

    def test_nothing_to_read_and_a_group_name_are_refused(self, desk: Copilot, tmp_path: Path) -> None:
        (tmp_path / "空").mkdir()
        with pytest.raises(EmptyInputError):
            digest_many(desk, [tmp_path / "空"])
        with pytest.raises(UsageError):
            digest_many(desk, [tmp_path], group="某群")

    def test_a_programs_own_folder_is_one_source(self, tmp_path: Path) -> None:
        (tmp_path / "users.json").write_text("[]")
        (tmp_path / "general").mkdir()
        assert sources_in([tmp_path]) == (tmp_path,)


class TestGoingOn:
    def test_a_second_run_does_only_what_is_left(self, desk: Copilot, folder: Path) -> None:
        first = digest_many(desk, [folder / "东门.txt"], writer="offline")
        second = digest_many(desk, [folder], writer="offline")
        assert second.resumed == 1
        assert first.groups[0].id in {one.id for one in second.groups}

    def test_other_options_or_other_content_are_done_anew(self, desk: Copilot, folder: Path) -> None:
        digest_many(desk, [folder / "东门.txt"], writer="offline")
        assert digest_many(desk, [folder / "东门.txt"], writer="offline", operator="店员小禾").resumed == 0
        with (folder / "东门.txt").open("a", encoding="utf-8") as stream:
            stream.write("\n阿绿 2026-06-02 10:00:00\n好了\n")
        assert digest_many(desk, [folder / "东门.txt"], writer="offline").resumed == 0

    def test_what_is_no_longer_in_the_history_is_done_again(self, desk: Copilot, folder: Path) -> None:
        first = digest_many(desk, [folder / "东门.txt"], writer="offline")
        desk.store.delete(first.groups[0].id)
        assert digest_many(desk, [folder / "东门.txt"], writer="offline").resumed == 0

    def test_damaged_progress_is_done_again(self, desk: Copilot, folder: Path, tmp_path: Path) -> None:
        digest_many(desk, [folder], writer="offline")
        kept = sorted((tmp_path / "home" / "many").rglob("0.json"))
        kept[0].write_bytes(b'{"id": "cut')
        assert digest_many(desk, [folder], writer="offline").resumed == 2

    def test_a_killed_run_goes_on_where_it_was(self, folder: Path, tmp_path: Path, run_copilot: Run) -> None:
        for number in range(8):
            (folder / f"群{number}.txt").write_text(chat(f"{number}号群"), encoding="utf-8")
        env = {**os.environ, "COPILOT_HOME": str(tmp_path / "home")}
        words = ["digest", str(folder), "--writer", "offline", "--save", str(tmp_path / "日报"), "--json"]
        running = subprocess.Popen(
            [sys.executable, "-m", "copilot.cli", *words], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        waited = time.monotonic() + 120
        while len(list((tmp_path / "home" / "many").rglob("chats.json"))) < 2 and time.monotonic() < waited:
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        done = len(list((tmp_path / "home" / "many").rglob("chats.json")))
        assert 2 <= done < 11
        again = run_copilot(*words, env={"COPILOT_HOME": str(tmp_path / "home")})
        assert again.returncode == 0, again.stderr.decode()
        data = json.loads(again.stdout)
        assert len(data["groups"]) == 11
        assert data["resumed"] >= done
        assert f"{data['resumed']} 个群上次已经做完" in again.stderr.decode()
        assert not list((tmp_path / "日报").rglob(".part-*"))
        assert all((Path(one["path"]) / "digest.json").is_file() for one in data["groups"])


class TestSaving:
    def test_each_group_has_its_folder_beside_the_overview(self, desk: Copilot, folder: Path, tmp_path: Path) -> None:
        done = digest_many(desk, [folder], save=tmp_path / "日报", writer="offline")
        assert {Path(one.path).name for one in done.groups} == {"东门洗衣房群", "西门洗衣房群", "南门洗衣房群"}
        assert (tmp_path / "日报" / "东门洗衣房群" / "desk.txt").read_text(encoding="utf-8").startswith("一句话")
        assert (tmp_path / "日报" / "overview.txt").read_text(encoding="utf-8").strip() == done.overview.text
        assert json.loads((tmp_path / "日报" / "overview.json").read_bytes())["groups"][0]["id"] == done.groups[0].id

    def test_names_no_folder_may_have_and_equal_names_are_told_apart(self, desk: Copilot, tmp_path: Path) -> None:
        paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
        paths[0].write_text(chat("../甲/乙群"), encoding="utf-8")
        paths[1].write_text(chat("../甲/乙群", ("阿绿", "好的")), encoding="utf-8")
        done = digest_many(desk, paths, save=tmp_path / "日报", writer="offline")
        folders = [Path(one.path) for one in done.groups]
        assert len(set(folders)) == 2
        assert all(one.parent == tmp_path / "日报" for one in folders)

    def test_another_digest_that_is_there_stays_unless_it_may_go(
        self, desk: Copilot, folder: Path, tmp_path: Path
    ) -> None:
        save = tmp_path / "日报"
        first = digest_many(desk, [folder / "东门.txt"], save=save, writer="offline")
        other = digest_many(desk, [folder / "东门.txt"], save=save, writer="offline", operator="店员小禾")
        assert Path(other.groups[0].path).name == "东门洗衣房群-2"
        forced = digest_many(desk, [folder / "东门.txt"], save=save, overwrite=True, writer="offline", focus="充值")
        assert forced.groups[0].path == first.groups[0].path

    def test_a_full_disk_is_told_and_what_is_done_stays(
        self, desk: Copilot, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr("copilot.exports.folder.Path.write_bytes", full)
            with pytest.raises(StorageError, match="写不进去"):
                digest_many(desk, [folder], save=tmp_path / "日报", writer="offline")
        assert digest_many(desk, [folder], save=tmp_path / "日报", writer="offline").resumed >= 1

    def test_progress_that_cannot_be_kept_costs_no_digest(
        self, desk: Copilot, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object, **__: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("copilot.files.tempfile.mkstemp", full)
        done = digest_many(desk, [folder], writer="offline")
        assert len(done.groups) == 3
        assert any("进度没能记下来" in note for note in done.notes)


class TestTheCommands:
    def test_several_files_are_told_as_one_overview(
        self, folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COPILOT_HOME", str(tmp_path / "home"))
        (folder / "坏.txt").write_bytes(b"\x00\x01\x02\xff\xfe")
        assert main(["digest", *map(str, sorted(folder.iterdir())), "--writer", "offline"]) == 0
        shown = capsys.readouterr()
        assert "共 3 个群" in shown.out
        assert "没做成" in shown.err
        assert "坏.txt" in shown.err

    def test_a_digest_is_handed_on_by_its_id(
        self, folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COPILOT_HOME", str(tmp_path / "home"))
        assert main(["digest", str(folder / "东门.txt"), "--writer", "offline", "--json"]) == 0
        text = capsys.readouterr().out
        kept = json.loads(text)["id"]
        assert main(["handoff", "announcement", kept, "--brief"]) == 0
        assert "请问烘干卡在哪里充值？: 待补充" in capsys.readouterr().out
        assert main(["digest", str(folder), "--estimate"]) == 2
        (tmp_path / "日报.json").write_text(text, encoding="utf-8")
        assert main(["handoff", "weekly-plan", str(tmp_path / "日报.json"), "--writer", "offline", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["kind"] == "weekly-plan"
        assert main(["handoff", "announcement", "没有这个"]) == 1
        assert main(["digest", "-", str(folder)]) == 2
