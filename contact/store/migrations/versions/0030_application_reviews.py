"""A worry about somebody who applies and holds nothing yet is a review of the application (practice 9)."""

from __future__ import annotations

from contact.store.migrations.scripts import run_sql

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """A review is of a certificate or of an application, never of both."""
    run_sql(
        """
        ALTER TABLE licensing_reviews ALTER COLUMN certificate_id DROP NOT NULL;
        ALTER TABLE licensing_reviews ADD COLUMN application_id UUID;
        ALTER TABLE licensing_reviews ADD CONSTRAINT fk_licensing_reviews_application_id_contacts
          FOREIGN KEY (application_id) REFERENCES contacts (id) ON DELETE CASCADE;
        ALTER TABLE licensing_reviews ADD CONSTRAINT ck_licensing_reviews_of_one_thing
          CHECK (num_nonnulls(certificate_id, application_id) = 1);
        ALTER TABLE licensing_reviews ADD CONSTRAINT uq_licensing_reviews_application_id_contact_id
          UNIQUE (application_id, contact_id);
        """
    )


def downgrade() -> None:
    """Reviews of applications go, with the column."""
    run_sql(
        """
        DELETE FROM licensing_reviews WHERE certificate_id IS NULL;
        ALTER TABLE licensing_reviews DROP CONSTRAINT ck_licensing_reviews_of_one_thing;
        ALTER TABLE licensing_reviews DROP COLUMN application_id;
        ALTER TABLE licensing_reviews ALTER COLUMN certificate_id SET NOT NULL;
        """
    )
