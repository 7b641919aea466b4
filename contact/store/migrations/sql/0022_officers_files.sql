-- A parent or guardian agrees where the applicant is under 18: a check like the others, which a grant waits for.
ALTER TABLE application_checks DROP CONSTRAINT ck_application_checks_kind_is_known;
ALTER TABLE application_checks ADD CONSTRAINT ck_application_checks_kind_is_known CHECK
  (kind IN ('records', 'social_media', 'gp', 'referee_1', 'referee_2', 'partner', 'household', 'photo', 'parent'));

-- What an officer has noted of a visit that is not over yet.
CREATE TABLE visit_drafts (
  visit_id UUID NOT NULL,
  contact_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  checklist JSONB NOT NULL,
  notes TEXT NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_visit_drafts PRIMARY KEY (visit_id),
  CONSTRAINT fk_visit_drafts_visit_id_visits FOREIGN KEY(visit_id) REFERENCES visits (id) ON DELETE CASCADE,
  CONSTRAINT fk_visit_drafts_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE,
  CONSTRAINT fk_visit_drafts_agent_id_agents FOREIGN KEY(agent_id) REFERENCES agents (id)
);
REVOKE ALL ON visit_drafts FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON visit_drafts TO contact_worker, contact_web;
ALTER TABLE visit_drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_contact ON visit_drafts FOR ALL TO contact_web USING ((SELECT actor_kind()) = 'agent'
  AND EXISTS (SELECT 1 FROM applications a WHERE a.contact_id = visit_drafts.contact_id));
CREATE POLICY worker_all ON visit_drafts FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

-- A file that an officer adds to an application: a photo of a visit, a paper that came by post. The applicant never sees
-- it, and whoever added it is written with it.
ALTER TABLE evidence ADD COLUMN added_by UUID;
ALTER TABLE evidence ADD CONSTRAINT fk_evidence_added_by_agents FOREIGN KEY (added_by) REFERENCES agents (id);
CREATE POLICY citizen_own_alone ON evidence AS RESTRICTIVE FOR ALL TO contact_web
  USING ((SELECT actor_kind()) <> 'citizen' OR added_by IS NULL);
CREATE POLICY officer_adds ON evidence FOR INSERT TO contact_web
  WITH CHECK ((SELECT actor_kind()) = 'agent' AND added_by = (SELECT actor_agent())
              AND EXISTS (SELECT 1 FROM applications a WHERE a.contact_id = evidence.contact_id));
CREATE POLICY officer_takes_back ON evidence FOR DELETE TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND added_by = (SELECT actor_agent()) AND state IN ('receiving', 'refused'));
CREATE POLICY officer_adds ON evidence_segments FOR INSERT TO contact_web
  WITH CHECK ((SELECT actor_kind()) = 'agent'
              AND EXISTS (SELECT 1 FROM evidence e WHERE e.id = evidence_id AND e.added_by = (SELECT actor_agent())
                             AND e.state = 'receiving'));
CREATE POLICY officer_takes_back ON evidence_segments FOR DELETE TO contact_web
  USING ((SELECT actor_kind()) = 'agent'
         AND EXISTS (SELECT 1 FROM evidence e WHERE e.id = evidence_id AND e.added_by = (SELECT actor_agent())
                        AND e.state IN ('receiving', 'refused')));

CREATE OR REPLACE FUNCTION guard_evidence() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF current_user = 'contact_web'
       AND (NEW.state <> 'receiving' OR NEW.scan <> 'pending' OR NEW.received_size <> 0 OR NEW.original <> 'kept'
            OR num_nonnulls(NEW.sha256, NEW.also, NEW.refused, NEW.completed_at, NEW.marked_safe_at, NEW.marked_by,
                            NEW.sealed_reason, NEW.preview_key, NEW.preview_size) > 0) THEN
      RAISE insufficient_privilege USING MESSAGE = 'a file begins empty';
    END IF;
    IF current_user = 'contact_web' AND NEW.added_by IS NOT NULL AND actor_kind() <> 'agent' THEN
      RAISE insufficient_privilege USING MESSAGE = 'nobody adds a file in an officer''s name';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.sealed_reason IS NOT NULL AND NEW.sealed_reason IS DISTINCT FROM OLD.sealed_reason THEN
    RAISE insufficient_privilege USING MESSAGE = 'a sealed file stays sealed';
  END IF;
  IF NEW.added_by IS DISTINCT FROM OLD.added_by THEN
    RAISE insufficient_privilege USING MESSAGE = 'who added a file is written once';
  END IF;
  IF current_user <> 'contact_web' THEN RETURN NEW; END IF;
  IF actor_kind() = 'agent' AND NOT (OLD.state = 'receiving' AND OLD.added_by IS NOT NULL AND OLD.added_by = actor_agent())
  THEN
    IF (NEW.draft_id, NEW.contact_id, NEW.declared_size, NEW.received_size, NEW.kind, NEW.state, NEW.refused,
        NEW.original, NEW.completed_at)
       IS DISTINCT FROM (OLD.draft_id, OLD.contact_id, OLD.declared_size, OLD.received_size, OLD.kind, OLD.state,
                         OLD.refused, OLD.original, OLD.completed_at) THEN
      RAISE insufficient_privilege USING MESSAGE = 'an agent marks a file and changes nothing else of it';
    END IF;
  ELSIF (NEW.marked_safe_at, NEW.marked_by, NEW.sealed_reason, NEW.preview_key, NEW.preview_size)
        IS DISTINCT FROM (OLD.marked_safe_at, OLD.marked_by, OLD.sealed_reason, OLD.preview_key, OLD.preview_size) THEN
    RAISE insufficient_privilege USING MESSAGE = 'who sent a file does not mark it';
  ELSIF OLD.state <> 'receiving'
        AND (NEW.state, NEW.received_size, NEW.declared_size, NEW.kind, NEW.refused, NEW.completed_at)
            IS DISTINCT FROM (OLD.state, OLD.received_size, OLD.declared_size, OLD.kind, OLD.refused, OLD.completed_at) THEN
    RAISE insufficient_privilege USING MESSAGE = 'what has arrived is the worker''s to move on';
  ELSIF NEW.state NOT IN ('receiving', 'received', 'refused') AND NEW.state <> OLD.state THEN
    RAISE insufficient_privilege USING MESSAGE = 'the web examines nothing';
  ELSIF OLD.contact_id IS NOT NULL AND NEW.contact_id IS DISTINCT FROM OLD.contact_id THEN
    RAISE insufficient_privilege USING MESSAGE = 'a file stays with its contact';
  END IF;
  RETURN NEW;
END $$;
