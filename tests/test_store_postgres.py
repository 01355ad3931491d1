"""A PostgreSQL that is away, refuses or breaks off is named with the fix; its URL is never shown."""

import socket
from pathlib import Path

import pytest
from databases import PASSWORD, Open, cluster, make_draft, refusal, settings_for

from copilot.settings import Settings
from copilot.store import Store, examine_store
from copilot.store import database as database_module


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
        self, url: str, tmp_path: Path, open_store: Open
    ) -> None:
        settings = Settings.load(home=tmp_path / "home", database_url=url)
        for work in (lambda: open_store(settings).keep(make_draft()), lambda: examine_store(settings)):
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

    def test_a_password_with_marks_in_it_is_written_escaped(self, url: str, open_store: Open) -> None:
        store = open_store(
            Settings.load(database_url=self.over_tcp(url, PASSWORD.replace("@", "%40").replace("/", "%2F")))
        )
        store.keep(make_draft())
        assert store.draft("a1").text == make_draft().text

    def test_the_short_name_of_the_scheme_is_understood(self, url: str, open_store: Open) -> None:
        open_store(Settings.load(database_url=url.replace("postgresql://", "postgres://"))).keep(make_draft())

    def test_a_wrong_password_is_told_and_not_shown(self, url: str, open_store: Open) -> None:
        error = refusal(open_store(Settings.load(database_url=self.over_tcp(url, "s3cret"))).drafts)
        assert "连不上" in error.message
        assert "COPILOT_DATABASE_URL" in error.hint
        assert "s3cret" not in str(error)

    def test_a_database_that_is_not_there_is_named(self, url: str, open_store: Open) -> None:
        absent = url.replace("@/test_", "@/absent_")
        assert "absent_" in refusal(open_store(Settings.load(database_url=absent)).drafts).message

    def test_a_server_that_never_answers_is_given_up(
        self, tmp_path: Path, open_store: Open, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database_module, "CONNECT_SECONDS", 2)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"postgresql://u:p@127.0.0.1:{silent.getsockname()[1]}/db"
            assert refusal(open_store(Settings.load(database_url=url)).drafts).retryable

    def test_a_writer_who_never_ends_is_named(
        self, url: str, open_store: Open, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database_module, "WAIT_SECONDS", 1.0)
        store = open_store(Settings.load(database_url=url))
        store.keep(make_draft())
        with open_store(Settings.load(database_url=url)).database.writing():
            assert "占用" in refusal(lambda: store.revise("a1", "改")).message
            assert store.draft("a1").text == make_draft().text
        store.revise("a1", "改")

    def test_a_user_without_rights_and_a_read_only_database_are_named(self, url: str, open_store: Open) -> None:
        server = cluster()
        assert server
        name = url.partition("@/")[2].partition("?")[0]
        server.execute("DROP ROLE IF EXISTS guest")
        server.execute("CREATE ROLE guest LOGIN")
        error = refusal(open_store(Settings.load(database_url=url.replace("postgres@", "guest@"))).drafts)
        assert "权限" in error.message
        assert not error.retryable
        open_store(Settings.load(database_url=url)).keep(make_draft())
        server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        read_only = open_store(Settings.load(database_url=url))
        assert read_only.draft("a1").text == make_draft().text
        assert "只读" in refusal(lambda: read_only.revise("a1", "改")).message

    def test_another_programs_table_of_the_same_name_is_left_alone(self, url: str, open_store: Open) -> None:
        server = cluster()
        assert server
        name = url.partition("@/")[2].partition("?")[0]
        server.execute("CREATE TABLE sendings (theirs int)", database=name)
        assert "同名" in refusal(open_store(Settings.load(database_url=url)).drafts).message
        server.execute("SELECT theirs FROM sendings", database=name)
        with pytest.raises(Exception, match="drafts"):
            server.execute("SELECT * FROM drafts", database=name)  # nothing of ours was made

    def test_a_connection_the_server_ended_is_made_again(self, url: str, open_store: Open) -> None:
        store = open_store(Settings.load(database_url=url))
        store.keep(make_draft())
        server = cluster()
        assert server
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'copilot'")
        assert store.draft("a1").text == make_draft().text
