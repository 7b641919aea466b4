-- The tables of the spine, frozen; store/models describes the same (tests/store/test_schema.py compares).

CREATE TABLE agents (
  id UUID NOT NULL, 
  name TEXT NOT NULL, 
  email TEXT NOT NULL, 
  password_hash TEXT, 
  totp_secret_sealed BYTEA, 
  totp_last_step BIGINT, 
  failed_attempts INTEGER NOT NULL, 
  locked_until TIMESTAMP WITH TIME ZONE, 
  disabled_at TIMESTAMP WITH TIME ZONE, 
  distress_break_until TIMESTAMP WITH TIME ZONE, 
  created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  CONSTRAINT pk_agents PRIMARY KEY (id), 
  CONSTRAINT ck_agents_email_is_lower_case CHECK (email = lower(email)), 
  CONSTRAINT uq_agents_email UNIQUE (email)
);

CREATE UNLOGGED TABLE attempts (
  key BYTEA NOT NULL, 
  window_start TIMESTAMP WITH TIME ZONE NOT NULL, 
  count INTEGER NOT NULL, 
  CONSTRAINT pk_attempts PRIMARY KEY (key, window_start)
);

CREATE TABLE chain_heads (
  chain TEXT NOT NULL, 
  seq BIGINT NOT NULL, 
  hash BYTEA NOT NULL, 
  CONSTRAINT pk_chain_heads PRIMARY KEY (chain)
);

CREATE TABLE contact_keys (
  contact_id UUID NOT NULL, 
  wrapped BYTEA NOT NULL, 
  CONSTRAINT pk_contact_keys PRIMARY KEY (contact_id)
);

CREATE TABLE forces (
  id TEXT NOT NULL, 
  name TEXT NOT NULL, 
  name_cy TEXT, 
  ons_code TEXT, 
  territorial BOOLEAN NOT NULL, 
  welsh BOOLEAN NOT NULL, 
  hours JSONB NOT NULL, 
  nation TEXT NOT NULL, 
  live_since_utc TIMESTAMP WITH TIME ZONE, 
  successor_id TEXT, 
  CONSTRAINT pk_forces PRIMARY KEY (id), 
  CONSTRAINT fk_forces_successor_id_forces FOREIGN KEY(successor_id) REFERENCES forces (id)
);

CREATE TABLE form_versions (
  sha256 TEXT NOT NULL, 
  form_id TEXT NOT NULL, 
  definition JSONB NOT NULL, 
  first_served_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
  CONSTRAINT pk_form_versions PRIMARY KEY (sha256)
);

CREATE TABLE heartbeats (
  process TEXT NOT NULL, 
  kind TEXT NOT NULL, 
  seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  CONSTRAINT pk_heartbeats PRIMARY KEY (process), 
  CONSTRAINT ck_heartbeats_kind_is_known CHECK (kind IN ('web', 'worker', 'watch'))
);

CREATE TABLE inbox (
  provider TEXT NOT NULL, 
  event_id TEXT NOT NULL, 
  received_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  body JSONB NOT NULL, 
  outcome TEXT, 
  CONSTRAINT pk_inbox PRIMARY KEY (provider, event_id)
);

CREATE TABLE agent_forces (
  agent_id UUID NOT NULL, 
  force_id TEXT NOT NULL, 
  role TEXT NOT NULL, 
  CONSTRAINT pk_agent_forces PRIMARY KEY (agent_id, force_id, role), 
  CONSTRAINT ck_agent_forces_role_is_known CHECK (role IN ('call_handler', 'supervisor', 'licensing_officer', 'professional_standards', 'force_admin', 'national_admin')), 
  CONSTRAINT fk_agent_forces_agent_id_agents FOREIGN KEY(agent_id) REFERENCES agents (id), 
  CONSTRAINT fk_agent_forces_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id)
);

CREATE TABLE contacts (
  id UUID NOT NULL, 
  reference TEXT NOT NULL, 
  force_id TEXT NOT NULL, 
  force_ids TEXT[] NOT NULL, 
  channel TEXT NOT NULL, 
  form_id TEXT, 
  category TEXT NOT NULL, 
  grade TEXT NOT NULL, 
  state TEXT NOT NULL, 
  flags TEXT[] NOT NULL, 
  sensitive BOOLEAN NOT NULL, 
  restricted BOOLEAN NOT NULL, 
  anonymous BOOLEAN NOT NULL, 
  language TEXT NOT NULL, 
  safe_contact JSONB NOT NULL, 
  code_hash TEXT, 
  safe_word_hash TEXT, 
  online_access_stopped_at TIMESTAMP WITH TIME ZONE, 
  holder_id UUID, 
  received_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  closed_at TIMESTAMP WITH TIME ZONE, 
  closed_reason TEXT, 
  place_postcode TEXT, 
  retention_group TEXT NOT NULL, 
  review_due DATE NOT NULL, 
  hold_reason TEXT, 
  disposed_at TIMESTAMP WITH TIME ZONE, 
  CONSTRAINT pk_contacts PRIMARY KEY (id), 
  CONSTRAINT ck_contacts_channel_is_known CHECK (channel IN ('web', 'chat', 'sms', 'telephone', 'counter', 'letter', 'email')), 
  CONSTRAINT ck_contacts_category_is_known CHECK (category IN ('burglary', 'robbery', 'theft', 'vehicle_crime', 'criminal_damage', 'assault', 'domestic_abuse', 'sexual_offence', 'harassment_stalking', 'hate_crime', 'child_protection', 'exploitation', 'terrorism', 'fraud_cyber', 'drugs', 'weapons', 'suspicious_activity', 'road_traffic', 'antisocial_behaviour', 'missing_person', 'welfare_concern', 'animal_wildlife', 'property_lost_found', 'firearms_licensing', 'case_update', 'complaint_feedback', 'information_request', 'not_police', 'general_enquiry')), 
  CONSTRAINT ck_contacts_grade_is_known CHECK (grade IN ('emergency', 'priority', 'standard', 'enquiry')), 
  CONSTRAINT ck_contacts_state_is_known CHECK (state IN ('with_bot', 'waiting', 'with_agent', 'snoozed', 'closed')), 
  CONSTRAINT uq_contacts_reference UNIQUE (reference), 
  CONSTRAINT fk_contacts_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id)
);

CREATE INDEX ix_contacts_force_ids ON contacts USING gin (force_ids);

CREATE INDEX ix_contacts_place_postcode ON contacts (place_postcode) WHERE place_postcode IS NOT NULL;

CREATE TABLE drafts (
  id UUID NOT NULL, 
  form_id TEXT NOT NULL, 
  form_sha256 TEXT NOT NULL, 
  force_id TEXT, 
  answers JSONB NOT NULL, 
  language TEXT NOT NULL, 
  code_hash BYTEA, 
  created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  contact_id UUID, 
  CONSTRAINT pk_drafts PRIMARY KEY (id), 
  CONSTRAINT fk_drafts_form_sha256_form_versions FOREIGN KEY(form_sha256) REFERENCES form_versions (sha256), 
  CONSTRAINT fk_drafts_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id), 
  CONSTRAINT uq_drafts_code_hash UNIQUE (code_hash), 
  CONSTRAINT uq_drafts_contact_id UNIQUE (contact_id)
);

CREATE INDEX ix_drafts_expires_at ON drafts (expires_at);

CREATE TABLE events (
  id BIGINT GENERATED ALWAYS AS IDENTITY, 
  force_id TEXT, 
  chain TEXT NOT NULL, 
  seq BIGINT, 
  name TEXT NOT NULL, 
  version SMALLINT NOT NULL, 
  at TIMESTAMP WITH TIME ZONE NOT NULL, 
  actor_kind TEXT NOT NULL, 
  agent_id UUID, 
  contact_id UUID, 
  data JSONB NOT NULL, 
  prev_hash BYTEA, 
  hash BYTEA, 
  CONSTRAINT pk_events PRIMARY KEY (id), 
  CONSTRAINT fk_events_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id)
);

CREATE INDEX ix_events_contact_id ON events (contact_id) WHERE contact_id IS NOT NULL;

CREATE UNIQUE INDEX uq_events_chain_seq ON events (chain, seq);

CREATE TABLE force_alarm_numbers (
  id UUID NOT NULL, 
  force_id TEXT NOT NULL, 
  position INTEGER NOT NULL, 
  label TEXT NOT NULL, 
  number TEXT NOT NULL, 
  CONSTRAINT pk_force_alarm_numbers PRIMARY KEY (id), 
  CONSTRAINT uq_force_alarm_numbers_force_id_position UNIQUE (force_id, position), 
  CONSTRAINT fk_force_alarm_numbers_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id)
);

CREATE TABLE force_go_live (
  force_id TEXT NOT NULL, 
  emergency_route_tested_at TIMESTAMP WITH TIME ZONE, 
  hours_set_at TIMESTAMP WITH TIME ZONE, 
  privacy_notice_url TEXT, 
  dpia_reference TEXT, 
  approved_by UUID, 
  approved_at TIMESTAMP WITH TIME ZONE, 
  CONSTRAINT pk_force_go_live PRIMARY KEY (force_id), 
  CONSTRAINT fk_force_go_live_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id)
);

CREATE TABLE invitations (
  id UUID NOT NULL, 
  token_hash BYTEA NOT NULL, 
  agent_id UUID NOT NULL, 
  kind TEXT NOT NULL, 
  created_by UUID, 
  created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  used_at TIMESTAMP WITH TIME ZONE, 
  CONSTRAINT pk_invitations PRIMARY KEY (id), 
  CONSTRAINT ck_invitations_kind_is_known CHECK (kind IN ('invite', 'reset')), 
  CONSTRAINT uq_invitations_token_hash UNIQUE (token_hash), 
  CONSTRAINT fk_invitations_agent_id_agents FOREIGN KEY(agent_id) REFERENCES agents (id)
);

CREATE TABLE mutual_aid_grants (
  id UUID NOT NULL, 
  agent_id UUID NOT NULL, 
  force_id TEXT NOT NULL, 
  granted_by UUID NOT NULL, 
  reason TEXT NOT NULL, 
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  ends_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  CONSTRAINT pk_mutual_aid_grants PRIMARY KEY (id), 
  CONSTRAINT fk_mutual_aid_grants_agent_id_agents FOREIGN KEY(agent_id) REFERENCES agents (id), 
  CONSTRAINT fk_mutual_aid_grants_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id), 
  CONSTRAINT fk_mutual_aid_grants_granted_by_agents FOREIGN KEY(granted_by) REFERENCES agents (id)
);

CREATE INDEX ix_mutual_aid_grants_agent_id ON mutual_aid_grants (agent_id);

CREATE TABLE recovery_codes (
  id UUID NOT NULL, 
  agent_id UUID NOT NULL, 
  code_hash BYTEA NOT NULL, 
  used_at TIMESTAMP WITH TIME ZONE, 
  CONSTRAINT pk_recovery_codes PRIMARY KEY (id), 
  CONSTRAINT fk_recovery_codes_agent_id_agents FOREIGN KEY(agent_id) REFERENCES agents (id)
);

CREATE INDEX ix_recovery_codes_agent_id ON recovery_codes (agent_id);

CREATE TABLE web_sessions (
  id_hash BYTEA NOT NULL, 
  audience TEXT NOT NULL, 
  agent_id UUID, 
  data JSONB NOT NULL, 
  created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  stepped_up_at TIMESTAMP WITH TIME ZONE, 
  CONSTRAINT pk_web_sessions PRIMARY KEY (id_hash), 
  CONSTRAINT ck_web_sessions_audience_is_known CHECK (audience IN ('citizen', 'agent')), 
  CONSTRAINT fk_web_sessions_agent_id_agents FOREIGN KEY(agent_id) REFERENCES agents (id)
);

CREATE INDEX ix_web_sessions_agent_id ON web_sessions (agent_id);

CREATE INDEX ix_web_sessions_expires_at ON web_sessions (expires_at);

CREATE TABLE alarms (
  id UUID NOT NULL, 
  kind TEXT NOT NULL, 
  force_id TEXT, 
  contact_id UUID, 
  raised_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  accepted_at TIMESTAMP WITH TIME ZONE, 
  accepted_by TEXT, 
  cleared_at TIMESTAMP WITH TIME ZONE, 
  CONSTRAINT pk_alarms PRIMARY KEY (id), 
  CONSTRAINT fk_alarms_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id), 
  CONSTRAINT fk_alarms_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_alarms_open ON alarms (kind, coalesce(force_id, ''), coalesce(contact_id, '00000000-0000-0000-0000-000000000000'::uuid)) WHERE cleared_at IS NULL AND accepted_at IS NULL;

CREATE TABLE contact_access (
  contact_id UUID NOT NULL, 
  agent_id UUID NOT NULL, 
  granted_by UUID, 
  reason TEXT NOT NULL, 
  at TIMESTAMP WITH TIME ZONE NOT NULL, 
  CONSTRAINT pk_contact_access PRIMARY KEY (contact_id, agent_id), 
  CONSTRAINT fk_contact_access_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE, 
  CONSTRAINT fk_contact_access_agent_id_agents FOREIGN KEY(agent_id) REFERENCES agents (id)
);

CREATE TABLE crimes (
  id UUID NOT NULL, 
  contact_id UUID NOT NULL, 
  number TEXT, 
  recorded_at TIMESTAMP WITH TIME ZONE, 
  not_recorded_reason TEXT, 
  decided_by TEXT, 
  agent_id UUID NOT NULL, 
  at TIMESTAMP WITH TIME ZONE NOT NULL, 
  CONSTRAINT pk_crimes PRIMARY KEY (id), 
  CONSTRAINT ck_crimes_number_or_reason CHECK ((number IS NOT NULL) <> (not_recorded_reason IS NOT NULL)), 
  CONSTRAINT fk_crimes_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE, 
  CONSTRAINT fk_crimes_agent_id_agents FOREIGN KEY(agent_id) REFERENCES agents (id)
);

CREATE INDEX ix_crimes_contact_id ON crimes (contact_id);

CREATE TABLE decisions (
  id UUID NOT NULL, 
  contact_id UUID NOT NULL, 
  agent_id UUID NOT NULL, 
  at TIMESTAMP WITH TIME ZONE NOT NULL, 
  category TEXT NOT NULL, 
  grade TEXT NOT NULL, 
  response TEXT, 
  flags TEXT[] NOT NULL, 
  reason TEXT NOT NULL, 
  CONSTRAINT pk_decisions PRIMARY KEY (id), 
  CONSTRAINT ck_decisions_category_is_known CHECK (category IN ('burglary', 'robbery', 'theft', 'vehicle_crime', 'criminal_damage', 'assault', 'domestic_abuse', 'sexual_offence', 'harassment_stalking', 'hate_crime', 'child_protection', 'exploitation', 'terrorism', 'fraud_cyber', 'drugs', 'weapons', 'suspicious_activity', 'road_traffic', 'antisocial_behaviour', 'missing_person', 'welfare_concern', 'animal_wildlife', 'property_lost_found', 'firearms_licensing', 'case_update', 'complaint_feedback', 'information_request', 'not_police', 'general_enquiry')), 
  CONSTRAINT ck_decisions_grade_is_known CHECK (grade IN ('emergency', 'priority', 'standard', 'enquiry')), 
  CONSTRAINT ck_decisions_response_is_known CHECK (response IN ('deploy_now', 'deploy', 'appointment', 'resolve_remotely', 'pass_on', 'no_police_action')), 
  CONSTRAINT fk_decisions_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE, 
  CONSTRAINT fk_decisions_agent_id_agents FOREIGN KEY(agent_id) REFERENCES agents (id)
);

CREATE INDEX ix_decisions_contact_id ON decisions (contact_id);

CREATE TABLE incident_logs (
  id UUID NOT NULL, 
  contact_id UUID NOT NULL, 
  number TEXT NOT NULL, 
  logged_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  told_who TEXT NOT NULL, 
  agent_id UUID NOT NULL, 
  at TIMESTAMP WITH TIME ZONE NOT NULL, 
  CONSTRAINT pk_incident_logs PRIMARY KEY (id), 
  CONSTRAINT fk_incident_logs_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE, 
  CONSTRAINT fk_incident_logs_agent_id_agents FOREIGN KEY(agent_id) REFERENCES agents (id)
);

CREATE INDEX ix_incident_logs_contact_id ON incident_logs (contact_id);

CREATE TABLE mails (
  id UUID NOT NULL, 
  contact_id UUID, 
  force_id TEXT, 
  recipient TEXT NOT NULL, 
  template TEXT NOT NULL, 
  context JSONB NOT NULL, 
  language TEXT NOT NULL, 
  state TEXT NOT NULL, 
  created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  sent_at TIMESTAMP WITH TIME ZONE, 
  attempts INTEGER NOT NULL, 
  error TEXT, 
  CONSTRAINT pk_mails PRIMARY KEY (id), 
  CONSTRAINT ck_mails_state_is_known CHECK (state IN ('queued', 'sending', 'sent', 'failed')), 
  CONSTRAINT fk_mails_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE, 
  CONSTRAINT fk_mails_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id)
);

CREATE INDEX ix_mails_contact_id ON mails (contact_id);

CREATE TABLE messages (
  id UUID NOT NULL, 
  contact_id UUID NOT NULL, 
  position INTEGER NOT NULL, 
  kind TEXT NOT NULL, 
  channel TEXT NOT NULL, 
  body TEXT NOT NULL, 
  agent_id UUID, 
  created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  delivery_state TEXT NOT NULL, 
  read_at TIMESTAMP WITH TIME ZONE, 
  once_key TEXT, 
  CONSTRAINT pk_messages PRIMARY KEY (id), 
  CONSTRAINT uq_messages_contact_id_position UNIQUE (contact_id, position), 
  CONSTRAINT ck_messages_kind_is_known CHECK (kind IN ('inbound', 'outbound', 'note', 'system')), 
  CONSTRAINT ck_messages_delivery_state_is_known CHECK (delivery_state IN ('stored', 'queued', 'sending', 'sent', 'delivered', 'failed', 'read')), 
  CONSTRAINT fk_messages_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE, 
  CONSTRAINT fk_messages_agent_id_agents FOREIGN KEY(agent_id) REFERENCES agents (id), 
  CONSTRAINT uq_messages_once_key UNIQUE (once_key)
);

CREATE TABLE proposals (
  id UUID NOT NULL, 
  contact_id UUID NOT NULL, 
  at TIMESTAMP WITH TIME ZONE NOT NULL, 
  version TEXT NOT NULL, 
  category TEXT NOT NULL, 
  grade TEXT NOT NULL, 
  advise_999 BOOLEAN NOT NULL, 
  flags TEXT[] NOT NULL, 
  reasons JSONB NOT NULL, 
  confidence DOUBLE PRECISION NOT NULL, 
  CONSTRAINT pk_proposals PRIMARY KEY (id), 
  CONSTRAINT ck_proposals_category_is_known CHECK (category IN ('burglary', 'robbery', 'theft', 'vehicle_crime', 'criminal_damage', 'assault', 'domestic_abuse', 'sexual_offence', 'harassment_stalking', 'hate_crime', 'child_protection', 'exploitation', 'terrorism', 'fraud_cyber', 'drugs', 'weapons', 'suspicious_activity', 'road_traffic', 'antisocial_behaviour', 'missing_person', 'welfare_concern', 'animal_wildlife', 'property_lost_found', 'firearms_licensing', 'case_update', 'complaint_feedback', 'information_request', 'not_police', 'general_enquiry')), 
  CONSTRAINT ck_proposals_grade_is_known CHECK (grade IN ('emergency', 'priority', 'standard', 'enquiry')), 
  CONSTRAINT fk_proposals_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE
);

CREATE INDEX ix_proposals_contact_id ON proposals (contact_id);

CREATE TABLE queue_entries (
  id UUID NOT NULL, 
  contact_id UUID NOT NULL, 
  force_id TEXT NOT NULL, 
  band SMALLINT NOT NULL, 
  due_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  look_by TIMESTAMP WITH TIME ZONE NOT NULL, 
  answer_by TIMESTAMP WITH TIME ZONE NOT NULL, 
  looked_at TIMESTAMP WITH TIME ZONE, 
  answered_at TIMESTAMP WITH TIME ZONE, 
  state TEXT NOT NULL, 
  holder_id UUID, 
  lease_kind TEXT, 
  lease_ends_at TIMESTAMP WITH TIME ZONE, 
  snoozed_until TIMESTAMP WITH TIME ZONE, 
  reason TEXT, 
  restricted BOOLEAN NOT NULL, 
  reference TEXT NOT NULL, 
  category TEXT NOT NULL, 
  grade TEXT NOT NULL, 
  flags TEXT[] NOT NULL, 
  channel TEXT NOT NULL, 
  received_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  unread BOOLEAN NOT NULL, 
  CONSTRAINT pk_queue_entries PRIMARY KEY (id), 
  CONSTRAINT uq_queue_entries_contact_id_force_id UNIQUE (contact_id, force_id), 
  CONSTRAINT ck_queue_entries_state_is_known CHECK (state IN ('waiting', 'offered', 'held', 'snoozed', 'closed')), 
  CONSTRAINT ck_queue_entries_band_is_known CHECK (band IN (0, 1)), 
  CONSTRAINT ck_queue_entries_held_has_holder CHECK ((state = 'held') = (holder_id IS NOT NULL)), 
  CONSTRAINT ck_queue_entries_held_has_lease CHECK ((state = 'held') = (lease_ends_at IS NOT NULL)), 
  CONSTRAINT fk_queue_entries_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE, 
  CONSTRAINT fk_queue_entries_force_id_forces FOREIGN KEY(force_id) REFERENCES forces (id), 
  CONSTRAINT fk_queue_entries_holder_id_agents FOREIGN KEY(holder_id) REFERENCES agents (id)
);

CREATE INDEX ix_queue_entries_holder ON queue_entries (holder_id) WHERE state = 'held';

CREATE INDEX ix_queue_entries_lease ON queue_entries (lease_ends_at) WHERE state = 'held';

CREATE INDEX ix_queue_entries_snoozed ON queue_entries (snoozed_until) WHERE state = 'snoozed';

CREATE INDEX ix_queue_entries_unread ON queue_entries (force_id, band, due_at, id) WHERE unread AND state <> 'closed';

CREATE INDEX ix_queue_entries_unseen_emergency ON queue_entries (received_at) WHERE band = 0 AND looked_at IS NULL AND state <> 'closed';

CREATE INDEX ix_queue_entries_waiting ON queue_entries (force_id, band, due_at, id) WHERE state = 'waiting';

CREATE TABLE reply_drafts (
  agent_id UUID NOT NULL, 
  contact_id UUID NOT NULL, 
  body TEXT NOT NULL, 
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  CONSTRAINT pk_reply_drafts PRIMARY KEY (agent_id, contact_id), 
  CONSTRAINT fk_reply_drafts_agent_id_agents FOREIGN KEY(agent_id) REFERENCES agents (id), 
  CONSTRAINT fk_reply_drafts_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE
);

CREATE TABLE reporters (
  contact_id UUID NOT NULL, 
  given_name TEXT, 
  surname TEXT, 
  phone_e164 TEXT, 
  email TEXT, 
  postcode TEXT, 
  address TEXT, 
  CONSTRAINT pk_reporters PRIMARY KEY (contact_id), 
  CONSTRAINT fk_reporters_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE
);

CREATE INDEX ix_reporters_email ON reporters (email);

CREATE INDEX ix_reporters_phone_e164 ON reporters (phone_e164);

CREATE INDEX ix_reporters_postcode ON reporters (postcode);

CREATE INDEX ix_reporters_surname ON reporters (lower(surname), lower(given_name));

CREATE TABLE submissions (
  id UUID NOT NULL, 
  contact_id UUID NOT NULL, 
  form_id TEXT NOT NULL, 
  form_sha256 TEXT NOT NULL, 
  answers JSONB NOT NULL, 
  received_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  CONSTRAINT pk_submissions PRIMARY KEY (id), 
  CONSTRAINT fk_submissions_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE, 
  CONSTRAINT fk_submissions_form_sha256_form_versions FOREIGN KEY(form_sha256) REFERENCES form_versions (sha256)
);

CREATE INDEX ix_submissions_contact_id ON submissions (contact_id);

CREATE TABLE transfers (
  id UUID NOT NULL, 
  contact_id UUID NOT NULL, 
  from_force_id TEXT NOT NULL, 
  to_force_id TEXT NOT NULL, 
  reason TEXT NOT NULL, 
  asked_by UUID NOT NULL, 
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  accepted_by UUID, 
  accepted_at TIMESTAMP WITH TIME ZONE, 
  CONSTRAINT pk_transfers PRIMARY KEY (id), 
  CONSTRAINT fk_transfers_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE, 
  CONSTRAINT fk_transfers_from_force_id_forces FOREIGN KEY(from_force_id) REFERENCES forces (id), 
  CONSTRAINT fk_transfers_to_force_id_forces FOREIGN KEY(to_force_id) REFERENCES forces (id), 
  CONSTRAINT fk_transfers_asked_by_agents FOREIGN KEY(asked_by) REFERENCES agents (id), 
  CONSTRAINT fk_transfers_accepted_by_agents FOREIGN KEY(accepted_by) REFERENCES agents (id)
);

CREATE INDEX ix_transfers_contact_id ON transfers (contact_id);

CREATE UNIQUE INDEX uq_transfers_open ON transfers (contact_id, to_force_id) WHERE accepted_at IS NULL;

CREATE TABLE alarm_calls (
  id UUID NOT NULL, 
  alarm_id UUID NOT NULL, 
  number TEXT NOT NULL, 
  label TEXT NOT NULL, 
  kind TEXT NOT NULL, 
  sid TEXT, 
  state TEXT NOT NULL, 
  placed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
  answered_at TIMESTAMP WITH TIME ZONE, 
  next_at TIMESTAMP WITH TIME ZONE, 
  CONSTRAINT pk_alarm_calls PRIMARY KEY (id), 
  CONSTRAINT ck_alarm_calls_kind_is_known CHECK (kind IN ('voice', 'sms')), 
  CONSTRAINT ck_alarm_calls_state_is_known CHECK (state IN ('placing', 'placed', 'ringing', 'answered', 'accepted', 'failed', 'no_answer', 'done')), 
  CONSTRAINT fk_alarm_calls_alarm_id_alarms FOREIGN KEY(alarm_id) REFERENCES alarms (id) ON DELETE CASCADE, 
  CONSTRAINT uq_alarm_calls_sid UNIQUE (sid)
);

CREATE INDEX ix_alarm_calls_alarm_id ON alarm_calls (alarm_id);
