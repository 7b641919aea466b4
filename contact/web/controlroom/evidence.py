"""One file for an agent: covered until it is opened, looked at, taken along with a reason, marked safe or sealed."""

from __future__ import annotations

from uuid import UUID

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission, may
from contact.domain.errors import EvidenceNotOpen, Forbidden
from contact.domain.events import Event
from contact.domain.evidence import Family, Sealing, WhyOpened
from contact.services import evidence_links, evidence_viewing
from contact.services.evidence_viewing import Content, EvidenceView
from contact.store import audit, contacts
from contact.web.controlroom.blueprint import room
from contact.web.controlroom.contact import page as contact_page
from contact.web.controlroom.opening import open_contact, reason_to_open, refused, still_theirs
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.evidence import viewing
from contact.web.shared.evidence.listing import link_text
from contact.web.shared.evidence.sending import send_bytes
from contact.web.shared.evidence_vault import vault
from contact.web.shared.filters import date_in_words
from contact.web.shared.headers import allow_media
from contact.web.shared.request_actor import current_agent
from contact.web.shared.transaction import commit_anyway, commit_now

_ONE = "/contacts/<uuid:contact_id>/files/<uuid:evidence_id>"


@room.get(_ONE)
@requires(Permission.SEE_QUEUE)
def evidence(contact_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """The file's page: covered, or open where it was asked to be."""
    if not open_contact(contact_id, kind="file"):
        return redirect(url_for("controlroom.contact", contact_id=contact_id))
    return _page(_theirs(contact_id, evidence_id))


def _theirs(contact_id: UUID, evidence_id: UUID) -> EvidenceView:
    """The file, where it hangs on that contact. Raises NotFound, after writing the refusal down."""
    found = evidence_viewing.list_for_contact(database.session()(), contact_id=contact_id)
    file = next((each for each in found if each.id == evidence_id), None)
    if file is None:
        raise refused(evidence_id, why="not_found_or_not_theirs", kind="file")
    return file


def _page(file: EvidenceView, errors: list[dict[str, str]] | None = None) -> str:
    is_open = "open" in request.args and not errors
    contact = contacts.get(database.session()(), contact_id=file.contact_id)
    stage = viewing.stage(file, sees_sealed=_on(contact, Permission.OPEN_SEALED), is_open=is_open)
    if stage["is_open"] and stage["family"] != Family.PICTURE.value:
        allow_media()
    return render_template(
        "controlroom/evidence/file.html",
        reference=contact.reference,
        back_url=url_for("controlroom.contact", contact_id=contact.id, _anchor="files"),
        file=viewing.facts(file),
        stage=stage,
        download=viewing.download(file, supervises=_on(contact, Permission.SUPERVISE)),
        marking=viewing.marking(file, works=_on(contact, Permission.WORK_CONTACTS)),
        custody=viewing.custody(file),
        errors=errors or [],
        done=viewing.DONE.get(request.args.get("done", "")),
    )


def _on(contact: contacts.Contact, permission: Permission) -> bool:
    actor = current_agent().actor
    return any(may(actor, permission, force_id) for force_id in contact.force_ids)


@room.get(f"{_ONE}/view")
@requires(Permission.SEE_QUEUE)
def evidence_view(contact_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """What the open page shows or plays; the line of custody is committed before the first byte leaves."""
    why = _reason(contact_id, evidence_id)
    file = _theirs(contact_id, evidence_id)
    if file.family in (None, Family.DOCUMENT):
        raise _not_open(evidence_id, EvidenceNotOpen(why="no_preview"))
    return _sent(file, WhyOpened.EVIDENCE_REVIEW if file.sealed else why, as_preview=file.preview, copy=False)


@room.get(f"{_ONE}/download")
@requires(Permission.WORK_CONTACTS)
def evidence_download(contact_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """The file as it was sent, to keep: with a reason, and one line of custody for each copy."""
    _reason(contact_id, evidence_id)
    file = _theirs(contact_id, evidence_id)
    given = request.args.get("why", "")
    if given not in {code for code, _words in viewing.REASONS}:
        return _page(file, [{"text": "Choose why you need it", "href": "#download-why"}]), 400
    return _sent(file, WhyOpened(given), as_preview=False, copy=True)


def _reason(contact_id: UUID, evidence_id: UUID) -> WhyOpened:
    """Why this agent opens it, drawn from their work (practice 16). Raises NotFound where none leads there."""
    justification = reason_to_open(contact_id, kind="file")
    if justification is None:
        raise refused(evidence_id, why="no_reason_given", kind="file")
    return WhyOpened.SUPERVISING if justification == "supervising" else WhyOpened.WORKING_ON_CONTACT


def _sent(file: EvidenceView, why: WhyOpened, *, as_preview: bool, copy: bool) -> Response:
    session, actor, now = database.session()(), current_agent().actor, clock.utcnow()
    content: Content
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


@room.post(f"{_ONE}/safe")
@requires(Permission.WORK_CONTACTS)
def evidence_safe(contact_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """A person has looked: it may be previewed from now on."""
    now, file = still_theirs(contact_id), _theirs(contact_id, evidence_id)
    evidence_viewing.mark_safe(database.session()(), evidence_id=file.id, actor=current_agent().actor, now=now)
    return _back(file, "safe")


@room.post(f"{_ONE}/seal")
@requires(Permission.WORK_CONTACTS)
def evidence_seal(contact_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """Indecent: sealed to a named role, with the reason; nothing unseals it."""
    now, file = still_theirs(contact_id), _theirs(contact_id, evidence_id)
    reason = request.form.get("reason", "")
    if reason not in {each.value for each in Sealing}:
        return _page(file, [{"text": "Choose what it is", "href": "#seal-reason"}]), 400
    evidence_viewing.mark_indecent(
        database.session()(),
        evidence_id=file.id,
        actor=current_agent().actor,
        reason=Sealing(reason),
        now=now,
    )
    return _back(file, "sealed")


def _back(file: EvidenceView, done: str) -> ResponseReturnValue:
    address = url_for("controlroom.evidence", contact_id=file.contact_id, evidence_id=file.id, done=done)
    return redirect(address, 303)


@room.post("/contacts/<uuid:contact_id>/ask-for-files")
@requires(Permission.WORK_CONTACTS)
def ask_for_files(contact_id: UUID) -> ResponseReturnValue:
    """Make a one-time link and show it, this once: it leaves only as the agent gives it, in a way called safe."""
    now = still_theirs(contact_id)
    actor = current_agent().actor
    token = evidence_links.make_upload_link(database.session()(), contact_id=contact_id, actor=actor, now=now)
    if not open_contact(contact_id):
        return redirect(url_for("controlroom.contact", contact_id=contact_id), 303)
    address = f"{current_app.config['CONTACT_PUBLIC_URL']}/files/{token}"
    link = {"address": address, "until": date_in_words(now + evidence_links.LASTS), "text": link_text(address)}
    return contact_page(contact_id, upload_link=link)
