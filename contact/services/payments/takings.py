"""What a force took, gave back and was paid out in a span of time, and where its money is now. It changes nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from contact.domain.ledger import Account, Entry
from contact.store import ledger, takings
from contact.store.takings import Counted


@dataclass(frozen=True, slots=True)
class Takings:
    """A span of time in a force's books, and its balances at this moment, all in pence and none of them negative.

    `owed_back` is held for applicants until their grant (practice 28); `suspense` came in for nobody knows what.
    """

    came_in: Counted
    earned: Counted
    sent_back: Counted
    disputed: Counted
    lost: Counted
    paid_out: Counted
    charged: Counted
    owed_back: int
    fees: int
    with_provider: int
    in_bank: int
    suspense: int
    in_dispute: int


def of_force(session: Session, *, force_id: str, since: dt.datetime, until: dt.datetime) -> Takings:
    """One force's takings from `since` to before `until`."""
    happened = takings.count_entries(session, force_id=force_id, since=since, until=until)
    stands = ledger.sums(session, force_id=force_id)

    def counted(*entries: Entry) -> Counted:
        found = [happened[entry] for entry in entries if entry in happened]
        return Counted(sum(each.times for each in found), sum(each.pence for each in found))

    return Takings(
        came_in=counted(Entry.MONEY_IN, Entry.MONEY_QUERIED),
        earned=counted(Entry.EARNED),
        sent_back=counted(Entry.REFUND_SENT, Entry.REFUND_SENT_EARNED, Entry.REFUND_UNKNOWN),
        disputed=counted(Entry.DISPUTE_OPENED),
        lost=counted(Entry.DISPUTE_LOST),
        paid_out=counted(Entry.PAID_OUT),
        charged=counted(Entry.CHARGED),
        owed_back=-stands[Account.OWED_BACK],
        fees=-stands[Account.FEES],
        with_provider=stands[Account.PROVIDER],
        in_bank=stands[Account.BANK],
        suspense=-stands[Account.SUSPENSE],
        in_dispute=stands[Account.DISPUTED],
    )
