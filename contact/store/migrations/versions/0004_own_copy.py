"""A copy of one's own report, for the browser that sent it."""

from __future__ import annotations

from alembic import op

from contact.store.migrations.scripts import run_script

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the function."""
    run_script("0004_own_copy.sql")


def downgrade() -> None:
    """Take it away again."""
    op.execute("DROP FUNCTION own_submission()")
