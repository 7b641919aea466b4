"""Ten minutes after something hard: one press, no reason asked, and nobody counts on whoever rests (practice 30)."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import Role
from contact.domain.events import Event
from contact.store import alarms
from tests.support.clients import Clock, Staff, StrictClient
from tests.support.emergencies import add_contact, add_force

PAGE = "/control-room/"


def press(client: StrictClient, act: str) -> str:
    assert client.send("/control-room/break", {"act": act}, page=PAGE).status_code == 303
    return client.get(PAGE).get_data(as_text=True)


def test_a_break_is_taken_shown_and_ended(
    app: Flask, staff: Staff, clock: Clock, system: sessionmaker[Session]
) -> None:
    client = app.test_client()
    assert isinstance(client, StrictClient)
    agent = staff.make({"northshire": {Role.CALL_HANDLER}})
    staff.sign_in(client, agent)
    assert "Take ten minutes" in client.get(PAGE).get_data(as_text=True)
    assert "You are on a break until" in press(client, "take")
    assert "Take ten minutes" in press(client, "end")
    assert "You are on a break until" in press(client, "take")
    clock.advance(timedelta(minutes=10))
    assert "Take ten minutes" in client.get(PAGE).get_data(as_text=True), "it ends by itself"
    with system() as session:
        found = session.connection().exec_driver_sql(
            "SELECT count(*) FROM events WHERE name = %s AND agent_id = %s", (Event.DISTRESS_BREAK.value, agent.id)
        )
        assert found.scalar() == 3


def test_a_room_with_only_a_resting_person_is_empty(
    app: Flask, staff: Staff, clock: Clock, system: sessionmaker[Session]
) -> None:
    with system.begin() as session:
        force_id = add_force(session)
        contact_id = add_contact(session, force_id=force_id, received_at=clock.now)
    client = app.test_client()
    assert isinstance(client, StrictClient)
    staff.sign_in(client, staff.make({force_id: {Role.CALL_HANDLER}}))

    def attended() -> bool:
        with system() as session:
            found = alarms.list_unopened_emergencies(session, accepted_since=clock.now, now=clock.now)
        (one,) = [each for each in found if each.contact_id == contact_id]
        return one.attended

    assert attended()
    press(client, "take")
    assert not attended()
    press(client, "end")
    assert attended()
