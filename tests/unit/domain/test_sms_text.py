"""Parts are counted as the networks count them, and the fixed words fit one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contact.domain.fixed_texts import FixedText, fixed_text, reviews, unread_welsh
from contact.domain.sms_text import Alphabet, measure, plain, without_accents

GSM, UCS = Alphabet.GSM_7, Alphabet.UCS_2


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "parts"),
    [
        ("", GSM, 0, 0),
        ("a" * 160, GSM, 160, 1),
        ("a" * 161, GSM, 161, 2),
        ("a" * 306, GSM, 306, 2),
        ("a" * 307, GSM, 307, 3),
        ("€" * 80, GSM, 160, 1),
        ("€" * 81, GSM, 162, 2),
        ("a" + "€" * 152, GSM, 305, 2),
        ("€" * 153, GSM, 306, 3),  # 76 to a part: a letter of two units is not cut
        ("ŵ" * 70, UCS, 70, 1),
        ("ŵ" * 71, UCS, 71, 2),
        ("ŵ" * 135, UCS, 135, 3),
        ("\U0001f600" * 35, UCS, 70, 1),
        ("\U0001f600" * 36, UCS, 72, 2),
        ("\U0001f600" * 67, UCS, 134, 3),  # 33 to a part
        ("Diolch à è é ù ì ò Ä Ö Ü", GSM, 24, 1),
        ("tŷ", UCS, 2, 1),
        ("[ok]", GSM, 6, 1),
    ],
)
def test_parts(text: str, alphabet: Alphabet, units: int, parts: int) -> None:
    measured = measure(text)
    assert (measured.alphabet, measured.units, measured.parts) == (alphabet, units, parts)


@given(st.text(max_size=700))
def test_more_text_never_takes_fewer_parts(text: str) -> None:
    assert measure(text + "ŵ").parts >= measure(text).parts
    assert measure(text).left_in_part >= 0


def test_plain_keeps_letters_and_spares_parts() -> None:
    assert plain("\u201cIt\u2019s \u2013 ok\u2026\u201d\u200b") == '"It\'s - ok..."'
    assert plain("tŷ Siân") == "tŷ Siân"
    assert without_accents("tŷ Siân é €") == "ty Sian é €"
    assert measure(without_accents("Mae'r tŷ ar dân, plîs")).alphabet is GSM


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("key", [FixedText.SMS_999, FixedText.SMS_999_DEMO])
def test_the_fixed_words_are_one_part_and_name_no_police_force(key: FixedText, language: str) -> None:
    words = fixed_text(key, language)
    assert measure(words).alphabet is GSM
    assert measure(words).parts == 1
    assert "999" in words
    assert "55" in words
    assert "18000" in words
    assert ("olice" in words or "heddlu" in words) == (key is FixedText.SMS_999_DEMO)


def test_the_english_words_are_those_agreed() -> None:
    assert fixed_text(FixedText.SMS_999) == (
        "In danger? Call 999 now. Can't speak: call 999 on a mobile, then press 55. Deaf: 999bsl.co.uk or Relay UK "
        "18000. We may not see texts at once."
    )
    assert fixed_text(FixedText.SMS_999_DEMO).startswith(fixed_text(FixedText.SMS_DEMO_PREFIX))
    for number in ("116 123", "111", "85258", "0800 1111", "999"):
        assert number in fixed_text(FixedText.SUICIDE_HELP)
        assert number in fixed_text(FixedText.SUICIDE_HELP, "cy")
    assert "Nothing" not in fixed_text(FixedText.DEMO_BANNER, "pl")
    assert fixed_text(FixedText.DEMO_BANNER, "pl") == fixed_text(FixedText.DEMO_BANNER)


def test_every_fixed_text_has_an_owner_and_says_what_is_unread() -> None:
    assert {review.name for review in reviews()} == {key.value for key in FixedText}
    assert all(review.owner and review.source for review in reviews())
    assert set(unread_welsh()) <= set(FixedText)
