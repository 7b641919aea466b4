"""Referees, the doctor's report and the fee in words for the file; nothing here is ever in the applicant's view."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from contact.domain.licensing.outsiders import GmcStanding, RefereeFlag, RefereeState, ReportGiven, ReportStanding, Role
from contact.domain.money import to_the_penny
from contact.services.licensing import medical, referees
from contact.services.licensing.file import File
from contact.services.licensing.medical import RequestView
from contact.services.licensing.referees import WANTS_CODE, RefereeView
from contact.services.payments import view
from contact.services.payments.standing import FREE, OtherWay
from contact.web.licensing import letter_words, words
from forms.phone import national_format

_REFEREES = {
    RefereeState.HELD: "Not asked: look at the flags",
    RefereeState.ASKED: "No answer yet",
    RefereeState.CONFIRMED: "Confirmed who they are",
    RefereeState.ANSWERED: "Answered",
    RefereeState.DECLINED: "Does not want to",
}
_PARENTS = {
    RefereeState.HELD: "Not asked by link: look at the flags",
    RefereeState.ASKED: "Asked by link, no answer yet",
    RefereeState.CONFIRMED: "Opened the link with the words sent to them",
    RefereeState.ANSWERED: "Agrees, by the link",
    RefereeState.DECLINED: "Does not agree, by the link",
}
_FLAGS = {
    RefereeFlag.NO_EMAIL: "No email address",
    RefereeFlag.NO_PHONE: "No telephone number",
    RefereeFlag.APPLICANT_EMAIL: "The applicant's own email address",
    RefereeFlag.APPLICANT_PHONE: "The applicant's own telephone number",
    RefereeFlag.SAME_ADDRESS: "The applicant's own address",
    RefereeFlag.IS_APPLICANT: "It is the applicant",
    RefereeFlag.SAME_AS_OTHER: "The same as the other referee",
    RefereeFlag.UNDER_2_YEARS: "Has known them for less than two years",
    RefereeFlag.SAME_NETWORK: "Answered from the applicant's network",
    RefereeFlag.SAME_DEVICE: "Answered from the applicant's device",
}
_REPORT = {
    ReportStanding.NONE: "No report yet",
    ReportStanding.UNVERIFIED: "From the applicant, not verified until the practice confirms it",
    ReportStanding.FROM_PRACTICE: "Sent by the practice itself",
    ReportStanding.CONFIRMED: "From the applicant, and the practice confirms it",
}
GMC = {
    GmcStanding.IN_ORDER: "In order in the GMC's register",
    GmcStanding.NOT_FOUND: "Not found in the GMC's register",
    GmcStanding.NOT_IN_ORDER: "In the GMC's register, and not in order",
}

_GIVEN = {
    ReportGiven.UPLOADED: "They sent the report by the link",
    ReportGiven.GIVEN_TO_PATIENT: "They wrote one and gave it to the patient",
    ReportGiven.NOT_WRITTEN: "They will not write one",
    ReportGiven.NOT_PATIENT: "Not a patient of theirs",
}
WAYS = {
    OtherWay.COUNTER: "At a counter",
    OtherWay.CHEQUE: "By cheque",
    OtherWay.TRANSFER: "By bank transfer",
    OtherWay.TELEPHONE: "By telephone",
}


def outsiders(session: Session, file: File, *, now: dt.datetime) -> dict[str, Any]:
    """What the cards of the file show."""
    report = medical.for_officer(session, contact_id=file.contact.id)
    return {
        "referees": [_referee(each) for each in referees.list_for_officer(session, contact_id=file.contact.id)],
        "parents": [
            _referee(each, _PARENTS)
            for each in referees.list_for_officer(session, contact_id=file.contact.id, role=Role.PARENT)
        ],
        "report": _REPORT[report.standing],
        "practice_concerns": report.concerns,
        "requests": [_request(each, now) for each in report.requests],
        "report_files": [
            (each.id, f"Report from the practice, file {number}") for number, each in enumerate(report.files, 1)
        ],
        "letters": letter_words.of_application(session, contact_id=file.contact.id),
        "gmc": [(each.value, said) for each, said in GMC.items()],
        "fee": _fee(session, file, now),
    }


def _referee(each: RefereeView, states: Mapping[RefereeState, str] = _REFEREES) -> dict[str, Any]:
    return {
        "id": each.id,
        "name": each.name,
        "state": states[each.state],
        "answered_at": each.answered_at,
        "telephone": national_format(each.phone_e164) if each.phone_e164 else "",
        "flags": [_FLAGS[flag] for flag in each.flags],
        "answers": each.answers,
        "concerns": each.concerns,
        "asked_at": each.asked_at,
        "spoken_at": each.spoken_at,
        "spoken_note": each.spoken_note,
        "wants_code": each.state in WANTS_CODE and each.asked_at is not None,
        "may_ask": each.state in (RefereeState.HELD, RefereeState.ASKED, RefereeState.CONFIRMED) and bool(each.email),
    }


def _request(each: RequestView, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": each.id,
        "practice": each.practice,
        "found_where": each.found_where,
        "asked_at": each.asked_at,
        "doctor": each.doctor,
        "gmc_number": each.gmc_number,
        "gmc": GMC[each.gmc_standing] if each.gmc_standing else "",
        "said": _GIVEN[each.report_given] if each.report_given else "",
        "told_at": each.told_at,
        "ended": each.told_at is None and each.expires_at <= now,
    }


def _fee(session: Session, file: File, now: dt.datetime) -> dict[str, Any]:
    found = view.of_application(session, contact_id=file.contact.id, now=now)
    paid = found.paid or found.last_paid
    return {
        "words": words.payment(found.standing.value),
        "sum": "" if found.pence is None else to_the_penny(found.pence),
        "basis": found.legal_basis,
        "paid_at": paid.paid_at if paid else None,
        "refunds": [f"{to_the_penny(each.pence)}: {each.state.value.replace('_', ' ')}" for each in paid.refunds]
        if paid
        else [],
        "may_be_paid": found.standing.value in ("not_due", "due", "refunded")
        and bool(found.pence)
        and file.application.state not in FREE,
        "ways": [(way.value, said) for way, said in WAYS.items()],
        "may_ask": found.standing.value in ("not_due", "refunded")
        and found.pence is not None
        and file.application.state not in FREE,
    }
