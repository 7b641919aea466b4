"""The licensing desk: applications, each force's settings, and who reads them (practice 24, 29)."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the desk, the tables, the role and the policies."""
    run_script("0011_licensing.sql")


def downgrade() -> None:
    """Take them away again, applications with everything that hangs on them: no other desk may read those."""
    run_script("0011_licensing_down.sql")
