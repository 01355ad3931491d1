"""The store: drafts, group profiles, conversations and habits in one database, opened and migrated on first use."""

from sqlalchemy import func, select

from copilot.settings import Settings
from copilot.store.conversations import ConversationKeeper
from copilot.store.database import Database
from copilot.store.drafts import DraftKeeper
from copilot.store.groups import GroupKeeper, in_force
from copilot.store.habits import HabitKeeper
from copilot.store.records import Standing
from copilot.store.schema import REVISION, drafts
from copilot.store.troubles import too_new


class Store(DraftKeeper, GroupKeeper, ConversationKeeper, HabitKeeper):
    """What an operator's work leaves behind. One object may be shared by threads, one database by processes."""


def examine_store(settings: Settings) -> Standing:
    """How the store stands, without making or migrating anything. Raises `StorageError` where it can't be used."""
    database = Database(settings)
    try:
        with database.looking() as found:
            if found is None:
                return Standing(place=database.place, state="absent", revision="", drafts=0, groups=0)
            connection, revision = found
            if revision > REVISION:
                raise too_new(database.place, revision, REVISION)
            if revision != REVISION:
                state = "outdated" if revision else "absent"
                return Standing(place=database.place, state=state, revision=revision, drafts=0, groups=0)
            return Standing(
                place=database.place,
                state="ready",
                revision=revision,
                drafts=connection.execute(select(func.count()).select_from(drafts)).scalar_one(),
                groups=connection.execute(select(func.count()).select_from(in_force().subquery())).scalar_one(),
            )
    finally:
        database.close()
