"""What can go wrong under the store is said in one line with its fix, shows no password, and damages nothing."""

import os
import resource
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from databases import Open, all_ids, file_of, make_draft, refusal, settings_for
from sqlalchemy import event

from copilot.settings import Settings
from copilot.store import Store, examine_store, troubles
from copilot.store import database as database_module

TESTS = Path(__file__).parent
ROUNDS = 25
both = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for("sqlite", tmp_path)


@contextmanager
def nobody() -> Iterator[None]:
    """Root may write anywhere, so for a while the tests are somebody else."""
    mine = os.geteuid()
    if mine == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(mine)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "WAIT_SECONDS", 1.0)


class TestTheFile:
    def test_the_home_and_the_file_are_for_their_owner_only(self, settings: Settings, open_store: Open) -> None:
        open_store(settings).keep(make_draft())
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (settings.home, *settings.home.iterdir())}
        assert modes == {"home": 0o700, "drafts.db": 0o600, "drafts.db.lock": 0o600}

    def test_a_url_can_name_another_file(self, tmp_path: Path, open_store: Open) -> None:
        place = tmp_path / "别处 50%" / "my drafts.db"
        settings = Settings.load(home=tmp_path / "home", database_url=f"sqlite:///{place}")
        open_store(settings).keep(make_draft())
        assert place.is_file()
        assert not settings.home.exists()
        assert examine_store(settings).place == str(place)

    def test_a_file_that_was_taken_away_is_made_again(self, settings: Settings, open_store: Open) -> None:
        store = open_store(settings)
        store.keep(make_draft("aa"))
        file_of(settings).rename(settings.home / "away.db")
        store.keep(make_draft("bb"))
        assert [row.id for row in store.drafts()] == ["bb"]
        file_of(settings).unlink()
        (settings.home / "away.db").rename(file_of(settings))
        assert [row.id for row in store.drafts()] == ["aa"]

    @pytest.mark.parametrize("data", [b"not a database", b"SQLite format 3\0" + b"\xff" * 5000, b"\0" * 8192])
    def test_a_file_that_is_no_database_is_left_as_it_is(
        self, data: bytes, settings: Settings, open_store: Open
    ) -> None:
        settings.home.mkdir()
        file_of(settings).write_bytes(data)
        for work in (lambda: open_store(settings).keep(make_draft()), lambda: examine_store(settings)):
            error = refusal(work)
            assert "损坏" in error.message
            assert "移到" in error.hint
            assert not error.retryable
        assert file_of(settings).read_bytes() == data

    def test_a_page_gone_bad_is_named_and_the_rest_stays(self, settings: Settings, open_store: Open) -> None:
        store = open_store(settings)
        for number in range(50):
            store.keep(make_draft(f"d{number}", text="字" * 2000))
        with file_of(settings).open("r+b") as file:
            file.seek(8192)
            file.write(b"\xff" * 65536)
        assert "损坏" in refusal(lambda: store.drafts(text="字", limit=1000)).message

    def test_a_full_disk_costs_only_what_was_not_kept(self, settings: Settings, open_store: Open) -> None:
        store = open_store(settings)
        store.keep(make_draft("first"))

        def limit(connection: sqlite3.Connection, _: object) -> None:
            connection.execute("PRAGMA max_page_count=60").fetchone()

        event.listen(store.database._engine(), "connect", limit)
        error = refusal(lambda: [store.keep(make_draft(f"n{number}", text="字" * 9000)) for number in range(60)])
        assert "满了" in error.message
        assert error.retryable
        refusal(lambda: store.revise("first", "长" * 99_000))
        assert "n0" in all_ids(store)
        assert store.draft("first").text == make_draft().text
        event.remove(store.database._engine(), "connect", limit)
        store.keep(make_draft("after"))
        assert store.draft("after").draft == make_draft("after")

    def test_a_file_that_may_not_grow_is_a_full_disk_too(self, settings: Settings) -> None:
        process = subprocess.run(
            [sys.executable, TESTS / "crashing.py", "write", str(settings.home), "500", "x"],
            env={**os.environ, "PYTHONPATH": str(TESTS.parent)},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)),
            capture_output=True,
            text=True,
            check=False,
        )
        assert process.returncode == 1
        assert "StorageError" in process.stderr
        store = Store(settings)
        assert all(row.versions in (1, 2) for row in store.drafts(limit=1000))
        assert store.drafts()

    def test_a_lock_that_is_never_let_go_is_named(self, impatient: None, settings: Settings, open_store: Open) -> None:
        store = open_store(settings)
        store.keep(make_draft())
        holder = sqlite3.connect(file_of(settings), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        error = refusal(lambda: store.revise("a1", "改"))
        assert "占用" in error.message
        assert error.retryable
        assert store.draft("a1").text == make_draft().text  # a reader does not wait
        holder.close()
        store.revise("a1", "改")

    def test_a_migration_that_never_ends_is_named(self, impatient: None, settings: Settings, open_store: Open) -> None:
        from filelock import FileLock

        settings.home.mkdir()
        with FileLock(settings.home / "drafts.db.lock"):
            assert refusal(lambda: open_store(settings).drafts()).retryable

    def test_a_home_below_a_file_is_named(self, tmp_path: Path, open_store: Open) -> None:
        (tmp_path / "file").touch()
        settings = Settings.load(home=tmp_path / "file" / "home")
        error = refusal(lambda: open_store(settings).drafts())
        assert str(tmp_path / "file") in error.message
        assert "COPILOT_HOME" in error.hint
        assert examine_store(settings).state == "absent"

    def test_a_folder_in_the_files_place_is_named(self, settings: Settings, open_store: Open) -> None:
        file_of(settings).mkdir(parents=True)
        assert "打不开" in refusal(lambda: open_store(settings).drafts()).message

    def test_a_home_that_may_not_be_written_is_named(self, settings: Settings, open_store: Open) -> None:
        with tempfile.TemporaryDirectory(dir="/tmp") as folder:
            settings = Settings.load(home=Path(folder) / "home")
            store = open_store(settings)
            store.keep(make_draft())
            for path, mode in ((Path(folder), 0o755), (settings.home, 0o555), (file_of(settings), 0o444)):
                path.chmod(mode)
            with nobody():
                error = refusal(lambda: store.revise("a1", "改"))
                elsewhere = refusal(lambda: open_store(Settings.load(home=Path(folder) / "new")).drafts())
            settings.home.chmod(0o000)
            with nobody():
                unseen = refusal(lambda: examine_store(settings))
            settings.home.chmod(0o700)
        assert "COPILOT_HOME" in unseen.hint
        assert "COPILOT_HOME" in error.hint
        assert "COPILOT_HOME" in elsewhere.hint

    @pytest.mark.parametrize("code", [sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_ERROR])
    def test_whatever_sqlite_says_has_words_and_a_fix(
        self, code: int, settings: Settings, open_store: Open, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        original = sqlite3.OperationalError("attempt to write")
        original.sqlite_errorcode = code | 0x100
        store = open_store(settings)
        store.keep(make_draft())

        def fail() -> None:
            from sqlalchemy.exc import OperationalError

            with store.database.writing():
                raise OperationalError("INSERT", {"text": "机密"}, original)

        assert "机密" not in str(refusal(fail))


def test_every_trouble_says_what_to_do() -> None:
    for trouble in (*troubles._SQLITE.values(), *troubles._POSTGRESQL.values(), troubles._OTHER, troubles._CONNECTING):
        assert trouble.message.format(place="P", words="W", seconds=1.0)
        assert trouble.hint
