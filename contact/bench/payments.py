"""Payments: what we add to the provider's own time when somebody begins to pay, and the answer to its webhooks."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import secrets
import statistics
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from werkzeug.serving import WSGIRequestHandler, make_server

from contact.bench.browsers import Browser, open_browser
from contact.bench.fill import ONE_FORCE
from contact.bench.load import Request, send_all
from contact.bench.row import Row, percentile
from contact.bench.stack import Stack
from contact.bench.webhooks import steadily
from contact.demo.stripe_objects import event_object, session_object
from contact.demo.stripe_standin import make_stripe_stand_in
from contact.demo.stripe_till import Till
from contact.demo.stripe_webhooks import Teller, Troubles
from contact.gateways.stripe import sign_as_stripe
from contact.store.engine import make_engine, make_sessions
from contact.web.shared.cookies import Audience

STARTS, WARMING = 300, 20
A_SECOND, SECONDS = 100, 10

_CONTACTS = """
INSERT INTO contacts (id, reference, force_id, force_ids, channel, form_id, category, grade, state, desk, flags,
                      sensitive, restricted, anonymous, language, safe_contact, received_at, retention_group,
                      review_due)
SELECT id, 'P' || n, %(force)s, ARRAY[%(force)s], 'web', 'firearms-certificate', 'firearms_licensing', 'standard',
       'with_licensing', 'licensing', '{}', false, false, false, 'en', '{}', now(), 'group_3', date '2037-01-01'
  FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS made(id, n)"""
_APPLICATIONS = """
INSERT INTO applications (contact_id, force_id, kind, licence, nation, state, state_since, declared_at, collect_at,
                          payment, unread)
SELECT c.id, c.force_id, 'renewal', 'shotgun', f.nation, 'awaiting_payment', now(), now(), 'submission', 'due', false
  FROM contacts c JOIN forces f ON f.id = c.force_id WHERE c.id = ANY(%(ids)s)"""


def rows(stack: Stack) -> list[Row]:
    """Two rows: beginning to pay, and webhooks at a steady rate."""
    due = _applications_due(stack, STARTS + WARMING)
    with _stand_in(stack) as theirs, stack.web(2) as port:
        made = [_start(reference, browser) for reference, browser in due]
        send_all(port, [made[:WARMING]])
        theirs.clear()
        ours = send_all(port, [made[WARMING:]]).times_ms
        if len(theirs) != len(ours):
            raise RuntimeError(f"{len(ours)} began to pay, {len(theirs)} pages were made")
        beside = [whole - their for whole, their in zip(ours, theirs, strict=True)]
        send_all(port, [[_webhook(stack) for _ in range(40)]])
        told = percentile(steadily(port, [_webhook(stack) for _ in range(A_SECOND * SECONDS)], A_SECOND), 0.99)
        floor = percentile(steadily(port, [Request("GET", "/livez")] * (A_SECOND * 4), A_SECOND), 0.99)
    p95 = percentile(beside, 0.95)
    target = "<= 30 ms beside the provider's"
    return [
        Row("begin to pay, p95", p95, "ms", statistics.median(theirs), None, target, p95 <= 30),
        Row(
            f"answer a payment webhook, {A_SECOND} a second, p99",
            told,
            "ms",
            floor,
            told / floor,
            "<= 50 ms",
            told <= 50,
        ),
    ]


def _applications_due(stack: Stack, count: int) -> list[tuple[str, Browser]]:
    """Applications whose fee is due, each in the browser that sent it."""
    ids = [uuid4() for _ in range(count)]
    with stack.superuser() as connection:
        connection.execute(_CONTACTS, {"ids": ids, "force": ONE_FORCE})
        connection.execute(_APPLICATIONS, {"ids": ids})
        connection.execute("VACUUM ANALYZE contacts, applications")
    engine = make_engine(stack.settings.database_url, pool_size=1)
    with make_sessions(engine)() as session:
        found = []
        for number, contact_id in enumerate(ids, start=1):
            data = {"contacts": {f"P{number}": str(contact_id)}}
            browser = open_browser(session, stack.settings, audience=Audience.CITIZEN, data=data)
            found.append((f"P{number}", browser))
        session.commit()
    engine.dispose()
    return found


def _start(reference: str, browser: Browser) -> Request:
    headers = {"Cookie": browser.cookie, "Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"csrf_token": browser.csrf}).encode()
    return Request("POST", f"/application/{reference}/pay", headers, body, expect=303)


def _webhook(stack: Stack) -> Request:
    """A payment page of somebody's that was completed."""
    now = dt.datetime.now(dt.UTC)
    item = {"quantity": "1", "price_data": {"unit_amount": "7900", "currency": "gbp"}}
    params = {"mode": "payment", "success_url": "https://contact.example/", "line_items": [item]}
    page = session_object(params, now=int(now.timestamp()), address="https://checkout.example")
    page |= {"client_reference_id": str(uuid4()), "status": "complete", "payment_status": "paid"}
    page["payment_intent"] = f"pi_{secrets.token_hex(12)}"
    body = json.dumps(event_object("checkout.session.completed", page, now=int(now.timestamp()))).encode()
    secret = stack.settings.stripe_webhook_secret or ""
    signature = sign_as_stripe(webhook_secret=secret, body=body, at=now)
    headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
    return Request("POST", "/webhooks/stripe", headers, body, expect=204)


@contextlib.contextmanager
def _stand_in(stack: Stack) -> Iterator[list[float]]:
    """The provider, at its address until the block ends; yields the milliseconds of each answer it gave."""
    times: list[float] = []
    key, address = stack.settings.stripe_secret_key or "", urlsplit(stack.settings.stripe_api_url or "")
    troubles = Troubles()
    teller = Teller(troubles, address="http://127.0.0.1:9/", webhook_secret="whsec_nobody")  # noqa: S106 - tells nobody
    till = Till(None, tell=lambda event: None)
    app = make_stripe_stand_in(till, teller, troubles, secret_key=key)
    inner = app.wsgi_app

    def timed(environ: Any, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI's own
        began = time.perf_counter()
        answer = inner(environ, start_response)
        times.append((time.perf_counter() - began) * 1000)
        return answer

    server = make_server("127.0.0.1", address.port or 80, timed, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield times
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The table is all that is printed."""
