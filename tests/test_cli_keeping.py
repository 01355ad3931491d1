"""`copilot history` and `copilot group`: one JSON object or plain lines, and one clear line for what goes wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from databases import make_draft

from copilot.cli import main
from copilot.settings import Settings
from copilot.store import Store

PROFILE = "群名：青榕里晨跑群\n人数：180\n人手：小林（答疑）\n"
Answer = Callable[..., Any]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("COPILOT_HOME", str(tmp_path / "home"))
    made = Store(Settings.load())
    made.keep(make_draft("aa11", text="周六慢跑\n凉亭见"), group="晨跑群")
    made.keep(make_draft("bb22", kind="crisis_reply", text="关于退款的说明"))
    return made


@pytest.fixture
def answer(pipe: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]) -> Answer:
    """What a command answers with `--json`; `stdin` is piped in."""

    def run(*words: str, stdin: str = "", code: int = 0) -> Any:
        pipe(stdin.encode())
        assert main([*words, "--json"]) == code, capsys.readouterr().err
        out, err = capsys.readouterr()
        assert out.count("\n") == 1
        assert err.count("\n") == (1 if code else 0)
        return json.loads(out)

    return run


@pytest.fixture
def lines(pipe: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a command tells a person; `stdin` is piped in."""

    def run(*words: str, stdin: str = "") -> str:
        pipe(stdin.encode())
        assert main(list(words)) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return out

    return run


class TestHistory:
    def test_it_is_listed_and_narrowed(self, store: Store, answer: Answer) -> None:
        store.mark_sent("bb", "已发")

        def found(*words: str) -> list[str]:
            return [row["id"] for row in answer("history", "list", *words)["drafts"]]

        assert found() == ["bb22", "aa11"]
        assert found("--kind", "announcement") == ["aa11"]
        assert found("--group", "晨跑群") == ["aa11"]
        assert found("--text", "退款") == ["bb22"]
        assert found("--sent") == ["bb22"]
        assert found("--unsent") == ["aa11"]
        assert found("--limit", "1") == ["bb22"]

    def test_an_edit_is_kept_shown_and_compared(self, store: Store, answer: Answer, tmp_path: Path) -> None:
        (tmp_path / "edited.txt").write_text("周六快跑\n凉亭见\n", encoding="utf-8")
        assert answer("history", "edit", "aa", str(tmp_path / "edited.txt"))["number"] == 2
        assert answer("history", "edit", "aa", "-", stdin="周六快跑\n凉亭见")["number"] == 2
        shown = answer("history", "show", "aa")
        assert shown["draft"]["text"] == "周六慢跑\n凉亭见"
        assert [version["text"] for version in shown["versions"]] == ["周六慢跑\n凉亭见", "周六快跑\n凉亭见"]
        assert answer("history", "show", "aa", "--version", "1")["text"] == "周六慢跑\n凉亭见"
        assert [line["kind"] for line in answer("history", "diff", "aa")["lines"]] == ["changed", "same"]
        assert answer("history", "diff", "aa", "2", "1")["lines"][0]["new"] == "周六慢跑"
        assert answer("history", "diff", "aa", "--with", "bb")["new"] == "bb@1"

    def test_what_was_sent_is_the_latest_wording_or_what_is_piped_in(self, store: Store, answer: Answer) -> None:
        store.revise("aa", "改过的")
        assert answer("history", "sent", "aa", stdin="没有要读的")["text"] == "改过的"
        assert answer("history", "sent", "aa", "-", "--part", "statement", stdin="发了\n")["part"] == "statement"
        assert [one.text for one in store.draft("aa").sendings] == ["改过的", "发了"]

    def test_a_removed_draft_is_gone(self, store: Store, answer: Answer) -> None:
        assert answer("history", "remove", "aa") == {"removed": "aa"}
        assert [row.id for row in store.drafts()] == ["bb22"]

    def test_a_person_reads_lines(self, store: Store, lines: Callable[..., str]) -> None:
        store.revise("aa", "周六快跑\x1b[2J\n凉亭见")
        store.mark_sent("aa", "周六快跑", part="statement")
        assert "aa11  周六快跑[2J\n  2026-03-02 09:00 · announcement · 晨跑群" in lines("history", "list")
        shown = lines("history", "show", "aa")
        assert "周六快跑[2J\n凉亭见\n" in shown
        assert "第 2 版 · operator" in shown
        assert "· statement · 4 字" in shown
        assert "- 周六[慢]跑\n+ 周六[快]跑[[2J]\n  凉亭见\n" in lines("history", "diff", "aa")
        assert "没有不同" in lines("history", "diff", "bb")
        assert lines("history", "show", "aa", "--version", "1") == "周六慢跑\n凉亭见\n"
        assert "第 3 版" in lines("history", "edit", "aa", "-", stdin="x")
        assert "没有草稿" in lines("history", "list", "--text", "没有的字")
        assert "已删除" in lines("history", "remove", "aa")


class TestGroups:
    def test_a_profile_goes_through_its_life(self, store: Store, answer: Answer, tmp_path: Path) -> None:
        name = "青榕里晨跑群"
        saved = answer("group", "save", stdin=PROFILE)
        assert (saved["version"], saved["profile"]["staff"][0]["duty"]) == (1, "答疑")
        (tmp_path / "g.yaml").write_text(f"name: {name}\nmembers: 200\n", encoding="utf-8")
        assert answer("group", "save", str(tmp_path / "g.yaml"), "--based-on", "1")["version"] == 2
        assert answer("group", "show", name)["profile"]["members"] == 200
        assert answer("group", "restore", name, "1")["profile"]["members"] == 180
        assert [row["version"] for row in answer("group", "versions", name)["versions"]] == [1, 2, 3]
        assert [row["name"] for row in answer("group", "list")["groups"]] == [name]
        assert answer("group", "remove", name) == {"removed": name}
        assert answer("group", "list") == {"groups": []}

    def test_a_person_reads_lines(self, store: Store, lines: Callable[..., str]) -> None:
        assert "还没有" in lines("group", "list")
        assert "第 1 版" in lines("group", "save", stdin=PROFILE)
        assert "members: 180" in lines("group", "show", "青榕里晨跑群")
        assert "wechat · 180 人" in lines("group", "list")
        assert "restore" in lines("group", "remove", "青榕里晨跑群")
        assert "已删除" in lines("group", "versions", "青榕里晨跑群")


class TestWhatGoesWrong:
    @pytest.mark.parametrize(
        ("words", "stdin", "named"),
        [
            (["history", "show", "zz"], "", "没有编号"),
            (["history", "show", "aa", "--version", "9"], "", "没有第 9 版"),
            (["history", "edit", "aa", "-"], " ", "空的"),
            (["history", "edit", "zz", "-"], "x", "没有编号"),
            (["history", "remove", "zz"], "", "没有编号"),
            (["group", "show", "没有的群"], "", "没有存过"),
            (["group", "save"], "天气：晴", "不认识"),
            (["group", "save", "--based-on", "3"], PROFILE, "第 3 版"),
            (["group", "save", "absent.yaml"], "", "找不到文件"),
        ],
    )
    def test_it_is_one_line_with_the_fix_and_exit_1(
        self, words: list[str], stdin: str, named: str, store: Store, answer: Answer
    ) -> None:
        error = answer(*words, stdin=stdin, code=1)["error"]
        assert named in error["message"]
        assert error["hint"]

    @pytest.mark.parametrize(
        "words",
        [
            ["history"],
            ["history", "list", "--limit", "0"],
            ["history", "show"],
            ["history", "diff", "aa", "first"],
            ["group", "restore", "x"],
            ["group", "save", "-", "--based-on", "-1"],
        ],
    )
    def test_wrong_usage_is_exit_2(self, words: list[str], store: Store) -> None:
        assert main(words) == 2

    def test_a_home_that_cannot_be_written_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer
    ) -> None:
        (tmp_path / "file").touch()
        monkeypatch.setenv("COPILOT_HOME", str(tmp_path / "file"))
        for words in (["history", "list"], ["group", "list"]):
            assert "COPILOT_HOME" in answer(*words, code=1)["error"]["hint"]

    def test_a_password_in_the_url_is_never_shown(self, monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
        monkeypatch.setenv("COPILOT_DATABASE_URL", "postgresql://user:s3cret@127.0.0.1:1/db")
        assert "s3cret" not in json.dumps(answer("history", "list", code=1))
