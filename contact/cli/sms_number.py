"""`contact sms-number`: which force answers at which of our numbers."""

from __future__ import annotations

import re
import sys

import click

from contact.cli.surroundings import system_session


@click.group("sms-number")
def sms_number() -> None:
    """Say which force answers texts to a number."""


@sms_number.command("set")
@click.argument("number")
@click.argument("force_id")
@click.option("--service", "service_sid", help="The messaging service that its texts leave through (MG...).")
def set_(number: str, force_id: str, service_sid: str | None) -> None:
    """Let a force answer at a number, +441632960123 for example.

    Point the number's webhook at PUBLIC_URL/webhooks/twilio/sms and switch Twilio's own handling of STOP off: it would
    block answers to whoever texts again about danger.
    """
    from sqlalchemy.exc import IntegrityError

    from contact.store import text_numbers

    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
        raise click.UsageError("A number looks like +441632960123.")
    if service_sid and not re.fullmatch(r"MG[0-9a-fA-F]{32}", service_sid):
        raise click.UsageError("A messaging service looks like MG and 32 digits or letters a to f.")
    try:
        with system_session() as session:
            text_numbers.set_number(session, number=number, force_id=force_id, messaging_service_sid=service_sid)
    except IntegrityError:
        click.echo("Nothing was changed: no force has this id.", err=True)
        sys.exit(1)
    click.echo(f"{force_id} answers at {number}.")


@sms_number.command()
@click.argument("number")
def remove(number: str) -> None:
    """Let nobody answer at a number any more: its texts go to whoever takes emergencies."""
    from contact.store import text_numbers

    with system_session() as session:
        gone = text_numbers.remove_number(session, number=number)
    if not gone:
        click.echo("No force answered there.", err=True)
        sys.exit(1)
    click.echo("Removed.")


@sms_number.command("list")
def list_() -> None:
    """Print every number and its force."""
    from contact.store import text_numbers

    with system_session() as session:
        for row in text_numbers.list_numbers(session):
            click.echo(f"{row.number}  {row.force_id}  {row.messaging_service_sid or ''}".rstrip())
