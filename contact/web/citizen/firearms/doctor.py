"""The practice's link: the report straight to us, who wrote it, or that there is none (practice 25)."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.errors import LinkExpired
from contact.domain.evidence import MAX_FILES
from contact.domain.licensing.outsiders import ReportGiven
from contact.services import evidence, evidence_links
from contact.services.evidence import PRACTICE, LinkOwner
from contact.services.keys import Keys
from contact.services.licensing import medical
from contact.store.medical import Linked, Practice
from contact.web.citizen.blueprint import room, settings, wear
from contact.web.citizen.evidence import take_files
from contact.web.citizen.evidence_place import Place, shown
from contact.web.citizen.typed import typed
from contact.web.shared import clock, database
from contact.web.shared.access import proven, public
from contact.web.shared.frame import never_store
from contact.web.shared.language import current_language, gettext
from contact.web.shared.limits import limit
from contact.web.shared.proofs import opened_upload_link, prove_upload_link
from forms import worded_date

_PRACTICE = "/firearms/practice/<uuid:link_id>"
_LONGEST = 4000
_GMC = re.compile(r"[0-9]{7}")


@room.get("/firearms/doctor/<token>")
@public
def doctor(token: str) -> ResponseReturnValue:
    """What the link is for; looking uses nothing up and names no patient. Raises LinkExpired for none of ours."""
    return _cover(_linked(token), token)


def _linked(token: str) -> Linked:
    never_store()
    linked = medical.of_token(database.session()(), token=token)
    wear(linked.force_id)
    return linked


def _cover(linked: Linked, token: str) -> ResponseReturnValue:
    concern_url = url_for("citizen.doctor_concern", token=token)
    return render_template("citizen/firearms/doctor.html", linked=linked, concern_url=concern_url)


@room.get("/firearms/doctor/<token>/concern")
@public
def doctor_concern(token: str) -> ResponseReturnValue:
    """A box for what worries the practice, for as long as we keep the application."""
    _linked(token)
    return _concern("", "")


@room.post("/firearms/doctor/<token>/concern")
@public
def doctor_concern_send(token: str) -> ResponseReturnValue:
    """Keep it for the licensing team."""
    limit("upload_link", at_most=60, window=timedelta(hours=1))
    _linked(token)
    words = typed("body", _LONGEST)
    if not words:
        return _concern("", gettext("Write what worries you"))
    danger = medical.add_concern(
        database.session()(), token=token, body=words, keys=Keys.from_settings(settings()), now=clock.utcnow()
    )
    return redirect(url_for("citizen.doctor_concern", token=token, told=1, danger=1 if danger else None), 303)


def _concern(words: str, error: str) -> ResponseReturnValue:
    return render_template(
        "citizen/firearms/practice_concern.html",
        told="told" in request.args,
        danger="danger" in request.args,
        words=words,
        error=error,
    )


@room.post("/firearms/doctor/<token>")
@public
def open_doctor(token: str) -> ResponseReturnValue:
    """Open it, once; from here on this browser may send the report for twelve hours."""
    limit("upload_link", at_most=60, window=timedelta(hours=1))
    linked = _linked(token)
    if linked.over:
        return _cover(linked, token)
    link_id = opened_upload_link(token)
    if link_id is None:
        link_id = evidence_links.open_upload_link(database.session()(), token=token[:200], now=clock.utcnow())
        prove_upload_link(link_id, token)
    return redirect(url_for("citizen.practice", link_id=link_id), 303)


@room.get(_PRACTICE)
@proven
def practice(link_id: UUID) -> ResponseReturnValue:
    """Whose report it is, a place for it, and who wrote it."""
    asked = _asked(link_id)
    if asked.over:
        return _over()
    typed_before = {"doctor": asked.doctor or "", "gmc": asked.gmc_number or "", "given": asked.report_given or ""}
    return _page(link_id, asked, typed_before, {})


@room.post(_PRACTICE)
@proven
def practice_answer(link_id: UUID) -> ResponseReturnValue:
    """Keep what the practice says; it may be said anew while the link lives."""
    asked = _asked(link_id)
    if asked.over:
        return _over(), 410
    said = {"doctor": typed("doctor", 200), "gmc": typed("gmc", 20).replace(" ", ""), "given": typed("given", 40)}
    errors = _faults(said, has_files=bool(_files(link_id)))
    if errors:
        return _page(link_id, asked, said, errors)
    medical.answer(
        database.session()(),
        link_id=link_id,
        doctor=said["doctor"],
        gmc_number=said["gmc"],
        given=ReportGiven(said["given"]),
        now=clock.utcnow(),
    )
    return redirect(url_for("citizen.practice", link_id=link_id, thanks=1), 303)


def _over() -> str:
    """It is decided: nothing is needed any more. The link of the mail still takes a worry."""
    return render_template("citizen/firearms/doctor.html", linked=None, concern_url="")


def _faults(said: dict[str, str], *, has_files: bool) -> dict[str, str]:
    """What is wrong, by box. Who wrote the report is asked only where there is one."""
    wrong: dict[str, str] = {}
    if said["given"] not in set(ReportGiven):
        wrong["given"] = gettext("Choose what you can tell us about the report")
    elif said["given"] == ReportGiven.UPLOADED and not has_files:
        wrong["given"] = gettext("Add the report first, with the button above")
    if said["given"] in (ReportGiven.UPLOADED, ReportGiven.GIVEN_TO_PATIENT):
        if not said["doctor"]:
            wrong["doctor"] = gettext("Enter the name of the doctor who wrote the report")
        if not _GMC.fullmatch(said["gmc"]):
            wrong["gmc"] = gettext("Enter the doctor’s GMC number. It has 7 digits")
    return wrong


def _asked(link_id: UUID) -> Practice:
    never_store()
    asked = medical.of_link(database.session()(), link_id=link_id, now=clock.utcnow())
    wear(asked.force_id)
    return asked


def _files(link_id: UUID) -> list[evidence.UploadView]:
    files = evidence.list_files(database.session()(), owner=LinkOwner(link_id), now=clock.utcnow())
    return [each for each in files if each.arrived]


def _place(link_id: UUID) -> Place:
    """Where the report goes. Raises LinkExpired."""
    if _asked(link_id).over:
        raise LinkExpired
    return Place(
        owner=LinkOwner(link_id),
        question_id=PRACTICE,
        base=url_for("citizen.practice_files_add", link_id=link_id),
        page=url_for("citizen.practice", link_id=link_id),
        most=MAX_FILES,
        sensitive=False,  # what is said about pictures of a person means nothing to a surgery
    )


take_files("practice_files", f"{_PRACTICE}/files", _place)


def _page(link_id: UUID, asked: Practice, said: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    born = asked.applicant_born
    upload = shown(
        _place(link_id),
        left_out=gettext("The report goes straight to the licensing team. The patient does not see it here."),
    )
    faults = [{"text": text, "href": f"#{name}"} for name, text in errors.items()]
    if upload["error"]:
        faults.append({"text": upload["error"], "href": f"#{upload['id']}"})
    return render_template(
        "citizen/firearms/practice.html",
        patient=f"{asked.applicant_given or ''} {asked.applicant_surname or ''}".strip(),
        born=worded_date(born.isoformat(), current_language()) if born else "",
        practice=asked.practice,
        upload=upload,
        said=said,
        wrong={"given": "", "doctor": "", "gmc": "", **errors},
        errors=faults,
        thanks="thanks" in request.args,
    )
