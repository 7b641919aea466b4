-- The working register of certificates and guns; NFLMS is the master (practice 27). store/models/certificate.py describes it.

CREATE TABLE certificates (
  id UUID NOT NULL,
  force_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  number_key TEXT NOT NULL,
  given_name TEXT NOT NULL,
  surname TEXT NOT NULL,
  born DATE,
  address TEXT NOT NULL,
  postcode TEXT NOT NULL,
  phone_e164 TEXT,
  email TEXT,
  language TEXT NOT NULL,
  reach TEXT NOT NULL,
  issued DATE NOT NULL,
  expires DATE NOT NULL,
  state TEXT NOT NULL,
  state_since TIMESTAMP WITH TIME ZONE NOT NULL,
  clock_runs BOOLEAN NOT NULL,
  extended_until DATE,
  permit_until DATE,
  pair_id UUID,
  nflms_number TEXT,
  nflms_date DATE,
  conditions TEXT[] NOT NULL,
  surname_key TEXT NOT NULL,
  name_key TEXT,
  household_key TEXT,
  address_key TEXT,
  copied_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_certificates PRIMARY KEY (id),
  CONSTRAINT ck_certificates_kind_is_known CHECK (kind IN ('firearm', 'shotgun', 'air_weapon', 'visitor_firearm', 'visitor_shotgun', 'dealer')),
  CONSTRAINT ck_certificates_state_is_known CHECK (state IN ('live', 'extended_s28B', 'temporary_permit_s7', 'expired', 'revoked', 'part_revoked', 'surrendered', 'cancelled', 'transferred')),
  CONSTRAINT ck_certificates_reach_is_known CHECK (reach IN ('post', 'email', 'none')),
  CONSTRAINT uq_certificates_force_id_kind_number_key UNIQUE (force_id, kind, number_key),
  CONSTRAINT fk_certificates_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id)
);
CREATE INDEX ix_certificates_address_key ON certificates (address_key);
CREATE INDEX ix_certificates_clock ON certificates (expires, id) WHERE clock_runs;
CREATE INDEX ix_certificates_email ON certificates (email);
CREATE INDEX ix_certificates_force_expires ON certificates (force_id, expires, id);
CREATE INDEX ix_certificates_household_key ON certificates (household_key);
CREATE INDEX ix_certificates_name_key ON certificates (name_key);
CREATE INDEX ix_certificates_number_anywhere ON certificates (number_key);
CREATE INDEX ix_certificates_number_key ON certificates (force_id, number_key);
CREATE INDEX ix_certificates_pair_id ON certificates (pair_id) WHERE pair_id IS NOT NULL;
CREATE INDEX ix_certificates_phone_e164 ON certificates (phone_e164);
CREATE INDEX ix_certificates_postcode ON certificates (postcode);
CREATE INDEX ix_certificates_surname_key ON certificates (force_id, surname_key);

CREATE TABLE firearms (
  id UUID NOT NULL,
  certificate_id UUID NOT NULL,
  force_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  type TEXT NOT NULL,
  action TEXT NOT NULL,
  calibre TEXT NOT NULL,
  make TEXT NOT NULL,
  make_key TEXT NOT NULL,
  serial TEXT,
  serial_key TEXT,
  state TEXT NOT NULL,
  state_since TIMESTAMP WITH TIME ZONE NOT NULL,
  custody TEXT,
  custody_with TEXT,
  also_registered BOOLEAN NOT NULL,
  CONSTRAINT pk_firearms PRIMARY KEY (id),
  CONSTRAINT ck_firearms_state_is_known CHECK (state IN ('held', 'sold', 'lost', 'stolen', 'destroyed', 'deactivated', 'removed')),
  CONSTRAINT ck_firearms_custody_is_known CHECK (custody IN ('police', 'dealer', 'other_holder')),
  CONSTRAINT ck_firearms_custody_fits_state CHECK ((state = 'removed') = (custody IS NOT NULL)),
  CONSTRAINT fk_firearms_certificate_id_certificates FOREIGN KEY(certificate_id) REFERENCES certificates (id) ON DELETE CASCADE,
  CONSTRAINT fk_firearms_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id)
);
CREATE INDEX ix_firearms_certificate_id ON firearms (certificate_id, position);
CREATE INDEX ix_firearms_serial_key ON firearms (serial_key) WHERE serial_key IS NOT NULL;

CREATE TABLE certificate_history (
  id UUID NOT NULL,
  certificate_id UUID NOT NULL,
  force_id TEXT NOT NULL,
  firearm_id UUID,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  agent_id UUID,
  event TEXT NOT NULL,
  from_state TEXT,
  to_state TEXT,
  reason TEXT NOT NULL,
  nflms_number TEXT,
  nflms_date DATE,
  CONSTRAINT pk_certificate_history PRIMARY KEY (id),
  CONSTRAINT fk_certificate_history_certificate_id_certificates FOREIGN KEY(certificate_id) REFERENCES certificates (id) ON DELETE CASCADE,
  CONSTRAINT fk_certificate_history_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id),
  CONSTRAINT fk_certificate_history_firearm_id_firearms FOREIGN KEY(firearm_id) REFERENCES firearms (id) ON DELETE CASCADE,
  CONSTRAINT fk_certificate_history_agent_id_agents FOREIGN KEY(agent_id) REFERENCES agents (id)
);
CREATE INDEX ix_certificate_history_certificate_id ON certificate_history (certificate_id, at);

CREATE TABLE certificate_notices (
  id UUID NOT NULL,
  certificate_id UUID NOT NULL,
  force_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  for_day DATE NOT NULL,
  last_safe_day DATE,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  seen_by UUID,
  seen_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_certificate_notices PRIMARY KEY (id),
  CONSTRAINT ck_certificate_notices_kind_is_known CHECK (kind IN ('weeks_16', 'weeks_12', 'weeks_10', 'weeks_9', 'extension', 'permit_alarm')),
  CONSTRAINT uq_certificate_notices_certificate_id_kind_for_day UNIQUE (certificate_id, kind, for_day),
  CONSTRAINT fk_certificate_notices_certificate_id_certificates FOREIGN KEY(certificate_id) REFERENCES certificates (id) ON DELETE CASCADE,
  CONSTRAINT fk_certificate_notices_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id),
  CONSTRAINT fk_certificate_notices_seen_by_agents FOREIGN KEY(seen_by) REFERENCES agents (id)
);

CREATE TABLE licensing_reviews (
  id UUID NOT NULL,
  certificate_id UUID NOT NULL,
  contact_id UUID NOT NULL,
  force_id TEXT NOT NULL,
  from_force_id TEXT NOT NULL,
  reference TEXT,
  category TEXT,
  grade TEXT NOT NULL,
  matched_by TEXT[] NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  decided_at TIMESTAMP WITH TIME ZONE,
  decided_by UUID,
  decision TEXT,
  reasons TEXT,
  CONSTRAINT pk_licensing_reviews PRIMARY KEY (id),
  CONSTRAINT ck_licensing_reviews_decision_is_known CHECK (decision IN ('no_action', 'spoken_to', 'guns_removed', 'revocation_begun', 'not_the_holder')),
  CONSTRAINT uq_licensing_reviews_certificate_id_contact_id UNIQUE (certificate_id, contact_id),
  CONSTRAINT fk_licensing_reviews_certificate_id_certificates FOREIGN KEY(certificate_id) REFERENCES certificates (id) ON DELETE CASCADE,
  CONSTRAINT fk_licensing_reviews_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE,
  CONSTRAINT fk_licensing_reviews_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id),
  CONSTRAINT fk_licensing_reviews_from_force_id_forces FOREIGN KEY(from_force_id) REFERENCES forces (id),
  CONSTRAINT fk_licensing_reviews_decided_by_agents FOREIGN KEY(decided_by) REFERENCES agents (id)
);
CREATE INDEX ix_licensing_reviews_contact_id ON licensing_reviews (contact_id);
CREATE INDEX ix_licensing_reviews_open ON licensing_reviews (force_id, due_at, id) WHERE decided_at IS NULL;

CREATE TABLE licensing_letters (
  id UUID NOT NULL,
  force_id TEXT NOT NULL,
  certificate_id UUID,
  contact_id UUID,
  kind TEXT NOT NULL,
  language TEXT NOT NULL,
  way TEXT NOT NULL,
  state TEXT NOT NULL,
  facts JSONB NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  made_by UUID,
  sent_on DATE,
  sent_by UUID,
  received_on DATE,
  CONSTRAINT pk_licensing_letters PRIMARY KEY (id),
  CONSTRAINT ck_licensing_letters_way_is_known CHECK (way IN ('post', 'recorded_delivery', 'by_hand', 'electronic')),
  CONSTRAINT ck_licensing_letters_state_is_known CHECK (state IN ('waiting', 'sent', 'received', 'cancelled')),
  CONSTRAINT fk_licensing_letters_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id),
  CONSTRAINT fk_licensing_letters_certificate_id_certificates FOREIGN KEY(certificate_id) REFERENCES certificates (id) ON DELETE CASCADE,
  CONSTRAINT fk_licensing_letters_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE,
  CONSTRAINT fk_licensing_letters_made_by_agents FOREIGN KEY(made_by) REFERENCES agents (id),
  CONSTRAINT fk_licensing_letters_sent_by_agents FOREIGN KEY(sent_by) REFERENCES agents (id)
);
CREATE INDEX ix_licensing_letters_certificate_id ON licensing_letters (certificate_id);
CREATE INDEX ix_licensing_letters_contact_id ON licensing_letters (contact_id);
CREATE INDEX ix_licensing_letters_waiting ON licensing_letters (force_id, made_at, id) WHERE state = 'waiting';

-- Who of a contact may be a certificate holder (practice 9): for those who work on that contact, and for the worker. Ids,
-- counts and force leave, never a name or an address; a namesake counts in the forces of the contact alone. A certificate that
-- is over still counts while a gun is held on it.
CREATE FUNCTION match_certificates(p_contact uuid, p_names text[], p_phones text[], p_emails text[], p_addresses text[],
                                   p_households text[], p_postcodes text[])
RETURNS TABLE (certificate_id uuid, force_id text, kind text, state text, guns bigint, matched_by text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF actor_kind() NOT IN ('agent', 'system') OR NOT actor_works_on(p_contact) THEN RETURN; END IF;
  RETURN QUERY
  WITH met AS (
    SELECT c.id, 'phone' AS how FROM certificates c WHERE c.phone_e164 = ANY (p_phones)
    UNION ALL SELECT c.id, 'email' FROM certificates c WHERE c.email = ANY (p_emails)
    UNION ALL SELECT c.id, 'address' FROM certificates c WHERE c.address_key = ANY (p_addresses)
    UNION ALL SELECT c.id, 'household' FROM certificates c WHERE c.household_key = ANY (p_households)
    UNION ALL SELECT c.id, 'postcode' FROM certificates c WHERE c.postcode = ANY (p_postcodes)
    UNION ALL SELECT c.id, 'name' FROM certificates c JOIN contacts o ON o.id = p_contact AND c.force_id = ANY (o.force_ids)
     WHERE c.name_key = ANY (p_names)),
  each_one AS (SELECT m.id, array_agg(DISTINCT m.how) AS how FROM met m GROUP BY m.id),
  counted AS (
    SELECT c.id, c.force_id, c.kind, c.state, e.how,
           (SELECT count(*) FROM firearms f WHERE f.certificate_id = c.id AND f.state = 'held') AS held
      FROM each_one e JOIN certificates c ON c.id = e.id)
  SELECT n.id, n.force_id, n.kind, n.state, n.held, n.how FROM counted n
   WHERE n.held > 0 OR n.state IN ('live', 'extended_s28B', 'temporary_permit_s7', 'part_revoked')
   ORDER BY n.id LIMIT 200;
END $$;

-- On which other certificates, anywhere, a gun of such a number stands: for licensing officers and the worker.
CREATE FUNCTION serial_elsewhere(p_serial_key text, p_make_key text, p_certificate uuid)
RETURNS TABLE (firearm_id uuid, certificate_id uuid, force_id text, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT f.id, f.certificate_id, f.force_id, f.state FROM firearms f
   WHERE f.serial_key = p_serial_key AND f.certificate_id IS DISTINCT FROM p_certificate
     AND f.state IN ('held', 'removed', 'lost', 'stolen')
     AND (f.make_key = p_make_key OR f.make_key = '' OR p_make_key = ''
          OR position(f.make_key IN p_make_key) > 0 OR position(p_make_key IN f.make_key) > 0)
     AND (actor_kind() = 'system'
          OR (actor_kind() = 'agent' AND coalesce(current_setting('contact.licensing_forces', true), '') <> ''))
   ORDER BY f.id LIMIT 50 $$;

-- Whether a certificate can be renewed under these particulars, and by which ways a code may go to its holder: to the
-- address held alone, and by the worker. Says the same of none and of one that is over: nothing.
CREATE FUNCTION certificate_to_renew(p_number_key text, p_surname_key text, p_born date)
RETURNS TABLE (certificate_id uuid, force_id text, kind text, ways text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id, c.force_id, c.kind,
         array_remove(ARRAY[CASE WHEN c.phone_e164 IS NOT NULL THEN 'phone' END,
                            CASE WHEN c.email IS NOT NULL THEN 'email' END, 'post'], NULL)
    FROM certificates c
   WHERE c.number_key = p_number_key AND c.surname_key = p_surname_key AND c.born = p_born AND c.reach <> 'none'
     AND c.state IN ('live', 'extended_s28B', 'temporary_permit_s7', 'part_revoked')
     AND actor_kind() IN ('citizen', 'system')
   ORDER BY c.id LIMIT 2 $$;

REVOKE ALL ON certificates, firearms, certificate_history, certificate_notices, licensing_reviews, licensing_letters FROM PUBLIC;
REVOKE ALL ON FUNCTION match_certificates(uuid, text[], text[], text[], text[], text[], text[]),
  serial_elsewhere(text, text, uuid), certificate_to_renew(text, text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION match_certificates(uuid, text[], text[], text[], text[], text[], text[]),
  serial_elsewhere(text, text, uuid), certificate_to_renew(text, text, date) TO contact_web, contact_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON certificates, firearms, certificate_history, certificate_notices, licensing_reviews,
  licensing_letters TO contact_worker;
GRANT SELECT, INSERT, UPDATE ON certificates, firearms, licensing_letters TO contact_web;
GRANT SELECT, INSERT ON certificate_history TO contact_web;
GRANT SELECT, UPDATE ON certificate_notices, licensing_reviews TO contact_web;

-- One team reads it, that of the certificate's force; what other forces may know goes through the functions above. A CASE, as
-- for the queue: its selectivity is not guessed at (measured with 8,000 certificates: 316 pages read for a list, then 27).
DO $$
DECLARE
  one text;
BEGIN
  FOREACH one IN ARRAY ARRAY['certificates', 'firearms', 'certificate_history', 'certificate_notices', 'licensing_reviews',
                             'licensing_letters']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', one);
    EXECUTE format('CREATE POLICY licensing_force ON %I FOR ALL TO contact_web USING (CASE (SELECT actor_kind())'
                   ' WHEN ''agent'' THEN force_id = ANY ((SELECT actor_licensing_forces())::text[]) ELSE false END)', one);
    EXECUTE format('CREATE POLICY worker_all ON %I FOR ALL TO contact_worker USING ((SELECT actor_kind()) = ''system'')', one);
  END LOOP;
END $$;
