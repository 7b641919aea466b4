-- What the licensing team does with an application; store/models/licensing_work.py describes the same.

CREATE TABLE application_checks (
  contact_id UUID NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  result TEXT NOT NULL,
  agent_id UUID,
  asked_at TIMESTAMP WITH TIME ZONE,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_application_checks PRIMARY KEY (contact_id, kind),
  CONSTRAINT fk_application_checks_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE,
  CONSTRAINT fk_application_checks_agent_id_agents FOREIGN KEY(agent_id) REFERENCES agents (id),
  CONSTRAINT ck_application_checks_kind_is_known CHECK (kind IN ('records', 'social_media', 'gp', 'referee_1', 'referee_2', 'partner', 'household')),
  CONSTRAINT ck_application_checks_state_is_known CHECK (state IN ('not_started', 'waiting', 'no_concern', 'concern', 'not_needed'))
);

CREATE TABLE visits (
  id UUID NOT NULL,
  contact_id UUID NOT NULL,
  state TEXT NOT NULL,
  slots JSONB NOT NULL,
  offered_at TIMESTAMP WITH TIME ZONE NOT NULL,
  starts_at TIMESTAMP WITH TIME ZONE,
  ends_at TIMESTAMP WITH TIME ZONE,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  reminded_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_visits PRIMARY KEY (id),
  CONSTRAINT fk_visits_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE,
  CONSTRAINT ck_visits_state_is_known CHECK (state IN ('offered', 'none_suits', 'booked', 'visited', 'missed', 'cancelled')),
  CONSTRAINT ck_visits_time_is_whole CHECK ((starts_at IS NULL) = (ends_at IS NULL)),
  CONSTRAINT ck_visits_booked_has_time CHECK (starts_at IS NOT NULL OR state NOT IN ('booked', 'visited', 'missed'))
);
CREATE INDEX ix_visits_contact_id ON visits (contact_id);
CREATE UNIQUE INDEX uq_visits_open ON visits (contact_id) WHERE state IN ('offered', 'none_suits', 'booked');
CREATE INDEX ix_visits_to_remind ON visits (starts_at) WHERE state = 'booked' AND reminded_at IS NULL;

CREATE TABLE visit_reports (
  id UUID NOT NULL,
  contact_id UUID NOT NULL,
  visit_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  checklist JSONB NOT NULL,
  notes TEXT NOT NULL,
  CONSTRAINT pk_visit_reports PRIMARY KEY (id),
  CONSTRAINT fk_visit_reports_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE,
  CONSTRAINT fk_visit_reports_visit_id_visits FOREIGN KEY(visit_id) REFERENCES visits (id) ON DELETE CASCADE,
  CONSTRAINT fk_visit_reports_agent_id_agents FOREIGN KEY(agent_id) REFERENCES agents (id)
);
CREATE INDEX ix_visit_reports_contact_id ON visit_reports (contact_id);

CREATE TABLE application_decisions (
  id UUID NOT NULL,
  contact_id UUID NOT NULL,
  kind TEXT NOT NULL,
  outcome TEXT,
  reasons TEXT NOT NULL,
  agent_id UUID NOT NULL,
  recommended_by UUID,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  nflms_person TEXT,
  nflms_certificates TEXT[],
  nflms_on DATE,
  CONSTRAINT pk_application_decisions PRIMARY KEY (id),
  CONSTRAINT fk_application_decisions_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE,
  CONSTRAINT fk_application_decisions_agent_id_agents FOREIGN KEY(agent_id) REFERENCES agents (id),
  CONSTRAINT fk_application_decisions_recommended_by_agents FOREIGN KEY(recommended_by) REFERENCES agents (id),
  CONSTRAINT ck_application_decisions_kind_is_known CHECK (kind IN ('recommendation', 'decision', 'sent_back')),
  CONSTRAINT ck_application_decisions_outcome_is_known CHECK (outcome IN ('grant', 'refuse')),
  CONSTRAINT ck_application_decisions_another_decides CHECK (kind = 'recommendation' OR agent_id <> recommended_by),
  CONSTRAINT ck_application_decisions_decision_is_on_one CHECK ((kind = 'recommendation') = (recommended_by IS NULL)),
  CONSTRAINT ck_application_decisions_nflms_comes_first CHECK (kind <> 'decision' OR (nflms_person IS NOT NULL AND nflms_on IS NOT NULL))
);
CREATE INDEX ix_application_decisions_contact_id ON application_decisions (contact_id);

-- The lists of the caseload that go by another order than the declaration.
CREATE INDEX ix_applications_waiting ON applications (force_id, waiting_since, contact_id) WHERE waiting_for IS NOT NULL;
CREATE INDEX ix_applications_unread ON applications (force_id, declared_at, contact_id) WHERE unread;
CREATE INDEX ix_applications_officer ON applications (officer_id, declared_at, contact_id) WHERE officer_id IS NOT NULL;
CREATE INDEX ix_applications_certificate_number ON applications (certificate_number) WHERE certificate_number IS NOT NULL;

-- The licensing team's search: as the control room's (engineering 5), in its own forces and its own desk alone.
CREATE FUNCTION search_applications(p_kind text, p_value text, p_second text, p_limit integer)
RETURNS TABLE (contact_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mine text[] := actor_licensing_forces();
  me uuid := actor_agent();
BEGIN
  IF actor_kind() <> 'agent' THEN RETURN; END IF;
  IF p_kind = 'reference' THEN
    RETURN QUERY SELECT c.id FROM contacts c WHERE c.reference = p_value AND c.desk = 'licensing'
       AND c.force_ids && mine AND (NOT c.restricted OR named_on(c.id, me)) LIMIT p_limit;
  ELSIF p_kind = 'name' THEN
    RETURN QUERY SELECT c.id FROM reporters r JOIN contacts c ON c.id = r.contact_id
     WHERE lower(r.surname) = lower(p_value) AND (p_second IS NULL OR lower(r.given_name) = lower(p_second))
       AND c.desk = 'licensing' AND c.force_ids && mine AND (NOT c.restricted OR named_on(c.id, me))
     ORDER BY c.received_at DESC, c.id LIMIT p_limit;
  ELSIF p_kind = 'certificate' THEN
    RETURN QUERY SELECT c.id FROM applications a JOIN contacts c ON c.id = a.contact_id
     WHERE a.certificate_number = p_value AND a.force_id = ANY (mine) AND (NOT c.restricted OR named_on(c.id, me))
     ORDER BY a.declared_at DESC, c.id LIMIT p_limit;
  END IF;
END $$;

-- What stands elsewhere with this person's telephone, email, or name and postcode: how many, how grave, with which force,
-- of which desk; never a word of it (practice 15), and nothing of what is restricted (practice 8).
CREATE FUNCTION applicant_elsewhere(p_contact uuid)
RETURNS TABLE (force_id text, desk text, contacts bigint, gravest text, last_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.force_id, c.desk, count(DISTINCT c.id),
         (array_agg(c.grade ORDER BY array_position(ARRAY['emergency', 'priority', 'standard', 'enquiry'], c.grade)))[1],
         max(c.received_at)
    FROM reporters mine JOIN reporters r ON r.contact_id <> mine.contact_id
         AND (r.phone_e164 = mine.phone_e164 OR r.email = mine.email
              OR (lower(r.surname) = lower(mine.surname) AND lower(r.given_name) = lower(mine.given_name)
                  AND r.postcode = mine.postcode))
         JOIN contacts c ON c.id = r.contact_id
   WHERE mine.contact_id = p_contact AND actor_kind() = 'agent' AND actor_works_on(p_contact)
     AND EXISTS (SELECT 1 FROM contacts own WHERE own.id = p_contact AND own.desk = 'licensing')
     AND NOT c.restricted AND NOT c.source_apart AND c.disposed_at IS NULL
   GROUP BY c.force_id, c.desk $$;
REVOKE ALL ON FUNCTION search_applications(text, text, text, integer), applicant_elsewhere(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_applications(text, text, text, integer), applicant_elsewhere(uuid) TO contact_web;

REVOKE ALL ON application_checks, visits, visit_reports, application_decisions FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON application_checks, visits, visit_reports, application_decisions TO contact_worker;
GRANT SELECT, INSERT, UPDATE ON application_checks, visits TO contact_web;
-- A report and a decision are only ever added to.
GRANT SELECT, INSERT ON visit_reports, application_decisions TO contact_web;

DO $$
DECLARE
  child text;
BEGIN
  FOREACH child IN ARRAY ARRAY['application_checks', 'visits', 'visit_reports', 'application_decisions']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', child);
    -- A licensing contact alone has any, and it is seen by the licensing team alone.
    EXECUTE format('CREATE POLICY agent_contact ON %I FOR ALL TO contact_web USING ((SELECT actor_kind()) = ''agent'''
                   ' AND EXISTS (SELECT 1 FROM applications a WHERE a.contact_id = %I.contact_id))', child, child);
    EXECUTE format('CREATE POLICY worker_all ON %I FOR ALL TO contact_worker USING ((SELECT actor_kind()) = ''system'')',
                   child);
  END LOOP;
END $$;
-- Nobody recommends or decides in another's name.
CREATE POLICY own_name ON application_decisions AS RESTRICTIVE FOR INSERT TO contact_web
  WITH CHECK (agent_id = (SELECT actor_agent()));
CREATE POLICY own_name ON visit_reports AS RESTRICTIVE FOR INSERT TO contact_web
  WITH CHECK (agent_id = (SELECT actor_agent()));
-- The applicant chooses among the times offered, and sees nothing else.
CREATE POLICY citizen_own ON visits FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'citizen' AND contact_id = (SELECT actor_contact()));
CREATE POLICY citizen_chooses ON visits FOR UPDATE TO contact_web
  USING ((SELECT actor_kind()) = 'citizen' AND contact_id = (SELECT actor_contact()));
