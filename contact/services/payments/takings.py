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
    """A span of time in a force's books, and its balances at this moment, in pence.

    `owed_back` is held for applicants until their grant (practice 28); `suspense` came in for nobody knows what. Where
    the money is and whose it is come to the same sum, or the books are wrong.
    """

    came_in: Counted
    earned: Counted
    sent_back: Counted
    disputed: Counted
    lost: Counted
    paid_out: Counted
    taken_back: Counted
    charged: Counted
    with_provider: int
    in_bank: int
    in_dispute: int
    charges: int
    losses: int
    owed_back: int
    fees: int
    going_back: int
    suspense: int

    @property
    def where(self) -> int:
        """All of it, by where it is or went."""
        return self.with_provider + self.in_bank + self.in_dispute + self.charges + self.losses

    @property
    def whose(self) -> int:
        """All of it, by whose it is."""
        return self.owed_back + self.fees + self.going_back + self.suspense


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
        sent_back=counted(Entry.REFUND_SENT, Entry.REFUND_SENT_EARNED, Entry.REFUND_UNKNOWN, Entry.SECOND_BACK),
        disputed=counted(Entry.DISPUTE_OPENED),
        lost=counted(Entry.DISPUTE_LOST, Entry.DISPUTE_LOST_HELD),
        paid_out=counted(Entry.PAID_OUT),
        taken_back=counted(Entry.TAKEN_BACK),
        charged=counted(Entry.CHARGED),
        with_provider=stands[Account.PROVIDER],
        in_bank=stands[Account.BANK],
        in_dispute=stands[Account.DISPUTED],
        charges=stands[Account.CHARGES],
        losses=stands[Account.LOSSES],
        owed_back=-stands[Account.OWED_BACK],
        fees=-stands[Account.FEES],
        going_back=-stands[Account.REFUNDS],
        suspense=-stands[Account.SUSPENSE],
    )
