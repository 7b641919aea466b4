"""A stand-in at Stripe's address: the part of its API that we use, on this machine only, for the demonstration."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask, abort, jsonify, request
from flask.typing import ResponseReturnValue

from contact.demo.stripe_objects import Json
from contact.demo.stripe_page import TEMPLATES, add_pages
from contact.demo.stripe_till import Answered, Till, TillRefuses
from contact.demo.stripe_webhooks import Fault, Teller, Troubles
from contact.gateways.stripe import STRIPE_VERSION


def make_stripe_stand_in(till: Till, teller: Teller, troubles: Troubles, *, secret_key: str) -> Flask:
    """The WSGI application: the API under /v1, payment pages under /pay, and the hand that makes trouble."""
    app = Flask("contact.demo.stripe_standin", static_folder=None, template_folder=str(TEMPLATES))

    @app.before_request
    def account_only() -> ResponseReturnValue | None:
        if request.path.startswith("/pay/"):
            return None
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), secret_key.encode()):
            return _problem(401, "invalid_request_error", "Invalid API Key provided")
        if request.path.startswith("/v1/") and request.headers.get("Stripe-Version") != STRIPE_VERSION:
            return _problem(400, "invalid_request_error", "Invalid Stripe API version")
        return None

    @app.errorhandler(TillRefuses)
    def refused(error: TillRefuses) -> ResponseReturnValue:
        return _problem(error.status, error.kind, error.message, code=error.code, param=error.param)

    @app.errorhandler(404)
    def not_found(error: Exception) -> ResponseReturnValue:
        return _problem(404, "invalid_request_error", f"Unrecognized request URL ({request.method}: {request.path}).")

    _add_checkout(app, till, troubles)
    _add_money(app, till, troubles)
    _add_controls(app, till, teller, troubles)
    add_pages(app, till)
    return app


def watch_the_clock(till: Till) -> Callable[[], None]:
    """Close pages whose time is over, until the function that is answered is called."""
    over = threading.Event()

    def tick() -> None:
        while not over.wait(1.0):
            till.expire_what_is_over()

    threading.Thread(target=tick, name="stand-in-stripe-clock", daemon=True).start()
    return over.set


def _add_checkout(app: Flask, till: Till, troubles: Troubles) -> None:
    @app.post("/v1/checkout/sessions")
    def create_session() -> ResponseReturnValue:
        def made(params: Json) -> Json:
            _must_be_a_page(params)
            return till.open_session(params, address=request.host_url.rstrip("/"))

        return _done_once(till, troubles, made)

    @app.get("/v1/checkout/sessions/<session_id>")
    def get_session(session_id: str) -> ResponseReturnValue:
        till.expire_what_is_over()
        return _answer(till, troubles, lambda: till.find(session_id, "checkout.session"))

    @app.post("/v1/checkout/sessions/<session_id>/expire")
    def expire_session(session_id: str) -> ResponseReturnValue:
        return _done_once(till, troubles, lambda params: till.expire(session_id))

    @app.get("/v1/payment_intents/<intent_id>")
    def get_intent(intent_id: str) -> ResponseReturnValue:
        return _answer(till, troubles, lambda: till.find(intent_id, "payment_intent"))


def _add_money(app: Flask, till: Till, troubles: Troubles) -> None:
    @app.post("/v1/refunds")
    def create_refund() -> ResponseReturnValue:
        return _done_once(till, troubles, till.refund)

    @app.get("/v1/refunds/<refund_id>")
    def get_refund(refund_id: str) -> ResponseReturnValue:
        return _answer(till, troubles, lambda: till.find(refund_id, "refund"))

    @app.get("/v1/payouts")
    def list_payouts() -> ResponseReturnValue:
        since, before = request.args.get("created[gte]", type=int), request.args.get("created[lt]", type=int)
        found = [
            payout
            for payout in till.all_of("payout")
            if (since is None or payout["created"] >= since) and (before is None or payout["created"] < before)
        ]
        return _answer(till, troubles, lambda: _page(found))

    @app.get("/v1/balance_transactions")
    def list_movements() -> ResponseReturnValue:
        return _answer(till, troubles, lambda: _page(till.movements(request.args.get("payout"))))


def _add_controls(app: Flask, till: Till, teller: Teller, troubles: Troubles) -> None:
    """What Stripe has not: banks that dispute and decide, time that passes, and trouble to order."""

    @app.get("/stand-in/all")
    def everything() -> ResponseReturnValue:
        kinds = ("checkout.session", "refund", "dispute", "payout")
        found = {kind: till.all_of(kind)[:50] for kind in kinds}
        return jsonify(found | {"told": teller.told(), "faults": [asdict(each) for each in troubles.ordered()]})

    @app.post("/stand-in/faults")
    def order() -> ResponseReturnValue:
        troubles.order(Fault(**request.get_json()))
        return "", 204

    @app.post("/stand-in/faults/forget")
    def forget() -> ResponseReturnValue:
        troubles.forget()
        return "", 204

    @app.post("/stand-in/<what>/<object_id>/<deed>")
    def do(what: str, object_id: str, deed: str) -> ResponseReturnValue:
        deeds: dict[tuple[str, str], Callable[[], object]] = {
            ("sessions", "expire"): lambda: till.expire(object_id),
            ("sessions", "slow-works"): lambda: till.settle_slow(object_id, works=True),
            ("sessions", "slow-fails"): lambda: till.settle_slow(object_id, works=False),
            ("payments", "dispute"): lambda: till.dispute(object_id),
            ("refunds", "fail"): lambda: till.fail_refund(object_id),
            ("disputes", "won"): lambda: till.decide_dispute(object_id, won=True),
            ("disputes", "lost"): lambda: till.decide_dispute(object_id, won=False),
            ("payouts", "make"): till.pay_out,
        }
        (deeds.get((what, deed)) or abort(404))()
        return "", 204


def _must_be_a_page(params: Mapping[str, Any]) -> None:
    """What Stripe says of a page that it cannot make. Raises TillRefuses."""
    for name in ("mode", "success_url", "line_items"):
        if not params.get(name):
            raise TillRefuses(f"Missing required param: {name}.", code="parameter_missing", param=name)
    amount = int(params["line_items"][0]["price_data"]["unit_amount"]) * int(params["line_items"][0]["quantity"])
    if amount < 30:
        raise TillRefuses("The total amount must be at least £0.30 gbp.", code="amount_too_small")
    ahead = int(params.get("expires_at") or time.time() + 86_400) - time.time()
    if not 1800 - 60 <= ahead <= 86_400 + 60:
        words = "must be at least 30 minutes and less than 24 hours from Checkout Session creation."
        raise TillRefuses(f"The `expires_at` timestamp {words}", param="expires_at")


def _done_once(till: Till, troubles: Troubles, do: Callable[[Json], Json]) -> ResponseReturnValue:
    """Do what is asked, once for one idempotency key: the same question again gets the same answer, another none."""
    key, body = request.headers.get("Idempotency-Key", ""), request.get_data(as_text=True)
    asked = hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).hexdigest()

    def done() -> Json:
        before = till.answered(key) if key else None
        if before is not None and before.asked != asked:
            words = "Keys for idempotent requests can only be used with the same parameters they were first used with."
            raise TillRefuses(words, kind="idempotency_error")
        if before is not None:
            return before.answer
        made = do(nested(parse_qsl(body, keep_blank_values=True)))
        if key:
            till.keep_answer(key, Answered(asked, made))
        return made

    return _answer(till, troubles, done)


def _answer(till: Till, troubles: Troubles, do: Callable[[], Json]) -> ResponseReturnValue:
    """The object asked for, its expandable fields filled where that was asked; after whatever trouble was ordered."""
    fault = troubles.next("api")
    kind = fault.kind if fault else ""
    if kind == "busy":
        return _problem(429, "invalid_request_error", "Too many requests", code="rate_limit")
    if kind == "fail":
        return _problem(500, "api_error", "Something went wrong on Stripe's end.")
    with till.lock:
        found = json.loads(json.dumps(do()))
        for name, path in request.args.items():
            if re.fullmatch(r"expand\[\d+\]", name):
                _expand(till, found, path.split("."))
    if fault and kind == "hang_after":
        time.sleep(fault.seconds)
    return jsonify(found)


def _expand(till: Till, found: Any, path: list[str]) -> None:  # noqa: ANN401 - any JSON
    if isinstance(found, list):
        for each in found:
            _expand(till, each, path)
        return
    if not path or not isinstance(found, dict) or found.get(path[0]) is None:
        return
    if isinstance(found[path[0]], str):
        found[path[0]] = json.loads(json.dumps(till.find(found[path[0]])))
    _expand(till, found[path[0]], path[1:])


def _page(found: list[Json]) -> Json:
    size, after = min(request.args.get("limit", 10, type=int), 100), request.args.get("starting_after")
    ids = [each["id"] for each in found]
    start = ids.index(after) + 1 if after in ids else 0
    shown = found[start : start + size]
    return {"object": "list", "url": request.path, "has_more": len(found) > start + size, "data": shown}


def _problem(status: int, kind: str, message: str, **more: str | None) -> ResponseReturnValue:
    told = {"type": kind, "message": message} | {name: value for name, value in more.items() if value}
    return jsonify(error=told), status


def nested(pairs: Iterable[tuple[str, str]]) -> Json:
    """A form as Stripe reads it: a[b][0][c]=v is {"a": {"b": [{"c": "v"}]}}."""
    out: Json = {}
    for name, value in pairs:
        steps = [step for step in re.split(r"[\[\]]+", name) if step]
        inner = out
        for step in steps[:-1]:
            inner = inner.setdefault(step, {})
        inner[steps[-1]] = value
    return {name: _listed(value) for name, value in out.items()}


def _listed(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if not isinstance(value, dict):
        return value
    if value and all(name.isdigit() for name in value):
        return [_listed(value[name]) for name in sorted(value, key=int)]
    return {name: _listed(each) for name, each in value.items()}
