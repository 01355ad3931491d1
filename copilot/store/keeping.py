"""What the two halves of the store share: the database, the operator's clock, and what a text may hold."""

import re
from datetime import UTC, datetime

from copilot.settings import Settings
from copilot.store.database import Database


class Keeper:
    """Holds the database and the operator's time zone."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings)

    def close(self) -> None:
        """Let go of the database; the next call opens it again."""
        self.database.close()

    def _here(self, moment: datetime) -> datetime:
        """A moment in the operator's time zone; one without a zone is taken to be in it."""
        if moment.tzinfo is None:
            return moment.replace(tzinfo=self.settings.zone)
        return moment.astimezone(self.settings.zone)


def now() -> datetime:
    """The clock, in UTC."""
    return datetime.now(UTC)


_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """A text that either database takes: without the null character, half characters replaced."""
    return _LONE_SURROGATE.sub("\ufffd", text.replace("\0", ""))
