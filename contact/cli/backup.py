"""`contact backup`."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from contact.cli.surroundings import settings


@click.command()
@click.option("--to", required=True, type=click.Path(path_type=Path), help="The folder for the copy.")
@click.option("--keys", required=True, type=click.Path(path_type=Path), help="The folder for the keys, kept apart.")
def backup(to: Path, keys: Path) -> None:
    """Copy the database, while it works.

    The copy holds everything but the contacts' keys, which go to a file apart: without them, and without AUDIT_KEY,
    what was erased stays unreadable in old copies. Delete old files of keys; only the newest is ever needed. Uses
    DATABASE_OWNER_URL.
    """
    from contact.run.backup import BackupFailed, back_up

    try:
        made = back_up(settings(), to=to, keys=keys, now=dt.datetime.now(dt.UTC))
    except BackupFailed as error:
        click.echo(f"No copy was made: {error}", err=True)
        sys.exit(1)
    click.echo(f"The copy: {made.folder}\nThe keys: {made.keys}")
