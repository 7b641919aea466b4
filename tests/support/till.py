"""One application whose fee is due, a payment provider in memory and the time: what tests of money begin with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from contact.domain.ledger import Account
from contact.domain.payments import RefundReason
from contact.gateways.payment_provider import ProviderEvent
from contact.services.payments import checkout, provider_words, refunding, standing
from contact.services.payments.checkout import Page, Places, WhyNot
from contact.store import applications, ledger, models, payments
from tests.support.cases import NOW, Cases, Person
from tests.support.licensing import Applied, apply
from tests.support.pretend_provider import PretendPage, PretendProvider

FEE = 126_00
PLACES = Places("https://contact.example/paid", "https://contact.example/pay")
MINUTE = dt.timedelta(minutes=1)


@dataclass
class Till:
    """One application whose fee is due, a provider, and the time."""

    cases: Cases
    applied: Applied
    provider: PretendProvider
    now: dt.datetime = NOW

    @property
    def contact_id(self) -> UUID:
        return self.applied.contact_id

    def press(self) -> Page | WhyNot:
        """Continue to payment."""
        return checkout.pay(
            self.cases.system.begin,
            self.provider,
            contact_id=self.contact_id,
            places=PLACES,
            description="Licence fee",
            language="en",
            now=self.now,
        )

    def paid(self) -> PretendPage:
        """Paid and settled."""
        found = self.press()
        assert isinstance(found, Page)
        page = list(self.provider.pages.values())[-1]
        self.provider.pay(page)
        self.hear_all()
        return page

    def hear(self, event: ProviderEvent) -> bool:
        """One webhook and its job."""
        with self.cases.system.begin() as session:
            provider_words.keep(session, event, provider=self.provider.name, now=self.now)
        return provider_words.take(
            self.cases.system.begin, self.provider, event_id=event.event_id, name=self.provider.name, now=self.now
        )

    def hear_all(self) -> None:
        """Every event there ever was, once more."""
        for event in list(self.provider.events):
            self.hear(event)

    def send_refunds(self) -> None:
        """What waits to be sent, and how it ends."""
        with self.cases.system() as session:
            rows = session.query(models.Refund).filter_by(force_id=self.applied.force_id, state="approved").all()
        for row in rows:
            refunding.send(self.cases.system.begin, self.provider, refund_id=row.id, now=self.now)
        for page in self.provider.pages.values():
            for refund_id in list(page.refunds):
                self.provider.refund_ends(page, refund_id, well=True)
        self.hear_all()

    def payment(self) -> models.Payment:
        """The latest try."""
        with self.cases.system() as session:
            return payments.list_for_contact(session, contact_id=self.contact_id)[-1]

    def standing(self) -> str:
        """How the application stands with its fee."""
        with self.cases.system() as session:
            return applications.get(session, contact_id=self.contact_id).payment

    def books(self) -> dict[Account, int]:
        """The latest try's books, without empty accounts."""
        with self.cases.system() as session:
            sums = ledger.sums(session, payment_id=self.payment().id)
        return {account: pence for account, pence in sums.items() if pence}

    def open_cases(self) -> list[str]:
        """Kinds of the force's cases, and of none."""
        with self.cases.system() as session:
            rows = session.query(models.PaymentException).filter_by(force_id=self.applied.force_id)
            return sorted(row.kind for row in rows)

    def ask(self, person: Person, pence: int, reason: RefundReason = RefundReason.OVERCHARGED) -> UUID:
        """A person asks for money to go back."""
        with self.cases.acting(person.actor) as session:
            return refunding.ask(
                session,
                payment_id=self.payment().id,
                amount_pence=pence,
                reason=reason,
                actor=person.actor,
                now=self.now,
            )


def open_till(cases: Cases, applied: Applied | None = None) -> Till:
    """A shotgun renewal whose fee was asked for: £126."""
    found = applied or apply(cases)
    with cases.system.begin() as session:
        standing.request(session, contact_id=found.contact_id, now=NOW)
    made = Till(cases, found, PretendProvider(lambda: made.now))
    return made
