"""`contact triage export`: what handlers corrected, as labelled examples without personal data."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import click

from contact.cli.surroundings import system_session


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what was decided from this day on (UTC).")
def export(file: Path, since: dt.datetime | None) -> None:
    """Write decided conversations to FILE as JSON lines.

    Each line is a first message with category, grade, advise_999 and flags as a person decided them, and what the
    machine had proposed. Names we know, numbers, addresses and references are masked; restricted contacts are left out.
    Names of others may still stand in the words: read the file before it leaves this machine. The export is in the log.
    """
    from contact.services import corrections

    begin = since.replace(tzinfo=dt.UTC) if since else None
    unfinished = file.with_name(file.name + ".part")
    count = 0
    with system_session() as session, os.fdopen(_private(unfinished), "w", encoding="utf-8") as lines:
        for example in corrections.export(session, now=dt.datetime.now(dt.UTC), since=begin):
            lines.write(json.dumps(example, ensure_ascii=False) + "\n")
            count += 1
    unfinished.replace(file)
    click.echo(f"{count} examples in {file}. Read them before they leave this machine.", err=True)


def _private(path: Path) -> int:
    """A fresh file that only its owner can read."""
    path.unlink(missing_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
