"""A database is brought to the newest schema on first use: from nothing, from an older one, never from a newer one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from databases import Open, make_draft, settings_for
from sqlalchemy import Connection, inspect, text

from copilot.errors import StorageError
from copilot.settings import Settings
from copilot.store import Store, examine_store, migrating
from copilot.store import database as database_module
from copilot.store.migrating import alembic_config, revision_of
from copilot.store.schema import REVISION, REVISION_TABLE, metadata

TABLES = {"drafts", "versions", "sendings", "group_versions", "conversations", "turns", "habits"}
STEP = """
import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("drafts") as table:
        table.add_column(sa.Column("colour", sa.Text(), nullable=False, server_default="red"))
        table.alter_column("platform", nullable=True)
    {fails}
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    return settings_for(request.param, tmp_path)


@pytest.fixture
def store(settings: Settings, open_store: Open) -> Store:
    return open_store(settings)


@pytest.fixture
def next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make it the time after the next release, whose step may fail at its end."""

    def released(fails: str = "") -> None:
        folder = tmp_path / "copilot" / "store"
        (folder / "migrations").mkdir(parents=True)
        here = Path(migrating.__file__).parent / "migrations"
        for file in here.rglob("*.py"):
            copy = folder / "migrations" / file.relative_to(here)
            copy.parent.mkdir(exist_ok=True)
            copy.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
        (folder / "migrations" / "versions" / "v0004_colour.py").write_text(STEP.format(fails=fails), encoding="utf-8")
        monkeypatch.setattr(migrating, "__file__", str(folder / "migrating.py"))
        monkeypatch.setattr(migrating, "REVISION", "0004")
        monkeypatch.setattr(database_module, "REVISION", "0004")

    return released


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def set_revision(store: Store, revision: str) -> None:
    with store.database.writing() as connection:
        connection.execute(text(f"UPDATE {REVISION_TABLE} SET version_num = :revision"), {"revision": revision})


def test_the_steps_are_one_chain_that_ends_where_the_code_stands() -> None:
    with Store(Settings.load()).database._engine().connect() as connection:
        scripts = ScriptDirectory.from_config(alembic_config(connection))
    names = [script.revision for script in scripts.walk_revisions()]
    assert scripts.get_heads() == [REVISION]
    assert names == sorted(names, reverse=True)  # a newer schema is told by its name


def test_the_steps_make_what_the_tables_say(store: Store) -> None:
    def everything(connection: Connection) -> dict[str, object]:
        reader = inspect(connection)
        return {
            name: (
                [{**column, "type": str(column["type"])} for column in reader.get_columns(name)],
                reader.get_pk_constraint(name),
                reader.get_foreign_keys(name),
                reader.get_indexes(name),
            )
            for name in reader.get_table_names()
        }

    with store.database.writing() as connection:
        made_at_once = everything(connection)
        command.downgrade(alembic_config(connection), "base")
        connection.execute(text(f"DROP TABLE {REVISION_TABLE}"))
        command.upgrade(alembic_config(connection), "head")
        assert everything(connection) == made_at_once
        options = {"compare_type": True, "compare_server_default": True, "version_table": REVISION_TABLE}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        assert tables(connection) == {*TABLES, REVISION_TABLE}
        assert revision_of(connection) == REVISION


def test_down_to_nothing_and_up_again(store: Store) -> None:
    store.keep(make_draft())
    with store.database.writing() as connection:
        command.downgrade(alembic_config(connection), "base")
    with store.database.looking() as looked:
        assert looked
        assert tables(looked[0]) == {REVISION_TABLE}
    again = Store(store.settings)
    assert again.drafts() == ()
    again.keep(make_draft())
    again.close()


def test_an_older_database_is_brought_up_with_all_that_it_holds(
    store: Store, next_step: Callable[..., None], settings: Settings
) -> None:
    store.keep(make_draft())
    store.revise("a1", "改过")
    store.mark_sent("a1", "发了")
    before = store.draft("a1")
    next_step()
    newer = Store(settings)
    assert newer.draft("a1") == before
    with newer.database.reading() as connection:
        assert revision_of(connection) == "0004"
        assert connection.execute(text("SELECT colour FROM drafts")).scalars().all() == ["red"]
    newer.delete("a1")  # what hangs on a draft still goes with it
    with newer.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM versions")).scalar() == 0
    newer.close()


def test_a_step_that_fails_leaves_the_database_as_it_was(
    store: Store, next_step: Callable[..., None], settings: Settings
) -> None:
    store.keep(make_draft())
    next_step(fails='op.execute("INSERT INTO nowhere VALUES (1)")')
    newer = Store(settings)
    with pytest.raises(StorageError, match="nowhere"):
        newer.drafts()
    newer.close()
    assert store.draft("a1").draft == make_draft()
    with store.database.reading() as connection:
        assert revision_of(connection) == "0003"
        assert "colour" not in {column["name"] for column in inspect(connection).get_columns("drafts")}


def test_a_newer_database_is_left_alone(store: Store, settings: Settings) -> None:
    store.keep(make_draft())
    set_revision(store, "0999")
    older = Store(settings)
    for work in (older.drafts, lambda: older.keep(make_draft("b")), lambda: examine_store(settings)):
        with pytest.raises(StorageError, match="0999") as caught:
            work()
        assert "升级 copilot" in caught.value.hint
        assert not caught.value.retryable
    set_revision(store, REVISION)
    assert [row.id for row in older.drafts()] == ["a1b2c3"]
    older.close()


def test_an_older_database_is_told_without_being_touched(store: Store, settings: Settings) -> None:
    store.drafts()
    set_revision(store, "0000")
    assert examine_store(settings).state == "outdated"
