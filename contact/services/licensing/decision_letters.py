"""Every decision has its letter, of every kind of application; so has what is missing where post was called safe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.licensing.certificate_states import IN_FORCE, CertificateState
from contact.domain.licensing.decisions import Missing
from contact.domain.licensing.kinds import Kind, Nation
from contact.domain.licensing.letter_kinds import GRANTED, LetterKind, appeal_of
from contact.domain.licensing.telling import ToldBy
from contact.services.licensing import letters, markers
from contact.services.licensing.letters import address_lines, spaced
from contact.store import applications, certificates, contacts
from contact.store.applications import Application
from contact.store.certificates import Certificate

Answers = Mapping[str, Any]


def granted(
    session: Session,
    *,
    contact_id: UUID,
    certificate_ids: Sequence[UUID],
    numbers: Sequence[str],
    made_by: UUID | None,
    now: dt.datetime,
) -> None:
    """Write the letter of a grant, in the decision's transaction. `numbers` are those that NFLMS gave.

    Of certificates that are granted or renewed each has its own, written with it; their practice is asked to mark.
    Raises NotFound.
    """
    application = applications.get(session, contact_id=contact_id)
    kind = Kind(application.kind)
    held = [certificates.get(session, certificate_id=each) for each in certificate_ids]
    if kind in (Kind.GRANT, Kind.RENEWAL):
        for each in held:
            markers.ask_to_set(session, certificate=each, contact_id=contact_id, made_by=made_by, now=now)
        if held:
            return
    extra = {"number": ", ".join(dict.fromkeys([each.number for each in held] or numbers))}
    if not extra["number"]:
        del extra["number"]  # what the applicant named stands
    letters.write(
        session,
        kind=GRANTED[kind],
        contact_id=contact_id,
        made_by=made_by,
        extra={**extra, **_particulars(session, application, held)},
        now=now,
    )


def refused(session: Session, *, contact_id: UUID, words: str, made_by: UUID | None, now: dt.datetime) -> None:
    """Write the letter of a refusal with the appeal that the law gives, if any; `words` are its reasons.

    A practice that we asked is told that nothing is held, where nothing is. Raises NotFound.
    """
    application = applications.get(session, contact_id=contact_id)
    appeal = appeal_of(Nation(application.nation), Kind(application.kind))
    letters.write(
        session,
        kind=LetterKind.REFUSAL,
        contact_id=contact_id,
        made_by=made_by,
        extra={"words": words, "appeal": appeal},
        now=now,
    )
    markers.application_over(session, contact_id=contact_id, made_by=made_by, now=now)


def withdrawn(
    session: Session, *, contact_id: UUID, words: str, told: ToldBy | None, made_by: UUID | None, now: dt.datetime
) -> None:
    """Say by letter that it is withdrawn, where letters are safe; the practice is told as after a refusal.

    The officer's words stand on the applicant's page as well. Raises NotFound.
    """
    if _by_letter(session, contact_id, told):
        letters.write(
            session, kind=LetterKind.WITHDRAWN, contact_id=contact_id, made_by=made_by, extra={"words": words}, now=now
        )
    markers.application_over(session, contact_id=contact_id, made_by=made_by, now=now)


def more_needed(
    session: Session,
    *,
    contact_id: UUID,
    missing: Sequence[Missing],
    words: str,
    told: ToldBy | None,
    made_by: UUID | None,
    now: dt.datetime,
) -> bool:
    """Ask by letter for what is missing, in the officer's words; answers whether one was written. Raises NotFound.

    Only where post is the way they called safe, or the officer says that they tell them by a letter: whoever else is
    at home may open it (practice 13). Where the officer says that no way is safe there is none.
    """
    if not _by_letter(session, contact_id, told):
        return False
    letters.write(
        session,
        kind=LetterKind.MORE_NEEDED,
        contact_id=contact_id,
        made_by=made_by,
        extra={"words": words, "missing": [each.value for each in missing]},
        now=now,
    )
    return True


def _by_letter(session: Session, contact_id: UUID, told: ToldBy | None) -> bool:
    """Whether a letter may tell them: post was called safe, or the officer says that they tell them by one."""
    by_post = contacts.get(session, contact_id=contact_id).safe_contact.get("how") == "post"
    return told is not ToldBy.NOBODY and (by_post or told is ToldBy.LETTER)


def _particulars(session: Session, application: Application, held: Sequence[Certificate]) -> dict[str, Any]:
    """A change goes to the new name and address; a surrender says whether the certificate is over."""
    if application.kind == Kind.SURRENDER:
        return {"over": any(CertificateState(each.state) not in IN_FORCE for each in held)}
    if application.kind != Kind.CHANGE:
        return {}
    sent = contacts.list_submissions(session, contact_id=application.contact_id)
    answers: Answers = sent[-1].answers if sent else {}
    changed, name, home = answers.get("changeOf") or [], answers.get("newName"), answers.get("newAddress")
    found: dict[str, Any] = {}
    if "name" in changed and isinstance(name, Mapping):
        found["to"] = " ".join(str(name.get(part) or "") for part in ("given", "surname")).strip()
    if "address" in changed and isinstance(home, Mapping):
        lines = [str(home.get(part) or "") for part in ("line1", "line2", "town")]
        found["address"] = [*address_lines("\n".join(lines) + "\n"), spaced(str(home.get("postcode") or ""))]
    return found
