"""A text moves forward only, and nights are quiet."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contact.domain.quiet_hours import leaves_at
from contact.domain.text_states import DELIVERY, OVER, TextState, moves_forward, state_from_company

COMPANY = [
    "accepted", "scheduled", "queued", "sending", "sent", "delivered", "undelivered", "failed", "canceled", "read",
    "partially_delivered", "receiving", "received", "levitating",
]  # fmt: skip


@given(st.permutations(COMPANY), st.lists(st.sampled_from(COMPANY), max_size=20))
def test_scenario_3_whatever_the_order_the_end_is_the_furthest(order: list[str], more: list[str]) -> None:
    state = TextState.QUEUED
    for status in [*more, *order, *more]:
        to = state_from_company(status)
        if to is not None and moves_forward(state, to):
            assert not moves_forward(to, state)
            state = to
    assert state is TextState.DELIVERED


def test_what_is_over_goes_no_further_but_to_delivered() -> None:
    for state in OVER:
        assert [to for to in TextState if moves_forward(state, to)] in (
            [],
            [TextState.DELIVERED, TextState.SUPPRESSED],
        )
    assert set(DELIVERY) == set(TextState)


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2026-01-10T20:59", None),
        ("2026-01-10T21:00", "2026-01-11T08:00"),
        ("2026-01-11T03:00", "2026-01-11T08:00"),
        ("2026-01-11T08:00", None),
        ("2026-07-10T20:00", "2026-07-11T07:00"),  # nine in the evening in London
        ("2026-03-28T22:00", "2026-03-29T07:00"),  # the clocks go forward meanwhile
        ("2026-10-24T21:00", "2026-10-25T08:00"),  # and back
    ],
)
def test_nights_are_quiet_on_a_london_clock(now: str, leaves: str | None) -> None:
    at = dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC)
    wanted = dt.datetime.fromisoformat(leaves).replace(tzinfo=dt.UTC) if leaves else None
    assert leaves_at(at, urgent=False, last_heard=None) == wanted
    assert leaves_at(at, urgent=True, last_heard=None) is None
    assert leaves_at(at, urgent=False, last_heard=at - dt.timedelta(minutes=30)) is None
    assert leaves_at(at, urgent=False, last_heard=at - dt.timedelta(minutes=31)) == wanted
