"""Reviews of an application: somebody who applies appears in another contact, and an officer decides what follows."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import MoveNotAllowed, NotFound, ReasonNeeded
from contact.services.licensing import reviews
from contact.services.licensing.reviews import OF_APPLICATION, Decision
from contact.store import licensing_reviews
from contact.web.licensing.application import ONE, back, shown_again
from contact.web.licensing.blueprint import room
from contact.web.licensing.opening import still_theirs
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent


@room.post(f"{ONE}/reviews/<uuid:review_id>")
@requires(Permission.LICENSING)
def application_review(contact_id: UUID, review_id: UUID) -> ResponseReturnValue:
    """The decision on a review, with its reasons, which stand as a note on the application (practice 9)."""
    now, code, orm = still_theirs(contact_id), request.form.get("decision", ""), database.session()()
    if licensing_reviews.get(orm, review_id=review_id).application_id != contact_id:
        raise NotFound(kind="licensing_review", key=str(review_id))
    if code not in {each.value for each in OF_APPLICATION}:
        return shown_again(contact_id, f"review-{review_id}", decision="Choose what came of it")
    try:
        reviews.decide(
            orm, review_id=review_id, decision=Decision(code), reasons=request.form.get("reason", ""),
            actor=current_agent().actor, now=now,
        )  # fmt: skip
    except ReasonNeeded:
        return shown_again(contact_id, f"review-{review_id}", reason="Write the reasons")
    except MoveNotAllowed:
        return shown_again(contact_id, f"review-{review_id}", decision="Somebody else has decided it")
    return back(contact_id, "reviewed")
