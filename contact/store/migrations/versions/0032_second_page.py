"""Money that came on a second page of one payment leaves suspense with its case."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script, run_sql

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Let one new kind of entry in."""
    run_script("0032_second_page.sql")


def downgrade() -> None:
    """Take it away again. The books are append-only: with the new kind of entry in them this stops."""
    run_sql(
        """
        ALTER TABLE ledger_transactions DROP CONSTRAINT ck_ledger_transactions_entry_is_known;
        ALTER TABLE ledger_transactions ADD CONSTRAINT ck_ledger_transactions_entry_is_known CHECK (entry IN (
          'money_in', 'money_queried', 'query_placed', 'earned', 'refund_sent', 'refund_sent_earned', 'refund_settled',
          'refund_failed', 'refund_failed_earned', 'refund_returned', 'refund_unknown', 'unknown_placed',
          'unknown_placed_earned', 'unknown_lost', 'unknown_returned', 'dispute_opened', 'dispute_won', 'dispute_lost',
          'dispute_lost_held', 'paid_out', 'taken_back', 'charged'));
        """
    )
