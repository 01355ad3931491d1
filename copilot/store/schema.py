"""The tables. What changes here needs a migration beside `migrations/versions/`; a test holds the two together.

Texts are `Text` throughout: a length that only PostgreSQL enforces would make the two databases differ.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

# The newest migration, so that an up-to-date database is known without loading alembic.
REVISION = "0003"
# Our own name: in a database shared with another program, `alembic_version` may be that program's.
REVISION_TABLE = "copilot_revision"
# How a draft or profile is written as JSON. Raise it when an older record can't be read by defaults alone.
RECORD_VERSION = 1


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite, which knows no time zones, stores it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if not isinstance(value, datetime):
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# As alembic would make it. It is none of `metadata`, which alembic compares with what the steps make.
revisions = Table(
    REVISION_TABLE,
    MetaData(naming_convention={"pk": "%(table_name)s_pkc"}),
    Column("version_num", String(32), primary_key=True),
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# `record` is the draft's JSON as produced. `haystack` holds every word of the brief, the wordings and the sendings,
# folded as a search folds its words: neither database folds Chinese and full-width text by itself.
drafts = Table(
    "drafts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("writer", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("group_name", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("record_version", Integer, nullable=False),
    Column("record", Text, nullable=False),
    Column("haystack", Text, nullable=False),
    Index(None, "created"),
)

versions = Table(
    "versions",
    metadata,
    Column("draft_id", ForeignKey(drafts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created", Moment, nullable=False),
)

sendings = Table(
    "sendings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("draft_id", ForeignKey(drafts.c.id, ondelete="CASCADE"), nullable=False),
    Column("part", Text),
    Column("text", Text, nullable=False),
    Column("sent", Moment, nullable=False),
    Index(None, "draft_id"),
)

# Nothing is ever changed or taken out here: an edit, a restoring and a removal (no profile) are each a new row.
group_versions = Table(
    "group_versions",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("saved", Moment, nullable=False),
    Column("record_version", Integer, nullable=False),
    Column("profile", Text),
)

# `haystack` holds every word that was said, folded as a draft's is.
conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("haystack", Text, nullable=False),
    Index(None, "updated"),
)

turns = Table(
    "turns",
    metadata,
    Column("conversation_id", ForeignKey(conversations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False),
    Column("record_version", Integer, nullable=False),
    Column("record", Text, nullable=False),
)

# What the operator was asked to make of their edits, and what they said; `group_name` is "" where it holds for every group.
habits = Table(
    "habits",
    metadata,
    Column("id", Text, primary_key=True),
    Column("group_name", Text, nullable=False),
    Column("kept", Boolean, nullable=False),
    Column("decided", Moment, nullable=False),
    Column("record_version", Integer, nullable=False),
    Column("record", Text, nullable=False),
)
