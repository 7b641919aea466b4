-- A link that goes out by text and opens its conversation in a browser, once; store/models/text.py describes the same.

CREATE TABLE web_links (
  id UUID NOT NULL,
  contact_id UUID NOT NULL,
  token_hash BYTEA NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_web_links PRIMARY KEY (id),
  CONSTRAINT fk_web_links_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE,
  CONSTRAINT uq_web_links_token_hash UNIQUE (token_hash)
);

CREATE INDEX ix_web_links_contact_id ON web_links (contact_id);

-- Opened by this very call: a second opening, a late one, and one after "stop online access" find nothing.
CREATE FUNCTION open_web_link(p_token_hash bytea, p_now timestamptz)
RETURNS TABLE (web_link_id uuid, contact_id uuid, reference text, force_id text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE web_links l SET opened_at = p_now FROM contacts c
   WHERE l.token_hash = p_token_hash AND l.opened_at IS NULL AND l.expires_at > p_now
     AND c.id = l.contact_id AND c.online_access_stopped_at IS NULL AND c.disposed_at IS NULL
  RETURNING l.id, c.id, c.reference, c.force_id $$;

REVOKE ALL ON web_links FROM PUBLIC;
REVOKE ALL ON FUNCTION open_web_link(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_web_link(bytea, timestamptz) TO contact_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON web_links TO contact_worker;
GRANT INSERT ON web_links TO contact_web;

ALTER TABLE web_links ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_makes ON web_links FOR INSERT TO contact_web
  WITH CHECK ((SELECT actor_kind()) = 'agent' AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id));
CREATE POLICY worker_all ON web_links FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');
