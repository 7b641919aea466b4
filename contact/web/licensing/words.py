"""Codes of an application in the words that officers use."""

from __future__ import annotations

from contact.domain.licensing.application_states import ApplicationEvent, ApplicationState
from contact.domain.licensing.kinds import Kind, Licence, PaymentStanding
from contact.domain.licensing.visits import VisitState

STATES = {
    ApplicationState.AWAITING_PAYMENT: "Waiting for payment",
    ApplicationState.SUBMITTED: "New",
    ApplicationState.RETURNED_INCOMPLETE: "Returned as incomplete",
    ApplicationState.VALIDATED: "Complete",
    ApplicationState.CHECKS: "Being checked",
    ApplicationState.VISIT_BOOKED: "Visit booked",
    ApplicationState.VISITED: "Visited",
    ApplicationState.RECOMMENDATION: "Ready to decide",
    ApplicationState.GRANTED: "Granted",
    ApplicationState.REFUSED: "Refused",
    ApplicationState.WITHDRAWN: "Withdrawn",
}
KINDS = {
    Kind.GRANT: "grant",
    Kind.RENEWAL: "renewal",
    Kind.VARIATION: "variation",
    Kind.REPLACEMENT: "replacement",
    Kind.CHANGE: "change of details",
    Kind.VISITOR_PERMIT: "visitor permit",
    Kind.TRANSFER_NOTICE: "notice of transfer",
    Kind.SURRENDER: "surrender",
    Kind.DEALER: "dealer registration",
}
LICENCES = {
    Licence.FIREARM: "Firearm",
    Licence.SHOTGUN: "Shotgun",
    Licence.COTERMINOUS: "Firearm and shotgun",
    Licence.AIR_WEAPON: "Air weapon",
    Licence.VISITOR_FIREARM: "Firearm",
    Licence.VISITOR_SHOTGUN: "Shotgun",
    Licence.DEALER: "Dealer",
}
PAYMENTS = {
    PaymentStanding.NOT_DUE: "Not due yet",
    PaymentStanding.DUE: "Asked for, not paid",
    PaymentStanding.PAID: "Paid",
    PaymentStanding.OWED_BACK: "Paid, held as owed back until the grant",
    PaymentStanding.REFUNDED: "Refunded",
}
WAITING = {
    "applicant": "the applicant",
    "gp": "the GP or doctor",
    "referee": "a referee",
    "records": "police records",
    "research": "open source research",
    "partner": "the partner",
    "household": "the household",
    "parent": "a parent or guardian",
}
VISITS = {
    VisitState.OFFERED: "Times offered",
    VisitState.NONE_SUITS: "No time suited: offer others",
    VisitState.BOOKED: "Booked",
    VisitState.VISITED: "Done",
    VisitState.MISSED: "Nobody was there",
    VisitState.CANCELLED: "Cancelled",
}
STEPS = {
    ApplicationEvent.SKIP_PAYMENT: "Take it on without payment",
    ApplicationEvent.COMPLETED: "What was missing has come",
    ApplicationEvent.VALIDATE: "Complete: accept it",
    ApplicationEvent.BEGIN_CHECKS: "Begin the checks",
}


def title(kind: str, licence: str) -> str:
    """`Shotgun renewal`, `Notice of transfer`."""
    words = KINDS.get(Kind(kind), kind)
    if kind in (Kind.CHANGE, Kind.TRANSFER_NOTICE, Kind.SURRENDER, Kind.DEALER):
        return words.capitalize()
    of_what = LICENCES.get(Licence(licence), "") if licence in set(Licence) else ""
    return f"{of_what} {words}".strip().capitalize()


def state(code: str) -> str:
    """Where it stands."""
    return STATES[ApplicationState(code)]


def payment(code: str) -> str:
    """How it stands with its fee."""
    return PAYMENTS[PaymentStanding(code)]


def visit(code: str) -> str:
    """How a visit stands."""
    return VISITS[VisitState(code)]


def waiting(code: str | None) -> str:
    """Who is awaited."""
    return WAITING.get(code or "", (code or "").replace("_", " "))
