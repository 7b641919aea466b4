-- The functions of revision 0015 as they were, for a way back.

DROP FUNCTION practice_of_token(bytea), add_practice_concern(bytea, uuid, text, timestamptz),
  try_renewal_code(text, text, date, integer, timestamptz), use_renewal_code(uuid, timestamptz),
  referee_of_link(bytea), practice_of_link(uuid);
CREATE FUNCTION referee_of_link(p_token_hash bytea)
RETURNS TABLE (referee_id uuid, contact_id uuid, force_id text, language text, state text, has_phone boolean,
               code_number integer, code_at timestamptz, code_tries integer, expires_at timestamptz,
               given_name text, surname text, applicant_given text, applicant_surname text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT f.id, f.contact_id, c.force_id, f.language, f.state, f.phone_e164 IS NOT NULL, f.code_number, f.code_at,
         f.code_tries, f.expires_at, f.given_name, f.surname, r.given_name, r.surname
    FROM referees f JOIN contacts c ON c.id = f.contact_id LEFT JOIN reporters r ON r.contact_id = c.id
   WHERE f.token_hash = p_token_hash AND c.disposed_at IS NULL $$;
CREATE FUNCTION practice_of_link(p_link uuid)
RETURNS TABLE (request_id uuid, contact_id uuid, force_id text, practice text, doctor text, gmc_number text,
               report_given text, applicant_given text, applicant_surname text, applicant_born date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.id, m.contact_id, c.force_id, m.practice, m.doctor, m.gmc_number, m.report_given, r.given_name, r.surname,
         m.patient_born
    FROM medical_requests m JOIN contacts c ON c.id = m.contact_id LEFT JOIN reporters r ON r.contact_id = c.id
   WHERE m.upload_link_id = p_link AND c.disposed_at IS NULL $$;
CREATE OR REPLACE FUNCTION answer_as_referee(p_token_hash bytea, p_state text, p_version integer, p_answers jsonb, p_now timestamptz)
RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH done AS (
    UPDATE referees SET state = p_state, questions_version = p_version, answers = p_answers, answered_at = p_now
     WHERE token_hash = p_token_hash AND state = 'confirmed' AND expires_at > p_now RETURNING contact_id)
  UPDATE applications a SET unread = true FROM done WHERE a.contact_id = done.contact_id RETURNING true $$;
CREATE OR REPLACE FUNCTION answer_as_practice(p_link uuid, p_doctor text, p_gmc text, p_given text, p_now timestamptz)
RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH done AS (
    UPDATE medical_requests SET doctor = p_doctor, gmc_number = p_gmc, report_given = p_given, told_at = p_now,
           gmc_standing = NULL, gmc_checked_by = NULL, gmc_checked_at = NULL
     WHERE upload_link_id = p_link RETURNING contact_id)
  UPDATE applications a SET unread = true FROM done WHERE a.contact_id = done.contact_id RETURNING true $$;
DROP FUNCTION application_is_over(uuid);
REVOKE ALL ON FUNCTION referee_of_link(bytea), practice_of_link(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION referee_of_link(bytea), practice_of_link(uuid) TO contact_web;
