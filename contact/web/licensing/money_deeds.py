"""Money back, agreed by two people above the force's sum, and exceptions settled by name. Finance officers only."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import MoveNotAllowed
from contact.domain.payments import ExceptionKind, RefundReason
from contact.services.payments import cases, refunding
from contact.services.payments.refunding import NoRefund
from contact.store import takings
from contact.web.licensing import money_words
from contact.web.licensing.blueprint import room
from contact.web.licensing.money import frame, payment_page, this_force
from contact.web.licensing.money_words import pence_of, pounds
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_actor, current_agent


@room.post("/money/payments/<uuid:payment_id>/refund")
@requires(Permission.FINANCE)
def ask_refund(payment_id: UUID) -> ResponseReturnValue:
    """Send money back, or where it is much ask a second person to."""
    typed = {name: request.form.get(name, "")[:40] for name in ("amount", "reason")}
    pence = pence_of(typed["amount"])
    if pence is None:
        words = "Enter how much goes back, in pounds, like 79 or 24.50"
        return payment_page(payment_id, typed=typed, error=words, field="amount"), 400
    if typed["reason"] not in {reason.value for reason in RefundReason}:
        return payment_page(payment_id, typed=typed, error="Choose why it goes back", field="reason"), 400
    try:
        refunding.ask(
            database.session()(), payment_id=payment_id, amount_pence=pence, reason=RefundReason(typed["reason"]),
            actor=current_actor(), now=clock.utcnow(),
        )  # fmt: skip
    except NoRefund as no:
        words = money_words.NO_REFUND[no.why].format(left=pounds(no.left))
        return payment_page(payment_id, typed=typed, error=words, field="amount"), 409
    return redirect(url_for("licensing.money_payment", payment_id=payment_id, done="asked"), 303)


@room.get("/money/refunds")
@requires(Permission.FINANCE)
def money_refunds() -> ResponseReturnValue:
    """Refunds that wait for a second person, the oldest first."""
    return _refunds()


def _refunds(error: str = "") -> str:
    force_id, agent = this_force(), current_agent()
    waiting = takings.list_refunds_to_decide(database.session()(), force_id=force_id)
    return render_template(
        "licensing/money_refunds.html",
        **frame(force_id, "refunds"),
        error=error,
        field="",
        refunds=[
            {
                "id": refund.id,
                "amount": pounds(refund.amount_pence),
                "reason": money_words.REASONS[RefundReason(refund.reason)],
                "reference": payment.reference,
                "href": url_for("licensing.money_payment", payment_id=payment.id),
                "at": refund.asked_at,
                "by": name or "",
                "mine": refund.asked_by_id == agent.id,
            }
            for refund, payment, name in waiting
        ],
    )


@room.post("/money/refunds/<uuid:refund_id>/<any(approve, decline):verdict>")
@requires(Permission.FINANCE, step_up=True)
def decide_refund(refund_id: UUID, verdict: str) -> ResponseReturnValue:
    """The second person agrees or not; whoever asked never does (the service refuses it)."""
    decide = refunding.approve if verdict == "approve" else refunding.decline
    try:
        decide(database.session()(), refund_id=refund_id, actor=current_actor(), now=clock.utcnow())
    except MoveNotAllowed:
        return _refunds("Somebody else has decided that refund already"), 409
    return redirect(url_for("licensing.money_refunds", force=this_force()), 303)


@room.get("/money/exceptions")
@requires(Permission.FINANCE)
def money_cases() -> ResponseReturnValue:
    """What does not fit, the oldest first."""
    return _cases()


def _cases(error: str = "") -> str:
    force_id = this_force()
    found = takings.list_open_cases(database.session()(), force_id=force_id)
    return render_template(
        "licensing/money_cases.html",
        **frame(force_id, "cases"),
        error=error,
        field="",
        done=[(done.value, name) for done, name in money_words.DONE.items()],
        cases=[
            {
                "id": case.id,
                "what": money_words.CASES[ExceptionKind(case.kind)],
                "amount": pounds(case.amount_pence) if case.amount_pence else "",
                "reference": reference,
                "href": url_for("licensing.money_payment", payment_id=case.payment_id) if reference else "",
                "subject": case.subject,
                "at": case.raised_at,
            }
            for case, reference in found
        ],
    )


@room.post("/money/exceptions/<uuid:case_id>")
@requires(Permission.FINANCE)
def settle_case(case_id: UUID) -> ResponseReturnValue:
    """Say what was done about it; that closes it, under this officer's name."""
    given = request.form.get("done", "")
    if given not in {done.value for done in cases.Done}:
        return _cases("Choose what was done about it"), 400
    try:
        cases.settle(
            database.session()(), case_id=case_id, done=cases.Done(given), actor=current_actor(), now=clock.utcnow()
        )
    except MoveNotAllowed:
        return _cases("Somebody else has settled that already"), 409
    return redirect(url_for("licensing.money_cases", force=this_force()), 303)
