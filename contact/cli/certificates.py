"""`contact certificates`: the working register of certificates and guns."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from contact.cli.surroundings import system_session


@click.group()
def certificates() -> None:
    """Keep our working copy of the certificates.

    NFLMS is the master register; ours is filled from it.
    """


@certificates.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Take certificates and guns from FILE, all or nothing; the same file again changes nothing.

    A CSV with a header (a line for each gun, the certificate repeated), or JSON lines in a .jsonl file with `guns`, a
    list of type, action, calibre, make and serial. Columns: force, kind, number, given_name, surname, born, address,
    postcode, phone, email, language, reach (post, email or none), issued, expires, state, pair, nflms_number,
    nflms_date, conditions (with | between), gun_type, gun_action, gun_calibre, gun_make, gun_serial. Dates are
    2027-03-01. A certificate that we hold keeps what FILE has no column for.

    Ends with 1 where a line cannot be taken: each is named by its number, and nothing was changed.
    """
    from contact.services.licensing import importing

    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            lines, bad = importing.read(opened, json_lines=file.suffix == ".jsonl")
    except UnicodeDecodeError:
        lines, bad = [], [importing.Bad(1, "the file is not UTF-8")]
    if not bad:
        with system_session() as session:
            bad = importing.unknown_forces(session, lines)
            done = importing.load(session, [] if bad else lines, now=dt.datetime.now(dt.UTC))
    if bad:
        for each in bad:
            click.echo(f"line {each.number}: {each.what}", err=True)
        click.echo("Nothing was changed.", err=True)
        sys.exit(1)
    for number in done.flagged:
        click.echo(f"line {number}: a gun's number stands on another certificate too; a person looks", err=True)
    click.echo(
        f"{done.added} certificates added, {done.changed} changed, {done.same} as they were; {done.guns} guns added."
    )
