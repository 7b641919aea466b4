-- A row that names a force, an application and a certificate is of one force: a case that a licensing officer opens
-- stands with the force whose application it is about, and only a certificate of that force is joined to an application.
ALTER POLICY licensing_opens ON payment_exceptions
  WITH CHECK ((SELECT actor_kind()) = 'agent' AND kind = 'other_way_back' AND settled_at IS NULL
              AND force_id = ANY ((SELECT actor_licensing_forces())::text[])
              AND EXISTS (SELECT 1 FROM applications a WHERE a.contact_id = payment_exceptions.contact_id
                             AND a.force_id = payment_exceptions.force_id));

ALTER POLICY licensing_force ON application_certificates
  WITH CHECK ((SELECT actor_kind()) = 'agent' AND force_id = ANY ((SELECT actor_licensing_forces())::text[])
              AND EXISTS (SELECT 1 FROM applications a WHERE a.contact_id = application_certificates.contact_id
                             AND a.force_id = application_certificates.force_id)
              AND EXISTS (SELECT 1 FROM certificates c WHERE c.id = application_certificates.certificate_id
                             AND c.force_id = application_certificates.force_id));
