"""Which certificates an application is about: an officer joins one by its number, or takes one off, with the reason."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import MoveNotAllowed, NotFound, ReasonNeeded
from contact.services.licensing import linking
from contact.web.licensing.application import ONE, back, shown_again
from contact.web.licensing.blueprint import room
from contact.web.licensing.opening import still_theirs
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent

_LONGEST = 60


@room.post(f"{ONE}/certificates")
@requires(Permission.LICENSING)
def join_certificate(contact_id: UUID) -> ResponseReturnValue:
    """Join the certificate of that number."""
    now, number = still_theirs(contact_id), request.form.get("number", "").strip()
    if not number or len(number) > _LONGEST:
        return shown_again(contact_id, "join", number="Enter the number of the certificate")
    try:
        linking.link(
            database.session()(),
            contact_id=contact_id,
            number=number,
            kind=request.form.get("kind", ""),
            actor=current_agent().actor,
            reason=request.form.get("reason", ""),
            now=now,
        )
    except ReasonNeeded:
        return shown_again(contact_id, "join", reason="Write why it is this one")
    except NotFound:
        return shown_again(contact_id, "join", number="No such certificate of that kind is on this force's register")
    except MoveNotAllowed:
        return shown_again(contact_id, "join", number="That certificate is joined already")
    return back(contact_id, "joined", anchor="held")


@room.post(f"{ONE}/certificates/<uuid:certificate_id>")
@requires(Permission.LICENSING)
def part_certificate(contact_id: UUID, certificate_id: UUID) -> ResponseReturnValue:
    """Take a certificate off the application."""
    now, form = still_theirs(contact_id), f"part-{certificate_id}"
    try:
        linking.unlink(
            database.session()(),
            contact_id=contact_id,
            certificate_id=certificate_id,
            actor=current_agent().actor,
            reason=request.form.get("reason", ""),
            now=now,
        )
    except ReasonNeeded:
        return shown_again(contact_id, form, reason="Write why it is not this one")
    except MoveNotAllowed:
        return shown_again(contact_id, form, reason="It is off already")
    return back(contact_id, "parted", anchor="held")
