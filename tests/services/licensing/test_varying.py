"""What is granted changes the register: guns go and come, new copies, particulars, permits, both sides of a sale."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from contact.domain.access import Role
from contact.domain.errors import MoveNotAllowed, ReasonNeeded
from contact.domain.licensing.certificate_states import CertificateState
from contact.domain.licensing.decisions import Nflms, NflmsNeeded
from contact.domain.licensing.gun_states import GunEvent
from contact.services import routing
from contact.services.licensing import granting, guns
from contact.services.licensing.guns import Gun
from contact.store import certificates, forces, models
from contact.store.identifiers import new_id
from tests.support.cases import NOW, Cases, Person
from tests.support.licensing import apply
from tests.support.register import SHOTGUN, certificate, holder, letters, rows

RIFLE = Gun(type="rifle", action="bolt", calibre=".243", make="Tikka", serial="T-100")
WHO: dict[str, Any] = {"reporterName": {"given": "Rowan", "surname": "Tregear"}, "dateOfBirth": "1974-05-02"}


@pytest.fixture
def officer(cases: Cases) -> Person:
    return cases.agent(Role.LICENSING_OFFICER)


def grant(cases: Cases, officer: Person, form_id: str, answers: dict[str, Any], *numbers: str) -> list[UUID]:
    sent = apply(cases, {**WHO, **answers}, form_id=form_id)
    with cases.acting(officer.actor) as session:
        read = Nflms("P100", numbers or ("F-77",), NOW.date())
        return granting.grant(session, contact_id=sent.contact_id, actor=officer.actor, nflms=read, now=NOW)


def on(cases: Cases, certificate_id: UUID) -> list[tuple[str, str | None, str, bool]]:
    """Guns of a certificate: kind, number, state, whether it must go."""
    found = sorted(rows(cases, models.Firearm, certificate_id), key=lambda each: each.position)
    return [(each.type, each.serial, each.state, each.to_go) for each in found]


def told(cases: Cases, certificate_id: UUID) -> str:
    return "\n".join(each.reason for each in rows(cases, models.CertificateHistory, certificate_id))


def test_a_swap_lets_one_gun_go_and_one_come(cases: Cases, officer: Person) -> None:
    held = holder(cases, RIFLE, kind="firearm", number="F-77", ammunition=[{"calibre": ".243", "hold": 100, "buy": 50}])
    answers = {
        "certificateNumber": "f77",
        "variationKind": "one_for_one",
        "gunsOut": [{"type": "rifle", "action": "bolt", "calibre": ".243", "make": "Tikka", "serial": "t100"}],
        "gunsWanted": [{"type": "rifle", "action": "bolt", "calibre": ".308", "quantity": 1}],
        "ammunition": [{"calibre": ".308", "hold": 200, "buy": 100}],
    }
    assert grant(cases, officer, "firearms-variation", answers) == [held.id]
    assert on(cases, held.id) == [("rifle", "T100", "held", True), ("rifle", None, "authorised", False)]
    assert [row["calibre"] for row in certificate(cases, held.id).ammunition] == [".243", ".308"]
    assert "guns to go 1, guns that may be got 1; ammunition changed" in told(cases, held.id)
    place = next(each.id for each in rows(cases, models.Firearm, held.id) if each.state == "authorised")
    with cases.acting(officer.actor) as session:
        with pytest.raises(ReasonNeeded):
            guns.change(session, firearm_id=place, event=GunEvent.ACQUIRE, actor=officer.actor, reason="Rang", now=NOW)
        guns.change(
            session, firearm_id=place, event=GunEvent.ACQUIRE, actor=officer.actor, reason="Rang", now=NOW,
            make="Sako", serial="S-9",
        )  # fmt: skip
        guns.change(
            session, firearm_id=held.guns[0], event=GunEvent.SELL, actor=officer.actor, reason="Sold to Marsh", now=NOW
        )
    assert on(cases, held.id) == [("rifle", "T100", "sold", False), ("rifle", "S9", "held", False)]


def test_more_guns_are_each_allowed_and_a_gun_we_do_not_know_is_told(cases: Cases, officer: Person) -> None:
    held = holder(cases, RIFLE, kind="firearm", number="F-77")
    answers = {
        "certificateNumber": "F-77",
        "variationKind": "more",
        "gunsOut": [{"type": "rifle", "calibre": ".22", "make": "CZ", "serial": "C-5"}],
        "gunsWanted": [{"type": "moderator", "calibre": ".243", "quantity": 2}],
    }
    grant(cases, officer, "firearms-variation", answers)
    assert [state for _, _, state, _ in on(cases, held.id)] == ["held", "authorised", "authorised"]
    assert "not on our copy: CZ, .22, number C-5" in told(cases, held.id)


def test_a_replacement_voids_the_copy_before_and_keeps_the_number(cases: Cases, officer: Person) -> None:
    held = holder(cases)
    answers = {"certificateType": "shotgun", "certificateNumber": "SG-2041", "replacementReason": "stolen"}
    assert grant(cases, officer, "firearms-replacement", answers, "SG-2041") == [held.id]
    row = certificate(cases, held.id)
    assert (row.number, row.state, row.copy_no, row.copy_on) == ("SG-2041", "live", 2, NOW.date())
    assert "Copy 2 given out. Copy 1 is void: stolen" in told(cases, held.id)
    assert "certificate" in letters(cases, held.id)


def test_a_change_of_name_and_address_moves_both_certificates_of_a_pair(cases: Cases, officer: Person) -> None:
    both = new_id()
    held = [holder(cases, kind="firearm", number="F-77", pair_id=both), holder(cases, pair_id=both)]
    answers = {
        "certificateType": "coterminous",
        "certificateNumber": "F-77",
        "changeOf": ["name", "address"],
        "newName": {"given": "Rowan", "surname": "Penrose"},
        "newAddress": {"line1": "1 Far Street", "line2": "", "town": "Ely", "postcode": "CB7 4AA"},
    }
    assert set(grant(cases, officer, "firearms-change", answers)) == {each.id for each in held}
    for each in held:
        row = certificate(cases, each.id)
        assert (row.surname, row.address, row.postcode) == ("Penrose", "1 Far Street\nEly", "CB74AA")
        assert (row.surname_key, row.household_key) == ("penrose", "penrose CB74AA")


def test_guns_given_up_must_go_and_are_held_until_they_are_collected(cases: Cases, officer: Person) -> None:
    held = holder(cases)
    answers = {
        "surrenderWhat": ["guns"],
        "certificateNumber": "SG-2041",
        "gunsGivenUp": [{"type": "shotgun", "make": "Browning", "serial": "AB1234"}],
    }
    grant(cases, officer, "firearms-surrender", answers)
    assert on(cases, held.id) == [("shotgun", "AB1234", "held", True)]
    assert certificate(cases, held.id).state == "live"


def test_a_first_certificate_says_what_may_be_got(cases: Cases, officer: Person) -> None:
    answers = {
        "licences": "firearm",
        "firearmKind": "grant",
        "shotgunKind": None,
        "gunsWanted": [{"type": "rifle", "calibre": ".243", "quantity": 1}],
        "ammunition": [{"calibre": ".243", "held": 0, "hold": 100, "buy": 50}],
    }
    (made,) = grant(cases, officer, "firearms-certificate", answers, "F-1")
    assert on(cases, made) == [("rifle", None, "authorised", False)]
    assert certificate(cases, made).ammunition == [{"calibre": ".243", "hold": 100, "buy": 50}]


def test_a_pair_half_new_begins_today_and_ends_with_the_other(cases: Cases, officer: Person) -> None:
    holder(cases)
    answers = {"licences": "coterminous", "firearmKind": "grant", "shotgunKind": "renewal"}
    firearm, shotgun = (
        certificate(cases, each) for each in grant(cases, officer, "firearms-certificate", answers, "F-1", "SG-2041")
    )
    assert (firearm.issued, shotgun.issued) == (NOW.date(), dt.date(2027, 3, 1))
    assert firearm.expires == shotgun.expires == dt.date(2032, 3, 1)


SOLD: dict[str, Any] = {
    "transferSide": "gave",
    "transferKind": "sold",
    "transferredOn": "2026-11-20",
    "certificateNumber": "F-77",
    "gunsTransferred": [{"type": "rifle", "action": "bolt", "calibre": ".243", "make": "Tikka", "serial": "T100"}],
    "otherPerson": [{"given": "Ada", "surname": "Moon", "address": "1 Road", "certificate": "f 88"}],
}


def buyer(cases: Cases, *held: Gun, number: str = "F-88", **more: Any) -> UUID:  # noqa: ANN401 - columns
    given = {"given_name": "Ada", "surname": "Moon", "born": dt.date(1980, 2, 3), "kind": "firearm", **more}
    return holder(cases, *held, number=number, phone_e164=None, email=None, **given).id


def test_a_sale_moves_the_gun_on_both_sides_and_the_second_notice_finds_it_there(cases: Cases, officer: Person) -> None:
    number = f"T{secrets.token_hex(6)}".upper()  # nobody else's: the registers of all forces are asked
    sale = {**SOLD, "gunsTransferred": [{**SOLD["gunsTransferred"][0], "serial": number}]}
    seller = holder(cases, replace(RIFLE, serial=number), kind="firearm", number="F-77")
    other = buyer(cases, Gun("shotgun_s1", "pump", "12", "Benelli", "BN-1"))
    assert grant(cases, officer, "firearms-transfer", sale) == [seller.id]
    assert on(cases, seller.id) == [("rifle", number, "sold", False)]
    assert on(cases, other) == [("shotgun_s1", "BN1", "held", False), ("rifle", number, "held", False)]
    assert not any(each.also_registered for each in rows(cases, models.Firearm, other))
    again = {
        **sale,
        "transferSide": "got",
        "certificateNumber": "F-88",
        "reporterName": {"given": "Ada", "surname": "Moon"},
        "dateOfBirth": "1980-02-03",
        "otherPerson": [{"surname": "Tregear", "address": "x", "certificate": "F-77"}],
    }
    assert grant(cases, officer, "firearms-transfer", again, "F-88") == [other]
    assert on(cases, other) == [("shotgun_s1", "BN1", "held", False), ("rifle", number, "held", False)]
    assert on(cases, seller.id) == [("rifle", number, "sold", False)]


def test_two_notices_of_one_sale_lock_the_certificates_in_the_same_order(
    cases: Cases, officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Granted at the same moment, neither waits for what the other has."""
    seller, other = holder(cases, RIFLE, kind="firearm", number="F-77").id, buyer(cases)
    lock, order = certificates.lock, []

    def note(session: Session, *, certificate_id: UUID) -> models.Certificate:
        if certificate_id not in order:  # whoever has it already waits for nobody
            order.append(certificate_id)
        return lock(session, certificate_id=certificate_id)

    monkeypatch.setattr(certificates, "lock", note)
    told = {
        "transferSide": "got",
        "certificateNumber": "F-88",
        "reporterName": {"given": "Ada", "surname": "Moon"},
        "dateOfBirth": "1980-02-03",
        "otherPerson": [{"surname": "Tregear", "address": "x", "certificate": "F-77"}],
    }
    for answers, number in ((SOLD, "F-77"), ({**SOLD, **told}, "F-88")):
        order.clear()
        grant(cases, officer, "firearms-transfer", answers, number)
        assert order == sorted([seller, other])


def test_the_other_side_is_left_alone_where_its_name_does_not_fit(cases: Cases, officer: Person) -> None:
    seller = holder(cases, RIFLE, kind="firearm", number="F-77")
    other = buyer(cases, SHOTGUN, surname="Starr")
    grant(cases, officer, "firearms-transfer", SOLD)
    assert on(cases, seller.id) == [("rifle", "T100", "sold", False)]
    assert [state for _, _, state, _ in on(cases, other)] == ["held"]


@pytest.mark.parametrize(("where", "told"), [("south", 1), ("north", 0), ("both", 0), ("nowhere", 0)])
def test_the_force_where_the_other_side_lives_is_told_of_a_sale_and_of_no_gun(
    cases: Cases, officer: Person, monkeypatch: pytest.MonkeyPatch, where: str, told: int
) -> None:
    lies = {"south": [cases.south], "north": [cases.north], "both": [cases.north, cases.south], "nowhere": []}[where]
    monkeypatch.setattr(
        routing, "forces_in_words", lambda session, _text: [forces.get(session, force_id=f) for f in lies]
    )
    seller = holder(cases, RIFLE, kind="firearm", number="F-77")
    grant(cases, officer, "firearms-transfer", SOLD)
    letters = [each for each in rows(cases, models.LicensingLetter, seller.id) if each.kind == "other_force"]
    assert len(letters) == told
    for each in letters:
        assert (each.facts["about"], each.facts["holder"], each.facts["gave"]) == ("transfer", "Ada Moon", True)
        assert "T100" not in str(each.facts)


def test_a_gun_that_came_takes_the_place_that_was_allowed_for_it(cases: Cases, officer: Person) -> None:
    holder(cases, RIFLE, kind="firearm", number="F-77")
    other = buyer(cases, Gun("moderator", "", ".22", "SAK", "M-1"))
    with cases.acting(officer.actor) as session:
        row = session.get(models.Certificate, other)
        assert row is not None
        guns.authorise(session, certificate=row, gun=Gun("rifle", "", ".243", "", ""), reason="Varied", now=NOW)
    grant(cases, officer, "firearms-transfer", SOLD)
    assert on(cases, other) == [("moderator", "M1", "held", False), ("rifle", "T100", "held", False)]


def test_a_gun_that_is_lent_stays_on_its_holders_certificate_with_its_custody_named(
    cases: Cases, officer: Person
) -> None:
    lender = holder(cases, RIFLE, kind="firearm", number="F-77")
    other = buyer(cases, SHOTGUN)
    grant(cases, officer, "firearms-transfer", {**SOLD, "transferKind": "loan"})
    (gun,) = rows(cases, models.Firearm, lender.id)
    assert (gun.state, gun.custody, gun.custody_with) == ("removed", "other_holder", "Ada, Moon, 1 Road")
    assert "Lent to the holder for a time: Tikka, .243, number T100" in told(cases, other)


def test_a_dealer_is_registered_for_three_years_where_they_trade(cases: Cases, officer: Person) -> None:
    answers = {
        "dealerKind": "grant",
        "homeAddress": {"line1": "9 Home Road", "town": "Ely", "postcode": "CB7 4AA"},
        "premises": [{"name": "Marsh", "address": "2 High Street, Ely", "postcode": "CB7 4BB", "security": "Safe"}],
    }
    (made,) = grant(cases, officer, "firearms-dealer", answers, "RFD-5")
    row = certificate(cases, made)
    assert (row.kind, row.number, row.issued, row.expires) == ("dealer", "RFD-5", NOW.date(), dt.date(2029, 11, 20))
    assert row.address_key == "2 CB74BB"
    again = {**answers, "dealerKind": "renewal", "dealerNumber": "rfd 5", "dealerExpiry": "2029-11-20"}
    assert grant(cases, officer, "firearms-dealer", again, "RFD-5") == [made]
    assert certificate(cases, made).expires == dt.date(2032, 11, 20)


def test_each_visitor_has_a_permit_for_the_days_of_the_visit(cases: Cases, officer: Person) -> None:
    answers = {
        "visitorLicence": "visitor_shotgun",
        "groupSize": 2,
        "visitFrom": "2027-01-10",
        "visitTo": "2027-01-20",
        "homeAddress": {"line1": "9 Home Road", "town": "Ely", "postcode": "CB7 4AA"},
        "visitors": [
            {"given": "Lars", "surname": "Berg", "birth": "1970-01-02"},
            {"given": "Eva", "surname": "Lind", "birth": "1975-06-07"},
        ],
        "visitorGuns": [{"visitor": "Eva Lind", "type": "Shotgun", "calibre": "12", "serial": "EL-1"}],
    }
    with pytest.raises(NflmsNeeded):
        grant(cases, officer, "firearms-visitor", answers, "V-1")
    first, second = grant(cases, officer, "firearms-visitor", answers, "V-1", "V-2")
    row = certificate(cases, second)
    assert (row.kind, row.surname, row.expires, row.postcode) == (
        "visitor_shotgun",
        "Lind",
        dt.date(2027, 1, 20),
        "CB74AA",
    )
    assert [len(rows(cases, models.Firearm, each)) for each in (first, second)] == [0, 1]


def test_a_visit_of_three_years_has_a_permit_of_one(cases: Cases, officer: Person) -> None:
    answers = {
        "visitorLicence": "visitor_shotgun", "groupSize": 1, "visitFrom": "2027-01-10", "visitTo": "2029-11-20",
        "visitors": [{"given": "Lars", "surname": "Berg", "birth": "1970-01-02"}],
    }  # fmt: skip
    (made,) = grant(cases, officer, "firearms-visitor", answers, "V-3")
    assert certificate(cases, made).expires == dt.date(2028, 1, 9)


def test_a_dealer_who_types_a_day_years_ahead_gains_nothing(cases: Cases, officer: Person) -> None:
    answers = {"dealerKind": "renewal", "dealerNumber": "RFD-9", "dealerExpiry": "2029-11-20"}
    (made,) = grant(cases, officer, "firearms-dealer", answers, "RFD-9")
    row = certificate(cases, made)
    assert (row.issued, row.expires) == (NOW.date(), dt.date(2029, 11, 20))


def test_nothing_is_got_on_a_certificate_that_is_over(cases: Cases, officer: Person) -> None:
    held = holder(cases, RIFLE, kind="firearm", number="F-77")
    with cases.acting(officer.actor) as session:
        row = session.get(models.Certificate, held.id)
        assert row is not None
        place = guns.authorise(session, certificate=row, gun=RIFLE, reason="Varied", now=NOW)
        row.state = "revoked"
        session.flush()
        with pytest.raises(MoveNotAllowed):
            guns.change(
                session, firearm_id=place.id, event=GunEvent.ACQUIRE, actor=officer.actor, reason="Got it", now=NOW,
                serial="X-1",
            )  # fmt: skip


def test_what_is_over_is_neither_varied_nor_renewed_and_the_officer_is_told_why(cases: Cases, officer: Person) -> None:
    holder(cases, RIFLE, kind="firearm", number="F-77", state=CertificateState.REVOKED)
    holder(cases, state=CertificateState.SURRENDERED)
    wanted: dict[str, Any] = {"certificateNumber": "F-77", "variationKind": "fewer"}
    for form_id, answers, number in (
        ("firearms-variation", wanted, "F-77"),
        ("firearms-certificate", {}, "SG-2041"),
    ):
        with pytest.raises(NflmsNeeded) as caught:
            grant(cases, officer, form_id, answers, number)
        assert (caught.value.field, caught.value.reason) == ("certificates", "state")
