"""A grant becomes a certificate; a renewal is dated from the OLD expiry, whenever it was decided (practice 28)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from contact.domain.access import Role
from contact.domain.licensing.certificate_states import CertificateState
from contact.domain.licensing.decisions import Nflms, NflmsNeeded
from contact.services.licensing import granting
from contact.store import certificates, models
from contact.store.identifiers import new_id
from tests.support.cases import NOW, Cases
from tests.support.licensing import apply
from tests.support.register import certificate, holder, letters, rows

WHO: dict[str, Any] = {
    "reporterName": {"given": "Rowan", "surname": "Tregear"},
    "dateOfBirth": "1974-05-02",
    "homeAddress": {"line1": "4 Mill Lane", "line2": "", "town": "Cambourne", "postcode": "CB23 6DW"},
}
GUNS = [{"type": "over_under", "bore": "12", "make": "Beretta", "serial": "B-55"}]


def grant(cases: Cases, contact_id: UUID, *numbers: str) -> list[UUID]:
    officer = cases.agent(Role.LICENSING_OFFICER)
    with cases.acting(officer.actor) as session:
        read = Nflms("P100", numbers, NOW.date())
        return granting.grant(session, contact_id=contact_id, actor=officer.actor, nflms=read, now=NOW)


@pytest.mark.parametrize("state", [CertificateState.LIVE, CertificateState.EXTENDED_S28B, CertificateState.EXPIRED])
def test_a_renewal_runs_from_the_old_expiry(cases: Cases, state: CertificateState) -> None:
    held = holder(cases, number="SG-2041", expires=dt.date(2026, 10, 1), state=state)
    made = grant(cases, apply(cases, {"shotgunsHeld": GUNS}).contact_id, "SG-9")
    assert made == [held.id]
    row = certificate(cases, held.id)
    assert (row.number, row.state, row.issued, row.expires) == (
        "SG-9",
        "live",
        dt.date(2026, 10, 1),
        dt.date(2031, 10, 1),
    )
    assert sorted(gun.serial for gun in rows(cases, models.Firearm, held.id)) == ["AB1234", "B55"]
    assert letters(cases, held.id) == ["certificate", "renewal_granted"]


@pytest.mark.parametrize(
    ("told", "issued", "expires"),
    [
        ("2027-03-01", dt.date(2027, 3, 1), dt.date(2032, 3, 1)),
        ("2031-03-01", NOW.date(), dt.date(2031, 11, 20)),  # typed to have nearly ten years of one fee
    ],
)
def test_an_old_expiry_that_we_hold_no_copy_of_is_believed_for_a_year_ahead(
    cases: Cases, told: str, issued: dt.date, expires: dt.date
) -> None:
    (made,) = grant(cases, apply(cases, {"shotgunExpiry": told}).contact_id, "SG-12")
    row = certificate(cases, made)
    assert (row.issued, row.expires) == (issued, expires)


def test_a_first_certificate_begins_with_nflmss_day(cases: Cases) -> None:
    sent = apply(cases, {"shotgunKind": "grant", "shotgunsHeld": []})
    (made,) = grant(cases, sent.contact_id, "SG-10")
    row = certificate(cases, made)
    assert (row.issued, row.expires, row.surname, row.postcode) == (
        NOW.date(),
        dt.date(2031, 11, 20),
        "Tregear",
        "CB236DW",
    )
    assert letters(cases, made) == ["certificate", "grant"]


def test_a_pair_has_one_expiry(cases: Cases) -> None:
    asked: dict[str, Any] = {"licences": "coterminous", "firearmKind": "grant", "shotgunKind": "renewal"}
    held = holder(cases, number="SG-2041")
    contact_id = apply(cases, asked).contact_id
    with pytest.raises(NflmsNeeded):
        grant(cases, contact_id, "F-1")
    firearm, shotgun = (certificate(cases, each) for each in grant(cases, contact_id, "F-1", "SG-2041"))
    assert (firearm.kind, shotgun.id) == ("firearm", held.id)
    assert firearm.expires == shotgun.expires == dt.date(2032, 3, 1)
    assert firearm.pair_id == shotgun.pair_id is not None


def test_a_number_typed_of_somebody_elses_certificate_leaves_it_as_it_was(cases: Cases) -> None:
    """A slip of the pen, or worse: the holder keeps name, address and guns, and the applicant gets their own."""
    other = holder(cases, number="SG-2041", surname="Penhale", born=dt.date(1960, 1, 1))
    before = certificate(cases, other.id)
    contact_id = apply(cases, {"shotgunsHeld": GUNS}).contact_id
    with pytest.raises(NflmsNeeded) as caught:
        grant(cases, contact_id, "SG-2041")
    assert (caught.value.field, caught.value.reason) == ("certificates", "taken")
    (made,) = grant(cases, contact_id, "SG-77")
    after = certificate(cases, other.id)
    assert made != other.id
    assert (after.number, after.surname, after.address, after.expires) == (
        before.number,
        before.surname,
        before.address,
        before.expires,
    )


def test_the_applicants_own_certificate_is_found_by_the_number_of_nflms(cases: Cases) -> None:
    """They typed another's number; the officer copied the right one."""
    own = holder(cases, number="SG-31")
    assert grant(cases, apply(cases).contact_id, "SG-31") == [own.id]


@pytest.mark.parametrize(
    ("given_up", "state"), [(["guns"], "live"), (["ammunition"], "live"), (["guns", "certificate"], "surrendered")]
)
def test_giving_up_a_gun_leaves_the_certificate(cases: Cases, given_up: list[str], state: str) -> None:
    held = holder(cases, number="SG-2041")
    answers = {
        "surrenderWhat": given_up,
        "certificateNumber": "SG-2041",
        "reporterName": {"given": "Rowan", "surname": "Tregear"},
        "dateOfBirth": "1974-05-02",
    }
    sent = apply(cases, answers, form_id="firearms-surrender")
    assert grant(cases, sent.contact_id, "SG-2041") == [held.id]
    assert certificate(cases, held.id).state == state


def test_a_change_of_address_moves_nobody_else(cases: Cases) -> None:
    other = holder(cases, number="SG-2041", surname="Penhale", born=dt.date(1960, 1, 1))
    said = {
        "certificateType": "shotgun",
        "certificateNumber": "SG-2041",
        "changeOf": ["address"],
        "newAddress": {"line1": "1 Far Street", "line2": "", "town": "Ely", "postcode": "CB7 4AA"},
        "reporterName": {"given": "Rowan", "surname": "Tregear"},
        "dateOfBirth": "1974-05-02",
    }
    assert grant(cases, apply(cases, said, form_id="firearms-change").contact_id, "SG-2041") == []
    assert certificate(cases, other.id).address == "4 Mill Lane, Cambourne"


def test_the_halves_of_a_pair_are_locked_in_one_order_whichever_is_renewed(
    cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Granted at the same moment, the renewals of two halves do not wait for each other."""
    pair = new_id()
    shotgun = holder(cases, number="SG-2041", pair_id=pair)
    firearm = holder(cases, number="F-31", kind="firearm", pair_id=pair)
    lock, order = certificates.lock, []

    def note(session: Session, *, certificate_id: UUID) -> models.Certificate:
        if certificate_id not in order:
            order.append(certificate_id)
        return lock(session, certificate_id=certificate_id)

    monkeypatch.setattr(certificates, "lock", note)
    asked: dict[str, Any] = {"licences": "firearm", "firearmKind": "renewal", "firearmCertificateNumber": "F-31"}
    for answers, number in (({}, "SG-2041"), ({**asked, "shotgunKind": ""}, "F-31")):
        with cases.system.begin() as session:
            for each in (shotgun.id, firearm.id):
                session.get_one(models.Certificate, each).pair_id = pair
        order.clear()
        grant(cases, apply(cases, answers).contact_id, number)
        assert order == sorted([shotgun.id, firearm.id])


def test_a_dealers_premises_stand_on_the_register_and_stay_where_a_renewal_names_none(cases: Cases) -> None:
    places = [
        {"name": "The shop", "address": "1 High Street, Ely", "postcode": "CB7 4AA", "security": "Alarm and shutters"},
        {"address": "2 Far Yard, Ely", "postcode": "CB7 4AB", "security": "Strong room"},
    ]
    answers = {**WHO, "dealerKind": "grant", "businessName": "Tregear Guns", "premises": places}
    (made,) = grant(cases, apply(cases, answers, form_id="firearms-dealer").contact_id, "D-1")
    row = certificate(cases, made)
    assert (row.trades_as, [each["postcode"] for each in row.premises]) == ("Tregear Guns", ["CB7 4AA", "CB7 4AB"])
    assert row.premises[1] == {"name": "", **places[1]}
    again = {**WHO, "dealerKind": "renewal", "dealerNumber": "D-1", "dealerExpiry": row.expires.isoformat()}
    assert grant(cases, apply(cases, again, form_id="firearms-dealer").contact_id, "D-1") == [made]
    assert len(certificate(cases, made).premises) == 2
