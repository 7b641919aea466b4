"""The stand-in's payment page: plainly marked, and it takes test cards from a list only, never one that is typed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Flask, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue

from contact.demo.stripe_objects import Json
from contact.demo.stripe_till import Till, TillRefuses

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
_STYLE = Path(__file__).resolve().parent.parent / "static" / "css" / "demo-payment.css"
_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Card:
    """A test card: what it does in words; `declined` is Stripe's code and words where it is refused."""

    number: str
    does: str
    declined: tuple[str, str] | None = None
    asks_bank: bool = False
    slow: bool = False
    disputed: bool = False


CARDS = {
    card.number: card
    for card in (
        Card("4242424242424242", "is paid"),
        Card("4000058260000005", "is paid (a UK debit card)"),
        Card("4000002500003155", "asks the bank first (3-D Secure)", asks_bank=True),
        Card("4000000000000002", "is declined", ("card_declined", "Your card was declined.")),
        Card("4000000000000069", "has expired", ("expired_card", "Your card has expired.")),
        Card("4000000000000127", "has a wrong security code", ("incorrect_cvc", "The security code is wrong.")),
        Card("4000000000000119", "meets an error at the bank", ("processing_error", "An error occurred. Try again.")),
        Card("4000000000000259", "is paid, and the payer's bank wants it back at once (dispute)", disputed=True),
        Card("slow", "No card: a slow way to pay, decided later on the demonstration's payments page", slow=True),
    )
}
"""Stripe's own test cards, as its documentation lists them."""
_NOT_YOU = ("authentication_required", "Your bank did not confirm that it is you.")


def add_pages(app: Flask, till: Till) -> None:
    """Hang the pages into the stand-in."""
    app.jinja_env.globals["pounds"] = lambda pence: f"£{pence / 100:,.2f}"

    @app.get("/pay/page.css")
    def style() -> ResponseReturnValue:
        return send_file(_STYLE, mimetype="text/css")

    @app.get("/pay/<session_id>")
    def page(session_id: str) -> ResponseReturnValue:
        till.expire_what_is_over()
        return _shown(till.find(session_id, "checkout.session"))

    @app.post("/pay/<session_id>")
    def pay(session_id: str) -> ResponseReturnValue:
        session, card = till.find(session_id, "checkout.session"), CARDS.get(request.form.get("card", ""))
        if session["status"] != "open":
            return _shown(session)
        if card is None:
            return _shown(session, problem="Choose a card.")
        if card.asks_bank and request.form.get("bank") is None:
            return _answer(render_template("demo/stripe_bank.html", session=session, card=card))
        declined = _NOT_YOU if request.form.get("bank") == "no" else card.declined
        try:
            if declined is not None:
                till.decline(session_id, *declined)
                return _shown(session, problem=declined[1])
            till.pay(session_id, slow=card.slow)
            if card.disputed:
                till.dispute(session["payment_intent"])
        except TillRefuses:
            return _shown(till.find(session_id))
        return redirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session_id), 303)


def _shown(session: Json, problem: str = "") -> ResponseReturnValue:
    return _answer(render_template("demo/stripe_pay.html", session=session, cards=CARDS.values(), problem=problem))


def _answer(page: str) -> ResponseReturnValue:
    return page, {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
