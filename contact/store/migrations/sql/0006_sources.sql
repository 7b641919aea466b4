-- Informants by accident (practice 17): who told us stands apart from the matter, and only an intelligence officer of the
-- contact's force reads it.
ALTER TABLE agent_forces DROP CONSTRAINT ck_agent_forces_role_is_known;
ALTER TABLE agent_forces ADD CONSTRAINT ck_agent_forces_role_is_known CHECK (role IN ('call_handler', 'supervisor', 'licensing_officer', 'professional_standards', 'intelligence_officer', 'force_admin', 'national_admin'));
ALTER TABLE contacts ADD COLUMN source_apart BOOLEAN DEFAULT false NOT NULL;

-- Digests are keyed and say nothing to whoever holds the database alone; they go with the row.
CREATE TABLE sources (
  contact_id UUID NOT NULL,
  given_name TEXT,
  surname TEXT,
  phone_e164 TEXT,
  email TEXT,
  postcode TEXT,
  address TEXT,
  safe_contact JSONB NOT NULL,
  answers JSONB NOT NULL,
  source_digests TEXT[] NOT NULL,
  subject_digests TEXT[] NOT NULL,
  CONSTRAINT pk_sources PRIMARY KEY (contact_id),
  CONSTRAINT fk_sources_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE
);
CREATE INDEX ix_sources_source_digests ON sources USING gin (source_digests);

-- The forces whose sources this agent may read; engine.py sets it with the rest of the actor.
CREATE FUNCTION actor_source_forces() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT string_to_array(coalesce(current_setting('contact.source_forces', true), ''), ',') $$;

-- How many other reports the same source made on the same subject to the same force: the kind of matter, or a person, a
-- vehicle or a place that both name. For the report just being sent, and for those who may read it; for others none.
CREATE FUNCTION repeated_source(p_contact uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*)
    FROM sources mine JOIN contacts c ON c.id = mine.contact_id
         JOIN sources o ON o.contact_id <> mine.contact_id AND o.source_digests && mine.source_digests
         JOIN contacts other ON other.id = o.contact_id AND other.force_id = c.force_id AND NOT other.restricted
   WHERE mine.contact_id = p_contact AND actor_works_on(p_contact)
     AND (actor_kind() <> 'agent' OR c.force_id = ANY (actor_source_forces()))
     AND (other.category = c.category OR o.subject_digests && mine.subject_digests) $$;

REVOKE ALL ON sources FROM PUBLIC;
REVOKE ALL ON FUNCTION actor_source_forces(), repeated_source(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION actor_source_forces(), repeated_source(uuid) TO contact_web, contact_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON sources TO contact_worker;
GRANT SELECT, INSERT ON sources TO contact_web;

ALTER TABLE sources ENABLE ROW LEVEL SECURITY;
CREATE POLICY officer_reads ON sources FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent'
         AND EXISTS (SELECT 1 FROM contacts c
                      WHERE c.id = contact_id AND c.force_id = ANY ((SELECT actor_source_forces())::text[])));
CREATE POLICY citizen_writes ON sources FOR INSERT TO contact_web
  WITH CHECK ((SELECT actor_kind()) = 'citizen' AND contact_id = (SELECT actor_contact()));
CREATE POLICY worker_all ON sources FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

-- That a source came again is itself a secret: neither the alarm nor the line that it was raised is for other roles.
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
CREATE OR REPLACE FUNCTION open_alarm_counts() RETURNS TABLE (kind text, alarms bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.kind, count(*) FROM alarms a
   WHERE a.accepted_at IS NULL AND a.cleared_at IS NULL AND a.kind <> 'source_repeated' GROUP BY a.kind $$;

-- A person's own copy holds what they wrote of themselves too: they have proven draft and contact together.
CREATE OR REPLACE FUNCTION own_submission()
RETURNS TABLE (form_sha256 text, answers jsonb, received_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.form_sha256, s.answers || coalesce(o.answers, '{}'), s.received_at
    FROM submissions s JOIN drafts d ON d.contact_id = s.contact_id
         LEFT JOIN sources o ON o.contact_id = s.contact_id
   WHERE actor_kind() = 'citizen' AND s.contact_id = actor_contact() AND d.id = actor_draft()
   ORDER BY s.received_at LIMIT 1 $$;
