-- Conversations by chat and text; store/models/conversation.py describes the same (tests/store/test_schema.py compares).

ALTER TABLE messages DROP CONSTRAINT ck_messages_kind_is_known;
ALTER TABLE messages ADD CONSTRAINT ck_messages_kind_is_known
  CHECK (kind IN ('inbound', 'outbound', 'note', 'system', 'bot'));
ALTER TABLE queue_entries DROP CONSTRAINT ck_queue_entries_state_is_known;
ALTER TABLE queue_entries ADD CONSTRAINT ck_queue_entries_state_is_known
  CHECK (state IN ('waiting', 'offered', 'with_bot', 'held', 'snoozed', 'closed'));
ALTER TABLE heartbeats DROP CONSTRAINT ck_heartbeats_kind_is_known;
ALTER TABLE heartbeats ADD CONSTRAINT ck_heartbeats_kind_is_known CHECK (kind IN ('web', 'worker', 'watch', 'chatbot'));
ALTER TABLE proposals ADD COLUMN summary TEXT, ADD COLUMN data_version TEXT;

CREATE INDEX ix_queue_entries_with_bot ON queue_entries (force_id, band, due_at, id) WHERE state = 'with_bot';

CREATE TABLE conversations (
  contact_id UUID NOT NULL,
  channel TEXT NOT NULL,
  bot BOOLEAN NOT NULL,
  epoch INTEGER NOT NULL,
  answered_position INTEGER NOT NULL,
  turns INTEGER NOT NULL,
  turn_began_at TIMESTAMP WITH TIME ZONE,
  last_inbound_at TIMESTAMP WITH TIME ZONE NOT NULL,
  advised_999_at TIMESTAMP WITH TIME ZONE,
  offered_form TEXT,
  handed_over_at TIMESTAMP WITH TIME ZONE,
  handed_over_why TEXT,
  CONSTRAINT pk_conversations PRIMARY KEY (contact_id),
  CONSTRAINT ck_conversations_channel_is_known CHECK (channel IN ('chat', 'sms')),
  CONSTRAINT fk_conversations_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE
);

CREATE INDEX ix_conversations_with_bot ON conversations (last_inbound_at) WHERE bot;

CREATE TABLE contact_facts (
  id UUID NOT NULL,
  contact_id UUID NOT NULL,
  message_id UUID,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  words TEXT NOT NULL,
  starts INTEGER NOT NULL,
  ends INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_contact_facts PRIMARY KEY (id),
  CONSTRAINT fk_contact_facts_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE,
  CONSTRAINT fk_contact_facts_message_id_messages FOREIGN KEY(message_id) REFERENCES messages (id) ON DELETE CASCADE
);

CREATE INDEX ix_contact_facts_contact_id ON contact_facts (contact_id);

REVOKE ALL ON conversations, contact_facts FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON conversations, contact_facts TO contact_worker;
GRANT SELECT, INSERT, UPDATE ON conversations TO contact_web;
GRANT SELECT ON contact_facts TO contact_web;

-- A citizen has the one conversation they have proven; an agent those of the contacts they may see. What the machine
-- took from a person's words is for agents alone.
ALTER TABLE conversations ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_contact ON conversations FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id));
CREATE POLICY citizen_own ON conversations FOR ALL TO contact_web
  USING ((SELECT actor_kind()) = 'citizen' AND contact_id = (SELECT actor_contact()));
CREATE POLICY worker_all ON conversations FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');

ALTER TABLE contact_facts ENABLE ROW LEVEL SECURITY;
CREATE POLICY agent_contact ON contact_facts FOR SELECT TO contact_web
  USING ((SELECT actor_kind()) = 'agent' AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id));
CREATE POLICY worker_all ON contact_facts FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');
