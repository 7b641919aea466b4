"""`contact seed`."""

from __future__ import annotations

import click

from contact.cli.surroundings import settings


@click.command()
def seed() -> None:
    """Fill in forces, and demo people in a demo.

    Forces come from the reference data of this code. A demonstration also gets made-up agents and contacts, and prints
    how to sign in. Safe to repeat: what is there stays.
    """
    from contact.run import preparation

    for line in preparation.seed(settings()):
        click.echo(line)
