"""Paying as an applicant, in the states it can be brought into: not due, due, not paid, paid."""

from __future__ import annotations

import datetime as dt

from contact.domain.access import SYSTEM
from contact.services.payments import checkout, standing
from contact.store.engine import make_engine, make_sessions
from tests.e2e.accessibility.conftest import FORCE, World
from tests.e2e.accessibility.licensing_visits import States, Visit
from tests.support.licensing import Applied
from tests.support.pages import Receipt, follow_up
from tests.support.pretend_provider import PretendProvider
from tests.support.stack_licensing import applied


def ask_for_the_fee(world: World, sent: Applied) -> None:
    """The force asks for it, as an officer's button does."""
    engine = make_engine(world.stack.server.urls().worker, pool_size=1)
    try:
        with make_sessions(engine, SYSTEM).begin() as session:
            standing.request(session, contact_id=sent.contact_id, now=dt.datetime.now(dt.UTC))
    finally:
        engine.dispose()


def pay_the_fee(world: World, sent: Applied) -> None:
    """Paid, past the payment company's own page, which no page of ours is."""
    now = dt.datetime.now(dt.UTC)
    provider = PretendProvider(lambda: now)
    engine = make_engine(world.stack.server.urls().worker, pool_size=1)
    try:
        begin = make_sessions(engine, SYSTEM).begin
        found = checkout.pay(
            begin,
            provider,
            contact_id=sent.contact_id,
            places=checkout.Places("https://contact.example/paid", "https://contact.example/pay"),
            description="Licence fee",
            language="en",
            now=now,
        )
        assert isinstance(found, checkout.Page)
        provider.pay(next(iter(provider.pages.values())))
        checkout.look(begin, provider, payment_id=found.payment_id, now=now)
    finally:
        engine.dispose()


def pay(world: World) -> States:
    """Before the fee is due, and when it is."""
    sent = applied(world.stack, FORCE)
    page = world.open("/")
    follow_up(page, Receipt(sent.reference, sent.words))
    address = f"{world.stack.address}/application/{sent.reference}"
    page.goto(f"{address}/pay")
    yield "not due", page
    ask_for_the_fee(world, sent)
    page.goto(f"{address}/pay")
    yield "due", page


def paid(world: World) -> States:
    """Back without having paid, and back with a payment."""
    sent = applied(world.stack, FORCE)
    ask_for_the_fee(world, sent)
    page = world.open("/")
    follow_up(page, Receipt(sent.reference, sent.words))
    address = f"{world.stack.address}/application/{sent.reference}"
    page.goto(f"{address}/paid")
    yield "not paid", page
    pay_the_fee(world, sent)
    page.goto(f"{address}/paid")
    yield "paid", page


PAY: dict[str, Visit] = {"citizen.pay": pay, "citizen.paid": paid}
