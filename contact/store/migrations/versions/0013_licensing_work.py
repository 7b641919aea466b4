"""The licensing team's work on an application: checks, visits, recommendations and decisions, and its lists."""

from __future__ import annotations

from alembic import op

from contact.store.migrations.scripts import run_script

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the tables, the functions, the indexes and the policies."""
    run_script("0013_licensing_work.sql")


def downgrade() -> None:
    """Take them away again."""
    op.execute("DROP FUNCTION applicant_elsewhere(uuid)")
    op.execute("DROP FUNCTION search_applications(text, text, text, integer)")
    for table in ("application_decisions", "visit_reports", "visits", "application_checks"):
        op.execute(f"DROP TABLE {table}")
    for index in ("waiting", "unread", "officer", "certificate_number"):
        op.execute(f"DROP INDEX ix_applications_{index}")
