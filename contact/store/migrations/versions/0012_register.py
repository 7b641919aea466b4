"""The working register: certificates, guns, history, notices, letters, and reviews of holders (practice 9, 27)."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the tables, the functions that match across forces, and the policies."""
    run_script("0012_register.sql")


def downgrade() -> None:
    """Take them away again."""
    run_script("0012_register_down.sql")
