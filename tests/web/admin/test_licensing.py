"""How a force licenses, as its administrator sets it: all of an approval or none, sums in pounds, and who may."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import Role
from contact.store import applications
from tests.support.clients import Staff, StrictClient

PAGE = "/control-room/admin/forces/northshire/licensing"
WHOLE = {
    "instrument": "Firearms Rules", "reference": "NS/12", "on": "2026-01-05", "by": "The chief constable",
    "collect_at": "request", "two_person": "150.50", "other_way": "Telephone 01632 960100",
}  # fmt: skip


@pytest.fixture
def admin(app: Flask, staff: Staff) -> StrictClient:
    """An administrator of one force."""
    client = app.test_client()
    assert isinstance(client, StrictClient)
    staff.sign_in(client, staff.make({"northshire": {Role.FORCE_ADMIN}}))
    return client


@pytest.fixture(autouse=True)
def kept(system: sessionmaker[Session]) -> Iterator[None]:
    """What the force has set, for the tests of other files, stands again afterwards."""
    with system() as session:
        row = applications.settings_of(session, force_id="northshire")
        before = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    yield
    with system.begin() as session:
        row = applications.settings_of(session, force_id="northshire")
        for name, value in before.items():
            setattr(row, name, value)


def test_what_was_typed_is_what_stands(admin: StrictClient, system: sessionmaker[Session]) -> None:
    assert admin.send(PAGE, WHOLE).status_code == 303
    with system() as session:
        row = applications.settings_of(session, force_id="northshire")
        assert (row.approval_reference, row.collect_at, row.two_person_above_pence) == ("NS/12", "request", 15_050)
    assert "150.50" in admin.get(PAGE).get_data(as_text=True)
    emptied = dict.fromkeys(("instrument", "reference", "on", "by"), "")
    assert admin.send(PAGE, {**WHOLE, **emptied}).status_code == 303
    with system() as session:
        assert applications.settings_of(session, force_id="northshire").approval_date is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("reference", ""), ("on", ""), ("on", "2999-01-01"), ("two_person", "-1"), ("two_person", "1.555"),
     ("two_person", "much"), ("collect_at", "never")],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_the_box(admin: StrictClient, name: str, value: str) -> None:
    answer = admin.send(PAGE, {**WHOLE, name: value})
    assert answer.status_code == 400
    assert "There is a problem" in answer.get_data(as_text=True)


def test_another_forces_settings_are_not_touched(admin: StrictClient) -> None:
    token = admin.token(PAGE)
    other = PAGE.replace("northshire", "southshire")
    assert admin.post(other, data={**WHOLE, "csrf_token": token}).status_code == 403
    assert admin.get(other).status_code == 403
