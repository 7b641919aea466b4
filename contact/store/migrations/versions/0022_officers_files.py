"""Files that officers add to an application, the checklist of a visit half filled in, and a parent's agreement."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script, run_sql

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add the column, the table and the check."""
    run_script("0022_officers_files.sql")


def downgrade() -> None:
    """Take them away again; the guard of files goes back to what 0007 says of it."""
    run_sql(
        """
        DELETE FROM evidence WHERE added_by IS NOT NULL;
        DROP POLICY citizen_own_alone ON evidence;
        DROP POLICY officer_adds ON evidence;
        DROP POLICY officer_takes_back ON evidence;
        DROP POLICY officer_adds ON evidence_segments;
        DROP POLICY officer_takes_back ON evidence_segments;
        DROP TRIGGER guard ON evidence;
        DROP FUNCTION guard_evidence();
        ALTER TABLE evidence DROP COLUMN added_by;
        DROP TABLE visit_drafts;
        DELETE FROM application_checks WHERE kind = 'parent';
        ALTER TABLE application_checks DROP CONSTRAINT ck_application_checks_kind_is_known;
        ALTER TABLE application_checks ADD CONSTRAINT ck_application_checks_kind_is_known CHECK
          (kind IN ('records', 'social_media', 'gp', 'referee_1', 'referee_2', 'partner', 'household', 'photo'));
        """
    )
    run_script("0007_evidence_guard.sql")
