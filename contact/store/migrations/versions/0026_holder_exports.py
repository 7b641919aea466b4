"""Holders leave the register by two people's deed alone, and a dealer's premises stand on it."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script, run_sql

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Add the table, its guard and the columns."""
    run_script("0026_holder_exports.sql")


def downgrade() -> None:
    """Take them away again."""
    run_sql(
        """
        DROP TABLE holder_exports;
        DROP FUNCTION guard_holder_export();
        ALTER TABLE certificates DROP COLUMN trades_as, DROP COLUMN premises;
        """
    )
