"""What is exported for training names nobody and reaches nobody, however it was typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contact.domain.masking import mask

AROUND = st.text(st.sampled_from("abc deé,.'!?\n"), max_size=20)
GAP = st.sampled_from(["", " ", "-", ".", "  "])
LETTERS, DIGITS = "abcdefghjklmnprstuwxyz", "0123456789"


def _varied(text: str, upper: bool) -> str:
    return text.upper() if upper else text


@st.composite
def phones(draw: st.DrawFn) -> str:
    """A number of the drama ranges, in any layout."""
    start = draw(
        st.sampled_from(["07700 900", "+447700 900", "020 7946 0", "(01632) 960", "0044 7700 900", "07700-900-"])
    )
    digits = draw(st.text(DIGITS, min_size=3, max_size=3))
    gap = draw(GAP)
    return start.replace(" ", gap or "") + gap + digits


@st.composite
def postcodes(draw: st.DrawFn) -> str:
    """A postcode of any of the six shapes."""
    area = draw(st.text(LETTERS, min_size=1, max_size=2))
    district = draw(st.sampled_from(DIGITS)) + draw(st.sampled_from(["", *DIGITS, "a"]))
    inward = draw(st.sampled_from(DIGITS)) + draw(st.text(LETTERS, min_size=2, max_size=2))
    return _varied(area + district + draw(GAP) + inward, draw(st.booleans()))


@given(AROUND, st.emails(), AROUND)
def test_no_email_survives(before: str, email: str, after: str) -> None:
    masked = mask(f"{before} {email} {after}")
    assert "@" not in masked
    assert email not in masked


@given(AROUND, phones(), AROUND)
def test_no_telephone_survives(before: str, phone: str, after: str) -> None:
    masked = mask(f"{before} {phone} {after}")
    assert "[phone]" in masked or "[number]" in masked or "[date]" in masked
    assert sum(each.isdigit() for each in masked) <= 3


@given(AROUND, postcodes(), AROUND)
def test_no_postcode_survives(before: str, postcode: str, after: str) -> None:
    masked = mask(f"{before} {postcode} {after}")
    bare = re.sub(r"[^a-z0-9]", "", postcode.lower())
    assert bare not in re.sub(r"[^a-z0-9]", "", masked.lower())


@given(AROUND, st.text(st.characters(categories=["Ll", "Lu"]), min_size=3, max_size=12), AROUND)
def test_no_known_name_survives(before: str, name: str, after: str) -> None:
    masked = mask(f"{before} {name} {after}", known=[name])
    assert "[name]" in masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("a white van KX19 ABC", "a white van [registration]"),
        ("an old Golf, M123 XYZ", "an old Golf, [registration]"),
        ("my reference is K7R-D4M-X2P", "my reference is [reference]"),
        ("crime 42/12345/26", "crime [reference]"),
        ("born 03/04/1988", "born [date]"),
        ("born on 3rd of April 1988", "born on [date]"),
        ("at 12 Mill Lane", "at [number] Mill Lane"),
        ("flat 4b upstairs", "flat [number] upstairs"),
        ("sort code 20-00-00 account 55779911", "sort code [date] account [phone]"),
        ("my name is Wren Calloway", "my name is [name]"),
        ("my names Wren Calloway", "my names [name]"),
        ("im called Wren", "im called [name]"),
        (
            "my name is dave and my bike was stolen from outside",
            "my name is [name] and my bike was stolen from outside",
        ),
        ("my name is dave smith and he hit me", "my name is [name] and he hit me"),
        ("Fy enw i ydy Rhys Davies", "Fy enw i ydy [name]"),
        ("I'm Darren Whittle and he hit me", "I'm [name] and he hit me"),
        ("this is Mrs Patel speaking", "this is Mrs [name] speaking"),
        ("a lad called Callum did it", "a lad called [name] did it"),
        ("i rang mr plimmer about it", "i rang mr [name] about it"),
        ("ring zero seven seven double zero nine hundred one two three", "ring [phone]"),
        ("my NI is AB 12 34 56 C", "my NI is [number]"),
        ("what is my name on the list", "what is my name on the list"),
        ("sam (at) example (dot) org", "[email]"),
        ("sam.calloway(at)example.org", "[email]"),
        ("mail sam dot calloway at example dot org", "mail [email]"),
        ("o77oo 9oo123", "[phone]"),
        ("７７００ ９００１２３４", "[phone]"),
        ("077\u200b00 900\u200b123", "[phone]"),
        ("he is @someone on there", "he is [handle] on there"),
        ("look at www.example.org/sam", "look at [link]"),
    ],
)
def test_each_kind_has_its_placeholder(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "someone took my bike at 9 last night", "three lads, one about 16", "it cost 250 quid", "call 999 or 101",
        "on the A12 near the M25", "2 of them had knives", "i was hit on the high street", "the number 9 bus",
    ],
)  # fmt: skip
def test_what_names_nobody_stays(text: str) -> None:
    assert mask(text) in (text, text.replace("number 9", "number [number]"))


def test_what_we_know_of_the_person_goes_wherever_it_stands() -> None:
    known = ["Wren", "Calloway", "14 Elm Road, Poole", "sam@example.org"]
    words = mask("wren calloway here, calloway lives at elm road", known=known)
    assert "wren" not in words.lower()
    assert "calloway" not in words.lower()
    assert "elm" not in words.lower()


@pytest.mark.parametrize(
    ("person", "gone"),
    [
        ("Darren Plimmer", ["darren", "plimmer"]), ("my daughter Ellie", ["ellie"]), ("Ryan from the flats", ["ryan"]),
        ("marcus", ["marcus"]), ("my neighbour", []), ("two men with lurchers", []), ("the old lady at 16", []),
    ],
)  # fmt: skip
def test_of_people_who_were_spoken_of_the_names_go(person: str, gone: list[str]) -> None:
    text = f"it was {person.lower()} again"
    words = mask(text, people=[person])
    assert not any(name in words for name in gone)
    assert (words == text) is (not gone)
