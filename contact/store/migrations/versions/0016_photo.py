"""What a machine found wrong with the photo for a certificate, and the check that a person looked at it."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script, run_sql

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the column, and the check to every certificate that is being checked."""
    run_script("0016_photo.sql")


def downgrade() -> None:
    """Take them away again."""
    run_sql(
        """
        DELETE FROM application_checks WHERE kind = 'photo';
        ALTER TABLE application_checks DROP CONSTRAINT ck_application_checks_kind_is_known;
        ALTER TABLE application_checks ADD CONSTRAINT ck_application_checks_kind_is_known CHECK
          (kind IN ('records', 'social_media', 'gp', 'referee_1', 'referee_2', 'partner', 'household'));
        ALTER TABLE evidence DROP COLUMN photo;
        """
    )
