"""The numbers at which people text a force: its administrators say which; nobody takes another force's."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from contact.domain.access import Actor, Permission, may
from contact.domain.errors import Forbidden, NotFound
from contact.domain.events import Event
from contact.store import audit, forces, text_numbers
from contact.store.forces import ForceView
from contact.store.text_numbers import SmsNumber

_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")


def of_force(session: Session, *, actor: Actor, force_id: str) -> tuple[ForceView, Sequence[SmsNumber]]:
    """The force and its numbers, in order. Raises NotFound, Forbidden for whoever does not administer it."""
    force = forces.get(session, force_id=force_id)
    if not may(actor, Permission.ADMINISTER_FORCE, force_id):
        raise Forbidden(permission=Permission.ADMINISTER_FORCE.value, force_id=force_id)
    return force, text_numbers.list_numbers(session, force_id=force_id)


def is_service(sid: str) -> bool:
    """Whether it looks like one of Twilio's messaging services."""
    return bool(_SERVICE.fullmatch(sid))


def is_taken(session: Session, *, number: str, force_id: str) -> bool:
    """Whether another force answers at the number."""
    return text_numbers.force_at(session, number=number) not in (None, force_id)


def set_number(
    session: Session, *, actor: Actor, force_id: str, number: str, service_sid: str | None, now: dt.datetime
) -> None:
    """Let the force answer at a number (E.164) from now on. Raises NotFound, Forbidden, also for another force's."""
    of_force(session, actor=actor, force_id=force_id)
    if is_taken(session, number=number, force_id=force_id):
        raise Forbidden(permission=Permission.ADMINISTER_FORCE.value)
    text_numbers.set_number(session, number=number, force_id=force_id, messaging_service_sid=service_sid)
    audit.record(session, Event.GO_LIVE_PREPARED, force_id=force_id, at=now, what="text_number_set")


def remove_number(session: Session, *, actor: Actor, force_id: str, number: str, now: dt.datetime) -> None:
    """Let nobody answer there any more. Raises NotFound, Forbidden."""
    _, numbers = of_force(session, actor=actor, force_id=force_id)
    if number not in {each.number for each in numbers}:
        raise NotFound(kind="sms_number")
    text_numbers.remove_number(session, number=number)
    audit.record(session, Event.GO_LIVE_PREPARED, force_id=force_id, at=now, what="text_number_removed")
