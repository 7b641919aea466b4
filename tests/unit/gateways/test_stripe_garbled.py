"""An answer of 200 that is none: it may be asked again, and no page and no job falls over it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import uuid4

import pytest

from contact.gateways.payment_provider import ProviderAway, ProviderGarbled, RefundRequest, RefundState
from contact.gateways.stripe import StripeProvider
from tests.support.stripe_stand_in import WEBHOOK_SECRET, checkout_request

SESSION = (
    b'{"id": "cs_1", "object": "checkout.session", "status": "paused", "payment_status": "paid", "amount_total": 1}'
)


@pytest.fixture
def answering() -> Iterator[Callable[[bytes], StripeProvider]]:
    """Makes a client of a provider that always answers these bytes."""
    body = b""

    class Rubbish(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *args: object) -> None:  # says nothing
            pass

    server = HTTPServer(("127.0.0.1", 0), Rubbish)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def client(given: bytes) -> StripeProvider:
        nonlocal body
        body = given
        address = f"http://127.0.0.1:{server.server_port}"
        return StripeProvider(secret_key="sk_test_x", webhook_secret=WEBHOOK_SECRET, address=address)

    yield client
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("body", [b"{}", SESSION, b'{"id": "cs_1", "object": "checkout.session"}', b"[]", b"null"])
def test_an_answer_nobody_can_read_may_be_asked_again(
    answering: Callable[[bytes], StripeProvider], body: bytes
) -> None:
    client = answering(body)
    for ask in (lambda: client.get("cs_1"), lambda: client.create(checkout_request())):
        with pytest.raises(ProviderAway) as failed:
            ask()
        assert isinstance(failed.value, ProviderGarbled)


def test_a_refund_in_a_state_of_a_later_year_was_taken_all_the_same(
    answering: Callable[[bytes], StripeProvider],
) -> None:
    client = answering(b'{"id": "re_1", "object": "refund", "status": "thinking", "amount": 5, "currency": "gbp"}')
    refund_id = uuid4()
    result = client.refund(RefundRequest(refund_id, "pi_1", 5, "refused", f"refund-{refund_id}"))
    assert (result.provider_refund_id, result.state) == ("re_1", RefundState.PENDING)
