"""`contact screen`."""

from __future__ import annotations

import datetime as dt
import sys

import click


@click.group()
def screen() -> None:
    """Check who has read our words."""


@screen.command()
def check() -> None:
    """Print what nobody has reviewed, and which of the assistant's texts are past their day of review.

    Danger words, fixed texts, messages, retention, forms and Welsh name an owner; each needs a named reviewer and a
    day in its own file. Exit code 1 while anything is unreviewed or late: no force can go live with unreviewed words.
    """
    from contact.services.reviews import list_out_of_date, list_unreviewed

    found, late = list_unreviewed(), list_out_of_date(dt.datetime.now(dt.UTC).date())
    for each in found:
        click.echo(f"unreviewed: {each}")
    for each in late:
        click.echo(f"past its day of review: {each}")
    click.echo(f"{len(found)} unreviewed." if found else "Everything has been reviewed.")
    if late:
        click.echo(f"{len(late)} past their day of review.")
    sys.exit(1 if found or late else 0)
