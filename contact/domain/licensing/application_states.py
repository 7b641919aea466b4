"""Which moves an application may make, and the few words the public sees of it: tables, and nothing outside them."""

from __future__ import annotations

from enum import StrEnum

from contact.domain.errors import MoveNotAllowed


class ApplicationState(StrEnum):
    """Where an application stands with the licensing team. Before it is sent it is a draft."""

    AWAITING_PAYMENT = "awaiting_payment"  # only where the force collects first
    SUBMITTED = "submitted"
    RETURNED_INCOMPLETE = "returned_incomplete"
    VALIDATED = "validated"
    CHECKS = "checks"
    VISIT_BOOKED = "visit_booked"
    VISITED = "visited"
    RECOMMENDATION = "recommendation"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ApplicationEvent(StrEnum):
    """What can happen to an application."""

    PAID = "paid"  # the money came in, whenever it does
    SKIP_PAYMENT = "skip_payment"  # an officer takes it on without: another way to pay, or none due
    RETURN = "return"  # something is missing: medical, photo, referee, payment, signature
    COMPLETED = "completed"  # the applicant sent what was missing
    VALIDATE = "validate"
    BEGIN_CHECKS = "begin_checks"
    BOOK_VISIT = "book_visit"
    CANCEL_VISIT = "cancel_visit"
    VISITED = "visited"
    RECOMMEND = "recommend"
    SEND_BACK = "send_back"  # the decider wants more before deciding
    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"  # recorded by an officer when the applicant asks: no button closes by itself (practice 5)


_S, _E = ApplicationState, ApplicationEvent
OPEN_STATES = frozenset(_S) - {_S.GRANTED, _S.REFUSED, _S.WITHDRAWN}

MOVES: dict[tuple[ApplicationState, ApplicationEvent], ApplicationState] = {
    (_S.AWAITING_PAYMENT, _E.PAID): _S.SUBMITTED,
    (_S.AWAITING_PAYMENT, _E.SKIP_PAYMENT): _S.SUBMITTED,
    (_S.SUBMITTED, _E.RETURN): _S.RETURNED_INCOMPLETE,
    (_S.SUBMITTED, _E.VALIDATE): _S.VALIDATED,
    (_S.RETURNED_INCOMPLETE, _E.COMPLETED): _S.SUBMITTED,
    (_S.RETURNED_INCOMPLETE, _E.VALIDATE): _S.VALIDATED,
    (_S.VALIDATED, _E.BEGIN_CHECKS): _S.CHECKS,
    (_S.VALIDATED, _E.RETURN): _S.RETURNED_INCOMPLETE,
    (_S.CHECKS, _E.RETURN): _S.RETURNED_INCOMPLETE,
    (_S.CHECKS, _E.BOOK_VISIT): _S.VISIT_BOOKED,
    # Not every kind of application needs a visit; whether this one does is an officer's decision.
    (_S.CHECKS, _E.RECOMMEND): _S.RECOMMENDATION,
    (_S.VISIT_BOOKED, _E.CANCEL_VISIT): _S.CHECKS,
    (_S.VISIT_BOOKED, _E.BOOK_VISIT): _S.VISIT_BOOKED,
    (_S.VISIT_BOOKED, _E.VISITED): _S.VISITED,
    (_S.VISITED, _E.BOOK_VISIT): _S.VISIT_BOOKED,
    (_S.VISITED, _E.RECOMMEND): _S.RECOMMENDATION,
    (_S.RECOMMENDATION, _E.SEND_BACK): _S.CHECKS,
    (_S.RECOMMENDATION, _E.GRANT): _S.GRANTED,
    (_S.RECOMMENDATION, _E.REFUSE): _S.REFUSED,
    **{(state, _E.WITHDRAW): _S.WITHDRAWN for state in OPEN_STATES},
    # Money may come in, late or early, at any time: it moves nothing but the state that waits for it.
    **{(state, _E.PAID): state for state in _S if state is not _S.AWAITING_PAYMENT},
}


class PublicState(StrEnum):
    """What the applicant's page may say; never medical, referee or intelligence states."""

    RECEIVED = "received"
    BEING_CHECKED = "being_checked"
    VISIT_ARRANGED = "visit_arranged"
    DECIDED = "decided"
    ACTION_NEEDED = "action_needed"


_PUBLIC = {
    _S.AWAITING_PAYMENT: PublicState.ACTION_NEEDED,
    _S.SUBMITTED: PublicState.RECEIVED,
    _S.RETURNED_INCOMPLETE: PublicState.ACTION_NEEDED,
    _S.VALIDATED: PublicState.BEING_CHECKED,
    _S.CHECKS: PublicState.BEING_CHECKED,
    _S.VISIT_BOOKED: PublicState.VISIT_ARRANGED,
    _S.VISITED: PublicState.BEING_CHECKED,
    _S.RECOMMENDATION: PublicState.BEING_CHECKED,
    _S.GRANTED: PublicState.DECIDED,
    _S.REFUSED: PublicState.DECIDED,
    _S.WITHDRAWN: PublicState.DECIDED,
}


def next_state(state: ApplicationState, event: ApplicationEvent) -> ApplicationState:
    """Answer the application's state after `event`; raises MoveNotAllowed for every pair not in the table."""
    try:
        return MOVES[state, event]
    except KeyError:
        raise MoveNotAllowed(state=state.value, move=event.value) from None


def ensure_open(state: ApplicationState, move: str) -> None:
    """Raises MoveNotAllowed for what is asked of somebody after the decision."""
    if state not in OPEN_STATES:
        raise MoveNotAllowed(state=state.value, move=move)


def public_state(state: ApplicationState) -> PublicState:
    """What the applicant is told of a state."""
    return _PUBLIC[state]
