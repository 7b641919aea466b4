"""A file that an officer adds to an application: one at a time, with the checks that every file gets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from contact.domain.errors import TooBig, UploadRefused
from contact.domain.evidence import MAX_BYTES
from contact.extensions import db
from contact.services import evidence, evidence_receiving, evidence_viewing
from contact.services.evidence import OfficerOwner, UploadView
from contact.store.engine import make_sessions
from contact.web.shared import clock, database
from contact.web.shared.body_limits import drain_file
from contact.web.shared.evidence import listing
from contact.web.shared.evidence_vault import vault
from contact.web.shared.request_actor import current_actor, current_agent
from contact.web.shared.streamed_body import FORM_BYTES, check_length, read_file_form
from contact.web.shared.transaction import commit_now

FAULTS = {
    "none": "Choose a file first",
    "empty": "There is nothing in this file. Choose another",
    "too_big": "This file is too big. One file can be up to 100 MB",
    "too_many": "Officers can add up to 20 files to an application",
    "wrong_type": "We cannot open this kind of file. Choose a photo or a PDF",
    "broken": "The file did not arrive whole. Choose it again",
}
"""What stands beside the box, by the reason's code."""


def take_file(contact_id: UUID, question_id: str) -> str:
    """Take one file out of the request's form; answers why it was not taken, empty where it was.

    No connection is held while the bytes come (engineering 14). The caller has looked whether it is the officer's.
    Raises CSRFError.
    """
    owner = OfficerOwner(contact_id, current_agent().id)
    try:
        check_length(MAX_BYTES + FORM_BYTES)
        form = read_file_form(MAX_BYTES + FORM_BYTES)
        if not form.name:
            raise UploadRefused(reason="none")
        taken = _take(owner, question_id, form.name, form.pieces)
    except UploadRefused as refused:
        drain_file()
        return "too_big" if isinstance(refused, TooBig) else refused.reason
    except RequestEntityTooLarge:
        drain_file()
        return "too_big"
    except CSRFError:
        drain_file()
        raise
    except BadRequest:
        return "broken"
    drain_file()
    return taken.refused.value if taken.refused else ""


def _take(owner: OfficerOwner, question_id: str, name: str, pieces: Iterator[bytes]) -> UploadView:
    """Take it whole, or leave nothing behind."""
    upload = evidence.begin(
        database.session()(),
        vault=vault(),
        owner=owner,
        question_id=question_id,
        name=name,
        size=None,
        now=clock.utcnow(),
    )
    commit_now()
    try:
        return evidence_receiving.receive(
            make_sessions(db.engine, current_actor()),
            vault(),
            owner=owner,
            upload_id=upload.id,
            offset=0,
            chunks=pieces,
            now=clock.utcnow(),
        )
    except (BadRequest, RequestEntityTooLarge):
        evidence.remove(database.session()(), owner=owner, upload_id=upload.id, now=clock.utcnow())
        commit_now()
        raise


def added(contact_id: UUID, question_id: str) -> list[dict[str, Any]]:
    """What officers added for one purpose, each with its page, as templates/licensing/_added.html draws it."""
    found = evidence_viewing.list_for_contact(database.session()(), contact_id=contact_id)
    return [
        {"url": listing.url(each), "name": each.name, "when": listing.when(each), "marks": listing.marks(each)}
        for each in found
        if each.question_id == question_id and each.added_by is not None
    ]


def in_words(code: str) -> str:
    """The fault in words; any other reason says that it cannot be opened."""
    return FAULTS.get(code, "This file cannot be opened. Choose another") if code else ""
