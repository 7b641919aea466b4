-- Texts out, numbers and opt-outs; store/models/text.py describes the same (tests/store/test_schema.py compares).

CREATE TABLE texts (
  id UUID NOT NULL,
  contact_id UUID NOT NULL,
  message_id UUID,
  force_id TEXT NOT NULL,
  recipient TEXT NOT NULL,
  sender TEXT,
  body TEXT NOT NULL,
  fixed_text TEXT,
  state TEXT NOT NULL,
  sid TEXT,
  error_code TEXT,
  attempts INTEGER NOT NULL,
  in_flight BOOLEAN NOT NULL,
  segments INTEGER NOT NULL,
  encoding TEXT NOT NULL,
  urgent BOOLEAN NOT NULL,
  not_before TIMESTAMP WITH TIME ZONE,
  may_be_duplicate BOOLEAN NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  tried_at TIMESTAMP WITH TIME ZONE,
  sent_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_texts PRIMARY KEY (id),
  CONSTRAINT uq_texts_sid UNIQUE (sid),
  CONSTRAINT ck_texts_state_is_known CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'failed', 'suppressed')),
  CONSTRAINT ck_texts_encoding_is_known CHECK (encoding IN ('gsm-7', 'ucs-2')),
  CONSTRAINT fk_texts_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE,
  CONSTRAINT fk_texts_message_id_messages FOREIGN KEY(message_id) REFERENCES messages (id) ON DELETE CASCADE,
  CONSTRAINT fk_texts_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id)
);

CREATE INDEX ix_texts_contact_id ON texts (contact_id);
CREATE INDEX ix_texts_message_id ON texts (message_id);

CREATE TABLE sms_numbers (
  number TEXT NOT NULL,
  force_id TEXT NOT NULL,
  messaging_service_sid TEXT,
  CONSTRAINT pk_sms_numbers PRIMARY KEY (number),
  CONSTRAINT fk_sms_numbers_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id)
);

CREATE INDEX ix_sms_numbers_force_id ON sms_numbers (force_id);

CREATE TABLE opt_outs (
  force_id TEXT NOT NULL,
  number TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  texted_again_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_opt_outs PRIMARY KEY (force_id, number),
  CONSTRAINT fk_opt_outs_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id)
);

-- What waits in the inbox to be worked on; everything else in it is over.
CREATE INDEX ix_inbox_waiting ON inbox (provider, received_at) WHERE outcome IS NULL;

REVOKE ALL ON texts, sms_numbers, opt_outs FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON texts, sms_numbers, opt_outs TO contact_worker;
GRANT SELECT, INSERT ON texts TO contact_web;
GRANT SELECT ON opt_outs TO contact_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON sms_numbers TO contact_web;

ALTER TABLE texts ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_contact ON texts FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id));
CREATE POLICY worker_all ON texts FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

-- Which number is a force's is public: people must be able to tell ours from a swindler's.
ALTER TABLE sms_numbers ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_all ON sms_numbers FOR SELECT USING (true);
CREATE POLICY administer ON sms_numbers FOR ALL TO contact_web USING (actor_administers(force_id));
CREATE POLICY worker_all ON sms_numbers FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE opt_outs ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_force ON opt_outs FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND force_id = ANY ((SELECT actor_forces())::text[]));
CREATE POLICY worker_all ON opt_outs FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');
