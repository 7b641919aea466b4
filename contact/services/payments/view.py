"""What may be shown of an application's fee, to applicant and officers alike: no secret, and nothing of a card."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.licensing.application_states import ApplicationState
from contact.domain.licensing.fees import Fee, NotForSale
from contact.domain.licensing.kinds import Kind, Licence, PaymentStanding
from contact.domain.payments import DisputeState, PaymentState, RefundReason, RefundState
from contact.services.payments.pricing import price
from contact.store import applications, payments
from contact.store.payments import Payment

_BACK = (RefundState.APPROVED, RefundState.SENT, RefundState.SETTLED)


@dataclass(frozen=True, slots=True)
class RefundView:
    """One refund; `at` is when it came to its state."""

    refund_id: UUID
    pence: int
    reason: RefundReason
    state: RefundState
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class TryView:
    """One try at paying."""

    payment_id: UUID
    pence: int
    received_pence: int
    state: PaymentState
    dispute: str
    created_at: dt.datetime
    paid_at: dt.datetime | None
    legal_basis: str
    refunds: tuple[RefundView, ...]

    @property
    def back_pence(self) -> int:
        """Pence of it that went back to the payer, or are on their way."""
        return sum(each.pence for each in self.refunds if each.state in _BACK)


@dataclass(frozen=True, slots=True)
class FeeView:
    """How an application stands with its fee. `pence` None: there is no figure, and nothing can be sold."""

    standing: PaymentStanding
    licence: Licence
    kind: Kind
    pence: int | None
    legal_basis: str
    other_way_to_pay: str | None
    other_way_to_pay_cy: str | None
    granted: bool
    paid_otherwise: bool
    tries: tuple[TryView, ...]

    def other_way_in(self, language: str) -> str | None:
        """The force's other way to pay, in Welsh where it said it in Welsh."""
        return (language == "cy" and self.other_way_to_pay_cy) or self.other_way_to_pay

    @property
    def last(self) -> TryView | None:
        """The latest try."""
        return self.tries[-1] if self.tries else None

    @property
    def last_paid(self) -> TryView | None:
        """The latest try that was paid, whatever became of the money since: it has a receipt."""
        return next((each for each in reversed(self.tries) if each.state is PaymentState.PAID), None)

    @property
    def paid(self) -> TryView | None:
        """The latest try that pays the fee now; none where all went back, or where it came another way."""
        if self.standing not in (PaymentStanding.PAID, PaymentStanding.OWED_BACK) or self.paid_otherwise:
            return None
        paid = [each for each in self.tries if each.state is PaymentState.PAID and each.dispute != DisputeState.LOST]
        return next((each for each in reversed(paid) if each.received_pence > each.back_pence), None)

    @property
    def due_again(self) -> bool:
        """It was paid, the money went back, and it is due once more."""
        return self.standing is PaymentStanding.DUE and self.last_paid is not None


def of_application(session: Session, *, contact_id: UUID, now: dt.datetime | None = None) -> FeeView:
    """The fee of an application as this actor may see it. Raises NotFound. Writes nothing."""
    application = applications.get(session, contact_id=contact_id)
    moment = now or dt.datetime.now(dt.UTC)
    fee: Fee | NotForSale = price(session, application, now=moment)
    settings = applications.settings_of(session, force_id=application.force_id)
    return FeeView(
        standing=PaymentStanding(application.payment),
        licence=Licence(application.licence),
        kind=Kind(application.kind),
        pence=fee.pence if isinstance(fee, Fee) else None,
        legal_basis=fee.legal_basis if isinstance(fee, Fee) else "",
        other_way_to_pay=settings.other_way_to_pay,
        other_way_to_pay_cy=settings.other_way_to_pay_cy,
        granted=application.state == ApplicationState.GRANTED,
        paid_otherwise=application.paid_otherwise,
        tries=tuple(_try(session, each) for each in payments.list_for_contact(session, contact_id=contact_id)),
    )


def _try(session: Session, payment: Payment) -> TryView:
    return TryView(
        payment_id=payment.id,
        pence=payment.amount_pence,
        received_pence=payment.received_pence,
        state=PaymentState(payment.state),
        dispute=payment.dispute,
        created_at=payment.created_at,
        paid_at=payment.paid_at,
        legal_basis=payment.legal_basis,
        refunds=tuple(
            RefundView(each.id, each.amount_pence, RefundReason(each.reason), RefundState(each.state), each.state_since)
            for each in payments.list_refunds(session, payment_id=payment.id)
        ),
    )
