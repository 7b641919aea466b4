"""The spine: every table, function, policy and the job queue's own schema, right from the first migration."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script, run_sql

revision = "0001"
down_revision = None

_PARTS = ("0001_tables.sql", "0001_jobs.sql", "0001_functions.sql", "0001_policies.sql")


def upgrade() -> None:
    """Make everything."""
    for part in _PARTS:
        run_script(part)


def downgrade() -> None:
    """Drop everything; only ever used on an empty database. Alembic's own table goes too and is given back to it."""
    run_sql("DROP OWNED BY contact_tables CASCADE")
    run_sql(
        "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY);"
        " INSERT INTO alembic_version VALUES ('0001')"
    )
