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
from contact.domain.licensing.certificate_states import MOVES, CertificateEvent, CertificateState
from contact.domain.licensing.gun_states import GunState
from contact.domain.licensing.kinds import Kind, Licence
from contact.domain.licensing.letter_kinds import LetterKind
from contact.domain.licensing.renewal_clock import london_day
from contact.services import drafts as drafting
from contact.services.drafts import DraftView
from contact.services.keys import Keys
from contact.services.licensing import letters
from contact.services.licensing.letters import address_lines, spaced
from contact.store import certificates, drafts, outbox, renewal_codes
from contact.store.certificates import Certificate
from contact.store.identifiers import new_id
from contact.store.renewal_codes import RenewalCode

FORM = "firearms-certificate"
CODE_LASTS = dt.timedelta(minutes=30)
MOST_TRIES = 5
POST = "post"
WAYS = ("phone", "email", POST)
"""How a code may go. By post it goes as a letter that the licensing team prints."""
LETTER_LASTS = dt.timedelta(days=21)
LETTER_TRIES = 10
"""Tries of the words in one letter, whoever makes them; then a new letter is needed."""
LETTER_AGAIN = dt.timedelta(days=7)
"""A letter on its way is not written twice; after so long it may be lost."""
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


def letter_code(keys: Keys, code_id: UUID) -> str:
    """The four words of one letter, made as it is printed: no row holds them."""
    return keys.spoken(b"renewal letter" + code_id.bytes)


def post_code(session: Session, *, certificate_id: UUID, now: dt.datetime) -> UUID | None:
    """Write the letter with a code to the address held, for the worker; None while one is on its way.

    Raises NotFound.
    """
    held = certificates.lock(session, certificate_id=certificate_id)
    before = renewal_codes.find_live(session, certificate_id=certificate_id, now=now)
    if before is not None and now - before.made_at < LETTER_AGAIN:
        return None
    if before is not None:
        before.expires_at = now
    until = now + LETTER_LASTS
    row = RenewalCode(
        id=new_id(), certificate_id=held.id, force_id=held.force_id, made_at=now, expires_at=until, tries=0
    )
    renewal_codes.add(session, row)
    letters.about_certificate(
        session,
        certificate=held,
        kind=LetterKind.RENEWAL_CODE,
        now=now,
        extra={"number": "", "code_id": str(row.id), "until": london_day(until).isoformat()},
    )
    return row.id


def try_letter(
    session: Session, *, number: str, surname: str, born: dt.date, words: str, keys: Keys, now: dt.datetime
) -> Attempt | None:
    """What the words of a letter begin, once; None where they are wrong, old, used up or never were: always the same.

    Each try counts, before it is known whether the words are right.
    """
    found = renewal_codes.take_try(
        session,
        number_key=certificates.number_key(number),
        surname_key=certificates.surname_key(surname),
        born=born,
        most=LETTER_TRIES,
        now=now,
    )
    code_id = found.code_id if found is not None else _NOBODY
    sent = reference.normalise_code(letter_code(keys, code_id))
    right = hmac.compare_digest(reference.normalise_code(words), sent)
    if found is None or not right or not renewal_codes.use(session, code_id=code_id, now=now):
        return None
    return Attempt(id=code_id, certificate_id=found.certificate_id, force_id=found.force_id, asked_at=now)


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
    """The certificate, and its twin where that can be renewed, in the words of the form. Raises NotFound."""
    one = certificates.get(session, certificate_id=certificate_id)
    held = [
        each
        for each in certificates.list_pair(session, certificate=one)
        if each.id == one.id or (CertificateState(each.state), CertificateEvent.RENEW) in MOVES
    ]
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
    """As it was written where we granted it: a line each, the town last. From NFLMS it is one line with commas."""
    lines = address_lines(held.address)
    if "\n" not in held.address.strip():
        lines = [part for part in (", ".join(lines[:-1]), *lines[-1:]) if part]
    *street, town = lines or [""]
    line1, line2 = (street[0] if street else town), ", ".join(street[1:])
    return {"line1": line1, "line2": line2, "town": town, "postcode": spaced(held.postcode)}


def _is_taken(form: forms.Form, name: str, value: object, answers: dict[str, Any], now: dt.datetime) -> bool:
    question = next((each for each in form.questions if each.id == name), None)
    if question is None:
        return False
    return not forms.validate(question, forms.raw_from_value(question, value), now, answers).errors
