"""Opening a certificate is an act with a justification: of the officer's work, of their search, or given first."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import NotFound
from contact.services.licensing import certificates as register
from contact.services.licensing import reviews
from contact.store import certificates
from contact.store.certificates import Certificate
from contact.web.licensing.blueprint import room
from contact.web.licensing.opening import known_applications, refused
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent
from contact.web.shared.session import web_session

_JUSTIFIED, _FOUND = "certificates_justified", "certificates_found"
_REMEMBERED = 20
REASONS = {
    "holder_asked": "The holder asked us something",
    "somebody_worried": "Somebody told us something about the holder or the guns",
    "register_put_right": "I am putting the register right",
    "asked_by_colleague": "A colleague asked me to look",
    "quality_check": "I am checking the quality of our work",
}


def theirs(certificate_id: UUID) -> Certificate:
    """The certificate, where it is of the officer's force and nobody's of their name (practice 8).

    Another force's, one's own and none at all look the same. Raises NotFound, after writing the refusal down.
    """
    agent = current_agent()
    try:
        held = certificates.get(database.session()(), certificate_id=certificate_id)
    except NotFound:
        raise refused(certificate_id, why="not_found_or_not_theirs", kind="certificate") from None
    same_name = reviews.name_of(held).casefold() == agent.name.casefold()
    if same_name or (held.email or "") == agent.email.casefold():
        raise refused(certificate_id, why="own_name", kind="certificate")
    return held


def justification(held: Certificate) -> str | None:
    """Why this officer may open it; None where they have to say so first."""
    if str(held.id) in web_session().get(_FOUND, ()):
        return "searched"
    of_work = register.reason_to_open(
        database.session()(), certificate=held, agent_id=current_agent().id, now=clock.utcnow(),
        opened=known_applications(),
    )  # fmt: skip
    if of_work is not None:
        return of_work
    given = web_session().get(_JUSTIFIED, {}).get(str(held.id))
    return str(given) if given else None


def why(certificate_id: UUID, error: str = "") -> str:
    """The question why; nothing of the certificate stands there."""
    return render_template(
        "licensing/why_certificate.html", certificate_id=certificate_id, reasons=list(REASONS.items()), error=error
    )


def remember_found(found: Iterable[Certificate]) -> None:
    """What the last search of this session found: opening one of them is justified by it."""
    web_session()[_FOUND] = [str(each.id) for each in found]


@room.post("/certificates/<uuid:certificate_id>/open")
@requires(Permission.LICENSING)
def open_certificate(certificate_id: UUID) -> ResponseReturnValue:
    """Why the officer opens one that no work of theirs leads to; kept for this session."""
    theirs(certificate_id)
    given = request.form.get("justification", "")
    if given not in REASONS:
        return why(certificate_id, "Choose why you open it"), 400
    held = {**web_session().get(_JUSTIFIED, {}), str(certificate_id): given}
    web_session()[_JUSTIFIED] = dict(list(held.items())[-_REMEMBERED:])
    return redirect(url_for("licensing.certificate", certificate_id=certificate_id), 303)
