-- The functions of revisions 0003 and 0021 as they were, for a way back; a parent's row has no place any more.

CREATE OR REPLACE FUNCTION open_upload_link(p_token_hash bytea, p_now timestamptz)
RETURNS TABLE (upload_link_id uuid, contact_id uuid, force_id text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE upload_links l SET opened_at = p_now FROM contacts c
   WHERE l.token_hash = p_token_hash AND l.opened_at IS NULL AND l.expires_at > p_now
     AND c.id = l.contact_id AND c.online_access_stopped_at IS NULL AND c.disposed_at IS NULL
  RETURNING l.id, c.id, c.force_id $$;
CREATE OR REPLACE FUNCTION upload_link_contact(p_link uuid, p_now timestamptz, p_opened_after timestamptz) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id FROM upload_links l JOIN contacts c ON c.id = l.contact_id
   WHERE l.id = p_link AND l.opened_at > p_opened_after AND l.expires_at > p_now
     AND c.online_access_stopped_at IS NULL AND c.disposed_at IS NULL $$;
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
REVOKE ALL ON FUNCTION referee_of_link(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION referee_of_link(bytea) TO contact_web;
DELETE FROM referees WHERE role = 'parent';
ALTER TABLE referees DROP COLUMN role;
