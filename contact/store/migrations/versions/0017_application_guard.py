"""An applicant's session changes of an application what an applicant's page writes, and nothing else."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script, run_sql

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the guards."""
    run_script("0017_application_guard.sql")


def downgrade() -> None:
    """Take them away again."""
    run_sql(
        """
        DROP TRIGGER guard ON applications;
        DROP TRIGGER guard ON visits;
        DROP FUNCTION guard_application(), guard_visit();
        """
    )
