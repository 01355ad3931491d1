"""Bring a database to the newest schema. Alembic is loaded only for one that holds an older schema."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from copilot.store.schema import REVISION, REVISION_TABLE, metadata, revisions
from copilot.store.troubles import too_new

if TYPE_CHECKING:
    from alembic.config import Config


def revision_of(connection: Connection) -> str:
    """The schema a database has, "" where it has none of ours."""
    if not inspect(connection).has_table(REVISION_TABLE):
        return ""
    return connection.execute(text(f"SELECT version_num FROM {REVISION_TABLE}")).scalar() or ""  # noqa: S608 - our name


def migrate(connection: Connection, place: str) -> None:
    """Bring it to the newest schema within the open transaction: all of the steps are taken, or none.

    A database without any of our tables gets them as they are now; a test holds that equal to taking all the steps.

    Raises `StorageError` for a schema this version does not know: a newer version's, which an older one must not touch.
    """
    found = revision_of(connection)
    if found == REVISION:
        return
    if found > REVISION:
        raise too_new(place, found, REVISION)
    if not {*metadata.tables, REVISION_TABLE} & {*inspect(connection).get_table_names()}:
        metadata.create_all(connection, checkfirst=False)
        revisions.create(connection)
        connection.execute(revisions.insert().values(version_num=REVISION))
        return
    from alembic import command

    command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection) -> "Config":
    """What alembic's commands need to work on this connection; there is no ini file."""
    from alembic.config import Config

    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))  # it would be interpolated
    config.attributes["connection"] = connection
    return config
