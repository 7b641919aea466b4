-- What a finance officer decides about money that does not fit; fees paid another way that go back; payouts by force;
-- how far the nightly reckoning has come; and which granted applications are not paid.

ALTER TABLE licensing_settings ADD COLUMN other_way_to_pay_cy TEXT;

ALTER TABLE payments DROP CONSTRAINT ck_payments_state_is_known;
ALTER TABLE payments ADD CONSTRAINT ck_payments_state_is_known CHECK (state IN ('created', 'open', 'processing', 'paid', 'queried', 'returned', 'failed', 'expired', 'cancelled'));

ALTER TABLE ledger_transactions DROP CONSTRAINT ck_ledger_transactions_entry_is_known;
ALTER TABLE ledger_transactions ADD CONSTRAINT ck_ledger_transactions_entry_is_known CHECK (entry IN ('money_in', 'money_queried', 'query_placed', 'earned', 'refund_sent', 'refund_sent_earned', 'refund_settled', 'refund_failed', 'refund_failed_earned', 'refund_returned', 'refund_unknown', 'dispute_opened', 'dispute_won', 'dispute_lost', 'dispute_lost_held', 'paid_out', 'taken_back', 'charged'));

UPDATE payment_exceptions SET kind = 'not_at_provider' WHERE kind = 'not_in_ledger';  -- nothing ever opened one
ALTER TABLE payment_exceptions DROP CONSTRAINT ck_payment_exceptions_kind_is_known;
ALTER TABLE payment_exceptions ADD CONSTRAINT ck_payment_exceptions_kind_is_known CHECK (kind IN ('amount_differs', 'unmatched', 'paid_twice', 'refund_failed', 'refund_unknown', 'dispute', 'not_at_provider', 'payout_differs', 'ledger_differs', 'other_way_back'));
ALTER TABLE payment_exceptions ADD COLUMN contact_id UUID;
ALTER TABLE payment_exceptions ADD COLUMN reference TEXT;
ALTER TABLE payment_exceptions ADD COLUMN note TEXT;
ALTER TABLE payment_exceptions ADD COLUMN settled_reference TEXT;
ALTER TABLE payment_exceptions ADD CONSTRAINT fk_payment_exceptions_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE SET NULL;
CREATE INDEX ix_payment_exceptions_contact_id ON payment_exceptions (contact_id) WHERE contact_id IS NOT NULL;

-- The officer who refuses or takes back what was paid by cheque opens the case for finance, and reads none.
CREATE POLICY licensing_opens ON payment_exceptions FOR INSERT TO contact_web
  WITH CHECK ((SELECT actor_kind()) = 'agent' AND kind = 'other_way_back' AND settled_at IS NULL
              AND force_id = ANY ((SELECT actor_licensing_forces())::text[])
              AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id));

-- What was paid out to a force belongs to no payment: its finance officers read it all the same.
CREATE POLICY finance_of_force ON ledger_transactions FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND payment_id IS NULL
         AND force_id = ANY ((SELECT actor_finance_forces())::text[]));

CREATE TABLE reckonings (
  id UUID NOT NULL,
  provider TEXT NOT NULL,
  since TIMESTAMP WITH TIME ZONE NOT NULL,
  until TIMESTAMP WITH TIME ZONE NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  payments INTEGER NOT NULL,
  payouts INTEGER NOT NULL,
  cases INTEGER NOT NULL,
  CONSTRAINT pk_reckonings PRIMARY KEY (id)
);
CREATE INDEX ix_reckonings_provider_until ON reckonings (provider, until);
REVOKE ALL ON reckonings FROM PUBLIC;
GRANT SELECT ON reckonings TO contact_web;
GRANT SELECT, INSERT ON reckonings TO contact_worker;
ALTER TABLE reckonings ENABLE ROW LEVEL SECURITY;
CREATE POLICY finance ON reckonings FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND cardinality((SELECT actor_finance_forces())::text[]) > 0);
CREATE POLICY worker_all ON reckonings FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

CREATE INDEX ix_applications_unpaid ON applications (force_id, declared_at, contact_id)
  WHERE state = 'granted' AND payment = 'due';
