-- Those whom an application names: two referees, and a doctor's practice. Their words are read by licensing alone: the
-- applicant's own session reads nothing here (practice 25); models in store/models/outsider.py describe the same.

CREATE TABLE referees (
  id UUID NOT NULL,
  contact_id UUID NOT NULL,
  position INTEGER NOT NULL,
  given_name TEXT NOT NULL,
  surname TEXT NOT NULL,
  email TEXT,
  phone_e164 TEXT,
  told JSONB NOT NULL,
  language TEXT NOT NULL,
  state TEXT NOT NULL,
  flags TEXT[] NOT NULL,
  token_hash BYTEA,
  link_number INTEGER NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE,
  expires_at TIMESTAMP WITH TIME ZONE,
  code_number INTEGER NOT NULL,
  code_at TIMESTAMP WITH TIME ZONE,
  code_tries INTEGER NOT NULL,
  applicant_network BYTEA,
  network BYTEA,
  confirmed_at TIMESTAMP WITH TIME ZONE,
  questions_version INTEGER,
  answers JSONB,
  answered_at TIMESTAMP WITH TIME ZONE,
  spoken_at TIMESTAMP WITH TIME ZONE,
  spoken_by UUID,
  spoken_note TEXT,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_referees PRIMARY KEY (id),
  CONSTRAINT fk_referees_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE,
  CONSTRAINT fk_referees_spoken_by_agents FOREIGN KEY(spoken_by) REFERENCES agents (id),
  CONSTRAINT uq_referees_contact_id_position UNIQUE (contact_id, position),
  CONSTRAINT uq_referees_token_hash UNIQUE (token_hash),
  CONSTRAINT ck_referees_state_is_known CHECK (state IN ('held', 'asked', 'confirmed', 'answered', 'declined'))
);

CREATE TABLE referee_concerns (
  id UUID NOT NULL,
  referee_id UUID NOT NULL,
  contact_id UUID NOT NULL,
  body TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_referee_concerns PRIMARY KEY (id),
  CONSTRAINT fk_referee_concerns_referee_id_referees FOREIGN KEY(referee_id) REFERENCES referees (id) ON DELETE CASCADE,
  CONSTRAINT fk_referee_concerns_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE
);

CREATE INDEX ix_referee_concerns_contact_id ON referee_concerns (contact_id);

CREATE TABLE medical_requests (
  id UUID NOT NULL,
  contact_id UUID NOT NULL,
  upload_link_id UUID NOT NULL,
  practice TEXT NOT NULL,
  address TEXT NOT NULL,
  found_where TEXT NOT NULL,
  language TEXT NOT NULL,
  patient_born DATE,
  asked_by UUID NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  doctor TEXT,
  gmc_number TEXT,
  report_given TEXT,
  told_at TIMESTAMP WITH TIME ZONE,
  gmc_standing TEXT,
  gmc_checked_by UUID,
  gmc_checked_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_medical_requests PRIMARY KEY (id),
  CONSTRAINT fk_medical_requests_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE,
  CONSTRAINT fk_medical_requests_upload_link_id_upload_links FOREIGN KEY(upload_link_id) REFERENCES upload_links (id) ON DELETE CASCADE,
  CONSTRAINT fk_medical_requests_asked_by_agents FOREIGN KEY(asked_by) REFERENCES agents (id),
  CONSTRAINT fk_medical_requests_gmc_checked_by_agents FOREIGN KEY(gmc_checked_by) REFERENCES agents (id),
  CONSTRAINT uq_medical_requests_upload_link_id UNIQUE (upload_link_id),
  CONSTRAINT ck_medical_requests_report_given_is_known CHECK (report_given IN ('uploaded', 'given_to_patient', 'not_written', 'not_patient')),
  CONSTRAINT ck_medical_requests_gmc_standing_is_known CHECK (gmc_standing IN ('in_order', 'not_found', 'not_in_order'))
);

CREATE INDEX ix_medical_requests_contact_id ON medical_requests (contact_id);

-- What is sent by a link belongs to this question: a practice's report is no file that the applicant sent.
ALTER TABLE upload_links ADD COLUMN question_id TEXT DEFAULT 'later' NOT NULL;

CREATE FUNCTION upload_link_question(p_link uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT question_id FROM upload_links WHERE id = p_link $$;

-- A referee's link, by the digest of its token: what its page may know. Nothing is said of the applicant but the name,
-- which the service shows only after the code.
CREATE FUNCTION referee_of_link(p_token_hash bytea)
RETURNS TABLE (referee_id uuid, contact_id uuid, force_id text, language text, state text, has_phone boolean,
               code_number integer, code_at timestamptz, code_tries integer, expires_at timestamptz,
               given_name text, surname text, applicant_given text, applicant_surname text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT f.id, f.contact_id, c.force_id, f.language, f.state, f.phone_e164 IS NOT NULL, f.code_number, f.code_at,
         f.code_tries, f.expires_at, f.given_name, f.surname, r.given_name, r.surname
    FROM referees f JOIN contacts c ON c.id = f.contact_id LEFT JOIN reporters r ON r.contact_id = c.id
   WHERE f.token_hash = p_token_hash AND c.disposed_at IS NULL $$;

CREATE FUNCTION ask_referee_code(p_token_hash bytea, p_now timestamptz) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE referees SET code_number = code_number + 1, code_at = p_now, code_tries = 0
   WHERE token_hash = p_token_hash AND phone_e164 IS NOT NULL RETURNING true $$;

-- A try of the code; a right one confirms the referee, and what the service saw is noted beside the applicant's.
CREATE FUNCTION try_referee_code(p_token_hash bytea, p_right boolean, p_network bytea, p_flags text[], p_now timestamptz)
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE referees SET
    code_tries = CASE WHEN p_right THEN code_tries ELSE code_tries + 1 END,
    confirmed_at = CASE WHEN p_right THEN coalesce(confirmed_at, p_now) ELSE confirmed_at END,
    state = CASE WHEN p_right AND state = 'asked' THEN 'confirmed' ELSE state END,
    network = CASE WHEN p_right THEN p_network ELSE network END,
    flags = CASE WHEN p_right THEN ARRAY(SELECT DISTINCT unnest(flags || p_flags
      || CASE WHEN applicant_network = p_network THEN ARRAY['same_network'] ELSE ARRAY[]::text[] END)) ELSE flags END
   WHERE token_hash = p_token_hash $$;

-- The answers, once for ever; or no.
CREATE FUNCTION answer_as_referee(p_token_hash bytea, p_state text, p_version integer, p_answers jsonb, p_now timestamptz)
RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH done AS (
    UPDATE referees SET state = p_state, questions_version = p_version, answers = p_answers, answered_at = p_now
     WHERE token_hash = p_token_hash AND state = 'confirmed' AND expires_at > p_now RETURNING contact_id)
  UPDATE applications a SET unread = true FROM done WHERE a.contact_id = done.contact_id RETURNING true $$;

CREATE FUNCTION add_referee_concern(p_token_hash bytea, p_id uuid, p_body text, p_now timestamptz) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH said AS (
    INSERT INTO referee_concerns (id, referee_id, contact_id, body, at)
    SELECT p_id, f.id, f.contact_id, p_body, p_now FROM referees f JOIN contacts c ON c.id = f.contact_id
     WHERE f.token_hash = p_token_hash AND f.confirmed_at IS NOT NULL AND c.disposed_at IS NULL RETURNING contact_id)
  UPDATE applications a SET unread = true FROM said WHERE a.contact_id = said.contact_id RETURNING true $$;

-- Where the applicant sent from, keyed: said by the applicant's own session, which cannot read it back.
CREATE FUNCTION note_applicant_network(p_digest bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE referees SET applicant_network = p_digest
   WHERE actor_kind() = 'citizen' AND contact_id = actor_contact() AND applicant_network IS NULL $$;

-- What the practice says of its report, by the upload link that this browser opened.
CREATE FUNCTION practice_of_link(p_link uuid)
RETURNS TABLE (request_id uuid, contact_id uuid, force_id text, practice text, doctor text, gmc_number text,
               report_given text, applicant_given text, applicant_surname text, applicant_born date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.id, m.contact_id, c.force_id, m.practice, m.doctor, m.gmc_number, m.report_given, r.given_name, r.surname,
         m.patient_born
    FROM medical_requests m JOIN contacts c ON c.id = m.contact_id LEFT JOIN reporters r ON r.contact_id = c.id
   WHERE m.upload_link_id = p_link AND c.disposed_at IS NULL $$;

CREATE FUNCTION answer_as_practice(p_link uuid, p_doctor text, p_gmc text, p_given text, p_now timestamptz)
RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH done AS (
    UPDATE medical_requests SET doctor = p_doctor, gmc_number = p_gmc, report_given = p_given, told_at = p_now,
           gmc_standing = NULL, gmc_checked_by = NULL, gmc_checked_at = NULL
     WHERE upload_link_id = p_link RETURNING contact_id)
  UPDATE applications a SET unread = true FROM done WHERE a.contact_id = done.contact_id RETURNING true $$;

REVOKE ALL ON referees, referee_concerns, medical_requests FROM PUBLIC;
REVOKE ALL ON FUNCTION upload_link_question(uuid), referee_of_link(bytea), ask_referee_code(bytea, timestamptz),
  try_referee_code(bytea, boolean, bytea, text[], timestamptz),
  answer_as_referee(bytea, text, integer, jsonb, timestamptz), add_referee_concern(bytea, uuid, text, timestamptz),
  note_applicant_network(bytea), practice_of_link(uuid), answer_as_practice(uuid, text, text, text, timestamptz)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION upload_link_question(uuid), referee_of_link(bytea), ask_referee_code(bytea, timestamptz),
  try_referee_code(bytea, boolean, bytea, text[], timestamptz),
  answer_as_referee(bytea, text, integer, jsonb, timestamptz), add_referee_concern(bytea, uuid, text, timestamptz),
  note_applicant_network(bytea), practice_of_link(uuid), answer_as_practice(uuid, text, text, text, timestamptz)
  TO contact_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON referees, referee_concerns, medical_requests TO contact_worker;
GRANT SELECT, INSERT ON referees, medical_requests TO contact_web;
GRANT SELECT ON referee_concerns TO contact_web;
GRANT UPDATE (state, flags, token_hash, link_number, asked_at, expires_at, code_number, code_at, code_tries, spoken_at,
  spoken_by, spoken_note) ON referees TO contact_web;
GRANT UPDATE (gmc_standing, gmc_checked_by, gmc_checked_at) ON medical_requests TO contact_web;

-- An agent who sees the application, and that is licensing alone; the applicant writes a referee down and reads none.
ALTER TABLE referees ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_contact ON referees FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id));
CREATE POLICY citizen_writes ON referees FOR INSERT TO contact_web
  WITH CHECK ((SELECT actor_kind()) = 'citizen' AND contact_id = (SELECT actor_contact()));
CREATE POLICY worker_all ON referees FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE referee_concerns ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_contact ON referee_concerns FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id));
CREATE POLICY worker_all ON referee_concerns FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE medical_requests ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_contact ON medical_requests FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id));
CREATE POLICY worker_all ON medical_requests FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');
