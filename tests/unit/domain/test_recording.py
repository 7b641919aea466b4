"""Numbers from the force's own systems, the 24-hour clock, and what is owed before closing, as tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from contact.domain.queueing import IncidentLog
from contact.domain.recording import (
    MalformedNumber,
    Owed,
    Standing,
    crime_number,
    incident_number,
    owed_before_close,
    recorded_late,
)
from contact.domain.taxonomy import Category, Grade

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("42/12345/26", "42/12345/26"),
        (" cr-26-000123 ", "CR-26-000123"),
        ("22260012345", "22260012345"),
        ("bch  0012345 26", "BCH 0012345 26"),
    ],
)
def test_crime_numbers_of_many_forces(typed: str, kept: str) -> None:
    assert crime_number(typed) == kept


@pytest.mark.parametrize("typed", ["", "  ", "none", "12", "a/b/c", "1;2;3", "1" * 60, "42/12345/26\n<b>"])
def test_what_is_no_crime_number(typed: str) -> None:
    with pytest.raises(MalformedNumber):
        crime_number(typed)


def test_a_force_may_narrow_the_layout() -> None:
    assert crime_number("46/00012/26", pattern=r"46/\d{5}/\d{2}") == "46/00012/26"
    with pytest.raises(MalformedNumber):
        crime_number("47/00012/26", pattern=r"46/\d{5}/\d{2}")


@pytest.mark.parametrize(
    ("typed", "kept"), [("0412 of 21 nov", "0412 OF 21 NOV"), ("CAD 4411/21NOV26", "CAD 4411/21NOV26")]
)
def test_incident_numbers(typed: str, kept: str) -> None:
    assert incident_number(typed) == kept


@pytest.mark.parametrize(("hours", "late"), [(0, False), (24, False), (24.01, True)])
def test_the_24_hour_clock(hours: float, late: bool) -> None:
    """Domain.md 2.5: from receipt to the time recorded there."""
    assert recorded_late(received_at=NOW, recorded_at=NOW + dt.timedelta(hours=hours)) is late


CALM = Standing(
    category=Category.GENERAL_ENQUIRY,
    grade=Grade.ENQUIRY,
    logs=(),
    since=NOW,
    decided=True,
    answered=True,
    unread=False,
    crime_numbers=0,
    crime_settled=False,
)


@pytest.mark.parametrize(
    ("standing", "owed"),
    [
        (CALM, ()),
        (replace(CALM, grade=Grade.PRIORITY), (Owed.INCIDENT_LOG,)),
        (replace(CALM, grade=Grade.PRIORITY, logs=(IncidentLog("1", NOW, "A"),)), ()),
        # An older log does not cover a new danger.
        (
            replace(CALM, grade=Grade.EMERGENCY, logs=(IncidentLog("1", NOW - dt.timedelta(hours=1), "A"),)),
            (Owed.INCIDENT_LOG,),
        ),
        (replace(CALM, decided=False, answered=False, unread=True), (Owed.DECISION, Owed.UNREAD, Owed.ANSWER)),
        (replace(CALM, category=Category.THEFT), (Owed.CRIME,)),
        (replace(CALM, category=Category.THEFT, crime_settled=True), ()),
        (
            replace(CALM, category=Category.THEFT, crime_settled=True, crime_numbers=1),
            (Owed.WRITTEN_CONFIRMATION, Owed.SUPPORT, Owed.UPDATES),
        ),
    ],
)
def test_what_is_owed_before_closing(standing: Standing, owed: tuple[Owed, ...]) -> None:
    """Practice 3 and 18."""
    assert owed_before_close(standing) == owed


def test_every_debt_has_words() -> None:
    assert all(owed.words for owed in Owed)
