"""Photos that an officer takes on a visit with the phone: files that the licensing team alone sees."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.licensing.visits import VisitState
from contact.services.evidence import VISIT
from contact.services.licensing import file as files
from contact.web.licensing.adding import added, in_words, take_file
from contact.web.licensing.application import ONE
from contact.web.licensing.application_page import head
from contact.web.licensing.blueprint import room
from contact.web.licensing.opening import open_application, still_theirs
from contact.web.shared import database
from contact.web.shared.access import requires
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
    photos = added(contact_id, VISIT)
    return render_template(
        "licensing/add_files.html",
        heading="Photos of the visit",
        hint="The licensing team alone sees them; the applicant does not. Ask before you take one, and keep people out "
        "of it.",
        label="Add another photo" if photos else "Add a photo",
        accept="image/*",
        camera=True,
        added=photos,
        action=url_for("licensing.visit_photo_add", contact_id=contact_id),
        back_url=url_for("licensing.visit", contact_id=contact_id),
        back_words="Back to the checklist",
        fault=in_words(request.args.get("fault", "")),
        **head(file),
    )


@room.post(_PHOTOS)
@requires(Permission.LICENSING)
@streams_body
def visit_photo_add(contact_id: UUID) -> ResponseReturnValue:
    """Keep one photo; back to the page, which shows it or says what is wrong."""
    still_theirs(contact_id)
    fault = take_file(contact_id, VISIT)
    return redirect(url_for("licensing.visit_photos", contact_id=contact_id, fault=fault or None, _anchor="add"), 303)
