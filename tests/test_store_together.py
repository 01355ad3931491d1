"""Many writers at once lose nothing, not even where one is killed."""

import json
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from databases import Open, all_ids, file_of, make_draft, settings_for

from copilot.errors import EditConflictError
from copilot.facts.profiles import GroupProfile
from copilot.settings import Settings

TESTS = Path(__file__).parent
ROUNDS = 25
both = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


def crash(settings: Settings, *words: str) -> subprocess.Popen[str]:
    """`tests/crashing.py` on this store."""
    variables = {name: value for name, value in os.environ.items() if name != "COPILOT_DATABASE_URL"}
    if settings.database_url:
        variables["COPILOT_DATABASE_URL"] = settings.database_url.get_secret_value()
    return subprocess.Popen(
        [sys.executable, TESTS / "crashing.py", words[0], str(settings.home), *words[1:]],
        env={**variables, "PYTHONPATH": str(TESTS.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answer(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


class TestManyAtOnce:
    @both
    def test_nothing_that_was_kept_is_lost_when_the_process_is_killed(
        self, kind: str, tmp_path: Path, open_store: Open
    ) -> None:
        settings = settings_for(kind, tmp_path)
        told = json.loads(answer(crash(settings, "kill", str(ROUNDS), "7")))
        store = open_store(settings)
        kept = set(all_ids(store))
        acknowledged = {draft_id for turn in told for draft_id in turn}
        assert acknowledged
        assert acknowledged <= kept
        assert len(kept) <= len(acknowledged) + ROUNDS  # at most the one under way at each kill
        assert all(row.versions == 1 and row.length == 3000 for row in store.drafts(limit=1000))
        if kind == "sqlite":
            with sqlite3.connect(file_of(settings)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            connection.close()

    def test_a_kill_while_the_store_is_being_made_leaves_one_that_opens(self, tmp_path: Path, open_store: Open) -> None:
        told = json.loads(answer(crash(Settings.load(home=tmp_path), "make", str(ROUNDS), "7")))
        for turn in range(ROUNDS):
            store = open_store(Settings.load(home=tmp_path / str(turn)))
            assert set(told[turn]) <= {row.id for row in store.drafts(limit=1000)}
            store.keep(make_draft())
            assert store.draft("a1b2c3").text == make_draft().text

    @both
    def test_two_processes_that_write_at_once_lose_nothing(self, kind: str, tmp_path: Path, open_store: Open) -> None:
        settings = settings_for(kind, tmp_path)
        writers = [crash(settings, "write", "100", name) for name in ("left", "right")]
        for writer in writers:
            answer(writer)
        rows = [row for offset in (0, 100) for row in open_store(settings).drafts(limit=100, offset=offset)]
        assert {row.id for row in rows} == {f"{name}-{turn}" for name in ("left", "right") for turn in range(100)}
        assert {row.versions for row in rows} == {2}

    @both
    def test_processes_that_open_a_new_store_at_once_do_not_collide(self, kind: str, tmp_path: Path) -> None:
        answer(crash(settings_for(kind, tmp_path), "open", "8" if kind == "sqlite" else "1", "6"))

    @both
    def test_threads_that_edit_the_same_draft_and_group_number_each_edit_once(
        self, kind: str, tmp_path: Path, open_store: Open
    ) -> None:
        store = open_store(settings_for(kind, tmp_path))
        store.keep(make_draft())
        store.save_group(GroupProfile(name="g"))

        def save(number: int) -> bool:
            store.revise("a1", f"第 {number} 稿")
            try:
                store.save_group(GroupProfile(name="g", notes=str(number)), based_on=1)
            except EditConflictError:
                return False
            return True

        with ThreadPoolExecutor(8) as threads:
            saved = list(threads.map(save, range(16)))
        assert [version.number for version in store.versions("a1")] == list(range(1, 18))
        assert saved.count(True) == 1
        assert store.group("g").version == 2
