-- Holders leave the register as a file only when one person asked, with a reason, and another released it (practice 27).
CREATE TABLE holder_exports (
  id UUID NOT NULL,
  force_id TEXT NOT NULL,
  what TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  asked_by_id UUID NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  decided_by_id UUID,
  decided_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_holder_exports PRIMARY KEY (id),
  CONSTRAINT ck_holder_exports_what_is_known CHECK (what IN ('holders', 'holders_and_guns')),
  CONSTRAINT ck_holder_exports_state_is_known CHECK (state IN ('asked', 'released', 'declined')),
  CONSTRAINT ck_holder_exports_another_releases CHECK (decided_by_id <> asked_by_id),
  CONSTRAINT ck_holder_exports_decided_is_whole CHECK ((state = 'asked') = (decided_by_id IS NULL) AND (state = 'asked') = (decided_at IS NULL)),
  CONSTRAINT fk_holder_exports_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id),
  CONSTRAINT fk_holder_exports_asked_by_id_agents FOREIGN KEY(asked_by_id) REFERENCES agents (id),
  CONSTRAINT fk_holder_exports_decided_by_id_agents FOREIGN KEY(decided_by_id) REFERENCES agents (id)
);
CREATE INDEX ix_holder_exports_force_id ON holder_exports (force_id, asked_at);
REVOKE ALL ON holder_exports FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON holder_exports TO contact_web;
GRANT SELECT ON holder_exports TO contact_worker;
ALTER TABLE holder_exports ENABLE ROW LEVEL SECURITY;
CREATE POLICY worker_all ON holder_exports FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');
CREATE POLICY licensing_reads ON holder_exports FOR SELECT TO contact_web USING (CASE (SELECT actor_kind())
  WHEN 'agent' THEN force_id = ANY ((SELECT actor_licensing_forces())::text[]) ELSE false END);
CREATE POLICY licensing_asks ON holder_exports FOR INSERT TO contact_web WITH CHECK (
  (SELECT actor_kind()) = 'agent' AND force_id = ANY ((SELECT actor_licensing_forces())::text[])
  AND asked_by_id = (SELECT actor_agent()) AND state = 'asked');
CREATE POLICY another_decides ON holder_exports FOR UPDATE TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND force_id = ANY ((SELECT actor_licensing_forces())::text[]))
  WITH CHECK (decided_by_id = (SELECT actor_agent()) AND asked_by_id <> (SELECT actor_agent()));

-- Who asked for what, and why, is written once; so is the verdict.
CREATE FUNCTION guard_holder_export() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF (NEW.force_id, NEW.what, NEW.reason, NEW.asked_by_id, NEW.asked_at)
     IS DISTINCT FROM (OLD.force_id, OLD.what, OLD.reason, OLD.asked_by_id, OLD.asked_at) OR OLD.state <> 'asked' THEN
    RAISE insufficient_privilege USING MESSAGE = 'what was asked for, and the verdict on it, stand as they are';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION guard_holder_export() FROM PUBLIC;
CREATE TRIGGER guard BEFORE UPDATE ON holder_exports FOR EACH ROW EXECUTE FUNCTION guard_holder_export();

-- Where a dealer trades from, and as what: rows of name, address, postcode and how guns are kept there.
ALTER TABLE certificates ADD COLUMN trades_as TEXT;
ALTER TABLE certificates ADD COLUMN premises JSONB NOT NULL DEFAULT '[]';
