"""A finance officer, who sees no applicant, learns of a payment that it is their own, so as to leave it to another."""

from __future__ import annotations

from contact.store.migrations.scripts import run_sql

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """One function: whether who applied has this officer's own name or address. It answers for nobody else's name."""
    run_sql(
        """
        CREATE FUNCTION applicant_is_actor(p_contact uuid) RETURNS boolean
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT EXISTS (
            SELECT 1 FROM reporters r JOIN contacts c ON c.id = r.contact_id
              JOIN agents g ON g.id = (SELECT actor_agent())
             WHERE r.contact_id = p_contact AND (SELECT actor_kind()) = 'agent'
               AND c.force_id = ANY ((SELECT actor_finance_forces())::text[])
               AND (lower(concat_ws(' ', nullif(r.given_name, ''), nullif(r.surname, ''))) = lower(g.name)
                    OR lower(r.email) = lower(g.email))) $$;
        REVOKE ALL ON FUNCTION applicant_is_actor(uuid) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION applicant_is_actor(uuid) TO contact_web;
        """
    )


def downgrade() -> None:
    """It goes."""
    run_sql("DROP FUNCTION applicant_is_actor(uuid)")
