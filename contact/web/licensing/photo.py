"""The photo in the officer's file: what the machine measured, what it cannot tell, and whether a person has looked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import url_for

from contact.domain.evidence import ARRIVED, State
from contact.domain.licensing.checks import Check, CheckState, checks_of
from contact.domain.licensing.kinds import Kind
from contact.domain.licensing.photo import QUESTION, Fault
from contact.services import evidence_viewing
from contact.services.evidence import LATER
from contact.services.evidence_viewing import EvidenceView
from contact.services.licensing.file import File
from contact.web.shared import database

FAULTS = {
    Fault.NOT_A_PICTURE: "not a picture",
    Fault.TOO_SMALL: "too small",
    Fault.WRONG_SHAPE: "wrong shape, so it is shown uncut",
    Fault.TOO_DARK: "too dark",
    Fault.TOO_LIGHT: "too bright",
    Fault.PLAIN: "one plain surface",
    Fault.NOT_SHARP: "not sharp",
}


def photo(contact_id: UUID, file: File) -> dict[str, Any]:
    """What templates/licensing/_photo.html draws; `photo` is None where this application has none to ask for."""
    if Check.PHOTO not in checks_of(Kind(file.application.kind)):
        return {"photo": None}
    sent = [
        each
        for each in evidence_viewing.list_for_contact(database.session()(), contact_id=contact_id)
        if each.state in ARRIVED
        and (each.question_id == QUESTION or (each.question_id == LATER and each.photo is not None))
    ]
    return {"photo": {"pictures": [_picture(each) for each in sent], **_looked(file)}}


def _picture(sent: EvidenceView) -> dict[str, Any]:
    contact_id, evidence_id = sent.contact_id, sent.id
    view = url_for("licensing.evidence_view", contact_id=contact_id, evidence_id=evidence_id)
    shows = sent.state is State.READY and sent.preview and sent.sealed is None and not sent.unmarked
    uncut = Fault.WRONG_SHAPE in (sent.photo or ()) or sent.question_id == LATER
    return {
        "machine": _measured(sent.photo),
        "later": sent.question_id == LATER,
        "look": "" if sent.photo is None else "concern" if sent.photo else "no_concern",
        "show": "Show the photo" if uncut else "Show the photo, cut to 35 × 45 mm",
        "page": url_for("licensing.evidence", contact_id=contact_id, evidence_id=evidence_id),
        "view": view if shows else "",
    }


def _measured(faults: Sequence[Fault] | None) -> str:
    if faults is None:
        return "Not measured yet"
    if not faults:
        return "Size, shape, light and sharpness pass"
    told = ", ".join(FAULTS[each] for each in faults)
    return told[0].upper() + told[1:]


def _looked(file: File) -> dict[str, Any]:
    """Who looked: the check of that name, which begins with the others."""
    check = next((each for each in file.checks if each.kind == Check.PHOTO), None)
    if check is None or check.state == CheckState.NOT_STARTED:
        return {"looked": "Photo not yet looked at", "looked_by": "", "look": "waiting", "begun": check is not None}
    return {
        "looked": CheckState(check.state).label,
        "looked_by": file.names.get(check.agent_id, "") if check.agent_id else "",
        "look": check.state,
        "begun": True,
    }
