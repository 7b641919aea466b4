"""Links of referees and practices end with the decision; a practice's later concern; words of a renewal by post."""

from __future__ import annotations

from alembic import op

from contact.store.migrations.scripts import run_script

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the tables and functions, and let links know of the decision."""
    run_script("0021_outsiders_end.sql")


def downgrade() -> None:
    """Back to links that outlive the decision."""
    op.execute("DROP TABLE medical_concerns, renewal_codes CASCADE")
    run_script("0021_outsiders_end_down.sql")
