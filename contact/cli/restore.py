"""`contact restore`."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from contact.cli.surroundings import settings

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("--keys", required=True, type=_FILE, help="The newest file of keys.")
def restore(folder: Path, keys: Path) -> None:
    """Put a copy into an empty database.

    Whoever was erased since the copy was made is erased again, from the list in CONTACT_HOME. Ends in `audit verify`;
    exit code 1 when it finds a fault. Stop web, worker and watch first. Uses DATABASE_OWNER_URL.
    """
    from contact.run.restore import RestoreFailed
    from contact.run.restore import restore as put_back

    try:
        done = put_back(settings(), folder=folder, keys=keys, now=dt.datetime.now(dt.UTC), say=click.echo)
    except RestoreFailed as error:
        click.echo(f"Not restored: {error}", err=True)
        sys.exit(1)
    click.echo(f"Restored the copy of {done.made_at}; what came later is lost. {done.erased_again} erased again.")
    for fault in done.verdict.faults:
        click.echo(f"FAULT {fault.kind}: chain {fault.chain}, event {fault.seq}", err=True)
    click.echo(f"{done.verdict.events} events in {done.verdict.chains} chains were checked.")
    sys.exit(1 if done.verdict.faults else 0)
