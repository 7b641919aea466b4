"""Files follow their matter when it turns sensitive; what the assistant asked last; which contact one goes on from."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script, run_sql

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the two columns and the trigger, and let it hold for what is there already."""
    run_script("0018_what_follows.sql")


def downgrade() -> None:
    """Take them away again; files stay as covered as they are."""
    run_sql(
        """
        DROP TRIGGER files_follow ON contacts;
        DROP FUNCTION cover_files_of_sensitive();
        DROP POLICY citizen_writes ON contact_facts;
        REVOKE INSERT ON contact_facts FROM contact_web;
        ALTER TABLE conversations DROP COLUMN asked;
        DROP INDEX ix_contacts_follows_id;
        ALTER TABLE contacts DROP COLUMN follows_id;
        """
    )
