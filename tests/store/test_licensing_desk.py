"""Applications are seen by the licensing team of their force and by nobody else, whatever the query (practice 29)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from contact.domain.access import Role
from contact.domain.errors import NotFound
from contact.domain.screen import screen
from contact.services import incoming
from contact.services.licensing import danger
from contact.services.progress import read
from contact.store import applications, contacts, models, search, text_numbers
from tests.support.cases import KEYS, NOW, Cases
from tests.support.database import MigratedDatabase
from tests.support.licensing import RENEWAL, apply


@pytest.fixture
def cases(database: MigratedDatabase) -> Iterator[Cases]:
    made = Cases(database)
    yield made
    made.dispose()


def test_the_licensing_officer_of_the_force_reads_it_whole(cases: Cases) -> None:
    applied = apply(cases)
    with cases.acting(cases.agent(Role.LICENSING_OFFICER).actor) as session:
        application = applications.get(session, contact_id=applied.contact_id)
        assert (application.kind, application.licence, application.state) == ("renewal", "shotgun", "submitted")
        assert application.in_time is True
        assert contacts.get(session, contact_id=applied.contact_id).desk == "licensing"
        submission = contacts.list_submissions(session, contact_id=applied.contact_id)
        assert submission[0].answers["email"] == RENEWAL["email"]
        names = session.scalars(sa.select(models.Event.name).where(models.Event.contact_id == applied.contact_id))
        assert "application_begun" in set(names)


@pytest.mark.parametrize(
    "role",
    [
        Role.CALL_HANDLER,
        Role.SUPERVISOR,
        Role.PROFESSIONAL_STANDARDS,
        Role.INTELLIGENCE_OFFICER,
        Role.FINANCE_OFFICER,
        Role.FORCE_ADMIN,
    ],
)
def test_nobody_else_of_the_force_sees_a_row_of_it(cases: Cases, role: Role) -> None:
    applied = apply(cases)
    with cases.acting(cases.agent(role).actor) as session:
        assert contacts.find(session, contact_id=applied.contact_id) is None
        assert applications.find(session, contact_id=applied.contact_id) is None
        for model in (models.Submission, models.Reporter, models.Message, models.Proposal, models.ContactKey):
            rows = sa.select(sa.func.count()).select_from(model).where(model.contact_id == applied.contact_id)
            assert session.scalar(rows) == 0
        events = sa.select(sa.func.count()).select_from(models.Event)
        assert session.scalar(events.where(models.Event.contact_id == applied.contact_id)) == 0
        for kind, value in (("reference", applied.reference), ("email", RENEWAL["email"]), ("postcode", "CB23 6DW")):
            assert applied.contact_id not in {one.contact_id for one in search.find(session, kind=kind, value=value)}


def test_another_forces_officer_sees_nothing(cases: Cases) -> None:
    applied = apply(cases)
    with cases.acting(cases.agent(Role.LICENSING_OFFICER, force=cases.south).actor) as session:
        assert contacts.find(session, contact_id=applied.contact_id) is None
        assert applications.find(session, contact_id=applied.contact_id) is None


def test_a_licensing_officer_sees_no_contact_of_the_control_room(cases: Cases) -> None:
    report = cases.report()
    with cases.acting(cases.agent(Role.LICENSING_OFFICER).actor) as session:
        assert contacts.find(session, contact_id=report.contact_id) is None


def test_it_stands_in_no_queue_and_is_told_to_no_control_room(cases: Cases) -> None:
    applied = apply(cases)
    with cases.system() as session:
        entries = sa.select(sa.func.count()).select_from(models.QueueEntry)
        assert session.scalar(entries.where(models.QueueEntry.contact_id == applied.contact_id)) == 0
        told = session.execute(
            sa.text("SELECT named FROM live_events(:force, 0, 1000) WHERE contact_id = :id"),
            {"force": applied.force_id, "id": applied.contact_id},
        ).all()
        assert told
        assert all(row.named == [] for row in told)


def test_it_counts_for_nobody_who_was_seen_before(cases: Cases) -> None:
    apply(cases)
    report = cases.report({"reporterEmail": RENEWAL["email"]})
    with cases.acting(cases.agent().actor) as session:
        counted = session.execute(sa.text("SELECT * FROM seen_before(:id)"), {"id": report.contact_id}).all()
        assert [row for row in counted if row.force_id == cases.north] == []


def test_the_applicant_reads_the_state_and_writes_to_the_team(cases: Cases) -> None:
    applied = apply(cases)
    with cases.acting(applied.applicant) as session:
        assert read(session, contact_id=applied.contact_id).desk == "licensing"
        incoming.receive(session, contact_id=applied.contact_id, body="My doctor has moved.", now=NOW)
    with cases.acting(cases.agent(Role.LICENSING_OFFICER).actor) as session:
        assert applications.get(session, contact_id=applied.contact_id).unread
        assert contacts.get(session, contact_id=applied.contact_id).state == "with_licensing"


def test_danger_in_a_message_stands_at_the_top_of_the_control_rooms_queue_without_the_application(cases: Cases) -> None:
    applied = apply(cases)
    words = "I have the shotgun out and I am going to kill myself now"
    with cases.acting(applied.applicant) as session:
        received = incoming.receive(session, contact_id=applied.contact_id, body=words, now=NOW)
        assert received.advise_999
        beside = danger.tell_control_room(
            session, contact_id=applied.contact_id, body=words, heard=received.screening, keys=KEYS, now=NOW
        )
        assert read(session, contact_id=applied.contact_id).reference == applied.reference
    assert beside is not None
    with cases.acting(cases.agent().actor) as session:
        contact = contacts.get(session, contact_id=beside)
        entry = contacts.get_entry(session, contact_id=beside, force_id=applied.force_id)
        assert (contact.grade, entry.band, entry.state) == ("emergency", 0, "waiting")
        said = session.scalars(sa.select(models.Message.body).where(models.Message.contact_id == beside)).one()
        assert words in said
        assert applied.reference in said
        reporter = contacts.find_reporter(session, contact_id=beside)
        assert reporter is not None
        assert reporter.phone_e164 == RENEWAL["phone"]
        assert contacts.find(session, contact_id=applied.contact_id) is None


def test_calm_words_open_nothing_beside(cases: Cases) -> None:
    applied = apply(cases)
    with cases.acting(applied.applicant) as session:
        heard = screen("When will the visit be?")
        assert (
            danger.tell_control_room(session, contact_id=applied.contact_id, body="x", heard=heard, keys=KEYS, now=NOW)
            is None
        )


def test_a_person_cannot_copy_an_applicant_into_a_contact_that_stood_before(cases: Cases) -> None:
    applied, report = apply(cases), cases.report(form_id="theft")
    thief = cases.agent().actor
    with cases.acting(type(thief)(kind=applied.applicant.kind, contact_id=report.contact_id)) as session:
        session.execute(
            sa.text("SELECT copy_applicant(:one, :other)"), {"one": applied.contact_id, "other": report.contact_id}
        )
    with cases.acting(cases.agent().actor) as session:
        reporter = contacts.find_reporter(session, contact_id=report.contact_id)
        assert reporter is None or reporter.phone_e164 != RENEWAL["phone"]


def test_only_a_renewal_is_in_time_or_late(cases: Cases) -> None:
    """A variation and a dealer name an expiry too, and nothing of theirs runs on."""
    renewal = apply(cases)
    grant = apply(cases, {"shotgunKind": "grant"})
    varied = apply(
        cases,
        {"certificateNumber": "FC 1", "certificateExpiry": "2027-03-01", "variationKind": "more"},
        form_id="firearms-variation",
    )
    with cases.acting(cases.agent(Role.LICENSING_OFFICER).actor) as session:
        told = [applications.get(session, contact_id=each.contact_id).in_time for each in (renewal, grant, varied)]
    assert told == [True, None, None]


def test_a_force_without_settings_is_not_approved_and_takes_no_money_before_the_decision(cases: Cases) -> None:
    with cases.system() as session:
        settings = applications.settings_of(session, force_id=cases.north)
        assert (settings.approval_reference, settings.collect_at) == (None, "decision")
        with pytest.raises(NotFound):
            applications.get(session, contact_id=cases.report().contact_id)


def test_an_applicants_text_message_never_disappears_into_the_application(cases: Cases) -> None:
    """It begins or joins a contact of the control room, which hears danger in it (practice 2)."""
    phone = "+447700900873"
    applied = apply(cases, {"phone": phone})
    with cases.system() as session:
        assert contacts.find_reporter(session, contact_id=applied.contact_id).phone_e164 == phone  # type: ignore[union-attr]
        assert text_numbers.find_contact(session, force_id=applied.force_id, number=phone, now=NOW) is None
