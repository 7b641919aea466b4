"""Runs a revision's SQL as it stands."""

from __future__ import annotations

from importlib.resources import files

from alembic import op


def run_sql(sql: str) -> None:
    """Send a script: the driver alone takes several statements and bare % signs."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None  # noqa: S101 - Alembic always holds an open connection here
    driver.execute(sql)


def run_script(name: str) -> None:
    """Send `sql/<name>`."""
    run_sql((files("contact.store.migrations") / "sql" / name).read_text(encoding="utf-8"))
