"""Money: payments, a ledger that balances, provider events, refunds, cases, payouts and forces' own fees."""

from __future__ import annotations

from alembic import op

from contact.store.migrations.scripts import run_script

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the tables, the functions and the policies."""
    run_script("0014_payments.sql")


def downgrade() -> None:
    """Take them away again."""
    op.execute(
        "DROP TABLE licence_fees, settlement_lines, settlements, payment_exceptions, refunds, provider_events,"
        " ledger_lines, ledger_transactions, payments"
    )
    op.execute("DROP FUNCTION ledger_balances(), ledger_is_append_only(), open_payment_exceptions()")
