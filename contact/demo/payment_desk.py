"""The demonstration's bank: what was paid, and the hand that disputes, decides, pays out and loses webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.demo.pages import room
from contact.settings import Settings
from contact.web.shared.access import public

_WAIT_S = 10
TROUBLE: dict[str, tuple[str, dict[str, str | int | float]]] = {
    "lost": ("The next webhook is lost", {"on": "webhooks", "kind": "lose"}),
    "ten": ("The next webhook comes ten times at once", {"on": "webhooks", "kind": "duplicate"}),
    "order": ("The next two webhooks come in the wrong order", {"on": "webhooks", "kind": "reorder"}),
    "slow": ("The next webhook takes thirty seconds", {"on": "webhooks", "kind": "delay", "seconds": 30.0}),
    "fails": ("The company fails when it is asked, three times (500)", {"on": "api", "kind": "fail", "times": 3}),
    "busy": ("The company is busy, three times (429)", {"on": "api", "kind": "busy", "times": 3}),
    "hangs": (
        "The company does what it is asked and never says so",
        {"on": "api", "kind": "hang_after", "seconds": 12.0},
    ),
}
"""What can be made to go wrong, in plain words, and as the stand-in takes it."""
DEEDS = frozenset(
    {
        ("sessions", "expire"), ("sessions", "slow-works"), ("sessions", "slow-fails"), ("payments", "dispute"),
        ("refunds", "fail"), ("disputes", "won"), ("disputes", "lost"), ("payouts", "make"),
    }
)  # fmt: skip


class DeskAway(Exception):
    """The stand-in does not answer; perhaps a test account of Stripe's own is used instead."""


@room.get("/payments")
@public
def payments() -> ResponseReturnValue:
    """Every page, refund, dispute and payout, newest first, and each webhook with what was answered."""
    try:
        found = _ask("GET", "/stand-in/all").json()
    except DeskAway:
        found = {}
    return render_template(
        "demo/payments.html",
        away=not found,
        refused="refused" in request.args,
        sessions=found.get("checkout.session", []),
        refunds=found.get("refund", []),
        disputes=found.get("dispute", []),
        payouts=found.get("payout", []),
        told=found.get("told", []),
        trouble=[(_words_of(row), row["times"]) for row in found.get("faults", [])],
        troubles={key: words for key, (words, _) in TROUBLE.items()},
        disputed={dispute["payment_intent"] for dispute in found.get("dispute", [])},
    )


@room.post("/payments/trouble")
@public
def payment_trouble() -> ResponseReturnValue:
    """Order trouble, or take back what was ordered."""
    chosen = TROUBLE.get(request.form.get("trouble", ""))
    return _done("/stand-in/faults" if chosen else "/stand-in/faults/forget", chosen[1] if chosen else {})


@room.post("/payments/<what>/<object_id>/<deed>")
@public
def payment_deed(what: str, object_id: str, deed: str) -> ResponseReturnValue:
    """What a bank or a clock would do."""
    if (what, deed) not in DEEDS or not object_id.replace("_", "").isalnum():
        return redirect(url_for("demo.payments", refused=1), 303)
    return _done(f"/stand-in/{what}/{object_id}/{deed}", {})


def _done(path: str, fault: Mapping[str, str | int | float]) -> ResponseReturnValue:
    try:
        done = _ask("POST", path, json=fault).ok
    except DeskAway:
        done = True  # the page itself says that nobody is there
    return redirect(url_for("demo.payments", refused=None if done else 1), 303)


def _ask(method: str, path: str, **more: Any) -> requests.Response:  # noqa: ANN401 - what requests takes
    settings: Settings = current_app.config["CONTACT_SETTINGS"]
    if settings.stripe_api_url is None:
        raise DeskAway
    headers = {"Authorization": f"Bearer {settings.stripe_secret_key}"}
    try:
        return requests.request(method, settings.stripe_api_url + path, headers=headers, timeout=_WAIT_S, **more)
    except requests.RequestException as error:
        raise DeskAway from error


def _words_of(row: Mapping[str, Any]) -> str:
    return next(
        (words for words, fault in TROUBLE.values() if (fault["on"], fault["kind"]) == (row["on"], row["kind"])),
        f"{row['on']}: {row['kind']}",
    )
