"""Visits: every move, the times that can be offered, and a calendar file that any calendar reads."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from contact.domain.errors import MoveNotAllowed
from contact.domain.licensing.visits import (
    VISIT_MOVES,
    Found,
    LookedAt,
    Slot,
    SlotsNotPossible,
    VisitEvent,
    VisitState,
    calendar_file,
    missing_from,
    next_visit,
    slots_to_offer,
)

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


def slot(days: float, hours: float = 2) -> Slot:
    return Slot(NOW + dt.timedelta(days=days), NOW + dt.timedelta(days=days, hours=hours))


@pytest.mark.parametrize(("state", "event"), list(product(VisitState, VisitEvent)))
def test_every_pair_of_state_and_event(state: VisitState, event: VisitEvent) -> None:
    if (state, event) in VISIT_MOVES:
        assert next_visit(state, event) is VISIT_MOVES[state, event]
    else:
        with pytest.raises(MoveNotAllowed):
            next_visit(state, event)


def test_times_are_offered_in_order_and_once() -> None:
    assert slots_to_offer([slot(5), slot(3), slot(5)], now=NOW) == (slot(3), slot(5))


@pytest.mark.parametrize(
    ("slots", "reason"),
    [
        ([], "none"),
        ([slot(day) for day in range(2, 9)], "too_many"),
        ([slot(0.5)], "too_soon"),
        ([slot(3, 5)], "too_long"),
        ([slot(3, 0)], "too_long"),
        ([slot(3), slot(3 + 1 / 24)], "overlap"),
    ],
)
def test_times_that_cannot_be_offered(slots: list[Slot], reason: str) -> None:
    with pytest.raises(SlotsNotPossible) as refused:
        slots_to_offer(slots, now=NOW)
    assert refused.value.reason == reason


def test_a_slot_survives_being_stored() -> None:
    assert Slot.from_json(slot(3).as_json()) == slot(3)


def test_a_checklist_says_what_is_still_missing() -> None:
    whole = {each.value: Found.IN_ORDER.value for each in LookedAt}
    assert missing_from(whole) == ()
    assert missing_from({**whole, "keys": "perhaps"}) == (LookedAt.KEYS,)


def test_the_calendar_file_is_one_event_in_utc_with_escaped_and_folded_lines() -> None:
    text = calendar_file(
        uid="abc@contact.example", slot=slot(3), summary="Appointment, at home; morning", description="é" * 80,
        made_at=NOW,
    )  # fmt: skip
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART:20261125T090000Z" in lines
    assert "DTEND:20261125T110000Z" in lines
    assert "SUMMARY:Appointment\\, at home\\; morning" in lines
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "DESCRIPTION:" + "é" * 80 in text.replace("\r\n ", "")
