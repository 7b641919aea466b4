-- Who may touch what. Everything is refused unless granted here; contact_web and contact_worker own nothing.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO contact_web, contact_worker;

GRANT EXECUTE ON FUNCTION actor_kind(), actor_agent(), actor_forces(), actor_contact(), actor_draft(),
  actor_administers(text), named_on(uuid, uuid), actor_works_on(uuid), live_events(text, bigint, integer),
  contact_for_reference(text), draft_for_code(bytea), mirror_hold(uuid, uuid),
  offer_to_force(uuid, text, text, uuid, text), accept_transfer(uuid, text, timestamptz),
  search_contacts(text, text, text, integer), seen_before(uuid), event_text(events),
  next_position(uuid), open_alarm_counts(), privacy_notice(text), mirror_triage(uuid, uuid), refuse_transfer(uuid, text), name_standards(uuid, text, timestamptz),
  name_on_unnamed(text)
  TO contact_web, contact_worker;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO contact_worker;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO contact_worker;
REVOKE UPDATE, DELETE ON events, chain_heads FROM contact_worker;
REVOKE INSERT ON chain_heads FROM contact_worker;

GRANT SELECT ON forces, form_versions, agents, invitations, recovery_codes, web_sessions, attempts, heartbeats, inbox,
  drafts, contacts, reporters, submissions, contact_access, contact_keys, messages, queue_entries, transfers,
  proposals, decisions, incident_logs, crimes, agent_forces, mutual_aid_grants, reply_drafts, alarms, alarm_calls,
  force_alarm_numbers, force_go_live, mails, events, chain_heads TO contact_web;
GRANT INSERT ON form_versions, agents, invitations, recovery_codes, web_sessions, attempts, heartbeats, inbox, drafts,
  contacts, reporters, submissions, contact_access, contact_keys, messages, queue_entries, transfers, proposals,
  decisions, incident_logs, crimes, agent_forces, mutual_aid_grants, reply_drafts, alarms, mails, events,
  force_alarm_numbers, force_go_live TO contact_web;
GRANT UPDATE ON forces, agents, invitations, recovery_codes, web_sessions, attempts, heartbeats, inbox, drafts,
  contacts, reporters, messages, queue_entries, mutual_aid_grants, reply_drafts, alarms, alarm_calls,
  force_alarm_numbers, force_go_live TO contact_web;
GRANT DELETE ON web_sessions, attempts, recovery_codes, agent_forces, reply_drafts, contact_access,
  force_alarm_numbers TO contact_web;

ALTER TABLE drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY citizen_own ON drafts FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'citizen' AND id = (SELECT actor_draft()));
CREATE POLICY worker_all ON drafts FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE contacts ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_force ON contacts FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND force_ids && (SELECT actor_forces())
         AND (NOT restricted OR named_on(id, (SELECT actor_agent()))));
CREATE POLICY citizen_own ON contacts FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'citizen' AND id = (SELECT actor_contact()));
CREATE POLICY worker_all ON contacts FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE queue_entries ENABLE ROW LEVEL SECURITY;
-- One policy and one CASE, which no index can serve and whose selectivity is not guessed at: two policies joined by OR made
-- the planner fetch and sort a force's whole queue (measured with 100,000 waiting: 287 ms a page instead of 3 ms).
CREATE POLICY agent_force_or_citizen_own ON queue_entries FOR ALL TO contact_web
  USING (CASE (SELECT actor_kind())
           WHEN 'agent' THEN force_id = ANY ((SELECT actor_forces())::text[])
                             AND (NOT restricted OR named_on(contact_id, (SELECT actor_agent())))
           WHEN 'citizen' THEN contact_id = (SELECT actor_contact())
           ELSE false END);
CREATE POLICY worker_all ON queue_entries FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

-- Rows that hang on a contact: an agent sees them where the contact is seen; the worker sees all.
DO $$
DECLARE
  child text;
BEGIN
  FOREACH child IN ARRAY ARRAY['reporters', 'submissions', 'messages', 'proposals', 'decisions', 'incident_logs',
                               'crimes', 'transfers', 'contact_access', 'contact_keys']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', child);
    EXECUTE format('CREATE POLICY agent_contact ON %I FOR ALL TO contact_web USING ((SELECT actor_kind()) = ''agent'''
                   ' AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id))', child);
    EXECUTE format('CREATE POLICY worker_all ON %I FOR ALL TO contact_worker USING ((SELECT actor_kind()) = ''system'')',
                   child);
  END LOOP;
  -- A citizen writes these once, on sending, and cannot read them back.
  FOREACH child IN ARRAY ARRAY['reporters', 'submissions', 'proposals', 'contact_keys']
  LOOP
    EXECUTE format('CREATE POLICY citizen_writes ON %I FOR INSERT TO contact_web'
                   ' WITH CHECK ((SELECT actor_kind()) = ''citizen'' AND contact_id = (SELECT actor_contact()))', child);
  END LOOP;
END $$;
CREATE POLICY citizen_key ON contact_keys FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'citizen' AND contact_id = (SELECT actor_contact()));
-- An internal note never reaches the citizen, whatever the query (scenario 23).
CREATE POLICY citizen_own ON messages FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'citizen' AND contact_id = (SELECT actor_contact()) AND kind <> 'note');

ALTER TABLE reply_drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_own ON reply_drafts FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND agent_id = (SELECT actor_agent()));
CREATE POLICY worker_all ON reply_drafts FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE agent_forces ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_roles ON agent_forces FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'signin' OR agent_id = (SELECT actor_agent()) OR actor_administers(force_id)
         OR ((SELECT actor_kind()) = 'agent' AND force_id = ANY ((SELECT actor_forces())::text[])));
CREATE POLICY administer ON agent_forces FOR ALL TO contact_web USING (actor_administers(force_id));
CREATE POLICY worker_all ON agent_forces FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE mutual_aid_grants ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_grants ON mutual_aid_grants FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'signin' OR agent_id = (SELECT actor_agent()) OR actor_administers(force_id));
CREATE POLICY administer ON mutual_aid_grants FOR ALL TO contact_web USING (actor_administers(force_id));
CREATE POLICY worker_all ON mutual_aid_grants FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE force_alarm_numbers ENABLE ROW LEVEL SECURITY;
CREATE POLICY administer ON force_alarm_numbers FOR ALL TO contact_web USING (actor_administers(force_id));
CREATE POLICY worker_all ON force_alarm_numbers FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE force_go_live ENABLE ROW LEVEL SECURITY;
CREATE POLICY administer ON force_go_live FOR ALL TO contact_web USING (actor_administers(force_id));
CREATE POLICY worker_all ON force_go_live FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE forces ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_all ON forces FOR SELECT USING (true);
CREATE POLICY administer ON forces FOR UPDATE TO contact_web USING (actor_administers(id));
CREATE POLICY worker_all ON forces FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE alarms ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_force ON alarms FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND (force_id IS NULL OR force_id = ANY ((SELECT actor_forces())::text[]))
         AND (contact_id IS NULL OR EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id)));
CREATE POLICY raise_alarm ON alarms FOR INSERT TO contact_web WITH CHECK ((SELECT actor_kind()) <> '');
CREATE POLICY webhook ON alarms FOR ALL TO contact_web USING ((SELECT actor_kind()) = 'webhook');
CREATE POLICY worker_all ON alarms FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE alarm_calls ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_force ON alarm_calls FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND EXISTS (SELECT 1 FROM alarms a WHERE a.id = alarm_id));
CREATE POLICY webhook ON alarm_calls FOR ALL TO contact_web USING ((SELECT actor_kind()) = 'webhook');
CREATE POLICY worker_all ON alarm_calls FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE mails ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_contact ON mails FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id));
CREATE POLICY citizen_writes ON mails FOR INSERT TO contact_web
  WITH CHECK ((SELECT actor_kind()) = 'citizen' AND contact_id = (SELECT actor_contact()));
CREATE POLICY invite ON mails FOR INSERT TO contact_web
  WITH CHECK ((SELECT actor_kind()) = 'agent' AND contact_id IS NULL);
CREATE POLICY worker_all ON mails FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

-- Nobody writes an event in another's name; nobody reads one about a contact they may not see.
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
CREATE POLICY record ON events FOR INSERT TO contact_web
  WITH CHECK ((SELECT actor_kind()) <> '' AND (agent_id IS NULL OR agent_id = (SELECT actor_agent()))
              AND (contact_id IS NULL OR EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id)));
CREATE POLICY agent_force ON events FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent'
         AND (force_id = ANY ((SELECT actor_forces())::text[]) OR actor_administers(force_id))
         AND (contact_id IS NULL OR EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id)));
CREATE POLICY worker_all ON events FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE chain_heads ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_force ON chain_heads FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND chain = ANY ((SELECT actor_forces())::text[]));
CREATE POLICY worker_all ON chain_heads FOR SELECT TO contact_worker USING ((SELECT actor_kind()) = 'system');

-- Jobs: the web only adds, by the one function that does; the worker runs them.
ALTER FUNCTION procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[]) SECURITY DEFINER SET search_path = public, pg_temp;
GRANT EXECUTE ON FUNCTION procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[]) TO contact_web;
DO $$
DECLARE
  f record;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature FROM pg_proc p WHERE p.proname LIKE 'procrastinate%'
           AND p.pronamespace = 'public'::regnamespace
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO contact_worker', f.signature);
  END LOOP;
END $$;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO contact_worker;
GRANT SELECT ON alembic_version TO contact_web, contact_worker;
