-- Money: payments, the books, what providers told, refunds, cases for a person, payouts and a force's own fees;
-- store/models/payment.py describes the same (tests/store/test_schema.py compares).

CREATE TABLE payments (
  id UUID NOT NULL,
  contact_id UUID,
  force_id TEXT NOT NULL,
  reference TEXT NOT NULL,
  licence TEXT NOT NULL,
  kind TEXT NOT NULL,
  legal_basis TEXT NOT NULL,
  amount_pence INTEGER NOT NULL,
  currency TEXT NOT NULL,
  language TEXT NOT NULL,
  state TEXT NOT NULL,
  state_since TIMESTAMP WITH TIME ZONE NOT NULL,
  provider TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  session_id TEXT,
  provider_payment_id TEXT,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  paid_at TIMESTAMP WITH TIME ZONE,
  earned_at TIMESTAMP WITH TIME ZONE,
  received_pence INTEGER NOT NULL,
  refunded_pence INTEGER NOT NULL,
  dispute TEXT NOT NULL,
  disputed_pence INTEGER NOT NULL,
  CONSTRAINT pk_payments PRIMARY KEY (id),
  CONSTRAINT ck_payments_state_is_known CHECK (state IN ('created', 'open', 'processing', 'paid', 'queried', 'failed', 'expired', 'cancelled')),
  CONSTRAINT ck_payments_dispute_is_known CHECK (dispute IN ('none', 'open', 'won', 'lost')),
  CONSTRAINT ck_payments_language_is_known CHECK (language IN ('en', 'cy')),
  CONSTRAINT ck_payments_amount_is_something CHECK (amount_pence > 0),
  CONSTRAINT ck_payments_refunded_is_whole CHECK (refunded_pence >= 0),
  CONSTRAINT uq_payments_idempotency_key UNIQUE (idempotency_key),
  CONSTRAINT uq_payments_session_id UNIQUE (session_id),
  CONSTRAINT uq_payments_provider_payment_id UNIQUE (provider_payment_id),
  CONSTRAINT fk_payments_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE SET NULL,
  CONSTRAINT fk_payments_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id)
);
CREATE INDEX ix_payments_contact_id ON payments (contact_id);
CREATE INDEX ix_payments_force_id_created_at ON payments (force_id, created_at);
CREATE INDEX ix_payments_reference ON payments (reference);
CREATE UNIQUE INDEX uq_payments_one_open ON payments (contact_id) WHERE state IN ('created', 'open', 'processing');

CREATE TABLE ledger_transactions (
  id UUID NOT NULL,
  key TEXT NOT NULL,
  entry TEXT NOT NULL,
  force_id TEXT,
  payment_id UUID,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_ledger_transactions PRIMARY KEY (id),
  CONSTRAINT ck_ledger_transactions_entry_is_known CHECK (entry IN ('money_in', 'money_queried', 'earned', 'refund_sent', 'refund_sent_earned', 'refund_settled', 'refund_failed', 'refund_failed_earned', 'refund_returned', 'refund_unknown', 'dispute_opened', 'dispute_won', 'dispute_lost', 'paid_out', 'charged')),
  CONSTRAINT uq_ledger_transactions_key UNIQUE (key),
  CONSTRAINT fk_ledger_transactions_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id),
  CONSTRAINT fk_ledger_transactions_payment_id_payments FOREIGN KEY(payment_id) REFERENCES payments (id)
);
CREATE INDEX ix_ledger_transactions_force_id_at ON ledger_transactions (force_id, at);
CREATE INDEX ix_ledger_transactions_payment_id ON ledger_transactions (payment_id);

CREATE TABLE ledger_lines (
  transaction_id UUID NOT NULL,
  account TEXT NOT NULL,
  amount_pence BIGINT NOT NULL,
  CONSTRAINT pk_ledger_lines PRIMARY KEY (transaction_id, account),
  CONSTRAINT ck_ledger_lines_account_is_known CHECK (account IN ('provider', 'bank', 'owed_back', 'fees', 'refunds', 'suspense', 'disputed', 'losses', 'charges')),
  CONSTRAINT ck_ledger_lines_amount_is_something CHECK (amount_pence <> 0),
  CONSTRAINT fk_ledger_lines_transaction_id_ledger_transactions FOREIGN KEY(transaction_id) REFERENCES ledger_transactions (id)
);

CREATE TABLE provider_events (
  provider TEXT NOT NULL,
  event_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  facts JSONB NOT NULL,
  created TIMESTAMP WITH TIME ZONE NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE NOT NULL,
  payment_id UUID,
  outcome TEXT,
  CONSTRAINT pk_provider_events PRIMARY KEY (provider, event_id),
  CONSTRAINT fk_provider_events_payment_id_payments FOREIGN KEY(payment_id) REFERENCES payments (id)
);
CREATE INDEX ix_provider_events_payment_id ON provider_events (payment_id);
CREATE INDEX ix_provider_events_waiting ON provider_events (received_at) WHERE outcome IS NULL;

CREATE TABLE refunds (
  id UUID NOT NULL,
  payment_id UUID NOT NULL,
  force_id TEXT NOT NULL,
  amount_pence INTEGER NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  state_since TIMESTAMP WITH TIME ZONE NOT NULL,
  asked_by_id UUID,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  decided_by_id UUID,
  decided_at TIMESTAMP WITH TIME ZONE,
  idempotency_key TEXT NOT NULL,
  provider_refund_id TEXT,
  from_earned BOOLEAN NOT NULL,
  error TEXT,
  CONSTRAINT pk_refunds PRIMARY KEY (id),
  CONSTRAINT ck_refunds_state_is_known CHECK (state IN ('asked', 'approved', 'sent', 'settled', 'failed', 'declined')),
  CONSTRAINT ck_refunds_reason_is_known CHECK (reason IN ('refused', 'withdrawn', 'duplicate', 'overcharged', 'grant_to_renewal', 'other')),
  CONSTRAINT ck_refunds_amount_is_something CHECK (amount_pence > 0),
  CONSTRAINT ck_refunds_decided_by_another CHECK (decided_by_id <> asked_by_id),
  CONSTRAINT uq_refunds_idempotency_key UNIQUE (idempotency_key),
  CONSTRAINT uq_refunds_provider_refund_id UNIQUE (provider_refund_id),
  CONSTRAINT fk_refunds_payment_id_payments FOREIGN KEY(payment_id) REFERENCES payments (id),
  CONSTRAINT fk_refunds_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id),
  CONSTRAINT fk_refunds_asked_by_id_agents FOREIGN KEY(asked_by_id) REFERENCES agents (id),
  CONSTRAINT fk_refunds_decided_by_id_agents FOREIGN KEY(decided_by_id) REFERENCES agents (id)
);
CREATE INDEX ix_refunds_open ON refunds (state, asked_at) WHERE state IN ('asked', 'approved');
CREATE INDEX ix_refunds_payment_id ON refunds (payment_id);

CREATE TABLE payment_exceptions (
  id UUID NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  force_id TEXT,
  payment_id UUID,
  amount_pence INTEGER,
  raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
  settled_at TIMESTAMP WITH TIME ZONE,
  settled_by_id UUID,
  what_was_done TEXT,
  CONSTRAINT pk_payment_exceptions PRIMARY KEY (id),
  CONSTRAINT ck_payment_exceptions_kind_is_known CHECK (kind IN ('amount_differs', 'unmatched', 'paid_twice', 'refund_failed', 'refund_unknown', 'dispute', 'not_at_provider', 'not_in_ledger', 'payout_differs', 'ledger_differs')),
  CONSTRAINT uq_payment_exceptions_kind_subject UNIQUE (kind, subject),
  CONSTRAINT fk_payment_exceptions_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id),
  CONSTRAINT fk_payment_exceptions_payment_id_payments FOREIGN KEY(payment_id) REFERENCES payments (id),
  CONSTRAINT fk_payment_exceptions_settled_by_id_agents FOREIGN KEY(settled_by_id) REFERENCES agents (id)
);
CREATE INDEX ix_payment_exceptions_open ON payment_exceptions (force_id, raised_at) WHERE settled_at IS NULL;
CREATE INDEX ix_payment_exceptions_payment_id ON payment_exceptions (payment_id);

CREATE TABLE settlements (
  provider TEXT NOT NULL,
  payout_id TEXT NOT NULL,
  amount_pence INTEGER NOT NULL,
  charges_pence INTEGER NOT NULL,
  currency TEXT NOT NULL,
  status TEXT NOT NULL,
  created TIMESTAMP WITH TIME ZONE NOT NULL,
  arrival DATE NOT NULL,
  CONSTRAINT pk_settlements PRIMARY KEY (provider, payout_id)
);
CREATE INDEX ix_settlements_created ON settlements (created);

CREATE TABLE settlement_lines (
  provider TEXT NOT NULL,
  line_id TEXT NOT NULL,
  payout_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  amount_pence INTEGER NOT NULL,
  fee_pence INTEGER NOT NULL,
  payment_id UUID,
  force_id TEXT,
  CONSTRAINT pk_settlement_lines PRIMARY KEY (provider, line_id),
  CONSTRAINT fk_settlement_lines_provider_payout_id_settlements FOREIGN KEY(provider, payout_id) REFERENCES settlements (provider, payout_id),
  CONSTRAINT fk_settlement_lines_payment_id_payments FOREIGN KEY(payment_id) REFERENCES payments (id),
  CONSTRAINT fk_settlement_lines_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id)
);
CREATE INDEX ix_settlement_lines_payment_id ON settlement_lines (payment_id);
CREATE INDEX ix_settlement_lines_provider_payout_id ON settlement_lines (provider, payout_id);

CREATE TABLE licence_fees (
  id UUID NOT NULL,
  force_id TEXT NOT NULL,
  licence TEXT NOT NULL,
  kind TEXT NOT NULL,
  case_code TEXT,
  pence INTEGER NOT NULL,
  valid_from DATE NOT NULL,
  valid_to DATE,
  by_date TEXT NOT NULL,
  legal_basis TEXT NOT NULL,
  entered_by TEXT NOT NULL,
  entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_licence_fees PRIMARY KEY (id),
  CONSTRAINT ck_licence_fees_licence_is_known CHECK (licence IN ('firearm', 'shotgun', 'coterminous', 'air_weapon', 'visitor_firearm', 'visitor_shotgun', 'visitor_both', 'dealer', 'none')),
  CONSTRAINT ck_licence_fees_kind_is_known CHECK (kind IN ('grant', 'renewal', 'variation', 'replacement', 'change', 'visitor_permit', 'transfer_notice', 'surrender', 'dealer')),
  CONSTRAINT ck_licence_fees_case_code_is_known CHECK (case_code IN ('both_grants', 'firearm_renewal_shotgun_grant', 'firearm_grant_shotgun_renewal', 'both_renewals', 'one_for_one', 'number_rises', 'with_renewal', 'one', 'group')),
  CONSTRAINT ck_licence_fees_by_date_is_known CHECK (by_date IN ('received', 'paid')),
  CONSTRAINT ck_licence_fees_pence_is_whole CHECK (pence >= 0),
  CONSTRAINT ck_licence_fees_days_in_order CHECK (valid_to >= valid_from),
  CONSTRAINT uq_licence_fees_force_id_licence_kind_case_code_valid_from UNIQUE NULLS NOT DISTINCT (force_id, licence, kind, case_code, valid_from),
  CONSTRAINT fk_licence_fees_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id)
);

-- Nothing that was written into the books changes, and at the commit every entry sums to zero.
CREATE FUNCTION ledger_balances() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  named uuid := CASE TG_TABLE_NAME WHEN 'ledger_lines' THEN (to_jsonb(NEW) ->> 'transaction_id')::uuid
                                   ELSE (to_jsonb(NEW) ->> 'id')::uuid END;
  lines bigint;
  total bigint;
BEGIN
  SELECT count(*), coalesce(sum(amount_pence), 0) INTO lines, total FROM ledger_lines WHERE transaction_id = named;
  IF lines < 2 OR total <> 0 THEN
    RAISE EXCEPTION 'ledger entry % does not balance: % lines, % pence', named, lines, total
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON ledger_transactions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balances();
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON ledger_lines
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balances();

CREATE FUNCTION ledger_is_append_only() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_transactions
  FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_lines
  FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();
-- Emptying whole tables no login role may (they own none).

-- How many cases about money nobody has settled, for /metrics and the watch: a number, and nothing of any of them.
CREATE FUNCTION open_payment_exceptions() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*) FROM payment_exceptions WHERE settled_at IS NULL $$;

REVOKE ALL ON payments, ledger_transactions, ledger_lines, provider_events, refunds, payment_exceptions, settlements,
  settlement_lines, licence_fees FROM PUBLIC;
REVOKE ALL ON FUNCTION ledger_balances(), ledger_is_append_only(), open_payment_exceptions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_payment_exceptions() TO contact_web, contact_worker;
GRANT SELECT, INSERT, UPDATE ON payments, refunds, payment_exceptions TO contact_web, contact_worker;
GRANT SELECT, INSERT ON ledger_transactions, ledger_lines TO contact_web, contact_worker;
GRANT SELECT, INSERT ON provider_events TO contact_web;
GRANT SELECT, INSERT, UPDATE ON provider_events, settlements, settlement_lines TO contact_worker;
GRANT SELECT ON settlements, settlement_lines TO contact_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON licence_fees TO contact_web, contact_worker;

-- Whoever sees the application, whoever counts the force's takings, and the payer.
ALTER TABLE payments ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_force_or_citizen_own ON payments FOR ALL TO contact_web
  USING (CASE (SELECT actor_kind())
           WHEN 'agent' THEN force_id = ANY ((SELECT actor_finance_forces())::text[])
                             OR (force_id = ANY ((SELECT actor_licensing_forces())::text[])
                                 AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id))
           WHEN 'citizen' THEN contact_id = (SELECT actor_contact())
           ELSE false END);
CREATE POLICY worker_all ON payments FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE ledger_transactions ENABLE ROW LEVEL SECURITY;
CREATE POLICY payment_seen ON ledger_transactions FOR ALL TO contact_web
  USING ((SELECT actor_kind()) IN ('agent', 'citizen') AND EXISTS (SELECT 1 FROM payments p WHERE p.id = payment_id));
CREATE POLICY worker_all ON ledger_transactions FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');
ALTER TABLE ledger_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY entry_seen ON ledger_lines FOR ALL TO contact_web
  USING ((SELECT actor_kind()) IN ('agent', 'citizen')
         AND EXISTS (SELECT 1 FROM ledger_transactions t WHERE t.id = transaction_id));
CREATE POLICY worker_all ON ledger_lines FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE refunds ENABLE ROW LEVEL SECURITY;
CREATE POLICY payment_seen ON refunds FOR ALL TO contact_web
  USING ((SELECT actor_kind()) IN ('agent', 'citizen') AND EXISTS (SELECT 1 FROM payments p WHERE p.id = payment_id));
CREATE POLICY worker_all ON refunds FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

-- A case is for the force's people; what happens on a payer's page may open one and read none.
ALTER TABLE payment_exceptions ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_force ON payment_exceptions FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'agent'
         AND (force_id = ANY ((SELECT actor_finance_forces())::text[])
              OR (force_id IS NULL AND cardinality((SELECT actor_finance_forces())::text[]) > 0)
              OR EXISTS (SELECT 1 FROM payments p WHERE p.id = payment_id)));
CREATE POLICY citizen_opens ON payment_exceptions FOR INSERT TO contact_web
  WITH CHECK ((SELECT actor_kind()) = 'citizen' AND EXISTS (SELECT 1 FROM payments p WHERE p.id = payment_id));
CREATE POLICY worker_all ON payment_exceptions FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE provider_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY webhook_keeps ON provider_events FOR INSERT TO contact_web WITH CHECK ((SELECT actor_kind()) = 'webhook');
CREATE POLICY payment_seen ON provider_events FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND EXISTS (SELECT 1 FROM payments p WHERE p.id = payment_id));
CREATE POLICY worker_all ON provider_events FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE settlements ENABLE ROW LEVEL SECURITY;
CREATE POLICY finance ON settlements FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND cardinality((SELECT actor_finance_forces())::text[]) > 0);
CREATE POLICY worker_all ON settlements FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');
ALTER TABLE settlement_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY finance ON settlement_lines FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND force_id = ANY ((SELECT actor_finance_forces())::text[]));
CREATE POLICY worker_all ON settlement_lines FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

-- What a certificate costs is no secret.
ALTER TABLE licence_fees ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_all ON licence_fees FOR SELECT USING (true);
CREATE POLICY administer ON licence_fees FOR ALL TO contact_web USING (actor_administers(force_id));
CREATE POLICY worker_all ON licence_fees FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');
