"""`contact payments`."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from contact.cli.surroundings import settings, system_session

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def payments() -> None:
    """Compare and export what was paid.

    The books of the fees beside the payment company's own, and as a file for finance.
    """


@payments.command()
@click.option("--days", type=click.IntRange(1, 400), help="How far to look back; without it, to the last comparison.")
def reconcile(days: int | None) -> None:
    """Compare payments and payouts with the payment company's own books; each difference opens a case.

    A job does the same each night. Exit code 1 when cases were opened.
    """
    from contact.domain.access import SYSTEM
    from contact.gateways.payment_provider import ProviderAway
    from contact.gateways.stripe import StripeProvider
    from contact.services.payments import reconciling
    from contact.store.engine import make_engine, make_sessions

    found = settings()
    provider = StripeProvider.from_settings(found)
    if provider is None:
        raise click.ClickException("No payment account is set: STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET.")
    engine = make_engine(found.database_worker_url, pool_size=1)
    now = dt.datetime.now(dt.UTC)
    sessions = make_sessions(engine, SYSTEM)
    try:
        if days is None:
            done = reconciling.nightly(sessions.begin, provider, now=now)
        else:
            since = now - dt.timedelta(days=days)
            done = reconciling.reconcile(sessions.begin, provider, since=since, until=now, now=now)
    except ProviderAway as failure:
        raise click.ClickException(f"The payment company cannot be reached ({failure.code}).") from None
    finally:
        engine.dispose()
    click.echo(f"{done.payments} payments and {done.payouts} payouts compared; {done.cases} new cases.")
    if done.cases:
        sys.exit(1)


@payments.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--since", type=_DAY, required=True, help="First day.")
@click.option("--until", type=_DAY, required=True, help="Last day.")
@click.option("--force", "force_id", help="One force; all without it.")
def export(file: Path, since: dt.datetime, until: dt.datetime, force_id: str | None) -> None:
    """Write the ledger to FILE as CSV, for a force's finance team. Days are those of the United Kingdom."""
    from contact.domain.clocks import LONDON
    from contact.domain.events import Event
    from contact.services.payments.export import lines
    from contact.store import audit

    first = since.replace(tzinfo=LONDON)
    last = (until + dt.timedelta(days=1)).replace(tzinfo=LONDON)
    with system_session() as session, file.open("w", encoding="utf-8", newline="") as out:
        written = 0
        for line in lines(session, since=first, until=last, force_id=force_id):
            out.write(line)
            written += 1
        audit.record(
            session,
            Event.BOOKS_EXPORTED,
            force_id=force_id,
            at=dt.datetime.now(dt.UTC),
            since=first.astimezone(dt.UTC),
            until=last.astimezone(dt.UTC),
            lines=written - 1,
        )
    click.echo(f"{written - 1} lines written to {file}.")
