-- Money that left without our asking leaves suspense with its case; and finance puts a stray payment to any application.

ALTER TABLE ledger_transactions DROP CONSTRAINT ck_ledger_transactions_entry_is_known;
ALTER TABLE ledger_transactions ADD CONSTRAINT ck_ledger_transactions_entry_is_known CHECK (entry IN ('money_in', 'money_queried', 'query_placed', 'earned', 'refund_sent', 'refund_sent_earned', 'refund_settled', 'refund_failed', 'refund_failed_earned', 'refund_returned', 'refund_unknown', 'unknown_placed', 'unknown_placed_earned', 'unknown_lost', 'unknown_returned', 'dispute_opened', 'dispute_won', 'dispute_lost', 'dispute_lost_held', 'paid_out', 'taken_back', 'charged'));

-- That a fee came by cheque, counter or the like: whatever becomes of an older payment, it stays paid.
ALTER TABLE applications ADD COLUMN paid_otherwise BOOLEAN DEFAULT false NOT NULL;
UPDATE applications a SET paid_otherwise = true
 WHERE a.payment IN ('paid', 'owed_back')
   AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.contact_id = a.contact_id AND p.state = 'paid');

-- Whose application a reference names, for a finance officer of its force, who sees no application: an id, and no word.
CREATE FUNCTION application_to_pay(wanted text, of_force text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.contact_id FROM applications a JOIN contacts c ON c.id = a.contact_id
  WHERE c.reference = wanted AND a.force_id = of_force
    AND (SELECT actor_kind()) = 'agent' AND of_force = ANY ((SELECT actor_finance_forces())::text[]) $$;
REVOKE ALL ON FUNCTION application_to_pay(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION application_to_pay(text, text) TO contact_web;
