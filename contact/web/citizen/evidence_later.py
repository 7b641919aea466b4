"""Files that come after the report: from its progress page, or by a one-time link; neutral words, and nothing shown."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contact.domain.errors import LinkExpired
from contact.domain.evidence import MAX_FILES
from contact.domain.queueing import reopens
from contact.services import evidence, evidence_links
from contact.services.evidence import LATER, ContactOwner, LinkOwner
from contact.store import contacts
from contact.store.contacts import Contact
from contact.web.citizen.blueprint import room, wear
from contact.web.citizen.evidence import take_files
from contact.web.citizen.evidence_place import Place, shown
from contact.web.citizen.progress import opened_report
from contact.web.shared import clock, database
from contact.web.shared.access import proven, public
from contact.web.shared.frame import never_store, show_exit
from contact.web.shared.language import gettext
from contact.web.shared.limits import limit
from contact.web.shared.proofs import opened_upload_link, prove_upload_link


def _place_of_report(reference: str) -> Place:
    """The place of a proven report. Raises NotProven while it waits for the safe word."""
    report = opened_report(reference)
    contact = contacts.get(database.session()(), contact_id=report.contact_id)
    page = url_for("citizen.progress_files", reference=reference)
    base = url_for("citizen.report_files_add", reference=reference)
    return _place(contact, ContactOwner(contact.id), page, base)


def _place_of_link(link_id: UUID) -> Place:
    """The place of a link that this browser opened. Raises LinkExpired once it ended."""
    session = database.session()()
    _, contact_id, _ = evidence.speak_for(session, LinkOwner(link_id), now=clock.utcnow())
    if contact_id is None:
        raise LinkExpired
    contact = contacts.get(session, contact_id=contact_id)
    page = url_for("citizen.link_files", link_id=link_id)
    return _place(contact, LinkOwner(link_id), page, url_for("citizen.link_files_add", link_id=link_id))


def _place(contact: Contact, owner: ContactOwner | LinkOwner, page: str, base: str) -> Place:
    wear(contact.force_id)
    if contact.sensitive:
        show_exit()
    return Place(
        owner=owner,
        question_id=LATER,
        base=base,
        page=page,
        most=MAX_FILES,
        sensitive=contact.sensitive,
        closed=contact.closed_at is not None and not reopens(closed_at=contact.closed_at, message_at=clock.utcnow()),
    )


take_files("report_files", "/progress/<reference>/files/sent", _place_of_report)
take_files("link_files", "/files/for/<uuid:link_id>/sent", _place_of_link)


@room.get("/progress/<reference>/files")
@proven
def progress_files(reference: str) -> ResponseReturnValue:
    """Send us more: once signed in at progress, no link is needed."""
    return _page(_place_of_report(reference), back_url=url_for("citizen.progress", reference=reference))


@room.get("/files/<token>")
@public
def upload_link(token: str) -> ResponseReturnValue:
    """A link that was sent: looking at it uses nothing up, since mail programs look too."""
    never_store()
    return render_template("citizen/evidence/link.html")


@room.post("/files/<token>")
@public
def open_upload_link(token: str) -> ResponseReturnValue:
    """Open it, once; from here on this browser may add files for twelve hours. Pressed twice, it opened once."""
    limit("upload_link", at_most=60, window=timedelta(hours=1))
    link_id = opened_upload_link(token) or _open(token)
    return redirect(url_for("citizen.link_files", link_id=link_id), 303)


def _open(token: str) -> UUID:
    link_id = evidence_links.open_upload_link(database.session()(), token=token[:200], now=clock.utcnow())
    prove_upload_link(link_id, token)
    return link_id


@room.get("/files/for/<uuid:link_id>")
@proven
def link_files(link_id: UUID) -> ResponseReturnValue:
    """Add files, and see those that came by this link; nothing else of the report."""
    never_store()
    return _page(_place_of_link(link_id), back_url="")


def _page(place: Place, *, back_url: str) -> ResponseReturnValue:
    gone = gettext("They go to the people who deal with your report. You cannot take back a file once it is here.")
    upload = shown(place, left_out=gone)
    return render_template(
        "citizen/evidence/later.html",
        upload=upload,
        back_url=back_url,
        errors=[{"text": upload["error"], "href": f"#{upload['id']}"}] if upload["error"] else [],
    )
