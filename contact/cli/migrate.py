"""`contact migrate`."""

from __future__ import annotations

import click

from contact.cli.surroundings import settings


@click.command()
def migrate() -> None:
    """Bring the tables up to date.

    Safe to repeat, and to start on several machines at once. Uses DATABASE_OWNER_URL.
    """
    from contact.run.preparation import migrate_if_behind

    click.echo("The tables are made." if migrate_if_behind(settings()) else "Nothing to do.")
