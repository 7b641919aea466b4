-- Files sent with a report, frozen; store/models/evidence.py describes the same (tests/store/test_schema.py compares).

CREATE TABLE evidence (
  id UUID NOT NULL,
  draft_id UUID,
  contact_id UUID,
  upload_link_id UUID,
  question_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  declared_size INTEGER,
  received_size INTEGER NOT NULL,
  sha256 BYTEA,
  kind TEXT,
  also TEXT,
  state TEXT NOT NULL,
  scan TEXT NOT NULL,
  refused TEXT,
  original TEXT NOT NULL,
  sensitive BOOLEAN NOT NULL,
  marked_safe_at TIMESTAMP WITH TIME ZONE,
  marked_by UUID,
  sealed_reason TEXT,
  wrapped_key BYTEA NOT NULL,
  preview_key TEXT,
  preview_size INTEGER,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  completed_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_evidence PRIMARY KEY (id),
  CONSTRAINT ck_evidence_state_is_known CHECK (state IN ('receiving', 'received', 'examining', 'ready', 'refused')),
  CONSTRAINT ck_evidence_scan_is_known CHECK (scan IN ('pending', 'clean', 'infected', 'not_scanned', 'failed')),
  CONSTRAINT ck_evidence_kind_is_known CHECK (kind IN ('jpeg', 'png', 'gif', 'webp', 'heic', 'mp4', 'mov', 'webm', '3gp', 'mp3', 'm4a', 'wav', 'ogg', 'amr', 'pdf', 'docx', 'odt', 'txt')),
  CONSTRAINT ck_evidence_refused_is_known CHECK (refused IN ('too_big', 'wrong_type', 'infected', 'damaged', 'empty')),
  CONSTRAINT ck_evidence_original_is_known CHECK (original IN ('kept', 'to_strip', 'stripped', 'not_strippable')),
  CONSTRAINT ck_evidence_sealed_reason_is_known CHECK (sealed_reason IN ('indecent_child', 'indecent_adult', 'intimate')),
  CONSTRAINT ck_evidence_has_one_owner CHECK (num_nonnulls(draft_id, contact_id) = 1),
  CONSTRAINT ck_evidence_ready_has_digest CHECK (state <> 'ready' OR sha256 IS NOT NULL),
  CONSTRAINT fk_evidence_draft_id_drafts FOREIGN KEY(draft_id) REFERENCES drafts (id) ON DELETE CASCADE,
  CONSTRAINT fk_evidence_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE
);

CREATE INDEX ix_evidence_contact_id ON evidence (contact_id) WHERE contact_id IS NOT NULL;

CREATE INDEX ix_evidence_draft_id ON evidence (draft_id) WHERE draft_id IS NOT NULL;

CREATE INDEX ix_evidence_preview_key ON evidence (preview_key) WHERE preview_key IS NOT NULL;

CREATE INDEX ix_evidence_unfinished ON evidence (created_at) WHERE state NOT IN ('ready', 'refused');

CREATE TABLE evidence_segments (
  evidence_id UUID NOT NULL,
  start INTEGER NOT NULL,
  size INTEGER NOT NULL,
  key TEXT NOT NULL,
  CONSTRAINT pk_evidence_segments PRIMARY KEY (evidence_id, start),
  CONSTRAINT fk_evidence_segments_evidence_id_evidence FOREIGN KEY(evidence_id) REFERENCES evidence (id) ON DELETE CASCADE,
  CONSTRAINT uq_evidence_segments_key UNIQUE (key)
);

CREATE TABLE upload_links (
  id UUID NOT NULL,
  contact_id UUID NOT NULL,
  token_hash BYTEA NOT NULL,
  made_by UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_upload_links PRIMARY KEY (id),
  CONSTRAINT fk_upload_links_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE,
  CONSTRAINT uq_upload_links_token_hash UNIQUE (token_hash)
);

CREATE INDEX ix_upload_links_contact_id ON upload_links (contact_id);

-- The link of a token, opened by this very call: a second opening, a late one, and one after "stop online access" find
-- nothing. Nothing of the contact leaves but its id and force.
CREATE FUNCTION open_upload_link(p_token_hash bytea, p_now timestamptz)
RETURNS TABLE (upload_link_id uuid, contact_id uuid, force_id text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE upload_links l SET opened_at = p_now FROM contacts c
   WHERE l.token_hash = p_token_hash AND l.opened_at IS NULL AND l.expires_at > p_now
     AND c.id = l.contact_id AND c.online_access_stopped_at IS NULL AND c.disposed_at IS NULL
  RETURNING l.id, c.id, c.force_id $$;

-- The contact that an opened link still leads to: for the browser that opened it, until p_opened_after.
CREATE FUNCTION upload_link_contact(p_link uuid, p_now timestamptz, p_opened_after timestamptz) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id FROM upload_links l JOIN contacts c ON c.id = l.contact_id
   WHERE l.id = p_link AND l.opened_at > p_opened_after AND l.expires_at > p_now
     AND c.online_access_stopped_at IS NULL AND c.disposed_at IS NULL $$;

REVOKE ALL ON evidence, evidence_segments, upload_links FROM PUBLIC;
REVOKE ALL ON FUNCTION open_upload_link(bytea, timestamptz), upload_link_contact(uuid, timestamptz, timestamptz)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_upload_link(bytea, timestamptz), upload_link_contact(uuid, timestamptz, timestamptz)
  TO contact_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON evidence, evidence_segments, upload_links TO contact_worker;
-- The web never says that a file is clean, nor changes its name, key or digest: that is the worker's.
GRANT SELECT, INSERT, DELETE ON evidence TO contact_web;
GRANT UPDATE (draft_id, contact_id, declared_size, received_size, kind, state, refused, original, completed_at,
  marked_safe_at, marked_by, sealed_reason, preview_key, preview_size) ON evidence TO contact_web;
GRANT SELECT, INSERT, DELETE ON evidence_segments TO contact_web;
GRANT SELECT, INSERT ON upload_links TO contact_web;

-- A citizen sees and adds to what hangs on the draft or contact they have proven, and takes back only what was not sent
-- yet. An agent sees it where the contact is seen, and deletes nothing.
ALTER TABLE evidence ENABLE ROW LEVEL SECURITY;
CREATE POLICY citizen_reads ON evidence FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'citizen'
         AND (draft_id = (SELECT actor_draft()) OR contact_id = (SELECT actor_contact())));
CREATE POLICY citizen_adds ON evidence FOR INSERT TO contact_web
  WITH CHECK ((SELECT actor_kind()) = 'citizen'
              AND (draft_id = (SELECT actor_draft()) OR contact_id = (SELECT actor_contact())));
CREATE POLICY citizen_goes_on ON evidence FOR UPDATE TO contact_web
  USING ((SELECT actor_kind()) = 'citizen'
         AND (draft_id = (SELECT actor_draft()) OR contact_id = (SELECT actor_contact())));
CREATE POLICY citizen_takes_back ON evidence FOR DELETE TO contact_web
  USING ((SELECT actor_kind()) = 'citizen'
         AND (draft_id = (SELECT actor_draft())
              OR (contact_id = (SELECT actor_contact()) AND state IN ('receiving', 'refused'))));
CREATE POLICY agent_reads ON evidence FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id));
CREATE POLICY agent_marks ON evidence FOR UPDATE TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id));
CREATE POLICY worker_all ON evidence FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

-- Pieces follow their file, for whoever asks.
ALTER TABLE evidence_segments ENABLE ROW LEVEL SECURITY;
CREATE POLICY as_evidence ON evidence_segments FOR SELECT TO contact_web
  USING (EXISTS (SELECT 1 FROM evidence e WHERE e.id = evidence_id));
CREATE POLICY citizen_adds ON evidence_segments FOR INSERT TO contact_web
  WITH CHECK ((SELECT actor_kind()) = 'citizen' AND EXISTS (SELECT 1 FROM evidence e WHERE e.id = evidence_id));
CREATE POLICY citizen_takes_back ON evidence_segments FOR DELETE TO contact_web
  USING ((SELECT actor_kind()) = 'citizen'
         AND EXISTS (SELECT 1 FROM evidence e WHERE e.id = evidence_id AND e.state IN ('receiving', 'refused')));
CREATE POLICY worker_all ON evidence_segments FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE upload_links ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_reads ON upload_links FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id));
CREATE POLICY agent_makes ON upload_links FOR INSERT TO contact_web
  WITH CHECK ((SELECT actor_kind()) = 'agent' AND made_by = (SELECT actor_agent())
              AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id));
CREATE POLICY worker_all ON upload_links FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');
