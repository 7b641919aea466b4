-- Links of referees and practices end with the decision, and a worry still reaches licensing; the words of a renewal by
-- post. Models: store/models/outsider.py and store/models/certificate.py.

-- Decided or withdrawn: nobody is asked any more. No row of applications, no end.
CREATE FUNCTION application_is_over(p_contact uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM applications WHERE contact_id = p_contact AND state IN ('granted', 'refused', 'withdrawn')) $$;

DROP FUNCTION referee_of_link(bytea);
CREATE FUNCTION referee_of_link(p_token_hash bytea)
RETURNS TABLE (referee_id uuid, contact_id uuid, force_id text, language text, state text, has_phone boolean,
               code_number integer, code_at timestamptz, code_tries integer, expires_at timestamptz,
               given_name text, surname text, applicant_given text, applicant_surname text, over boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT f.id, f.contact_id, c.force_id, f.language, f.state, f.phone_e164 IS NOT NULL, f.code_number, f.code_at,
         f.code_tries, f.expires_at, f.given_name, f.surname, r.given_name, r.surname, application_is_over(c.id)
    FROM referees f JOIN contacts c ON c.id = f.contact_id LEFT JOIN reporters r ON r.contact_id = c.id
   WHERE f.token_hash = p_token_hash AND c.disposed_at IS NULL $$;

CREATE OR REPLACE FUNCTION answer_as_referee(p_token_hash bytea, p_state text, p_version integer, p_answers jsonb,
                                             p_now timestamptz)
RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH done AS (
    UPDATE referees SET state = p_state, questions_version = p_version, answers = p_answers, answered_at = p_now
     WHERE token_hash = p_token_hash AND state = 'confirmed' AND expires_at > p_now
       AND NOT application_is_over(contact_id) RETURNING contact_id)
  UPDATE applications a SET unread = true FROM done WHERE a.contact_id = done.contact_id RETURNING true $$;

DROP FUNCTION practice_of_link(uuid);
CREATE FUNCTION practice_of_link(p_link uuid)
RETURNS TABLE (request_id uuid, contact_id uuid, force_id text, practice text, doctor text, gmc_number text,
               report_given text, applicant_given text, applicant_surname text, applicant_born date, over boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.id, m.contact_id, c.force_id, m.practice, m.doctor, m.gmc_number, m.report_given, r.given_name, r.surname,
         m.patient_born, application_is_over(c.id)
    FROM medical_requests m JOIN contacts c ON c.id = m.contact_id LEFT JOIN reporters r ON r.contact_id = c.id
   WHERE m.upload_link_id = p_link AND c.disposed_at IS NULL $$;

CREATE OR REPLACE FUNCTION answer_as_practice(p_link uuid, p_doctor text, p_gmc text, p_given text, p_now timestamptz)
RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH done AS (
    UPDATE medical_requests SET doctor = p_doctor, gmc_number = p_gmc, report_given = p_given, told_at = p_now,
           gmc_standing = NULL, gmc_checked_by = NULL, gmc_checked_at = NULL
     WHERE upload_link_id = p_link AND NOT application_is_over(contact_id) RETURNING contact_id)
  UPDATE applications a SET unread = true FROM done WHERE a.contact_id = done.contact_id RETURNING true $$;

-- What a practice tells us later, by the link of our mail, for as long as we keep the application.
CREATE TABLE medical_concerns (
  id UUID NOT NULL,
  request_id UUID NOT NULL,
  contact_id UUID NOT NULL,
  body TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_medical_concerns PRIMARY KEY (id),
  CONSTRAINT fk_medical_concerns_request_id_medical_requests FOREIGN KEY(request_id) REFERENCES medical_requests (id) ON DELETE CASCADE,
  CONSTRAINT fk_medical_concerns_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE
);
CREATE INDEX ix_medical_concerns_contact_id ON medical_concerns (contact_id);

-- The practice of a mail's link, whether or not it was opened: no patient is named by it.
CREATE FUNCTION practice_of_token(p_token_hash bytea)
RETURNS TABLE (request_id uuid, contact_id uuid, force_id text, practice text, over boolean, opened boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.id, m.contact_id, c.force_id, m.practice, application_is_over(c.id), l.opened_at IS NOT NULL
    FROM upload_links l JOIN medical_requests m ON m.upload_link_id = l.id JOIN contacts c ON c.id = m.contact_id
   WHERE l.token_hash = p_token_hash AND c.disposed_at IS NULL $$;

CREATE FUNCTION add_practice_concern(p_token_hash bytea, p_id uuid, p_body text, p_now timestamptz) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH said AS (
    INSERT INTO medical_concerns (id, request_id, contact_id, body, at)
    SELECT p_id, f.request_id, f.contact_id, p_body, p_now FROM practice_of_token(p_token_hash) f RETURNING contact_id)
  UPDATE applications a SET unread = true FROM said WHERE a.contact_id = said.contact_id RETURNING true $$;

-- The words of a renewal that go by post. The worker alone writes one, so that nothing tells who asked in vain.
CREATE TABLE renewal_codes (
  id UUID NOT NULL,
  certificate_id UUID NOT NULL,
  force_id TEXT NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  tries INTEGER NOT NULL,
  used_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_renewal_codes PRIMARY KEY (id),
  CONSTRAINT fk_renewal_codes_certificate_id_certificates FOREIGN KEY(certificate_id) REFERENCES certificates (id) ON DELETE CASCADE,
  CONSTRAINT fk_renewal_codes_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id)
);
CREATE INDEX ix_renewal_codes_certificate_id ON renewal_codes (certificate_id);

-- A try of the words in a letter, counted before it is known whether they are right. Says nothing of none.
CREATE FUNCTION try_renewal_code(p_number_key text, p_surname_key text, p_born date, p_most integer, p_now timestamptz)
RETURNS TABLE (code_id uuid, certificate_id uuid, force_id text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH fits AS (SELECT f.certificate_id FROM certificate_to_renew(p_number_key, p_surname_key, p_born) f)
  UPDATE renewal_codes r SET tries = r.tries + 1 FROM fits
   WHERE r.certificate_id = fits.certificate_id AND (SELECT count(*) FROM fits) = 1
     AND r.used_at IS NULL AND r.expires_at > p_now AND r.tries < p_most
  RETURNING r.id, r.certificate_id, r.force_id $$;

CREATE FUNCTION use_renewal_code(p_code uuid, p_now timestamptz) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE renewal_codes SET used_at = p_now WHERE id = p_code AND used_at IS NULL RETURNING true $$;

REVOKE ALL ON medical_concerns, renewal_codes FROM PUBLIC;
REVOKE ALL ON FUNCTION application_is_over(uuid), referee_of_link(bytea), practice_of_link(uuid),
  practice_of_token(bytea), add_practice_concern(bytea, uuid, text, timestamptz),
  try_renewal_code(text, text, date, integer, timestamptz), use_renewal_code(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION referee_of_link(bytea), practice_of_link(uuid), practice_of_token(bytea),
  add_practice_concern(bytea, uuid, text, timestamptz),
  try_renewal_code(text, text, date, integer, timestamptz), use_renewal_code(uuid, timestamptz) TO contact_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON medical_concerns, renewal_codes TO contact_worker;
GRANT SELECT ON medical_concerns TO contact_web;

ALTER TABLE medical_concerns ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_contact ON medical_concerns FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id));
CREATE POLICY worker_all ON medical_concerns FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE renewal_codes ENABLE ROW LEVEL SECURITY;
CREATE POLICY worker_all ON renewal_codes FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');
