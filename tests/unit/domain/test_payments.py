"""Every pair of state and event of payments, disputes and refunds, and every entry of the books."""

from __future__ import annotations

from itertools import product

import pytest

from contact.domain.errors import MoveNotAllowed
from contact.domain.ledger import Account, Entry, NotWhole, postings
from contact.domain.payments import (
    OPEN_STATES,
    DisputeEvent,
    DisputeState,
    Learnt,
    PaymentEvent,
    PaymentState,
    RefundEvent,
    RefundState,
    WhyNoRefund,
    event_of,
    first_refund_state,
    next_dispute,
    next_refund,
    next_state,
    why_no_refund,
)

# made, unpaid yet, arrived, differs, failed, ran out, called off, accepted, sent back
PAYMENTS = {
    "created": "open processing paid queried failed expired cancelled created created",
    "open": "open processing paid queried failed expired cancelled open open",
    "processing": "processing processing paid queried failed processing processing processing processing",
    "paid": "paid paid paid paid paid paid paid paid paid",
    "queried": "queried queried queried queried queried queried queried paid returned",
    "returned": "returned returned returned returned returned returned returned returned returned",
    "failed": "failed failed paid queried failed failed failed failed failed",
    "expired": "expired expired paid queried expired expired expired expired expired",
    "cancelled": "cancelled cancelled paid queried cancelled cancelled cancelled cancelled cancelled",
}
DISPUTES = {"none": "open won lost", "open": "open won lost", "won": "won won won", "lost": "lost lost lost"}
# approve, decline, accepted, succeeded, failed; - is refused
REFUNDS = {
    "asked": "approved declined - - -",
    "approved": "- - sent settled failed",
    "sent": "- - sent settled failed",
    "settled": "- - settled settled failed",
    "failed": "- - failed failed failed",
    "declined": "- - - - -",
}


@pytest.mark.parametrize(("state", "event"), list(product(PaymentState, PaymentEvent)))
def test_every_pair_of_a_payment(state: PaymentState, event: PaymentEvent) -> None:
    """As in the table above."""
    assert next_state(state, event) == PAYMENTS[state].split()[list(PaymentEvent).index(event)]


@pytest.mark.parametrize(("state", "event"), list(product(PaymentState, PaymentEvent)))
def test_only_money_makes_a_payment_paid(state: PaymentState, event: PaymentEvent) -> None:
    """No other word does, from any state, unless a person takes other money that came; and nothing opens again."""
    after = next_state(state, event)
    if after is PaymentState.PAID and state is not PaymentState.PAID:
        asked_for = event is PaymentEvent.MONEY_ARRIVED
        assert asked_for or (state, event) == (PaymentState.QUERIED, PaymentEvent.ACCEPTED)
    if state not in OPEN_STATES:
        assert after not in OPEN_STATES - {PaymentState.QUERIED}


@pytest.mark.parametrize(("state", "event"), list(product(DisputeState, DisputeEvent)))
def test_every_pair_of_a_dispute(state: DisputeState, event: DisputeEvent) -> None:
    """As in the table above."""
    assert next_dispute(state, event) == DISPUTES[state].split()[list(DisputeEvent).index(event)]


@pytest.mark.parametrize(("state", "event"), list(product(RefundState, RefundEvent)))
def test_every_pair_of_a_refund(state: RefundState, event: RefundEvent) -> None:
    """As in the table above; where it says so, refused."""
    wanted = REFUNDS[state].split()[list(RefundEvent).index(event)]
    if wanted == "-":
        with pytest.raises(MoveNotAllowed):
            next_refund(state, event)
    else:
        assert next_refund(state, event) == wanted


@pytest.mark.parametrize("entry", Entry)
def test_every_entry_sums_to_zero_over_two_accounts(entry: Entry) -> None:
    """And an entry of nothing is refused."""
    lines = postings(entry, 131_00)
    assert sum(amount for _, amount in lines) == 0
    assert len({account for account, _ in lines}) == 2
    for nothing in (0, -1):
        with pytest.raises(NotWhole):
            postings(entry, nothing)


def test_what_goes_back_to_back_leaves_nothing() -> None:
    """Paid and refunded, disputed and won, sent and failed: all accounts stand where they stood."""
    for entries in (
        (Entry.MONEY_IN, Entry.REFUND_SENT, Entry.REFUND_SETTLED),
        (Entry.MONEY_IN, Entry.EARNED, Entry.REFUND_SENT_EARNED, Entry.REFUND_SETTLED),
        (Entry.DISPUTE_OPENED, Entry.DISPUTE_WON),
        (Entry.MONEY_IN, Entry.DISPUTE_OPENED, Entry.DISPUTE_LOST_HELD),
        (Entry.MONEY_QUERIED, Entry.QUERY_PLACED, Entry.REFUND_SENT, Entry.REFUND_SETTLED),
        (Entry.PAID_OUT, Entry.TAKEN_BACK),
        (Entry.REFUND_SENT, Entry.REFUND_FAILED),
        (Entry.REFUND_SENT, Entry.REFUND_SETTLED, Entry.REFUND_RETURNED, Entry.REFUND_FAILED),
    ):
        books = dict.fromkeys(Account, 0)
        for entry in entries:
            for account, amount in postings(entry, 5):
                books[account] += amount
        assert set(books.values()) == {0}, entries


@pytest.mark.parametrize(
    ("state", "dispute", "amount", "held", "why"),
    [
        ("paid", "none", 100, 0, None),
        ("paid", "won", 100, 0, None),
        ("paid", "none", 40, 60, None),
        ("paid", "none", 41, 60, WhyNoRefund.TOO_MUCH),
        ("paid", "none", 101, 0, WhyNoRefund.TOO_MUCH),
        ("paid", "none", 100, 100, WhyNoRefund.TOO_MUCH),
        ("paid", "none", 0, 0, WhyNoRefund.NOTHING),
        ("paid", "none", -5, 0, WhyNoRefund.NOTHING),
        ("paid", "open", 100, 0, WhyNoRefund.DISPUTED),
        ("paid", "lost", 100, 0, WhyNoRefund.DISPUTED),
        ("open", "none", 100, 0, WhyNoRefund.NOT_PAID),
        ("queried", "none", 100, 0, WhyNoRefund.NOT_PAID),
    ],
)
def test_never_above_what_is_left(state: str, dispute: str, amount: int, held: int, why: WhyNoRefund | None) -> None:
    """Of 100 pence paid."""
    found = why_no_refund(state=PaymentState(state), dispute=DisputeState(dispute), amount=amount, paid=100, held=held)
    assert found is why


@pytest.mark.parametrize(("already", "amount"), list(product((0, 1, 150_00), (50_00, 199_99, 200_00, 200_01))))
def test_two_people_above_the_sum(already: int, amount: int) -> None:
    """Also where it is asked for in parts, each of them small."""
    asked = first_refund_state(amount=amount, already=already, two_people_above=200_00)
    assert asked is (RefundState.ASKED if amount + already > 200_00 else RefundState.APPROVED)


@pytest.mark.parametrize(
    ("complete", "expired", "paid", "amount", "currency", "event"),
    [
        (False, False, False, 100, "gbp", PaymentEvent.PAGE_MADE),
        (False, True, False, 100, "gbp", PaymentEvent.RAN_OUT),
        (True, False, False, 100, "gbp", PaymentEvent.UNPAID_YET),
        (True, False, True, 100, "gbp", PaymentEvent.MONEY_ARRIVED),
        (True, False, True, 99, "gbp", PaymentEvent.MONEY_DIFFERS),
        (True, False, True, 100, "eur", PaymentEvent.MONEY_DIFFERS),
    ],
)
def test_what_the_books_of_the_provider_mean(
    complete: bool, expired: bool, paid: bool, amount: int, currency: str, event: PaymentEvent
) -> None:
    """Complete is not paid, and paid is not the right amount."""
    learnt = Learnt(complete=complete, expired=expired, paid=paid, amount_pence=amount, currency=currency)
    assert event_of(learnt, amount_pence=100, currency="gbp") is event
