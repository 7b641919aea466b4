"""The licensing desk in the browser: from the caseload to the decision, and shut to everybody else (scenario 22)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from contact.domain.access import Role
from contact.domain.licensing.checks import checks_of
from contact.domain.licensing.kinds import Kind
from contact.domain.licensing.visits import LookedAt
from contact.services.licensing import reviews, visits
from contact.store import licensing_reviews, models
from tests.support.cases import NOW, Cases
from tests.support.clients import Clock
from tests.support.licensing import Applied, apply
from tests.web.licensing.conftest import Desk, address

HOME = "/control-room/licensing/"


def state_of(cases: Cases, applied: Applied) -> str:
    return str(cases.rows(models.Application, applied.contact_id)[0].state)


def to_checks(desk: Desk, applied: Applied) -> None:
    assert desk.send(applied, "step", event="validate") == 303
    assert desk.send(applied, "step", event="begin_checks") == 303


def end_checks(desk: Desk, applied: Applied) -> None:
    for kind in checks_of(Kind.RENEWAL):
        assert desk.send(applied, f"checks/{kind}", state="no_concern", result="Spoken to today") == 303


def to_recommendation(desk: Desk, applied: Applied, outcome: str = "grant") -> None:
    to_checks(desk, applied)
    end_checks(desk, applied)
    assert desk.send(applied, "recommend", outcome=outcome, reasons="Safe and with good reason") == 303


def test_a_new_application_stands_in_the_caseload_without_a_word_of_an_answer(
    officer: Callable[..., Desk], applied: Applied
) -> None:
    page = officer().client.get(HOME).get_data(as_text=True)
    assert applied.reference in page
    assert "Shotgun renewal" in page
    assert "Rowan Tregear" in page
    assert "Mill Lane" not in page


@pytest.mark.parametrize("view", ["in_hand", "awaiting", "visits", "decide", "expiring", "messages", "mine"])
def test_every_list_opens(officer: Callable[..., Desk], view: str) -> None:
    assert officer().client.get(f"{HOME}?view={view}").status_code == 200


def test_a_list_goes_on_where_the_page_ended(officer: Callable[..., Desk], cases: Cases, clock: Clock) -> None:
    sent = [apply(cases, now=clock.now - dt.timedelta(minutes=number)).reference for number in range(27)]
    client = officer().client
    first = client.get(HOME).get_data(as_text=True)
    further = next(link.get("href") or "" for link in client.tree(HOME).iter("a") if (link.text or "") == "Next page")
    second = client.get(further).get_data(as_text=True)
    oldest_first = sent[::-1]
    assert [each in first for each in oldest_first] == [True] * 25 + [False] * 2
    assert [each in second for each in oldest_first] == [False] * 25 + [True] * 2


def test_the_file_shows_the_answers_and_that_it_was_opened_is_written_down(
    officer: Callable[..., Desk], applied: Applied, cases: Cases
) -> None:
    page = officer().page(applied)
    assert "SG-2041" in page
    assert cases.event(applied.contact_id, "opened")["justification"] == "in_the_caseload"


@pytest.mark.parametrize("role", [Role.CALL_HANDLER, Role.SUPERVISOR, Role.FORCE_ADMIN, Role.FINANCE_OFFICER])
def test_another_role_is_kept_out_of_the_desk(officer: Callable[..., Desk], applied: Applied, role: Role) -> None:
    desk = officer(role=role)
    assert desk.client.get(address(applied)).status_code == 403
    assert desk.client.get(f"/control-room/contacts/{applied.contact_id}").status_code in (403, 404)


def test_another_force_finds_nothing_by_address_search_or_form(
    officer: Callable[..., Desk], applied: Applied, cases: Cases
) -> None:
    desk = officer(force=cases.south)
    assert desk.client.get(address(applied)).status_code == 404
    for part in ("/nflms", "/sheet", "/visit", f"/files/{applied.contact_id}"):
        assert desk.client.get(address(applied) + part).status_code == 404
    for typed in (applied.reference, "Tregear", "SG-2041"):
        found = desk.client.send(HOME + "search", {"q": typed}).get_data(as_text=True)
        assert applied.reference not in found.replace(f'value="{typed}"', "")
    assert applied.reference not in desk.client.get(HOME).get_data(as_text=True)
    token = desk.client.token(HOME + "search")
    data = {"csrf_token": token, "event": "validate"}
    assert desk.client.post(f"{address(applied)}/step", data=data).status_code == 404
    assert state_of(cases, applied) == "submitted"


def test_the_control_rooms_search_does_not_find_it(officer: Callable[..., Desk], applied: Applied) -> None:
    desk = officer(role=Role.SUPERVISOR)
    found = desk.client.send("/control-room/search", {"q": "Tregear"}).get_data(as_text=True)
    assert applied.reference not in found


@pytest.mark.parametrize("typed", ["reference", "Rowan Tregear", "SG-2041", "sg-2041"])
def test_search_finds_it_by_each_reading(officer: Callable[..., Desk], applied: Applied, typed: str) -> None:
    typed = applied.reference if typed == "reference" else typed
    found = officer().client.send(HOME + "search", {"q": typed}).get_data(as_text=True)
    assert str(applied.contact_id) in found


def test_from_new_to_granted_by_two_officers(officer: Callable[..., Desk], applied: Applied, cases: Cases) -> None:
    one, other = officer(), officer(name="Lee Marsh")
    assert one.send(applied, "take") == 303
    to_recommendation(one, applied)
    entered = {
        "outcome": "grant",
        "reasons": "I agree",
        "person": "46/1234",
        "certificates": "SG 77",
        "on": "2026-01-05",
    }
    assert one.send(applied, "decide", **entered) == 400
    assert state_of(cases, applied) == "recommendation"
    assert cases.event(applied.contact_id, "decision_refused")["why"] == "same_person"
    assert other.send(applied, "decide", **entered) == 303
    assert state_of(cases, applied) == "granted"
    made = cases.rows(models.ApplicationDecision, applied.contact_id)
    assert [each.kind for each in made] == ["recommendation", "decision"]
    assert made[1].nflms_certificates == ["SG 77"]
    assert cases.contact(applied.contact_id).state == "closed"


@pytest.mark.parametrize("missing", ["person", "certificates", "on", "reasons"])
def test_nothing_is_granted_before_nflms_has_it(
    officer: Callable[..., Desk], applied: Applied, cases: Cases, missing: str
) -> None:
    to_recommendation(officer(), applied)
    entered = {
        "outcome": "grant",
        "reasons": "Agreed",
        "person": "46/1234",
        "certificates": "SG 77",
        "on": "2026-01-05",
    }
    assert officer(name="Lee Marsh").send(applied, "decide", **{**entered, missing: ""}) == 400
    assert state_of(cases, applied) == "recommendation"


def test_a_grant_is_neither_recommended_nor_decided_while_a_check_is_open(
    officer: Callable[..., Desk], applied: Applied, cases: Cases
) -> None:
    desk = officer()
    to_checks(desk, applied)
    assert desk.send(applied, "recommend", outcome="grant", reasons="Fine") == 400
    assert desk.send(applied, "recommend", outcome="refuse", reasons="Violence last week") == 303
    assert state_of(cases, applied) == "recommendation"
    granted = {"outcome": "grant", "reasons": "Fine", "person": "46/1", "certificates": "SG 9", "on": "2026-01-05"}
    assert officer(name="Lee Marsh").send(applied, "decide", **granted) == 400
    assert state_of(cases, applied) == "recommendation"


def test_the_decider_may_send_it_back(officer: Callable[..., Desk], applied: Applied, cases: Cases) -> None:
    to_recommendation(officer(), applied)
    assert officer(name="Lee Marsh").send(applied, "decide", outcome="send_back", reasons="Speak to the club") == 303
    assert state_of(cases, applied) == "checks"


def test_what_is_missing_goes_to_the_applicant_by_the_safe_way_and_the_date_stays(
    officer: Callable[..., Desk], applied: Applied, cases: Cases
) -> None:
    desk, before = officer(), cases.rows(models.Application, applied.contact_id)[0].declared_at
    assert desk.send(applied, "return", words="We need a new photo") == 400
    assert desk.send(applied, "return", missing="photo", words="") == 400
    assert desk.send(applied, "return", missing="photo", words="We need a new photo") == 303
    stands = cases.rows(models.Application, applied.contact_id)[0]
    assert (stands.state, stands.waiting_for, stands.declared_at) == ("returned_incomplete", "applicant", before)
    mails = cases.rows(models.Mail, applied.contact_id)
    assert [mail.template for mail in mails] == ["message_waiting"]
    assert "photo" not in str(mails[0].context)


def test_nothing_leaves_where_no_way_is_safe(officer: Callable[..., Desk], cases: Cases, clock: Clock) -> None:
    applied = apply(cases, now=clock.now, email=None)
    assert officer().send(applied, "write", body="Please ring us", once="1") == 303
    assert cases.rows(models.Mail, applied.contact_id) == []


def test_a_concern_needs_words_and_waiting_says_who(
    officer: Callable[..., Desk], applied: Applied, cases: Cases
) -> None:
    desk = officer()
    to_checks(desk, applied)
    assert desk.send(applied, "checks/gp", state="concern", result="") == 400
    assert desk.send(applied, "checks/gp", state="waiting") == 303
    assert cases.rows(models.Application, applied.contact_id)[0].waiting_for == "gp"
    assert "the GP or doctor" in desk.client.get(f"{HOME}?view=awaiting").get_data(as_text=True)
    assert desk.send(applied, "checks/gp", state="no_concern") == 303
    assert cases.rows(models.Application, applied.contact_id)[0].waiting_for is None


def test_a_visit_is_offered_chosen_and_reported(
    officer: Callable[..., Desk], applied: Applied, cases: Cases, clock: Clock
) -> None:
    desk = officer()
    to_checks(desk, applied)
    day = (clock.now + dt.timedelta(days=5)).date().isoformat()
    times = {"day-1": day, "time-1": "10:00", "day-2": day, "time-2": "14:00", "words": "Choose a time"}
    assert desk.send(applied, "visit/offer", **{**times, "time-2": ""}) == 400
    assert desk.send(applied, "visit/offer", **times) == 303
    slot = visits.slots_of(cases.rows(models.Visit, applied.contact_id)[0])[1]
    with cases.acting(applied.applicant) as session:
        visits.choose(session, contact_id=applied.contact_id, starts_at=slot.starts_at, now=clock.now)
    assert state_of(cases, applied) == "visit_booked"
    found = {point.value: "in_order" for point in LookedAt}
    page = f"{address(applied)}/visit"
    assert desk.client.send(page, {**found, "keys": ""}).status_code == 400
    assert desk.client.send(page, {**found, "keys": "not_in_order"}).status_code == 400
    assert desk.client.send(page, {**found, "keys": "not_in_order", "notes": "A spare on the hook"}).status_code == 303
    assert state_of(cases, applied) == "visited"
    assert "A spare on the hook" in desk.page(applied)


def test_what_is_decided_is_opened_with_a_reason(officer: Callable[..., Desk], applied: Applied) -> None:
    to_recommendation(officer(), applied, "refuse")
    decided = {"outcome": "refuse", "reasons": "As recommended", "person": "46/1", "on": "2026-01-05"}
    decider = officer(name="Lee Marsh")
    assert decider.send(applied, "decide", **decided) == 303
    assert "SG-2041" in decider.page(applied), "who decided sees that it is recorded"
    desk = officer(name="Ana Ruiz")
    assert "Why do you need to open this?" in desk.page(applied)
    assert desk.client.send(f"{address(applied)}/open", {"justification": ""}, page=address(applied)).status_code == 400
    desk.client.send(f"{address(applied)}/open", {"justification": "appeal"}, page=address(applied))
    assert "SG-2041" in desk.page(applied)


def test_who_recorded_that_it_is_withdrawn_sees_what_they_recorded(
    officer: Callable[..., Desk], applied: Applied
) -> None:
    desk = officer()
    assert desk.send(applied, "withdraw", words="It is withdrawn.") == 303
    assert "SG-2041" in desk.page(applied)
    assert "Why do you need to open this?" in officer(name="Ana Ruiz").page(applied)


def test_nobody_opens_their_own_application(officer: Callable[..., Desk], applied: Applied) -> None:
    assert officer(name="Rowan Tregear").client.get(address(applied)).status_code == 404


def test_the_other_pages_of_a_file(officer: Callable[..., Desk], applied: Applied) -> None:
    desk = officer()
    assert "Decision sheet" in desk.client.get(f"{address(applied)}/sheet").get_data(as_text=True)
    assert "NFLMS" in desk.client.get(f"{address(applied)}/nflms").get_data(as_text=True)


def test_a_practice_is_asked_at_an_address_that_the_officer_found(
    officer: Callable[..., Desk], applied: Applied, cases: Cases
) -> None:
    desk = officer()
    given = {"practice": "Mill Surgery", "address": "mill@surgery.example", "found_where": "The NHS directory"}
    for missing in given:
        assert desk.send(applied, "practice", **{**given, missing: ""}) == 400
    for theirs in ("Rowan.Tregear@mail.example", " rowan.tregear@mail.example "):
        assert desk.send(applied, "practice", **{**given, "address": theirs}) == 400
    assert "practice_asked" not in cases.events(applied.contact_id)
    assert desk.send(applied, "practice", **given) == 303
    assert "Mill Surgery" in desk.page(applied)
    assert "practice_asked" in cases.events(applied.contact_id)


def test_a_referee_or_a_request_of_another_application_is_not_touched_from_here(
    officer: Callable[..., Desk], applied: Applied
) -> None:
    desk = officer()
    for deed in ("spoken", "ask", "words"):
        assert desk.send(applied, f"referees/{applied.contact_id}/{deed}", note="Spoke") == 404
    assert desk.send(applied, f"practice/{applied.contact_id}/gmc", standing="in_order") == 404


def test_a_review_of_the_applicant_is_decided_on_the_page_and_nothing_typed_is_lost(
    officer: Callable[..., Desk], applied: Applied, cases: Cases
) -> None:
    desk, report = officer(), cases.report({})
    with cases.system.begin() as session:
        reviews.open_for_application(session, contact_id=report.contact_id, application_id=applied.contact_id, now=NOW)
        (review,) = licensing_reviews.list_for_application(session, contact_id=applied.contact_id)
    assert "the applicant appears in a contact" in desk.page(applied)
    assert f"review-{review.id}" in desk.client.get("/control-room/licensing/").get_data(as_text=True)
    where = f"reviews/{review.id}"
    answer = desk.client.send(f"{address(applied)}/{where}", {"reason": "Spoke to both"}, page=address(applied))
    assert answer.status_code == 400
    assert "Spoke to both" in answer.get_data(as_text=True)
    assert desk.send(applied, where, decision="spoken_to", reason=" ") == 400
    assert desk.send(applied, where, decision="guns_removed", reason="They hold none") == 400
    assert desk.send(applied, where, decision="spoken_to", reason="Spoke to both") == 303
    assert "Applicant spoken to. Spoke to both" in desk.page(applied)
    assert desk.send(applied, where, decision="no_action", reason="Again") == 400
    other = officer(force=cases.south)
    assert other.client.send(f"{address(applied)}/{where}", {}, page="/control-room/licensing/").status_code == 404


def test_a_dealers_premises_are_a_card_on_the_file(officer: Callable[..., Desk], cases: Cases, clock: Clock) -> None:
    places = [{"address": "2 Far Yard, Ely", "postcode": "CB7 4AB", "security": "Strong room"}]
    answers = {"dealerKind": "grant", "businessName": "Tregear Guns", "premises": places}
    page = officer().page(apply(cases, answers, form_id="firearms-dealer", now=clock.now))
    assert 'id="premises"' in page
    assert "Strong room" in page.split('id="premises"', 1)[1]
