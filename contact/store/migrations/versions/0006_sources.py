"""Sources apart: who told us, the role that reads it, and the alarm that one of them came again (practice 17)."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table, the role, the functions and the policies."""
    run_script("0006_sources.sql")


def downgrade() -> None:
    """Take them away again: what stood apart is lost, and nobody reads it in another's place."""
    run_script("0006_sources_down.sql")
