"""Letters at the desk: each opening in the log as a file's is, shut in one's own name, printed, posted, cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from contact.domain.licensing.letter_kinds import LetterKind
from contact.services.licensing import letters
from contact.store import models
from tests.support.cases import Cases
from tests.support.clients import Clock
from tests.support.licensing import Applied
from tests.support.register import holder
from tests.web.licensing.conftest import Desk, address

LETTERS = "/control-room/licensing/letters"


def about_certificate(cases: Cases, certificate_id: UUID, clock: Clock, kind: LetterKind = LetterKind.GRANT) -> UUID:
    """A letter to a holder, that waits to be sent."""
    with cases.system.begin() as session:
        held = session.get(models.Certificate, certificate_id)
        assert held is not None
        return letters.about_certificate(session, certificate=held, kind=kind, now=clock.now)


def about_application(cases: Cases, applied: Applied, clock: Clock, kind: LetterKind = LetterKind.REFUSAL) -> UUID:
    """A letter to an applicant, that waits to be sent."""
    with cases.system.begin() as session:
        return letters.write(
            session, kind=kind, contact_id=applied.contact_id, now=clock.now, extra={"words": "Not safe"}
        )


def pdf(letter_id: UUID) -> str:
    return f"{LETTERS}/{letter_id}/letter.pdf"


def opened(cases: Cases, desk: Desk) -> list[tuple[str, dict[str, Any]]]:
    """What the log holds of this officer's looks at letters."""
    with cases.system() as session:
        found = session.query(models.Event).filter_by(agent_id=desk.person.id).order_by(models.Event.id).all()
        return [(each.name, each.data) for each in found if each.name in ("letter_opened", "opening_refused")]


def test_each_opening_of_a_letter_is_written_down(
    officer: Callable[..., Desk], cases: Cases, applied: Applied, clock: Clock
) -> None:
    desk, held = officer(), holder(cases)
    for letter_id in (about_certificate(cases, held.id, clock), about_application(cases, applied, clock)):
        assert desk.client.get(pdf(letter_id)).data.startswith(b"%PDF-")
    (_, first), (_, second) = opened(cases, desk)
    assert (first["kind"], first["justification"]) == ("grant", "register")
    assert (second["kind"], second["justification"]) == ("refusal", "in_the_caseload")
    assert "letter_opened" in cases.events(applied.contact_id)
    assert "opened a letter: refusal" in desk.page(applied)


def test_nobody_opens_or_sends_a_letter_to_their_own_name(
    officer: Callable[..., Desk], cases: Cases, applied: Applied, clock: Clock
) -> None:
    desk, held = officer(name="Rowan Tregear"), holder(cases)
    for letter_id in (about_certificate(cases, held.id, clock), about_application(cases, applied, clock)):
        assert desk.client.get(pdf(letter_id)).status_code == 404
        sent = desk.client.send(
            f"{LETTERS}/{letter_id}", {"step": "sent", "day": clock.now.date().isoformat()}, page=LETTERS
        )
        assert sent.status_code == 404
    assert "Refusal" not in desk.client.get(LETTERS).get_data(as_text=True)
    assert {name for name, _ in opened(cases, desk)} == {"opening_refused"}
    assert {data["why"] for _, data in opened(cases, desk)} == {"own_name"}


def test_another_force_finds_no_letter_and_the_attempt_stays(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    desk, letter_id = officer(force=cases.south), about_certificate(cases, holder(cases).id, clock)
    assert desk.client.get(pdf(letter_id)).status_code == 404
    assert opened(cases, desk)[0][1]["kind"] == "letter"


def test_a_letter_of_what_is_decided_is_opened_with_a_reason(
    officer: Callable[..., Desk], cases: Cases, applied: Applied, clock: Clock
) -> None:
    desk, letter_id = officer(), about_application(cases, applied, clock)
    with cases.system.begin() as session:
        session.query(models.Application).filter_by(contact_id=applied.contact_id).update({"state": "refused"})
    assert desk.client.get(pdf(letter_id)).status_code == 200, "it waits to be sent: that is the team's work"
    today = clock.now.date().isoformat()
    assert desk.client.send(f"{LETTERS}/{letter_id}", {"step": "sent", "day": today}, page=LETTERS).status_code == 303
    asked = desk.client.get(pdf(letter_id))
    assert (asked.status_code, asked.headers["Location"]) == (303, address(applied))
    desk.client.send(f"{address(applied)}/open", {"justification": "appeal"}, page=address(applied))
    assert desk.client.get(pdf(letter_id)).status_code == 200
    assert opened(cases, desk)[-1][1]["justification"] == "appeal"


def test_a_practices_letter_is_printed_once_its_address_was_found(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    desk, held = officer(), holder(cases)
    letter_id = about_certificate(cases, held.id, clock, LetterKind.PRACTICE_CLEAR_MARKER)
    assert desk.client.get(pdf(letter_id)).status_code == 303, "nothing to print before there is an address"
    listed = desk.client.get(LETTERS).get_data(as_text=True)
    assert "What the applicant typed is not used" in listed
    assert "Guns are still held on the certificate" in listed
    found = {"step": "address", "practice": "Mill Surgery", "address": "9 High Street\nEly", "found_where": ""}
    again = desk.client.send(f"{LETTERS}/{letter_id}", found, page=LETTERS)
    assert again.status_code == 400
    assert "Write where you found the address" in again.get_data(as_text=True)
    assert "9 High Street" in again.get_data(as_text=True)
    found["found_where"] = "The NHS list"
    assert desk.client.send(f"{LETTERS}/{letter_id}", found, page=LETTERS).status_code == 303
    assert "Address from The NHS list" in desk.client.get(LETTERS).get_data(as_text=True)
    assert desk.client.get(pdf(letter_id)).data.startswith(b"%PDF-")


def test_a_letter_made_wrong_is_cancelled_with_a_reason(
    officer: Callable[..., Desk], cases: Cases, applied: Applied, clock: Clock
) -> None:
    desk, letter_id = officer(), about_application(cases, applied, clock)
    page = f"{LETTERS}/{letter_id}"
    assert desk.client.send(page, {"step": "cancel", "reason": ""}, page=LETTERS).status_code == 400
    assert desk.client.send(page, {"step": "cancel", "reason": "Wrong name"}, page=LETTERS).status_code == 303
    listed = desk.client.get(LETTERS).get_data(as_text=True)
    assert "Rowan Tregear" not in listed
    shown = desk.page(applied)
    assert "cancelled" in shown
    assert "Wrong name" in shown


def test_what_a_practice_said_stands_in_the_file(
    officer: Callable[..., Desk], cases: Cases, applied: Applied, clock: Clock
) -> None:
    desk = officer()
    given = {"practice": "Mill Surgery", "address": "mill@surgery.example", "found_where": "The NHS directory"}
    assert desk.send(applied, "practice", **given) == 303
    assert "No answer yet" in desk.page(applied)
    with cases.system.begin() as session:
        row = session.query(models.MedicalRequest).filter_by(contact_id=applied.contact_id).one()
        row.report_given, row.told_at, row.doctor, row.gmc_number = "not_written", clock.now, None, None
    assert "They will not write one" in desk.page(applied)
    with cases.system.begin() as session:
        row = session.query(models.MedicalRequest).filter_by(contact_id=applied.contact_id).one()
        row.report_given, row.told_at, row.expires_at = None, None, clock.now
    assert "the link has ended" in desk.page(applied)
