"""Texts out, the numbers that forces text from, and who wants no more of them."""

from __future__ import annotations

from alembic import op

from contact.store.migrations.scripts import run_script

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the tables and their policies."""
    run_script("0009_texts.sql")


def downgrade() -> None:
    """Take them away again."""
    op.execute("DROP TABLE texts, sms_numbers, opt_outs")
    op.execute("DROP INDEX ix_inbox_waiting")
