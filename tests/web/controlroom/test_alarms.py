"""The alarms page says how far the telephone got, and aloud when it never left the building (engineering 15)."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import Role
from contact.domain.alarms import AlarmKind, CallState
from contact.services import alarms
from contact.store import alarms as store
from tests.support.clients import Clock, Staff, StrictClient
from tests.support.emergencies import add_force

NUMBER = "+447700900177"


def test_each_call_is_told_by_name_and_a_failed_one_aloud(
    app: Flask, staff: Staff, clock: Clock, system: sessionmaker[Session]
) -> None:
    with system.begin() as session:
        force_id = add_force(session)
        alarm_id = alarms.raise_alarm(session, kind=AlarmKind.EMERGENCY_UNATTENDED, force_id=force_id, now=clock.now)
        assert alarm_id is not None
        for age, (label, state, kind) in enumerate(
            (
                ("Desk", CallState.FAILED, "voice"),
                ("Duty inspector", CallState.NO_ANSWER, "voice"),
                ("Unseen", CallState.DONE, "sms"),
            )
        ):
            call_id = store.add_call(
                session,
                alarm_id=alarm_id,
                number=NUMBER,
                label=label,
                kind=kind,
                now=clock.now + timedelta(minutes=age),
                next_at=None,
            )
            store.get_call(session, call_id=call_id).state = state.value
    client = app.test_client()
    assert isinstance(client, StrictClient)
    staff.sign_in(client, staff.make({force_id: {Role.CALL_HANDLER}}))
    main = client.tree("/control-room/alarms").find(".//main")
    assert main is not None
    said = " ".join("".join(main.itertext()).split())
    assert "Duty inspector: no answer" in said
    assert "Desk: THE CALL COULD NOT BE MADE. Ring them yourself" in said
    assert said.index("Duty inspector") < said.index("Desk"), "the newest first"
    assert "Unseen" not in said
    assert NUMBER not in said
