"""Paying the fee: item and amount before leaving, the provider's page, the truth on coming back, and the receipt.

The amount is worked out on the server each time; a form or address of these pages carries none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.domain.fixed_texts import FixedText
from contact.domain.licensing.kinds import PaymentStanding
from contact.domain.money import pounds
from contact.domain.payments import UNDER_WAY, PaymentState
from contact.domain.taxonomy import Desk
from contact.gateways import papers
from contact.gateways.payment_provider import ProviderAway, ProviderRefused
from contact.services.apart import apart
from contact.services.payments import checkout, view
from contact.services.payments.checkout import Page, Places, WhyNot
from contact.services.payments.view import FeeView, TryView
from contact.services.progress import Progress
from contact.store import forces
from contact.web.citizen.blueprint import room, settings, wear
from contact.web.citizen.copy import first_line, paper_answer
from contact.web.citizen.online_access import proven_open
from contact.web.citizen.payment_words import WHY_NOT, about_fee, item, other_way
from contact.web.citizen.progress import opened_report, waits_for_safe_word
from contact.web.citizen.wording import told_when
from contact.web.shared import clock, database
from contact.web.shared.access import proven
from contact.web.shared.failures import NotProven
from contact.web.shared.headers import allow_form_action
from contact.web.shared.language import current_language, gettext, speaking
from contact.web.shared.limits import limit
from contact.web.shared.payments import payment_provider
from contact.web.shared.transaction import commit_now

_ONE = "/application/<reference>"
_HAVE_MONEY = (PaymentStanding.PAID, PaymentStanding.OWED_BACK)


@room.get(f"{_ONE}/pay")
@proven
def pay(reference: str) -> ResponseReturnValue:
    """What is to be paid and how; every way, before anybody leaves for the provider's page."""
    return _pay_page(_theirs(reference), "")


@room.post(f"{_ONE}/pay")
@proven
def pay_now(reference: str) -> ResponseReturnValue:
    """Go to the provider's page; a second tab and a second press come to the same one."""
    provider = payment_provider(current_app)
    if provider is None:
        return _pay_page(_theirs(reference), gettext("You cannot pay online at the moment. Nothing was taken."))
    contact_id = _payers(reference)
    limit("pay", at_most=40, window=timedelta(hours=1), subject=reference, commits_next=True)
    address = settings().public_url
    try:
        found = checkout.pay(
            _step,
            provider,
            contact_id=contact_id,
            places=Places(
                address + url_for("citizen.paid", reference=reference),
                address + url_for("citizen.pay", reference=reference),
            ),
            description=f"Licence fee {reference}",
            language="cy" if current_language() == "cy" else "en",
            now=clock.utcnow(),
        )
    except (ProviderAway, ProviderRefused):
        found = WhyNot.TRY_AGAIN
    if isinstance(found, Page):
        return redirect(found.url, 303)
    if found in (WhyNot.PAID, WhyNot.PROCESSING, WhyNot.QUERIED):
        return redirect(url_for("citizen.paid", reference=reference), 303)
    return _pay_page(_theirs(reference), WHY_NOT[found]())


@room.get(f"{_ONE}/paid")
@proven
def paid(reference: str) -> ResponseReturnValue:
    """Where the provider sends the payer back: its books are asked, and say alone whether anything was paid.

    Besides /exit the one page whose GET may write: providers send people back so. It writes what the provider's books
    say and nothing of what the request says, so that loading it twice, or without having paid, does no harm.
    """
    report = _theirs(reference)
    fee, asked = _fee(report), True
    provider = payment_provider(current_app)
    if fee.last is not None and fee.last.state in UNDER_WAY and provider is not None:
        try:
            checkout.look(_step, provider, payment_id=fee.last.payment_id, now=clock.utcnow())
        except (ProviderAway, ProviderRefused):
            asked = False
        _theirs(reference)
        fee = _fee(report)
    return render_template("citizen/application/paid.html", **_outcome(fee, report), asked=asked, reference=reference)


@room.get(f"{_ONE}/receipt/<any(en,cy):language>/receipt.pdf")
@proven
def receipt_file(reference: str, language: str) -> ResponseReturnValue:
    """The receipt as a tagged PDF."""
    report = _theirs(reference)
    fee = _fee(report)
    paid_one = fee.paid or fee.last_paid
    if paid_one is None:
        raise NotFound(kind="receipt", key=reference)
    with speaking(language):
        data = _receipt(report, fee, paid_one, language)
    return _as_receipt(paper_answer(apart(lambda: papers.render(papers.PaperName.COPY, data))))


def _as_receipt(answer: Response) -> Response:
    answer.headers["Content-Disposition"] = 'attachment; filename="receipt.pdf"'
    return answer


@contextmanager
def _step() -> Iterator[Session]:
    """One transaction of this request, ended at the end of the block: none is open while the provider is asked."""
    session = database.session()()
    try:
        yield session
    except BaseException:
        session.rollback()
        raise
    commit_now()


def _theirs(reference: str) -> Progress:
    """The proven application. Raises NotFound for a report that is none."""
    report = opened_report(reference)
    if report.desk is not Desk.LICENSING:
        raise NotFound(kind="application", key=reference)
    wear(report.force_id)
    return report


def _payers(reference: str) -> UUID:
    """The same for the press of the button, which shows no page: one look instead of four. Raises as `_theirs`."""
    contact = proven_open(reference)
    if waits_for_safe_word(contact):
        raise NotProven(what="safe_word")
    if contact.desk != Desk.LICENSING:
        raise NotFound(kind="application", key=reference)
    return contact.id


def _fee(report: Progress) -> FeeView:
    return view.of_application(database.session()(), contact_id=report.contact_id, now=clock.utcnow())


def _pay_page(report: Progress, problem: str) -> ResponseReturnValue:
    fee = _fee(report)
    allow_form_action(settings().checkout_origin)
    return render_template(
        "citizen/application/pay.html",
        reference=report.reference,
        problem=problem,
        item=item(fee.licence, fee.kind),
        amount=pounds(fee.pence) if fee.pence else "",
        legal_basis=fee.legal_basis,
        other_way=other_way(fee.other_way_in(current_language())),
        due=fee.standing is PaymentStanding.DUE,
        paid=fee.standing in _HAVE_MONEY,
        about=about_fee(granted=fee.granted),
        online=payment_provider(current_app) is not None and bool(fee.pence),
        language=current_language(),
    )


def _outcome(fee: FeeView, report: Progress) -> dict[str, Any]:
    """What the page says: from our books alone, after the provider's were asked."""
    last = fee.last
    state = last.state if last else None
    if fee.standing in _HAVE_MONEY:
        state = PaymentState.PAID
    elif state is PaymentState.PAID:
        state = None  # what was paid went back, or a bank took it: the fee does not stand as paid
    return {
        "state": state.value if state else "",
        "refunded": fee.standing is PaymentStanding.REFUNDED,
        "due": fee.standing is PaymentStanding.DUE,
        "by_card": fee.last_paid is not None,
        "again": fee.due_again and state is None,
        "item": item(fee.licence, fee.kind),
        "amount": pounds(fee.paid.received_pence) if fee.paid else "",
        "paid_at": told_when(fee.paid.paid_at) if fee.paid and fee.paid.paid_at else "",
        "other_way": other_way(fee.other_way_in(current_language())),
        "about": about_fee(granted=fee.granted),
        "force_name": forces.get(database.session()(), force_id=report.force_id).name_in(current_language()),
        "language": current_language(),
    }


def _receipt(report: Progress, fee: FeeView, paid_one: TryView, language: str) -> dict[str, Any]:
    force = forces.get(database.session()(), force_id=report.force_id)
    live = force.live and not settings().demo
    facts = [
        (gettext("Reference"), report.reference),
        (gettext("For"), item(fee.licence, fee.kind)),
        (gettext("Amount paid"), pounds(paid_one.received_pence)),
        (gettext("Paid"), told_when(paid_one.paid_at) if paid_one.paid_at else ""),
        (gettext("Paid back to you"), pounds(paid_one.back_pence) if paid_one.back_pence else ""),
        (gettext("Paid to"), force.name_in(language)),
        (gettext("Legal basis"), paid_one.legal_basis),
    ]
    return {
        "language": language,
        "title": gettext("Receipt"),
        "author": force.name_in(language),
        "notice": "" if live else first_line(FixedText.DEMO_BANNER, language),
        "footer": gettext("Danger now: call 999. Not an emergency: call 101."),
        "facts": [{"label": label, "value": value} for label, value in facts if value],
        "sections": [],
        "parts": [{"title": gettext("About this fee"), "lines": about_fee(granted=fee.granted)}],
    }
