"""How an application stands with its fee: asked for when the force says, owed back until the grant, then earned."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor, Permission, may
from contact.domain.errors import Forbidden, MoveNotAllowed, ReasonNeeded
from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.domain.ledger import Account, Entry
from contact.domain.licensing.application_states import ApplicationEvent, ApplicationState
from contact.domain.licensing.fees import Fee, NotForSale
from contact.domain.licensing.kinds import CollectAt, Kind, PaymentStanding
from contact.domain.payments import UNDER_WAY, DisputeState, PaymentState, RefundReason
from contact.domain.taxonomy import Channel
from contact.services.licensing import applications as moving
from contact.services.payments import telling, unasked
from contact.services.payments.pricing import price
from contact.store import applications, audit, contacts, ledger, outbox, payments
from contact.store.applications import Application
from contact.store.payments import Payment

_SETTLED = (PaymentStanding.PAID, PaymentStanding.OWED_BACK)
FREE = (ApplicationState.REFUSED, ApplicationState.WITHDRAWN)
"""After these nothing is due: a fee falls due on a grant alone (practice 28)."""


class OtherWay(StrEnum):
    """How a fee was paid that did not come through us."""

    COUNTER = "counter"
    CHEQUE = "cheque"
    TRANSFER = "transfer"
    TELEPHONE = "telephone"


def on_submission(session: Session, *, contact_id: UUID, now: dt.datetime) -> None:
    """Ask for the fee at once where the force collects with the form.

    Who applied on paper saw no page that says so: a letter asks. Where there is no figure nothing is asked: what was
    signed stands, and the force's empty fee is not the person's fault.
    """
    application = applications.get(session, contact_id=contact_id)
    if application.collect_at != CollectAt.SUBMISSION:
        return
    try:
        asked = request(session, contact_id=contact_id, now=now, tell=False)  # the page says so already
        if asked is PaymentStanding.DUE and contacts.get(session, contact_id=contact_id).channel == Channel.LETTER:
            pence = application.fee_pence or 0
            telling.fee_due(session, application, pence=pence, granted=False, now=now)  # no page: by letter
    except MoveNotAllowed:
        nothing_to_pay(session, application, now=now)


def request(session: Session, *, contact_id: UUID, now: dt.datetime, tell: bool = True) -> PaymentStanding:
    """Ask for the fee now: `due` from here on, or `not_due` where the law asks for nothing; paid stays paid.

    The applicant is told as `telling.way` says. `tell` False: they are looking at a page that says it.
    Raises MoveNotAllowed where there is no figure: nothing is sold before the force has filled it in; and for what was
    refused or withdrawn, which costs nothing (practice 28).
    """
    contacts.find_locked(session, contact_id=contact_id)
    application = applications.lock(session, contact_id=contact_id)
    if application.state in FREE:
        raise MoveNotAllowed(state=application.state, move="ask_for_fee")
    if application.payment in _SETTLED:
        return PaymentStanding(application.payment)
    fee = price(session, application, now=now)
    if isinstance(fee, NotForSale):
        raise MoveNotAllowed(state=fee.reason.value, move="ask_for_fee")
    note_price(application, fee)
    if fee.pence == 0:
        nothing_to_pay(session, application, now=now)
    elif application.payment != PaymentStanding.DUE:
        application.payment = PaymentStanding.DUE.value
        audit.record(
            session,
            Event.FEE_ASKED,
            force_id=application.force_id,
            contact_id=contact_id,
            at=now,
            pence=fee.pence,
        )
        if tell:
            granted = application.state == ApplicationState.GRANTED
            telling.fee_due(session, application, pence=fee.pence, granted=granted, now=now)
    session.flush()
    return PaymentStanding(application.payment)


def ensure_priced(session: Session, *, contact_id: UUID, now: dt.datetime) -> None:
    """A grant makes a fee due: without its figure nothing is granted. Raises NotFound, ReasonNeeded (`fee`)."""
    application = applications.get(session, contact_id=contact_id)
    if application.payment in _SETTLED or not moving.may_cost(Kind(application.kind)):
        return
    if isinstance(price(session, application, now=now), NotForSale):
        raise ReasonNeeded(what="fee")


def note_price(application: Application, fee: Fee) -> None:
    """Write down what was asked for and which day picked the figure."""
    application.fee_pence = fee.pence
    application.fee_key = f"{fee.by_date.value}:{fee.on.isoformat()}"


def nothing_to_pay(session: Session, application: Application, *, now: dt.datetime) -> None:
    """The law asks for nothing: the application does not wait for money."""
    application.payment = PaymentStanding.NOT_DUE.value
    go_on(session, application, now=now)


def go_on(session: Session, application: Application, *, now: dt.datetime) -> None:
    """What waited for the fee waits no longer."""
    session.flush()
    if application.state == ApplicationState.AWAITING_PAYMENT:
        moving.move(session, contact_id=application.contact_id, event=ApplicationEvent.PAID, now=now)


def on_grant(session: Session, *, contact_id: UUID, now: dt.datetime) -> None:
    """The certificate is granted: what was held as owed back is the force's fee from here on (practice 28).

    What was not asked for before, or was paid and given back, falls due now, and the applicant is told. Raises
    MoveNotAllowed where there is no figure, which `ensure_priced` has said before.
    """
    contacts.find_locked(session, contact_id=contact_id)
    application = applications.lock(session, contact_id=contact_id)
    for payment in payments.list_for_contact(session, contact_id=contact_id):
        earn(session, payments.lock(session, payment_id=payment.id), now=now)
    recompute(session, application, granted=True)
    if application.payment == PaymentStanding.OWED_BACK:  # paid another way
        application.payment = PaymentStanding.PAID.value
        session.flush()
    unpaid = application.payment in (PaymentStanding.NOT_DUE, PaymentStanding.REFUNDED)
    if unpaid and moving.may_cost(Kind(application.kind)):
        request(session, contact_id=contact_id, now=now)


def earn(session: Session, payment: Payment, *, now: dt.datetime) -> None:
    """Move what is left of a payment, and not earned yet, from what is owed back to what is earned."""
    if payment.state != PaymentState.PAID:
        return
    left = kept(session, payment) + ledger.sums(session, payment_id=payment.id)[Account.FEES]
    if left <= 0:
        return
    before = ledger.written(session, payment_id=payment.id)[Entry.EARNED]
    payment.earned_at = payment.earned_at or now
    ledger.post(
        session,
        Entry.EARNED,
        key=f"{payment.id}:earned:{before}" if before else f"{payment.id}:earned",
        pence=left,
        payment_id=payment.id,
        force_id=payment.force_id,
        now=now,
    )
    audit.record(
        session,
        Event.FEE_EARNED,
        force_id=payment.force_id,
        contact_id=payment.contact_id,
        at=now,
        payment_id=payment.id,
        pence=left,
    )
    session.flush()


def kept(session: Session, payment: Payment) -> int:
    """Pence of the fee that a payment still pays: with us, and not on their way back."""
    if payment.state != PaymentState.PAID or payment.dispute == DisputeState.LOST:
        return 0
    gone = payments.refunded_or_on_its_way(session, payment_id=payment.id) + unasked.off_the_fee(session, payment)
    return payment.received_pence - gone


def recompute(session: Session, application: Application, *, granted: bool | None = None) -> None:
    """Say on the application what its payments add up to; one that was paid another way stays so.

    A fee that was asked for again after its money went back stays due.
    """
    paid = _paid_for_it(session, application.contact_id)
    if not paid or application.paid_otherwise:
        return
    if granted is None:
        granted = application.state == ApplicationState.GRANTED
    if sum(kept(session, payment) for payment in paid) > 0:
        standing = PaymentStanding.PAID if granted else PaymentStanding.OWED_BACK
    elif application.state in FREE:
        standing = PaymentStanding.REFUNDED
    elif application.payment == PaymentStanding.DUE or any(each.dispute == DisputeState.LOST for each in paid):
        standing = PaymentStanding.DUE  # the bank took it back: it is not paid
    else:
        standing = PaymentStanding.REFUNDED
    application.payment = standing.value
    session.flush()


def follow_payment(session: Session, payment: Payment, *, now: dt.datetime) -> None:
    """What became of a locked payment's money reaches its application. Twice does no harm.

    Money that stays after all is earned where the grant was before; a fee whose money the payer's bank kept is due
    again, and whoever owes it is told.
    """
    contact_id = payment.contact_id
    if contact_id is None or applications.find(session, contact_id=contact_id) is None:
        return
    application = applications.lock(session, contact_id=contact_id)
    was = application.payment
    if application.state == ApplicationState.GRANTED:
        earn(session, payment, now=now)
    recompute(session, application)
    if application.payment == was:
        return
    if application.payment == PaymentStanding.DUE:
        _due_again(session, application, payment, now=now)
    elif was == PaymentStanding.DUE:
        close_pages(session, contact_id=contact_id)
        go_on(session, application, now=now)


def _due_again(session: Session, application: Application, payment: Payment, *, now: dt.datetime) -> None:
    """Ask once more for a fee that the payer's bank took back; at what was paid where there is no figure any more."""
    fee = price(session, application, now=now)
    if isinstance(fee, Fee) and fee.pence > 0:
        note_price(application, fee)
    pence = application.fee_pence or payment.amount_pence
    audit.record(
        session, Event.FEE_ASKED, force_id=application.force_id, contact_id=application.contact_id, at=now, pence=pence
    )
    granted = application.state == ApplicationState.GRANTED
    telling.fee_due(session, application, pence=pence, granted=granted, taken_back=True, now=now)


def _paid_for_it(session: Session, contact_id: UUID) -> list[Payment]:
    """Its paid payments, without those that a rule gave back whole because the fee was there already."""
    tried = payments.list_for_contact(session, contact_id=contact_id)
    return [each for each in tried if each.state == PaymentState.PAID and not _was_second(session, each)]


def _was_second(session: Session, payment: Payment) -> bool:
    refunds = payments.list_refunds(session, payment_id=payment.id)
    return any(each.reason == RefundReason.DUPLICATE and each.asked_by_id is None for each in refunds)


def came_another_way(application: Application) -> bool:
    """Whether an officer noted that the fee came by cheque, counter or the like, so that no provider can refund it."""
    return application.payment in _SETTLED and application.paid_otherwise


def went_back(session: Session, *, contact_id: UUID) -> None:
    """Finance has paid back by hand what came another way. Twice does no harm."""
    contacts.find_locked(session, contact_id=contact_id)
    application = applications.lock(session, contact_id=contact_id)
    if application.state in FREE and came_another_way(application):
        application.payment, application.paid_otherwise = PaymentStanding.REFUNDED.value, False
        session.flush()


def close_pages(session: Session, *, contact_id: UUID) -> None:
    """Have the application's open payment pages closed once this is committed: nobody shall pay on them any more."""
    for payment in payments.list_for_contact(session, contact_id=contact_id):
        if payment.state in UNDER_WAY:
            outbox.defer(session, JobName.CLOSE_PAYMENT_PAGE, payment_id=payment.id)


def paid_another_way(session: Session, *, contact_id: UUID, actor: Actor, how: OtherWay, now: dt.datetime) -> None:
    """A licensing officer notes that the fee came by another way.

    Raises Forbidden, MoveNotAllowed if paid already, without a figure, or if refused or withdrawn, which costs nothing
    (practice 28).
    """
    contacts.find_locked(session, contact_id=contact_id)
    application = applications.lock(session, contact_id=contact_id)
    if not may(actor, Permission.LICENSING, application.force_id):
        raise Forbidden(permission=Permission.LICENSING.value, force_id=application.force_id)
    if application.state in FREE:
        raise MoveNotAllowed(state=application.state, move="paid_another_way")
    if application.payment in _SETTLED:
        raise MoveNotAllowed(state=application.payment, move="paid_another_way")
    fee = price(session, application, now=now)
    if isinstance(fee, NotForSale):
        raise MoveNotAllowed(state=fee.reason.value, move="paid_another_way")
    note_price(application, fee)
    granted = application.state == ApplicationState.GRANTED
    application.payment = (PaymentStanding.PAID if granted else PaymentStanding.OWED_BACK).value
    application.paid_otherwise = True
    audit.record(
        session,
        Event.FEE_PAID_OTHERWISE,
        force_id=application.force_id,
        contact_id=contact_id,
        at=now,
        how=how,
        pence=application.fee_pence,
    )
    close_pages(session, contact_id=contact_id)
    go_on(session, application, now=now)
