"""What can go wrong under the store is said in one line with its fix, shows no password, and damages nothing."""

import json
import os
import resource
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from databases import PASSWORD, cluster, make_draft, settings_for
from sqlalchemy import event

from copilot.errors import EditConflictError, StorageError
from copilot.facts.profiles import GroupProfile
from copilot.settings import Settings
from copilot.store import Store, examine_store, troubles
from copilot.store import database as database_module

TESTS = Path(__file__).parent
ROUNDS = 25
both = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for("sqlite", tmp_path)


@pytest.fixture
def make(request: pytest.FixtureRequest) -> Callable[[Settings], Store]:
    def opened(settings: Settings) -> Store:
        store = Store(settings)
        request.addfinalizer(store.close)
        return store

    return opened


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "WAIT_SECONDS", 1.0)


def refusal(work: Callable[[], object]) -> StorageError:
    with pytest.raises(StorageError) as caught:
        work()
    assert "\n" not in str(caught.value)
    assert caught.value.hint
    return caught.value


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


def file_of(settings: Settings) -> Path:
    return settings.home / "drafts.db"


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


def all_ids(store: Store) -> list[str]:
    return [row.id for page in range(0, 100_000, 1000) for row in _page(store, page)]


def _page(store: Store, offset: int) -> tuple[Any, ...]:
    return store.drafts(limit=1000, offset=offset) if offset < 20_000 else ()


class TestManyAtOnce:
    @both
    def test_nothing_that_was_kept_is_lost_when_the_process_is_killed(
        self, kind: str, tmp_path: Path, make: Callable[[Settings], Store]
    ) -> None:
        settings = settings_for(kind, tmp_path)
        told = json.loads(answer(crash(settings, "kill", str(ROUNDS), "7")))
        store = make(settings)
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

    def test_a_kill_while_the_store_is_being_made_leaves_one_that_opens(
        self, tmp_path: Path, make: Callable[[Settings], Store]
    ) -> None:
        told = json.loads(answer(crash(Settings.load(home=tmp_path), "make", str(ROUNDS), "7")))
        for turn in range(ROUNDS):
            store = make(Settings.load(home=tmp_path / str(turn)))
            assert set(told[turn]) <= {row.id for row in store.drafts(limit=1000)}
            store.keep(make_draft())
            assert store.draft("a1b2c3").text == make_draft().text

    @both
    def test_two_processes_that_write_at_once_lose_nothing(
        self, kind: str, tmp_path: Path, make: Callable[[Settings], Store]
    ) -> None:
        settings = settings_for(kind, tmp_path)
        writers = [crash(settings, "write", "100", name) for name in ("left", "right")]
        for writer in writers:
            answer(writer)
        rows = [row for offset in (0, 100) for row in make(settings).drafts(limit=100, offset=offset)]
        assert {row.id for row in rows} == {f"{name}-{turn}" for name in ("left", "right") for turn in range(100)}
        assert {row.versions for row in rows} == {2}

    @both
    def test_processes_that_open_a_new_store_at_once_do_not_collide(self, kind: str, tmp_path: Path) -> None:
        answer(crash(settings_for(kind, tmp_path), "open", "8" if kind == "sqlite" else "1", "6"))

    @both
    def test_threads_that_edit_the_same_draft_and_group_number_each_edit_once(
        self, kind: str, tmp_path: Path, make: Callable[[Settings], Store]
    ) -> None:
        store = make(settings_for(kind, tmp_path))
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


class TestTheFile:
    def test_the_home_and_the_file_are_for_their_owner_only(
        self, settings: Settings, make: Callable[[Settings], Store]
    ) -> None:
        make(settings).keep(make_draft())
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (settings.home, *settings.home.iterdir())}
        assert modes == {"home": 0o700, "drafts.db": 0o600, "drafts.db.lock": 0o600}

    def test_a_url_can_name_another_file(self, tmp_path: Path, make: Callable[[Settings], Store]) -> None:
        place = tmp_path / "别处 50%" / "my drafts.db"
        settings = Settings.load(home=tmp_path / "home", database_url=f"sqlite:///{place}")
        make(settings).keep(make_draft())
        assert place.is_file()
        assert not settings.home.exists()
        assert examine_store(settings).place == str(place)

    def test_a_file_that_was_taken_away_is_made_again(
        self, settings: Settings, make: Callable[[Settings], Store]
    ) -> None:
        store = make(settings)
        store.keep(make_draft("aa"))
        file_of(settings).rename(settings.home / "away.db")
        store.keep(make_draft("bb"))
        assert [row.id for row in store.drafts()] == ["bb"]
        file_of(settings).unlink()
        (settings.home / "away.db").rename(file_of(settings))
        assert [row.id for row in store.drafts()] == ["aa"]

    @pytest.mark.parametrize("data", [b"not a database", b"SQLite format 3\0" + b"\xff" * 5000, b"\0" * 8192])
    def test_a_file_that_is_no_database_is_left_as_it_is(
        self, data: bytes, settings: Settings, make: Callable[[Settings], Store]
    ) -> None:
        settings.home.mkdir()
        file_of(settings).write_bytes(data)
        for work in (lambda: make(settings).keep(make_draft()), lambda: examine_store(settings)):
            error = refusal(work)
            assert "损坏" in error.message
            assert "移到" in error.hint
            assert not error.retryable
        assert file_of(settings).read_bytes() == data

    def test_a_page_gone_bad_is_named_and_the_rest_stays(
        self, settings: Settings, make: Callable[[Settings], Store]
    ) -> None:
        store = make(settings)
        for number in range(50):
            store.keep(make_draft(f"d{number}", text="字" * 2000))
        with file_of(settings).open("r+b") as file:
            file.seek(8192)
            file.write(b"\xff" * 65536)
        assert "损坏" in refusal(lambda: store.drafts(text="字", limit=1000)).message

    def test_a_full_disk_costs_only_what_was_not_kept(
        self, settings: Settings, make: Callable[[Settings], Store]
    ) -> None:
        store = make(settings)
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

    def test_a_lock_that_is_never_let_go_is_named(
        self, impatient: None, settings: Settings, make: Callable[[Settings], Store]
    ) -> None:
        store = make(settings)
        store.keep(make_draft())
        holder = sqlite3.connect(file_of(settings), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        error = refusal(lambda: store.revise("a1", "改"))
        assert "占用" in error.message
        assert error.retryable
        assert store.draft("a1").text == make_draft().text  # a reader does not wait
        holder.close()
        store.revise("a1", "改")

    def test_a_migration_that_never_ends_is_named(
        self, impatient: None, settings: Settings, make: Callable[[Settings], Store]
    ) -> None:
        from filelock import FileLock

        settings.home.mkdir()
        with FileLock(settings.home / "drafts.db.lock"):
            assert refusal(lambda: make(settings).drafts()).retryable

    def test_a_home_below_a_file_is_named(self, tmp_path: Path, make: Callable[[Settings], Store]) -> None:
        (tmp_path / "file").touch()
        settings = Settings.load(home=tmp_path / "file" / "home")
        error = refusal(lambda: make(settings).drafts())
        assert str(tmp_path / "file") in error.message
        assert "COPILOT_HOME" in error.hint
        assert examine_store(settings).state == "absent"

    def test_a_folder_in_the_files_place_is_named(self, settings: Settings, make: Callable[[Settings], Store]) -> None:
        file_of(settings).mkdir(parents=True)
        assert "打不开" in refusal(lambda: make(settings).drafts()).message

    def test_a_home_that_may_not_be_written_is_named(
        self, settings: Settings, make: Callable[[Settings], Store]
    ) -> None:
        with tempfile.TemporaryDirectory(dir="/tmp") as folder:
            settings = Settings.load(home=Path(folder) / "home")
            store = make(settings)
            store.keep(make_draft())
            for path, mode in ((Path(folder), 0o755), (settings.home, 0o555), (file_of(settings), 0o444)):
                path.chmod(mode)
            with nobody():
                error = refusal(lambda: store.revise("a1", "改"))
                elsewhere = refusal(lambda: make(Settings.load(home=Path(folder) / "new")).drafts())
            settings.home.chmod(0o000)
            with nobody():
                unseen = refusal(lambda: examine_store(settings))
            settings.home.chmod(0o700)
        assert "COPILOT_HOME" in unseen.hint
        assert "COPILOT_HOME" in error.hint
        assert "COPILOT_HOME" in elsewhere.hint

    @pytest.mark.parametrize("code", [sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_ERROR])
    def test_whatever_sqlite_says_has_words_and_a_fix(
        self, code: int, settings: Settings, make: Callable[[Settings], Store], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        original = sqlite3.OperationalError("attempt to write")
        original.sqlite_errorcode = code | 0x100
        store = make(settings)
        store.keep(make_draft())

        def fail() -> None:
            from sqlalchemy.exc import OperationalError

            with store.database.writing():
                raise OperationalError("INSERT", {"text": "机密"}, original)

        assert "机密" not in str(refusal(fail))


class TestTheUrl:
    @pytest.mark.parametrize(
        "url",
        [
            "drafts.db",
            "postgresql://user:s3cret@host:port/db",
            "postgresql://user:s3@cret@host/db",
            "postgresql://user:s3/cret@host/db",
            "mysql://user:s3cret@host/db",
            "nonsense+driver://user:s3cret@host/db",
            "postgresql+nodriver://user:s3cret@host/db",
            "postgresql+psycopg2://user:s3cret@host/db",
            "sqlite://",
            "sqlite:////tmp/s3cret?mode=ro",
            "sqlite:///:memory:",
            "://s3cret",
            "postgresql://user:s3cret@127.0.0.1:1/db",
            "postgresql://127.0.0.1:1/db?user=u&password=s3cret",
            "postgresql://user@127.0.0.1:1/db?nonsense=s3cret&passfile=/s3cret",
        ],
    )
    def test_one_that_cannot_be_used_is_told_without_its_password(
        self, url: str, tmp_path: Path, make: Callable[[Settings], Store]
    ) -> None:
        settings = Settings.load(home=tmp_path / "home", database_url=url)
        for work in (lambda: make(settings).keep(make_draft()), lambda: examine_store(settings)):
            error = refusal(work)
            assert "s3" not in str(error)
            assert "cret" not in str(error)
            assert "s3cret" not in repr(error)
        assert not settings.home.exists()

    def test_it_is_never_shown(self) -> None:
        settings = Settings.load(database_url="postgresql://user:s3cret@db.example/copilot")
        assert "s3cret" not in repr(settings) + str(settings) + settings.model_dump_json()
        store = Store(settings)
        assert store.database.place == "db.example:5432/copilot"
        assert "s3cret" not in repr(store) + repr(store.database)


class TestPostgres:
    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        settings = settings_for("postgresql", tmp_path)
        assert settings.database_url
        return settings.database_url.get_secret_value()

    def over_tcp(self, url: str, password: str) -> str:
        server = cluster()
        assert server
        name = url.partition("@/")[2].partition("?")[0]
        return f"postgresql://postgres:{password}@127.0.0.1:{server.port}/{name}"

    def test_a_password_with_marks_in_it_is_written_escaped(self, url: str, make: Callable[[Settings], Store]) -> None:
        store = make(Settings.load(database_url=self.over_tcp(url, PASSWORD.replace("@", "%40").replace("/", "%2F"))))
        store.keep(make_draft())
        assert store.draft("a1").text == make_draft().text

    def test_the_short_name_of_the_scheme_is_understood(self, url: str, make: Callable[[Settings], Store]) -> None:
        make(Settings.load(database_url=url.replace("postgresql://", "postgres://"))).keep(make_draft())

    def test_a_wrong_password_is_told_and_not_shown(self, url: str, make: Callable[[Settings], Store]) -> None:
        error = refusal(make(Settings.load(database_url=self.over_tcp(url, "s3cret"))).drafts)
        assert "连不上" in error.message
        assert "COPILOT_DATABASE_URL" in error.hint
        assert "s3cret" not in str(error)

    def test_a_database_that_is_not_there_is_named(self, url: str, make: Callable[[Settings], Store]) -> None:
        absent = url.replace("@/test_", "@/absent_")
        assert "absent_" in refusal(make(Settings.load(database_url=absent)).drafts).message

    def test_a_server_that_never_answers_is_given_up(
        self, tmp_path: Path, make: Callable[[Settings], Store], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database_module, "CONNECT_SECONDS", 2)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"postgresql://u:p@127.0.0.1:{silent.getsockname()[1]}/db"
            assert refusal(make(Settings.load(database_url=url)).drafts).retryable

    def test_a_writer_who_never_ends_is_named(
        self, impatient: None, url: str, make: Callable[[Settings], Store]
    ) -> None:
        store = make(Settings.load(database_url=url))
        store.keep(make_draft())
        with make(Settings.load(database_url=url)).database.writing():
            assert "占用" in refusal(lambda: store.revise("a1", "改")).message
            assert store.draft("a1").text == make_draft().text
        store.revise("a1", "改")

    def test_a_user_without_rights_and_a_read_only_database_are_named(
        self, url: str, make: Callable[[Settings], Store]
    ) -> None:
        server = cluster()
        assert server
        name = url.partition("@/")[2].partition("?")[0]
        server.execute("DROP ROLE IF EXISTS guest")
        server.execute("CREATE ROLE guest LOGIN")
        error = refusal(make(Settings.load(database_url=url.replace("postgres@", "guest@"))).drafts)
        assert "权限" in error.message
        assert not error.retryable
        make(Settings.load(database_url=url)).keep(make_draft())
        server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        read_only = make(Settings.load(database_url=url))
        assert read_only.draft("a1").text == make_draft().text
        assert "只读" in refusal(lambda: read_only.revise("a1", "改")).message

    def test_another_programs_table_of_the_same_name_is_left_alone(
        self, url: str, make: Callable[[Settings], Store]
    ) -> None:
        server = cluster()
        assert server
        name = url.partition("@/")[2].partition("?")[0]
        server.execute("CREATE TABLE sendings (theirs int)", database=name)
        assert "同名" in refusal(make(Settings.load(database_url=url)).drafts).message
        server.execute("SELECT theirs FROM sendings", database=name)
        with pytest.raises(Exception, match="drafts"):
            server.execute("SELECT * FROM drafts", database=name)  # nothing of ours was made

    def test_a_connection_the_server_ended_is_made_again(self, url: str, make: Callable[[Settings], Store]) -> None:
        store = make(Settings.load(database_url=url))
        store.keep(make_draft())
        server = cluster()
        assert server
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'copilot'")
        assert store.draft("a1").text == make_draft().text


def test_every_trouble_says_what_to_do() -> None:
    for trouble in (*troubles._SQLITE.values(), *troubles._POSTGRESQL.values(), troubles._OTHER, troubles._CONNECTING):
        assert trouble.message.format(place="P", words="W", seconds=1.0)
        assert trouble.hint
