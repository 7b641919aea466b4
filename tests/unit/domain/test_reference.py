"""A reference survives being typed badly, and never being typed wrongly; a spoken code is kept as a keyed digest."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contact.domain import reference
from contact.domain.errors import MalformedReference

references = st.integers(min_value=0, max_value=2**32).map(lambda seed: reference.new(random.Random(seed)))  # noqa: S311


@given(references)
def test_what_is_made_is_read_back(made: str) -> None:
    assert reference.parse(made) == made
    assert len(made) == 11


@given(references)
def test_case_spaces_dashes_and_look_alikes_are_forgiven(made: str) -> None:
    typed = " " + made.lower().replace("-", " – ").replace("0", "o").replace("1", "l").replace("5", "S") + " "
    assert reference.parse(typed) == made


@given(references, st.integers(0, 8), st.sampled_from(reference.ALPHABET))
def test_any_single_wrong_symbol_is_caught(made: str, place: int, symbol: str) -> None:
    symbols = list(made.replace("-", ""))
    if symbols[place] == symbol:
        return
    symbols[place] = symbol
    with pytest.raises(MalformedReference) as caught:
        reference.parse("".join(symbols))
    assert caught.value.reason == "check"


@given(references, st.integers(0, 8), st.integers(0, 8))
def test_any_swap_of_two_symbols_is_caught(made: str, one: int, other: int) -> None:
    symbols = list(made.replace("-", ""))
    if symbols[one] == symbols[other]:
        return
    symbols[one], symbols[other] = symbols[other], symbols[one]
    with pytest.raises(MalformedReference):
        reference.parse("".join(symbols))


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("---", "empty"),
        ("K7R-D4M", "length"),
        ("K7R-D4M-X2P-X2P", "length"),
        ("A7R-D4M-X2P", "symbol"),
        ("' OR 1=1 --", "length"),
        ("9" * 100_000, "length"),
        ("\u0661\u0662\u0663", "empty"),
    ],
)
def test_what_cannot_be_a_reference_says_why(typed: str, reason: str) -> None:
    with pytest.raises(MalformedReference) as caught:
        reference.parse(typed)
    assert caught.value.reason == reason


def test_a_reference_is_spelt_for_reading_aloud() -> None:
    made = reference.new(random.Random(1))  # noqa: S311
    spoken = reference.spell(made)
    assert spoken.count(",") == 2
    assert len(spoken.replace(",", "").split()) == 9
    assert "saith" in reference.spell(made, "cy") or "seven" not in spoken


def test_a_spoken_code_has_at_least_forty_bits_of_plain_distinct_words() -> None:
    words = reference.code_words()
    assert len(words) == len(set(words)) >= 1296
    assert reference.CODE_WORDS * math.log2(len(words)) >= 40
    assert all(word.isascii() and word.isalpha() and word.islower() and 3 <= len(word) <= 9 for word in words)


@given(st.integers(0, 2**32))
def test_a_code_is_known_again_however_it_is_typed(seed: int) -> None:
    code = reference.new_code(random.Random(seed))  # noqa: S311
    stored = reference.code_hash(code, key=b"k" * 32)
    assert reference.code_matches(f"  {code.upper().replace('-', ',  ')}. ", stored, key=b"k" * 32)
    assert not reference.code_matches(code, stored, key=b"other" * 8)
    assert not reference.code_matches(code + "-word", stored, key=b"k" * 32)
    assert code not in stored


def test_a_code_is_salted_and_nothing_stored_never_matches() -> None:
    key = b"k" * 32
    assert reference.code_hash("a-b-c-d", key=key) != reference.code_hash("a-b-c-d", key=key)
    assert not reference.code_matches("a-b-c-d", None, key=key)
    assert not reference.code_matches("", None, key=key)
    assert not reference.code_matches("", "v0$00$", key=key)
