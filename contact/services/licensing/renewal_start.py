"""A renewal begins with what the certificate says, but only for whoever gives a code sent to what is held on it.

Whether a certificate exists shows nowhere: what is stored, deferred and answered is the same with and without one
(engineering 25). The web learns an id; what is held is read by the worker alone.
"""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import forms
from contact.domain import reference
from contact.domain.jobs import JobName
from contact.domain.licensing.gun_states import GunState
from contact.domain.licensing.kinds import Kind, Licence
from contact.services import drafts as drafting
from contact.services.drafts import DraftView
from contact.services.keys import Keys
from contact.store import certificates, drafts, outbox
from contact.store.certificates import Certificate
from contact.store.identifiers import new_id

FORM = "firearms-certificate"
CODE_LASTS = dt.timedelta(minutes=30)
MOST_TRIES = 5
WAYS = ("phone", "email")
"""How a code may go; by post it is the licensing team's to send."""
_NOBODY = UUID(int=0)
_KINDS = {Licence.FIREARM: "firearm", Licence.SHOTGUN: "shotgun"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, kept in the browser's session on our side. `certificate_id` is all zeros where nothing fits."""

    id: UUID
    certificate_id: UUID
    force_id: str
    asked_at: dt.datetime
    tries: int = 0


def ask(session: Session, *, number: str, surname: str, born: dt.date, way: str, now: dt.datetime) -> Attempt:
    """Let a code go to the phone or email held on the certificate that fits; one try like any other where none does."""
    found = certificates.find_to_renew(session, number=number, surname=surname, born=born)
    fits = found is not None and way in found.ways
    attempt = Attempt(
        id=new_id(),
        certificate_id=found.certificate_id if found is not None and fits else _NOBODY,
        force_id=found.force_id if found is not None and fits else "",
        asked_at=now,
    )
    outbox.defer(
        session, JobName.SEND_RENEWAL_CODE, attempt_id=attempt.id, certificate_id=attempt.certificate_id, way=way
    )
    return attempt


def code(keys: Keys, attempt_id: UUID) -> str:
    """The four words of one try."""
    return keys.spoken(b"renewal code" + attempt_id.bytes)


def is_right(attempt: Attempt, *, words: str, keys: Keys, now: dt.datetime) -> bool:
    """Whether these words were sent for this try, not too long ago and not guessed at too often."""
    same = hmac.compare_digest(reference.normalise_code(words), reference.normalise_code(code(keys, attempt.id)))
    lives = now - attempt.asked_at < CODE_LASTS and attempt.tries < MOST_TRIES
    return same and lives and attempt.certificate_id != _NOBODY


def begin(session: Session, *, attempt: Attempt, language: str, now: dt.datetime) -> DraftView:
    """Begin the draft of whoever gave the code; the worker writes into it what the certificate says."""
    draft = drafting.start(session, form_id=FORM, force_id=attempt.force_id, language=language, now=now)
    outbox.defer(session, JobName.PREFILL_RENEWAL, draft_id=draft.id, certificate_id=attempt.certificate_id)
    return draft


def prefill(session: Session, *, draft_id: UUID, certificate_id: UUID, now: dt.datetime) -> None:
    """Write what the certificate says into a draft, where nothing was answered meanwhile; for the worker.

    Only what the form itself would take: a gun whose kind has no code there is left for the person to write. Raises
    NotFound.
    """
    draft = drafts.get(session, draft_id=draft_id, lock=True)
    if draft.contact_id is not None:
        return
    form = drafting.form_version(session, sha256=draft.form_sha256)
    answers = dict(draft.answers)
    for name, value in held_answers(session, certificate_id=certificate_id).items():
        if name not in answers and _is_taken(form, name, value, answers, now):
            answers[name] = value
    draft.answers = answers
    session.flush()


def held_answers(session: Session, *, certificate_id: UUID) -> dict[str, Any]:
    """The certificate, and its coterminous twin, in the words of the form. Raises NotFound."""
    held = certificates.list_pair(session, certificate=certificates.get(session, certificate_id=certificate_id))
    one = held[0]
    kinds = [kind for each in held if (kind := _KINDS.get(Licence(each.kind)))]
    answers: dict[str, Any] = {
        "licences": Licence.COTERMINOUS.value if len(kinds) == 2 else (kinds or [""])[0],
        "reporterName": {"given": one.given_name, "surname": one.surname},
        "dateOfBirth": one.born.isoformat() if one.born else "",
        "homeAddress": _address(one),
        "phone": one.phone_e164 or "",
        "email": one.email or "",
    }
    for each in held:
        if kind := _KINDS.get(Licence(each.kind)):
            answers |= _of_kind(session, kind, each)
    return {name: value for name, value in answers.items() if value}


def _of_kind(session: Session, kind: str, held: Certificate) -> dict[str, Any]:
    guns = [
        {"type": gun.type, "action": gun.action, "calibre": gun.calibre, "make": gun.make, "serial": gun.serial or ""}
        for gun in certificates.list_firearms(session, certificate_id=held.id)
        if gun.state == GunState.HELD
    ]
    rows = "gunsHeld" if kind == "firearm" else "shotgunsHeld"
    if kind == "shotgun":
        guns = [{"bore" if name == "calibre" else name: said for name, said in gun.items()} for gun in guns]
        guns = [{name: said for name, said in gun.items() if name != "action"} for gun in guns]
    return {
        f"{kind}Kind": Kind.RENEWAL.value,
        f"{kind}CertificateNumber": held.number,
        f"{kind}Expiry": held.expires.isoformat(),
        f"{rows}Any": "yes" if guns else "",
        rows: [{name: said for name, said in gun.items() if said} for gun in guns],
    }


def _address(held: Certificate) -> dict[str, str]:
    """The register holds one line: what stands behind its last comma is the town."""
    street, _, town = held.address.rpartition(",")
    return {"line1": street.strip() or town.strip(), "line2": "", "town": town.strip(), "postcode": held.postcode}


def _is_taken(form: forms.Form, name: str, value: object, answers: dict[str, Any], now: dt.datetime) -> bool:
    question = next((each for each in form.questions if each.id == name), None)
    if question is None:
        return False
    return not forms.validate(question, forms.raw_from_value(question, value), now, answers).errors
