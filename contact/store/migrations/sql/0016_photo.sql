-- The worker alone writes it: the web may update named columns, this is none of them, and a file begins without a digest.
ALTER TABLE evidence ADD COLUMN photo TEXT[];
ALTER TABLE evidence ADD CONSTRAINT ck_evidence_photo_was_examined CHECK (photo IS NULL OR sha256 IS NOT NULL);

ALTER TABLE application_checks DROP CONSTRAINT ck_application_checks_kind_is_known;
ALTER TABLE application_checks ADD CONSTRAINT ck_application_checks_kind_is_known CHECK
  (kind IN ('records', 'social_media', 'gp', 'referee_1', 'referee_2', 'partner', 'household', 'photo'));
-- Partners are spoken to for certificates alone: those are the applications that have a photo.
INSERT INTO application_checks (contact_id, kind, state, result, changed_at)
SELECT contact_id, 'photo', 'not_started', '', changed_at FROM application_checks WHERE kind = 'partner';
