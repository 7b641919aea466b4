"""`contact signposts`."""

from __future__ import annotations

import datetime as dt

import click

from contact.cli.surroundings import system_session


@click.command()
@click.option("--days", default=90, show_default=True, help="How far to look back.")
def signposts(days: int) -> None:
    """Count how many people were pointed elsewhere.

    A line for each month, force and signpost: month, force (- where none was chosen), signpost, times shown.
    """
    from contact.services.signposts import list_shown

    with system_session() as session:
        for each in list_shown(session, since=dt.datetime.now(dt.UTC) - dt.timedelta(days=days)):
            click.echo(f"{each.month:%Y-%m}  {each.force_id or '-':24} {each.signpost_id:24} {each.times:6}")
