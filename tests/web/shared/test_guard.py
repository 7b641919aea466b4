"""Deny by default: who is let in where, and what the others see."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import Role
from contact.settings import Settings
from contact.web.shared.access import UndeclaredAccess, check_declarations, public, webhook
from tests.support.clients import Clock, Staff, StrictClient, make_app

QUEUE = "/control-room/trial/queue"


def test_a_silent_endpoint_stops_the_start(settings: Settings) -> None:
    room = Blueprint("silent", __name__)
    room.add_url_rule("/silent", view_func=lambda: "hello", endpoint="page")
    app = make_app(settings, Clock(), lambda app: app.register_blueprint(room))
    with pytest.raises(UndeclaredAccess, match=r"silent\.page"):
        check_declarations(app)
    assert app.test_client().get("/silent").status_code == 403, "and is refused even then"


def test_access_is_declared_once() -> None:
    with pytest.raises(UndeclaredAccess):
        public(webhook(lambda: "hello"))


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.CALL_HANDLER, 200),
        (Role.SUPERVISOR, 200),
        (Role.LICENSING_OFFICER, 403),
        (Role.FORCE_ADMIN, 403),
        (Role.NATIONAL_ADMIN, 403),
    ],
)
@pytest.mark.parametrize("force", ["northshire", "southshire"])
def test_each_role_with_each_force(client: StrictClient, staff: Staff, role: Role, status: int, force: str) -> None:
    staff.sign_in(client, staff.make({force: {role}}))
    answer = client.get(QUEUE, lax=status == 200)
    assert answer.status_code == status
    if status == 200:
        assert answer.get_data(as_text=True) == force


def test_a_refusal_is_noted(client: StrictClient, staff: Staff, system: sessionmaker[Session]) -> None:
    agent = staff.make({"northshire": {Role.FORCE_ADMIN}})
    staff.sign_in(client, agent)
    client.get(QUEUE)
    with system() as session:
        names = session.scalars(sa.text("SELECT name FROM events WHERE agent_id = :id"), {"id": agent.id}).all()
    assert names == ["opening_refused"]


def test_nobody_signed_in_goes_to_the_sign_in(client: StrictClient) -> None:
    assert client.get(QUEUE + "?a=b").location == "/control-room/sign-in?next=/control-room/trial/queue?a%3Db"


def test_a_script_gets_a_code_instead_of_a_page(client: StrictClient) -> None:
    answer = client.post("/control-room/trial/heartbeat", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (401, {"error": "signed_out"})


def test_a_link_from_webmail_does_not_sign_out(client: StrictClient, staff: Staff) -> None:
    answer = client.get(QUEUE, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert f'href="{QUEUE}"' in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers


def test_what_was_typed_survives_being_signed_out(client: StrictClient) -> None:
    answer = client.post("/control-room/trial/heartbeat", data={"body": "We can send somebody <at> nine."})
    assert answer.status_code == 401
    assert "We can send somebody &lt;at&gt; nine." in answer.get_data(as_text=True)


def test_a_webhook_needs_no_token(client: StrictClient) -> None:
    assert client.post("/trial/hook", lax=True).status_code == 200


def test_two_applications_stand_beside_each_other(settings: Settings) -> None:
    first, second = make_app(settings, Clock()), make_app(settings, Clock())
    assert isinstance(first, Flask)
    assert first is not second
    assert first.test_client().get("/livez").status_code == second.test_client().get("/livez").status_code == 200
