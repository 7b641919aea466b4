"""Each decision has its letter; the practice's goes nowhere before an officer found its address (practice 25, 29)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from contact.domain.access import Role
from contact.domain.errors import MoveNotAllowed, ReasonNeeded
from contact.domain.licensing.certificate_states import CertificateEvent, CertificateState
from contact.domain.licensing.decisions import Missing
from contact.domain.licensing.kinds import Kind
from contact.domain.licensing.letter_kinds import LetterKind
from contact.domain.licensing.telling import ToldBy
from contact.services.licensing import casework, decision_letters, letters, medical, renewals
from contact.services.licensing import certificates as register
from contact.services.licensing.casework import Asked, Return
from contact.store import models
from contact.store.licensing_letters import LicensingLetter
from tests.support.cases import KEYS, NOW, Cases, Person
from tests.support.licensing import Applied, apply
from tests.support.register import Held, holder, rows

TODAY = NOW.date()


@pytest.fixture
def officer(cases: Cases) -> Person:
    return cases.agent(Role.LICENSING_OFFICER)


def of_certificate(cases: Cases, held: Held, *kinds: LetterKind) -> list[LicensingLetter]:
    """Its letters of these kinds, oldest first."""
    found = rows(cases, models.LicensingLetter, held.id)
    return sorted((each for each in found if each.kind in kinds), key=lambda each: (each.made_at, each.id))


def of_application(cases: Cases, contact_id: UUID) -> list[LicensingLetter]:
    found: list[LicensingLetter] = cases.rows(models.LicensingLetter, contact_id)
    return found


def practice_letters(cases: Cases, held: Held) -> list[tuple[str, str]]:
    """(kind, state) of the letters to its practice."""
    found = of_certificate(cases, held, LetterKind.PRACTICE_SET_MARKER, LetterKind.PRACTICE_CLEAR_MARKER)
    return [(each.kind, each.state) for each in found]


def happen(cases: Cases, officer: Person, held: Held, event: CertificateEvent, now: dt.datetime = NOW) -> None:
    with cases.acting(officer.actor) as session:
        register.change_state(
            session, certificate_id=held.id, event=event, actor=officer.actor, reason="As decided", now=now,
            nflms_number="N7", nflms_on=TODAY, until=TODAY + dt.timedelta(days=30), words="You were convicted.",
            to_force=cases.south,
        )  # fmt: skip


def granted(session: Session, contact_id: UUID, officer: Person, *ids: UUID) -> None:
    decision_letters.granted(
        session, contact_id=contact_id, certificate_ids=ids, numbers=("N-1",), made_by=officer.id, now=NOW
    )


WHO = {
    "reporterName": {"given": "Rowan", "surname": "Tregear"},
    "dateOfBirth": "1974-05-02",
    "certificateNumber": "SG-2041",
    "certificateType": "shotgun",
    "homeAddress": {"line1": "4 Mill Lane", "line2": "", "town": "Cambourne", "postcode": "CB23 6DW"},
}
FORMS: list[tuple[str, dict[str, Any], LetterKind]] = [
    ("firearms-variation", {"variationKind": "more"}, LetterKind.VARIATION_GRANTED),
    ("firearms-replacement", {}, LetterKind.REPLACEMENT_GRANTED),
    ("firearms-change", {"changeOf": ["name"]}, LetterKind.CHANGE_RECORDED),
    ("firearms-visitor", {"visitorLicence": "both", "groupSize": 2}, LetterKind.VISITOR_PERMIT_GRANTED),
    ("firearms-transfer", {}, LetterKind.TRANSFER_RECORDED),
    ("firearms-surrender", {"surrenderWhat": ["guns"]}, LetterKind.SURRENDER_RECORDED),
    ("firearms-dealer", {}, LetterKind.DEALER_REGISTERED),
]


@pytest.mark.parametrize(("form_id", "answers", "kind"), FORMS, ids=[form for form, _, _ in FORMS])
def test_a_decision_on_each_form_has_its_letter(
    cases: Cases, officer: Person, form_id: str, answers: dict[str, Any], kind: LetterKind
) -> None:
    sent = apply(cases, {**WHO, **answers}, form_id=form_id)
    with cases.acting(officer.actor) as session:
        granted(session, sent.contact_id, officer)
    (letter,) = of_application(cases, sent.contact_id)
    assert (letter.kind, letter.way, letter.state) == (kind.value, "post", "waiting")
    assert letter.facts["to"] == "Rowan Tregear"
    assert letter.facts["number"] == "N-1"
    assert letter.facts["reference"] == sent.reference


def test_a_change_of_address_is_confirmed_to_the_new_one(cases: Cases, officer: Person) -> None:
    new = {"line1": "Flat 2, 1 Far Street", "line2": "", "town": "Ely", "postcode": "cb74aa"}
    name = {"given": "Rowan", "surname": "Penhale"}
    said = {**WHO, "changeOf": ["name", "address"], "newAddress": new, "newName": name}
    sent = apply(cases, said, form_id="firearms-change")
    with cases.acting(officer.actor) as session:
        granted(session, sent.contact_id, officer)
    (letter,) = of_application(cases, sent.contact_id)
    assert letter.facts["to"] == "Rowan Penhale"
    assert letter.facts["address"] == ["Flat 2, 1 Far Street", "Ely", "cb7 4aa"]


@pytest.mark.parametrize(("form_id", "appeal"), [("firearms-variation", "crown_court"), ("firearms-visitor", "none")])
def test_a_refusal_of_each_kind_names_its_appeal(cases: Cases, officer: Person, form_id: str, appeal: str) -> None:
    sent = apply(cases, {**WHO, "variationKind": "more"}, form_id=form_id)
    with cases.acting(officer.actor) as session:
        decision_letters.refused(session, contact_id=sent.contact_id, words="Not safe", made_by=officer.id, now=NOW)
    (letter,) = of_application(cases, sent.contact_id)
    assert (letter.kind, letter.way, letter.facts["appeal"]) == ("refusal", "recorded_delivery", appeal)
    assert letter.facts["kind"] in set(Kind)


def more_needed(
    cases: Cases, officer: Person, sent: Applied, told: ToldBy | None = None, asked: Asked | None = None
) -> list[LicensingLetter]:
    with cases.acting(officer.actor) as session:
        what = Return((Missing.PHOTO,), "The photo is too dark", told)
        how = casework.send_back_incomplete(
            session, contact_id=sent.contact_id, agent_id=officer.id, what=what, now=NOW
        )
    assert asked in (None, how)
    return of_application(cases, sent.contact_id)


def test_what_is_missing_goes_by_letter_only_where_no_mail_tells_of_it_and_post_is_not_unsafe(
    cases: Cases, officer: Person
) -> None:
    assert more_needed(cases, officer, apply(cases)) == []
    assert more_needed(cases, officer, apply(cases, email=None)) == []
    sent = apply(cases)
    cases.change(sent.contact_id, safe_contact={"how": "post", "value": "4 Mill Lane"})
    (letter,) = more_needed(cases, officer, sent)
    assert letter.kind == "more_needed"
    assert (letter.facts["missing"], letter.facts["words"]) == (["photo"], "The photo is too dark")


@pytest.mark.parametrize("how", ["online", "text", "phone", "none"])
def test_no_letter_about_a_licence_goes_to_a_home_where_post_was_not_called_safe(
    cases: Cases, officer: Person, how: str
) -> None:
    sent = apply(cases)
    cases.change(sent.contact_id, safe_contact={"how": how, "value": "+447700900414"})
    assert more_needed(cases, officer, sent, asked=Asked.PAGE) == []


@pytest.mark.parametrize(
    ("told", "asked"),
    [(ToldBy.LETTER, Asked.LETTER), (ToldBy.TELEPHONE, Asked.NOTE), (ToldBy.NOBODY, Asked.NOTE)],
)
def test_who_reads_nothing_online_is_asked_by_letter_where_the_officer_says_so(
    cases: Cases, officer: Person, told: ToldBy, asked: Asked
) -> None:
    sent = apply(cases)
    cases.change(sent.contact_id, online_access_stopped_at=NOW)
    assert len(more_needed(cases, officer, sent, told, asked)) == (told is ToldBy.LETTER)


def test_post_that_an_officer_now_knows_to_be_unsafe_is_not_used(cases: Cases, officer: Person) -> None:
    sent = apply(cases)
    cases.change(sent.contact_id, safe_contact={"how": "post"}, channel="letter")
    assert more_needed(cases, officer, sent, ToldBy.NOBODY, Asked.NOTE) == []


def test_a_change_of_conditions_is_written_to_the_holder(cases: Cases, officer: Person) -> None:
    held = holder(cases)
    with cases.acting(officer.actor) as session:
        register.set_conditions(
            session, certificate_id=held.id, conditions=["At the club"], actor=officer.actor, reason="Agreed", now=NOW
        )
    (letter,) = of_certificate(cases, held, LetterKind.CONDITIONS)
    assert (letter.facts["conditions"], letter.facts["appeal"]) == (["At the club"], "crown_court")
    assert letter.facts["address"] == ["4 Mill Lane", "Cambourne", "CB23 6DW"]


def test_the_practices_letter_waits_for_an_address_that_an_officer_found(cases: Cases, officer: Person) -> None:
    held = holder(cases)
    typed = [{"practice": "Made Up Surgery", "address": "1 My House, Ely"}]
    sent = apply(cases, {"shotgunKind": "grant", "gpPractice": typed})
    with cases.acting(officer.actor) as session:
        granted(session, sent.contact_id, officer, held.id)
    (letter,) = of_certificate(cases, held, LetterKind.PRACTICE_SET_MARKER)
    assert "Made Up" not in str(letter.facts)
    assert "My House" not in str(letter.facts)
    with cases.acting(officer.actor) as session:
        with pytest.raises(ReasonNeeded) as caught:
            letters.serve(session, letter_id=letter.id, actor=officer.actor, sent_on=TODAY, now=NOW)
        assert caught.value.what == "address"
        for missing in ("practice", "address", "found_where"):
            found = {"practice": "Mill Surgery", "address": "9 High Street\nEly\nCB7 4AA", "found_where": "NHS list"}
            with pytest.raises(ReasonNeeded) as empty:
                letters.address_to(session, letter_id=letter.id, now=NOW, **{**found, missing: " "})
            assert empty.value.what == missing
        letters.address_to(session, letter_id=letter.id, now=NOW, **found)
        served = letters.serve(session, letter_id=letter.id, actor=officer.actor, sent_on=TODAY, now=NOW)
        assert (served.facts["to"], served.facts["address"]) == ("Mill Surgery", ["9 High Street", "Ely", "CB7 4AA"])
        with pytest.raises(MoveNotAllowed):
            letters.address_to(session, letter_id=letter.id, now=NOW, **found)


@pytest.mark.parametrize("event", [CertificateEvent.REVOKE, CertificateEvent.SURRENDER, CertificateEvent.CANCEL])
def test_when_a_certificate_ends_the_practice_is_told_once(
    cases: Cases, officer: Person, event: CertificateEvent
) -> None:
    held = holder(cases)
    happen(cases, officer, held, event)
    (letter,) = of_certificate(cases, held, LetterKind.PRACTICE_CLEAR_MARKER)
    assert (letter.facts["patient"], letter.facts["born"]) == ("Rowan Tregear", "1974-05-02")


def test_nothing_is_cleared_while_another_certificate_counts(cases: Cases, officer: Person) -> None:
    held, other = holder(cases, number="SG-1"), holder(cases, number="F-1", kind="firearm")
    happen(cases, officer, held, CertificateEvent.SURRENDER)
    assert practice_letters(cases, held) == []
    happen(cases, officer, other, CertificateEvent.SURRENDER)
    assert practice_letters(cases, other) == [("practice_clear_marker", "waiting")]


def test_a_certificate_that_expires_while_its_renewal_is_open_waits_for_the_decision(
    cases: Cases, officer: Person
) -> None:
    held = holder(cases, number="SG-2041", expires=TODAY - dt.timedelta(days=1))
    sent = apply(cases)
    with cases.system.begin() as session:
        renewals.join(session, contact_id=sent.contact_id, now=NOW)
        renewals.strike(session, certificate_id=held.id, now=NOW)
    assert practice_letters(cases, held) == []
    with cases.system.begin() as session:
        session.query(models.Application).filter_by(contact_id=sent.contact_id).update({"state": "refused"})
    with cases.acting(officer.actor) as session:
        decision_letters.refused(session, contact_id=sent.contact_id, words="No", made_by=officer.id, now=NOW)
    assert practice_letters(cases, held) == [("practice_clear_marker", "waiting")]


def test_one_that_expires_with_nothing_applied_for_is_cleared(cases: Cases) -> None:
    held = holder(cases, expires=TODAY - dt.timedelta(days=1))
    for _ in range(2):
        with cases.system.begin() as session:
            renewals.strike(session, certificate_id=held.id, now=NOW)
    assert practice_letters(cases, held) == [("practice_clear_marker", "waiting")]


def test_a_certificate_that_counts_again_takes_the_letter_back_or_asks_anew(cases: Cases, officer: Person) -> None:
    held = holder(cases)
    happen(cases, officer, held, CertificateEvent.REVOKE)
    happen(cases, officer, held, CertificateEvent.RESTORE)
    assert practice_letters(cases, held) == [("practice_clear_marker", "cancelled")]
    later = NOW + dt.timedelta(days=1)
    happen(cases, officer, held, CertificateEvent.REVOKE, later)
    (letter,) = [
        each for each in of_certificate(cases, held, LetterKind.PRACTICE_CLEAR_MARKER) if each.state == "waiting"
    ]
    with cases.acting(officer.actor) as session:
        letters.address_to(
            session, letter_id=letter.id, practice="Mill Surgery", address="9 High Street", found_where="NHS", now=later
        )
        letters.serve(session, letter_id=letter.id, actor=officer.actor, sent_on=TODAY, now=later)
    happen(cases, officer, held, CertificateEvent.RESTORE, later + dt.timedelta(days=1))
    (again,) = of_certificate(cases, held, LetterKind.PRACTICE_SET_MARKER)
    assert (again.facts["to"], again.facts["found_where"]) == ("Mill Surgery", "NHS")


def test_a_practice_that_we_asked_is_told_when_a_first_application_is_refused(cases: Cases, officer: Person) -> None:
    sent = apply(cases, {"shotgunKind": "grant", "shotgunCertificateNumber": ""})
    with cases.acting(officer.actor) as session:
        medical.ask_practice(
            session, contact_id=sent.contact_id, practice="Mill Surgery", address="mill@surgery.example",
            found_where="NHS list", born=dt.date(1974, 5, 2), actor=officer.actor, keys=KEYS, now=NOW,
        )  # fmt: skip
        decision_letters.refused(session, contact_id=sent.contact_id, words="No", made_by=officer.id, now=NOW)
    kinds = {each.kind: each for each in of_application(cases, sent.contact_id)}
    assert set(kinds) == {"refusal", "practice_clear_marker"}
    told = kinds["practice_clear_marker"]
    assert (told.facts["to"], told.facts["address"], told.facts["patient"]) == ("Mill Surgery", [], "Rowan Tregear")
    assert not letters.is_addressed(told)


def test_a_letter_made_wrong_is_taken_back_before_it_leaves_with_a_reason(cases: Cases, officer: Person) -> None:
    held = holder(cases, state=CertificateState.LIVE)
    happen(cases, officer, held, CertificateEvent.PERMIT)
    (letter,) = of_certificate(cases, held, LetterKind.PERMIT)
    with cases.acting(officer.actor) as session:
        with pytest.raises(ReasonNeeded):
            letters.cancel(session, letter_id=letter.id, actor_id=officer.id, reason=" ", now=NOW)
        letters.cancel(session, letter_id=letter.id, actor_id=officer.id, reason="Wrong day", now=NOW)
        with pytest.raises(MoveNotAllowed):
            letters.serve(session, letter_id=letter.id, actor=officer.actor, sent_on=TODAY, now=NOW)
    (letter,) = of_certificate(cases, held, LetterKind.PERMIT)
    assert (letter.state, letter.facts["cancelled_for"]) == ("cancelled", "Wrong day")


@pytest.mark.parametrize("event", [CertificateEvent.REVOKE, CertificateEvent.PART_REVOKE])
def test_a_revocation_gives_the_reasons_that_were_written_for_the_holder(
    cases: Cases, officer: Person, event: CertificateEvent
) -> None:
    held = holder(cases)
    happen(cases, officer, held, event)
    (letter,) = of_certificate(cases, held, LetterKind.REVOCATION, LetterKind.PART_REVOCATION)
    assert letter.facts["words"] == "You were convicted."
    assert "As decided" not in str(letter.facts), "what officers noted"


def test_after_a_death_whoever_sees_to_what_was_left_is_written_to(cases: Cases, officer: Person) -> None:
    held = holder(cases)
    happen(cases, officer, held, CertificateEvent.DEATH)
    (letter,) = of_certificate(cases, held, LetterKind.HOLDER_DIED)
    assert letter.facts["to"] == "The personal representative of Rowan Tregear"
    assert letter.facts["address"] == ["4 Mill Lane", "Cambourne", "CB23 6DW"]


def test_a_move_to_another_forces_area_is_told_to_holder_and_force(cases: Cases, officer: Person) -> None:
    held = holder(cases)
    with cases.acting(officer.actor) as session, pytest.raises(ReasonNeeded):
        register.change_state(
            session, certificate_id=held.id, event=CertificateEvent.TRANSFER, actor=officer.actor, reason="Moved",
            now=NOW, to_force=cases.north,
        )  # fmt: skip
    happen(cases, officer, held, CertificateEvent.TRANSFER)
    (told,) = of_certificate(cases, held, LetterKind.MOVED_AWAY)
    (force,) = of_certificate(cases, held, LetterKind.OTHER_FORCE)
    assert told.facts["to"] == "Rowan Tregear"
    assert force.facts["to"] == f"Firearms licensing, {told.facts['new_force']}"
    assert (force.way, force.facts["address"], force.facts["about"]) == ("electronic", [], "moved")


@pytest.mark.parametrize(("how", "written"), [("post", 1), ("email", 0), ("none", 0)])
def test_what_was_withdrawn_is_said_by_letter_only_where_post_is_safe(
    cases: Cases, officer: Person, how: str, written: int
) -> None:
    sent = apply(cases)
    cases.change(sent.contact_id, safe_contact={"how": how})
    with cases.acting(officer.actor) as session:
        casework.withdraw(
            session, contact_id=sent.contact_id, actor=officer.actor, words="As you asked.", now=NOW,
            told=ToldBy.TELEPHONE if how == "none" else None,
        )  # fmt: skip
    found = [each for each in of_application(cases, sent.contact_id) if each.kind == LetterKind.WITHDRAWN]
    assert len(found) == written
    assert all(each.facts["words"] == "As you asked." for each in found)
