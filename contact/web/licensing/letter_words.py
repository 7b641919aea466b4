"""Letters in words, for the list of those to print, for an application's file and for a certificate's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.licensing.gun_states import GunState
from contact.domain.licensing.letter_kinds import TO_PRACTICE, LetterKind, LetterState, Way, appeal_until
from contact.services.licensing import letters as letter_service
from contact.store import certificates, licensing_letters
from contact.store.licensing_letters import LicensingLetter
from contact.web.licensing.certificate_words import WAYS, day

_STATES = {
    LetterState.WAITING: "waits to be sent",
    LetterState.SENT: "sent",
    LetterState.RECEIVED: "received",
    LetterState.CANCELLED: "cancelled",
}


def line(session: Session, letter: LicensingLetter) -> dict[str, Any]:
    """One letter. `warnings`: what to see to before it leaves; `appeal`: the last day of an appeal, where it runs."""
    kind, facts = LetterKind(letter.kind), letter.facts
    return {
        "id": letter.id,
        "form": f"letter-{letter.id}",
        "kind": kind.label,
        "to": facts.get("to") or ("" if kind in TO_PRACTICE else "no name"),
        "about": _about(letter, kind),
        "way": WAYS[Way(letter.way)],
        "state": _STATES[LetterState(letter.state)],
        "made_at": letter.made_at,
        "sent_on": day(letter.sent_on) if letter.sent_on else "",
        "received_on": day(letter.received_on) if letter.received_on else "",
        "appeal": _appeal(letter, kind),
        "cancelled_for": facts.get("cancelled_for", ""),
        "found_where": facts.get("found_where", ""),
        "address": "\n".join(facts.get("address") or ()),
        "to_practice": kind in TO_PRACTICE,
        "practice": facts.get("to") or "",
        "may_print": letter_service.is_addressed(letter),
        "warnings": _warnings(session, letter, kind),
    }


def of_application(session: Session, *, contact_id: UUID) -> list[dict[str, Any]]:
    """All letters about one application, newest first."""
    return [line(session, each) for each in licensing_letters.list_for_contact(session, contact_id=contact_id)]


def _about(letter: LicensingLetter, kind: LetterKind) -> str:
    """What tells two letters to one person apart: never more than a number or a reference."""
    if kind in TO_PRACTICE and letter.facts.get("patient"):
        return f"about {letter.facts['patient']}"
    return str(letter.facts.get("reference") or letter.facts.get("number") or "")


def _appeal(letter: LicensingLetter, kind: LetterKind) -> str:
    until = appeal_until(kind, letter.received_on, letter.facts.get("appeal"))
    return day(until) if until else ""


def _warnings(session: Session, letter: LicensingLetter, kind: LetterKind) -> list[str]:
    if letter.state != LetterState.WAITING:
        return []
    said = []
    if letter.facts.get("no_safe_way") and kind not in TO_PRACTICE:
        said.append("No way to reach them is known to be safe. Find out before it leaves.")
    if kind is LetterKind.PRACTICE_CLEAR_MARKER and _guns_held(session, letter):
        said.append("Guns are still held on the certificate. Send it once they are collected.")
    if not letter_service.is_addressed(letter):
        said.append("Find the practice's postal address yourself. What the applicant typed is not used.")
    return said


def _guns_held(session: Session, letter: LicensingLetter) -> bool:
    if letter.certificate_id is None:
        return False
    guns = certificates.list_firearms(session, certificate_id=letter.certificate_id)
    return any(each.state == GunState.HELD for each in guns)
