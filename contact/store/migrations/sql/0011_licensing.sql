-- The licensing desk: an application is a contact that only the licensing team of its force reads (practice 29). It has
-- no queue entry; its row here is its place with the team.
ALTER TABLE agent_forces DROP CONSTRAINT ck_agent_forces_role_is_known;
ALTER TABLE agent_forces ADD CONSTRAINT ck_agent_forces_role_is_known CHECK (role IN ('call_handler', 'supervisor', 'licensing_officer', 'professional_standards', 'intelligence_officer', 'finance_officer', 'force_admin', 'national_admin'));
ALTER TABLE contacts ADD COLUMN desk TEXT DEFAULT 'control_room' NOT NULL;
ALTER TABLE contacts ADD CONSTRAINT ck_contacts_desk_is_known CHECK (desk IN ('control_room', 'licensing'));
ALTER TABLE contacts DROP CONSTRAINT ck_contacts_state_is_known;
ALTER TABLE contacts ADD CONSTRAINT ck_contacts_state_is_known CHECK (state IN ('with_bot', 'waiting', 'with_agent', 'with_licensing', 'snoozed', 'closed'));

CREATE TABLE applications (
  contact_id UUID NOT NULL,
  force_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  licence TEXT NOT NULL,
  shotgun_kind TEXT,
  nation TEXT NOT NULL,
  state TEXT NOT NULL,
  state_since TIMESTAMP WITH TIME ZONE NOT NULL,
  declared_at TIMESTAMP WITH TIME ZONE NOT NULL,
  in_time BOOLEAN,
  group_size INTEGER,
  number_rises BOOLEAN,
  officer_id UUID,
  certificate_id UUID,
  certificate_number TEXT,
  collect_at TEXT NOT NULL,
  fee_key TEXT,
  fee_pence INTEGER,
  payment TEXT NOT NULL,
  waiting_for TEXT,
  waiting_since TIMESTAMP WITH TIME ZONE,
  next_due DATE,
  unread BOOLEAN NOT NULL,
  CONSTRAINT pk_applications PRIMARY KEY (contact_id),
  CONSTRAINT fk_applications_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE,
  CONSTRAINT fk_applications_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id),
  CONSTRAINT fk_applications_officer_id_agents FOREIGN KEY(officer_id) REFERENCES agents (id),
  CONSTRAINT ck_applications_kind_is_known CHECK (kind IN ('grant', 'renewal', 'variation', 'replacement', 'change', 'visitor_permit', 'transfer_notice', 'surrender', 'dealer')),
  CONSTRAINT ck_applications_licence_is_known CHECK (licence IN ('firearm', 'shotgun', 'coterminous', 'air_weapon', 'visitor_firearm', 'visitor_shotgun', 'visitor_both', 'dealer', 'none')),
  CONSTRAINT ck_applications_shotgun_kind_is_known CHECK (shotgun_kind IN ('grant', 'renewal')),
  CONSTRAINT ck_applications_nation_is_known CHECK (nation IN ('england-and-wales', 'scotland', 'northern-ireland')),
  CONSTRAINT ck_applications_state_is_known CHECK (state IN ('awaiting_payment', 'submitted', 'returned_incomplete', 'validated', 'checks', 'visit_booked', 'visited', 'recommendation', 'granted', 'refused', 'withdrawn')),
  CONSTRAINT ck_applications_collect_at_is_known CHECK (collect_at IN ('submission', 'request', 'decision')),
  CONSTRAINT ck_applications_payment_is_known CHECK (payment IN ('not_due', 'due', 'paid', 'owed_back', 'refunded')),
  CONSTRAINT ck_applications_fee_is_whole CHECK (fee_pence IS NULL OR fee_pence >= 0)
);
-- The caseload, one short scan a force and state, oldest declaration first.
CREATE INDEX ix_applications_caseload ON applications (force_id, state, declared_at, contact_id);
CREATE INDEX ix_applications_due ON applications (force_id, next_due, contact_id) WHERE next_due IS NOT NULL;
CREATE INDEX ix_applications_certificate_id ON applications (certificate_id) WHERE certificate_id IS NOT NULL;

CREATE TABLE licensing_settings (
  force_id TEXT NOT NULL,
  approval_instrument TEXT,
  approval_reference TEXT,
  approval_date DATE,
  approved_by TEXT,
  collect_at TEXT NOT NULL,
  two_person_above_pence INTEGER NOT NULL,
  other_way_to_pay TEXT,
  CONSTRAINT pk_licensing_settings PRIMARY KEY (force_id),
  CONSTRAINT fk_licensing_settings_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id),
  CONSTRAINT ck_licensing_settings_collect_at_is_known CHECK (collect_at IN ('submission', 'request', 'decision')),
  CONSTRAINT ck_licensing_settings_approval_is_whole CHECK (num_nulls(approval_instrument, approval_reference, approval_date, approved_by) IN (0, 4)),
  CONSTRAINT ck_licensing_settings_sum_is_whole CHECK (two_person_above_pence >= 0)
);

-- The forces whose licensing desk, and whose takings, this agent works with; engine.py sets them with the actor.
CREATE FUNCTION actor_licensing_forces() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT string_to_array(coalesce(current_setting('contact.licensing_forces', true), ''), ',') $$;
CREATE FUNCTION actor_finance_forces() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT string_to_array(coalesce(current_setting('contact.finance_forces', true), ''), ',') $$;
REVOKE ALL ON FUNCTION actor_licensing_forces(), actor_finance_forces() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION actor_licensing_forces(), actor_finance_forces() TO contact_web, contact_worker;

-- Each desk sees its own contacts.
DROP POLICY agent_force ON contacts;
CREATE POLICY agent_force ON contacts FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'agent'
         AND CASE desk WHEN 'licensing' THEN force_ids && (SELECT actor_licensing_forces())
                       ELSE force_ids && (SELECT actor_forces()) END
         AND (NOT restricted OR named_on(id, (SELECT actor_agent()))));

CREATE OR REPLACE FUNCTION actor_works_on(p_contact uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM contacts c WHERE c.id = p_contact AND (
      (actor_kind() = 'agent'
        AND CASE c.desk WHEN 'licensing' THEN c.force_ids && actor_licensing_forces()
                        ELSE c.force_ids && actor_forces() END
        AND (NOT c.restricted OR named_on(c.id, actor_agent())))
      OR (actor_kind() = 'citizen' AND c.id = actor_contact())
      OR actor_kind() = 'system')) $$;

-- What happens at the licensing desk is told to no control room's page.
CREATE OR REPLACE FUNCTION live_events(p_force text, p_after bigint, p_limit integer)
RETURNS TABLE (seq bigint, name text, contact_id uuid, agent_id uuid, named uuid[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.seq, e.name, e.contact_id, e.agent_id,
         CASE WHEN c.desk = 'licensing' THEN '{}'::uuid[]
              WHEN c.restricted OR (e.contact_id IS NOT NULL AND c.id IS NULL)
              THEN ARRAY(SELECT a.agent_id FROM contact_access a WHERE a.contact_id = c.id) END
    FROM events e LEFT JOIN contacts c ON c.id = e.contact_id
   WHERE e.chain = p_force AND e.seq > p_after
   ORDER BY e.seq LIMIT p_limit $$;

-- The control room's search and its counts leave applications out.
CREATE OR REPLACE FUNCTION search_contacts(p_kind text, p_value text, p_second text, p_limit integer)
RETURNS TABLE (contact_id uuid, received_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mine text[] := actor_forces();
  me uuid := actor_agent();
BEGIN
  IF actor_kind() <> 'agent' THEN RETURN; END IF;
  IF p_kind = 'reference' THEN
    RETURN QUERY SELECT c.id, c.received_at FROM contacts c WHERE c.reference = p_value AND c.desk = 'control_room'
       AND c.force_ids && mine AND (NOT c.restricted OR named_on(c.id, me)) LIMIT p_limit;
  ELSIF p_kind = 'phone' THEN
    RETURN QUERY SELECT c.id, c.received_at FROM reporters r JOIN contacts c ON c.id = r.contact_id
     WHERE r.phone_e164 = p_value AND c.desk = 'control_room'
       AND c.force_ids && mine AND (NOT c.restricted OR named_on(c.id, me))
     ORDER BY c.received_at DESC, c.id LIMIT p_limit;
  ELSIF p_kind = 'email' THEN
    RETURN QUERY SELECT c.id, c.received_at FROM reporters r JOIN contacts c ON c.id = r.contact_id
     WHERE r.email = p_value AND c.desk = 'control_room'
       AND c.force_ids && mine AND (NOT c.restricted OR named_on(c.id, me))
     ORDER BY c.received_at DESC, c.id LIMIT p_limit;
  ELSIF p_kind = 'postcode' THEN
    -- Where it happened, or where the reporter lives: a caller says either.
    RETURN QUERY SELECT c.id, c.received_at FROM contacts c
     WHERE c.id IN (SELECT r.contact_id FROM reporters r WHERE r.postcode = p_value
                    UNION SELECT p.id FROM contacts p WHERE p.place_postcode = p_value)
       AND c.desk = 'control_room'
       AND c.force_ids && mine AND (NOT c.restricted OR named_on(c.id, me))
     ORDER BY c.received_at DESC, c.id LIMIT p_limit;
  ELSIF p_kind = 'name' THEN
    RETURN QUERY SELECT c.id, c.received_at FROM reporters r JOIN contacts c ON c.id = r.contact_id
     WHERE lower(r.surname) = lower(p_value) AND (p_second IS NULL OR lower(r.given_name) = lower(p_second))
       AND c.desk = 'control_room'
       AND c.force_ids && mine AND (NOT c.restricted OR named_on(c.id, me))
     ORDER BY c.received_at DESC, c.id LIMIT p_limit;
  END IF;
END $$;
CREATE OR REPLACE FUNCTION seen_before(p_contact uuid)
RETURNS TABLE (force_id text, last_day bigint, last_28_days bigint, last_year bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.force_id, count(*) FILTER (WHERE c.received_at > now() - interval '1 day'),
         count(*) FILTER (WHERE c.received_at > now() - interval '28 days'), count(*)
    FROM reporters mine JOIN reporters r ON r.contact_id <> mine.contact_id
         AND (r.phone_e164 = mine.phone_e164 OR r.email = mine.email)
         JOIN contacts c ON c.id = r.contact_id
   WHERE mine.contact_id = p_contact AND actor_works_on(p_contact) AND c.desk = 'control_room'
     AND NOT c.restricted AND c.received_at > now() - interval '1 year'
   GROUP BY c.force_id $$;

-- Danger in an applicant's message opens a contact with the control room: who wrote it goes along, the application does
-- not. Only into a contact made in this very transaction.
CREATE FUNCTION copy_applicant(p_application uuid, p_to uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO reporters (contact_id, given_name, surname, phone_e164, email, postcode, address)
    SELECT p_to, r.given_name, r.surname, r.phone_e164, r.email, r.postcode, r.address
      FROM reporters r JOIN contacts a ON a.id = r.contact_id AND a.desk = 'licensing'
           JOIN contacts n ON n.id = p_to AND n.xmin::text = pg_current_xact_id()::xid::text
     WHERE r.contact_id = p_application AND actor_kind() = 'citizen' AND actor_contact() = p_to $$;
REVOKE ALL ON FUNCTION copy_applicant(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION copy_applicant(uuid, uuid) TO contact_web, contact_worker;

-- The log and the alarms of an application are for its licensing team.
DROP POLICY agent_force ON alarms;
CREATE POLICY agent_force ON alarms FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'agent'
         AND (force_id IS NULL OR force_id = ANY ((SELECT actor_forces())::text[])
              OR (contact_id IS NOT NULL AND force_id = ANY ((SELECT actor_licensing_forces())::text[])))
         AND (kind <> 'source_repeated' OR force_id = ANY ((SELECT actor_source_forces())::text[]))
         AND (contact_id IS NULL OR EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id)));
DROP POLICY agent_force ON events;
CREATE POLICY agent_force ON events FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent'
         AND (force_id = ANY ((SELECT actor_forces())::text[]) OR actor_administers(force_id)
              OR (contact_id IS NOT NULL AND force_id = ANY ((SELECT actor_licensing_forces())::text[])))
         AND (name <> 'alarm_raised' OR data ->> 'kind' IS DISTINCT FROM 'source_repeated'
              OR force_id = ANY ((SELECT actor_source_forces())::text[]))
         AND (contact_id IS NULL OR EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id)));

REVOKE ALL ON applications, licensing_settings FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON applications, licensing_settings TO contact_worker;
GRANT SELECT, INSERT, UPDATE ON applications, licensing_settings TO contact_web;

ALTER TABLE applications ENABLE ROW LEVEL SECURITY;
-- One CASE, as for the queue: two policies joined by OR would cost the page its index.
CREATE POLICY agent_force_or_citizen_own ON applications FOR ALL TO contact_web
  USING (CASE (SELECT actor_kind())
           WHEN 'agent' THEN force_id = ANY ((SELECT actor_licensing_forces())::text[])
                             AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id)
           WHEN 'citizen' THEN contact_id = (SELECT actor_contact())
           ELSE false END);
CREATE POLICY worker_all ON applications FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

-- Whether a force may take applications online at all, and when it asks for the fee, is no secret.
ALTER TABLE licensing_settings ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_all ON licensing_settings FOR SELECT USING (true);
CREATE POLICY administer ON licensing_settings FOR ALL TO contact_web USING (actor_administers(force_id));
CREATE POLICY worker_all ON licensing_settings FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');
