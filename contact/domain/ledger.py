"""The books: which accounts there are, and what each thing that happens to money writes into them.

Every entry sums to zero, so that nothing comes from nowhere and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Account(StrEnum):
    """Where money is, or why. Debits are positive pence, credits negative."""

    PROVIDER = "provider"  # with the provider, not yet paid out
    BANK = "bank"  # paid out to the force
    OWED_BACK = "owed_back"  # taken before the grant: the applicant's until then (practice 28)
    FEES = "fees"  # earned by a grant
    REFUNDS = "refunds"  # on their way back
    SUSPENSE = "suspense"  # came in, and nobody knows yet for what
    DISPUTED = "disputed"  # a payer's bank has taken it for now
    LOSSES = "losses"  # disputes lost
    CHARGES = "charges"  # what the provider keeps


class Entry(StrEnum):
    """What happened."""

    MONEY_IN = "money_in"
    MONEY_QUERIED = "money_queried"  # not what was asked for
    QUERY_PLACED = "query_placed"  # a person said whose it is
    SECOND_BACK = "second_back"  # came on a second page of one payment, and went back to the payer
    EARNED = "earned"
    REFUND_SENT = "refund_sent"
    REFUND_SENT_EARNED = "refund_sent_earned"  # of a fee that a grant had earned
    REFUND_SETTLED = "refund_settled"
    REFUND_FAILED = "refund_failed"
    REFUND_FAILED_EARNED = "refund_failed_earned"
    REFUND_RETURNED = "refund_returned"  # had gone through, and came back
    REFUND_UNKNOWN = "refund_unknown"  # the provider paid back what we did not ask it to
    UNKNOWN_PLACED = "unknown_placed"  # it was the payer's: a refund like any other
    UNKNOWN_PLACED_EARNED = "unknown_placed_earned"  # the same, of a fee that a grant had earned
    UNKNOWN_LOST = "unknown_lost"  # it should not have left, and does not come back
    UNKNOWN_RETURNED = "unknown_returned"  # the provider has put it back
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"  # of a fee that was earned, or of more than was still held
    DISPUTE_LOST_HELD = "dispute_lost_held"  # of what was held for the payer, who has it back now
    PAID_OUT = "paid_out"
    TAKEN_BACK = "taken_back"  # refunds above takings: the provider took it from the bank
    CHARGED = "charged"


_A, _E = Account, Entry
_FROM_TO: Mapping[Entry, tuple[Account, Account]] = {
    _E.MONEY_IN: (_A.OWED_BACK, _A.PROVIDER),
    _E.MONEY_QUERIED: (_A.SUSPENSE, _A.PROVIDER),
    _E.QUERY_PLACED: (_A.OWED_BACK, _A.SUSPENSE),
    _E.SECOND_BACK: (_A.PROVIDER, _A.SUSPENSE),
    _E.EARNED: (_A.FEES, _A.OWED_BACK),
    _E.REFUND_SENT: (_A.REFUNDS, _A.OWED_BACK),
    _E.REFUND_SENT_EARNED: (_A.REFUNDS, _A.FEES),
    _E.REFUND_SETTLED: (_A.PROVIDER, _A.REFUNDS),
    _E.REFUND_FAILED: (_A.OWED_BACK, _A.REFUNDS),
    _E.REFUND_FAILED_EARNED: (_A.FEES, _A.REFUNDS),
    _E.REFUND_RETURNED: (_A.REFUNDS, _A.PROVIDER),
    _E.REFUND_UNKNOWN: (_A.PROVIDER, _A.SUSPENSE),
    _E.UNKNOWN_PLACED: (_A.SUSPENSE, _A.OWED_BACK),
    _E.UNKNOWN_PLACED_EARNED: (_A.SUSPENSE, _A.FEES),
    _E.UNKNOWN_LOST: (_A.SUSPENSE, _A.LOSSES),
    _E.UNKNOWN_RETURNED: (_A.SUSPENSE, _A.PROVIDER),
    _E.DISPUTE_OPENED: (_A.PROVIDER, _A.DISPUTED),
    _E.DISPUTE_WON: (_A.DISPUTED, _A.PROVIDER),
    _E.DISPUTE_LOST: (_A.DISPUTED, _A.LOSSES),
    _E.DISPUTE_LOST_HELD: (_A.DISPUTED, _A.OWED_BACK),
    _E.PAID_OUT: (_A.PROVIDER, _A.BANK),
    _E.TAKEN_BACK: (_A.BANK, _A.PROVIDER),
    _E.CHARGED: (_A.PROVIDER, _A.CHARGES),
}
"""Account credited, account debited."""


class NotWhole(ValueError):
    """An entry of nothing, or of less than nothing, is a defect."""


def postings(entry: Entry, amount: int) -> tuple[tuple[Account, int], ...]:
    """The lines of one entry of `amount` pence, which sum to zero. Raises NotWhole for an amount of none or less."""
    if amount <= 0:
        raise NotWhole
    credited, debited = _FROM_TO[entry]
    return ((debited, amount), (credited, -amount))
