"""The migrated database is what the models say, and its roles are as weak as they must be (engineering 1, 6)."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from contact.store import models  # noqa: F401 - registers the tables
from contact.store.base import Base
from contact.store.engine import make_engine
from contact.store.migrations.migrate import current_revision, migrate, needed_revision
from tests.support.database import Cluster, MigratedDatabase

# The queue of jobs belongs to Procrastinate and holds ids only; the rest name nobody's contact.
WITHOUT_POLICY = {
    "agents",
    "alembic_version",
    "attempts",
    "form_versions",
    "heartbeats",
    "inbox",
    "invitations",
    "recovery_codes",
    "web_sessions",
}


def test_models_and_migrations_agree(database: MigratedDatabase) -> None:
    """Tables, columns, types, indexes and unique constraints, both ways."""
    engine = sa.create_engine(database.superuser_url.replace("postgresql://", "postgresql+psycopg://"))

    def ours(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind == "table" and (name or "").startswith("procrastinate"))

    with engine.connect() as connection:
        options = {"include_name": ours, "compare_type": True, "compare_server_default": False}
        context = MigrationContext.configure(connection, opts=options)
        differences = [d for d in compare_metadata(context, Base.metadata) if "alembic_version" not in str(d)]
    engine.dispose()
    assert differences == []


def test_checks_agree(database: MigratedDatabase) -> None:
    """Alembic does not compare CHECK constraints: their names are compared here."""
    wanted = {
        str(constraint.name)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    with psycopg.connect(database.superuser_url) as connection:
        rows = connection.execute(
            "SELECT conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid"
            " WHERE contype = 'c' AND t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE 'procrastinate%'"
        ).fetchall()
    assert {name for (name,) in rows} == wanted


def test_the_head_file_names_the_head() -> None:
    """Two branches that each add a migration meet in this file."""
    path = Path(migrate.__code__.co_filename).parent / ".current-alembic-head"
    assert path.read_text(encoding="utf-8").strip() == needed_revision()


def test_migrating_twice_changes_nothing(fresh_database: MigratedDatabase) -> None:
    """A second start finds the revision it needs."""
    migrate(fresh_database.owner_url)
    engine = make_engine(fresh_database.web_url)
    with engine.connect() as connection:
        assert current_revision(connection) == needed_revision()
    engine.dispose()


def test_down_and_up_again(cluster: Cluster) -> None:
    """The first revision can be taken back on an empty database."""
    from alembic import command

    from contact.store.migrations.migrate import _config

    with cluster.clone("down") as made:
        command.downgrade(_config(made.owner_url), "base")
        with psycopg.connect(made.superuser_url) as connection:
            left = connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            ).fetchall()
        assert left in ([], [("alembic_version",)])
        migrate(made.owner_url)


@pytest.mark.parametrize("role", ["web", "worker", "owner"])
def test_no_login_role_can_get_round_the_policies(database: MigratedDatabase, role: str) -> None:
    """Not superuser, not BYPASSRLS, no maker of roles, owner of no table, and the owner inherits nothing by itself."""
    with psycopg.connect(getattr(database, f"{role}_url")) as connection:
        me = connection.execute("SELECT current_user::text").fetchone()
        assert me == (f"contact_{role}",)
        powers = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
        assert powers == (False,) * 5
        owned = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        ).fetchone()
        assert owned == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE planted (id int)")


def test_every_table_of_a_force_or_contact_has_a_policy(database: MigratedDatabase) -> None:
    """A table with a force, a contact or a draft in it is closed unless a policy opens it."""
    with psycopg.connect(database.superuser_url) as connection:
        tables = connection.execute(
            "SELECT relname, relrowsecurity FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT LIKE 'procrastinate%'"
        ).fetchall()
        with_policy = {name for (name,) in connection.execute("SELECT DISTINCT tablename FROM pg_policies").fetchall()}
        about_people = {
            name
            for (name,) in connection.execute(
                "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public'"
                " AND column_name IN ('force_id', 'contact_id', 'force_ids', 'from_force_id')"
                " AND table_name NOT LIKE 'procrastinate%'"
            ).fetchall()
        }
    open_tables = {name for name, secured in tables if not secured}
    assert open_tables == WITHOUT_POLICY
    assert about_people <= with_policy
    assert {name for name, secured in tables if secured} == with_policy


def test_definer_functions_pin_their_search_path(database: MigratedDatabase) -> None:
    """A function that runs with the owner's rights never looks into a schema of the caller's choosing."""
    with psycopg.connect(database.superuser_url) as connection:
        rows = connection.execute(
            "SELECT proname, coalesce(proconfig::text, '') FROM pg_proc"
            " WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        ).fetchall()
    assert rows
    assert [name for name, config in rows if "search_path" not in config] == []


def test_the_web_cannot_read_jobs(database: MigratedDatabase) -> None:
    """It may add a job by one function; what others wait for is not its affair."""
    with psycopg.connect(database.web_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM procrastinate_jobs")
