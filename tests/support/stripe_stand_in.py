"""A running Stripe stand-in for tests, recording every exchange and webhook to be held to the specification."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import requests
from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from werkzeug.serving import make_server

from contact.demo.stripe_standin import make_stripe_stand_in
from contact.demo.stripe_till import Till
from contact.demo.stripe_webhooks import Fault, Teller, Troubles
from contact.gateways.payment_provider import CheckoutRequest, ProviderEvent
from contact.gateways.stripe import StripeProvider
from tests.support.stand_in import Seen

SECRET_KEY = "sk_test_of0the0stand0in"
WEBHOOK_SECRET = "whsec_of0the0stand0in"
PAID, DECLINED, ASKS_BANK, DISPUTED = "4242424242424242", "4000000000000002", "4000002500003155", "4000000000000259"


@dataclass
class Heard:
    """What came to the webhook's address, as bytes with their signature; `answer` is what we say to each."""

    answer: int = 200
    posts: list[tuple[bytes, str]] = field(default_factory=list)

    def events(self) -> list[dict[str, Any]]:
        """The events, in the order they came."""
        return [json.loads(body) for body, _ in self.posts]

    def kinds(self) -> list[str]:
        """Their types, in the order they came."""
        return [event["type"] for event in self.events()]

    def wait_for(self, *kinds: str, within_s: float = 10.0) -> None:
        """Until each kind has come, as often as it is named. Raises AssertionError."""
        until = time.monotonic() + within_s
        while any(self.kinds().count(kind) < kinds.count(kind) for kind in kinds):
            assert time.monotonic() < until, f"{kinds} did not come: {self.kinds()}"
            time.sleep(0.01)

    def read_by(self, provider: StripeProvider) -> list[ProviderEvent]:
        """The events as the client reads them."""
        return [provider.verify_webhook(body, sign, now=datetime.now(UTC)) for body, sign in self.posts]


@dataclass
class StripeStandIn:
    """The running stand-in: its address, its state, all that passed, and what it told."""

    address: str
    till: Till
    troubles: Troubles
    heard: Heard
    seen: list[Seen] = field(default_factory=list)

    def client(self, *, key: str = SECRET_KEY, limit_s: float = 10.0) -> StripeProvider:
        """A real client that calls this stand-in."""
        return StripeProvider(secret_key=key, webhook_secret=WEBHOOK_SECRET, address=self.address, limit_s=limit_s)

    def pay(self, session_id: str, card: str = PAID, **more: str) -> requests.Response:
        """Press the button of the payment page with a test card; redirects are not followed."""
        data = {"card": card, **more}
        return requests.post(f"{self.address}/pay/{session_id}", data=data, timeout=15, allow_redirects=False)

    def order(self, on: str, kind: str, **more: Any) -> None:  # noqa: ANN401 - the fields of Fault
        """Order trouble."""
        self.troubles.order(Fault(on, kind, **more))

    def do(self, what: str, object_id: str, deed: str) -> int:
        """Move the stand-in's own hand; answers the HTTP status."""
        headers = {"Authorization": f"Bearer {SECRET_KEY}"}
        return requests.post(
            f"{self.address}/stand-in/{what}/{object_id}/{deed}", headers=headers, timeout=15
        ).status_code


def checkout_request(amount_pence: int = 7900, payment_id: UUID | None = None, **more: Any) -> CheckoutRequest:  # noqa: ANN401 - its fields
    """A request such as our service makes."""
    payment_id = payment_id or uuid4()
    given: dict[str, Any] = {
        "payment_id": payment_id,
        "reference": "KENT-7QX2-M4RP",
        "amount_pence": amount_pence,
        "description": "Licence fee",
        "return_url": "https://contact.example/application/KENT-7QX2-M4RP/paid",
        "cancel_url": "https://contact.example/application/KENT-7QX2-M4RP/pay",
        "expires_at": datetime.now(UTC) + timedelta(minutes=90),
        "idempotency_key": f"payment-{payment_id}",
    }
    return CheckoutRequest(**given | more)


@contextmanager
def running_stripe(file: Path | None = None, *, clock: Callable[[], datetime] | None = None) -> Iterator[StripeStandIn]:
    """Serve a stand-in, and an address that hears its webhooks, on free ports until the block ends."""
    heard, troubles = Heard(), Troubles()
    ear = _ear(heard)
    ear_server, stop_ear = _serve(ear)
    address = f"http://127.0.0.1:{ear_server}/webhooks/stripe"
    teller = Teller(troubles, address=address, webhook_secret=WEBHOOK_SECRET, quick=True)
    till = Till(file, tell=teller.tell, clock=clock)
    app = make_stripe_stand_in(till, teller, troubles, secret_key=SECRET_KEY)
    found = StripeStandIn("", till, troubles, heard)

    @app.after_request
    def keep(response: Response) -> Response:
        if request.path.startswith("/v1/"):
            query, body = request.query_string.decode(), request.get_data(as_text=True)
            found.seen.append(
                Seen(request.method, request.path, query, body, response.status_code, response.get_json())
            )
        return response

    port, stop = _serve(app)
    found.address = f"http://127.0.0.1:{port}"
    try:
        yield found
    finally:
        stop()
        stop_ear()


def _ear(heard: Heard) -> Flask:
    app = Flask("ear", static_folder=None)

    @app.post("/webhooks/stripe")
    def hear() -> ResponseReturnValue:
        heard.posts.append((request.get_data(), request.headers.get("Stripe-Signature", "")))
        return "", heard.answer

    return app


def _serve(app: Flask) -> tuple[int, Callable[[], None]]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()

    def stop() -> None:
        server.shutdown()
        thread.join(5)
        server.server_close()

    return server.server_port, stop
