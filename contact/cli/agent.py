"""`contact agent`."""

from __future__ import annotations

import datetime as dt
import sys

import click

from contact.cli.surroundings import settings
from contact.domain.access import Role


@click.group()
def agent() -> None:
    """Invite people who answer contacts."""


@agent.command()
@click.option("--name", required=True, help="As colleagues see it.")
@click.option("--email", required=True, help="To sign in with.")
@click.option("--force", "force_id", required=True, help="A force's id, for example north-wales.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="May be repeated.",
)
def create(name: str, email: str, force_id: str, roles: tuple[str, ...]) -> None:
    """Print a one-time link for a new agent.

    With it they set a password and their authenticator. It works for seven days and is shown only here.
    """
    from sqlalchemy.exc import IntegrityError

    from contact.services.accounts import create_agent_from_command

    wanted = frozenset(Role(role) for role in roles)
    try:
        link = create_agent_from_command(
            settings(), name=name, email=email, force_id=force_id, roles=wanted, now=dt.datetime.now(dt.UTC)
        )
    except IntegrityError as error:
        constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""
        what = "no force has this id" if "force" in constraint else "this address is taken, or is none"
        click.echo(f"The agent was not made: {what}.", err=True)
        sys.exit(1)
    click.echo(link)
