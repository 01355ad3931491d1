"""The operator's own documents: added, followed where they lie, uploaded, taken out."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playbook_fakes import FakeEmbedder

from copilot import console
from copilot.errors import PlaybookError, StorageError, UsageError
from copilot.playbook.documents import files_in
from copilot.playbook.index import PlaybookIndex
from copilot.playbook.library import (
    LibraryStatus,
    add_paths,
    add_upload,
    library_index,
    library_snapshot,
    listed,
    read_library,
    remove,
)
from copilot.settings import Settings

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# {path.stem}\n\n{text}\n", encoding="utf-8")
    return path


def sources(settings: Settings) -> set[str]:
    snapshot = library_snapshot(settings, FakeEmbedder())
    return set(snapshot.documents) if snapshot else set()


def test_with_nothing_added_there_is_no_library_and_nothing_is_written(settings: Settings) -> None:
    assert library_snapshot(settings, FakeEmbedder()) is None
    assert not settings.home.exists()


def test_files_and_folders_are_one_playbook_with_sources_of_their_own(tmp_path: Path, settings: Settings) -> None:
    write(tmp_path / "甲" / "群规" / "广告.md", "不发广告。")
    write(tmp_path / "乙" / "群规" / "广告.md", "广告先问管理员。")
    one = write(tmp_path / "丙" / "欢迎.md", "新人来了打招呼。")
    add_paths([tmp_path / "甲" / "群规", tmp_path / "乙" / "群规", one], settings)
    assert sources(settings) == {"群规/广告.md", "群规-2/广告.md", "欢迎.md"}


def test_edits_and_deletions_are_followed_and_a_folder_that_is_gone_is_told(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "资料"
    write(folder / "一.md", "第一件事。")
    lone = write(tmp_path / "二.md", "第二件事。")
    add_paths([folder, lone], settings)
    assert sources(settings) == {"资料/一.md", "二.md"}
    write(folder / "三.md", "第三件事。")
    lone.unlink()
    assert sources(settings) == {"资料/一.md", "资料/三.md"}
    (skipped,) = library_index(settings, FakeEmbedder()).status().skipped
    assert skipped.source == "二.md"
    assert "index remove" in skipped.reason


def test_what_was_added_twice_is_in_once(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "资料"
    inside = write(folder / "里面" / "一.md", "第一件事。")
    add_paths([inside], settings)
    assert sources(settings) == {"一.md"}
    add_paths([folder], settings)
    added = add_paths([inside, folder], settings)
    assert [one.name for one in added] == ["资料"]
    assert sources(settings) == {"资料/里面/一.md"}


def test_a_document_may_be_taken_out_of_a_folder_and_put_back(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "资料"
    one = write(folder / "一.md", "第一件事。")
    write(folder / "二.md", "第二件事。")
    add_paths([folder], settings)
    assert remove("资料/一.md", settings) == "资料/一.md"
    assert sources(settings) == {"资料/二.md"}
    assert one.exists()
    add_paths([one], settings)
    assert sources(settings) == {"资料/一.md", "资料/二.md"}
    assert remove(str(one), settings) == "资料/一.md"
    assert remove(str(folder), settings) == "资料"
    assert library_snapshot(settings, FakeEmbedder()) is None
    assert one.exists()


def test_what_is_not_in_can_not_be_taken_out(tmp_path: Path, settings: Settings) -> None:
    add_paths([write(tmp_path / "一.md", "第一件事。")], settings)
    for what in ("二.md", "一.md/二.md", ""):
        with pytest.raises(UsageError, match="资料里没有"):
            remove(what, settings)
    with pytest.raises(UsageError, match="没有"):
        add_paths([tmp_path / "没有的.md"], settings)
    assert sources(settings) == {"一.md"}


def test_an_upload_is_kept_under_a_safe_name_replaced_and_deleted(tmp_path: Path, settings: Settings) -> None:
    added = add_upload("../../群规.md", "# 群规\n\n不发广告。\n".encode(), settings)
    assert added.path == (settings.home / "playbook" / "uploads" / "群规.md").resolve()
    assert sources(settings) == {"群规.md"}
    add_upload("群规.md", "# 群规\n\n周末不开会。\n".encode(), settings)
    snapshot = library_snapshot(settings, FakeEmbedder())
    assert snapshot is not None
    assert ["周末" in piece.text for piece in snapshot.chunks] == [True]
    with pytest.raises(PlaybookError, match="文件名"):
        add_upload("..", b"x", settings)
    remove("群规.md", settings)
    assert not added.path.exists()
    assert sources(settings) == set()


def test_a_damaged_list_and_an_unwritable_home_name_the_fix(tmp_path: Path, settings: Settings) -> None:
    one = write(tmp_path / "一.md", "第一件事。")
    add_paths([one], settings)
    path = settings.home / "playbook" / "library.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(PlaybookError, match="index add"):
        read_library(settings)
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(StorageError, match="COPILOT_HOME"):
        add_paths([one], Settings(home=tmp_path / "file"))


def test_a_name_may_begin_with_a_tilde(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "~群规.md", "不发广告。")
    monkeypatch.chdir(tmp_path)
    add_paths([Path("~群规.md")], settings)
    assert sources(settings) == {"~群规.md"}
    assert remove("~群规.md", settings) == "~群规.md"


def test_the_folder_of_uploads_may_be_added_and_taken_out(settings: Settings) -> None:
    uploaded = add_upload("群规.md", "# 群规\n\n不发广告。\n".encode(), settings).path
    (added,) = add_paths([uploaded.parent], settings)
    assert sources(settings) == {"uploads/群规.md"}
    assert remove(added.name, settings) == "uploads"
    assert uploaded.exists()


def test_a_folder_that_can_not_be_looked_through_is_told_and_the_others_stay(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "甲" / "一.md", "第一件事。")
    write(tmp_path / "乙" / "二.md", "第二件事。")
    add_paths([tmp_path / "甲", tmp_path / "乙"], settings)
    assert sources(settings) == {"甲/一.md", "乙/二.md"}

    def closed(folder: Path) -> Iterator[tuple[str, Path]]:
        if folder.name == "甲":
            raise PlaybookError("读不了", hint="检查权限")
        return files_in(folder)

    monkeypatch.setattr("copilot.playbook.library.files_in", closed)
    assert sources(settings) == {"乙/二.md"}
    status = library_index(settings, FakeEmbedder()).status()
    assert [(one.source, one.reason) for one in status.skipped] == [("甲", "读不了 → 检查权限")]


def test_the_commands_add_tell_report_overrule_and_remove(
    call_copilot: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        tmp_path / "资料" / "读书会.md",
        "首页 > 干货 > 正文\n\n每周五晚上八点开场，先自我介绍。\n\n扫码关注我们的公众号，领取资料。",
    )
    (tmp_path / "资料" / "空.md").write_text("\n", encoding="utf-8")
    monkeypatch.setenv("COPILOT_HOME", str(tmp_path / "home"))

    def told(*arguments: str, code: int = 0) -> dict[str, Any]:
        done = call_copilot("index", *arguments, "--json")
        assert done.returncode == code, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    status = told("add", "资料")
    assert (status["documents"], status["pending"], status["state"]) == (1, 0, "ready")
    assert status["vectors"] == status["passages"] != 0
    assert [one["source"] for one in status["skipped"]] == ["资料/空.md"]
    assert told("status") == status
    number = told("report", "资料/读书会.md")["documents"][0]["dropped"][0]["number"]
    assert told("overrule", "资料/读书会.md", str(number), "keep")["kept"]
    assert "第 99 处" in str(told("overrule", "资料/读书会.md", "99", "keep", code=2)["error"])
    assert "资料/读书会.md" in str(told("report", "没有这篇", code=2)["error"])
    assert "没有文字" in str(told("report", "空.md", code=2)["error"])
    for name in (str(tmp_path / "资料" / "读书会.md"), "读书会.md", "读书会"):
        assert told("report", name)["documents"][0]["source"] == "资料/读书会.md"
    assert status["added"] == [{"name": "资料", "path": str(tmp_path / "资料"), "without": []}]
    assert f"资料（{tmp_path / '资料'}）" in call_copilot("index", "status").stdout
    assert "没有 /nope" in str(told("status", "--playbook", "/nope", code=2)["error"])
    lines = call_copilot("index", "report").stdout
    assert f"{number}. [留]" in lines
    assert "空.md" in lines
    assert told("remove", "资料")["documents"] == 0


def test_names_that_steer_a_terminal_are_shown_as_they_are_spelt_and_can_be_taken_out(
    tmp_path: Path, settings: Settings
) -> None:
    folder = tmp_path / "资料"
    for name in ("换\n行.md", "反\u202e转.md", "红\x1b[31m.md"):
        write(folder / name, f"每周五晚上开场，见{len(name)}号桌。")
    add_paths([folder], settings)
    shown = {"资料/换\\n行.md", "资料/反\\u202e转.md", "资料/红\\x1b[31m.md"}
    assert sources(settings) == shown
    for name in shown:
        assert remove(name, settings) == name
    assert sources(settings) == set()
    (folder / "转圈.md").symlink_to(folder / "转圈.md")
    assert remove("转圈.md", settings) == "资料/转圈.md"
    with pytest.raises(UsageError):
        add_paths([folder / "转圈.md"], settings)
    add_paths([folder / "换\n行.md"], settings)
    assert sources(settings) == {"资料/换\\n行.md"}
    odd = tmp_path / "单独\t一份.md"
    write(odd, "周六上午闭馆。")
    assert add_paths([odd], settings)[0].name == "单独\\t一份.md"
    assert "\t" not in str(read_library(settings).added[-1])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep names in Unicode")
def test_a_file_named_in_another_encoding_is_taken_out_by_its_shown_name(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "资料"
    folder.mkdir()
    write(folder / "别的.md", "周六上午闭馆。")
    (Path(os.fsdecode(os.fsencode(folder) + b"/" + "群规.md".encode("gbk")))).write_text("群规要短。", encoding="utf-8")
    add_paths([folder], settings)
    assert sources(settings) == {"资料/群规.md", "资料/别的.md"}
    assert remove("群规.md", settings) == "资料/群规.md"
    assert sources(settings) == {"资料/别的.md"}


def test_passages_that_wait_for_their_vectors_are_told_with_the_way_to_have_them_now(settings: Settings) -> None:
    status = library_index(settings, FakeEmbedder()).status().model_copy(update={"vectors": 32, "pending": 400})
    lines = "\n".join(map(str, console.index_lines(LibraryStatus(**dict(status), added=()))))
    assert "还差 400 个：以后每次搜索接着算一批" in lines
    assert "--wait" in lines
    assert "copilot index add" in lines


def test_what_is_not_touched_is_not_read_again(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "一.md", "每周五晚上开场。")
    add_paths([tmp_path / "一.md"], settings)
    later = time.time_ns() + 60_000_000_000
    monkeypatch.setattr("copilot.playbook.identity.time.time_ns", lambda: later)
    assert sources(settings) == {"一.md"}
    index = PlaybookIndex(tmp_path, settings, FakeEmbedder(), lambda: listed(settings))
    index.refresh()
    with monkeypatch.context() as patched:
        patched.setattr("copilot.playbook.identity.digest", lambda _: pytest.fail("a file was read"))
        index.refresh()
        assert index.status().state == "ready"
    write(tmp_path / "一.md", "每周六晚上开场。")
    assert index.status().state == "stale"
