"""The Stripe client and its stand-in: what is asked, answered and told is what Stripe publishes."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from contact.gateways.payment_provider import (
    CheckoutState,
    EventKind,
    LineKind,
    PaymentProvider,
    PaymentStatus,
    ProviderAway,
    ProviderRefused,
    RefundRequest,
    RefundState,
    SignatureWrong,
)
from contact.gateways.stripe import STRIPE_VERSION, StripeProvider, sign_as_stripe
from tests.support.openapi import SPECIFICATIONS, Specification
from tests.support.stripe_stand_in import (
    ASKS_BANK,
    DECLINED,
    DISPUTED,
    WEBHOOK_SECRET,
    StripeStandIn,
    checkout_request,
    running_stripe,
)

SPECIFICATION = Specification("stripe.trim.json")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def stand_in() -> Iterator[StripeStandIn]:
    with running_stripe() as running:
        yield running


def refund_of(provider_payment_id: str, pence: int, *, reason: str = "refused", key: str = "") -> RefundRequest:
    refund_id = uuid4()
    return RefundRequest(refund_id, provider_payment_id, pence, reason, key or f"refund-{refund_id}")


def paid(stand_in: StripeStandIn, client: StripeProvider, pence: int = 7900, card: str = "4242424242424242") -> str:
    """A payment that was made; the provider's id of it."""
    session_id = client.create(checkout_request(pence)).session_id
    assert stand_in.pay(session_id, card).status_code == 303
    found = client.get(session_id).provider_payment_id
    assert found
    return found


def problems(stand_in: StripeStandIn) -> list[str]:
    """What Stripe's document says against all that passed."""
    found: list[str] = []
    for seen in stand_in.seen:
        if seen.method == "POST":
            found += SPECIFICATION.problems_of_nested_form(seen.method, seen.path, seen.body)
        found += SPECIFICATION.problems_of_nested_query(seen.method, seen.path, seen.query)
        found += SPECIFICATION.problems_of_answer(seen.method, seen.path, seen.status, seen.answer)
    for event in stand_in.heard.events():
        about = event["data"]["object"]
        found += SPECIFICATION.problems_of_object("event", event)
        found += [f"{event['type']}: {each}" for each in SPECIFICATION.problems_of_object(about["object"], about)]
    return found


def test_the_version_asked_for_is_that_of_the_document() -> None:
    document = json.loads((SPECIFICATIONS / "stripe.trim.json").read_text(encoding="utf-8"))
    assert document["info"]["version"] == STRIPE_VERSION


def test_the_client_is_a_provider() -> None:
    provider: PaymentProvider = StripeProvider(secret_key="sk_test_x", webhook_secret=WEBHOOK_SECRET)
    assert provider.name == "stripe"


def test_everything_asked_answered_and_told_is_as_stripe_publishes_it(stand_in: StripeStandIn) -> None:
    client = stand_in.client()
    request = checkout_request(email="rhian@example.org", language="cy")
    made = client.create(request)
    assert (made.livemode, made.url) == (False, f"{stand_in.address}/pay/{made.session_id}")
    waiting = client.get(made.session_id)
    assert (waiting.state, waiting.paid, waiting.payment_id) == (CheckoutState.OPEN, False, request.payment_id)
    assert waiting.provider_payment_id is None
    stand_in.pay(made.session_id, DECLINED)
    assert client.get(made.session_id).state is CheckoutState.OPEN
    answer = stand_in.pay(made.session_id)
    assert (answer.status_code, answer.headers["Location"]) == (303, request.return_url)
    found = client.get(made.session_id)
    assert (found.paid, found.amount_pence, found.currency, found.url) == (True, 7900, "gbp", None)

    assert found.provider_payment_id
    back = client.refund(refund_of(found.provider_payment_id, 900))
    assert (back.state, back.amount_pence) == (RefundState.SUCCEEDED, 900)
    assert client.get(made.session_id).refunded_pence == 900
    stand_in.do("refunds", back.provider_refund_id, "fail")
    disputed = paid(stand_in, client, 20_000, DISPUTED)
    (dispute,) = stand_in.till.all_of("dispute")
    stand_in.do("disputes", dispute["id"], "won")
    with pytest.raises(ProviderRefused):
        client.get("cs_test_unknown")
    lost = client.create(checkout_request())
    client.cancel(lost.session_id)
    paid(stand_in, client)
    stand_in.do("payouts", "now", "make")
    assert len(client.list_settlements(since=NOW - timedelta(days=9000), until=NOW + timedelta(days=9000))) == 1

    stand_in.heard.wait_for("payout.paid", "charge.dispute.closed", "refund.failed", "checkout.session.expired")
    assert len(stand_in.seen) > 10
    assert problems(stand_in) == []
    told = stand_in.heard.read_by(client)
    assert {event.kind for event in told} >= {
        EventKind.CHECKOUT_COMPLETED, EventKind.ATTEMPT_FAILED, EventKind.REFUND_CHANGED, EventKind.CHARGE_REFUNDED,
        EventKind.DISPUTE_OPENED, EventKind.DISPUTE_MONEY_TAKEN, EventKind.DISPUTE_CLOSED, EventKind.DISPUTE_MONEY_BACK,
        EventKind.CHECKOUT_EXPIRED, EventKind.PAYOUT_PAID,
    }  # fmt: skip
    assert EventKind.OTHER not in {event.kind for event in told}
    (opened,) = [event for event in told if event.kind is EventKind.DISPUTE_OPENED]
    assert opened.dispute
    assert (opened.provider_payment_id, opened.dispute.amount_pence) == (disputed, 20_000)
    (failed,) = [event for event in told if event.refund and event.refund.state is RefundState.FAILED]
    assert failed.refund
    assert failed.refund.provider_refund_id == back.provider_refund_id


def test_a_slow_way_to_pay_is_complete_before_it_is_paid(stand_in: StripeStandIn) -> None:
    client = stand_in.client()
    works, fails = (client.create(checkout_request()).session_id for _ in range(2))
    for session_id in (works, fails):
        stand_in.pay(session_id, "slow")
        found = client.get(session_id)
        assert (found.state, found.payment_status) == (CheckoutState.COMPLETE, PaymentStatus.UNPAID)
    assert stand_in.do("sessions", works, "slow-works") == 204
    assert stand_in.do("sessions", fails, "slow-fails") == 204
    assert (client.get(works).paid, client.get(fails).paid) == (True, False)
    stand_in.heard.wait_for("checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed")
    kinds = [event.kind for event in stand_in.heard.read_by(client)]
    assert kinds[-2:] == [EventKind.LATE_PAYMENT_SUCCEEDED, EventKind.LATE_PAYMENT_FAILED]
    assert problems(stand_in) == []


def test_a_payout_is_the_sum_of_its_lines(stand_in: StripeStandIn) -> None:
    client = stand_in.client()
    first = paid(stand_in, client, 7900)
    paid(stand_in, client, 20_000)
    refund = client.refund(refund_of(first, 7900, reason="duplicate"))
    stand_in.do("payouts", "now", "make")
    now = datetime.now(UTC)
    (found,) = client.list_settlements(since=now - timedelta(hours=1), until=now + timedelta(hours=1))
    lines = [line for line in found.lines if line.kind is not LineKind.PAYOUT]
    assert sum(line.net_pence for line in lines) == found.amount_pence
    assert all(line.net_pence == line.amount_pence - line.fee_pence for line in found.lines)
    back = [line for line in lines if line.kind is LineKind.REFUND]
    assert [(line.source_id, line.provider_payment_id, line.amount_pence) for line in back] == [
        (refund.provider_refund_id, first, -7900)
    ]
    assert client.list_settlements(since=now + timedelta(hours=1), until=now + timedelta(hours=2)) == []
    assert problems(stand_in) == []


def test_many_payments_of_one_payout_are_all_read(stand_in: StripeStandIn) -> None:
    client = stand_in.client()
    for _ in range(130):
        stand_in.till.pay(client.create(checkout_request()).session_id)
    stand_in.do("payouts", "now", "make")
    now = datetime.now(UTC)
    (found,) = client.list_settlements(since=now - timedelta(hours=1), until=now + timedelta(hours=1))
    assert sum(line.kind is LineKind.PAYMENT for line in found.lines) == 130
    assert len({line.line_id for line in found.lines}) == 131


def test_the_same_key_makes_one_page_and_another_request_under_it_none(stand_in: StripeStandIn) -> None:
    """A second tab, or a repeat after no answer, never makes a second page."""
    client, request = stand_in.client(), checkout_request()
    assert client.create(request) == client.create(request)
    with pytest.raises(ProviderRefused, match="idempotency_error"):
        client.create(checkout_request(amount_pence=1, payment_id=request.payment_id, expires_at=request.expires_at))
    assert len(stand_in.till.all_of("checkout.session")) == 1
    assert problems(stand_in) == []


def test_nothing_is_paid_back_twice_or_above_what_was_paid(stand_in: StripeStandIn) -> None:
    client = stand_in.client()
    payment = paid(stand_in, client, 7900)
    request = refund_of(payment, 5000)
    assert client.refund(request) == client.refund(request)
    with pytest.raises(ProviderRefused):
        client.refund(refund_of(payment, 2901))
    client.refund(refund_of(payment, 2900))
    with pytest.raises(ProviderRefused, match="charge_already_refunded"):
        client.refund(refund_of(payment, 1))
    assert sum(refund["amount"] for refund in stand_in.till.all_of("refund")) == 7900
    disputed = paid(stand_in, client, 7900, DISPUTED)
    with pytest.raises(ProviderRefused, match="charge_disputed"):
        client.refund(refund_of(disputed, 100))
    assert problems(stand_in) == []


def test_a_page_closes_once_and_what_was_paid_stays_paid(stand_in: StripeStandIn) -> None:
    client = stand_in.client()
    open_page, paid_page = (client.create(checkout_request()).session_id for _ in range(2))
    stand_in.pay(paid_page)
    assert client.cancel(open_page).state is CheckoutState.EXPIRED
    assert client.cancel(open_page).state is CheckoutState.EXPIRED
    assert client.cancel(paid_page).paid
    assert "expired" in stand_in.pay(open_page).text
    assert not client.get(open_page).paid
    with pytest.raises(ProviderRefused, match="resource_missing"):
        client.cancel("cs_test_unknown")


def test_the_bank_may_ask_first(stand_in: StripeStandIn) -> None:
    client = stand_in.client()
    session_id = client.create(checkout_request()).session_id
    assert "The bank asks" in stand_in.pay(session_id, ASKS_BANK).text
    assert "Nothing was paid" in stand_in.pay(session_id, ASKS_BANK, bank="no").text
    assert not client.get(session_id).paid
    assert stand_in.pay(session_id, ASKS_BANK, bank="yes").status_code == 303
    assert client.get(session_id).paid


def test_a_page_expires_by_the_clock() -> None:
    times = [datetime.now(UTC)]
    with running_stripe(clock=lambda: times[-1]) as stand_in:
        client = stand_in.client()
        session_id = client.create(checkout_request()).session_id
        times.append(times[0] + timedelta(minutes=91))
        assert "expired" in stand_in.pay(session_id).text
        assert client.get(session_id).state is CheckoutState.EXPIRED
        stand_in.heard.wait_for("checkout.session.expired")


@pytest.mark.parametrize(("kind", "code"), [("fail", "api_error"), ("busy", "rate_limit")])
def test_a_failing_stripe_may_be_asked_again(stand_in: StripeStandIn, kind: str, code: str) -> None:
    client, request = stand_in.client(), checkout_request()
    stand_in.order("api", kind, times=2)  # the client itself tries twice where that may help
    with pytest.raises(ProviderAway, match=code):
        client.create(request)
    stand_in.troubles.forget()
    assert client.create(request).session_id
    assert problems(stand_in) == []


def test_no_answer_in_time_leaves_one_page(stand_in: StripeStandIn) -> None:
    client, request = stand_in.client(limit_s=1.0), checkout_request()
    stand_in.order("api", "hang_after", seconds=20.0)
    began = time.monotonic()
    with pytest.raises(ProviderAway, match="out-of-time"):
        client.create(request)
    assert time.monotonic() - began < 15
    assert stand_in.client().create(request).session_id == stand_in.till.all_of("checkout.session")[0]["id"]


def test_nobody_there_and_a_wrong_key_are_told_apart(stand_in: StripeStandIn) -> None:
    away = StripeProvider(secret_key="sk_test_x", webhook_secret=WEBHOOK_SECRET, address="http://127.0.0.1:9")
    with pytest.raises(ProviderAway, match="not-reached"):
        away.get("cs_test_1")
    with pytest.raises(ProviderRefused, match="invalid_request_error"):
        stand_in.client(key="sk_test_wrong").get("cs_test_1")


@pytest.mark.parametrize("change", [{"amount_pence": 29}, {"expires_at": datetime.now(UTC) + timedelta(minutes=5)}])
def test_what_stripe_would_refuse_is_refused(stand_in: StripeStandIn, change: dict[str, Any]) -> None:
    with pytest.raises(ProviderRefused):
        stand_in.client().create(checkout_request(**change))


def test_a_misspelt_field_would_be_noticed(stand_in: StripeStandIn) -> None:
    stand_in.client().create(checkout_request())
    (seen,) = stand_in.seen
    ask = SPECIFICATION.problems_of_nested_form
    assert ask("POST", seen.path, seen.body) == []
    assert ask("POST", seen.path, seen.body.replace("unit_amount", "unit_amuont"))
    assert ask("POST", seen.path, seen.body.replace("success_url", "succes_url"))
    assert ask("POST", seen.path, seen.body.replace("mode=payment", "mode=paymnt"))
    assert isinstance(seen.answer, dict)
    assert SPECIFICATION.problems_of_answer("POST", seen.path, 200, {**seen.answer, "state": "open"})
    assert SPECIFICATION.problems_of_answer("POST", seen.path, 200, {**seen.answer, "expires_at": None})
    assert SPECIFICATION.problems_of_nested_query("GET", "/v1/payouts", "created[since]=1")


def webhook(**change: object) -> bytes:
    event = {
        "id": "evt_1", "object": "event", "type": "payout.paid", "created": int(NOW.timestamp()), "livemode": False,
        "data": {"object": {"id": "po_1", "object": "payout", "amount": 100, "currency": "gbp"}},
    }  # fmt: skip
    return json.dumps(event | change).encode()


def read(body: bytes, signature: str | None = None, *, at: datetime = NOW) -> EventKind:
    signature = sign_as_stripe(webhook_secret=WEBHOOK_SECRET, body=body, at=at) if signature is None else signature
    provider = StripeProvider(secret_key="sk_test_x", webhook_secret=WEBHOOK_SECRET)
    return provider.verify_webhook(body, signature, now=NOW).kind


def test_a_genuine_webhook_is_read_and_an_unknown_kind_kept() -> None:
    assert read(webhook()) is EventKind.PAYOUT_PAID
    assert read(webhook(type="customer.created")) is EventKind.OTHER
    assert read(webhook(), at=NOW - timedelta(seconds=299)) is EventKind.PAYOUT_PAID


@pytest.mark.parametrize(
    "signature",
    ["", "é", "t=1", "v1=1", "t=x,v1=1", "t=,v1=", f"t={int(NOW.timestamp())},v1={'0' * 64}", "t=9e99,v1=0"],
)
def test_a_forged_signature_is_refused(signature: str) -> None:
    with pytest.raises(SignatureWrong):
        read(webhook(), signature)


def test_other_bytes_another_secret_and_an_old_time_are_refused() -> None:
    right = sign_as_stripe(webhook_secret=WEBHOOK_SECRET, body=webhook(), at=NOW)
    other = sign_as_stripe(webhook_secret="whsec_other", body=webhook(), at=NOW)
    for body, signature, at in (
        (webhook(livemode=True), right, NOW),
        (webhook() + b" ", right, NOW),
        (webhook(), other, NOW),
        (webhook(), None, NOW - timedelta(seconds=301)),  # replayed
        (webhook(), None, NOW + timedelta(seconds=301)),
        (b"[]", None, NOW),
        (b"\xff", right, NOW),
        (b"{}", None, NOW),
        (webhook(data={"object": {"object": "payout"}}), None, NOW),
    ):
        with pytest.raises(SignatureWrong):
            read(body, signature, at=at)


def test_webhooks_can_be_doubled_reordered_delayed_lost_and_are_tried_again(stand_in: StripeStandIn) -> None:
    client, heard = stand_in.client(), stand_in.heard
    stand_in.order("webhooks", "duplicate")
    stand_in.pay(client.create(checkout_request()).session_id)
    heard.wait_for(*["checkout.session.completed"] * 10)
    assert len({event["id"] for event in heard.events()}) == 1

    heard.posts.clear()
    stand_in.order("webhooks", "reorder")
    stand_in.pay(client.create(checkout_request()).session_id)
    client.cancel(client.create(checkout_request()).session_id)
    heard.wait_for("checkout.session.completed", "checkout.session.expired")
    assert heard.kinds() == ["checkout.session.expired", "checkout.session.completed"]

    heard.posts.clear()
    stand_in.order("webhooks", "lose")
    stand_in.order("webhooks", "delay", seconds=0.2)
    stand_in.pay(client.create(checkout_request()).session_id)
    client.cancel(client.create(checkout_request()).session_id)
    heard.wait_for("checkout.session.expired")
    assert heard.kinds() == ["checkout.session.expired"]

    heard.posts.clear()
    heard.answer = 500
    stand_in.pay(client.create(checkout_request()).session_id)
    heard.wait_for(*["checkout.session.completed"] * 3)
    heard.answer = 200


def test_the_stand_in_remembers_over_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "payments.json"
    request = checkout_request()
    with running_stripe(file) as stand_in:
        session_id = stand_in.client().create(request).session_id
        stand_in.pay(session_id)
    with running_stripe(file) as stand_in:
        client = stand_in.client()
        assert client.create(request).session_id == session_id
        assert client.get(session_id).paid


def test_no_log_names_who_pays(stand_in: StripeStandIn, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        stand_in.client().create(checkout_request(email="rhian@example.org"))
    assert "rhian" not in caplog.text
    assert "sk_test" not in caplog.text
