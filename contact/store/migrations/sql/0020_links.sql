-- Every certificate that an application names, or that an officer joined to it by hand; store/models/application.py
-- describes it. Before, one column held one of them, so the other half of a pair was never renewed or extended.
CREATE TABLE application_certificates (
  contact_id UUID NOT NULL,
  certificate_id UUID NOT NULL,
  force_id TEXT NOT NULL,
  linked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  linked_by UUID,
  unlinked_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_application_certificates PRIMARY KEY (contact_id, certificate_id),
  CONSTRAINT fk_application_certificates_contact_id_applications FOREIGN KEY(contact_id) REFERENCES applications (contact_id) ON DELETE CASCADE,
  CONSTRAINT fk_application_certificates_certificate_id_certificates FOREIGN KEY(certificate_id) REFERENCES certificates (id) ON DELETE CASCADE,
  CONSTRAINT fk_application_certificates_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id),
  CONSTRAINT fk_application_certificates_linked_by_agents FOREIGN KEY(linked_by) REFERENCES agents (id)
);
CREATE INDEX ix_application_certificates_certificate_id ON application_certificates (certificate_id);
INSERT INTO application_certificates (contact_id, certificate_id, force_id, linked_at)
SELECT a.contact_id, c.id, a.force_id, a.declared_at FROM applications a JOIN certificates c ON c.id = a.certificate_id
 WHERE c.force_id = a.force_id;
ALTER TABLE applications DROP COLUMN certificate_id;

REVOKE ALL ON application_certificates FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON application_certificates TO contact_worker;
GRANT SELECT, INSERT, UPDATE ON application_certificates TO contact_web;
ALTER TABLE application_certificates ENABLE ROW LEVEL SECURITY;
CREATE POLICY licensing_force ON application_certificates FOR ALL TO contact_web USING (CASE (SELECT actor_kind())
  WHEN 'agent' THEN force_id = ANY ((SELECT actor_licensing_forces())::text[]) ELSE false END);
CREATE POLICY worker_all ON application_certificates FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

-- What a certificate authorises beside the guns held on it, and which copy of the paper is the valid one.
ALTER TABLE certificates
  ADD COLUMN ammunition JSONB NOT NULL DEFAULT '[]',
  ADD COLUMN copy_no INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN copy_on DATE,
  ADD CONSTRAINT ck_certificates_copies_count_from_one CHECK (copy_no >= 1);

-- A gun may be authorised and not yet held, or held and on its way out.
ALTER TABLE firearms ADD COLUMN to_go BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE firearms DROP CONSTRAINT ck_firearms_state_is_known;
ALTER TABLE firearms ADD CONSTRAINT ck_firearms_state_is_known CHECK
  (state IN ('authorised', 'held', 'sold', 'lost', 'stolen', 'destroyed', 'deactivated', 'removed', 'lapsed'));
