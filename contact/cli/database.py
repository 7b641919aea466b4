"""`contact database`."""

from __future__ import annotations

import click


@click.group()
def database() -> None:
    """Prepare a server of your own."""


@database.command()
@click.option("--name", default="contact", show_default=True, help="The database's name.")
def roles(name: str) -> None:
    """Print the SQL that makes the roles and the database.

    For an administrator: contact database roles | psql -h HOST -U postgres
    """
    from contact.run.database_roles import script

    click.echo(script(name), nl=False)
