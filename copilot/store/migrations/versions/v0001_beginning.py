"""The beginning: drafts with their versions and sendings, group profiles with their versions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the four tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("writer", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("haystack", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    op.create_index("ix_drafts_created", "drafts", ["created"])
    op.create_table(
        "versions",
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_versions_draft_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("draft_id", "number", name="pk_versions"),
    )
    op.create_table(
        "sendings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent", moment, nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_sendings_draft_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_sendings"),
    )
    op.create_index("ix_sendings_draft_id", "sendings", ["draft_id"])
    op.create_table(
        "group_versions",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("saved", moment, nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("profile", sa.Text()),
        sa.PrimaryKeyConstraint("name", "number", name="pk_group_versions"),
    )


def downgrade() -> None:
    """Take them away, and all they hold."""
    for name in ("group_versions", "sendings", "versions", "drafts"):
        op.drop_table(name)
