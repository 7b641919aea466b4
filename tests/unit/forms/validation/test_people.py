"""Names, and every way to reach a person."""

from __future__ import annotations

import pytest

from forms.validation import error_messages, field_names, validate
from tests.unit.forms.validation.asking import EVERY, ask, sent


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("07700 900123", "+447700900123"),
        ("07700-900-123", "+447700900123"),
        ("(01632) 960 001", "+441632960001"),
        ("020 7946 0018", "+442079460018"),
        ("+44 (0)7700 900123", "+447700900123"),
        ("0044 7700 900 123", "+447700900123"),
        ("+353 20 910 0000", "+353209100000"),
        ("\u200e07700\u00a0900123", "+447700900123"),
        ("07700.900.123", "+447700900123"),
        ("07 700 900 123", "+447700900123"),
        ("+447700900123", "+447700900123"),
        ("447700900123", "+447700900123"),
        ("tel:+447700900123", "+447700900123"),
        ("(0)7700 900123", "+447700900123"),
        ("02079460018", "+442079460018"),
        ("020-7946-0018", "+442079460018"),
        ("028 9649 0123", "+442896490123"),
        ("01632 960001", "+441632960001"),
        ("03069 990123", "+443069990123"),
        ("0808 157 0123", "+448081570123"),
        ("+1 202 555 0123", "+12025550123"),
        ("\uff10\uff17\uff17\uff10\uff10 \uff19\uff10\uff10\uff11\uff12\uff13", "+447700900123"),
        ("07700 900123 ext 4", None),
        ("0770", None),
        ("999", None),
        ("not a number", None),
        ("07700 900123 or 07700 900456", None),
        ("", ""),
    ],
)
def test_phones(written: str, kept: str | None) -> None:
    answer = validate(EVERY.question("phone"), {"phone": [written]})
    assert answer.value == (kept or None)
    assert answer.codes == (["not_a_phone"] if kept is None else [])


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ceri@example.org", "ceri@example.org"),
        (" Ceri.Example+one@EXAMPLE.ORG ", "Ceri.Example+one@example.org"),
        ("o'neil@mail.example.org", "o'neil@mail.example.org"),
        ("ceri", None),
        ("ceri@example", None),
        ("ceri@@example.org", None),
        ("ceri@exa mple.org", None),
        ("a@b..example", None),
        ("a@example.org, b@example.org", None),
        ("x" * 250 + "@example.org", None),
    ],
)
def test_emails(written: str, kept: str | None) -> None:
    answer = validate(EVERY.question("email"), {"email": [written]})
    assert (answer.value, answer.codes) == (kept, [] if kept else ["not_an_email"])


def test_a_name_needs_one_of_its_parts_and_fits_the_records() -> None:
    question = ask(type="name")
    assert validate(question, sent("asked", given=" Siân ", surname="O’Example")).value == {
        "given": "Siân",
        "surname": "O’Example",
    }
    assert validate(question, sent("asked", surname="Madonna")).value == {"given": "", "surname": "Madonna"}
    assert validate(question, sent("asked", given=" ")).codes == ["required"]
    answer = validate(question, sent("asked", given="x" * 36))
    assert [(each.code, each.part) for each in answer.errors] == [("too_long", "given")]


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        (
            {"how": "email", "email": "a@example.org", "when": " mornings ", "safe_word": "tulip"},
            ("a@example.org", "mornings", "tulip"),
        ),
        ({"how": "text", "text": "07700 900123", "email": "broken"}, ("+447700900123", "", "")),
        ({"how": "phone", "phone": "07700 900123"}, ("+447700900123", "", "")),
        ({"how": "post", "post": "1 High Street\nTown"}, ("1 High Street\nTown", "", "")),
        # Ways that reach nobody keep nothing that could be used by mistake.
        ({"how": "online", "phone": "07700 900123", "when": "mornings", "safe_word": "tulip"}, ("", "", "")),
        ({"how": "none", "email": "a@example.org"}, ("", "", "")),
    ],
)
def test_safe_contact(parts: dict[str, str], kept: tuple[str, str, str]) -> None:
    answer = validate(EVERY.question("reach"), sent("reach", **parts))
    value, when, safe_word = kept
    assert answer.value == {"how": parts["how"], "value": value, "when": when, "safe_word": safe_word}


@pytest.mark.parametrize(
    ("parts", "fault", "field"),
    [
        ({"how": "email", "phone": "07700 900123"}, "not_an_email", "reach-email"),
        ({"how": "phone", "phone": "12"}, "not_a_phone", "reach-phone"),
        ({"how": "text"}, "not_a_phone", "reach-text"),
        ({"how": "post"}, "address_missing", "reach-post"),
        ({"how": "pigeon"}, "not_an_option", "reach-how"),
        ({"how": "phone", "phone": "07700 900123", "when": "x" * 201}, "too_long", "reach-when"),
    ],
)
def test_safe_contact_refused(parts: dict[str, str], fault: str, field: str) -> None:
    question = EVERY.question("reach")
    answer = validate(question, sent("reach", **parts))
    assert answer.codes == [fault]
    assert error_messages(question, answer)[0][0] == field


def test_a_way_that_a_question_does_not_offer_is_refused() -> None:
    question = ask(type="safe_contact", ways=["online", "none"])
    assert validate(question, sent("asked", how="email", email="a@example.org")).codes == ["not_an_option"]
    assert field_names(question) == ("asked-how", "asked-when")
