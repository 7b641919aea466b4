"""An application beside the register: the certificate, what changed since, and guns that are another's."""

from __future__ import annotations

import dataclasses
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
    assert "No certificate of this applicant is found" in page
    assert str(other.id) not in page
    assert "Beretta" not in page
