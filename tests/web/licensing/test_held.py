"""An application beside the register: the certificate, what changed since, and guns that are another's."""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets
from collections.abc import Callable

from contact.services.licensing.guns import Gun
from tests.support.cases import Cases
from tests.support.clients import Clock
from tests.support.licensing import apply
from tests.support.register import SHOTGUN, holder
from tests.web.licensing.conftest import Desk

_TOLD = {"type": "over_under", "bore": "12", "make": "Browning", "serial": "AB 1234"}
_OTHER = Gun(type="shotgun", action="side by side", calibre="20", make="Beretta", serial="ZX9")


def test_the_certificate_is_linked_and_what_is_the_same_is_no_change(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    serial = f"M{secrets.token_hex(6)}"  # nobody else's: the register of all forces is asked
    held = holder(cases, dataclasses.replace(SHOTGUN, serial=serial))
    page = officer().page(apply(cases, {"shotgunsHeld": [{**_TOLD, "serial": serial}]}, now=clock.now))
    assert f"/control-room/licensing/certificates/{held.id}" in page
    assert "None found in name, address, telephone, email and guns held" in page
    assert "registered to another certificate" not in page


def test_each_change_since_the_certificate_is_told(officer: Callable[..., Desk], cases: Cases, clock: Clock) -> None:
    holder(cases, SHOTGUN, _OTHER, surname="Penrose", address="9 Old Road, Cambourne", phone_e164="+447700900999")
    new = {"type": "over_under", "bore": "28", "make": "Perazzi", "serial": "P77"}
    answers = {"shotgunsHeld": [{**_TOLD, "bore": "16"}, new], "email": "rowan@other.example"}
    page = officer().page(apply(cases, answers, now=clock.now))
    for words in (
        "was: Rowan Penrose", "now: Rowan Tregear", "was: 9 Old Road, Cambourne", "now: 4 Mill Lane, Cambourne",
        "07700 900999", "now: rowan@other.example", "now: Browning, 16, number AB 1234",
        "now: Perazzi, 28, number P77", "was: Beretta, 20, number ZX9",
    ):  # fmt: skip
        assert words in page, words


def test_a_number_registered_to_another_is_flagged_with_its_force_alone(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    mine, serial = f"M{secrets.token_hex(6)}", f"S{secrets.token_hex(6)}".upper()
    holder(cases, dataclasses.replace(SHOTGUN, serial=mine))
    theirs = dataclasses.replace(_OTHER, serial=serial)
    other = holder(cases, theirs, force=cases.south, number="SG-9", given_name="Ada", surname="Moon")
    told = {"type": "side_by_side", "bore": "20", "make": "Beretta", "serial": f"{serial[:4]}-{serial[4:]}"}
    page = officer().page(apply(cases, {"shotgunsHeld": [{**_TOLD, "serial": mine}, told]}, now=clock.now))
    assert page.count("A gun of this number is registered to another certificate") == 1
    assert f"Beretta, 20, number {serial[:4]}-{serial[4:]}" in page
    assert str(other.id) not in page
    assert "Moon" not in page


def test_somebody_elses_certificate_number_shows_nothing_of_theirs(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    other = holder(cases, _OTHER, given_name="Ada", surname="Moon", born=None)
    page = officer().page(apply(cases, now=clock.now))
    assert page.count("stands on our register, but not with this applicant&#39;s last name") == 2  # flagged above all
    assert str(other.id) not in page
    assert "Beretta" not in page


def test_an_officer_joins_a_certificate_by_its_number_and_takes_it_off(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    held = holder(cases, number="SG-77", born=None, surname="Moon")
    applied, desk = apply(cases, now=clock.now), officer()
    assert "Shotgun certificate SG-2041 is not on our copy of the register." in desk.page(applied)
    assert desk.send(applied, "certificates", number="", kind="shotgun", reason="Her maiden name") == 400
    assert desk.send(applied, "certificates", number="SG-77", kind="shotgun", reason="") == 400
    assert desk.send(applied, "certificates", number="SG-78", kind="shotgun", reason="Her maiden name") == 400
    assert desk.send(applied, "certificates", number="SG-77", kind="shotgun", reason="Her maiden name") == 303
    assert desk.send(applied, "certificates", number="SG-77", kind="shotgun", reason="Twice") == 400
    page = desk.page(applied)
    assert f"/control-room/licensing/certificates/{held.id}" in page
    assert "Jo Carter joined a certificate of the register" in page
    shown = desk.client.get(f"/control-room/licensing/certificates/{held.id}").get_data(as_text=True)
    assert "Her maiden name" in shown
    assert applied.reference in shown
    assert desk.send(applied, f"certificates/{held.id}", reason="") == 400
    assert desk.send(applied, f"certificates/{held.id}", reason="Another Moon") == 303
    assert desk.send(applied, f"certificates/{held.id}", reason="Again") == 400
    assert f"/control-room/licensing/certificates/{held.id}" not in desk.page(applied)


def test_the_registers_own_day_says_whether_it_came_in_time(
    officer: Callable[..., Desk], cases: Cases, clock: Clock
) -> None:
    holder(cases, expires=clock.now.date() + dt.timedelta(days=20))
    told = (clock.now.date() + dt.timedelta(days=200)).isoformat()
    page = officer().page(apply(cases, {"shotgunExpiry": told}, now=clock.now))
    assert "In time: no" in page
    assert "Last day of the certificate" in page
