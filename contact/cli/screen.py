"""`contact screen`."""

from __future__ import annotations

import sys

import click


@click.group()
def screen() -> None:
    """Check who has read our words."""


@screen.command()
def check() -> None:
    """Print what nobody has reviewed.

    Danger words, fixed texts, messages, retention, forms and Welsh name an owner; each needs a named reviewer and a
    day in its own file. Exit code 1 while anything is unreviewed: no force can go live before.
    """
    from contact.services.reviews import list_unreviewed

    found = list_unreviewed()
    for each in found:
        click.echo(f"unreviewed: {each}")
    click.echo(f"{len(found)} unreviewed." if found else "Everything has been reviewed.")
    sys.exit(1 if found else 0)
