"""A form's one-time key counts within its contact, where it is looked up: another contact's key is nobody's error."""

from __future__ import annotations

from contact.store.migrations.scripts import run_sql

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Make the key unique in its contact instead of in the whole table."""
    run_sql(
        """
        ALTER TABLE messages ADD CONSTRAINT uq_messages_contact_id_once_key UNIQUE (contact_id, once_key);
        ALTER TABLE messages DROP CONSTRAINT uq_messages_once_key;
        """
    )


def downgrade() -> None:
    """Make it unique in the whole table again."""
    run_sql(
        """
        ALTER TABLE messages ADD CONSTRAINT uq_messages_once_key UNIQUE (once_key);
        ALTER TABLE messages DROP CONSTRAINT uq_messages_contact_id_once_key;
        """
    )
