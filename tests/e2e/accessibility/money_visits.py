"""The money pages of the licensing desk, each in the states it can be brought into."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from playwright.sync_api import Page

from contact.domain.access import SYSTEM, Role
from contact.store.engine import make_engine, make_sessions
from tests.e2e.accessibility.conftest import FORCE, World
from tests.e2e.accessibility.licensing_visits import States, Visit, press
from tests.support.browser import DESKTOP, follow
from tests.support.money import add_case, add_paid, add_queried
from tests.support.pages import sign_in


def counting(world: World, name: str = "Fran Webb") -> Page:
    """A finance officer's browser."""
    officer = world.stack.hire(name, **{FORCE.replace("-", "_"): Role.FINANCE_OFFICER})
    room = world.crowd.come(DESKTOP)
    room.may_say("status of 40")  # the forms that are refused below
    return sign_in(room, officer, path="/control-room/licensing/money")


def paid(world: World) -> UUID:
    """A large payment, which somebody disputes."""
    now = dt.datetime.now(dt.UTC)
    engine = make_engine(world.stack.server.urls().worker, pool_size=1)
    try:
        with make_sessions(engine, SYSTEM).begin() as session:
            payment_id = add_paid(session, force_id=FORCE, pence=50_000, reference="k7r d4m x2p", now=now)
            add_case(session, payment_id=payment_id, now=now)
        return payment_id
    finally:
        engine.dispose()


def takings(world: World) -> States:
    """A month with a payment, and one without."""
    paid(world)
    page = counting(world)
    yield "with a payment", page
    follow(page, page.get_by_role("link", name="The month before"))
    yield "with none", page


def one_payment(world: World) -> States:
    """A payment, a refund that cannot be, and one that waits for a second person."""
    payment_id, page = paid(world), counting(world)
    page.goto(f"{world.stack.address}/control-room/licensing/money/payments/{payment_id}")
    yield "as it is", page
    press(page, "Send it back")
    yield "with an error", page
    page.get_by_label("How much, in pounds").fill("500")
    page.get_by_label("Why").select_option("other")
    press(page, "Send it back")
    yield "with a refund that waits", page


def queried(world: World) -> States:
    """Another sum came: the verdict, and one without its reason."""
    now = dt.datetime.now(dt.UTC)
    engine = make_engine(world.stack.server.urls().worker, pool_size=1)
    try:
        with make_sessions(engine, SYSTEM).begin() as session:
            payment_id = add_queried(session, force_id=FORCE, received=80_00, reference="m3n p4q r5s", now=now)
    finally:
        engine.dispose()
    page = counting(world)
    page.goto(f"{world.stack.address}/control-room/licensing/money/payments/{payment_id}")
    yield "to be decided", page
    page.get_by_label("Take it as the fee").check()
    press(page, "Decide")
    yield "without a reason", page
    page.get_by_label("Why").fill("The fee had just changed")
    press(page, "Decide")
    yield "decided", page


def refunds(world: World) -> States:
    """What waits for a second person, as who asked and as who may decide."""
    asker = [page for _, page in one_payment(world)][-1]
    asker.goto(f"{world.stack.address}/control-room/licensing/money/refunds")
    yield "as who asked", asker
    page = counting(world, "Toby Marsh")
    page.goto(f"{world.stack.address}/control-room/licensing/money/refunds")
    yield "as who may decide", page


def exceptions(world: World) -> States:
    """A case, and the same when nothing was chosen."""
    paid(world)
    page = counting(world)
    page.goto(f"{world.stack.address}/control-room/licensing/money/exceptions")
    yield "with a case", page
    follow(page, page.get_by_role("button", name="Settle it").first, surely=False)
    yield "with an error", page


MONEY: dict[str, Visit] = {
    "licensing.money": takings,
    "licensing.money_payment": one_payment,
    "licensing.money_payment queried": queried,
    "licensing.money_refunds": refunds,
    "licensing.money_cases": exceptions,
}
