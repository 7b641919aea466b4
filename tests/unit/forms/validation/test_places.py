"""Places and postcodes."""

from __future__ import annotations

import pytest

from forms.validation import error_messages, validate
from tests.unit.forms.validation.asking import EVERY, sent


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        ({"postcode": "sw1a2aa"}, ("SW1A 2AA", "", "")),
        ({"postcode": " SW1A-2AA. "}, ("SW1A 2AA", "", "")),
        ({"postcode": "CF10 OAA"}, ("CF10 0AA", "", "")),
        ({"postcode": "m1 1ae"}, ("M1 1AE", "", "")),
        ({"address": "1 High Street\r\nTown"}, ("", "1 High Street\nTown", "")),
        ({"description": "by the canal"}, ("", "", "by the canal")),
        # Half a postcode is all some people know: beside words it helps.
        ({"postcode": "sw1a", "description": "by the park"}, ("SW1A", "", "by the park")),
    ],
)
def test_places(parts: dict[str, str], kept: tuple[str, str, str]) -> None:
    answer = validate(EVERY.question("place"), sent("place", **parts))
    assert answer.value == dict(zip(("postcode", "address", "description"), kept, strict=True))


@pytest.mark.parametrize(
    ("parts", "fault", "field"),
    [
        ({"postcode": "SW1A"}, "half_a_postcode", "place-postcode"),
        ({"postcode": "CF10"}, "half_a_postcode", "place-postcode"),
        ({"postcode": "SW1A 2"}, "half_a_postcode", "place-postcode"),
        ({"postcode": "SW1A 2A"}, "half_a_postcode", "place-postcode"),
        ({"postcode": "90210"}, "not_a_postcode", "place-postcode"),
        ({"postcode": "nowhere", "description": "x"}, "not_a_postcode", "place-postcode"),
        ({"address": "x" * 301}, "too_long", "place-address"),
        ({"description": "x" * 501}, "too_long", "place-description"),
    ],
)
def test_places_refused(parts: dict[str, str], fault: str, field: str) -> None:
    question = EVERY.question("place")
    answer = validate(question, sent("place", **parts))
    assert answer.codes == [fault]
    assert error_messages(question, answer)[0][0] == field
