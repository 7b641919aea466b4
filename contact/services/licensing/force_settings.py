"""How a force licenses, set by its administrator: approval of the online form, when money moves, its own fees."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from contact.domain.access import Actor, Permission, may
from contact.domain.errors import Forbidden
from contact.domain.events import Event
from contact.domain.licensing.kinds import CollectAt
from contact.store import applications, audit, forces


@dataclass(frozen=True, slots=True)
class Approval:
    """What lets an online form be an application (practice 24): all four, or there is none."""

    instrument: str
    reference: str
    on: dt.date
    by: str


@dataclass(frozen=True, slots=True)
class ForceSettings:
    """What a force has set. `two_person_above_pence`: a refund above it wants a second person."""

    approval: Approval | None
    collect_at: CollectAt
    two_person_above_pence: int
    other_way_to_pay: str
    other_way_to_pay_cy: str = ""


def read(session: Session, *, actor: Actor, force_id: str) -> ForceSettings:
    """What stands, or the careful defaults. Raises NotFound, Forbidden."""
    _administered(session, actor, force_id)
    row = applications.settings_of(session, force_id=force_id)
    approval = None
    if row.approval_date is not None:
        approval = Approval(
            row.approval_instrument or "", row.approval_reference or "", row.approval_date, row.approved_by or ""
        )
    return ForceSettings(
        approval,
        CollectAt(row.collect_at),
        row.two_person_above_pence,
        row.other_way_to_pay or "",
        row.other_way_to_pay_cy or "",
    )


def change(session: Session, *, actor: Actor, force_id: str, to: ForceSettings, now: dt.datetime) -> None:
    """Set it all; what is under way keeps what held when it was declared. Raises NotFound, Forbidden."""
    was = read(session, actor=actor, force_id=force_id)
    row = applications.settings_of(session, force_id=force_id)
    approval = to.approval
    row.approval_instrument = approval.instrument if approval else None
    row.approval_reference = approval.reference if approval else None
    row.approval_date = approval.on if approval else None
    row.approved_by = approval.by if approval else None
    row.collect_at = to.collect_at.value
    row.two_person_above_pence = to.two_person_above_pence
    row.other_way_to_pay = to.other_way_to_pay or None
    row.other_way_to_pay_cy = to.other_way_to_pay_cy or None
    session.add(row)
    session.flush()
    changed = [
        name
        for name in ("approval", "collect_at", "two_person_above_pence", "other_way_to_pay", "other_way_to_pay_cy")
        if getattr(was, name) != getattr(to, name)
    ]
    if changed:
        audit.record(session, Event.LICENSING_SETTINGS_CHANGED, force_id=force_id, at=now, what=changed)


def _administered(session: Session, actor: Actor, force_id: str) -> None:
    forces.get(session, force_id=force_id)
    if not may(actor, Permission.ADMINISTER_FORCE, force_id):
        raise Forbidden(permission=Permission.ADMINISTER_FORCE.value, force_id=force_id)
