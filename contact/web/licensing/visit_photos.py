"""Photos that an officer takes on a visit with the phone: files that the licensing team alone sees."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.licensing.visits import VisitState
from contact.services import evidence_viewing
from contact.services.evidence import VISIT
from contact.services.licensing import file as files
from contact.web.licensing.adding import in_words, take_file
from contact.web.licensing.application import ONE
from contact.web.licensing.application_page import head
from contact.web.licensing.blueprint import room
from contact.web.licensing.opening import open_application, still_theirs
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.evidence import listing
from contact.web.shared.request_actor import current_agent
from contact.web.shared.streamed_body import streams_body

_PHOTOS = f"{ONE}/visit/photos"


@room.get(_PHOTOS)
@requires(Permission.LICENSING)
def visit_photos(contact_id: UUID) -> ResponseReturnValue:
    """What was taken so far, and the next."""
    if not open_application(contact_id, kind="visit"):
        return redirect(url_for("licensing.application", contact_id=contact_id))
    file = files.load(database.session()(), contact_id=contact_id, agent_id=current_agent().id)
    if file.open_visit is None or file.open_visit.state != VisitState.BOOKED:
        return redirect(url_for("licensing.application", contact_id=contact_id, _anchor="visit"))
    fault = in_words(request.args.get("fault", ""))
    return render_template("licensing/visit_photos.html", photos=photos_of(contact_id), fault=fault, **head(file))


@room.post(_PHOTOS)
@requires(Permission.LICENSING)
@streams_body
def visit_photo_add(contact_id: UUID) -> ResponseReturnValue:
    """Keep one photo; back to the page, which shows it or says what is wrong."""
    still_theirs(contact_id)
    fault = take_file(contact_id, VISIT)
    return redirect(url_for("licensing.visit_photos", contact_id=contact_id, fault=fault or None, _anchor="add"), 303)


def photos_of(contact_id: UUID) -> list[dict[str, Any]]:
    """The photos of visits, each with its page, as templates/licensing/_visit_photos.html draws them."""
    found = evidence_viewing.list_for_contact(database.session()(), contact_id=contact_id)
    return [
        {"url": listing.url(each), "name": each.name, "when": listing.when(each), "marks": listing.marks(each)}
        for each in found
        if each.question_id == VISIT and each.added_by is not None
    ]
