-- What the assistant asked last, so that an answer that comes after a person took over is known for one.
ALTER TABLE conversations ADD COLUMN asked TEXT;

-- A contact that began with a message more than 28 days after another was closed (engineering 28).
ALTER TABLE contacts ADD COLUMN follows_id UUID;
ALTER TABLE contacts ADD CONSTRAINT fk_contacts_follows_id_contacts
  FOREIGN KEY (follows_id) REFERENCES contacts (id) ON DELETE SET NULL;
CREATE INDEX ix_contacts_follows_id ON contacts (follows_id) WHERE follows_id IS NOT NULL;

-- Whoever finds that a matter is sensitive, words, machine or person, covers the files that came before (practice 6).
-- What a person has marked safe stays so; nothing ever uncovers a file again.
CREATE FUNCTION cover_files_of_sensitive() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE evidence SET sensitive = true WHERE contact_id = NEW.id AND NOT sensitive;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION cover_files_of_sensitive() FROM PUBLIC;
CREATE TRIGGER files_follow AFTER UPDATE OF sensitive ON contacts FOR EACH ROW
  WHEN (NEW.sensitive AND NOT OLD.sensitive) EXECUTE FUNCTION cover_files_of_sensitive();

UPDATE evidence e SET sensitive = true FROM contacts c WHERE c.id = e.contact_id AND c.sensitive AND NOT e.sensitive;

-- The answer to "how is it safe to reach you?" may come when no machine talks any more: the person's own session keeps
-- it as a fact, and reads none.
GRANT INSERT ON contact_facts TO contact_web;
CREATE POLICY citizen_writes ON contact_facts FOR INSERT TO contact_web
  WITH CHECK ((SELECT actor_kind()) = 'citizen' AND contact_id = (SELECT actor_contact()));
