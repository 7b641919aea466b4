"""The certificate that an application is about, and what differs from it, in words for the officer's file."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from contact.domain.licensing.certificate_states import CertificateState
from contact.domain.licensing.gun_states import GunState
from contact.services.licensing import linking
from contact.services.licensing.changes import Changed, against_register
from contact.services.licensing.file import File
from contact.services.licensing.linking import Named, Standing
from contact.web.licensing import certificate_words
from forms.phone import national_format

_WHAT = {
    "name": "Name",
    "born": "Date of birth",
    "expiry": "Last day of the certificate",
    "address": "Address",
    "phone": "Telephone",
    "email": "Email",
    "gun_added": "Gun not on the certificate",
    "gun_gone": "Gun no longer named",
    "gun_changed": "Gun described differently",
}


IN_TIME = {True: "In time: yes", False: "In time: no", None: "No expiry to keep"}
_UNFIT = {
    Standing.NOT_THEIRS: "stands on our register, but not with this applicant's {differs}. Nothing is joined to it",
    Standing.TAKEN_OFF: "was taken off this application by an officer",
    Standing.UNKNOWN: "is not on our copy of the register",
}
_DIFFERS = {"born": "date of birth", "surname": "last name"}


def held(session: Session, file: File) -> dict[str, Any]:
    """What the card and its flags show."""
    found = against_register(session, application=file.application, answers=file.answers)
    return {
        "in_time": IN_TIME[found.in_time],
        "unfit": [_unfit(each) for each in found.unfit],
        "link_kinds": [(each, certificate_words.kind(each)) for each in linking.kinds_of(file.application)],
        "held": [
            {
                "id": each.id,
                "name": f"{certificate_words.kind(each.kind)} {each.number}",
                "state": CertificateState(each.state).label,
                "expires": certificate_words.day(_expires(each.expires, each.extended_until)),
            }
            for each in found.certificates
        ],
        "changed": [_changed(each) for each in found.changed],
        "registered": [
            {
                "gun": each.gun,
                "forces": ", ".join(
                    sorted(
                        {
                            f"{file.force_names.get(one.force_id, one.force_id)} ({GunState(one.state).label.lower()})"
                            for one in each.elsewhere
                        }
                    )
                ),
            }
            for each in found.registered
        ],
    }


def _expires(day: dt.date, extended: dt.date | None) -> dt.date:
    return extended or day


def _unfit(each: Named) -> dict[str, Any]:
    return {
        "number": each.number,
        "kind": certificate_words.kind(each.kind) if each.kind else "Certificate",
        "words": _UNFIT[each.standing].format(differs=_DIFFERS.get(each.differs, "particulars")),
        "flagged": each.standing is Standing.NOT_THEIRS,
    }


def _changed(each: Changed) -> dict[str, str]:
    was, now = each.was, each.now
    if each.what == "phone":
        was, now = (national_format(number) if number else "" for number in (was, now))
    if each.what in ("born", "expiry"):
        was, now = (certificate_words.day(dt.date.fromisoformat(day)) for day in (was, now))
    return {"what": _WHAT[each.what], "was": was, "now": now}
