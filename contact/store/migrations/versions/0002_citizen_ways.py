"""A link to a saved report by mail, and equality answers that stand apart from everybody."""

from __future__ import annotations

from alembic import op

from contact.store.migrations.scripts import run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add a draft to mails, and the table of equality answers."""
    run_script("0002_citizen_ways.sql")


def downgrade() -> None:
    """Take both away again."""
    op.execute("DROP TABLE equality_answers")
    op.execute("DROP POLICY citizen_writes_for_draft ON mails")
    op.execute("ALTER POLICY invite ON mails WITH CHECK ((SELECT actor_kind()) = 'agent' AND contact_id IS NULL)")
    op.execute("ALTER TABLE mails DROP COLUMN draft_id")
