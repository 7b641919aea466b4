"""What a force took: a month's takings, and its payments one by one. Finance officers only.

They see what was paid for an application, never what was answered in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.clocks import LONDON
from contact.domain.ledger import Entry
from contact.domain.money import to_the_penny
from contact.domain.payments import DisputeState, ExceptionKind, PaymentState, RefundReason, RefundState
from contact.services.payments import refunding, verdicts
from contact.services.payments import takings as counting
from contact.services.payments.cases import Done
from contact.services.payments.takings import Takings
from contact.store import forces, payment_cases, payments, takings
from contact.store.identifiers import new_id
from contact.store.payments import Payment
from contact.web.licensing import money_words, words
from contact.web.licensing.blueprint import room
from contact.web.licensing.opening import refused
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.filters import london
from contact.web.shared.request_actor import current_agent, find_agent

_YEARS = 7  # how long the books are kept


@dataclass(frozen=True, slots=True)
class Month:
    """A month on a London clock: its first moment and the next one's."""

    since: dt.datetime
    until: dt.datetime

    @classmethod
    def read(cls, text: str) -> Month:
        """`2026-11`; this month for anything else, for what is to come and for what is long over."""
        today = london(clock.utcnow())
        try:
            first = dt.datetime.strptime(text, "%Y-%m").replace(tzinfo=LONDON)
        except ValueError:
            first = today
        if not today.year - _YEARS <= first.year or first > today:
            first = today
        first = first.replace(day=1, hour=0, minute=0, second=0, microsecond=0, tzinfo=LONDON)
        after = (first.replace(day=28) + dt.timedelta(days=7)).replace(day=1)
        return cls(first, after)

    @property
    def name(self) -> str:
        """`November 2026`."""
        return f"{self.since:%B %Y}"

    @property
    def code(self) -> str:
        """`2026-11`."""
        return f"{self.since:%Y-%m}"

    def before(self) -> str:
        """The code of the month before."""
        return f"{self.since - dt.timedelta(days=1):%Y-%m}"

    def after(self) -> str | None:
        """The code of the month after; None where that is still to come."""
        return f"{self.until:%Y-%m}" if self.until <= london(clock.utcnow()) else None


def this_force() -> str:
    """The force whose money is shown: the one chosen, else the first of this officer's."""
    mine = current_agent().actor.finance_forces
    chosen = request.values.get("force", "")
    return chosen if chosen in mine else mine[0]


def frame(force_id: str, here: str) -> dict[str, Any]:
    """What the three lists share: their names with how much waits in each, and the officer's forces."""
    refunds, cases = takings.count_waiting(database.session()(), force_id=force_id)
    mine = current_agent().actor.finance_forces
    names = {force.id: force.name for force in forces.list_all(database.session()())}
    places = (
        ("takings", "Takings", "licensing.money", 0),
        ("refunds", "Refunds", "licensing.money_refunds", refunds),
        ("cases", "Exceptions", "licensing.money_cases", cases),
    )
    return {
        "force_id": force_id,
        "force_name": names[force_id],
        "forces": [(each, names[each]) for each in mine] if len(mine) > 1 else [],
        "places": [
            {"name": name, "href": url_for(view, force=force_id), "here": code == here, "waiting": waiting}
            for code, name, view, waiting in places
        ],
    }


@room.get("/money")
@requires(Permission.FINANCE)
def money() -> ResponseReturnValue:
    """A month's takings, where the money is now, and the month's payments, newest first."""
    orm, force_id, month = database.session()(), this_force(), Month.read(request.args.get("month", ""))
    found = counting.of_force(orm, force_id=force_id, since=month.since, until=month.until)
    after = uuid_of(request.args.get("after", ""))
    page = takings.page_of_payments(orm, force_id=force_id, since=month.since, until=month.until, after=after)

    def url(**more: str | None) -> str:
        given: dict[str, Any] = {"force": force_id, "month": month.code, **more}
        return url_for("licensing.money", **given)

    return render_template(
        "licensing/money.html",
        **frame(force_id, "takings"),
        month=month,
        before_url=url(month=month.before()),
        after_url=url(month=month.after()) if month.after() else None,
        first_url=url() if after else None,
        next_url=url(after=str(page.after)) if page.after else None,
        error="",
        field="",
        csv_url=url_for("licensing.money_csv", force=force_id, month=month.code),
        counted=_counted(found),
        where=_where(found),
        whose=_whose(found),
        total=(to_the_penny(found.where), to_the_penny(found.whose), found.where == found.whose),
        reckoning=payment_cases.last_reckoning(orm),
        payments=[line_of(payment) for payment in page.payments],
    )


def _counted(found: Takings) -> list[tuple[str, int, str]]:
    rows = (
        ("Paid by applicants", found.came_in),
        ("Earned by a grant", found.earned),
        ("Sent back", found.sent_back),
        ("Taken by payers' banks", found.disputed),
        ("Kept by payers' banks", found.lost),
        ("Paid out to the force", found.paid_out),
        ("Taken back from the force's bank", found.taken_back),
        ("Kept by the payment company", found.charged),
    )
    return [(name, counted.times, to_the_penny(counted.pence)) for name, counted in rows]


def _where(found: Takings) -> list[tuple[str, str]]:
    rows = (
        ("With the payment company", found.with_provider),
        ("In the force's bank", found.in_bank),
        ("Taken by payers' banks for now", found.in_dispute),
        ("Kept by the payment company", found.charges),
        ("Lost in disputes or written off", found.losses),
    )
    return [(name, to_the_penny(pence)) for name, pence in rows]


def _whose(found: Takings) -> list[tuple[str, str]]:
    rows = (
        ("The applicants', held until their grant", found.owed_back),
        ("The force's, earned by grants", found.fees),
        ("On its way back to payers", found.going_back),
        ("Not known yet", found.suspense),
    )
    return [(name, to_the_penny(pence)) for name, pence in rows]


def line_of(payment: Payment) -> dict[str, Any]:
    """One payment as its line shows it."""
    return {
        "href": url_for("licensing.money_payment", payment_id=payment.id),
        "reference": payment.reference,
        "what": words.title(payment.kind, payment.licence),
        "amount": to_the_penny(payment.amount_pence),
        "state": money_words.STATES[PaymentState(payment.state)],
        "dispute": money_words.DISPUTES[DisputeState(payment.dispute)],
        "refunded": to_the_penny(payment.refunded_pence) if payment.refunded_pence else "",
        "at": payment.paid_at or payment.created_at,
    }


@room.get("/money/payments/<uuid:payment_id>")
@requires(Permission.FINANCE)
def money_payment(payment_id: UUID) -> ResponseReturnValue:
    """One payment: what was asked for and came, what went back, and what the books say."""
    not_own(payment_id)
    return payment_page(payment_id)


def not_own(payment_id: UUID) -> None:
    """Nobody sees to a payment of their own (practice 8). Raises NotFound, after writing it down."""
    contact_id = payments.find_contact_id(database.session()(), payment_id=payment_id)
    not_of_own_application(contact_id, asked_id=payment_id)


def not_of_own_application(contact_id: UUID | None, *, asked_id: UUID) -> None:
    """The same, where it is known whose it is. A namesake counts, since nobody can tell."""
    if contact_id is not None and payments.is_of_actor(database.session()(), contact_id=contact_id):
        raise refused(asked_id, why="own_name", kind="payment")


def payment_page(payment_id: UUID, *, typed: Mapping[str, str] | None = None, error: str = "", field: str = "") -> str:
    """The page in words; `error` stands beside `field` of the form that could not be taken. Raises NotFound."""
    orm = database.session()()
    payment = payments.get(orm, payment_id=payment_id)
    left = refunding.left(orm, payment)
    agent = find_agent()
    return render_template(
        "licensing/money_payment.html",
        **frame(payment.force_id, ""),
        payment=payment,
        line=line_of(payment),
        received=to_the_penny(payment.received_pence),
        left=to_the_penny(left) if left > 0 else "",
        verdicts=[(each.value, money_words.VERDICTS[each]) for each in verdicts.open_to(orm, payment)],
        key=str(new_id()),
        refunds=[
            {
                "amount": to_the_penny(refund.amount_pence),
                "reason": money_words.REASONS[RefundReason(refund.reason)],
                "state": money_words.REFUNDS[RefundState(refund.state)],
                "at": refund.asked_at,
                "mine": agent is not None and refund.asked_by_id == agent.id,
            }
            for refund in payments.list_refunds(orm, payment_id=payment_id)
        ],
        entries=[
            (entry.at, money_words.ENTRIES[Entry(entry.entry)], to_the_penny(pence))
            for entry, pence in takings.list_entries(orm, payment_id=payment_id)
        ],
        settled=[
            {
                "what": money_words.CASES[ExceptionKind(case.kind)],
                "done": money_words.done_about(ExceptionKind(case.kind), Done(str(case.what_was_done))),
                "why": " ".join(part for part in (case.note, case.settled_reference) if part),
                "by": name or "",
                "at": case.settled_at,
            }
            for case, name in takings.list_settled(orm, payment_id=payment_id)
        ],
        reasons=[(reason.value, name) for reason, name in money_words.REASONS.items()],
        typed={name: (typed or {}).get(name, "") for name in ("amount", "reason", "verdict", "why", "reference")},
        error=error,
        field=field,
        done=request.args.get("done", ""),
    )


def uuid_of(text: str) -> UUID | None:
    """The id that an address names; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
