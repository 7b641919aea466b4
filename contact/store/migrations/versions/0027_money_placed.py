"""Money that left without our asking leaves suspense, and a stray payment is put to any application of its force."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script, run_sql

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Let new kinds of entry in, and add one column and one function."""
    run_script("0027_money_placed.sql")


def downgrade() -> None:
    """Take them away again. The books are append-only: with a new kind of entry in them this stops."""
    run_sql(
        """
        ALTER TABLE applications DROP COLUMN paid_otherwise;
        DROP FUNCTION application_to_pay(text, text);
        ALTER TABLE ledger_transactions DROP CONSTRAINT ck_ledger_transactions_entry_is_known;
        ALTER TABLE ledger_transactions ADD CONSTRAINT ck_ledger_transactions_entry_is_known CHECK (entry IN (
          'money_in', 'money_queried', 'query_placed', 'earned', 'refund_sent', 'refund_sent_earned', 'refund_settled',
          'refund_failed', 'refund_failed_earned', 'refund_returned', 'refund_unknown', 'dispute_opened', 'dispute_won',
          'dispute_lost', 'dispute_lost_held', 'paid_out', 'taken_back', 'charged'));
        """
    )
