"""A force's own fees, as its administrator adds and ends them: never backwards, never two at once, never another's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import Role
from contact.domain.clocks import LONDON
from contact.store import models, payment_cases
from contact.store.models import LicenceFee
from tests.support.clients import Clock, Staff, StrictClient

PAGE = "/control-room/admin/forces/northshire/fees"


@pytest.fixture
def admin(app: Flask, staff: Staff) -> StrictClient:
    """An administrator of one force."""
    client = app.test_client()
    assert isinstance(client, StrictClient)
    staff.sign_in(client, staff.make({"northshire": {Role.FORCE_ADMIN}}))
    return client


@pytest.fixture(autouse=True)
def none_before_or_after(system: sessionmaker[Session]) -> Iterator[None]:
    """Other tests sell by the nation's table."""
    gone = sa.delete(models.LicenceFee).where(models.LicenceFee.force_id == "northshire")
    for step in range(2):
        with system.begin() as session:
            session.execute(gone)
        if step == 0:
            yield


def rows(system: sessionmaker[Session]) -> list[LicenceFee]:
    with system() as session:
        return list(payment_cases.list_own_fees(session, force_id="northshire"))


def whole(clock: Clock, **other: str) -> dict[str, str]:
    given = {
        "thing": "dealer:dealer:", "pounds": "201.50", "valid_from": day(clock, 0), "valid_to": "",
        "by_date": "received", "legal_basis": "Section 33, read by counsel",
    }  # fmt: skip
    return {**given, **other}


def day(clock: Clock, after: int) -> str:
    return (clock.now.astimezone(LONDON) + dt.timedelta(days=after)).date().isoformat()


def test_a_row_is_added_and_ended_and_the_next_begins_after_it(
    admin: StrictClient, clock: Clock, system: sessionmaker[Session]
) -> None:
    assert admin.send(PAGE, whole(clock)).status_code == 303
    (row,) = rows(system)
    assert (row.pence, row.valid_to, row.licence, row.case_code) == (20_150, None, "dealer", None)
    page = admin.get(PAGE).get_data(as_text=True)
    assert "£201.50" in page
    assert "Section 33, read by counsel" in page
    later = whole(clock, pounds="210", valid_from=day(clock, 31))
    assert "end it first" in admin.send(PAGE, later).get_data(as_text=True)
    assert admin.send(f"{PAGE}/{row.id}/end", {"last_day": day(clock, 30)}, page=PAGE).status_code == 303
    assert admin.send(PAGE, later).status_code == 303
    assert [each.pence for each in rows(system)] == [20_150, 21_000]


@pytest.mark.parametrize(
    ("name", "value"),
    [("thing", ""), ("thing", "dealer:grant:"), ("pounds", ""), ("pounds", "-3"), ("valid_from", ""),
     ("valid_from", "tomorrow"), ("valid_to", "2020-01-01"), ("legal_basis", " "), ("by_date", "whenever")],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_the_box_and_nothing_is_lost(
    admin: StrictClient, clock: Clock, system: sessionmaker[Session], name: str, value: str
) -> None:
    answer = admin.send(PAGE, whole(clock, **{name: value}))
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert "There is a problem" in page
    assert name == "pounds" or "201.50" in page
    assert rows(system) == []


def test_a_fee_from_a_day_to_come_that_goes_by_the_day_of_payment(
    admin: StrictClient, clock: Clock, system: sessionmaker[Session]
) -> None:
    assert admin.send(PAGE, whole(clock, valid_from=day(clock, 40), by_date="paid")).status_code == 303
    (row,) = rows(system)
    assert (row.valid_from.isoformat(), row.by_date) == (day(clock, 40), "paid")
    page = admin.get(PAGE).get_data(as_text=True)
    assert "Not yet" in page
    assert "The day it is paid" in page
    assert "<li>Registration of a dealer</li>" in page  # until then it has no figure, and the page says so


def test_an_earlier_day_only_where_nothing_was_sold_before(
    admin: StrictClient, clock: Clock, system: sessionmaker[Session]
) -> None:
    known = whole(clock, thing="shotgun:renewal:", valid_from=day(clock, -1))
    assert "a figure held before it" in admin.send(PAGE, known).get_data(as_text=True)
    assert admin.send(PAGE, whole(clock, valid_from=day(clock, -400))).status_code == 303
    page = admin.get(PAGE).get_data(as_text=True)
    assert "Holds now" in page
    assert "<li>Registration of a dealer</li>" not in page


def test_what_is_over_is_never_changed(admin: StrictClient, clock: Clock, system: sessionmaker[Session]) -> None:
    assert admin.send(PAGE, whole(clock, valid_to=day(clock, 0))).status_code == 303
    (row,) = rows(system)
    for last_day in ("", day(clock, -1), day(clock, 9)):
        assert admin.send(f"{PAGE}/{row.id}/end", {"last_day": last_day}, page=PAGE).status_code == 400
    assert rows(system)[0].valid_to == row.valid_to


def test_another_forces_fees_are_not_touched(admin: StrictClient, clock: Clock) -> None:
    token = admin.token(PAGE)
    other = PAGE.replace("northshire", "southshire")
    assert admin.post(other, data={**whole(clock), "csrf_token": token}).status_code == 403
    assert admin.get(other).status_code == 403
