"""The spine: every table, function, policy and the job queue's own schema, right from the first migration."""

from __future__ import annotations

from importlib.resources import files

from alembic import op

revision = "0001"
down_revision = None

_PARTS = ("0001_tables.sql", "0001_jobs.sql", "0001_functions.sql", "0001_policies.sql")


def _run(sql: str) -> None:
    """Send a script as it stands: the driver alone takes several statements and bare % signs."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None  # noqa: S101 - Alembic always holds an open connection here
    driver.execute(sql)


def upgrade() -> None:
    """Make everything."""
    sql = files("contact.store.migrations") / "sql"
    for part in _PARTS:
        _run((sql / part).read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop everything; only ever used on an empty database. Alembic's own table goes too and is given back to it."""
    _run("DROP OWNED BY contact_tables CASCADE")
    _run(
        "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY);"
        " INSERT INTO alembic_version VALUES ('0001')"
    )
