"""What finance decides about money that does not fit, payouts by force, and granted applications not paid."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script, run_sql

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add columns, one table, policies and an index."""
    run_script("0019_money_decided.sql")


def downgrade() -> None:
    """Take them away again. The books are append-only: with a new kind of entry in them this stops."""
    run_sql(
        """
        DROP INDEX ix_applications_unpaid;
        DROP TABLE reckonings;
        DROP POLICY finance_of_force ON ledger_transactions;
        DROP POLICY licensing_opens ON payment_exceptions;
        DELETE FROM payment_exceptions WHERE kind = 'other_way_back';
        DROP INDEX ix_payment_exceptions_contact_id;
        ALTER TABLE payment_exceptions DROP COLUMN contact_id, DROP COLUMN reference, DROP COLUMN note,
          DROP COLUMN settled_reference;
        ALTER TABLE payment_exceptions DROP CONSTRAINT ck_payment_exceptions_kind_is_known;
        ALTER TABLE payment_exceptions ADD CONSTRAINT ck_payment_exceptions_kind_is_known CHECK (kind IN (
          'amount_differs', 'unmatched', 'paid_twice', 'refund_failed', 'refund_unknown', 'dispute', 'not_at_provider',
          'not_in_ledger', 'payout_differs', 'ledger_differs'));
        ALTER TABLE ledger_transactions DROP CONSTRAINT ck_ledger_transactions_entry_is_known;
        ALTER TABLE ledger_transactions ADD CONSTRAINT ck_ledger_transactions_entry_is_known CHECK (entry IN (
          'money_in', 'money_queried', 'earned', 'refund_sent', 'refund_sent_earned', 'refund_settled',
          'refund_failed', 'refund_failed_earned', 'refund_returned', 'refund_unknown', 'dispute_opened',
          'dispute_won', 'dispute_lost', 'paid_out', 'charged'));
        UPDATE payments SET state = 'queried' WHERE state = 'returned';
        ALTER TABLE payments DROP CONSTRAINT ck_payments_state_is_known;
        ALTER TABLE payments ADD CONSTRAINT ck_payments_state_is_known CHECK (state IN (
          'created', 'open', 'processing', 'paid', 'queried', 'failed', 'expired', 'cancelled'));
        ALTER TABLE licensing_settings DROP COLUMN other_way_to_pay_cy;
        """
    )
