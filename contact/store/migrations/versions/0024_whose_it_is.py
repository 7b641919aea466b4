"""A case of the licensing team, and a certificate joined to an application, are of the application's own force."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script, run_sql

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Check whose application and certificate a new row names."""
    run_script("0024_whose_it_is.sql")


def downgrade() -> None:
    """Check the force alone again, as 0019 and 0020 do."""
    run_sql(
        """
        ALTER POLICY licensing_opens ON payment_exceptions
          WITH CHECK ((SELECT actor_kind()) = 'agent' AND kind = 'other_way_back' AND settled_at IS NULL
                      AND force_id = ANY ((SELECT actor_licensing_forces())::text[])
                      AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id));
        DROP POLICY licensing_force ON application_certificates;
        CREATE POLICY licensing_force ON application_certificates FOR ALL TO contact_web USING (
          CASE (SELECT actor_kind())
            WHEN 'agent' THEN force_id = ANY ((SELECT actor_licensing_forces())::text[]) ELSE false END);
        """
    )
