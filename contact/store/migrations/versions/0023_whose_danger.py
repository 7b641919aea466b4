"""Who applied, for a worry about them that goes to the control room: the practice's session may read nothing else."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script, run_sql

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Add the function."""
    run_script("0023_whose_danger.sql")


def downgrade() -> None:
    """Take it away again."""
    run_sql("DROP FUNCTION applicant_in_danger(uuid)")
