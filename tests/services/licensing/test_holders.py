"""The guns come first: a holder in any contact is warned of, and licensing looks within a day (practice 9)."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any
from uuid import UUID

import pytest

from contact.domain.access import Role
from contact.domain.errors import MoveNotAllowed, ReasonNeeded
from contact.domain.licensing.certificate_states import CertificateState
from contact.domain.licensing.gun_states import Custody, GunEvent
from contact.domain.licensing.matching import Gathering
from contact.services import briefing, contact_view, conversations
from contact.services.contact_view import ContactView
from contact.services.intake import Receipt
from contact.services.licensing import guns, reviews
from contact.services.licensing.guns import Gun
from contact.services.licensing.reviews import Decision
from contact.store import applicants, certificates, licensing_reviews, models
from tests.support.cases import NOW, Cases
from tests.support.licensing import Applied, apply
from tests.support.register import SHOTGUN, holder, rows


def looked(cases: Cases, report: Receipt) -> ContactView:
    handler = cases.agent()
    with cases.acting(handler.actor) as session:
        return contact_view.load(session, contact_id=report.contact_id, agent_id=handler.id, now=NOW)


def open_for(cases: Cases, contact_id: UUID) -> list[UUID]:
    with cases.system.begin() as session:
        return reviews.open_for_contact(session, contact_id=contact_id, now=NOW)


def one_of_a_kind(cases: Cases) -> dict[str, Any]:
    """Particulars that no other test's holder has."""
    tail = cases.north[-6:]
    number = int(tail, 16) % 1000
    return {
        "surname": "Okel" + tail.translate(str.maketrans("0123456789", "ghijklmnop")),
        "phone_e164": f"+442079460{number:03}",  # no mobile: those of reports and texts are
        "email": f"{tail}@mail.example",
        "address": f"{number + 2000} High Street",
        "postcode": "ME14 1XX",
    }


@pytest.mark.parametrize("by", ["phone", "email", "household", "address", "suspect"])
def test_every_way_to_a_holder_stands_above_all_else(cases: Cases, by: str) -> None:
    one = one_of_a_kind(cases)
    held = holder(cases, force=cases.south if by != "suspect" else cases.north, number=secrets.token_hex(4), **one)
    report = cases.report()
    with cases.system.begin() as session:
        row = session.get(models.Reporter, report.contact_id)
        assert row is not None
        row.given_name, row.surname, row.phone_e164, row.email = "Jo", "Nobody", None, None
        row.postcode, row.address = "ME14 1XX", "1 High Street"
        if by == "phone":
            row.phone_e164 = one["phone_e164"]
        elif by == "email":
            row.email = one["email"]
        elif by == "household":
            row.surname = one["surname"]
        elif by == "address":
            row.address = one["address"]
    if by == "suspect":
        report = cases.report(
            {"personDescription": f"It is Rowan {one['surname']}, who has guns"}, form_id="guns-worry"
        )
    view = looked(cases, report)
    mine = [each for each in view.holders if each.certificate_id == held.id]
    assert [(each.guns, each.state) for each in mine] == [(1, "live")]
    lines = briefing.lines(view)
    assert lines[0][0] == "Guns first"
    assert lines[0][1].startswith("YES: ")
    assert one["surname"] not in lines[0][1]
    assert len(open_for(cases, report.contact_id)) >= 1
    assert open_for(cases, report.contact_id) == []


def test_at_the_emergency_door_too(cases: Cases) -> None:
    one = one_of_a_kind(cases) | {"address": "12 Mill Lane", "postcode": "CB7 4AA"}
    held = holder(cases, number=secrets.token_hex(4), **one)
    report = cases.emergency(what=f"Rowan {one['surname']} is here with a knife")
    view = looked(cases, report)
    assert [each.certificate_id for each in view.holders] == [held.id]
    assert "Guns first" in dict(briefing.lines(view))


def test_a_neighbour_is_possible_and_opens_no_review(cases: Cases) -> None:
    one = one_of_a_kind(cases) | {"postcode": "ZE1 0AA", "address": "77 Quay"}
    held = holder(cases, number=secrets.token_hex(4), **one)
    report = cases.report({})
    cases.change(report.contact_id, place_postcode="ZE1 0AA")
    said = dict(briefing.lines(looked(cases, report)))
    assert said["Guns held"].startswith("POSSIBLE: 1 gun ")
    open_for(cases, report.contact_id)  # others' tests may have left an application of the same reporter
    assert rows(cases, models.LicensingReview, held.id) == []


def test_what_is_removed_is_not_held_and_an_expired_certificate_with_guns_still_warns(cases: Cases) -> None:
    one = one_of_a_kind(cases)
    held = holder(cases, SHOTGUN, number=secrets.token_hex(4), state=CertificateState.EXPIRED, **one)
    report = cases.report({})
    with cases.system.begin() as session:
        row = session.get(models.Reporter, report.contact_id)
        assert row is not None
        row.phone_e164 = one["phone_e164"]

    def mine() -> list[int]:
        return [each.guns for each in looked(cases, report).holders if each.certificate_id == held.id]

    assert mine() == [1]
    officer = cases.agent(Role.LICENSING_OFFICER)
    with cases.acting(officer.actor) as session:
        guns.change(
            session, firearm_id=held.guns[0], event=GunEvent.REMOVE, actor=officer.actor, reason="Handed in", now=NOW,
            custody=Custody.POLICE, custody_with="Station",
        )  # fmt: skip
    assert mine() == []


def test_only_who_works_on_the_contact_learns_of_a_match(cases: Cases) -> None:
    one = one_of_a_kind(cases)
    holder(cases, number=secrets.token_hex(4), **one)
    report = cases.report({})
    probes = Gathering()
    probes.reached(phone=one["phone_e164"])
    stranger, citizen = cases.agent(force=cases.south), cases.citizen(report.contact_id)
    for actor in (stranger.actor, citizen):
        with cases.acting(actor) as session:
            assert certificates.match(session, contact_id=report.contact_id, probes=probes.probes()) == []


def test_an_applicant_is_no_match_of_their_own_application(cases: Cases) -> None:
    holder(cases, number=secrets.token_hex(4))
    assert open_for(cases, apply(cases).contact_id) == []


def test_a_review_is_decided_once_with_reasons_by_the_team_of_the_holder(cases: Cases) -> None:
    one = one_of_a_kind(cases)
    held = holder(cases, number=secrets.token_hex(4), force=cases.south, **one)
    report = cases.report({})
    with cases.system.begin() as session:
        row = session.get(models.Reporter, report.contact_id)
        assert row is not None
        row.phone_e164 = one["phone_e164"]
    open_for(cases, report.contact_id)
    officer = cases.agent(Role.LICENSING_OFFICER, force=cases.south)
    late = NOW + dt.timedelta(hours=25)
    with cases.acting(officer.actor) as session:
        listed = reviews.open_reviews(session, force_ids=[cases.south])
        mine = next(each for each in listed if each.certificate_id == held.id)
        assert (mine.reference, mine.guns, mine.due_at) == (report.reference, 1, NOW + dt.timedelta(hours=24))
        with pytest.raises(ReasonNeeded):
            reviews.decide(
                session, review_id=mine.id, decision=Decision.NO_ACTION, reasons="", actor=officer.actor, now=late
            )
        reviews.decide(
            session, review_id=mine.id, decision=Decision.SPOKEN_TO, reasons="Rang", actor=officer.actor, now=late
        )
        with pytest.raises(MoveNotAllowed):
            reviews.decide(
                session, review_id=mine.id, decision=Decision.NO_ACTION, reasons="Why", actor=officer.actor, now=late
            )
        assert mine.id not in {each.id for each in reviews.open_reviews(session, force_ids=[cases.south])}
    with cases.acting(cases.agent(Role.LICENSING_OFFICER).actor) as session:
        assert reviews.open_reviews(session, force_ids=[cases.south]) == []


@pytest.mark.parametrize("told", [{"certificateNumber": "sg 4471"}, {"serial": "qz-9 0117"}])
def test_a_gun_reported_lost_is_before_licensing_at_once_and_marked_by_nobody(
    cases: Cases, told: dict[str, str]
) -> None:
    one = one_of_a_kind(cases) | {"surname": "Elsewhere", "address": "Far away", "postcode": "ZE2 9ZZ"}
    one["phone_e164"] = one["email"] = None
    mine = Gun(type="shotgun", action="", calibre="12", make="AYA", serial="QZ9 0117" + cases.north[-6:])
    held = holder(cases, mine, number="SG-4471", **one)
    gun = {"type": "shotgun", "calibre": "12", "make": "AYA", "serial": told.get("serial", "") and mine.serial}
    given = {"lossKind": "lost", "gunsLost": [gun], "certificateNumber": told.get("certificateNumber", "")}
    report = cases.report(given, form_id="firearms-loss")
    assert cases.contact(report.contact_id).state == "waiting"
    assert cases.contact(report.contact_id).grade == "priority"
    open_for(cases, report.contact_id)
    (review,) = rows(cases, models.LicensingReview, held.id)
    assert review.contact_id == report.contact_id
    assert [each.state for each in rows(cases, models.Firearm, held.id)] == ["held"]


def applicant_of_a_kind(cases: Cases, one: dict[str, Any], **more: Any) -> Applied:  # noqa: ANN401 - answers
    """Somebody who holds nothing and applies, with particulars that nobody else has."""
    answers = {
        "shotgunKind": "grant",
        "shotgunCertificateNumber": "",
        "shotgunExpiry": "",
        "reporterName": {"given": "Wren", "surname": one["surname"]},
        "homeAddress": {"line1": one["address"], "line2": "", "town": "Maidstone", "postcode": one["postcode"]},
        "phone": one["phone_e164"],
        "email": one["email"],
        **more,
    }
    return apply(cases, answers, email=None)


def reviews_of(cases: Cases, contact_id: UUID) -> list[models.LicensingReview]:
    with cases.system() as session:
        return list(licensing_reviews.list_for_application(session, contact_id=contact_id))


@pytest.mark.parametrize("by", ["phone", "email", "household"])
def test_who_applies_and_holds_nothing_is_looked_at_when_they_appear_in_a_contact(cases: Cases, by: str) -> None:
    one = one_of_a_kind(cases)
    applied, report = applicant_of_a_kind(cases, one), cases.report({})
    with cases.system.begin() as session:
        row = session.get_one(models.Reporter, report.contact_id)
        row.phone_e164 = one["phone_e164"] if by == "phone" else None
        row.email = one["email"] if by == "email" else None
        row.surname, row.postcode = (one["surname"], one["postcode"]) if by == "household" else ("Other", "ME1 1AA")
        row.address = "Nowhere House"
    for _ in range(2):
        open_for(cases, report.contact_id)
    (review,) = reviews_of(cases, applied.contact_id)
    assert (review.contact_id, review.certificate_id) == (report.contact_id, None)
    assert by in review.matched_by
    officer = cases.agent(Role.LICENSING_OFFICER)
    with cases.acting(officer.actor) as session:
        (mine,) = [each for each in reviews.open_reviews(session, force_ids=[cases.north]) if each.id == review.id]
        assert (mine.number, mine.holder) == (applied.reference, f"Wren {one['surname']}")
        reviews.decide(
            session, review_id=review.id, decision=Decision.SPOKEN_TO, reasons="Rang", actor=officer.actor, now=NOW
        )
    with cases.acting(officer.actor) as session:
        thread = conversations.list_thread(session, contact_id=applied.contact_id)
    assert [line.body for line in thread if line.kind == "note"] == ["Review: Applicant spoken to. Rang"]
    with cases.acting(applied.applicant) as session:
        assert "Rang" not in str(conversations.citizen_thread(session, contact_id=applied.contact_id))


def test_who_is_surely_meant_gives_way_to_no_crowd_of_one_postcode(
    cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = one_of_a_kind(cases)
    other = one | {"email": f"crowd-{one['email']}", "surname": f"Crowd{one['surname']}"}
    crowd, meant = applicant_of_a_kind(cases, other), applicant_of_a_kind(cases, one)
    report = cases.report({})
    with cases.system.begin() as session:
        row = session.get_one(models.Reporter, report.contact_id)
        row.phone_e164, row.email, row.surname = None, one["email"], other["surname"]
        row.address, row.postcode = other["address"], other["postcode"]
    monkeypatch.setattr(applicants, "MOST", 1)
    open_for(cases, report.contact_id)
    assert reviews_of(cases, crowd.contact_id) == []
    (review,) = reviews_of(cases, meant.contact_id)
    assert "email" in review.matched_by


def test_a_worry_about_an_application_that_is_about_no_certificate_is_a_review_of_it(cases: Cases) -> None:
    applied, report = applicant_of_a_kind(cases, one_of_a_kind(cases)), cases.report({})
    for _ in range(2):
        with cases.system.begin() as session:
            reviews.open_for_application(
                session, contact_id=report.contact_id, application_id=applied.contact_id, now=NOW
            )
    (review,) = reviews_of(cases, applied.contact_id)
    assert list(review.matched_by) == ["application"]


def test_a_decided_application_and_one_whose_certificate_is_looked_at_open_none(cases: Cases) -> None:
    one = one_of_a_kind(cases)
    number = secrets.token_hex(4)
    held = holder(cases, number=number, given_name="Wren", born=dt.date(1974, 5, 2), **one)
    renews = applicant_of_a_kind(cases, one, shotgunKind="renewal", shotgunCertificateNumber=number)
    over = applicant_of_a_kind(cases, one)
    report = cases.report({})
    with cases.system.begin() as session:
        session.get_one(models.Application, over.contact_id).state = "refused"
        session.get_one(models.Reporter, report.contact_id).phone_e164 = one["phone_e164"]
    open_for(cases, report.contact_id)
    assert len(rows(cases, models.LicensingReview, held.id)) == 1
    assert reviews_of(cases, renews.contact_id) == reviews_of(cases, over.contact_id) == []
