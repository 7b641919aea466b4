"""The contact page: what it shows first, what it keeps, that looking is recorded, and that nobody else sees a word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

import pytest

import forms
from contact.domain.access import Role
from contact.domain.queueing import LeaseKind
from contact.services import conversations
from contact.store import models, reply_drafts
from forms.parts import CHOOSING
from tests.support.answers import example
from tests.support.cases import Cases
from tests.support.clients import Clock
from tests.support.html_checks import text_of
from tests.web.controlroom.conftest import Desk
from tests.web.controlroom.local_time import local_minute

MakeDesk = Callable[..., Desk]
CONTROL_ROOM_FORMS = [each for each, form in forms.load_all().items() if form.desk is forms.Desk.CONTROL_ROOM]
"""What the others send is the licensing team's alone to read (practice 29)."""


def _page(contact_id: UUID) -> str:
    return f"/control-room/contacts/{contact_id}"


def test_the_page_shows_all_that_was_said(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, report = desk(), cases.report(now=clock.now)
    tree = at.client.tree(_page(report.contact_id))
    words = text_of(tree)
    assert "My bike was taken from outside the library." in words
    assert report.reference in text_of(tree.find(".//h1"))
    assert "Rules propose" in words
    assert "does not include 999 and 101 calls" in words.lower()
    assert cases.event(report.contact_id, "opened")["justification"] == "in_the_queue"


@pytest.mark.parametrize("form_id", CONTROL_ROOM_FORMS)
def test_a_report_of_every_form_opens_with_all_that_was_answered(
    cases: Cases, desk: MakeDesk, clock: Clock, form_id: str
) -> None:
    """Whatever kinds of answers a form has, its handler gets the page, the clocks and the block to read out."""
    form = forms.compile_for(form_id, None).form
    given = {
        question.id: example(question, now=clock.now)
        for question in form.questions
        if question.type is not forms.QuestionType.FILES and question.type not in CHOOSING
    }
    report = cases.report(given, form_id=form_id, now=clock.now)
    words = text_of(desk(Role.SUPERVISOR).client.tree(_page(report.contact_id)))
    assert report.reference in words
    assert form.title.en in words


def test_looking_changes_nothing_but_the_log(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    """Engineering 24."""
    at, report = desk(), cases.report(now=clock.now)
    before = cases.entry(report.contact_id)
    at.client.tree(_page(report.contact_id))
    after = cases.entry(report.contact_id)
    assert (after.looked_at, after.due_at, after.state) == (before.looked_at, before.due_at, before.state)
    at.client.send(_page(report.contact_id) + "/look", page=_page(report.contact_id))
    assert cases.entry(report.contact_id).looked_at == clock.now


@pytest.mark.parametrize("role", list(Role))
def test_scenario_22_another_force_gets_a_page_without_a_word(
    cases: Cases, desk: MakeDesk, clock: Clock, role: Role
) -> None:
    """Scenario 22: by page, by part, by form; the attempt is in the log."""
    report, stranger = cases.report(now=clock.now), desk(role, force=cases.south)
    for path in ("", "/thread"):
        answer = stranger.client.get(_page(report.contact_id) + path)
        assert answer.status_code in (403, 404)
        assert report.reference not in answer.get_data(as_text=True)
        assert "library" not in answer.get_data(as_text=True)
    with cases.system() as session:
        refused = session.query(models.Event).filter_by(agent_id=stranger.person.id, name="opening_refused").count()
    assert refused >= 2


def test_a_contact_that_names_the_agent_is_not_theirs_to_open(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    """Practice 8."""
    report = cases.report(now=clock.now)
    with cases.system.begin() as session:
        reporter = session.get(models.Reporter, report.contact_id)
        assert reporter is not None
        reporter.given_name, reporter.surname = "Kim", "Reed"
    at = desk(name="Kim Reed")
    assert at.client.get(_page(report.contact_id)).status_code == 404
    cases.claim(at.person, report.contact_id, now=clock.now)
    refused = at.client.get(_page(report.contact_id))
    assert refused.status_code == 403
    assert report.reference not in refused.get_data(as_text=True)
    token = at.client.token("/control-room/search")
    given = at.client.post(_page(report.contact_id) + "/give-back", data={"csrf_token": token})
    assert given.status_code == 303
    assert cases.entry(report.contact_id).state == "waiting"


def test_a_colleague_must_say_why(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    """Practice 16: drawn from the work, typed only when there is none."""
    holder, colleague, supervisor = desk(), desk(), desk(Role.SUPERVISOR)
    report = cases.report(now=clock.now)
    cases.claim(holder.person, report.contact_id, now=clock.now)
    page = _page(report.contact_id)
    asked = colleague.client.tree(page)
    assert text_of(asked.find(".//h1")) == "Why do you need to open this?"
    assert report.reference not in text_of(asked)
    assert colleague.client.send(page + "/open", {}, page=page).status_code == 400
    colleague.client.send(page + "/open", {"justification": "related_matter"}, page=page)
    assert report.reference in text_of(colleague.client.tree(page).find(".//h1"))
    assert cases.event(report.contact_id, "opened")["justification"] == "related_matter"
    supervisor.client.tree(page)
    assert cases.event(report.contact_id, "opened")["justification"] == "supervising"
    holder.client.tree(page)
    assert cases.event(report.contact_id, "opened")["justification"] == "held"


def test_a_reply_pressed_twice_leaves_once(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, report = desk(), cases.report(now=clock.now)
    cases.claim(at.person, report.contact_id, now=clock.now)
    page = _page(report.contact_id)
    token = at.client.token(page)
    for _ in range(3):
        answer = at.client.post(page + "/reply", data={"csrf_token": token, "body": "We have it.", "once": "abc"})
        assert answer.status_code == 303
    assert [m.body for m in cases.rows(models.Message, report.contact_id)] == ["We have it."]
    assert "We have it." in text_of(at.client.tree(page))


def test_one_time_keys_lose_nothing(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    """The key of another contact hinders nothing, and a form gone back to and changed says something new."""
    at = desk()
    for report in (cases.report(now=clock.now), cases.report(now=clock.now)):
        cases.claim(at.person, report.contact_id, now=clock.now)
        page = _page(report.contact_id)
        for words in ("Thank you.", "Thank you. Come on Monday.", "Thank you."):
            for path, field in (("reply", "body"), ("note", "note")):
                sent = {field: words, "once": f"same-{path}"}
                assert at.client.send(f"{page}/{path}", sent, page=page).status_code == 303
        said = sorted((row.kind, row.body) for row in cases.rows(models.Message, report.contact_id))
        texts = ["Thank you.", "Thank you. Come on Monday."]
        assert said == [(kind, text) for kind in ("note", "outbound") for text in texts]


def test_a_reply_after_the_lease_is_kept_as_a_draft(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    """Engineering 10: what was typed stays, and is taken up again."""
    at, report = desk(), cases.report(now=clock.now)
    cases.claim(at.person, report.contact_id, now=clock.now, kind=LeaseKind.PAGE)
    page = _page(report.contact_id)
    token = at.client.token(page)
    clock.advance(dt.timedelta(minutes=20))
    answer = at.client.post(page + "/reply", data={"csrf_token": token, "body": "Half an answer", "once": "x"})
    assert answer.status_code == 303
    assert cases.rows(models.Message, report.contact_id) == []
    shown = at.client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Half an answer" in shown
    assert "kept below" in shown
    at.client.send(page + "/keep", page=page)
    at.client.send(page + "/reply", {"body": "A whole answer", "once": "y"}, page=page)
    with cases.acting(at.person.actor) as session:
        assert reply_drafts.find_body(session, agent_id=at.person.id, contact_id=report.contact_id) == ""


def test_the_page_itself_keeps_a_draft(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, report = desk(), cases.report(now=clock.now)
    page = _page(report.contact_id)
    assert at.client.send(page + "/draft", {"body": "Typing"}, page=page).json == {"kept": True}
    assert "Typing" in text_of(at.client.tree(page))


def test_notes_stand_apart(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, report = desk(), cases.report(now=clock.now)
    page = _page(report.contact_id)
    at.client.send(page + "/note", {"note": "<b>Known</b> address", "once": "n"}, page=page)
    tree = at.client.tree(page)
    notes = [text_of(li) for li in tree.iter("li") if "case-said--note" in (li.get("class") or "")]
    assert len(notes) == 1
    assert "Internal: never sent" in notes[0]
    assert "<b>Known</b> address" in notes[0]


def test_the_part_that_refreshes_is_the_same_as_on_the_page(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, report = desk(), cases.report(now=clock.now)
    page = _page(report.contact_id)
    with cases.acting(cases.citizen(report.contact_id)) as session:
        conversations.receive(session, contact_id=report.contact_id, body="And my lock", now=clock.now)
    part = at.client.get(page + "/thread", lax=True)  # a part of a page has no heading of its own
    assert part.status_code == 200
    assert "And my lock" in part.get_data(as_text=True)
    assert "And my lock" in at.client.get(page).get_data(as_text=True)
    assert "opened" not in text_of(at.client.tree(page)).split("Timeline")[0]


def test_hostile_words_stay_words(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, report = desk(), cases.report(now=clock.now)
    nasty = "<script>alert(1)</script>'; DROP TABLE contacts; --"
    with cases.acting(cases.citizen(report.contact_id)) as session:
        conversations.receive(session, contact_id=report.contact_id, body=nasty, now=clock.now)
    shown = at.client.get(_page(report.contact_id)).get_data(as_text=True)
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_an_emergency_says_so_before_all_else(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, report = desk(), cases.emergency(now=clock.now)
    cases.claim(at.person, report.contact_id, now=clock.now)
    tree = at.client.tree(_page(report.contact_id))
    warnings = [text_of(li) for li in tree.iter("li") if "case-warning--danger" in (li.get("class") or "")]
    assert "Weapon" in warnings
    assert "Needed before this emergency contact can be released" in text_of(tree)
    brief = text_of(next(pre for pre in tree.iter("pre") if pre.get("id") == "briefing-text"))
    for label in ("REFERENCE", "WHERE", "WHAT", "WHO", "WEAPONS: YES", "GUNS HELD", "INJURIES", "SAFE CONTACT"):
        assert label in brief


def test_what_differs_wants_a_reason_and_loses_nothing(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, report = desk(), cases.report(now=clock.now)
    cases.claim(at.person, report.contact_id, now=clock.now)
    page = _page(report.contact_id)
    given = {"category": "robbery", "grade": "priority", "response": "deploy", "flags": ["weapon"], "reason": ""}
    refused = at.client.send(page + "/decision", given, page=page)
    assert refused.status_code == 400
    assert 'value="robbery" selected' in refused.get_data(as_text=True)
    assert cases.rows(models.Decision, report.contact_id) == []
    assert at.client.send(page + "/decision", {**given, "reason": "Knife on CCTV"}, page=page).status_code == 303
    assert "Knife on CCTV" in text_of(at.client.tree(page))


def test_letting_go_an_urgent_one_asks_for_the_log_first(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, report = desk(), cases.emergency(now=clock.now)
    cases.claim(at.person, report.contact_id, now=clock.now)
    page = _page(report.contact_id)
    refused = at.client.send(page + "/close", {"close_reason": "answered"}, page=page)
    assert refused.status_code == 400
    assert "Enter the incident log number first" in refused.get_data(as_text=True)
    log = {"number": "0412 of 21 NOV", "logged_at": local_minute(clock.now), "told_who": "Insp Lee"}
    assert at.client.send(page + "/incident", log, page=page).status_code == 303
    closed = at.client.send(page + "/close", {"close_reason": "incident_passed"}, page=page)
    assert closed.status_code == 303
    assert closed.headers["Location"].endswith("let_go=1")
    assert cases.contact(report.contact_id).state == "closed"


def test_crimes_transfers_and_restriction_by_form(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, report = desk(Role.SUPERVISOR), cases.report(now=clock.now - dt.timedelta(hours=1))
    cases.claim(at.person, report.contact_id, now=clock.now)
    page = _page(report.contact_id)
    crime = {"crime_number": "nope", "recorded_at": local_minute(clock.now)}
    assert at.client.send(page + "/crime", crime, page=page).status_code == 400
    crime["crime_number"] = "42/12345/26"
    assert at.client.send(page + "/crime", crime, page=page).status_code == 303
    reason = {"not_recorded": "no_crime", "decided_by": "R. Shah"}
    assert at.client.send(page + "/no-crime", reason, page=page).status_code == 303
    offer = {"to_force": cases.south, "why": "their_ground"}
    assert at.client.send(page + "/transfer", offer, page=page).status_code == 303
    receiver = desk(force=cases.south)
    assert "asks" in text_of(receiver.client.tree(page))
    answer = {"to_force": cases.south, "act": "accept"}
    assert receiver.client.send(page + "/transfer/answer", answer, page=page).status_code == 303
    assert cases.contact(report.contact_id).force_id == cases.south
    other = cases.report(now=clock.now)
    page = _page(other.contact_id)
    assert at.client.send(page + "/restrict", {"restrict_reason": "informant"}, page=page).status_code == 303
    assert desk().client.get(page).status_code == 404
    assert "Restricted" in text_of(at.client.tree(page))


def test_closed_contacts_reopen_by_form(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, report = desk(Role.SUPERVISOR), cases.report(now=clock.now)
    cases.claim(at.person, report.contact_id, now=clock.now)
    page = _page(report.contact_id)
    at.client.send(page + "/close", {"close_reason": "answered"}, page=page)
    assert at.client.send(page + "/reopen", page=page).status_code == 303
    assert cases.contact(report.contact_id).state == "waiting"


def test_release_and_snooze_by_form(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, report = desk(), cases.report(now=clock.now)
    cases.claim(at.person, report.contact_id, now=clock.now)
    page = _page(report.contact_id)
    past = {"until": local_minute(clock.now - dt.timedelta(days=1)), "snooze_reason": "waiting_for_officer"}
    assert at.client.send(page + "/snooze", past, page=page).status_code == 400
    ahead = {**past, "until": local_minute(clock.now + dt.timedelta(days=1))}
    assert at.client.send(page + "/snooze", ahead, page=page).status_code == 303
    assert cases.entry(report.contact_id).state == "snoozed"
    cases.claim(at.person, report.contact_id, now=clock.now)
    assert at.client.send(page + "/release", {"release_reason": "shift_ends"}, page=page).status_code == 303
    assert cases.entry(report.contact_id).state == "waiting"


def test_the_railway_is_offered_to_its_own_police(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    """Practice 3."""
    at = desk()
    report = cases.report({"incidentDescription": "My phone was taken on the train at platform 4."}, now=clock.now)
    cases.claim(at.person, report.contact_id, now=clock.now)
    assert "British Transport Police's ground" in text_of(at.client.tree(_page(report.contact_id)))
    other = cases.report(now=clock.now)
    cases.claim(at.person, other.contact_id, now=clock.now)
    assert "British Transport Police's ground" not in text_of(at.client.tree(_page(other.contact_id)))
