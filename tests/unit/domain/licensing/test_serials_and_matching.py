"""Serial numbers and people, made comparable."""

from __future__ import annotations

import pytest

from contact.domain.licensing.matching import Gathering, address_key, household_key, name_key, postcode_key
from contact.domain.licensing.serials import alike_key, may_be_same, normalised


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" ab-123 / 4 ", "AB1234"),
        ("ＡＢ１２", "AB12"),
        ("n/a", None),
        ("None", None),
        ("no number", None),
        ("", None),
        ("0", "0"),
    ],
)
def test_a_serial_without_its_dress(typed: str, kept: str | None) -> None:
    assert normalised(typed) == kept


def test_what_is_easily_misread_is_alike() -> None:
    assert alike_key("AO1-5B") == alike_key("a0 i5 8")
    assert alike_key("n/a") is None


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        (("A100", "Browning"), ("AI00", "BROWNING"), True),
        (("A100", "Browning"), ("A100", ""), True),
        (("A100", "Browning"), ("A100", "Browning Arms Co."), True),
        (("A100", "Browning"), ("A100", "Beretta"), False),
        (("A100", "Browning"), ("A101", "Browning"), False),
        (("none", "Browning"), ("none", "Browning"), False),
    ],
)
def test_may_be_one_gun(mine: tuple[str, str], theirs: tuple[str, str], same: bool) -> None:
    assert may_be_same(*mine, *theirs) is same
    assert may_be_same(*theirs, *mine) is same


def test_keys_of_people_and_places() -> None:
    assert name_key("Siân Elin", "O’Connor-Prys") == "sian oconnorprys"
    assert name_key("", "Prys") is None
    assert postcode_key("bs1 4dj, near the bridge") == "BS14DJ"
    assert household_key("Prys", "ll57 1aa") == "prys LL571AA"
    assert address_key("12 Mill Lane, Ely", "cb7 4aa") == "12 CB74AA"
    assert address_key("Flat 3, 12a Mill Lane", "CB7 4AA") == "3 CB74AA"
    assert address_key("The Old Mill, Ely CB7 4AA", "") == "the old mill CB74AA"
    assert address_key("12 Mill Lane, Ely", "") is None


def test_a_description_gives_names_and_households() -> None:
    gathered = Gathering()
    gathered.described("My ex, Gary Marsh, tall. He lives in CB7 4AA")
    found = gathered.probes()
    assert "gary marsh" in found.names
    assert "marsh CB74AA" in found.households


def test_a_postcode_asks_alone_only_where_no_house_was_named() -> None:
    named, bare = Gathering(), Gathering()
    named.place("12 Mill Lane, CB7 4AA")
    bare.place("CB7 4AA")
    assert named.probes().addresses == {"12 CB74AA"}
    assert not named.probes().postcodes
    assert bare.probes().postcodes == {"CB74AA"}
    assert not Gathering().probes()
