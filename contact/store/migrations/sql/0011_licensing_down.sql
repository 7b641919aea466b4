-- Back to revision 0010.
DELETE FROM contacts WHERE desk = 'licensing';
DELETE FROM agent_forces WHERE role = 'finance_officer';
DROP POLICY agent_force ON contacts;
CREATE POLICY agent_force ON contacts FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND force_ids && (SELECT actor_forces())
         AND (NOT restricted OR named_on(id, (SELECT actor_agent()))));
CREATE OR REPLACE FUNCTION actor_works_on(p_contact uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM contacts c WHERE c.id = p_contact AND (
      (actor_kind() = 'agent' AND c.force_ids && actor_forces()
        AND (NOT c.restricted OR named_on(c.id, actor_agent())))
      OR (actor_kind() = 'citizen' AND c.id = actor_contact())
      OR actor_kind() = 'system')) $$;
CREATE OR REPLACE FUNCTION live_events(p_force text, p_after bigint, p_limit integer)
RETURNS TABLE (seq bigint, name text, contact_id uuid, agent_id uuid, named uuid[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.seq, e.name, e.contact_id, e.agent_id,
         CASE WHEN c.restricted OR (e.contact_id IS NOT NULL AND c.id IS NULL)
              THEN ARRAY(SELECT a.agent_id FROM contact_access a WHERE a.contact_id = c.id) END
    FROM events e LEFT JOIN contacts c ON c.id = e.contact_id
   WHERE e.chain = p_force AND e.seq > p_after
   ORDER BY e.seq LIMIT p_limit $$;
CREATE OR REPLACE FUNCTION search_contacts(p_kind text, p_value text, p_second text, p_limit integer)
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
CREATE OR REPLACE FUNCTION seen_before(p_contact uuid)
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
DROP POLICY agent_force ON alarms;
CREATE POLICY agent_force ON alarms FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND (force_id IS NULL OR force_id = ANY ((SELECT actor_forces())::text[]))
         AND (kind <> 'source_repeated' OR force_id = ANY ((SELECT actor_source_forces())::text[]))
         AND (contact_id IS NULL OR EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id)));
DROP POLICY agent_force ON events;
CREATE POLICY agent_force ON events FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent'
         AND (force_id = ANY ((SELECT actor_forces())::text[]) OR actor_administers(force_id))
         AND (name <> 'alarm_raised' OR data ->> 'kind' IS DISTINCT FROM 'source_repeated'
              OR force_id = ANY ((SELECT actor_source_forces())::text[]))
         AND (contact_id IS NULL OR EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id)));
DROP TABLE applications, licensing_settings;
DROP FUNCTION copy_applicant(uuid, uuid), actor_licensing_forces(), actor_finance_forces();
ALTER TABLE contacts DROP COLUMN desk;
ALTER TABLE contacts DROP CONSTRAINT ck_contacts_state_is_known;
ALTER TABLE contacts ADD CONSTRAINT ck_contacts_state_is_known CHECK (state IN ('with_bot', 'waiting', 'with_agent', 'snoozed', 'closed'));
ALTER TABLE agent_forces DROP CONSTRAINT ck_agent_forces_role_is_known;
ALTER TABLE agent_forces ADD CONSTRAINT ck_agent_forces_role_is_known CHECK (role IN ('call_handler', 'supervisor', 'licensing_officer', 'professional_standards', 'intelligence_officer', 'force_admin', 'national_admin'));
