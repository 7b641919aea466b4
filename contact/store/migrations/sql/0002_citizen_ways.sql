-- A link to a saved report may be mailed before there is a contact.
ALTER TABLE mails ADD COLUMN draft_id uuid REFERENCES drafts (id) ON DELETE CASCADE;
CREATE INDEX ix_mails_draft_id ON mails (draft_id);
CREATE POLICY citizen_writes_for_draft ON mails FOR INSERT TO contact_web
  WITH CHECK ((SELECT actor_kind()) = 'citizen' AND contact_id IS NULL AND draft_id = (SELECT actor_draft()));
ALTER POLICY invite ON mails
  WITH CHECK ((SELECT actor_kind()) = 'agent' AND contact_id IS NULL AND draft_id IS NULL);

-- What people say of themselves for equality monitoring stands apart: no contact, no draft, no day.
CREATE TABLE equality_answers (
  id uuid NOT NULL,
  force_id text NOT NULL,
  form_id text NOT NULL,
  month date NOT NULL,
  answers jsonb NOT NULL,
  CONSTRAINT pk_equality_answers PRIMARY KEY (id),
  CONSTRAINT fk_equality_answers_force_id_forces FOREIGN KEY (force_id) REFERENCES forces (id)
);
CREATE INDEX ix_equality_answers_force_id_month ON equality_answers (force_id, month);
GRANT SELECT, INSERT, UPDATE, DELETE ON equality_answers TO contact_worker;
GRANT SELECT, INSERT ON equality_answers TO contact_web;
ALTER TABLE equality_answers ENABLE ROW LEVEL SECURITY;
CREATE POLICY citizen_writes ON equality_answers FOR INSERT TO contact_web
  WITH CHECK ((SELECT actor_kind()) = 'citizen');
CREATE POLICY administrator_counts ON equality_answers FOR SELECT TO contact_web
  USING ((SELECT actor_administers(force_id)));
CREATE POLICY worker_all ON equality_answers FOR ALL TO contact_worker USING ((SELECT actor_kind()) = 'system');
