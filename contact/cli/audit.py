"""`contact audit`."""

from __future__ import annotations

import sys

import click

from contact.cli.surroundings import settings


@click.group()
def audit() -> None:
    """Check the event log."""


@audit.command()
def verify() -> None:
    """Recompute every chain and compare it with the signed heads kept in CONTACT_HOME.

    Exit code 1, and a line for each fault, when an event was changed, removed, put in, or a chain's tail is missing.
    """
    from contact.domain.access import SYSTEM
    from contact.services import integrity
    from contact.store.engine import make_engine, make_sessions

    found = settings()
    engine = make_engine(found.database_worker_url, pool_size=1)
    with make_sessions(engine, SYSTEM)() as session:
        verdict = integrity.verify(session, key=found.audit_key, signed=integrity.read_heads(found.home))
    engine.dispose()
    for fault in verdict.faults:
        click.echo(f"FAULT {fault.kind}: chain {fault.chain}, event {fault.seq}", err=True)
    click.echo(f"{verdict.events} events in {verdict.chains} chains, against {verdict.signed_heads} signed heads.")
    if verdict.faults:
        sys.exit(1)
    click.echo("No fault found.")
