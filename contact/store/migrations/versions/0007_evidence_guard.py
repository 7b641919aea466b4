"""The database holds the web to what it may do with a file: take it in, mark it, never unseal it."""

from __future__ import annotations

from alembic import op

from contact.store.migrations.scripts import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the guard."""
    run_script("0007_evidence_guard.sql")


def downgrade() -> None:
    """Take it away again."""
    op.execute("DROP TRIGGER guard ON evidence")
    op.execute("DROP FUNCTION guard_evidence()")
