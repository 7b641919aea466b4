"""`contact equality`."""

from __future__ import annotations

import datetime as dt

import click

from contact.cli.surroundings import system_session


@click.command()
@click.argument("force_id")
@click.option("--since", type=click.DateTime(["%Y-%m"]), default="2026-01", show_default=True, help="First month.")
def equality(force_id: str, since: dt.datetime) -> None:
    """Count what people said of themselves.

    A line for each answer to the optional equality questions: question, answer, how often. Fewer than five is not told.
    """
    from contact.services.equality import counts

    with system_session() as session:
        for question, codes in counts(session, force_id=force_id, since=since.date()).items():
            for code, number in codes.items():
                click.echo(f"{question:20} {code:14} {number if number is not None else 'fewer than 5':>12}")
