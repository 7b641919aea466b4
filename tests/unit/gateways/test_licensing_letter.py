"""Every letter of licensing becomes a tagged PDF in every language, and says that nobody has read its words yet."""

from __future__ import annotations

import datetime as dt

import pytest

from contact.domain.licensing.letter_kinds import APPEALED, LetterKind, Way, appeal_until, way_of
from contact.gateways.papers.licensing_letter import Drawn, _load, _part, render_letter, unreviewed

FACTS = {
    "to": "Rowan Tregear", "address": ["4 Mill Lane", "CB23 6DW"], "number": "SG-2041", "reference": "K7R D4M X2P",
    "licence": "shotgun", "expires": "2027-05-31", "last_safe_day": "2027-04-05", "extended_until": "2027-07-26",
    "permit_until": "2027-09-30", "declared_on": "2027-04-01", "words": "The photograph", "patient": "Rowan Tregear",
    "born": "1974-05-02",
}  # fmt: skip
FORCE = {"en": "North Wales Police", "cy": "Heddlu Gogledd Cymru"}
SAID = {
    LetterKind.EXTENSION: "26 July 2027",
    LetterKind.RENEWAL_NOTICE: "5 April 2027",
    LetterKind.REFUSAL: "21 days",
    LetterKind.REVOCATION: "Do not bring or move the gun. We will arrange to collect it.",
}


def drawn(kind: LetterKind, language: str) -> Drawn:
    return Drawn(kind, language, dt.date(2027, 6, 1), FORCE, FACTS, live=False)


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
        assert SAID[kind] in " ".join(_part(drawn(kind, "en"), "en")["lines"])


def test_no_letter_lists_guns() -> None:
    words = str(_load()["letters"]).lower()
    assert "serial" not in words
    assert "calibre" not in words


def test_what_may_be_appealed_is_served_so_that_receipt_is_known() -> None:
    for kind in LetterKind:
        assert way_of(kind) is (Way.RECORDED_DELIVERY if kind in APPEALED else Way.POST)
        assert way_of(kind, paper_consent=True) is (Way.ELECTRONIC if kind in APPEALED else Way.POST)
    received = dt.date(2027, 2, 20)
    assert appeal_until(LetterKind.REFUSAL, received) == dt.date(2027, 3, 13)
    assert appeal_until(LetterKind.REFUSAL, None) is None
    assert appeal_until(LetterKind.GRANT, received) is None


def test_nobody_has_read_them_yet() -> None:
    assert unreviewed() == [("licensing_letters", "firearms licensing manager")]
