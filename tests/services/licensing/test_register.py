"""What happens to a certificate and to a gun is an officer's decision, written down, and never before NFLMS has it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from contact.domain.access import Role
from contact.domain.errors import MoveNotAllowed, NotFound, ReasonNeeded
from contact.domain.licensing.certificate_states import CertificateEvent, CertificateState
from contact.domain.licensing.decisions import NflmsNeeded
from contact.domain.licensing.gun_states import Custody, GunEvent
from contact.services.licensing import certificates as register
from contact.services.licensing import guns
from contact.store import certificate_clock, certificates, models
from tests.support.cases import NOW, Cases, Person
from tests.support.register import SHOTGUN, certificate, holder, letters, rows

TODAY = NOW.date()


@pytest.fixture
def officer(cases: Cases) -> Person:
    """Somebody of the licensing team of `north`."""
    return cases.agent(Role.LICENSING_OFFICER)


def test_a_team_sees_its_own_certificates_and_nobody_else_any(cases: Cases, officer: Person) -> None:
    mine, theirs = holder(cases), holder(cases, force=cases.south)
    others = [cases.agent(Role.CALL_HANDLER), cases.agent(Role.SUPERVISOR), cases.agent(Role.FORCE_ADMIN)]
    with cases.acting(officer.actor) as session:
        assert certificates.get(session, certificate_id=mine.id).number == mine.number
        assert len(certificates.list_firearms(session, certificate_id=mine.id)) == 1
        assert certificates.list_firearms(session, certificate_id=theirs.id) == []
        with pytest.raises(NotFound):
            certificates.get(session, certificate_id=theirs.id)
    for other in others:
        with cases.acting(other.actor) as session, pytest.raises(NotFound):
            certificates.get(session, certificate_id=mine.id)


@pytest.mark.parametrize("typed", ["sg 2041", "Tregear", "rowan tregear", "cb236dw", "ab1234", "A8-I234"])
def test_found_by_number_name_postcode_and_serial(cases: Cases, officer: Person, typed: str) -> None:
    mine = holder(cases)
    holder(cases, force=cases.south)
    with cases.acting(officer.actor) as session:
        found = register.search(session, typed=typed, force_ids=[cases.north], now=NOW)
    assert [each.id for each in found] == [mine.id]


def test_nothing_is_revoked_before_nflms_has_it(cases: Cases, officer: Person) -> None:
    held = holder(cases)
    asked: dict[str, Any] = {
        "certificate_id": held.id,
        "event": CertificateEvent.REVOKE,
        "words": "You were convicted of an offence of violence.",
        "actor": officer.actor,
        "now": NOW,
    }
    with cases.acting(officer.actor) as session:
        with pytest.raises(NflmsNeeded):
            register.change_state(session, reason="Convicted", **asked)
        with pytest.raises(NflmsNeeded):
            register.change_state(
                session, reason="Convicted", nflms_number="N77001", nflms_on=TODAY + dt.timedelta(days=1), **asked
            )
        with pytest.raises(ReasonNeeded):
            register.change_state(session, reason=" ", nflms_number="N77001", nflms_on=TODAY, **asked)
        with pytest.raises(ReasonNeeded, check=lambda needed: needed.what == "words"):
            register.change_state(
                session, reason="Convicted", nflms_number="N77001", nflms_on=TODAY, **{**asked, "words": " "}
            )
        register.change_state(session, reason="Convicted", nflms_number="N77001", nflms_on=TODAY, **asked)
    row = certificate(cases, held.id)
    assert (row.state, row.nflms_number, row.nflms_date) == ("revoked", "N77001", TODAY)
    assert letters(cases, held.id) == ["practice_clear_marker", "revocation"]
    letter = next(each for each in rows(cases, models.LicensingLetter, held.id) if each.kind == "revocation")
    assert (letter.kind, letter.way, letter.state) == ("revocation", "recorded_delivery", "waiting")
    assert letter.facts["words"] == "You were convicted of an offence of violence."
    with cases.acting(officer.actor) as session:
        seen = register.view(session, certificate_id=held.id)
    assert seen.still_held
    assert seen.moves == (CertificateEvent.RESTORE,)


def test_a_section_7_permit_is_a_persons_decision_with_a_last_day(cases: Cases, officer: Person) -> None:
    held = holder(cases)
    asked: dict[str, Any] = {
        "certificate_id": held.id,
        "event": CertificateEvent.PERMIT,
        "actor": officer.actor,
        "now": NOW,
    }
    with cases.acting(officer.actor) as session:
        with pytest.raises(ReasonNeeded):
            register.change_state(session, reason="Undecided", **asked)
        register.change_state(session, reason="Undecided", until=TODAY + dt.timedelta(weeks=8), **asked)
        waiting = certificate_clock.list_alarms(session, force_ids=[cases.north], kind="permit_alarm")
    assert held.id not in {each.certificate_id for each in waiting}
    assert certificate(cases, held.id).state == CertificateState.TEMPORARY_PERMIT_S7
    assert letters(cases, held.id) == ["permit"]


@pytest.mark.parametrize("event", [CertificateEvent.EXTEND, CertificateEvent.EXPIRE, CertificateEvent.RENEW])
def test_the_clock_and_a_grant_make_their_own_moves(cases: Cases, officer: Person, event: CertificateEvent) -> None:
    held = holder(cases)
    with cases.acting(officer.actor) as session, pytest.raises(MoveNotAllowed):
        register.change_state(
            session, certificate_id=held.id, event=event, actor=officer.actor, reason="As I like", now=NOW
        )


def test_custody_is_named_and_a_return_needs_a_fresh_assessment(cases: Cases, officer: Person) -> None:
    held = holder(cases)
    gun = held.guns[0]

    def change(event: GunEvent, **more: Any) -> None:  # noqa: ANN401 - as `guns.change` takes them
        with cases.acting(officer.actor) as session:
            guns.change(session, firearm_id=gun, event=event, actor=officer.actor, now=NOW, **more)

    with pytest.raises(ReasonNeeded):
        change(GunEvent.SEIZE, reason="Arrested")
    change(GunEvent.SEIZE, reason="Arrested", custody=Custody.POLICE, custody_with="Property store, tag 118")
    row = rows(cases, models.Firearm, held.id)[0]
    assert (row.state, row.custody, row.custody_with) == ("removed", "police", "Property store, tag 118")
    with pytest.raises(ReasonNeeded):
        change(GunEvent.RETURN, reason="No further action")
    change(GunEvent.RETURN, reason="No further action", assessment="Seen at home, household spoken to alone")
    row = rows(cases, models.Firearm, held.id)[0]
    assert (row.state, row.custody, row.custody_with) == ("held", None, None)
    told = rows(cases, models.CertificateHistory, held.id)
    assert [each.agent_id for each in told if each.event == "return"] == [officer.id]


def test_nothing_is_given_back_on_a_certificate_that_is_over(cases: Cases, officer: Person) -> None:
    held = holder(cases, state=CertificateState.REVOKED)
    with cases.acting(officer.actor) as session:
        guns.change(
            session, firearm_id=held.guns[0], event=GunEvent.REMOVE, actor=officer.actor, reason="Handed in", now=NOW,
            custody=Custody.DEALER, custody_with="Marsh & Sons",
        )  # fmt: skip
        with pytest.raises(MoveNotAllowed):
            guns.change(
                session, firearm_id=held.guns[0], event=GunEvent.RETURN, actor=officer.actor, reason="Asked for it",
                now=NOW, assessment="All is well",
            )  # fmt: skip


def test_a_number_registered_to_another_is_flagged_wherever_it_is(cases: Cases, officer: Person) -> None:
    serial = f"QX{cases.north[-6:]}"
    theirs = holder(cases, replace(SHOTGUN, serial=serial), force=cases.south, number="SG-1")
    mine = holder(cases, replace(SHOTGUN, serial=serial.lower()), number="SG-2")
    assert rows(cases, models.Firearm, mine.id)[0].also_registered
    with cases.acting(officer.actor) as session:
        found = certificates.serial_elsewhere(session, serial=serial, make="browning", certificate_id=mine.id)
        assert [(each.certificate_id, each.force_id) for each in found] == [(theirs.id, cases.south)]
        assert certificates.serial_elsewhere(session, serial=serial, make="Beretta", certificate_id=mine.id) == []
    handler = cases.agent(Role.CALL_HANDLER)
    with cases.acting(handler.actor) as session:
        assert certificates.serial_elsewhere(session, serial=serial, make="Browning") == []


def test_conditions_are_written_anew_and_what_they_were_is_kept(cases: Cases, officer: Person) -> None:
    held = holder(cases)
    for lines in (["Keep at the club"], ["Keep at home", ""]):
        with cases.acting(officer.actor) as session:
            register.set_conditions(
                session, certificate_id=held.id, conditions=lines, actor=officer.actor, reason="Moved", now=NOW
            )
    assert certificate(cases, held.id).conditions == ["Keep at home"]
    assert any("Keep at the club" in each.reason for each in rows(cases, models.CertificateHistory, held.id))
