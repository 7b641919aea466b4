"""Every certificate that an application names; what a certificate authorises; which copy of it is valid."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script, run_sql

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the table of links and the columns, and take the one column away that held one link."""
    run_script("0020_links.sql")


def downgrade() -> None:
    """Back to one certificate an application: the first of those it is joined to."""
    run_sql(
        """
        DELETE FROM firearms WHERE state IN ('authorised', 'lapsed');
        ALTER TABLE firearms DROP CONSTRAINT ck_firearms_state_is_known;
        ALTER TABLE firearms ADD CONSTRAINT ck_firearms_state_is_known CHECK
          (state IN ('held', 'sold', 'lost', 'stolen', 'destroyed', 'deactivated', 'removed'));
        ALTER TABLE firearms DROP COLUMN to_go;
        ALTER TABLE certificates DROP COLUMN ammunition, DROP COLUMN copy_no, DROP COLUMN copy_on;
        ALTER TABLE applications ADD COLUMN certificate_id UUID;
        CREATE INDEX ix_applications_certificate_id ON applications (certificate_id) WHERE certificate_id IS NOT NULL;
        UPDATE applications a SET certificate_id = (
          SELECT l.certificate_id FROM application_certificates l JOIN certificates c ON c.id = l.certificate_id
           WHERE l.contact_id = a.contact_id AND l.unlinked_at IS NULL ORDER BY c.kind, c.id LIMIT 1);
        DROP TABLE application_certificates;
        """
    )
