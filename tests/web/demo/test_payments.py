"""The demonstration's bank: what was paid can be seen, disputed and paid out, and webhooks made to go astray."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from contact.demo.payment_desk import TROUBLE
from contact.settings import Settings
from tests.support.clients import Clock, StrictClient, make_app
from tests.support.stripe_stand_in import SECRET_KEY, WEBHOOK_SECRET, StripeStandIn, checkout_request, running_stripe


@pytest.fixture
def stand_in() -> Iterator[StripeStandIn]:
    with running_stripe() as running:
        yield running


def visitor_of(settings: Settings, address: str) -> StrictClient:
    mine = replace(settings, stripe_api_url=address, stripe_secret_key=SECRET_KEY, stripe_webhook_secret=WEBHOOK_SECRET)
    made = make_app(mine, Clock()).test_client()
    assert isinstance(made, StrictClient)
    return made


@pytest.fixture
def visitor(settings: Settings, stand_in: StripeStandIn) -> StrictClient:
    return visitor_of(settings, stand_in.address)


def seen(visitor: StrictClient) -> str:
    return visitor.get("/demo/payments").get_data(as_text=True)


def press(visitor: StrictClient, path: str, **form: str) -> str:
    """Press a button and read where it leads."""
    answer = visitor.send(path, form, page="/demo/payments")
    assert answer.status_code == 303
    return visitor.get(answer.location).get_data(as_text=True)


def test_what_was_paid_is_shown_and_can_be_disputed_decided_and_paid_out(
    visitor: StrictClient, stand_in: StripeStandIn
) -> None:
    assert "Nobody has paid yet" in seen(visitor)
    client = stand_in.client()
    made = client.create(checkout_request(7900))
    assert "Let it expire" in seen(visitor)
    stand_in.pay(made.session_id)
    page = seen(visitor)
    assert "£79.00, KENT-7QX2-M4RP" in page
    assert "complete, paid" in page
    payment = client.get(made.session_id).provider_payment_id
    assert "Decide for the payer" in press(visitor, f"/demo/payments/payments/{payment}/dispute")
    assert client.get(made.session_id).disputed
    (dispute,) = stand_in.till.all_of("dispute")
    assert "disputed: won" in press(visitor, f"/demo/payments/disputes/{dispute['id']}/won")
    assert "cannot be done" in press(visitor, f"/demo/payments/disputes/{dispute['id']}/lost")
    press(visitor, "/demo/payments/payouts/now/make")
    assert len(stand_in.till.all_of("payout")) == 1
    stand_in.heard.wait_for("payout.paid")
    assert "checkout.session.completed" in seen(visitor)


@pytest.mark.parametrize("trouble", sorted(TROUBLE))
def test_trouble_can_be_ordered_and_taken_back(visitor: StrictClient, stand_in: StripeStandIn, trouble: str) -> None:
    page = press(visitor, "/demo/payments/trouble", trouble=trouble)
    assert page.count(TROUBLE[trouble][0]) == 2  # to choose, and waiting
    assert len(stand_in.troubles.ordered()) == 1
    press(visitor, "/demo/payments/trouble", trouble="none")
    assert stand_in.troubles.ordered() == []


def test_an_unknown_deed_is_refused_and_nobody_there_is_said(visitor: StrictClient, settings: Settings) -> None:
    assert "cannot be done" in press(visitor, "/demo/payments/payments/x/pay-me")
    away = visitor_of(settings, "http://127.0.0.1:9")
    assert "does not answer just now" in seen(away)
    assert "does not answer just now" in press(away, "/demo/payments/payouts/now/make")
