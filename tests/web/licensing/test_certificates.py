"""The register in the browser: opened and changed by the team of its force alone, never in one's own name."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable

import pytest

from contact.domain.access import Role
from contact.domain.licensing.certificate_states import CertificateState
from contact.services.licensing import reviews
from contact.store import models
from tests.support.cases import Cases
from tests.support.clients import Clock
from tests.support.register import Held, certificate, holder, rows
from tests.web.licensing.conftest import Desk

REGISTER = "/control-room/licensing/certificates"
LETTERS = "/control-room/licensing/letters"


def page(held: Held) -> str:
    return f"{REGISTER}/{held.id}"


def send(desk: Desk, held: Held, what: str, **fields: str) -> tuple[int, str]:
    answer = desk.client.send(f"{page(held)}/{what}", dict(fields), page=page(held))
    return answer.status_code, answer.get_data(as_text=True)


def test_the_list_the_search_and_the_page(officer: Callable[..., Desk], cases: Cases) -> None:
    held = holder(cases)
    desk = officer()
    first = desk.client.get(REGISTER).get_data(as_text=True)
    assert held.number in first
    assert "working copy of NFLMS" in first
    assert "AB1234" not in first
    found = desk.client.send(REGISTER, {"q": "ab-1234"}, page=REGISTER).get_data(as_text=True)
    assert str(held.id) in found
    assert desk.client.send(REGISTER, {"q": ""}, page=REGISTER).status_code == 400
    shown = desk.client.get(page(held)).get_data(as_text=True)
    assert "AB1234" in shown
    assert "working copy of NFLMS" in shown


@pytest.mark.parametrize("role", [Role.CALL_HANDLER, Role.SUPERVISOR, Role.FORCE_ADMIN])
def test_shut_to_every_other_role(officer: Callable[..., Desk], cases: Cases, role: Role) -> None:
    held = holder(cases)
    client = officer(role=role).client
    assert client.get(REGISTER).status_code in (403, 404)
    assert client.get(page(held)).status_code in (403, 404)


def test_shut_to_another_force_and_in_ones_own_name(officer: Callable[..., Desk], cases: Cases) -> None:
    held = holder(cases)
    assert officer(force=cases.south).client.get(page(held)).status_code == 404
    assert officer(name="Rowan Tregear").client.get(page(held)).status_code == 404


def test_revoking_needs_nflms_and_loses_nothing_typed(officer: Callable[..., Desk], cases: Cases, clock: Clock) -> None:
    held, desk = holder(cases), officer()
    status, again = send(desk, held, "state", event="revoke", reason="Convicted of assault", words="Your conviction")
    assert status == 400
    assert "that stand in NFLMS" in again
    assert "Convicted of assault" in again
    day = clock.now.date().isoformat()
    status, again = send(desk, held, "state", event="revoke", reason="Convicted", nflms_number="N7", nflms_on=day)
    assert (status, "reasons that the holder reads" in again) == (400, True)
    told = {"words": "You were convicted.", "nflms_number": "N7", "nflms_on": day}
    status, _ = send(desk, held, "state", event="revoke", reason="Convicted", **told)
    assert status == 303
    assert certificate(cases, held.id).state == "revoked"
    shown = desk.client.get(page(held)).get_data(as_text=True)
    assert "We will arrange to collect it" in shown
    (letter,) = [each for each in rows(cases, models.LicensingLetter, held.id) if each.kind == "revocation"]
    pdf = desk.client.get(f"{LETTERS}/{letter.id}/letter.pdf")
    assert pdf.data.startswith(b"%PDF-")
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    for step in ("sent", "received"):
        assert "Revocation" in desk.client.get(LETTERS).get_data(as_text=True)
        assert desk.client.send(f"{LETTERS}/{letter.id}", {"step": step, "day": "x"}, page=LETTERS).status_code == 400
        sent = desk.client.send(f"{LETTERS}/{letter.id}", {"step": step, "day": day}, page=LETTERS)
        assert sent.status_code == 303
    assert "Appeal until" in desk.client.get(page(held)).get_data(as_text=True)


def test_a_gun_is_removed_and_given_back(officer: Callable[..., Desk], cases: Cases) -> None:
    held, desk = holder(cases), officer()
    gun = f"guns/{held.guns[0]}"
    assert send(desk, held, gun, event="seize", reason="Arrested")[0] == 400
    taken = send(desk, held, gun, event="seize", reason="Arrested", custody="police", custody_with="Store 4")
    assert taken[0] == 303
    assert send(desk, held, gun, event="return", reason="No charge")[0] == 400
    assert send(desk, held, gun, event="sell", reason="")[0] == 400
    assert send(desk, held, gun, event="fly", reason="Away")[0] == 400
    assert send(desk, held, gun, event="return", reason="No charge", assessment="Visited, spoke to all")[0] == 303
    assert send(desk, held, "conditions", conditions="Kept at the club", reason="Asked by the club")[0] == 303
    assert certificate(cases, held.id).conditions == ["Kept at the club"]


def test_a_review_stands_on_top_of_the_caseload_until_it_is_decided(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    surname = f"Zed{secrets.token_hex(4).translate(str.maketrans('0123456789', 'ghijklmnop'))}"
    held = holder(cases, number=secrets.token_hex(4), surname=surname, phone_e164=None, email=None)
    report = cases.report(
        {"personDescription": f"Rowan {surname} says he will use it"}, form_id="guns-worry", now=clock.now
    )
    with cases.system.begin() as session:
        reviews.open_for_contact(session, contact_id=report.contact_id, now=clock.now)
    (review_id,) = (each.id for each in rows(cases, models.LicensingReview, held.id))
    desk = officer()
    home = desk.client.get("/control-room/licensing/").get_data(as_text=True)
    assert surname in home
    assert "1 gun held" in home
    assert send(desk, held, f"reviews/{review_id}", decision="spoken_to", reason="")[0] == 400
    assert send(desk, held, f"reviews/{review_id}", decision="spoken_to", reason="Rang, seen at home")[0] == 303
    assert surname not in desk.client.get("/control-room/licensing/").get_data(as_text=True)


def test_a_gun_told_of_on_paper_is_entered_and_one_that_may_be_got_is_got(
    officer: Callable[..., Desk], cases: Cases
) -> None:
    held, desk = holder(cases), officer()
    gun = {"type": "Side by side", "calibre": "20", "make": "AYA", "reason": "Letter of the dealer"}
    assert send(desk, held, "guns", entered="held", **gun)[0] == 400
    serial = f"Z{secrets.token_hex(6)}".upper()
    assert send(desk, held, "guns", entered="held", serial=serial, **gun)[0] == 303
    assert send(desk, held, "guns", entered="allowed", **gun)[0] == 303
    shown = desk.client.get(page(held)).get_data(as_text=True)
    assert "May be got, not held yet" in shown
    assert "2 guns held" in shown
    place = next(each.id for each in rows(cases, models.Firearm, held.id) if each.state == "authorised")
    assert send(desk, held, f"guns/{place}", event="acquire", reason="Rang")[0] == 400
    got = send(desk, held, f"guns/{place}", event="acquire", reason="Rang", make="AYA", serial=f"{serial}9")
    assert got[0] == 303
    assert "3 guns held" in desk.client.get(page(held)).get_data(as_text=True)


def test_the_holders_particulars_are_put_right_and_nothing_typed_is_lost(
    officer: Callable[..., Desk], cases: Cases
) -> None:
    held, desk = holder(cases), officer()
    to = {
        "given_name": "Rowan",
        "surname": "Penrose",
        "born": "1974-05-02",
        "address": "1 Far Street\nEly",
        "postcode": "CB7 4AA",
        "phone": "07700 900415",
        "email": "",
        "reach": "none",
    }
    status, again = send(desk, held, "holder", reason="Rang", **{**to, "postcode": "nowhere"})
    assert status == 400
    assert "Enter a postcode" in again
    assert "1 Far Street" in again
    assert send(desk, held, "holder", reason="", **to)[0] == 400
    assert send(desk, held, "holder", reason="Rang, and showed papers", **to)[0] == 303
    row = certificate(cases, held.id)
    assert (row.surname_key, row.address_key, row.phone_e164, row.email, row.reach) == (
        "penrose",
        "1 CB74AA",
        "+447700900415",
        None,
        "none",
    )
    assert "Rang, and showed papers" in desk.client.get(page(held)).get_data(as_text=True)


def test_a_new_copy_is_given_out(officer: Callable[..., Desk], cases: Cases) -> None:
    held, desk = holder(cases), officer()
    assert send(desk, held, "state", event="reissue", reason="Came back in the post, torn")[0] == 303
    assert "Copy 2, given out" in desk.client.get(page(held)).get_data(as_text=True)


def test_what_runs_on_past_its_last_day_stands_above_the_list(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    day = clock.now.date() - dt.timedelta(days=5)
    holder(cases, number="SG-EXT", expires=day, state=CertificateState.EXTENDED_S28B)
    holder(cases, number="SG-OVER", expires=day, state=CertificateState.EXPIRED)
    shown = officer().client.get(REGISTER).get_data(as_text=True)
    assert "Past their last day, and running on" in shown
    assert "SG-EXT" in shown
    assert "SG-OVER" not in shown


def test_a_gun_recorded_as_stolen_reaches_the_control_room_at_once(officer: Callable[..., Desk], cases: Cases) -> None:
    held, desk = holder(cases), officer()
    gun = f"guns/{held.guns[0]}"
    assert send(desk, held, gun, event="steal", reason="")[0] == 400
    assert send(desk, held, gun, event="steal", reason="Taken from a car in Ely")[0] == 303
    with cases.system() as session:
        (opened,) = session.query(models.Contact).filter_by(force_id=cases.north).all()
        entry = session.query(models.QueueEntry).filter_by(contact_id=opened.id).one()
        said = session.query(models.Message).filter_by(contact_id=opened.id).one()
        told = [each.reason for each in rows(cases, models.CertificateHistory, held.id)]
    assert (opened.category, opened.grade, entry.force_id, opened.safe_contact) == (
        "weapons",
        "priority",
        cases.north,
        {"how": "none"},
    )
    assert "firearms_access" in opened.flags
    assert "AB1234" in said.body
    assert any(opened.reference in each for each in told)
    assert send(desk, held, gun, event="find", reason="Handed in", custody="police", custody_with="Store 4")[0] == 303
    assert send(desk, held, gun, event="lose", reason="From the store", known_as=opened.reference)[0] == 303
    assert any(f"reference for it: {opened.reference}" in each for each in _said_to_the_control_room(cases))


def _said_to_the_control_room(cases: Cases) -> list[str]:
    with cases.system() as session:
        told = session.query(models.Message).join(models.Contact, models.Contact.id == models.Message.contact_id)
        return [each.body for each in told.filter(models.Contact.force_id == cases.north)]


@pytest.mark.parametrize("known_as", ["n/a", "K7R-D4M-X2P", "they know, PC Hale rang"])
def test_no_reference_typed_keeps_a_stolen_gun_from_the_control_room(
    officer: Callable[..., Desk], cases: Cases, known_as: str
) -> None:
    held, desk = holder(cases), officer()
    sent = send(desk, held, f"guns/{held.guns[0]}", event="steal", reason="Taken in Ely", known_as=known_as)
    assert sent[0] == 303
    with cases.system() as session:
        (opened,) = session.query(models.Contact).filter_by(force_id=cases.north).all()
    assert known_as in _said_to_the_control_room(cases)[0]
    told = [each.reason for each in rows(cases, models.CertificateHistory, held.id)]
    assert any(opened.reference in each and known_as in each for each in told)


@pytest.mark.parametrize("born", ["13/45/1960", "1960-13-45", "0001-01-01"])
def test_a_date_of_birth_that_cannot_be_read_erases_none(officer: Callable[..., Desk], cases: Cases, born: str) -> None:
    held, desk = holder(cases), officer()
    before = certificate(cases, held.id).born
    to = {"given_name": "Rowan", "surname": "Penrose", "address": "1 Far Street", "postcode": "CB7 4AA"}
    status, again = send(desk, held, "holder", reason="Rang", reach="none", phone="", email="", born=born, **to)
    assert status == 400
    assert "Enter a date of birth that can be" in again
    assert f'value="{born}"' in again
    assert "1 Far Street" in again
    assert before is not None
    assert certificate(cases, held.id).born == before


@pytest.mark.parametrize(("box", "value"), [("nflms_on", "soon"), ("until", "9999-12-31")])
def test_a_day_of_a_state_that_cannot_be_read_is_said_beside_its_box(
    officer: Callable[..., Desk], cases: Cases, box: str, value: str
) -> None:
    held, desk = holder(cases), officer()
    status, again = send(desk, held, "state", event="reissue", reason="Torn", **{box: value})
    assert status == 400
    assert f'href="#state-{box}"' in again
    assert f'value="{value}"' in again


def test_what_else_the_holder_has_stands_on_the_page(officer: Callable[..., Desk], cases: Cases) -> None:
    held = holder(cases)
    holder(cases, kind="firearm", number="F-4411")
    holder(cases, number="SG-88", born=dt.date(1990, 1, 1))  # a namesake
    shown = officer().client.get(page(held)).get_data(as_text=True)
    assert "Also holds" in shown
    assert "F-4411" in shown
    assert "SG-88" not in shown


def test_guns_held_that_nothing_allows_have_a_list_of_their_own(officer: Callable[..., Desk], cases: Cases) -> None:
    over = holder(cases, number="SG-OVER", state=CertificateState.REVOKED)
    swapped = holder(cases, number="SG-SWAP")
    with cases.system.begin() as session:
        session.query(models.Firearm).filter_by(certificate_id=swapped.id).update({"to_go": True})
    holder(cases, number="SG-FINE")
    holder(cases, number="SG-SOUTH", state=CertificateState.REVOKED, force=cases.south)
    desk = officer()
    assert "Guns held that nothing allows" in desk.client.get(REGISTER).get_data(as_text=True)
    shown = desk.client.get(f"{REGISTER}?list=guns-to-go").get_data(as_text=True)
    assert "SG-OVER" in shown
    assert "SG-SWAP" in shown
    assert "SG-FINE" not in shown
    assert "SG-SOUTH" not in shown
    taken = {"event": "remove", "reason": "Collected", "custody": "police", "custody_with": "Store 4"}
    assert send(desk, over, f"guns/{over.guns[0]}", **taken)[0] == 303
    assert "SG-OVER" not in desk.client.get(f"{REGISTER}?list=guns-to-go").get_data(as_text=True)
