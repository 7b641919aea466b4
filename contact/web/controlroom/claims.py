"""Claiming, keeping and the heartbeat: what an agent's page does to hold a contact."""

from __future__ import annotations

from uuid import UUID

from flask import jsonify, redirect, request
from flask.typing import ResponseReturnValue

from contact.domain import queueing
from contact.domain.access import Permission
from contact.domain.errors import ContactAlreadyTaken, LeaseLost, NotFound
from contact.domain.events import Event
from contact.domain.queueing import LeaseKind
from contact.domain.taxonomy import Grade
from contact.services import control_room
from contact.store import audit, contacts
from contact.web.controlroom.blueprint import room
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent
from contact.web.shared.transaction import commit_anyway


def lease_kind() -> LeaseKind:
    """`live` where the page has said that its script runs, else the lease of a page without JavaScript."""
    return LeaseKind.LIVE if request.form.get("lease") == LeaseKind.LIVE.value else LeaseKind.PAGE


def _open(contact_id: UUID) -> ResponseReturnValue:
    return redirect(f"/control-room/contacts/{contact_id}", 303)


@room.post("/claim-next")
@requires(Permission.WORK_CONTACTS)
def claim_next() -> ResponseReturnValue:
    """Take the first that waits and open it."""
    claimed = control_room.claim_next(
        database.session()(), agent=current_agent().actor, kind=lease_kind(), now=clock.utcnow()
    )
    return _open(claimed.contact_id)


@room.post("/contacts/<uuid:contact_id>/claim")
@requires(Permission.WORK_CONTACTS)
def claim(contact_id: UUID) -> ResponseReturnValue:
    """Take this one, or learn by name who has it; a refusal is in the log too."""
    session = database.session()()
    try:
        control_room.claim(
            session, agent=current_agent().actor, contact_id=contact_id, kind=lease_kind(), now=clock.utcnow()
        )
    except ContactAlreadyTaken as taken:
        session.rollback()
        audit.record(
            session, Event.CLAIM_REFUSED, force_id=taken.force_id, contact_id=contact_id,
            why="already_taken", holder_id=taken.holder_id,
        )  # fmt: skip
        commit_anyway()
        raise
    except NotFound:
        session.rollback()
        audit.record(session, Event.OPENING_REFUSED, kind="contact", why="not_visible", asked_id=contact_id)
        commit_anyway()
        raise
    return _open(contact_id)


@room.post("/contacts/<uuid:contact_id>/keep")
@requires(Permission.WORK_CONTACTS)
def keep(contact_id: UUID) -> ResponseReturnValue:
    """`Keep this contact`: fifteen minutes more, or back again if nobody else has it."""
    control_room.keep(
        database.session()(), agent=current_agent().actor, contact_id=contact_id, kind=lease_kind(), now=clock.utcnow()
    )
    return _open(contact_id)


@room.post("/contacts/<uuid:contact_id>/heartbeat")
@requires(Permission.WORK_CONTACTS, background=True)
def heartbeat(contact_id: UUID) -> ResponseReturnValue:
    """A sign of life of the open page; 409 tells that the contact is gone, and to whom."""
    session, now = database.session()(), clock.utcnow()
    try:
        ends_at = control_room.renew(session, agent=current_agent().actor, contact_id=contact_id, now=now)
    except LeaseLost as lost:
        session.rollback()
        control_room.end_lease_of(session, contact_id=contact_id, now=now)
        commit_anyway()
        return jsonify(error="lease_lost", holder=lost.holder_name), 409
    grade = Grade(contacts.get(session, contact_id=contact_id).grade)
    return jsonify(
        ends_in_seconds=int((ends_at - now).total_seconds()),
        again_in_seconds=int(queueing.heartbeat(grade).total_seconds()),
    )
