"""Money back, agreed by two people above the force's sum, and exceptions settled by name. Finance officers only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import MoveNotAllowed, ReasonNeeded
from contact.domain.money import pence_of, to_the_penny
from contact.domain.payments import ExceptionKind, RefundReason, RefundState
from contact.services.payments import cases, refunding, second_page, verdicts
from contact.services.payments.refunding import NoRefund
from contact.services.payments.verdicts import Verdict
from contact.store import payment_cases, payments, takings
from contact.store.payments import Payment, Refund
from contact.web.licensing import money_words
from contact.web.licensing.blueprint import room
from contact.web.licensing.money import frame, not_of_own_application, not_own, payment_page, this_force, uuid_of
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_actor, current_agent


@room.post("/money/payments/<uuid:payment_id>/refund")
@requires(Permission.FINANCE, step_up=True)
def ask_refund(payment_id: UUID) -> ResponseReturnValue:
    """Send money back, or where it is much ask a second person to; the form's key makes a double press one refund."""
    not_own(payment_id)
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
            actor=current_actor(), now=clock.utcnow(), once=_key(),
        )  # fmt: skip
    except NoRefund as no:
        words = money_words.NO_REFUND[no.why].format(left=to_the_penny(no.left))
        return payment_page(payment_id, typed=typed, error=words, field="amount"), 409
    return redirect(url_for("licensing.money_payment", payment_id=payment_id, done="asked"), 303)


def _key() -> UUID | None:
    try:
        return UUID(request.form.get("key", ""))
    except ValueError:
        return None


@room.post("/money/payments/<uuid:payment_id>/verdict")
@requires(Permission.FINANCE, step_up=True)
def decide_payment(payment_id: UUID) -> ResponseReturnValue:
    """Another sum came than was asked for: it is taken, sent back, or another application's; with the reason."""
    not_own(payment_id)
    typed = {name: request.form.get(name, "")[:2000] for name in ("verdict", "why", "reference")}
    if typed["verdict"] not in set(Verdict):
        return payment_page(payment_id, typed=typed, error="Choose what becomes of it", field="verdict"), 400
    try:
        verdicts.decide(
            database.session()(), payment_id=payment_id, verdict=Verdict(typed["verdict"]), reason=typed["why"],
            reference=typed["reference"], actor=current_actor(), now=clock.utcnow(),
        )  # fmt: skip
    except ReasonNeeded as needed:
        field = "reference" if needed.what == "reference" else "why"
        return payment_page(payment_id, typed=typed, error=_NEEDED[field], field=field), 400
    except MoveNotAllowed:
        return payment_page(payment_id, typed=typed, error="That has been decided already", field="verdict"), 409
    return redirect(url_for("licensing.money_payment", payment_id=payment_id, done="decided"), 303)


_NEEDED = {
    "why": "Write the reason",
    "reference": "Enter the reference: of an application of your force that was to pay, or of the money paid back",
}


@room.get("/money/refunds")
@requires(Permission.FINANCE)
def money_refunds() -> ResponseReturnValue:
    """Refunds that wait for a second person, the oldest first; below them the others, the newest first."""
    return _refunds()


def _refunds(error: str = "") -> str:
    force_id, agent = this_force(), current_agent()
    waiting = takings.list_refunds_to_decide(database.session()(), force_id=force_id)
    after = uuid_of(request.args.get("after", ""))
    page = takings.page_of_refunds(database.session()(), force_id=force_id, after=after)
    return render_template(
        "licensing/money_refunds.html",
        **frame(force_id, "refunds"),
        error=error,
        field="",
        refunds=[
            {
                "id": refund.id,
                "amount": to_the_penny(refund.amount_pence),
                "reason": money_words.REASONS[RefundReason(refund.reason)],
                "reference": payment.reference,
                "href": url_for("licensing.money_payment", payment_id=payment.id),
                "at": refund.asked_at,
                "by": name or "",
                "mine": refund.asked_by_id == agent.id,
            }
            for refund, payment, name in waiting
        ],
        decided=[_decided(*each) for each in page.refunds],
        first_url=url_for("licensing.money_refunds", force=force_id) if after else None,
        next_url=url_for("licensing.money_refunds", force=force_id, after=page.after) if page.after else None,
    )


def _decided(refund: Refund, payment: Payment, asked_by: str | None, decided_by: str | None) -> dict[str, Any]:
    """One refund that waits for nobody's word, as its line shows it; nobody asked for what a rule sends back."""
    return {
        "amount": to_the_penny(refund.amount_pence),
        "reason": money_words.REASONS[RefundReason(refund.reason)],
        "state": money_words.REFUNDS[RefundState(refund.state)],
        "reference": payment.reference,
        "href": url_for("licensing.money_payment", payment_id=payment.id),
        "at": refund.asked_at,
        "by": (asked_by or "a colleague") if refund.asked_by_id else "",
        "decided_by": decided_by or "",
    }


@room.post("/money/refunds/<uuid:refund_id>/<any(approve, decline):verdict>")
@requires(Permission.FINANCE, step_up=True)
def decide_refund(refund_id: UUID, verdict: str) -> ResponseReturnValue:
    """The second person agrees or not; whoever asked never does (the service refuses it)."""
    not_own(payments.payment_of_refund(database.session()(), refund_id=refund_id))
    decide = refunding.approve if verdict == "approve" else refunding.decline
    try:
        decide(database.session()(), refund_id=refund_id, actor=current_actor(), now=clock.utcnow())
    except MoveNotAllowed:
        return _refunds("Somebody else has decided that refund already"), 409
    except NoRefund as no:
        return _refunds(money_words.NO_REFUND[no.why].format(left=to_the_penny(no.left))), 409
    return redirect(url_for("licensing.money_refunds", force=this_force()), 303)


@room.get("/money/exceptions")
@requires(Permission.FINANCE)
def money_cases() -> ResponseReturnValue:
    """What does not fit, the oldest first."""
    return _cases()


def _cases(error: str = "", field: str = "", typed: Mapping[str, str] | None = None) -> str:
    force_id, orm = this_force(), database.session()()
    found = takings.list_open_cases(orm, force_id=force_id)
    return render_template(
        "licensing/money_cases.html",
        **frame(force_id, "cases"),
        error=error,
        field=field,
        typed=typed or dict.fromkeys(("case", "done", "reference", "note"), ""),
        cases=[
            {
                "id": case.id,
                "what": money_words.CASES[ExceptionKind(case.kind)],
                "amount": to_the_penny(case.amount_pence) if case.amount_pence else "",
                "reference": reference or case.reference or "",
                "href": url_for("licensing.money_payment", payment_id=case.payment_id) if reference else "",
                "subject": "" if reference or case.reference else case.subject,
                "at": case.raised_at,
                "decide": cases.waits_for_verdict(orm, case),
                "by_hand": case.kind == ExceptionKind.OTHER_WAY_BACK,
                "second": second_page.is_about(case),
                "ways": [
                    (done.value, money_words.done_about(ExceptionKind(case.kind), done))
                    for done in cases.ways_out(case)
                ],
            }
            for case, reference in found
        ],
    )


@room.post("/money/exceptions/<uuid:case_id>")
@requires(Permission.FINANCE, step_up=True)
def settle_case(case_id: UUID) -> ResponseReturnValue:
    """Say what was done about it; that closes it, under this officer's name."""
    typed = {name: request.form.get(name, "")[:2000] for name in ("done", "reference", "note")}
    typed["case"] = str(case_id)
    case = payment_cases.lock_case(database.session()(), case_id=case_id)
    if case.payment_id is not None:
        not_own(case.payment_id)
    not_of_own_application(case.contact_id, asked_id=case_id)
    if typed["done"] not in set(cases.Done):
        return _cases("Choose what was done about it", f"done-{case_id}", typed), 400
    try:
        cases.settle(
            database.session()(), case_id=case_id, done=cases.Done(typed["done"]), reference=typed["reference"],
            note=typed["note"], actor=current_actor(), now=clock.utcnow(),
        )  # fmt: skip
    except ReasonNeeded:
        return _cases("Enter the reference of the transfer, cheque or refund", f"reference-{case_id}", typed), 400
    except MoveNotAllowed:
        return _cases("Somebody else has settled that already"), 409
    return redirect(url_for("licensing.money_cases", force=this_force()), 303)
