"""Every letter of licensing becomes a tagged PDF in every language, and says that nobody has read its words yet."""

from __future__ import annotations

import datetime as dt

import pytest

from contact.domain.licensing.kinds import Kind, Nation
from contact.domain.licensing.letter_kinds import (
    APPEALED,
    GRANTED,
    Appeal,
    LetterKind,
    Way,
    appeal_of,
    appeal_until,
    way_of,
)
from contact.gateways.papers.licensing_letter import Drawn, _load, _part, render_letter, unreviewed

FACTS = {
    "to": "Rowan Tregear", "address": ["4 Mill Lane", "CB23 6DW"], "number": "SG-2041", "reference": "K7R D4M X2P",
    "licence": "shotgun", "expires": "2027-05-31", "last_safe_day": "2027-04-05", "extended_until": "2027-07-26",
    "permit_until": "2027-09-30", "declared_on": "2027-04-01", "words": "The photograph", "patient": "Rowan Tregear",
    "born": "1974-05-02", "missing": ["photo", "referee"], "conditions": ["Kept at the club"], "kind": "renewal",
}  # fmt: skip
FORCE = {"en": "North Wales Police", "cy": "Heddlu Gogledd Cymru"}
SAID = {
    LetterKind.EXTENSION: "26 July 2027",
    LetterKind.RENEWAL_NOTICE: "5 April 2027",
    LetterKind.REFUSAL: "21 days",
    LetterKind.REVOCATION: "Our reasons: The photograph Do not bring or move the gun. We will arrange to collect it.",
    LetterKind.PART_REVOCATION: "Our reasons: The photograph",
    LetterKind.HOLDER_DIED: "has died",
    LetterKind.WITHDRAWN: "is withdrawn",
    LetterKind.MOVED_AWAY: "They look after certificate SG-2041",
    LetterKind.OTHER_FORCE: "a gun came to them from",
}


def drawn(kind: LetterKind, language: str) -> Drawn:
    return Drawn(kind, language, dt.date(2027, 6, 1), FORCE, FACTS, live=False)


def said(given: Drawn, language: str = "en") -> str:
    """All the words of one language of it."""
    lines = _part(given, language)["lines"]
    return " ".join(" ".join(line) if isinstance(line, list) else str(line) for line in lines)


@pytest.mark.parametrize("kind", list(LetterKind))
def test_every_letter_in_both_languages(kind: LetterKind) -> None:
    made = render_letter(drawn(kind, "both"))
    assert made.startswith(b"%PDF-")
    assert b"/MarkInfo" in made
    for language in ("en", "cy"):
        part = _part(drawn(kind, language), language)
        assert part["lines"]
        assert part["notices"][0].startswith(("Demonstration", "Arddangosiad"))
    if kind in SAID:
        assert SAID[kind] in said(drawn(kind, "en"))


def test_no_letter_but_the_certificate_lists_guns() -> None:
    gun = {
        "type": "shotgun",
        "action": "",
        "calibre": "12",
        "make": "Browning",
        "serial": "AB-1234",
        "authorised": False,
    }
    free = {**gun, "make": "Beretta", "serial": "", "authorised": True}
    rounds = [{"calibre": ".308", "hold": 200, "buy": None}]
    facts = {**FACTS, "guns": [gun, free], "ammunition": rounds, "issued": "2022-05-31"}
    for kind in LetterKind:
        letter = Drawn(kind, "both", dt.date(2027, 6, 1), FORCE, facts, live=True)
        assert render_letter(letter).startswith(b"%PDF-")
        for language in ("en", "cy"):
            assert ("AB-1234" in str(_part(letter, language))) == (kind is LetterKind.CERTIFICATE)
    certificate = str(_part(Drawn(LetterKind.CERTIFICATE, "en", dt.date(2027, 6, 1), FORCE, facts, live=True), "en"))
    assert "Beretta, authorised, not held yet" in certificate
    assert ".308, 200 to hold" in certificate
    assert "31 May 2022" in certificate


def test_what_may_be_appealed_is_served_so_that_receipt_is_known() -> None:
    for kind in LetterKind:
        assert (way_of(kind) is Way.RECORDED_DELIVERY) == (kind in APPEALED)
        assert (way_of(kind) is Way.ELECTRONIC) == (kind is LetterKind.OTHER_FORCE), "nothing to a holder"
    received = dt.date(2027, 2, 20)
    assert appeal_until(LetterKind.REFUSAL, received) == dt.date(2027, 3, 13)
    assert appeal_until(LetterKind.REFUSAL, None) is None
    assert appeal_until(LetterKind.GRANT, received) is None


@pytest.mark.parametrize(
    ("nation", "refused", "where", "words", "last_day"),
    [
        (Nation.ENGLAND_AND_WALES, Kind.RENEWAL, Appeal.CROWN_COURT, "Crown Court within 21", dt.date(2027, 3, 13)),
        (Nation.SCOTLAND, Kind.VARIATION, Appeal.SHERIFF, "the sheriff within 21", dt.date(2027, 3, 13)),
        (Nation.NORTHERN_IRELAND, Kind.DEALER, Appeal.DEPARTMENT_OF_JUSTICE, "Department of Justice", None),
        (Nation.ENGLAND_AND_WALES, Kind.VISITOR_PERMIT, Appeal.NONE, "no appeal to a court", None),
        (Nation.SCOTLAND, Kind.REPLACEMENT, Appeal.NONE, "no appeal to a court", None),
        (Nation.SCOTLAND, None, Appeal.SHERIFF, "the sheriff", dt.date(2027, 3, 13)),
    ],
)
def test_a_refusal_names_the_appeal_of_its_nation_and_kind(
    nation: Nation, refused: Kind | None, where: Appeal, words: str, last_day: dt.date | None
) -> None:
    assert appeal_of(nation, refused) is where
    facts = {**FACTS, "appeal": where.value, "kind": (refused or Kind.GRANT).value}
    letter = Drawn(LetterKind.REFUSAL, "en", dt.date(2027, 6, 1), FORCE, facts, live=True)
    assert words in said(letter)
    assert "Crown Court" not in said(letter) or where is Appeal.CROWN_COURT
    assert ("21" in said(letter, "cy")) == (last_day is not None)
    assert appeal_until(LetterKind.REFUSAL, dt.date(2027, 2, 20), where.value) == last_day


def test_every_kind_of_application_has_its_letter_and_words_for_what_was_asked() -> None:
    assert set(GRANTED) == set(Kind)
    for kind in Kind:
        facts = {**FACTS, "kind": kind.value}
        letter = Drawn(LetterKind.REFUSAL, "both", dt.date(2027, 6, 1), FORCE, facts, live=True)
        for language in ("en", "cy"):
            assert _load()["asked"][kind.value][language] in said(letter, language)


def test_what_is_missing_stands_as_points_in_each_language() -> None:
    letter = drawn(LetterKind.MORE_NEEDED, "both")
    assert ["A photograph", "A referee"] in _part(letter, "en")["lines"]
    assert ["Ffotograff", "Canolwr"] in _part(letter, "cy")["lines"]
    assert "The photograph" in said(letter)


def test_nobody_has_read_them_yet() -> None:
    assert unreviewed() == [("licensing_letters", "firearms licensing manager")]
