"""A finance officer who applied for a certificate sees to no money of their own, and each try is written down."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa

from contact.domain.access import Role
from contact.domain.payments import RefundReason
from contact.services.payments import refunding
from contact.store import models, payment_cases, payments
from tests.support.cases import NOW, Cases
from tests.support.licensing import Applied
from tests.support.money import add_case, add_paid, add_queried
from tests.web.licensing.conftest import Desk

MONEY = "/control-room/licensing/money"
Officers = Callable[..., Desk]
DEEDS = {
    "payments/{payment}/refund": {"amount": "50.00", "reason": "overcharged"},
    "payments/{payment}/verdict": {"verdict": "accept", "why": "It is mine"},
    "refunds/{refund}/approve": {},
    "exceptions/{case}": {"done": "explained", "note": "All is well"},
}


def of(cases: Cases, applied: Applied, payment_id: UUID) -> UUID:
    """The same payment, made for this application."""
    with cases.system.begin() as session:
        payments.lock(session, payment_id=payment_id).contact_id = applied.contact_id
    return payment_id


@pytest.fixture
def payment(cases: Cases, applied: Applied) -> UUID:
    """Rowan Tregear's fee, paid."""
    with cases.system.begin() as session:
        made = add_paid(session, force_id=cases.north, pence=12600, reference=applied.reference, now=NOW)
        add_case(session, payment_id=made, now=NOW)
    return of(cases, applied, made)


def refund_of(cases: Cases, officer: Officers, payment: UUID) -> UUID:
    """Money back that a colleague asked for, all of it above the sum of one person."""
    colleague = officer(role=Role.FINANCE_OFFICER, name="Lee Marsh").person.actor
    with cases.system.begin() as session:
        session.add(models.LicensingSettings(force_id=cases.north, two_person_above_pence=100))
    with cases.acting(colleague) as session:
        return refunding.ask(
            session, payment_id=payment, amount_pence=5000, reason=RefundReason.OVERCHARGED, actor=colleague, now=NOW
        )


def test_nobody_sees_to_their_own_fee(officer: Officers, cases: Cases, payment: UUID) -> None:
    refund = refund_of(cases, officer, payment)
    with cases.system() as session:
        case = session.scalars(
            sa.select(payment_cases.PaymentException.id).where(payment_cases.PaymentException.payment_id == payment)
        ).one()
    themself = officer(role=Role.FINANCE_OFFICER, name="Rowan Tregear")
    page = f"{MONEY}/payments/{payment}"
    assert themself.client.get(page).status_code == 404
    for where, fields in DEEDS.items():
        path = f"{MONEY}/{where.format(payment=payment, refund=refund, case=case)}"
        assert themself.client.send(path, dict(fields), page=MONEY).status_code == 404, where
    with cases.system() as session:
        query = sa.select(models.Event.data["why"].astext).where(
            models.Event.name == "opening_refused", models.Event.agent_id == themself.person.id
        )
        assert list(session.scalars(query)) == ["own_name"] * (1 + len(DEEDS))
    another = officer(role=Role.FINANCE_OFFICER, name="Ana Silva")
    assert another.client.get(page).status_code == 200
    approved = another.client.send(f"{MONEY}/refunds/{refund}/approve", {}, page=f"{MONEY}/refunds")
    assert approved.status_code == 303


def test_nobody_pays_their_own_fee_with_what_another_sent(officer: Officers, cases: Cases, applied: Applied) -> None:
    with cases.system.begin() as session:
        stray = add_queried(session, force_id=cases.north, received=12600, reference="k7r d4m x2p", now=NOW)
    fields = {"verdict": "attach", "why": "It is of this one", "reference": applied.reference}
    path = f"{MONEY}/payments/{stray}"
    themself = officer(role=Role.FINANCE_OFFICER, name="Rowan Tregear")
    assert themself.client.send(f"{path}/verdict", dict(fields), page=path).status_code == 400
    another = officer(role=Role.FINANCE_OFFICER, name="Ana Silva")
    assert another.client.send(f"{path}/verdict", dict(fields), page=path).status_code == 303


def test_whose_payment_it_is_is_told_to_finance_of_that_force_of_themselves_alone(
    cases: Cases, applied: Applied
) -> None:
    me = cases.agent(Role.FINANCE_OFFICER, name="Rowan TREGEAR")
    others = [
        cases.agent(Role.FINANCE_OFFICER, name="Ana Silva"),
        cases.agent(Role.FINANCE_OFFICER, name="Rowan Tregear", force=cases.south),
        cases.agent(Role.CALL_HANDLER, name="Rowan Tregear"),
    ]
    told = []
    for each in (me, *others):
        with cases.acting(each.actor) as session:
            told.append(payments.is_of_actor(session, contact_id=applied.contact_id))
    assert told == [True, False, False, False]
