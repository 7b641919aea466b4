-- Whom a danger is about: the control room cannot open an application (practice 29), and a name is what finds a person.
-- Only for the contact that the session speaks for; read by services/licensing/danger.py and shown on no citizen's page.
CREATE FUNCTION applicant_in_danger(p_contact uuid)
RETURNS TABLE (given_name text, surname text, born text, address text, postcode text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(r.given_name, ''), coalesce(r.surname, ''), coalesce(s.answers->>'dateOfBirth', ''),
         coalesce(nullif(concat_ws(', ', nullif(s.answers #>> '{homeAddress,line1}', ''),
                                         nullif(s.answers #>> '{homeAddress,line2}', ''),
                                         nullif(s.answers #>> '{homeAddress,town}', '')), ''), r.address, ''),
         coalesce(nullif(s.answers #>> '{homeAddress,postcode}', ''), r.postcode, '')
    FROM contacts c
    LEFT JOIN reporters r ON r.contact_id = c.id
    LEFT JOIN LATERAL (SELECT answers FROM submissions WHERE contact_id = c.id
                        ORDER BY received_at DESC, id DESC LIMIT 1) s ON true
   WHERE c.id = p_contact AND c.desk = 'licensing' AND c.disposed_at IS NULL
     AND p_contact = (SELECT actor_contact()) $$;
REVOKE ALL ON FUNCTION applicant_in_danger(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION applicant_in_danger(uuid) TO contact_web;
