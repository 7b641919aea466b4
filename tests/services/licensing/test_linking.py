"""Every certificate an application names is joined to it, only those are renewed, and an officer has the last word."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from contact.domain.access import Role
from contact.domain.errors import MoveNotAllowed, NotFound, ReasonNeeded
from contact.domain.licensing.application_states import ApplicationEvent
from contact.domain.licensing.decisions import Nflms
from contact.services.licensing import applications as service
from contact.services.licensing import granting, linking, renewals
from contact.services.licensing.linking import About, Standing
from contact.store import application_certificates, applications, certificates, contacts, models
from contact.store.application_certificates import OpenRenewal
from contact.store.identifiers import new_id
from tests.support.cases import NOW, Cases, Person
from tests.support.licensing import apply
from tests.support.register import Held, certificate, holder, rows

EXPIRES = dt.date(2027, 3, 1)
BOTH: dict[str, Any] = {
    "licences": "coterminous",
    "firearmKind": "renewal",
    "firearmCertificateNumber": "F-77",
    "firearmExpiry": "2027-03-01",
    "shotgunKind": "renewal",
}


@pytest.fixture
def officer(cases: Cases) -> Person:
    return cases.agent(Role.LICENSING_OFFICER)


def pair(cases: Cases, **more: Any) -> tuple[Held, Held]:  # noqa: ANN401 - columns of the certificate
    """A firearm and a shotgun certificate of one holder, which nothing in the register says is a pair unless told."""
    return holder(cases, kind="firearm", number="F-77", **more), holder(cases, **more)


def link_by_night(cases: Cases, contact_id: UUID) -> None:
    with cases.system.begin() as session:
        linking.link_named(session, contact_id=contact_id, now=NOW)


def linked(cases: Cases, contact_id: UUID) -> set[UUID]:
    with cases.system() as session:
        return {each.id for each in application_certificates.list_linked(session, contact_id=contact_id)}


def renewal_of(cases: Cases, held: Held) -> OpenRenewal | None:
    with cases.system() as session:
        row = certificates.get(session, certificate_id=held.id)
        return application_certificates.find_open_renewal(session, certificate=row)


def about(cases: Cases, officer: Person, contact_id: UUID) -> About:
    with cases.acting(officer.actor) as session:
        application = applications.get(session, contact_id=contact_id)
        answers = contacts.list_submissions(session, contact_id=contact_id)[-1].answers
        return linking.about(session, application=application, answers=answers)


def test_both_numbers_of_a_pair_are_joined_extended_and_renewed(cases: Cases, officer: Person) -> None:
    firearm, shotgun = pair(cases)
    sent = apply(cases, BOTH)
    link_by_night(cases, sent.contact_id)
    assert linked(cases, sent.contact_id) == {firearm.id, shotgun.id}
    for each in (firearm, shotgun):
        with cases.system.begin() as session:
            renewals.strike(session, certificate_id=each.id, now=dt.datetime(2027, 3, 2, 5, tzinfo=dt.UTC))
        assert certificate(cases, each.id).state == "extended_s28B"
    with cases.acting(officer.actor) as session:
        made = granting.grant(
            session, contact_id=sent.contact_id, actor=officer.actor,
            nflms=Nflms("P1", ("F-77", "SG-2041"), NOW.date()),
            now=NOW,
        )  # fmt: skip
    assert made == [firearm.id, shotgun.id]
    found = [certificate(cases, each) for each in made]
    assert {each.expires for each in found} == {dt.date(2032, 3, 1)}
    assert found[0].pair_id == found[1].pair_id is not None


def test_renewing_one_half_of_a_pair_leaves_the_other_to_end_on_its_day(cases: Cases, officer: Person) -> None:
    firearm, shotgun = pair(cases, pair_id=new_id())
    sent = apply(cases)  # the shotgun certificate alone
    link_by_night(cases, sent.contact_id)
    assert linked(cases, sent.contact_id) == {shotgun.id}
    assert renewal_of(cases, firearm) is None
    assert renewal_of(cases, shotgun) is not None
    for each in (firearm, shotgun):
        with cases.system.begin() as session:
            renewals.strike(session, certificate_id=each.id, now=dt.datetime(2027, 3, 2, 5, tzinfo=dt.UTC))
    assert certificate(cases, firearm.id).state == "expired"
    assert certificate(cases, shotgun.id).state == "extended_s28B"
    with cases.acting(officer.actor) as session:
        read = Nflms("P1", ("SG-2041",), NOW.date())
        granting.grant(session, contact_id=sent.contact_id, actor=officer.actor, nflms=read, now=NOW)
    assert certificate(cases, shotgun.id).expires == dt.date(2032, 3, 1)
    assert certificate(cases, firearm.id).expires == EXPIRES
    assert certificate(cases, firearm.id).pair_id is certificate(cases, shotgun.id).pair_id is None


def test_a_number_with_another_birthday_is_told_and_joined_by_hand_alone(cases: Cases, officer: Person) -> None:
    other = holder(cases, born=dt.date(1960, 1, 1))
    sent = apply(cases)
    link_by_night(cases, sent.contact_id)
    found = about(cases, officer, sent.contact_id)
    assert found.certificates == ()
    assert [(each.standing, each.differs) for each in found.named] == [(Standing.NOT_THEIRS, "born")]
    asked: dict[str, Any] = {"contact_id": sent.contact_id, "number": "sg 2041", "kind": "shotgun", "now": NOW}
    with cases.acting(officer.actor) as session:
        with pytest.raises(ReasonNeeded):
            linking.link(session, actor=officer.actor, reason=" ", **asked)
        with pytest.raises(NotFound):
            linking.link(session, actor=officer.actor, reason="Typed", **{**asked, "number": "SG-9"})
        with pytest.raises(NotFound):  # an application for a shotgun certificate renews no other
            linking.link(session, actor=officer.actor, reason="Typed", **{**asked, "kind": "firearm"})
        linking.link(session, actor=officer.actor, reason="Born 1974: the register has a slip", **asked)
        with pytest.raises(MoveNotAllowed):
            linking.link(session, actor=officer.actor, reason="Again", **asked)
    assert linked(cases, sent.contact_id) == {other.id}
    told = [each for each in rows(cases, models.CertificateHistory, other.id) if each.event == "link"]
    assert [each.agent_id for each in told] == [officer.id]
    assert "the register has a slip" in told[0].reason
    assert sent.reference in told[0].reason


def test_what_an_officer_took_off_no_machine_joins_again(cases: Cases, officer: Person) -> None:
    held = holder(cases)
    sent = apply(cases)
    link_by_night(cases, sent.contact_id)
    asked: dict[str, Any] = {"contact_id": sent.contact_id, "certificate_id": held.id, "now": NOW}
    with cases.acting(officer.actor) as session:
        with pytest.raises(ReasonNeeded):
            linking.unlink(session, actor=officer.actor, reason="", **asked)
        linking.unlink(session, actor=officer.actor, reason="A namesake born on the same day", **asked)
    link_by_night(cases, sent.contact_id)
    assert linked(cases, sent.contact_id) == set()
    assert renewal_of(cases, held) is None
    assert [each.standing for each in about(cases, officer, sent.contact_id).named] == [Standing.TAKEN_OFF]
    with cases.acting(officer.actor) as session:
        linking.link(
            session, contact_id=sent.contact_id, number="SG-2041", kind="", actor=officer.actor, reason="It is", now=NOW
        )
    assert linked(cases, sent.contact_id) == {held.id}


def test_in_time_is_judged_by_the_register_once_an_officer_has_looked(cases: Cases, officer: Person) -> None:
    """Before, the applicant's page would tell whether a certificate exists (engineering 25)."""
    holder(cases, expires=dt.date(2027, 1, 10))
    sent = apply(cases, {"shotgunExpiry": "2027-03-01"})
    link_by_night(cases, sent.contact_id)
    with cases.acting(officer.actor) as session:
        assert applications.get(session, contact_id=sent.contact_id).in_time is True
        service.move(session, contact_id=sent.contact_id, event=ApplicationEvent.VALIDATE, now=NOW)
        found = applications.get(session, contact_id=sent.contact_id)
        assert (found.in_time, found.next_due) == (False, dt.date(2027, 1, 10))


def test_a_team_joins_no_certificate_of_another_force(cases: Cases, officer: Person) -> None:
    theirs = holder(cases, force=cases.south)
    sent = apply(cases)
    with cases.acting(officer.actor) as session, pytest.raises(NotFound):
        linking.unlink(
            session, contact_id=sent.contact_id, certificate_id=theirs.id, actor=officer.actor, reason="Mine", now=NOW
        )
    link_by_night(cases, sent.contact_id)
    assert linked(cases, sent.contact_id) == set()
