-- A parent agrees by a link of their own, as a referee answers; and a practice's link is not the applicant's to end.

ALTER TABLE referees ADD COLUMN role TEXT DEFAULT 'referee' NOT NULL;
ALTER TABLE referees ADD CONSTRAINT ck_referees_role_is_known CHECK (role IN ('referee', 'parent'));

-- As in revision 0021, with whom the link is for and what was applied for: a parent agrees to something.
DROP FUNCTION referee_of_link(bytea);
CREATE FUNCTION referee_of_link(p_token_hash bytea)
RETURNS TABLE (referee_id uuid, contact_id uuid, force_id text, language text, state text, has_phone boolean,
               code_number integer, code_at timestamptz, code_tries integer, expires_at timestamptz,
               given_name text, surname text, applicant_given text, applicant_surname text, over boolean,
               role text, kind text, licence text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT f.id, f.contact_id, c.force_id, f.language, f.state, f.phone_e164 IS NOT NULL, f.code_number, f.code_at,
         f.code_tries, f.expires_at, f.given_name, f.surname, r.given_name, r.surname, application_is_over(c.id),
         f.role, a.kind, a.licence
    FROM referees f JOIN contacts c ON c.id = f.contact_id LEFT JOIN reporters r ON r.contact_id = c.id
         LEFT JOIN applications a ON a.contact_id = c.id
   WHERE f.token_hash = p_token_hash AND c.disposed_at IS NULL $$;
REVOKE ALL ON FUNCTION referee_of_link(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION referee_of_link(bytea) TO contact_web;

-- "Stop online access" ends every link of the person themselves. A practice's link was sent to an address that an
-- officer found, shows nothing the person wrote, and brings what they must not be able to keep from us (practice 25).
CREATE OR REPLACE FUNCTION open_upload_link(p_token_hash bytea, p_now timestamptz)
RETURNS TABLE (upload_link_id uuid, contact_id uuid, force_id text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE upload_links l SET opened_at = p_now FROM contacts c
   WHERE l.token_hash = p_token_hash AND l.opened_at IS NULL AND l.expires_at > p_now AND c.id = l.contact_id
     AND (c.online_access_stopped_at IS NULL OR l.question_id = 'practice') AND c.disposed_at IS NULL
  RETURNING l.id, c.id, c.force_id $$;
CREATE OR REPLACE FUNCTION upload_link_contact(p_link uuid, p_now timestamptz, p_opened_after timestamptz) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id FROM upload_links l JOIN contacts c ON c.id = l.contact_id
   WHERE l.id = p_link AND l.opened_at > p_opened_after AND l.expires_at > p_now
     AND (c.online_access_stopped_at IS NULL OR l.question_id = 'practice') AND c.disposed_at IS NULL $$;
