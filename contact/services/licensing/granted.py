"""What every step of one grant needs, read once: the application, its last answers, and what NFLMS said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor
from contact.domain.errors import MoveNotAllowed
from contact.domain.licensing.certificate_states import CertificateEvent
from contact.domain.licensing.decisions import Nflms, NflmsNeeded
from contact.services.licensing import certificates as register
from contact.store import applications, contacts
from contact.store.applications import Application
from contact.store.certificates import Certificate


@dataclass(frozen=True, slots=True)
class Granted:
    """One grant. `reference` is the application's, which the history of a certificate names."""

    application: Application
    reference: str
    answers: Mapping[str, Any]
    actor: Actor
    nflms: Nflms
    now: dt.datetime

    def rows(self, question_id: str) -> list[Mapping[str, Any]]:
        """The rows of an answer; none where it was not asked or not answered."""
        found = self.answers.get(question_id)
        return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []

    def listed(self, question_id: str) -> list[str]:
        """The codes of an answer with several, or the one of an answer with one."""
        found = self.answers.get(question_id)
        return [str(each) for each in found] if isinstance(found, list) else [str(found or "")]

    def said(self, question_id: str) -> str:
        """The answer in words or as its code; empty where there is none."""
        return str(self.answers.get(question_id) or "").strip()


def granted_by(session: Session, *, contact_id: UUID, actor: Actor, nflms: Nflms, now: dt.datetime) -> Granted:
    """Read what was asked for. Raises NotFound."""
    application = applications.get(session, contact_id=contact_id)
    contact = contacts.get(session, contact_id=contact_id)
    sent = contacts.list_submissions(session, contact_id=contact_id)
    return Granted(application, contact.reference, sent[-1].answers if sent else {}, actor, nflms, now)


def move(session: Session, given: Granted, certificate: Certificate, event: CertificateEvent, reason: str) -> None:
    """Move a locked certificate by its table, with what NFLMS said. Raises NflmsNeeded where it cannot move so."""
    try:
        register.move(
            session,
            certificate=certificate,
            event=event,
            now=given.now,
            actor=given.actor,
            reason=f"{given.reference}. {reason}",
            nflms=given.nflms,
        )
    except MoveNotAllowed:
        raise NflmsNeeded(field="certificates", reason="state") from None
