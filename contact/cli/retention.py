"""`contact retention`."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from contact.cli.surroundings import system_session

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HOLDS = ("court", "complaint", "inquiry", "unsolved")
REASONS = ("retention_over", "erasure_granted")


@click.group()
def retention() -> None:
    """Review, hold and erase contacts."""


@retention.command()
def due() -> None:
    """List closed contacts to decide about.

    Reference, force, group and the day the review was due. Nothing is disposed of by that day: a person decides.
    """
    from contact.domain.clocks import LONDON
    from contact.store import disposal

    with _session() as session:
        for each in disposal.list_due(session, today=dt.datetime.now(LONDON).date()):
            click.echo(f"{each.reference}  {each.force_id}  {each.retention_group}  due {each.review_due}")


@retention.command()
@click.argument("reference")
@click.option("--reason", required=True, type=click.Choice(HOLDS))
def hold(reference: str, reason: str) -> None:
    """Keep a contact although it is due."""
    from contact.services import disposal

    with _session() as session:
        why = disposal.HoldReason(reason)
        disposal.hold(session, contact_id=disposal.find(session, reference=reference), reason=why, now=_now())
    click.echo("Held.")


@retention.command()
@click.argument("reference")
def free(reference: str) -> None:
    """End a contact's hold."""
    from contact.services import disposal

    with _session() as session:
        disposal.hold(session, contact_id=disposal.find(session, reference=reference), reason=None, now=_now())
    click.echo("No longer held.")


@retention.command()
@click.argument("reference")
@click.option("--reason", required=True, type=click.Choice(REASONS))
@click.option("--by", "email", required=True, help="The address of the supervisor or administrator who decided.")
def dispose(reference: str, reason: str, email: str) -> None:
    """Erase a contact: key, words and rows.

    Its reporter finds nothing from now on; the worker erases it, and its events stay without a word of the person. The
    contact must be closed, not held, and due, or its erasure granted to the person.
    """
    from contact.services import disposal

    with _session() as session:
        disposal.dispose(
            session,
            contact_id=disposal.find(session, reference=reference),
            reason=disposal.DisposalReason(reason),
            decided_by_id=disposal.decider(session, email=email),
            now=_now(),
        )
    click.echo("The worker erases it now.")


@contextmanager
def _session() -> Iterator[Session]:
    """One transaction as the worker; what the rules refuse ends the command with 1."""
    from contact.domain.errors import Forbidden, MalformedReference, MoveNotAllowed, NotFound

    try:
        with system_session() as session:
            yield session
    except MalformedReference:
        _refuse("that is no reference.")
    except NotFound as error:
        _refuse(f"there is no such {error.kind}.")
    except Forbidden:
        _refuse("that person neither supervises nor administers the contact's force.")
    except MoveNotAllowed as error:
        _refuse(f"it is {error.state.replace('_', ' ')}.")


def _refuse(why: str) -> None:
    click.echo(f"Nothing was changed: {why}", err=True)
    sys.exit(1)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
