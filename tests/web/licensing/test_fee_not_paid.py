"""Without its figure a fee is neither asked for nor does a grant go through, and what is granted unpaid is listed."""

from __future__ import annotations

from collections.abc import Callable

from contact.store import applications
from tests.support.cases import Cases
from tests.support.clients import Clock
from tests.support.licensing import Applied, apply
from tests.web.licensing.conftest import Desk, address

CASELOAD = "/control-room/licensing/"
FILL_IN = "Ask your administrator to fill it in, below Forces, Own fees"


def replacement(cases: Cases, clock: Clock) -> Applied:
    """Nobody found what a replacement costs."""
    answers = {"certificateType": "shotgun", "certificateNumber": "SG 9"}
    return apply(cases, answers, form_id="firearms-replacement", now=clock.now)


def test_without_a_figure_the_officer_is_told_who_fills_it_in(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    desk, applied = officer(), replacement(cases, clock)
    answer = desk.client.send(f"{address(applied)}/fee", {}, page=address(applied))
    assert answer.status_code == 303
    assert "This fee has no figure yet" in desk.client.get(answer.headers["Location"]).get_data(as_text=True)
    assert desk.send(applied, "fee/paid", how="cheque") == 409
    with cases.system.begin() as session:
        applications.lock(session, contact_id=applied.contact_id).state = "checks"
    reasons = {"outcome": "grant", "reasons": "In order"}
    assert desk.send(applied, "recommend", **reasons) == 303
    second = officer()
    given = {**reasons, "person": "P 1", "certificates": "SG 10", "on": clock.now.date().isoformat()}
    refused = second.client.send(f"{address(applied)}/decide", given, page=address(applied))
    assert refused.status_code == 400
    assert FILL_IN in refused.get_data(as_text=True)
    with cases.system() as session:
        assert applications.get(session, contact_id=applied.contact_id).state == "recommendation"


def test_what_is_granted_and_not_paid_for_is_a_list_of_its_own(
    officer: Callable[..., Desk], applied: Applied, cases: Cases
) -> None:
    desk = officer()
    assert "Every fee of what was granted is paid" in desk.client.get(f"{CASELOAD}?view=unpaid").get_data(as_text=True)
    with cases.system.begin() as session:
        application = applications.lock(session, contact_id=applied.contact_id)
        application.state, application.payment = "granted", "due"
    page = desk.client.get(f"{CASELOAD}?view=unpaid").get_data(as_text=True)
    assert "Granted, fee not paid" in page
    assert applied.reference in page
    with cases.system.begin() as session:
        applications.lock(session, contact_id=applied.contact_id).payment = "paid"
    assert applied.reference not in desk.client.get(f"{CASELOAD}?view=unpaid").get_data(as_text=True)
