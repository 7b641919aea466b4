"""The certificate that an application is about, and what differs from it, in words for the officer's file."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from contact.domain.licensing.certificate_states import CertificateState
from contact.domain.licensing.gun_states import GunState
from contact.services.licensing.changes import Changed, against_register
from contact.services.licensing.file import File
from contact.web.licensing import certificate_words
from forms.phone import national_format

_WHAT = {
    "name": "Name",
    "address": "Address",
    "phone": "Telephone",
    "email": "Email",
    "gun_added": "Gun not on the certificate",
    "gun_gone": "Gun no longer named",
    "gun_changed": "Gun described differently",
}


def held(session: Session, file: File) -> dict[str, Any]:
    """What the card and its flags show."""
    found = against_register(session, application=file.application, answers=file.answers)
    return {
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


def _changed(each: Changed) -> dict[str, str]:
    was, now = each.was, each.now
    if each.what == "phone":
        was, now = (national_format(number) if number else "" for number in (was, now))
    return {"what": _WHAT[each.what], "was": was, "now": now}
