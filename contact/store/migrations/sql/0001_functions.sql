-- The actor of a transaction, as set by store/engine.py. Empty means nobody, and nobody sees no row.
CREATE FUNCTION actor_kind() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('contact.actor', true), '') $$;

CREATE FUNCTION actor_agent() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('contact.agent_id', true), '')::uuid $$;

CREATE FUNCTION actor_forces() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT string_to_array(coalesce(current_setting('contact.forces', true), ''), ',') $$;

CREATE FUNCTION actor_contact() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('contact.contact_id', true), '')::uuid $$;

CREATE FUNCTION actor_draft() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('contact.draft_id', true), '')::uuid $$;

CREATE FUNCTION actor_administers(p_force text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT actor_kind() = 'agent' AND (current_setting('contact.admin_forces', true) = '*'
     OR p_force = ANY (string_to_array(coalesce(current_setting('contact.admin_forces', true), ''), ','))) $$;

-- Is this agent on the list of a restricted contact (practice 8)?
CREATE FUNCTION named_on(p_contact uuid, p_agent uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT 1 FROM contact_access a WHERE a.contact_id = p_contact AND a.agent_id = p_agent) $$;

-- The canonical text that an event's hash covers; version 1 of the serialisation. Python's `audit verify` builds
-- the same text on its own, so a changed function is noticed.
CREATE FUNCTION event_text(e events) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT concat_ws(E'\n', 'v' || e.version, e.chain, e.seq, e.id, e.name,
     to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.actor_kind,
     coalesce(e.agent_id::text, '-'), coalesce(e.contact_id::text, '-'), coalesce(e.force_id, '-'), e.data::text) $$;

-- Runs inside COMMIT (deferred): numbers the event, chains it, tells the listeners. No client ever thinks while the
-- chain's lock is held (engineering 2).
CREATE FUNCTION seal_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  head chain_heads%ROWTYPE;
  sealed events%ROWTYPE;
BEGIN
  PERFORM pg_advisory_xact_lock(7001, hashtext(NEW.chain));
  SELECT * INTO head FROM chain_heads WHERE chain = NEW.chain;
  IF NOT FOUND THEN
    head := ROW(NEW.chain, 0, sha256(convert_to('chain ' || NEW.chain, 'UTF8')));
    INSERT INTO chain_heads VALUES (head.*);
  END IF;
  SELECT * INTO sealed FROM events WHERE id = NEW.id;
  sealed.seq := head.seq + 1;
  sealed.prev_hash := head.hash;
  sealed.hash := sha256(head.hash || convert_to(event_text(sealed), 'UTF8'));
  UPDATE events SET seq = sealed.seq, prev_hash = sealed.prev_hash, hash = sealed.hash WHERE id = sealed.id;
  UPDATE chain_heads SET seq = sealed.seq, hash = sealed.hash WHERE chain = sealed.chain;
  IF sealed.force_id IS NOT NULL THEN
    PERFORM pg_notify('contact_events', sealed.chain || '|' || sealed.seq);
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON events
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION seal_event();

-- Events for the live streams: ids and codes only, with the people a restricted contact is kept to; nobody for one
-- that was erased.
CREATE FUNCTION live_events(p_force text, p_after bigint, p_limit integer)
RETURNS TABLE (seq bigint, name text, contact_id uuid, agent_id uuid, named uuid[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.seq, e.name, e.contact_id, e.agent_id,
         CASE WHEN c.restricted OR (e.contact_id IS NOT NULL AND c.id IS NULL)
              THEN ARRAY(SELECT a.agent_id FROM contact_access a WHERE a.contact_id = c.id) END
    FROM events e LEFT JOIN contacts c ON c.id = e.contact_id
   WHERE e.chain = p_force AND e.seq > p_after
   ORDER BY e.seq LIMIT p_limit $$;

-- What the progress page needs to check a reference and its four words; nothing else about the contact leaves.
CREATE FUNCTION contact_for_reference(p_reference text)
RETURNS TABLE (contact_id uuid, code_hash text, stopped boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id, c.code_hash, c.online_access_stopped_at IS NOT NULL
    FROM contacts c WHERE c.reference = p_reference AND c.disposed_at IS NULL $$;

CREATE FUNCTION draft_for_code(p_code_hash bytea) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT d.id FROM drafts d WHERE d.code_hash = p_code_hash AND d.expires_at > now() $$;

-- May the present agent act on this contact? Used inside the definer functions below, which write across forces.
CREATE FUNCTION actor_works_on(p_contact uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM contacts c WHERE c.id = p_contact AND (
      (actor_kind() = 'agent' AND c.force_ids && actor_forces()
        AND (NOT c.restricted OR named_on(c.id, actor_agent())))
      OR (actor_kind() = 'citizen' AND c.id = actor_contact())
      OR actor_kind() = 'system')) $$;

-- One claim holds the contact: its entries with other forces show who has it, and sleep, close and return with it
-- (engineering 4). An entry that a transfer offers stays claimable there. Caller holds the contact's row lock.
-- Answers the forces whose entries followed, in order.
CREATE FUNCTION mirror_hold(p_contact uuid, p_entry uuid) RETURNS text[]
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH followed AS (
    UPDATE queue_entries o
       SET state = CASE WHEN s.state IN ('held', 'snoozed', 'closed') THEN s.state
                        WHEN o.state IN ('held', 'snoozed') THEN 'waiting' ELSE o.state END,
           holder_id = s.holder_id, lease_kind = s.lease_kind, lease_ends_at = s.lease_ends_at,
           snoozed_until = s.snoozed_until, unread = s.unread,
           looked_at = coalesce(o.looked_at, s.looked_at), answered_at = coalesce(o.answered_at, s.answered_at),
           due_at = CASE WHEN s.looked_at IS NOT NULL AND s.due_at = s.answer_by THEN o.answer_by ELSE o.due_at END
      FROM queue_entries s
     WHERE s.id = p_entry AND s.contact_id = p_contact AND o.contact_id = p_contact AND o.id <> p_entry
       AND o.state IN ('waiting', 'held', 'snoozed') AND actor_works_on(p_contact)
       AND NOT EXISTS (SELECT 1 FROM transfers t WHERE t.contact_id = p_contact AND t.to_force_id = o.force_id
                          AND t.accepted_at IS NULL)
    RETURNING o.force_id)
  SELECT coalesce(array_agg(force_id ORDER BY force_id), '{}') FROM followed $$;

-- Offer a contact to another force: its entry appears there, the sender's stays on the sender's clock (practice 3).
CREATE FUNCTION offer_to_force(p_contact uuid, p_from text, p_to text, p_entry uuid, p_reason text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF actor_kind() <> 'agent' OR NOT actor_works_on(p_contact) OR NOT p_from = ANY (actor_forces()) THEN
    RAISE insufficient_privilege USING MESSAGE = 'this agent does not work on that contact';
  END IF;
  UPDATE contacts SET force_ids = array_append(force_ids, p_to) WHERE id = p_contact AND NOT p_to = ANY (force_ids);
  INSERT INTO queue_entries (id, contact_id, force_id, band, due_at, look_by, answer_by, state, reason, restricted,
                             reference, category, grade, flags, channel, received_at, unread)
    SELECT p_entry, contact_id, p_to, band, look_by, look_by, answer_by, 'waiting', p_reason, restricted,
           reference, category, grade, flags, channel, received_at, unread
      FROM queue_entries WHERE contact_id = p_contact AND force_id = p_from
  ON CONFLICT (contact_id, force_id) DO UPDATE
     SET state = 'waiting', holder_id = NULL, lease_kind = NULL, lease_ends_at = NULL, reason = excluded.reason,
         looked_at = NULL, due_at = excluded.due_at, look_by = excluded.look_by, answer_by = excluded.answer_by,
         band = excluded.band, grade = excluded.grade, category = excluded.category, flags = excluded.flags,
         restricted = excluded.restricted, unread = excluded.unread;
END $$;

-- The receiver accepts: the sender's entry closes and the contact belongs to the receiver.
CREATE FUNCTION accept_transfer(p_contact uuid, p_to text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  sender text;
BEGIN
  IF actor_kind() <> 'agent' OR NOT actor_works_on(p_contact) OR NOT p_to = ANY (actor_forces()) THEN
    RAISE insufficient_privilege USING MESSAGE = 'this agent does not work for the receiving force';
  END IF;
  UPDATE transfers SET accepted_by = actor_agent(), accepted_at = p_now
   WHERE contact_id = p_contact AND to_force_id = p_to AND accepted_at IS NULL
  RETURNING from_force_id INTO sender;
  IF sender IS NULL THEN RETURN NULL; END IF;
  UPDATE queue_entries
     SET state = 'closed', holder_id = NULL, lease_kind = NULL, lease_ends_at = NULL, snoozed_until = NULL,
         reason = 'transferred'
   WHERE contact_id = p_contact AND force_id = sender;
  UPDATE contacts SET force_id = p_to WHERE id = p_contact;
  RETURN sender;
END $$;

-- Finding a contact: one function reads the caller's forces into its own WHERE, so that indexes work (engineering 5).
CREATE FUNCTION search_contacts(p_kind text, p_value text, p_second text, p_limit integer)
RETURNS TABLE (contact_id uuid, received_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mine text[] := actor_forces();
  me uuid := actor_agent();
BEGIN
  IF actor_kind() <> 'agent' THEN RETURN; END IF;
  IF p_kind = 'reference' THEN
    RETURN QUERY SELECT c.id, c.received_at FROM contacts c WHERE c.reference = p_value
       AND c.force_ids && mine AND (NOT c.restricted OR named_on(c.id, me)) LIMIT p_limit;
  ELSIF p_kind = 'phone' THEN
    RETURN QUERY SELECT c.id, c.received_at FROM reporters r JOIN contacts c ON c.id = r.contact_id
     WHERE r.phone_e164 = p_value AND c.force_ids && mine AND (NOT c.restricted OR named_on(c.id, me))
     ORDER BY c.received_at DESC, c.id LIMIT p_limit;
  ELSIF p_kind = 'email' THEN
    RETURN QUERY SELECT c.id, c.received_at FROM reporters r JOIN contacts c ON c.id = r.contact_id
     WHERE r.email = p_value AND c.force_ids && mine AND (NOT c.restricted OR named_on(c.id, me))
     ORDER BY c.received_at DESC, c.id LIMIT p_limit;
  ELSIF p_kind = 'postcode' THEN
    -- Where it happened, or where the reporter lives: a caller says either.
    RETURN QUERY SELECT c.id, c.received_at FROM contacts c
     WHERE c.id IN (SELECT r.contact_id FROM reporters r WHERE r.postcode = p_value
                    UNION SELECT p.id FROM contacts p WHERE p.place_postcode = p_value)
       AND c.force_ids && mine AND (NOT c.restricted OR named_on(c.id, me))
     ORDER BY c.received_at DESC, c.id LIMIT p_limit;
  ELSIF p_kind = 'name' THEN
    RETURN QUERY SELECT c.id, c.received_at FROM reporters r JOIN contacts c ON c.id = r.contact_id
     WHERE lower(r.surname) = lower(p_value) AND (p_second IS NULL OR lower(r.given_name) = lower(p_second))
       AND c.force_ids && mine AND (NOT c.restricted OR named_on(c.id, me))
     ORDER BY c.received_at DESC, c.id LIMIT p_limit;
  END IF;
END $$;

-- Same telephone or email elsewhere: counts and forces, never words; restricted contacts are not counted.
CREATE FUNCTION seen_before(p_contact uuid)
RETURNS TABLE (force_id text, last_day bigint, last_28_days bigint, last_year bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.force_id, count(*) FILTER (WHERE c.received_at > now() - interval '1 day'),
         count(*) FILTER (WHERE c.received_at > now() - interval '28 days'), count(*)
    FROM reporters mine JOIN reporters r ON r.contact_id <> mine.contact_id
         AND (r.phone_e164 = mine.phone_e164 OR r.email = mine.email)
         JOIN contacts c ON c.id = r.contact_id
   WHERE mine.contact_id = p_contact AND actor_works_on(p_contact)
     AND NOT c.restricted AND c.received_at > now() - interval '1 year'
   GROUP BY c.force_id $$;

-- Where a live force's own privacy notice stands, for the public's page; what else it has shown stays with administrators.
CREATE FUNCTION privacy_notice(p_force text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT g.privacy_notice_url FROM force_go_live g JOIN forces f ON f.id = g.force_id
   WHERE g.force_id = p_force AND f.live_since_utc IS NOT NULL $$;

-- How many alarms of each kind nobody has accepted: for /metrics, which speaks for nobody (engineering 15).
CREATE FUNCTION open_alarm_counts() RETURNS TABLE (kind text, alarms bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.kind, count(*) FROM alarms a WHERE a.accepted_at IS NULL AND a.cleared_at IS NULL GROUP BY a.kind $$;

-- The next place in a thread, notes counted in: a citizen's own query does not see them. Caller holds the row lock.
CREATE FUNCTION next_position(p_contact uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(max(m.position), 0) + 1 FROM messages m WHERE m.contact_id = p_contact AND actor_works_on(p_contact) $$;

-- What a person decided in one force's entry holds for the others' (an emergency stands in both queues, practice 3).
CREATE FUNCTION mirror_triage(p_contact uuid, p_entry uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  touched integer;
BEGIN
  IF NOT actor_works_on(p_contact) THEN RETURN 0; END IF;
  UPDATE queue_entries o
     SET band = s.band, grade = s.grade, category = s.category, flags = s.flags, unread = s.unread,
         restricted = s.restricted, answered_at = coalesce(o.answered_at, s.answered_at),
         look_by = least(o.look_by, s.look_by), answer_by = least(o.answer_by, s.answer_by),
         due_at = CASE WHEN o.looked_at IS NULL THEN least(o.look_by, s.look_by) ELSE least(o.answer_by, s.answer_by) END
    FROM queue_entries s
   WHERE s.id = p_entry AND s.contact_id = p_contact AND o.contact_id = p_contact AND o.id <> p_entry
     AND o.state <> 'closed';
  GET DIAGNOSTICS touched = ROW_COUNT;
  UPDATE queue_entries o SET restricted = true
    FROM contacts c WHERE c.id = p_contact AND c.restricted AND o.contact_id = p_contact AND NOT o.restricted;
  RETURN touched;
END $$;

-- The receiver refuses: its own entry closes, the contact stays with the sender, who is told by an event. From then on
-- it is as little the receiver's to read as before it was offered.
CREATE FUNCTION refuse_transfer(p_contact uuid, p_to text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  sender text;
BEGIN
  IF actor_kind() <> 'agent' OR NOT actor_works_on(p_contact) OR NOT p_to = ANY (actor_forces()) THEN
    RAISE insufficient_privilege USING MESSAGE = 'this agent does not work for the receiving force';
  END IF;
  DELETE FROM transfers WHERE contact_id = p_contact AND to_force_id = p_to AND accepted_at IS NULL
  RETURNING from_force_id INTO sender;
  IF sender IS NULL THEN RETURN NULL; END IF;
  UPDATE queue_entries
     SET state = 'closed', holder_id = NULL, lease_kind = NULL, lease_ends_at = NULL, snoozed_until = NULL,
         reason = 'transfer_refused'
   WHERE contact_id = p_contact AND force_id = p_to;
  UPDATE contacts SET force_ids = array_remove(force_ids, p_to) WHERE id = p_contact AND force_id <> p_to;
  RETURN sender;
END $$;

-- A contact about somebody who works for the police is opened only by the force's professional standards people, named
-- before it enters any queue (practice 8). Answers how many there are.
CREATE FUNCTION name_standards(p_contact uuid, p_force text, p_now timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  named integer;
BEGIN
  IF NOT actor_works_on(p_contact) THEN RETURN 0; END IF;
  INSERT INTO contact_access (contact_id, agent_id, granted_by, reason, at)
    SELECT p_contact, f.agent_id, actor_agent(), 'professional_standards', p_now
      FROM agent_forces f WHERE f.force_id = p_force AND f.role = 'professional_standards'
  ON CONFLICT DO NOTHING;
  SELECT count(*) INTO named FROM contact_access WHERE contact_id = p_contact;
  RETURN named;
END $$;

-- Where nobody was named when such a contact came in, the force's professional standards people are named as soon as
-- there are any; else it would be read by nobody for ever. Answers how many contacts were so opened to them.
CREATE FUNCTION name_on_unnamed(p_force text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  opened integer;
BEGIN
  IF NOT (actor_administers(p_force) OR actor_kind() = 'system') THEN RETURN 0; END IF;
  WITH named AS (
    INSERT INTO contact_access (contact_id, agent_id, granted_by, reason, at)
      SELECT c.id, f.agent_id, actor_agent(), 'professional_standards', now()
        FROM contacts c JOIN agent_forces f ON f.force_id = p_force AND f.role = 'professional_standards'
       WHERE c.restricted AND c.force_id = p_force
         AND NOT EXISTS (SELECT 1 FROM contact_access a WHERE a.contact_id = c.id)
    ON CONFLICT DO NOTHING
    RETURNING contact_id)
  SELECT count(DISTINCT contact_id) INTO opened FROM named;
  RETURN opened;
END $$;
