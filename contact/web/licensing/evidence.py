"""One file of an application: covered until it is opened, each opening in the log; photos of a visit among them."""

from __future__ import annotations

from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import EvidenceNotOpen, Forbidden
from contact.domain.events import Event
from contact.domain.evidence import Family, WhyOpened
from contact.services import evidence_viewing
from contact.services.evidence_viewing import EvidenceView
from contact.store import audit, contacts
from contact.web.licensing.application import ONE
from contact.web.licensing.blueprint import room
from contact.web.licensing.opening import open_application, reason_to_open, refused
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.evidence import viewing
from contact.web.shared.evidence.sending import send_bytes
from contact.web.shared.evidence_vault import vault
from contact.web.shared.headers import allow_media
from contact.web.shared.request_actor import current_agent
from contact.web.shared.transaction import commit_anyway, commit_now

_FILE = f"{ONE}/files/<uuid:evidence_id>"


@room.get(_FILE)
@requires(Permission.LICENSING)
def evidence(contact_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """The file's page: covered, or open where it was asked to be."""
    if not open_application(contact_id, kind="file"):
        return redirect(url_for("licensing.application", contact_id=contact_id))
    return _page(_theirs(contact_id, evidence_id))


def _theirs(contact_id: UUID, evidence_id: UUID) -> EvidenceView:
    """The file, where it hangs on that application. Raises NotFound, after writing the refusal down."""
    found = evidence_viewing.list_for_contact(database.session()(), contact_id=contact_id)
    file = next((each for each in found if each.id == evidence_id), None)
    if file is None:
        raise refused(evidence_id, why="not_found_or_not_theirs", kind="file")
    return file


def _page(file: EvidenceView, errors: list[dict[str, str]] | None = None) -> str:
    contact = contacts.get(database.session()(), contact_id=file.contact_id)
    stage = viewing.stage(file, sees_sealed=False, is_open="open" in request.args and not errors)
    if stage["is_open"] and stage["family"] != Family.PICTURE.value:
        allow_media()
    return render_template(
        "controlroom/evidence/file.html",
        reference=contact.reference,
        back_url=url_for("licensing.application", contact_id=contact.id, _anchor="files"),
        file=viewing.facts(file),
        stage=stage,
        download=viewing.download(file, supervises=False),
        marking={"can_mark_safe": False, "can_seal": False},
        custody=viewing.custody(file),
        errors=errors or [],
        done="",
    )


@room.get(f"{_FILE}/view")
@requires(Permission.LICENSING)
def evidence_view(contact_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """What the open page shows; the line of custody is committed before the first byte leaves."""
    _must_have_reason(contact_id, evidence_id)
    file = _theirs(contact_id, evidence_id)
    if file.family in (None, Family.DOCUMENT):
        raise _not_open(evidence_id, EvidenceNotOpen(why="no_preview"))
    return _sent(file, WhyOpened.WORKING_ON_CONTACT, as_preview=file.preview, copy=False)


@room.get(f"{_FILE}/download")
@requires(Permission.LICENSING)
def evidence_download(contact_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """The file as it was sent, to keep: with a reason, and one line of custody for each copy."""
    _must_have_reason(contact_id, evidence_id)
    file = _theirs(contact_id, evidence_id)
    given = request.args.get("why", "")
    if given not in {code for code, _words in viewing.REASONS}:
        return _page(file, [{"text": "Choose why you need it", "href": "#download-why"}]), 400
    return _sent(file, WhyOpened(given), as_preview=False, copy=True)


def _must_have_reason(contact_id: UUID, evidence_id: UUID) -> None:
    if reason_to_open(contact_id, kind="file") is None:
        raise refused(evidence_id, why="no_reason_given", kind="file")


def _sent(file: EvidenceView, why: WhyOpened, *, as_preview: bool, copy: bool) -> Response:
    session, actor, now = database.session()(), current_agent().actor, clock.utcnow()
    try:
        if as_preview:
            content = evidence_viewing.open_preview(
                session, vault=vault(), evidence_id=file.id, actor=actor, why=why, now=now
            )
        else:
            content = evidence_viewing.open_original(
                session, vault=vault(), evidence_id=file.id, actor=actor, why=why, copy=copy, now=now
            )
    except (EvidenceNotOpen, Forbidden) as error:
        raise _not_open(file.id, error) from error
    commit_now()
    return send_bytes(content, as_copy=copy)


def _not_open(evidence_id: UUID, error: EvidenceNotOpen | Forbidden) -> EvidenceNotOpen | Forbidden:
    """Write the refusal down; it is committed though the answer is one (engineering 24)."""
    session = database.session()()
    session.rollback()
    why = error.why if isinstance(error, EvidenceNotOpen) else error.permission
    audit.record(session, Event.OPENING_REFUSED, at=clock.utcnow(), kind="file", why=why, asked_id=evidence_id)
    commit_anyway()
    return error
