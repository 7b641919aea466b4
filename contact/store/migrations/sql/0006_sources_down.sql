-- Back to revision 0005. Alarms of the kind go with it: every agent could read them.
DELETE FROM alarms WHERE kind = 'source_repeated';
DELETE FROM agent_forces WHERE role = 'intelligence_officer';
DROP POLICY agent_force ON alarms;
CREATE POLICY agent_force ON alarms FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND (force_id IS NULL OR force_id = ANY ((SELECT actor_forces())::text[]))
         AND (contact_id IS NULL OR EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id)));
DROP POLICY agent_force ON events;
CREATE POLICY agent_force ON events FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent'
         AND (force_id = ANY ((SELECT actor_forces())::text[]) OR actor_administers(force_id))
         AND (contact_id IS NULL OR EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id)));
CREATE OR REPLACE FUNCTION own_submission()
RETURNS TABLE (form_sha256 text, answers jsonb, received_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.form_sha256, s.answers, s.received_at
    FROM submissions s JOIN drafts d ON d.contact_id = s.contact_id
   WHERE actor_kind() = 'citizen' AND s.contact_id = actor_contact() AND d.id = actor_draft()
   ORDER BY s.received_at LIMIT 1 $$;
DROP TABLE sources;
DROP FUNCTION repeated_source(uuid), actor_source_forces();
ALTER TABLE contacts DROP COLUMN source_apart;
ALTER TABLE agent_forces DROP CONSTRAINT ck_agent_forces_role_is_known;
ALTER TABLE agent_forces ADD CONSTRAINT ck_agent_forces_role_is_known CHECK (role IN ('call_handler', 'supervisor', 'licensing_officer', 'professional_standards', 'force_admin', 'national_admin'));
