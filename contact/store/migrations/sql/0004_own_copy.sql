-- Whoever sent a report may have a copy of it in the browser that sent it: reference and words alone do not bring the
-- account back (practice 4), so the function asks for the draft and the contact to be proven together.
CREATE FUNCTION own_submission()
RETURNS TABLE (form_sha256 text, answers jsonb, received_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.form_sha256, s.answers, s.received_at
    FROM submissions s JOIN drafts d ON d.contact_id = s.contact_id
   WHERE actor_kind() = 'citizen' AND s.contact_id = actor_contact() AND d.id = actor_draft()
   ORDER BY s.received_at LIMIT 1 $$;
REVOKE ALL ON FUNCTION own_submission() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION own_submission() TO contact_web, contact_worker;
