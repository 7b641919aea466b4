-- The applicant may take another of the times offered before the visit begins, or call it off: what 0017 allows, and that.
CREATE OR REPLACE FUNCTION guard_application() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  kept text[] := ARRAY['state', 'state_since', 'unread', 'waiting_for', 'waiting_since', 'payment', 'fee_key', 'fee_pence'];
  born boolean;
BEGIN
  IF current_user <> 'contact_web' OR actor_kind() = 'agent' THEN RETURN NEW; END IF;
  SELECT count(*) > 0 INTO born FROM contacts c
   WHERE c.id = NEW.contact_id AND c.xmin::text = pg_current_xact_id()::xid::text;
  IF TG_OP = 'INSERT' THEN
    IF NOT born OR NEW.state NOT IN ('awaiting_payment', 'submitted') OR NEW.payment NOT IN ('not_due', 'due')
       OR num_nonnulls(NEW.officer_id, to_jsonb(NEW) ->> 'certificate_id', NEW.fee_key, NEW.fee_pence, NEW.waiting_for) > 0 THEN
      RAISE insufficient_privilege USING MESSAGE = 'an application begins with its contact, and with nobody''s work on it';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - kept IS DISTINCT FROM to_jsonb(OLD) - kept THEN
    RAISE insufficient_privilege USING MESSAGE = 'what was declared, and what officers write, is not the applicant''s';
  END IF;
  IF OLD.unread AND NOT NEW.unread THEN
    RAISE insufficient_privilege USING MESSAGE = 'the applicant does not read for the team';
  END IF;
  IF (NEW.waiting_for, NEW.waiting_since) IS DISTINCT FROM (OLD.waiting_for, OLD.waiting_since)
     AND (num_nonnulls(NEW.waiting_for, NEW.waiting_since) > 0 OR OLD.waiting_for <> 'applicant') THEN
    RAISE insufficient_privilege USING MESSAGE = 'whom the team waits for is the team''s to say';
  END IF;
  IF (NEW.fee_key, NEW.fee_pence) IS DISTINCT FROM (OLD.fee_key, OLD.fee_pence) AND NOT (born OR OLD.payment = 'due') THEN
    RAISE insufficient_privilege USING MESSAGE = 'a fee is worked out while it is due';
  END IF;
  IF NEW.payment <> OLD.payment AND NOT (
       (born AND NEW.payment IN ('not_due', 'due'))
       OR (NEW.payment IN ('paid', 'owed_back', 'refunded')
           AND EXISTS (SELECT 1 FROM payments p WHERE p.contact_id = NEW.contact_id AND p.state = 'paid'))
       OR (NEW.payment = 'due'
           AND EXISTS (SELECT 1 FROM payments p WHERE p.contact_id = NEW.contact_id AND p.dispute = 'lost'))
       OR (OLD.payment = 'due' AND NEW.payment = 'not_due' AND NEW.fee_pence IS NOT NULL AND NEW.fee_pence < 30)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'a fee is paid by a payment alone';
  END IF;
  IF NEW.state_since <> OLD.state_since AND NEW.state = OLD.state THEN
    RAISE insufficient_privilege USING MESSAGE = 'since when it stands so is no page''s to say';
  END IF;
  IF NEW.state <> OLD.state AND NOT (
       (OLD.state = 'awaiting_payment' AND NEW.state = 'submitted' AND NEW.payment <> 'due')
       OR (OLD.state IN ('checks', 'visited') AND NEW.state = 'visit_booked'
           AND EXISTS (SELECT 1 FROM visits v WHERE v.contact_id = NEW.contact_id AND v.state = 'booked'))
       OR (OLD.state = 'visit_booked' AND NEW.state = 'checks' AND NEW.unread
           AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.contact_id = NEW.contact_id AND v.state = 'booked'))) THEN
    RAISE insufficient_privilege USING MESSAGE = 'an applicant moves an application by paying and by what they say to a visit alone';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION guard_visit() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  kept text[] := ARRAY['state', 'starts_at', 'ends_at', 'changed_at', 'reminded_at'];
BEGIN
  IF current_user <> 'contact_web' OR actor_kind() = 'agent' THEN RETURN NEW; END IF;
  IF to_jsonb(NEW) - kept IS DISTINCT FROM to_jsonb(OLD) - kept
     OR (OLD.state, NEW.state) NOT IN (('offered', 'booked'), ('offered', 'none_suits'), ('booked', 'booked'), ('booked', 'cancelled'))
     OR (NEW.state = 'cancelled' AND (NEW.starts_at, NEW.ends_at) IS DISTINCT FROM (OLD.starts_at, OLD.ends_at))
     OR (NEW.reminded_at IS DISTINCT FROM OLD.reminded_at AND NOT (NEW.reminded_at IS NULL AND NEW.state = 'booked'))
     OR (NEW.state = 'none_suits' AND NEW.starts_at IS NOT NULL)
     OR (NEW.state = 'booked' AND NOT EXISTS (
           SELECT 1 FROM jsonb_array_elements(OLD.slots) one
            WHERE (one ->> 'starts_at')::timestamptz = NEW.starts_at AND (one ->> 'ends_at')::timestamptz = NEW.ends_at)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'the applicant takes one of the times offered, another of them, or none';
  END IF;
  RETURN NEW;
END $$;
