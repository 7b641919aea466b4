"""What the answers alone show about a referee or a parent: one who is the applicant is asked nothing by a machine."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from contact.domain.licensing.outsiders import HOLDS, RefereeFlag, flags_of, flags_of_parent

APPLICANT = {
    "given_name": "Rowan", "surname": "Tregear", "email": "rowan@mail.example", "phone_e164": "+447700900600",
    "postcode": "CB23 7AA", "address": "9 Farm Road",
}  # fmt: skip
BORN = dt.date(1974, 5, 2)
OTHER: dict[str, Any] = {
    "given": "Nesta", "surname": "Okoye", "birth": "1961-02-03", "email": "nesta@mail.example",
    "phone": "+447700900521", "postcode": "CB1 2AB", "address": "2 High Street", "years": 9,
}  # fmt: skip


def seen(**changed: Any) -> list[RefereeFlag]:  # noqa: ANN401 - any answer
    return flags_of({**OTHER, **changed}, applicant=APPLICANT, born=BORN, others=[])


def test_nothing_stands_out_about_somebody_else() -> None:
    assert seen() == []


@pytest.mark.parametrize(
    ("changed", "flag", "held"),
    [
        ({"given": "rowan ", "surname": "TREGEAR", "birth": "1974-05-02"}, RefereeFlag.IS_APPLICANT, True),
        ({"given": "Rowan", "surname": "Tregear", "birth": ""}, RefereeFlag.IS_APPLICANT, True),
        ({"email": "Rowan@Mail.example"}, RefereeFlag.APPLICANT_EMAIL, True),
        ({"email": ""}, RefereeFlag.NO_EMAIL, True),
        ({"phone": "+447700900600"}, RefereeFlag.APPLICANT_PHONE, False),
        ({"postcode": "cb237aa", "address": "9, Farm Road"}, RefereeFlag.SAME_ADDRESS, False),
        ({"years": 1}, RefereeFlag.UNDER_2_YEARS, False),
    ],
)
def test_a_referee_who_is_the_applicant_or_may_be_is_flagged(
    changed: dict[str, Any], flag: RefereeFlag, held: bool
) -> None:
    found = seen(**changed)
    assert found == [flag]
    assert bool(HOLDS.intersection(found)) is held


def test_a_namesake_born_on_another_day_is_somebody_else() -> None:
    assert seen(given="Rowan", surname="Tregear", birth="1941-01-01") == []


@pytest.mark.parametrize(
    ("changed", "flag"),
    [
        ({"given": "Rowan", "surname": "Tregear"}, RefereeFlag.IS_APPLICANT),
        ({"email": "rowan@mail.example"}, RefereeFlag.APPLICANT_EMAIL),
        ({"email": "safe@mail.example"}, RefereeFlag.APPLICANT_EMAIL),
        ({"phone": "+447700900600"}, RefereeFlag.APPLICANT_PHONE),
        ({"email": None}, RefereeFlag.NO_EMAIL),
    ],
)
def test_a_parent_may_live_with_the_applicant_and_not_be_them(changed: dict[str, Any], flag: RefereeFlag) -> None:
    parent = {**OTHER, "postcode": "CB23 7AA", "address": "9 Farm Road", **changed}
    assert flags_of_parent(parent, applicant=APPLICANT, safe="safe@mail.example") == [flag]
