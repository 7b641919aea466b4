"""What a practice or a referee worries about names the person, is flagged for guns, and opens the review at once."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from contact.domain.access import Role
from contact.domain.screen import screen_all
from contact.jobs.match_certificates import match_certificates
from contact.services.keys import Keys
from contact.services.licensing import danger, reviews
from contact.settings import Settings
from contact.store import applications, models
from contact.store.engine import act_as
from tests.support.cases import Cases
from tests.support.clients import Clock, StrictClient
from tests.support.licensing import Applied, apply
from tests.support.register import holder, rows
from tests.web.citizen.firearms.conftest import Outside
from tests.web.citizen.firearms.test_doctor import ask
from tests.web.citizen.firearms.test_referee import confirm

WHO = "About the applicant: Rowan Tregear, born 02/05/1974, lives at 4 Mill Lane, Cambourne, CB23 6DW."


def beside(cases: Cases, applied: Applied) -> tuple[models.Contact, str]:
    """The one contact that the control room has about it, and its words."""
    with cases.system() as session:
        query = sa.select(models.Contact).where(
            models.Contact.force_id == applied.force_id, models.Contact.desk == "control_room"
        )
        (made,) = session.scalars(query).all()
        return made, cases.rows(models.Message, made.id)[0].body


def test_a_practices_worry_that_no_rule_hears_reaches_the_control_room_with_the_patients_name(
    client: StrictClient, cases: Cases, applied: Applied, settings: Settings, clock: Clock, outside: Outside
) -> None:
    held = holder(cases, now=clock.now)
    link, officer = ask(cases, applied, settings, clock, outside)
    calm = "Please look at this patient again, seen this morning"
    assert client.send(f"{link}/concern", {"body": calm}).status_code == 303
    made, body = beside(cases, applied)
    assert WHO in body
    assert calm in body
    assert made.grade == "priority"
    assert made.flags == ["firearms_access"]
    assert made.place_postcode == "CB23 6DW"
    assert made.safe_contact == {"how": "none"}
    for _ in range(2):
        match_certificates(str(made.id), str(applied.contact_id))
    (review,) = rows(cases, models.LicensingReview, held.id)
    assert (review.contact_id, review.grade, review.reference) == (made.id, "priority", made.reference)
    assert review.due_at - review.opened_at == dt.timedelta(hours=24)
    with cases.acting(officer.actor) as session:
        (shown,) = reviews.open_reviews(session, force_ids=[applied.force_id])
    assert "application" in shown.how


def test_threats_that_the_screen_misses_are_never_left_unread(
    cases: Cases, applied: Applied, settings: Settings, clock: Clock, client: StrictClient, outside: Outside
) -> None:
    link, _ = ask(cases, applied, settings, clock, outside)
    client.send(f"{link}/concern", {"body": "Patient disclosed thoughts of shooting himself"})
    made, body = beside(cases, applied)
    assert made.grade in ("priority", "emergency")
    assert "firearms_access" in made.flags
    assert "thoughts of shooting himself" in body


def test_a_referees_worry_after_the_decision_reaches_the_control_room_whatever_the_words(
    client: StrictClient, cases: Cases, applied: Applied, outside: Outside
) -> None:
    link = confirm(client, outside, applied)
    client.send(f"{link}/concern", {"body": "I should have said that he has moved"})
    with cases.system() as session:
        query = sa.select(models.Contact.id).where(
            models.Contact.force_id == applied.force_id, models.Contact.desk == "control_room"
        )
        assert session.scalars(query).all() == [], "a calm word before the decision is the licensing team's"
    with cases.system.begin() as session:
        session.query(models.Application).filter_by(contact_id=applied.contact_id).update({"state": "granted"})
    client.send(f"{link}/concern", {"body": "I should have said that he has moved"})
    made, body = beside(cases, applied)
    assert WHO in body
    assert (made.grade, made.flags, made.place_postcode) == ("priority", ["firearms_access"], "CB23 6DW")


def test_who_applied_is_read_by_nobody_who_does_not_speak_for_the_application(cases: Cases, applied: Applied) -> None:
    other = apply(cases)
    with cases.acting(other.applicant) as session:
        assert applications.find_applicant(session, contact_id=applied.contact_id) is None
    report = cases.report()
    with cases.acting(cases.agent(Role.CALL_HANDLER).actor) as session:
        assert applications.find_applicant(session, contact_id=applied.contact_id) is None
    with cases.web() as session:
        act_as(session, applied.applicant)
        found = applications.find_applicant(session, contact_id=applied.contact_id)
        assert found is not None
        assert found.surname == "Tregear"
        assert applications.find_applicant(session, contact_id=report.contact_id) is None


def test_what_the_applicant_themselves_writes_of_danger_is_flagged_for_guns(
    cases: Cases, applied: Applied, settings: Settings, clock: Clock
) -> None:
    body = "I am going to kill myself tonight"
    with cases.acting(applied.applicant) as session:
        made = danger.tell_control_room(
            session, contact_id=applied.contact_id, body=body, heard=screen_all([body]),
            keys=Keys.from_settings(settings), now=clock.now,
        )  # fmt: skip
    assert made is not None
    with cases.system() as session:
        kept = session.get(models.Contact, made)
        assert kept is not None
        assert "firearms_access" in kept.flags
