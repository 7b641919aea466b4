"""The provider's webhook: signed by it, just now, over these bytes; kept once; nothing of the card stays with us."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from contact.gateways.stripe import StripeProvider, sign_as_stripe
from contact.store import models
from contact.web.shared.payments import use_payment_provider
from tests.support.clients import Clock

SECRET = "whsec_of0the0tests"


@pytest.fixture(autouse=True)
def account(app: Flask) -> Iterator[None]:
    """The real client, with a secret of the test's."""
    use_payment_provider(
        app, StripeProvider(secret_key="sk_test_none", webhook_secret=SECRET, address="http://127.0.0.1:1")
    )
    yield
    use_payment_provider(app, None)


def body_of(event_id: str) -> bytes:
    """A completed checkout as the company tells it, with things about the payer that we do not keep."""
    told: dict[str, Any] = {
        "id": event_id,
        "object": "event",
        "type": "checkout.session.completed",
        "created": 1_795_000_000,
        "livemode": False,
        "data": {
            "object": {
                "id": f"cs_test_{event_id}",
                "object": "checkout.session",
                "amount_total": 12_600,
                "currency": "gbp",
                "payment_status": "paid",
                "status": "complete",
                "payment_intent": f"pi_{event_id}",
                "client_reference_id": str(uuid4()),
                "customer_details": {"email": "payer@mail.example", "name": "Quillfeather", "phone": "+447700900001"},
                "metadata": {},
            }
        },
    }
    return json.dumps(told).encode()


def post(client: FlaskClient, body: bytes, signature: str) -> TestResponse:
    """Tell it."""
    return client.post(
        "/webhooks/stripe", data=body, content_type="application/json", headers={"Stripe-Signature": signature}
    )


def kept(system: sessionmaker[Session], event_id: str) -> list[models.ProviderEventRow]:
    """What stands in the books of it."""
    with system() as session:
        return session.query(models.ProviderEventRow).filter_by(event_id=event_id).all()


def jobs(system: sessionmaker[Session], event_id: str) -> int:
    """How many jobs wait to work on it."""
    with system() as session:
        found = session.execute(
            sa.text("SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'event_id' = :event"), {"event": event_id}
        )
        return int(found.scalar_one())


def test_told_three_times_it_is_kept_and_worked_on_once(
    client: FlaskClient, clock: Clock, system: sessionmaker[Session]
) -> None:
    event_id = f"evt_{uuid4().hex}"
    body = body_of(event_id)
    for _ in range(3):
        assert post(client, body, sign_as_stripe(webhook_secret=SECRET, body=body, at=clock.now)).status_code == 204
    (row,) = kept(system, event_id)
    assert (row.provider, row.kind, row.outcome) == ("stripe", "checkout_completed", None)
    assert jobs(system, event_id) == 1
    for word in ("Quillfeather", "payer@mail.example", "447700900001"):
        assert word not in json.dumps(row.facts)


@pytest.mark.parametrize("how", ["forged", "unsigned", "changed", "replayed", "early"])
def test_what_the_company_did_not_just_sign_is_refused_and_not_kept(
    client: FlaskClient, clock: Clock, system: sessionmaker[Session], how: str
) -> None:
    event_id = f"evt_{uuid4().hex}"
    body = body_of(event_id)
    at = {"replayed": clock.now - dt.timedelta(seconds=301), "early": clock.now + dt.timedelta(seconds=400)}
    secret = "whsec_somebody0else" if how == "forged" else SECRET
    signature = sign_as_stripe(webhook_secret=secret, body=body, at=at.get(how, clock.now))
    if how == "unsigned":
        signature = ""
    if how == "changed":
        body = body.replace(b"12600", b"1")
    assert post(client, body, signature).status_code == 403
    assert kept(system, event_id) == []
    assert jobs(system, event_id) == 0


def test_without_an_account_nothing_is_taken(client: FlaskClient, app: Flask, clock: Clock) -> None:
    use_payment_provider(app, None)
    body = body_of("evt_none")
    assert post(client, body, sign_as_stripe(webhook_secret=SECRET, body=body, at=clock.now)).status_code == 403
