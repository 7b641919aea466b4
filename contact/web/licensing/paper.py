"""An application that came by post: what stands on top of it typed in, the paper itself scanned (practice 24)."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.services.evidence import PAPER
from contact.services.keys import Keys
from contact.services.licensing import file as files
from contact.services.licensing import on_paper
from contact.services.licensing.on_paper import Entered, Paper
from contact.store import forces
from contact.store.identifiers import new_id
from contact.web.licensing.adding import added, in_words, take_file
from contact.web.licensing.application import ONE
from contact.web.licensing.application_page import Typed, head
from contact.web.licensing.blueprint import room
from contact.web.licensing.opening import open_application, still_theirs
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.filters import london
from contact.web.shared.request_actor import current_agent
from contact.web.shared.streamed_body import streams_body
from forms.phone import to_e164
from forms.validation.places import read_postcode
from forms.validation.words import read_email

_FORM = "paper"
_TEN_YEARS = dt.timedelta(days=3653)
_EARLIEST_BIRTH = dt.date(1900, 1, 1)
_SCANS = f"{ONE}/paper"
PAPERS = {
    Paper.FIREARM_GRANT: "Firearm certificate, grant",
    Paper.FIREARM_RENEWAL: "Firearm certificate, renewal",
    Paper.SHOTGUN_GRANT: "Shotgun certificate, grant",
    Paper.SHOTGUN_RENEWAL: "Shotgun certificate, renewal",
    Paper.BOTH_GRANT: "Both certificates, grants",
    Paper.BOTH_RENEWAL: "Both certificates, renewals",
    Paper.VARIATION_SWAP: "Variation, one gun for another",
    Paper.VARIATION_MORE: "Variation, more guns",
    Paper.REPLACEMENT_FIREARM: "Replacement of a firearm certificate",
    Paper.REPLACEMENT_SHOTGUN: "Replacement of a shotgun certificate",
    Paper.DEALER: "Dealer",
}
_NEEDED = {
    "given_name": "Enter the first name",
    "surname": "Enter the last name",
    "line": "Enter the first line of the address",
}


@room.get("/paper")
@requires(Permission.LICENSING)
def new_paper() -> ResponseReturnValue:
    """The empty page; nothing is stored before it is sent."""
    return _page(Typed(), _keys().ticket(new_id()))


@room.post("/paper")
@requires(Permission.LICENSING)
def enter_paper() -> ResponseReturnValue:
    """Open the application; sent twice it is one. What cannot be taken stays as it was typed."""
    contact_id = _keys().open_ticket(request.form.get("ticket", ""))
    entered, errors = _read()
    force_id = request.form.get("force", "")
    if force_id not in {code for code, _name in _forces()}:
        errors["force"] = "Choose the force"
    if errors or entered is None or contact_id is None:
        ticket = request.form.get("ticket", "") if contact_id else _keys().ticket(new_id())
        return _page(Typed(_FORM, request.form.to_dict(), {}, errors), ticket), 400
    on_paper.enter(
        database.session()(),
        contact_id=contact_id,
        force_id=force_id,
        entered=entered,
        officer=current_agent().actor,
        keys=_keys(),
        now=clock.utcnow(),
    )
    return redirect(url_for("licensing.paper_scans", contact_id=contact_id), 303)


def _read() -> tuple[Entered | None, dict[str, str]]:
    """What was typed, and what is wrong with it, by box."""
    said = {name: " ".join(value.split())[:200] for name, value in request.form.items()}
    paper = Paper(said["paper"]) if said.get("paper") in set(Paper) else None
    received, born, expires = (_day(said.get(name, "")) for name in ("received_on", "born", "expires"))
    today = london(clock.utcnow()).date()
    errors = {name: words for name, words in _NEEDED.items() if not said.get(name)}
    if received is None or not today - _TEN_YEARS <= received <= today:
        errors["received_on"] = "Enter the day it came, today or before, in the last ten years"
    if born is None or not _EARLIEST_BIRTH <= born < today:
        errors["born"] = "Enter the date of birth"
    errors |= _wrong_ways(said) | _wrong_certificate(paper, said, expires)
    if said.get("expires") and (expires is None or abs(expires - today) > _TEN_YEARS):
        errors["expires"] = "Enter the last day of the certificate, within ten years of today"
    if errors or paper is None or received is None or born is None:
        return None, errors
    return _entered(paper, received, born, expires, said), {}


def _wrong_ways(said: dict[str, str]) -> dict[str, str]:
    errors: dict[str, str] = {}
    if read_postcode(said.get("postcode", ""))[0] != "whole":
        errors["postcode"] = "Enter a full UK postcode, like CB7 4AB"
    if said.get("phone") and to_e164(said["phone"]) is None:
        errors["phone"] = "Enter a telephone number, like 07700 900123, or leave it out"
    if said.get("email") and not read_email(said["email"]):
        errors["email"] = "Enter an email address with an @ in it, or leave it out"
    return errors


def _wrong_certificate(paper: Paper | None, said: dict[str, str], expires: dt.date | None) -> dict[str, str]:
    if paper is None:
        return {"paper": "Choose what the paper asks for"}
    errors: dict[str, str] = {}
    if paper.renews and not said.get("certificate_number"):
        errors["certificate_number"] = "Enter the number of the certificate that is renewed"
    if paper.renews and expires is None:
        errors["expires"] = "Enter the last day of the certificate"
    if paper is Paper.BOTH_RENEWAL and not said.get("shotgun_number"):
        errors["shotgun_number"] = "Enter the number of the shotgun certificate"
    return errors


def _entered(paper: Paper, received: dt.date, born: dt.date, expires: dt.date | None, said: dict[str, str]) -> Entered:
    return Entered(
        paper=paper,
        received_on=received,
        given_name=said["given_name"],
        surname=said["surname"],
        born=born,
        line=said["line"],
        postcode=read_postcode(said["postcode"])[1],
        phone=to_e164(said.get("phone", "")) or "",
        email=said.get("email", ""),
        certificate_number=said.get("certificate_number", ""),
        shotgun_number=said.get("shotgun_number", "") if paper is Paper.BOTH_RENEWAL else "",
        expires=expires if paper.renews else None,
        welsh=said.get("language") == "cy",
    )


def _day(typed: str) -> dt.date | None:
    with suppress(ValueError):
        return dt.date.fromisoformat(typed)
    return None


def _page(typed: Typed, ticket: str) -> str:
    return render_template(
        "licensing/paper.html",
        typed=typed,
        ticket=ticket,
        forces=_forces(),
        papers=[(each.value, words) for each, words in PAPERS.items()],
        today=london(clock.utcnow()).date().isoformat(),
    )


def _forces() -> list[tuple[str, str]]:
    mine = current_agent().actor.licensing_forces
    return [(each.id, each.name) for each in forces.list_all(database.session()()) if each.id in mine]


def _keys() -> Keys:
    settings: Any = current_app.config["CONTACT_SETTINGS"]
    return Keys.from_settings(settings)


@room.get(_SCANS)
@requires(Permission.LICENSING)
def paper_scans(contact_id: UUID) -> ResponseReturnValue:
    """The scans so far, and the next."""
    if not open_application(contact_id):
        return redirect(url_for("licensing.application", contact_id=contact_id))
    file = files.load(database.session()(), contact_id=contact_id, agent_id=current_agent().id)
    return render_template(
        "licensing/add_files.html",
        heading="Scan of the paper",
        hint="The signed form, the photo, the doctor's report: whatever came. The licensing team alone sees it.",
        label="Add a scan or a photo of it",
        accept="application/pdf,image/*",
        camera=False,
        added=added(contact_id, PAPER),
        action=url_for("licensing.paper_scan_add", contact_id=contact_id),
        back_url=url_for("licensing.application", contact_id=contact_id),
        back_words=f"To the application {file.contact.reference}",
        fault=in_words(request.args.get("fault", "")),
        **head(file),
    )


@room.post(_SCANS)
@requires(Permission.LICENSING)
@streams_body
def paper_scan_add(contact_id: UUID) -> ResponseReturnValue:
    """Keep one scan; back to the page, which shows it or says what is wrong."""
    still_theirs(contact_id)
    fault = take_file(contact_id, PAPER)
    return redirect(url_for("licensing.paper_scans", contact_id=contact_id, fault=fault or None, _anchor="add"), 303)
