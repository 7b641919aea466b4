"""Offering a contact to another force, and taking over or leaving what another force offers."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.services import transfers
from contact.store import contacts, forces
from contact.web.controlroom.blueprint import room
from contact.web.controlroom.contact import back, shown_again
from contact.web.controlroom.forms import TransferForm, codes
from contact.web.controlroom.opening import still_theirs
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent


@room.post("/contacts/<uuid:contact_id>/transfer")
@requires(Permission.WORK_CONTACTS)
def transfer(contact_id: UUID) -> ResponseReturnValue:
    """Offer it; it stays on our clock until they accept (practice 3)."""
    now, orm, form = still_theirs(contact_id), database.session()(), TransferForm()
    form.to_force.choices = codes(force.id for force in forces.list_all(orm))
    if not form.validate():
        return shown_again(contact_id, "transfer", form)
    transfers.offer(
        orm,
        contact_id=contact_id,
        agent_id=current_agent().id,
        to_force_id=form.to_force.data,
        why=transfers.Why(form.why.data),
        now=now,
    )
    return back(contact_id, "offered", anchor="transfer")


@room.post("/contacts/<uuid:contact_id>/transfer/answer")
@requires(Permission.WORK_CONTACTS)
def answer_transfer(contact_id: UUID) -> ResponseReturnValue:
    """Take over what another force offers, or leave it with them."""
    now, orm, actor = still_theirs(contact_id), database.session()(), current_agent().actor
    to_force_id = request.form.get("to_force", "")
    if request.form.get("act") == "refuse":
        transfers.refuse(orm, contact_id=contact_id, actor=actor, to_force_id=to_force_id, why="not_ours", now=now)
        if contacts.find(orm, contact_id=contact_id) is None:  # it is the sender's alone again
            return redirect(url_for("controlroom.queue"), 303)
        return back(contact_id, "refused")
    transfers.accept(orm, contact_id=contact_id, actor=actor, to_force_id=to_force_id, now=now)
    return back(contact_id, "accepted")
