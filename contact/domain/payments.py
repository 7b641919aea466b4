"""Where a payment, a dispute and a refund stand, and what moves them: tables in which every pair has an answer.

Providers tell things late, twice and in any order: a word that comes too late moves nothing, and only money that the
provider's own books show makes a payment paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from contact.domain.errors import MoveNotAllowed

CURRENCY = "gbp"
LEAST_PENCE = 30
"""The provider takes nothing smaller."""
PAGE_OPEN_FOR = timedelta(minutes=60)
"""How long a payment page waits; the provider allows 30 minutes to 24 hours."""
SAME_KEY_FOR = timedelta(hours=23)
"""The provider remembers an idempotency key for a day; an older row that never got its page never had one."""


class PaymentState(StrEnum):
    """One try at paying a fee."""

    CREATED = "created"  # our row is committed; whether the provider knows of it is not known yet
    OPEN = "open"  # its page waits for the payer
    PROCESSING = "processing"  # the payer is done, the money is not there yet
    PAID = "paid"
    QUERIED = "queried"  # money came that is not what was asked for: a person looks at it
    RETURNED = "returned"  # a person decided that such money goes back
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class PaymentEvent(StrEnum):
    """What was learnt about it."""

    PAGE_MADE = "page_made"
    UNPAID_YET = "unpaid_yet"
    MONEY_ARRIVED = "money_arrived"  # the provider's books show exactly what was asked for
    MONEY_DIFFERS = "money_differs"  # they show another amount or currency
    MONEY_FAILED = "money_failed"  # a slow way to pay did not go through
    RAN_OUT = "ran_out"
    CALLED_OFF = "called_off"  # we closed its page
    ACCEPTED = "accepted"  # a finance officer takes what came as the fee
    SENT_BACK = "sent_back"  # a finance officer sends what came back


UNDER_WAY = frozenset({PaymentState.CREATED, PaymentState.OPEN, PaymentState.PROCESSING})
"""Of these an application has one at most."""
HAVE_MONEY = frozenset({PaymentState.PAID, PaymentState.RETURNED})
"""Of these money is in the books under the payment, and may go back."""
OPEN_STATES = UNDER_WAY | {PaymentState.QUERIED}
"""While a payment is in one of these, no second one is begun for its application."""

_S, _E = PaymentState, PaymentEvent
_MONEY = {_E.MONEY_ARRIVED: _S.PAID, _E.MONEY_DIFFERS: _S.QUERIED}
_ENDS = {_E.MONEY_FAILED: _S.FAILED, _E.RAN_OUT: _S.EXPIRED, _E.CALLED_OFF: _S.CANCELLED}

_MOVES: dict[PaymentState, dict[PaymentEvent, PaymentState]] = {
    _S.CREATED: {_E.PAGE_MADE: _S.OPEN, _E.UNPAID_YET: _S.PROCESSING, **_MONEY, **_ENDS},
    _S.OPEN: {_E.UNPAID_YET: _S.PROCESSING, **_MONEY, **_ENDS},
    # A page that was completed neither runs out nor can be called off: such a word is about an earlier moment.
    _S.PROCESSING: {_E.MONEY_FAILED: _S.FAILED, **_MONEY},
    _S.PAID: {},
    _S.QUERIED: {_E.ACCEPTED: _S.PAID, _E.SENT_BACK: _S.RETURNED},
    _S.RETURNED: {},
    # Over, and yet: money that is there is there, whatever was said before.
    _S.FAILED: _MONEY,
    _S.EXPIRED: _MONEY,
    _S.CANCELLED: _MONEY,
}


def next_state(state: PaymentState, event: PaymentEvent) -> PaymentState:
    """The state after `event`; the same where the event is old news."""
    return _MOVES[state].get(event, state)


class DisputeState(StrEnum):
    """Whether the payer's bank asks the money back."""

    NONE = "none"
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class DisputeEvent(StrEnum):
    """What was learnt about a dispute."""

    OPENED = "opened"
    WON = "won"
    LOST = "lost"


_DISPUTES = {
    (DisputeState.NONE, DisputeEvent.OPENED): DisputeState.OPEN,
    (DisputeState.NONE, DisputeEvent.WON): DisputeState.WON,  # its opening is still on the way
    (DisputeState.NONE, DisputeEvent.LOST): DisputeState.LOST,
    (DisputeState.OPEN, DisputeEvent.WON): DisputeState.WON,
    (DisputeState.OPEN, DisputeEvent.LOST): DisputeState.LOST,
}


def next_dispute(state: DisputeState, event: DisputeEvent) -> DisputeState:
    """The dispute's state after `event`; one that was decided stays so."""
    return _DISPUTES.get((state, event), state)


class RefundReason(StrEnum):
    """Why money goes back."""

    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    OVERCHARGED = "overcharged"
    GRANT_TO_RENEWAL = "grant_to_renewal"
    OTHER = "other"


UNASKED = frozenset({RefundReason.REFUSED, RefundReason.WITHDRAWN, RefundReason.DUPLICATE})
"""Reasons by which a rule gives money back that is not ours, however much it is (practice 28); said by a person, one of
them is a claim like any other reason."""


class RefundState(StrEnum):
    """How far money is on its way back."""

    ASKED = "asked"  # waits for a second person
    APPROVED = "approved"  # to be sent
    SENT = "sent"  # the provider has it
    SETTLED = "settled"
    FAILED = "failed"  # the money is still with us: a person looks at it
    DECLINED = "declined"  # the second person said no


class RefundEvent(StrEnum):
    """What happens to a refund."""

    APPROVE = "approve"
    DECLINE = "decline"
    ACCEPTED = "accepted"  # the provider took it
    SUCCEEDED = "succeeded"
    FAILED = "failed"


_R, _F = RefundState, RefundEvent
_REFUNDS = {
    (_R.ASKED, _F.APPROVE): _R.APPROVED,
    (_R.ASKED, _F.DECLINE): _R.DECLINED,
    (_R.APPROVED, _F.ACCEPTED): _R.SENT,
    (_R.APPROVED, _F.SUCCEEDED): _R.SETTLED,
    (_R.APPROVED, _F.FAILED): _R.FAILED,
    (_R.SENT, _F.ACCEPTED): _R.SENT,
    (_R.SENT, _F.SUCCEEDED): _R.SETTLED,
    (_R.SENT, _F.FAILED): _R.FAILED,
    (_R.SETTLED, _F.ACCEPTED): _R.SETTLED,
    (_R.SETTLED, _F.SUCCEEDED): _R.SETTLED,
    (_R.SETTLED, _F.FAILED): _R.FAILED,  # a bank may send money back that had gone through
    (_R.FAILED, _F.ACCEPTED): _R.FAILED,
    (_R.FAILED, _F.SUCCEEDED): _R.FAILED,
    (_R.FAILED, _F.FAILED): _R.FAILED,
}
HELD_REFUNDS = frozenset({_R.ASKED, _R.APPROVED, _R.SENT, _R.SETTLED})
"""Refunds whose sum may never be above what was paid."""


def next_refund(state: RefundState, event: RefundEvent) -> RefundState:
    """The refund's state after `event`. Raises MoveNotAllowed, as for approving twice."""
    try:
        return _REFUNDS[state, event]
    except KeyError:
        raise MoveNotAllowed(state=state.value, move=event.value) from None


class WhyNoRefund(StrEnum):
    """Why an amount cannot be refunded."""

    NOT_PAID = "not_paid"
    NOTHING = "nothing"  # no amount, or less than none
    TOO_MUCH = "too_much"  # above what is left of what was paid
    DISPUTED = "disputed"  # the bank may take it anyway, and then it would be paid back twice


def why_no_refund(
    *, state: PaymentState, dispute: DisputeState, amount: int, paid: int, held: int
) -> WhyNoRefund | None:
    """Why `amount` pence cannot go back of `paid`, of which `held` is back or on its way; None where it can."""
    if state not in HAVE_MONEY:
        return WhyNoRefund.NOT_PAID
    if dispute in (DisputeState.OPEN, DisputeState.LOST):
        return WhyNoRefund.DISPUTED
    if amount <= 0:
        return WhyNoRefund.NOTHING
    return WhyNoRefund.TOO_MUCH if amount > paid - held else None


def first_refund_state(*, amount: int, already: int, two_people_above: int) -> RefundState:
    """Whether a second person must agree first to what a person asks for, whatever the reason they give.

    `already`: pence of the payment that are back, on their way or asked for; much asked for in parts is much.
    """
    return RefundState.ASKED if amount + already > two_people_above else RefundState.APPROVED


class ExceptionKind(StrEnum):
    """What nobody may pass over: each opens a case for a person, with an alarm."""

    AMOUNT_DIFFERS = "amount_differs"
    UNMATCHED = "unmatched"  # money, or a word about money, for a payment that we do not have
    PAID_TWICE = "paid_twice"
    REFUND_FAILED = "refund_failed"
    REFUND_UNKNOWN = "refund_unknown"  # the provider paid back what we did not ask it to
    DISPUTE = "dispute"
    NOT_AT_PROVIDER = "not_at_provider"  # our books say paid, the provider's do not
    PAYOUT_DIFFERS = "payout_differs"
    LEDGER_DIFFERS = "ledger_differs"  # the books of one payment do not say what its row says
    OTHER_WAY_BACK = "other_way_back"  # paid by cheque or at a counter, and owed back: finance pays it by hand


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the provider's books say of one payment at one moment, in our words. Amounts in pence."""

    complete: bool
    expired: bool
    paid: bool
    amount_pence: int
    currency: str
    refunded_pence: int = 0


def event_of(learnt: Learnt, *, amount_pence: int, currency: str) -> PaymentEvent:
    """What the provider's books mean for a payment of this amount."""
    if learnt.paid:
        right = learnt.amount_pence == amount_pence and learnt.currency == currency
        return PaymentEvent.MONEY_ARRIVED if right else PaymentEvent.MONEY_DIFFERS
    if learnt.complete:
        return PaymentEvent.UNPAID_YET
    return PaymentEvent.RAN_OUT if learnt.expired else PaymentEvent.PAGE_MADE
