"""Deciding: another person than the one who recommended, and NFLMS before everything that is final."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from contact.domain.licensing.decisions import Missing, Nflms, NflmsNeeded, Outcome, SamePerson, ensure_another, nflms

TODAY = dt.date(2026, 11, 22)


def test_whoever_recommended_does_not_decide() -> None:
    one = uuid4()
    ensure_another(one, uuid4())
    with pytest.raises(SamePerson):
        ensure_another(one, one)


def test_what_was_typed_is_kept_tidy() -> None:
    found = nflms(" 46/a12 345 ", ("fac 0012",), TODAY, outcome=Outcome.GRANT, today=TODAY)
    assert found == Nflms("46/A12 345", ("FAC 0012",), TODAY)


def test_a_refusal_has_no_certificate() -> None:
    assert nflms("46/1", ("x1",), TODAY, outcome=Outcome.REFUSE, today=TODAY).certificates == ()


@pytest.mark.parametrize(
    ("person", "certificates", "on", "field", "reason"),
    [
        ("", ("F1",), TODAY, "person", "empty"),
        ("Arthur", ("F1",), TODAY, "person", "shape"),
        ("46/1", (), TODAY, "certificates", "empty"),
        ("46/1", ("  ",), TODAY, "certificates", "empty"),
        ("46/1", ("none",), TODAY, "certificates", "shape"),
        ("46/1", ("F1",), None, "on", "empty"),
        ("46/1", ("F1",), TODAY + dt.timedelta(days=1), "on", "future"),
    ],
)
def test_nothing_is_granted_without_numbers_and_dates(
    person: str, certificates: tuple[str, ...], on: dt.date | None, field: str, reason: str
) -> None:
    with pytest.raises(NflmsNeeded) as refused:
        nflms(person, certificates, on, outcome=Outcome.GRANT, today=TODAY)
    assert (refused.value.field, refused.value.reason) == (field, reason)


def test_each_has_words_for_officers() -> None:
    assert all(each.label for each in Missing)
    assert all(each.label for each in Outcome)
